"""The text of the test mail that `akiya` sends to check the mail settings."""


def trial() -> tuple[str, str]:
    """Return the subject and text of the test mail, which says that the mail settings work."""
    return "空き家バンク：送信の確認", "メールの設定は正しく働いています。\n"
