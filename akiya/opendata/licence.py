"""Under which licence the data are given, and what is said of their source."""

NAME = {"ja": "公共データ利用規約（第1.0版）", "en": "Public Data License (Version 1.0)"}
URL = {
    "ja": "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0",
    "en": "https://www.digital.go.jp/en/resources/open_data/public_data_license_v1.0",
}


def citation(site_name: str, address: str) -> str:
    """How the source is named; `address` is that of the page about the open data."""
    return f"出典：{site_name}「空き家バンク登録物件データ」（{address}）、{NAME['ja']}（{URL['ja']}）"


def text(site_name: str, address: str) -> str:
    """What lies beside the files."""
    return f"""{site_name} 空き家バンク登録物件データ

{NAME["ja"]}の下で、商用も含めて自由に使えます。
{URL["ja"]}

使うときは、次のように出典を書いてください。加工したときは「加工して作成」と書き添えてください。
{citation(site_name, address)}

写真と360度画像は、この規約の対象ではありません。データにあるのは、その所在（URL）だけです。
「出典」（attribution）に記載のある物件は、そこに書かれたデータを加工したものです。あわせて書いてください。
掲載を終えた物件は、終えた日より前の版にだけ残っています。今の募集は {address} で確かめてください。

In English: open data of the vacant-house bank under the {NAME["en"]} ({URL["en"]}). Free to use, also commercially;
please name the source as above, and say so if you changed the data. Photos and 360° images are not covered.
"""
