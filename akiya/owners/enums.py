"""The closed vocabularies of owners."""

from akiya.choices import Choice
from akiya.language import N_


class Relation(Choice):
    """The relation of a co-owner or representative to the home."""

    CO_OWNER = "co_owner", N_("共有者")
    HEIR = "heir", N_("相続人")
    AGENT = "agent", N_("代理人・連絡役")


class ContactWay(Choice):
    """The way in which staff and an owner were in contact."""

    PHONE = "phone", N_("電話")
    VISIT = "visit", N_("来庁")
    ON_SITE = "on_site", N_("現地")
    MAIL = "mail", N_("メール")
    LETTER = "letter", N_("郵便")
    OTHER = "other", N_("その他")


class DocumentKind(Choice):
    """The kind of a scanned document of a home."""

    CONSENT = "consent", N_("同意書")
    REGISTER = "register", N_("登記事項証明書")
    APPLICATION = "application", N_("登録申込書")
    POWER = "power", N_("委任状")
    OTHER = "other", N_("その他")


class Applicant(Choice):
    """The applicant's relation to the home, as the public form asks it."""

    OWNER = "owner", N_("所有者本人")
    HEIR = "heir", N_("相続人（名義はまだ変えていない）")
    FAMILY = "family", N_("所有者の家族")
    AGENT = "agent", N_("所有者の代理人")


class Wish(Choice):
    """An applicant's wish for the home: to sell, to rent out, or either."""

    SALE = "sale", N_("売りたい")
    RENT = "rent", N_("貸したい")
    BOTH = "both", N_("売っても貸してもよい")


class Having(Choice):
    """An answer of the application form: yes or no."""

    YES = "yes", N_("ある")
    NO = "no", N_("ない")
