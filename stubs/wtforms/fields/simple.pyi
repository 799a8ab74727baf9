from werkzeug.datastructures import FileStorage
from wtforms.fields.core import Field

class StringField(Field):
    data: str | None

class TextAreaField(StringField): ...
class EmailField(StringField): ...
class TelField(StringField): ...
class HiddenField(StringField): ...
class PasswordField(StringField): ...

class IntegerField(Field):
    data: int | None

class BooleanField(Field):
    data: bool

class FileField(Field):
    data: FileStorage  # or None, which FileRequired refuses before a view reads it

class MultipleFileField(Field):
    data: list[FileStorage] | None
