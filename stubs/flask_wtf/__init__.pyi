from collections.abc import Mapping

from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.meta import DefaultMeta

class FlaskForm(Form):
    class Meta(DefaultMeta): ...

    def __init__(
        self,
        formdata: MultiDict[str, str] | None = ...,
        *,
        obj: object = None,
        prefix: str = "",
        data: Mapping[str, object] | None = None,
    ) -> None: ...
    def is_submitted(self) -> bool: ...
    def validate_on_submit(self, extra_validators: Mapping[str, object] | None = None) -> bool: ...
