"""Text in comparable form, and the tokens that a full-text index stores."""

import pytest

from akiya import text


@pytest.mark.parametrize(
    ("written", "normalised"),
    [("ＡＢＣ １２", "abc 12"), ("  山\u3000の \n 家 ", "山 の 家"), ("ｶﾜ", "カワ"), ("Straße", "strasse"), ("", "")],
)
def test_one_form_for_width_case_and_space(written: str, normalised: str) -> None:
    assert text.normalise(written) == normalised


@pytest.mark.parametrize(
    ("written", "searched"),
    [("アパート", "あぱーと"), ("ァヴ", "ぁゔ"), ("霞ヶ関", "霞け関"), ("霞ゖ関", "霞け関"), ("自由ヵ丘", "自由ゕ丘"), ("ヷ゠", "ヷ゠"),
     ("髙﨑", "高崎"), ("嶌田", "島田"), ("渡邊", "渡辺"), ("渡邉", "渡辺"), ("彌生", "弥生"), ("亞細亞", "亜細亜"), ("八代", "八代"),
     ("壱岐・ＬＤＫ", "壱岐・ldk")],
)  # fmt: skip
def test_what_is_searched_is_in_hiragana_with_the_usual_characters(written: str, searched: str) -> None:
    assert text.searchable(written) == searched
    assert text.searchable(searched) == searched


def test_bigrams_are_neighbours_and_the_last_one_with_a_space() -> None:
    assert text.bigrams("空き家") == {"空き", "き家", "家 "}
    assert text.bigrams("家") == {"家 "}
    assert text.bigrams("") == set()


def test_tokens_are_five_hexadecimal_digits_a_character_in_order() -> None:
    assert text.bigram_token("空き") == "07a7a0304d"
    assert text.bigram_token("𠮷 ") == "20bb700020"
    assert text.bigram_tokens("きa") == "0006100020 0304d00061"
    assert text.bigram_tokens("") == text.bigram_tokens(None) == ""
