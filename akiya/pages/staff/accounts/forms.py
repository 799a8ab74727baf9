"""The forms of accounts."""

from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from akiya.accounts.models import Role
from akiya.web.forms import Form, OfferedField

_ADDRESS: list[InputRequired | Length] = [
    InputRequired("メールアドレスを入れてください。"),
    Length(max=254, message="メールアドレスは254文字までです。"),
]
_HELP = "10文字以上。関係のない言葉をいくつかつなげると、覚えやすく、当てられにくくなります。"


def _password(
    label: str, missing: str, autocomplete: str = "current-password", *more: EqualTo, help: str = ""
) -> PasswordField:
    required: list[InputRequired | Length] = [
        InputRequired(missing),
        Length(max=200, message="パスワードは200文字までです。"),
    ]
    return PasswordField(label, [*required, *more], description=help, render_kw={"autocomplete": autocomplete})


def _new_password() -> PasswordField:
    return _password("新しいパスワード", "新しいパスワードを入れてください。", "new-password", help=_HELP)


def _again() -> PasswordField:
    same = EqualTo("password", "上のパスワードと違います。同じものをもう一度入れてください。")
    return _password("新しいパスワード（もう一度）", "同じパスワードをもう一度入れてください。", "new-password", same)


def _code(label: str, help: str) -> StringField:
    missing = InputRequired("確認コードを入れてください。アプリに出ている6桁の数字です。")
    typed = {"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "20", "class": "code-field"}
    return StringField(label, [missing], description=help, render_kw=typed)


class SignInForm(Form):
    """Address and password; `kept` is what was typed before the session ended."""

    email = EmailField("メールアドレス", _ADDRESS, render_kw={"autocomplete": "username"})
    password = _password("パスワード", "パスワードを入れてください。")
    next = StringField("移動先")
    kept = HiddenField("入力した内容")


class CodeForm(Form):
    """The second step of signing in: the confirmation code."""

    code = _code("確認コード", "認証アプリに出ている6桁の数字です。30秒ごとに変わります。")
    kept = HiddenField("入力した内容")


class ForgottenForm(Form):
    """The address of the account whose password was forgotten."""

    email = EmailField("メールアドレス", _ADDRESS, render_kw={"autocomplete": "username"})


class NewPasswordForm(Form):
    """A new password in place of a forgotten one."""

    password = _new_password()
    password_again = _again()


class NameForm(Form):
    """A person's name."""

    name = StringField(
        "お名前",
        [InputRequired("お名前を入れてください。")],
        description="物件の変更の記録に残り、同じ市町村と県の職員に見えます。公開はされません。",
        render_kw={"autocomplete": "name", "maxlength": "80"},
    )


class WelcomeForm(NameForm):
    """The name and password that an invited person chooses."""

    password = _new_password()
    password_again = _again()


class ChangePasswordForm(Form):
    """A new password, proven by the current one."""

    current_password = _password("いまのパスワード", "いまのパスワードを入れてください。")
    password = _new_password()
    password_again = _again()


class SetUpForm(Form):
    """The first code of an authenticator app."""

    code = _code("アプリに出た6桁の数字", "読み取ると、アプリに6桁の数字が出ます。30秒ごとに変わります。")


class ReplaceForm(SetUpForm):
    """The first code of another device, proven by the password."""

    current_password = _password("いまのパスワード", "いまのパスワードを入れてください。")


class RemoveForm(Form):
    """Signing in without codes again, proven by the password."""

    password = _password("いまのパスワード", "いまのパスワードを入れてください。")


class RoleForm(Form):
    """An account's role and municipality. `offer` sets which ones the person who asks may give."""

    role = OfferedField("役割")
    municipality_code = OfferedField("市町村", description="県担当者のときは選ばないでください。")

    def offer(self, roles: list[Role], municipalities: list[tuple[str, str]]) -> None:
        """Offer these roles and (code, name) pairs; without municipalities that question is removed."""
        self.role.choices = [("", "選んでください"), *((str(role), _ROLES[role]) for role in roles)]
        if municipalities:
            self.municipality_code.choices = [("", "（県担当者）"), *municipalities]
        else:
            del self.municipality_code

    def validate_role(self, field: OfferedField) -> None:
        """Add an error if no role is chosen."""
        if not field.data:
            field.errors = [*field.errors, "役割を選んでください。"]


class InviteForm(RoleForm):
    """The person to invite, and the role."""

    email = EmailField("メールアドレス", _ADDRESS, description="招待のメールを送る先です。サインインにも使います。")
    name = StringField(
        "お名前（わかれば）", description="本人が招待を受けるときに直せます。", render_kw={"maxlength": "80"}
    )


_ROLES = {
    Role.STAFF: "担当者（登録・変更・公開ができる）",
    Role.READ_ONLY: "閲覧のみ（見るだけ）",
    Role.PREFECTURE: "県担当者（すべての市町村）",
}
