"""The form that asks for the scope of a report."""

from collections.abc import Iterable, Mapping

from wtforms import Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice

_YEARS = (("fiscal", "年度（4月〜3月）"), ("calendar", "暦年（1月〜12月）"))


class ScopeForm(Form):
    """The scope of a report: months (YYYY-MM) or a fiscal year, a municipality, and where years begin."""

    since = StringField("始めの月")
    until = StringField("終わりの月")
    fiscal_year = SelectField("年度", validate_choice=False)
    municipality = SelectField("市町村", validate_choice=False)
    years = SelectField("年の区切り", choices=[SelectChoice(*pair) for pair in _YEARS])


def filled(asked: Mapping[str, str], years: Iterable[int], places: Iterable[tuple[str, str]]) -> ScopeForm:
    """Return the form filled with `asked`, with these fiscal years and municipalities (code, name) to choose from."""
    form = ScopeForm(data=asked)
    offered = [SelectChoice(str(year), f"{year}年度") for year in years]
    form.fiscal_year.choices = [SelectChoice("", "月で指定"), *offered]
    form.municipality.choices = [SelectChoice("", "すべて"), *[SelectChoice(*place) for place in places]]
    return form
