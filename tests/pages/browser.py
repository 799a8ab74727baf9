"""Open pages as a visitor: every opened page is checked for what every page must have."""

import secrets
from collections import Counter
from functools import cached_property
from typing import Any

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from lxml import etree
from werkzeug.test import TestResponse

from tests import factories
from tests.factories import PASSWORD

_CONTROLS = "//input[not(@type = 'hidden' or @type = 'submit' or @type = 'button')] | //select | //textarea"
_HEADINGS = "//h1 | //h2 | //h3 | //h4 | //h5 | //h6"
_INLINE = (
    "//style | //*[@style or @*[starts-with(name(), 'on')]] | //script[not(@src or @type = 'application/ld+json')]"
)


class Page:
    """The title, ids, controls, links and text of a page, each parsed on first use."""

    def __init__(self, markup: str) -> None:
        self.markup = markup

    @cached_property
    def _root(self) -> etree._Element:
        parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
        return etree.fromstring((self.markup or "<html>").encode(), parser)

    def _found(self, path: str) -> list[Any]:
        return self._root.xpath(path)

    @cached_property
    def title(self) -> str:
        """Return the text of the title element."""
        return "".join(self._found("//head/title//text()"))

    @cached_property
    def text(self) -> str:
        """Return all text of the page, without markup."""
        return "".join(self._root.itertext())

    @cached_property
    def ids(self) -> Counter[str]:
        """Return how often each id occurs."""
        return Counter(self._found("//@id"))

    @cached_property
    def controls(self) -> list[dict[str, str]]:
        """Return the attributes of each control that needs a label and is not inside one."""
        return [dict(control.attrib) for control in self._found(_CONTROLS) if not control.xpath("ancestor::label")]

    @cached_property
    def links(self) -> list[str]:
        """Return the addresses of all links, in order."""
        return self._found("//a/@href")

    def problems(self) -> list[str]:
        """Return what every page must have and this one lacks."""
        found = [f"id {name} occurs {count} times" for name, count in self.ids.items() if count > 1]
        found += [] if self.title.strip() else ["no title"]
        headings = [heading.tag for heading in self._found(_HEADINGS)]
        found += [] if headings.count("h1") == 1 else [f"{headings.count('h1')} h1"]
        found += [f"inline script or style: {etree.tostring(one)[:200]!r}" for one in self._found(_INLINE)]
        labels = set(self._found("//label/@for"))
        found += [
            f"no label: {control}"
            for control in self.controls
            if control.get("id", " ") not in labels and not control.get("aria-label")
        ]
        return found


class Browser:
    """Opens pages without a real browser, and checks each HTML page."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    def get(self, path: str, status: int = 200) -> Page:
        """Return the page at `path`, asserting its status."""
        return self._page(self.client.get(path), status)

    def post(self, path: str, data: dict[str, Any] | None = None, status: int = 303, **more: Any) -> Page:
        """Send a form to `path` with a valid token; return the response's page, asserting its status."""
        fields = {"csrf_token": self.token(), **(data or {})}
        response = self.client.post(path, data=fields, **more)
        response.request.environ["wsgi.input"].close()  # a large form is in a file
        return self._page(response, status)

    def status(self, path: str) -> int:
        """Return the status of the response at `path`; also for files, whose body is a stream."""
        with self.client.get(path) as response:
            return response.status_code

    def token(self) -> str:
        """Return a CSRF token of this visitor's session, such as every form has."""
        with self.client.session_transaction() as session:
            secret = session.setdefault("csrf_token", secrets.token_hex())
        return str(URLSafeTimedSerializer(self.app.secret_key or "", salt="wtf-csrf-token").dumps(secret))

    def sign_in(self, name: str, password: str = PASSWORD, status: int = 303) -> Page:
        """Sign in as a persona, if necessary with a confirmation code."""
        fields = {"csrf_token": self.token(), "email": f"{name}@example.jp", "password": password}
        response = self.client.post("/staff/sign-in", data=fields)
        page = self._page(response, status)
        if response.location != "/staff/sign-in/code":
            return page
        with self.app.app_context():
            code = factories.code(name)
        return self.post("/staff/sign-in/code", {"code": code})

    def _page(self, response: TestResponse, status: int) -> Page:
        markup = response.get_data(as_text=True)
        assert response.status_code == status, f"{response.status_code} instead of {status}: {markup[:1500]}"
        page = Page(markup)
        if response.mimetype == "text/html" and status not in (301, 302, 303):
            assert not page.problems(), page.problems()
        return page
