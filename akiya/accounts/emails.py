"""Texts of the mails about an account: the invitation, and the link that resets a password."""

_SITE = "空き家バンク"
_INVITATION = """{inviter}から、{site}の職員用ページへの招待です。

次のリンクを開いて、お名前とパスワードを決めてください。リンクは{days}日間、1回だけ使えます。

{link}

役割：{place} {role}
サインインのメールアドレス：{email}

心当たりがないときは、何もせずにこのメールを消してください。
"""
_RESET = """{site}の職員用ページで、パスワードの再設定が求められました。

次のリンクを開いて、新しいパスワードを決めてください。リンクは1時間、1回だけ使えます。

{link}

心当たりがないときは、何もせずにこのメールを消してください。いまのパスワードはそのまま使えます。
"""


def invitation(inviter: str | None, place: str, role: str, email: str, link: str, days: int) -> tuple[str, str]:
    """Return subject and text of an invitation mail; `link` sets the first password, valid for `days`.

    Without an `inviter` the mail names the operator of the system.
    """
    text = _INVITATION.format(
        inviter=f"{inviter}さん" if inviter is not None else "システムの管理者",
        site=_SITE,
        days=days,
        link=link,
        place=place,
        role=role,
        email=email,
    )
    return f"{_SITE}：職員用ページへの招待", text


def reset(link: str) -> tuple[str, str]:
    """Return subject and text of the mail with the link that resets a password."""
    return f"{_SITE}：パスワードの再設定", _RESET.format(site=_SITE, link=link)
