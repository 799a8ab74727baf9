"""Recording what requests of staff did, as rows of the audit log after the response is made.

For a public page, only the name of its endpoint is looked up.
"""

from flask import Response, g, request

from akiya.accounts.models import Staff
from akiya.audits import service
from akiya.audits.models import AuditKind

ENDPOINTS: dict[str, tuple[AuditKind, str]] = {
    "accounts_people.invite": (AuditKind.ACCOUNT, "招待"),
    "accounts_people.invite_again": (AuditKind.ACCOUNT, "もう一度の招待"),
    "accounts_people.withdraw": (AuditKind.ACCOUNT, "招待の取り消し"),
    "accounts_people.change_role": (AuditKind.ACCOUNT, "役割の変更"),
    "accounts_people.reactivate": (AuditKind.ACCOUNT, "停止の取り消し"),
    "accounts_people.reset_codes": (AuditKind.ACCOUNT, "ほかの人の確認コードの削除"),
    "listings_people.deactivate": (AuditKind.ACCOUNT, "停止"),
    "accounts_me.rename": (AuditKind.ACCOUNT, "自分の名前の変更"),
    "accounts_me.change_password": (AuditKind.ACCOUNT, "自分のパスワードの変更"),
    "accounts_me.set_up": (AuditKind.ACCOUNT, "自分の確認コードの設定"),
    "accounts_me.remove_codes": (AuditKind.ACCOUNT, "自分の確認コードの取りやめ"),
    "accounts_me.sign_out_everywhere": (AuditKind.ACCOUNT, "すべての端末でのサインアウト"),
    "joining_staff.invite": (AuditKind.ACCOUNT, "参加する市町村の人の招待"),
    "listings_staff.export_csv": (AuditKind.EXPORT, "物件の一覧"),
    "ledgers_staff.export_csv": (AuditKind.EXPORT, "台帳（CSV）"),
    "ledgers_staff.export_xlsx": (AuditKind.EXPORT, "台帳（Excel）"),
    "ledgers_staff.report_csv": (AuditKind.EXPORT, "台帳の取り込みの結果"),
    "inquiries_staff.export_csv": (AuditKind.EXPORT, "問合せの一覧"),
    "reports_staff.save": (AuditKind.EXPORT, "報告"),
    "reports_staff.save_own": (AuditKind.EXPORT, "市町村の報告"),
    "audits_staff.export_csv": (AuditKind.EXPORT, "操作の記録"),
    "municipality_staff.save": (AuditKind.SETTING, "市町村の設定"),
    "municipality_staff.save_any": (AuditKind.SETTING, "市町村の設定"),
    "joining_staff.new": (AuditKind.SETTING, "市町村の追加"),
    "joining_staff.begin": (AuditKind.SETTING, "市町村の参加の手続き"),
    "joining_staff.introduce": (AuditKind.SETTING, "市町村の参加"),
    "joining_staff.settle": (AuditKind.SETTING, "市町村の参加の手続き"),
    "joining_staff.only_link": (AuditKind.SETTING, "市町村をリンクだけにする"),
    "joining_staff.leave": (AuditKind.SETTING, "市町村の離脱"),
    "joining_staff.merge": (AuditKind.SETTING, "市町村の合併"),
    "reports_staff.close_month": (AuditKind.SETTING, "報告の月の確定"),
    "reports_staff.show_ranks": (AuditKind.SETTING, "順位を見せるかどうか"),
    "bulletins_staff.new": (AuditKind.SETTING, "市町村へのお知らせ"),
    "bulletins_staff.end": (AuditKind.SETTING, "市町村へのお知らせの終わり"),
}
SEEN = {
    "document": "書類",
    "application": "登録申込書の印刷",
    "card": "物件カードの印刷",
    "owner": "所有者の情報",
    "co_owner": "共有者の情報",
    "listing": "物件の職員用ページ",
    "listing_form": "物件の入力画面",
    "inquiry_changed": "物件を決めていない相談の変更",
    "inquiry_removed": "物件を決めていない相談の取り消し",
}


def record(response: Response) -> Response:
    """Store what the request did in the audit log, and return the response unchanged."""
    seen, known = g.pop("audited", ()), ENDPOINTS.get(request.endpoint or "")
    if not seen and known is None:
        return response
    staff: Staff | None = g.get("staff")
    if staff is None or staff.must_set_up_totp:
        return response  # was redirected before it did anything
    lines = [(AuditKind.DOCUMENT if what == "document" else AuditKind.SEEN, what, ids) for what, ids in seen]
    # An export succeeds with 200, a change with a redirect; any other status is a refusal.
    done = 200 if known is not None and known[0] is AuditKind.EXPORT else 303
    if known is not None and response.status_code == done:
        given = (request.view_args or {}).items()
        ids = {name: value for name, value in given if isinstance(value, int) or name == "code"}
        lines.append((known[0], str(request.endpoint), ids))
    if lines:
        service.record(staff, lines)
    return response
