"""The mail that tries the settings."""


def trial() -> tuple[str, str]:
    """Return subject and text of the mail that says that mail arrives."""
    return "空き家バンク：送信の確認", "メールの設定は正しく働いています。\n"
