"""The text description of a scene for people who cannot see it. Pure."""

HEADINGS = ("広さ", "床", "壁", "天井", "窓", "設備", "傷み")
QUESTIONS = "\n".join(f"{heading}：" for heading in HEADINGS)
"""The text that the form offers where no description is written yet."""
_UNANSWERED = {f"{heading}{colon}" for heading in HEADINGS for colon in "：:"}


def answered(text: str | None) -> str:
    """Return the description without headings that have no answer and without blank lines at its ends."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines if line.strip() not in _UNANSWERED).strip()
