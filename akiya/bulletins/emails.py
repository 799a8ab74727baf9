"""Text of the mail with a notice of the prefecture to the municipalities."""


def bulletin(name: str, title: str, text: str, author: str, address: str) -> tuple[str, str]:
    """Return subject and text of the mail with the notice to the person called `name`."""
    return f"【空き家バンク】{title}", f"{name} 様\n\n{text}\n\n県の担当：{author}\n{address}/staff/notices\n"
