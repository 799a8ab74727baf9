"""Texts of the mails about an application.

They contain nothing that the applicant typed, because anybody can make the form send a mail to any address.
"""

from akiya.language import N_, gettext

_SUBJECT = N_("空き家バンクへの申込を受け付けました（%(receipt)s）")
_APPLICANT = N_(
    "%(municipality)sの空き家バンクへの申込を受け付けました。\n\n受付番号：%(receipt)s\n\n"
    "このあと、%(municipality)sの担当者がご連絡します。\n"
    "1. 担当者が内容を確かめ、電話かメールでご連絡します。\n2. 日を決めて、現地を確かめます。\n"
    "3. 登録が決まるまで、何も公開されません。\n\n"
    "問合せ先：%(contact)s\nお問い合わせのときは、受付番号をお知らせください。\n\n"
    "このメールに心当たりのない方は、このまま消してください。\n"
)
_STAFF = (
    "空き家バンクに申込がありました（{receipt}）",
    "空き家バンクに所有者からの申込がありました。\n\n受付番号：{receipt}\n内容：{link}\n\n"
    "サインインすると、申込の内容と連絡先を見られます。まず申込者に、受け取ったことを連絡してください。\n",
)


def to_applicant(receipt: str, municipality: str, contact: str) -> tuple[str, str]:
    """Return subject and text of the mail that confirms an application and says what happens next.

    `language` is "ja" or "en"; without a `contact` the mail names the municipality.
    """
    text = gettext(_APPLICANT, receipt=receipt, municipality=municipality, contact=contact or municipality)
    return gettext(_SUBJECT, receipt=receipt), text


def to_staff(receipt: str, link: str) -> tuple[str, str]:
    """Return subject and text of the mail that informs staff of an application, without personal data."""
    subject, text = _STAFF
    return subject.format(receipt=receipt, link=link), text.format(receipt=receipt, link=link)
