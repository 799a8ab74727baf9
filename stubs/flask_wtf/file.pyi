from wtforms import FileField as FileField
from wtforms.validators import DataRequired

class FileRequired(DataRequired): ...
