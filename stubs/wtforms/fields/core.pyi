from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wtforms.form import BaseForm

class Label:
    field_id: str
    text: str

class Flags:
    required: bool

class Field:
    name: str
    short_name: str
    id: str
    type: str
    label: Label
    description: str
    flags: Flags
    render_kw: dict[str, object] | None
    errors: Sequence[str]
    process_errors: list[str]
    raw_data: Sequence[Any] | None  # texts, or files
    object_data: Any  # what data began as
    data: Any  # each class of fields has its own type
    widget: object
    def __init__(
        self,
        label: object = None,
        validators: Sequence[Callable[[Any, Any], None]] | None = None,
        *,
        filters: Sequence[Callable[[Any], object]] = (),
        description: object = "",
        default: object = None,
        widget: object = None,
        render_kw: Mapping[str, object] | None = None,
    ) -> None: ...
    def process_data(self, value: Any) -> None: ...
    def process_formdata(self, valuelist: list[str]) -> None: ...
    def pre_validate(self, form: BaseForm) -> None: ...
