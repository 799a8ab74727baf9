"""Municipality codes and their check digits."""

import pytest

from akiya.errors import Invalid
from akiya.municipalities import codes

# From the ministry's list of codes. 11 minus the remainder is 10 for 宇城市, 11 for 高森町, and one digit for the others.
KNOWN = [
    "431001",
    "432024",
    "432032",
    "432041",
    "432083",
    "432121",
    "432130",
    "432148",
    "434281",
    "434434",
    "131016",
    "011002",
]


@pytest.mark.parametrize("code", KNOWN)
def test_the_check_digit_of_known_codes(code: str) -> None:
    assert codes.code6(code[:5]) == code
    assert codes.code5(code) == codes.code5(code[:5]) == code[:5]


@pytest.mark.parametrize("text", ["４３２１４", " 43214 ", "４３２１４８"])
def test_width_and_space_do_not_matter(text: str) -> None:
    assert codes.code5(text) == "43214"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "4321",
            "「4321」は市町村コードではありません。5桁、または検査数字をつけた6桁の数字で入れてください。例：43214",
        ),
        (
            "4321480",
            "「4321480」は市町村コードではありません。5桁、または検査数字をつけた6桁の数字で入れてください。例：43214",
        ),
        (
            "四三二一四",
            "「四三二一四」は市町村コードではありません。5桁、または検査数字をつけた6桁の数字で入れてください。例：43214",
        ),
        (
            "４３２1x",
            "「４３２1x」は市町村コードではありません。5桁、または検査数字をつけた6桁の数字で入れてください。例：43214",
        ),
        (
            "٤٣٢١٤",
            "「٤٣٢١٤」は市町村コードではありません。5桁、または検査数字をつけた6桁の数字で入れてください。例：43214",
        ),
        (
            "阿" * 21,
            f"「{'阿' * 20}」は市町村コードではありません。5桁、または検査数字をつけた6桁の数字で入れてください。例：43214",
        ),
        (
            "432149",
            "「432149」は検査数字（6桁目）が合いません。43214 の検査数字は 8 です。もとの資料と見比べてください。",
        ),
    ],
)
def test_what_is_no_code_is_refused_with_a_remedy(text: str, message: str) -> None:
    with pytest.raises(Invalid) as caught:
        codes.code5(text)
    assert str(caught.value) == message
    assert caught.value.errors == {"code": message}


@pytest.mark.parametrize("code", ["4321", "432148"])
def test_a_check_digit_is_made_of_five_digits_only(code: str) -> None:
    with pytest.raises(ValueError, match="zip"):
        codes.code6(code)
