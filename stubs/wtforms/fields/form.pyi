from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from wtforms.fields.core import Field
from wtforms.form import Form

F = TypeVar("F", bound=Form)

class FormField(Field, Generic[F]):
    form: F
    def __init__(self, form_class: type[F], label: object = None) -> None: ...

class FieldList(Field, Generic[F]):
    entries: list[FormField[F]]
    def __init__(self, unbound_field: FormField[F], label: object = None) -> None: ...
    def __iter__(self) -> Iterator[FormField[F]]: ...
    def append_entry(self, data: Any = ...) -> FormField[F]: ...
