"""The licence of the open data, and the text that names their source."""

from akiya.language import N_, NP_, OTHERS, gettext, speaking

NAME = N_("公共データ利用規約（第1.0版）")
URL = NP_("licence", "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0")
"""The address of the Japanese text, which is the binding one; a catalogue may name that of a translation."""
_SUMMARY = N_(
    "空き家バンクのオープンデータ。%(licence)s（%(address)s）の下で、商用も含めて自由に使えます。\n"
    "使うときは上のように出典を書き、加工したときはそう書き添えてください。写真と360度画像は対象ではありません。"
)


def citation(site_name: str, address: str) -> str:
    """Return the citation of the source; `address` is that of the page about the open data."""
    return f"出典：{site_name}「空き家バンク登録物件データ」（{address}）、{NAME}（{URL}）"


def text(site_name: str, address: str) -> str:
    """Return the text of the licence file that comes with the data, in Japanese with an English summary."""
    body = f"""{site_name} 空き家バンク登録物件データ

{NAME}の下で、商用も含めて自由に使えます。
{URL}

使うときは、次のように出典を書いてください。加工したときは「加工して作成」と書き添えてください。
{citation(site_name, address)}

写真と360度画像は、この規約の対象ではありません。データにあるのは、その所在（URL）だけです。
「出典」（attribution）に記載のある物件は、そこに書かれたデータを加工したものです。あわせて書いてください。
掲載を終えた物件は、終えた日より前の版にだけ残っています。今の募集は {address} で確かめてください。
"""
    for other in OTHERS:
        with speaking(other.code):
            body += f"\n{gettext(_SUMMARY, licence=gettext(NAME), address=gettext(URL))}\n"
    return body
