"""The sign-in form."""

from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from akiya.web.forms import Form


class SignInForm(Form):
    """Address and password."""

    email = EmailField("メールアドレス", [InputRequired("メールアドレスを入れてください。"), Length(max=254)])
    password = PasswordField("パスワード", [InputRequired("パスワードを入れてください。"), Length(max=200)])
    next = StringField("移動先")
