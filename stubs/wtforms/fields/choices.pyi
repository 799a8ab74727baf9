from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from wtforms.fields.core import Field

class Choice(NamedTuple):
    value: str
    label: object
    selected: bool
    render_kw: dict[str, object]

@dataclass
class SelectChoice:
    value: str
    label: object = None

class SelectField(Field):
    choices: Sequence[SelectChoice | tuple[str, object]]
    coerce: Callable[[Any], Any]
    validate_choice: bool
    def __init__(
        self,
        label: object = None,
        validators: Sequence[Callable[[Any, Any], None]] | None = None,
        coerce: Callable[[Any], object] = ...,
        choices: Sequence[SelectChoice | tuple[str, object]] | None = None,
        validate_choice: bool = True,
        *,
        filters: Sequence[Callable[[Any], object]] = (),
        description: object = "",
        default: object = None,
        widget: object = None,
        render_kw: Mapping[str, object] | None = None,
    ) -> None: ...
    def iter_choices(self) -> Iterator[Choice]: ...

class RadioField(SelectField): ...
