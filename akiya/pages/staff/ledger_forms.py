"""The form that uploads a ledger, and what each of its columns may mean."""

from flask_wtf.file import FileField, FileRequired

from akiya.ledgers import headers
from akiya.listings.fields import FIELDS, FieldGroup
from akiya.web.forms import Form


class LedgerForm(Form):
    """A ledger as a file."""

    file = FileField(
        "台帳のファイル", [FileRequired("ファイルが選ばれていません。Excel（.xlsx）か CSV の台帳を選んでください。")]
    )


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return (group, [(name, label)]) of everything that a column may mean."""
    groups = [("物件を見分ける・その他", [("number", headers.label_of("number")), *headers.OTHERS.items()])]
    for group in FieldGroup:
        fields = [(field.name, field.message) for field in FIELDS if field.group is group and field.name != "number"]
        groups.append((group.message, fields))
    return groups
