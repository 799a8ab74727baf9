"""The period of a report."""

from typing import Any

from wtforms import Form, StringField


class PeriodForm(Form):
    """The first and the last month, YYYY-MM."""

    since: Any = StringField("始めの月")
    until: Any = StringField("終わりの月")
