from collections.abc import Callable
from typing import TypeVar

from flask import Flask
from werkzeug.wrappers import Response

C = TypeVar("C", bound=Callable[..., object])

class LoginManager:
    login_view: str
    login_message: str
    session_protection: str
    def init_app(self, app: Flask) -> None: ...
    def user_loader(self, callback: C) -> C: ...
    def unauthorized_handler(self, callback: C) -> C: ...
    def unauthorized(self) -> Response: ...

class UserMixin:
    id: str

current_user: object  # a proxy of the request's user, who may be anonymous

def login_user(user: UserMixin) -> bool: ...
def logout_user() -> bool: ...
