"""The README.txt of an archive, which explains its files, tables and columns in every language of the site."""

from sqlalchemy import Column, Table

from akiya.archive import words
from akiya.archive.manifest import Manifest, member_of
from akiya.archive.tables import NEVER, WITH_ACCOUNTS, chosen, columns
from akiya.language import LANGUAGES, NP_, gettext, in_every_language
from akiya.listings.fields import BY_NAME
from akiya.municipalities.settings import BY_NAME as SETTINGS

_HEAD = """空き家バンク akiya のすべて / All data of a vacant-house bank (akiya)

書き出した日時 / made at：{made_at}
都道府県 / prefecture：{prefecture}
データベースの版 / database version：{version}
"""
_BODY = NP_(
    "archive",
    """manifest.json  この書き出しの版、それぞれのファイルの大きさ・行数・SHA-256
data/表.jsonl   表ごとに1ファイル。1行が1件の JSON（UTF-8）
files/         写真・書類などのファイル。名前は表の key などの列の値
files.jsonl    files/ のファイルの一覧（key、size、sha256）
日時は協定世界時（UTC）、日付は年-月-日、金額は円、長さは m、面積は㎡、位置は経度・緯度（EPSG:4326）です。
null は「記載なし」です。
%(accounts)s%(derived)s
所有者の氏名・連絡先など、公開してはならない情報が入っています。取り扱いに注意してください。
取り込むには、空の akiya で：akiya init のあと akiya archive import このファイル""",
)
_ACCOUNTS = {
    False: NP_("archive", "アカウントにパスワードと確認コードの鍵はありません。取り込んだ先でもう一度招待します。"),
    True: NP_("archive", "アカウントのパスワードのハッシュと確認コードの鍵も入っています。"),
}
_NO_TILES = NP_("archive", "360度画像のタイルは入れていません。元の画像から作り直せます。")


def readme(manifest: Manifest) -> str:
    """Render the README.txt of the archive with this manifest."""
    lines = [_HEAD.format(made_at=manifest.made_at, prefecture=manifest.prefecture, version=manifest.database_version)]
    bodies = in_every_language(lambda: _body(manifest))
    for each in LANGUAGES:
        lines += [f"【{each.name}】", bodies[each.code], ""]
    lines.append("■ 入れていない表 / tables that are left out")
    left = {**NEVER, **({} if manifest.accounts else WITH_ACCOUNTS)}
    lines += [f"{name}  {_everywhere(why)}" for name, why in left.items()]
    for table in chosen(accounts=manifest.accounts):
        lines += ["", f"■ {member_of(table.name)}  {_everywhere(words.TABLES.get(table.name, ''))}"]
        lines += [_line(table, column) for column in columns(table, accounts=manifest.accounts)]
    return "\n".join(lines) + "\n"


def meaning(table: Table, column: Column[object]) -> str:
    """Return the message that describes a column, or "" if it has none."""
    if table.name in ("listing", "listing_private") and column.name in BY_NAME:
        return BY_NAME[column.name].message
    if table.name == "municipality" and column.name in SETTINGS:
        return SETTINGS[column.name].archive
    return words.COLUMNS.get(column.name, "")


def _body(manifest: Manifest) -> str:
    accounts = f"{gettext(_ACCOUNTS[manifest.accounts])}\n"
    derived = "" if manifest.derived else f"{gettext(_NO_TILES)}\n"
    return gettext(_BODY, accounts=accounts, derived=derived)


def _everywhere(message: str) -> str:
    return " / ".join(in_every_language(lambda: gettext(message)).values()) if message else ""


def _line(table: Table, column: Column[object]) -> str:
    choices = getattr(column.type, "enum_class", None)
    said = f"（{'、'.join(f'{one}={one.message}' for one in choices)}）" if choices else ""
    return f"  {column.name}  {_everywhere(meaning(table, column))}{said}"
