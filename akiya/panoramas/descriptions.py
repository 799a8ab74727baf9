"""The text account of a scene: what is to be seen, for those who cannot see it. Pure."""

HEADINGS = ("広さ", "床", "壁", "天井", "窓", "設備", "傷み")
QUESTIONS = "\n".join(f"{heading}：" for heading in HEADINGS)
"""What an account that is not yet written begins with."""
_UNANSWERED = {f"{heading}{colon}" for heading in HEADINGS for colon in "：:"}


def answered(text: str | None) -> str:
    """The account without headings that nothing follows, and without blank lines at its ends."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines if line.strip() not in _UNANSWERED).strip()
