"""Show next to a field how its value was read: 36坪 as 119.01m²（36坪）, S53 as 1978年（昭和53年）."""

from wtforms import Field

from akiya import formatting, units
from akiya.listings.fields import BY_NAME, FieldType
from akiya.pages.staff.listings.fields import ListingForm
from akiya.web.forms import DayField


def readings(form: ListingForm) -> dict[str, str]:
    """Return by field what each amount, area, distance and date was read as; unreadable ones are left out."""
    return {
        name: read
        for name, field in BY_NAME.items()
        if form[name].data is not None and not form[name].errors and not form[name].process_errors
        if (read := _reading(field.type, form[name]))
    }


def _reading(kind: FieldType, field: Field) -> str:
    value = field.data
    if isinstance(field, DayField):
        return formatting.day_with_era(value, field.precision or "day")
    match kind:
        case FieldType.YEN:
            return formatting.yen(value)
        case FieldType.AREA:
            return (
                f"{formatting.number(value)}m²（{formatting.number(round(value / units.SQUARE_METRES_A_TSUBO, 1))}坪）"
            )
        case FieldType.METRES:
            return formatting.metres(value)
        case FieldType.WIDTH:
            return f"{formatting.number(value)}m"
        case FieldType.PERCENT:
            return f"{value}%"
    return ""
