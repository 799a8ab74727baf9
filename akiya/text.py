"""Text in a comparable form: one for full and half width, upper and lower case, kana, and old forms of characters."""

import re
import unicodedata

_KATAKANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
# Old and variant characters in names of places and people, each followed by the usual one.
_VARIANTS = (
    "亞亜圍囲壹壱榮栄圓円鹽塩奧奥應応櫻桜假仮會会學学樂楽觀観關関氣気舊旧峽峡曉暁區区縣県獻献國国黑黒齋斎齊斉藏蔵雜雑參参"
    "慘惨殘残實実澁渋獸獣縱縦處処敍叙將将燒焼條条淨浄眞真盡尽圖図數数瀨瀬聲声靜静淺浅戰戦錢銭總総莊荘增増續続臺台瀧滝澤沢"
    "擇択鐵鉄點点傳伝當当黨党燈灯德徳獨独讀読屆届貳弐拂払佛仏邊辺邉辺變変辨弁辯弁寶宝豐豊萬万滿満藥薬與与餘余搖揺樣様來来"
    "賴頼亂乱龍竜兩両獵猟綠緑壘塁靈霊禮礼歷歴戀恋爐炉勞労郞郎濱浜廣広嶽岳嶋島嶌島髙高﨑崎碕崎埼埼冨富舘館曾曽竈釜龜亀驛駅"
    "檜桧鄕郷渕淵彌弥"
)
_USUAL = {ord(old): usual for old, usual in zip(_VARIANTS[::2], _VARIANTS[1::2], strict=True)}


def normalise(text: str) -> str:
    """Return `text` in NFKC, case-folded, with each run of white space as one space."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()


def searchable(text: str) -> str:
    """Return `text` in the form that is searched.

    It is normalised, in hiragana, with the usual form of old characters and ヶ as け. Applying it again changes
    nothing.
    """
    return normalise(text).translate(_KATAKANA).translate(_USUAL).replace("\u3096", "け")


def bigrams(text: str) -> set[str]:
    """Return every two neighbouring characters of `text`; its last character is paired with a space."""
    return {text[i : i + 2] for i in range(len(text) - 1)} | ({text[-1] + " "} if text else set())


def bigram_token(bigram: str) -> str:
    """Return the bigram as letters and digits only, so that no tokenizer splits or folds it."""
    return "".join(f"{ord(character):05x}" for character in bigram)


def bigram_tokens(text: str | None) -> str:
    """Return the bigrams of `text` as tokens for a full-text index, separated by spaces."""
    return " ".join(sorted(map(bigram_token, bigrams(text or ""))))
