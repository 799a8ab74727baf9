from collections.abc import Callable

from babel.support import NullTranslations
from flask import Flask

class Domain:
    def get_translations(self) -> NullTranslations: ...

class Babel:
    domain_instance: Domain
    def __init__(self, app: Flask, *, locale_selector: Callable[[], str]) -> None: ...
