"""The closed vocabularies of owners."""

from akiya.choices import Choice


class Relation(Choice):
    CO_OWNER = "co_owner", "共有者", "Co-owner"
    HEIR = "heir", "相続人", "Heir"
    AGENT = "agent", "代理人・連絡役", "Representative"


class ContactWay(Choice):
    PHONE = "phone", "電話", "Telephone"
    VISIT = "visit", "来庁", "Visit to the office"
    ON_SITE = "on_site", "現地", "On site"
    MAIL = "mail", "メール", "E-mail"
    LETTER = "letter", "郵便", "Letter"
    OTHER = "other", "その他", "Other"


class DocumentKind(Choice):
    CONSENT = "consent", "同意書", "Consent"
    REGISTER = "register", "登記事項証明書", "Certificate of registered matters"
    APPLICATION = "application", "登録申込書", "Application"
    POWER = "power", "委任状", "Power of attorney"
    OTHER = "other", "その他", "Other"


class Applicant(Choice):
    """What the one who applies is to the home."""

    OWNER = "owner", "所有者本人", "The owner"
    HEIR = "heir", "相続人（名義はまだ変えていない）", "An heir (not yet registered)"
    FAMILY = "family", "所有者の家族", "Family of the owner"
    AGENT = "agent", "所有者の代理人", "Acting for the owner"


class Wish(Choice):
    SALE = "sale", "売りたい", "Sell"
    RENT = "rent", "貸したい", "Rent out"
    BOTH = "both", "売っても貸してもよい", "Either"


class Having(Choice):
    YES = "yes", "ある", "Yes"
    NO = "no", "ない", "No"
