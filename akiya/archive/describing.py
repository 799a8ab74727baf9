"""The README.txt of an archive, which explains its files, tables and columns in Japanese and English."""

import csv

from sqlalchemy import Column, Table

from akiya import ROOT
from akiya.archive.manifest import Manifest, member_of
from akiya.archive.tables import NEVER, WITH_ACCOUNTS, chosen, columns
from akiya.listings.fields import BY_NAME
from akiya.municipalities.settings import BY_NAME as SETTINGS

_WORDS = ROOT / "akiya" / "data" / "archive.csv"
_HEAD = """空き家バンク akiya のすべて / All data of a vacant-house bank (akiya)

書き出した日時 / made at：{made_at}
都道府県 / prefecture：{prefecture}
データベースの版 / database version：{version}

【日本語】
manifest.json  この書き出しの版、それぞれのファイルの大きさ・行数・SHA-256
data/表.jsonl   表ごとに1ファイル。1行が1件の JSON（UTF-8）
files/         写真・書類などのファイル。名前は表の key などの列の値
files.jsonl    files/ のファイルの一覧（key、size、sha256）
日時は協定世界時（UTC）、日付は年-月-日、金額は円、長さは m、面積は㎡、位置は経度・緯度（EPSG:4326）です。
null は「記載なし」です。
{accounts_ja}{derived_ja}
所有者の氏名・連絡先など、公開してはならない情報が入っています。取り扱いに注意してください。
取り込むには、空の akiya で：akiya init のあと akiya archive import このファイル

【English】
manifest.json  the versions, and the size, rows and SHA-256 of each member
data/T.jsonl   a file for each table; each line is a row as JSON (UTF-8)
files/         photos, documents and so on, named by the values of key and similar columns
files.jsonl    the list of the files in files/ (key, size, sha256)
Times are UTC, dates ISO 8601, money is yen, lengths are metres, areas m², points longitude and latitude (EPSG:4326). null means
"not stated".
{accounts_en}{derived_en}
It contains names and contacts of owners and other data that must not be published. Keep it safe.
To import it into an empty akiya: akiya init, then akiya archive import FILE

■ 入れていない表 / tables that are left out
"""
_ACCOUNTS = {
    False: (
        "アカウントにパスワードと確認コードの鍵はありません。取り込んだ先でもう一度招待します。\n",
        "Accounts come without passwords and TOTP secrets and have to be invited again.\n",
    ),
    True: (
        "アカウントのパスワードのハッシュと確認コードの鍵も入っています。\n",
        "Hashes of passwords and TOTP secrets are included.\n",
    ),
}
_DERIVED = {
    False: (
        "360度画像のタイルは入れていません。元の画像から作り直せます。\n",
        "Tiles of panoramas are left out; they can be made again from the originals.\n",
    ),
    True: ("", ""),
}


def readme(manifest: Manifest) -> str:
    """Render the README.txt of the archive with this manifest."""
    words = described()
    accounts, derived = _ACCOUNTS[manifest.accounts], _DERIVED[manifest.derived]
    head = _HEAD.format(
        made_at=manifest.made_at, prefecture=manifest.prefecture, version=manifest.database_version,
        accounts_ja=accounts[0], accounts_en=accounts[1], derived_ja=derived[0], derived_en=derived[1],
    )  # fmt: skip
    lines = [head.rstrip()]
    left = {**NEVER, **({} if manifest.accounts else WITH_ACCOUNTS)}
    lines += [f"{name}  {ja} / {en}" for name, (ja, en) in left.items()]
    for table in chosen(accounts=manifest.accounts):
        ja, en = words.get((table.name, ""), ("", ""))
        lines += ["", f"■ {member_of(table.name)}  {ja} / {en}"]
        lines += [_line(table, column, words) for column in columns(table, accounts=manifest.accounts)]
    return "\n".join(lines) + "\n"


def described() -> dict[tuple[str, str], tuple[str, str]]:
    """Return the descriptions of tables and columns as (Japanese, English), by (table, "") or ("", column)."""
    with _WORDS.open(encoding="utf-8", newline="") as file:
        return {(row["table"], row["column"]): (row["ja"], row["en"]) for row in csv.DictReader(file)}


def label(
    table: Table, column: Column[object], words: dict[tuple[str, str], tuple[str, str]]
) -> tuple[str, str] | None:
    """Return the description of a column as (Japanese, English), or None if it has none."""
    if table.name in ("listing", "listing_private") and column.name in BY_NAME:
        return BY_NAME[column.name].ja, BY_NAME[column.name].en
    if table.name == "municipality" and column.name in SETTINGS:
        return SETTINGS[column.name].archive
    return words.get(("", column.name))


def _line(table: Table, column: Column[object], words: dict[tuple[str, str], tuple[str, str]]) -> str:
    ja, en = label(table, column, words) or ("", "")
    choices = getattr(column.type, "enum_class", None)
    said = f"（{'、'.join(f'{one}={one.ja}' for one in choices)}）" if choices else ""
    return f"  {column.name}  {ja} / {en}{said}"
