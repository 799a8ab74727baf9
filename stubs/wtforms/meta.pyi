from collections.abc import Sequence

from werkzeug.datastructures import MultiDict
from wtforms.form import BaseForm

class DefaultMeta:
    locales: Sequence[str]
    csrf: bool
    def wrap_formdata(self, form: BaseForm, formdata: MultiDict[str, str] | None) -> MultiDict[str, str] | None: ...
