from wtforms.fields.choices import RadioField as RadioField
from wtforms.fields.choices import SelectField as SelectField
from wtforms.fields.core import Field as Field
from wtforms.fields.form import FieldList as FieldList
from wtforms.fields.form import FormField as FormField
from wtforms.fields.simple import (
    BooleanField as BooleanField,
)
from wtforms.fields.simple import (
    EmailField as EmailField,
)
from wtforms.fields.simple import (
    FileField as FileField,
)
from wtforms.fields.simple import (
    HiddenField as HiddenField,
)
from wtforms.fields.simple import (
    IntegerField as IntegerField,
)
from wtforms.fields.simple import (
    MultipleFileField as MultipleFileField,
)
from wtforms.fields.simple import (
    PasswordField as PasswordField,
)
from wtforms.fields.simple import (
    StringField as StringField,
)
from wtforms.fields.simple import (
    TelField as TelField,
)
from wtforms.fields.simple import (
    TextAreaField as TextAreaField,
)
