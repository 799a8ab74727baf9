from collections.abc import Iterator, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms.fields.core import Field
from wtforms.meta import DefaultMeta

class BaseForm:
    meta: DefaultMeta
    form_errors: list[str]
    _fields: dict[str, Field]
    def __iter__(self) -> Iterator[Field]: ...
    def __contains__(self, name: str) -> bool: ...
    def __getitem__(self, name: str) -> Field: ...
    @property
    def data(self) -> dict[str, Any]: ...  # the values of all fields, each of its own type
    @property
    def errors(self) -> dict[str, list[str]]: ...

class Form(BaseForm):
    Meta: type[DefaultMeta]
    def __init__(
        self,
        formdata: MultiDict[str, str] | None = None,
        obj: object = None,
        prefix: str = "",
        data: Mapping[str, object] | None = None,
        **kwargs: object,
    ) -> None: ...
    def validate(self, extra_validators: Mapping[str, object] | None = None) -> bool: ...
