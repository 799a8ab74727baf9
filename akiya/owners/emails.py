"""The mails about an application. Nothing that somebody typed stands in them: the form writes to whomever it is told."""

_APPLICANT = {
    "ja": (
        "空き家バンクへの申込を受け付けました（{receipt}）",
        "{municipality}の空き家バンクへの申込を受け付けました。\n\n受付番号：{receipt}\n\n"
        "このあと、{municipality}の担当者がご連絡します。\n"
        "1. 担当者が内容を確かめ、電話かメールでご連絡します。\n2. 日を決めて、現地を確かめます。\n"
        "3. 登録が決まるまで、何も公開されません。\n\n"
        "問合せ先：{contact}\nお問い合わせのときは、受付番号をお知らせください。\n\n"
        "このメールに心当たりのない方は、このまま消してください。\n",
    ),
    "en": (
        "Your application to the vacant-house bank was received ({receipt})",
        "Your application to the vacant-house bank of {municipality} was received.\n\nReceipt number: {receipt}\n\n"
        "What happens next:\n"
        "1. The municipality reads your application and contacts you by telephone or e-mail.\n"
        "2. You agree on a day, and somebody looks at the home.\n"
        "3. Nothing is published until the home is registered.\n\n"
        "Contact: {contact}\nPlease mention the receipt number.\n\n"
        "If you did not apply, please delete this mail.\n",
    ),
}
_STAFF = (
    "空き家バンクに申込がありました（{receipt}）",
    "空き家バンクに所有者からの申込がありました。\n\n受付番号：{receipt}\n内容：{link}\n\n"
    "サインインすると、申込の内容と連絡先を見られます。まず申込者に、受け取ったことを連絡してください。\n",
)


def to_applicant(language: str, receipt: str, municipality: str, contact: str) -> tuple[str, str]:
    """Subject and text of the mail that says that an application came, and what happens next."""
    subject, text = _APPLICANT[language]
    values = {"receipt": receipt, "municipality": municipality, "contact": contact or municipality}
    return subject.format(**values), text.format(**values)


def to_staff(receipt: str, link: str) -> tuple[str, str]:
    """Subject and text of the mail that tells staff of an application, without anything of the person."""
    subject, text = _STAFF
    return subject.format(receipt=receipt, link=link), text.format(receipt=receipt, link=link)
