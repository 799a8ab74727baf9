"""Pages as a visitor sees them: every page that is opened is checked for what every page must have."""

import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from werkzeug.test import TestResponse

from tests import factories
from tests.factories import PASSWORD

_LABELLED = {"input", "select", "textarea"}
_NEED_NO_LABEL = {"hidden", "submit", "button"}


class Page(HTMLParser):
    """A page's title, ids, labels, controls, headings, links and text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.markup, self.title, self.text = markup, "", ""
        self.ids: Counter[str] = Counter()
        self.labels: set[str] = set()
        self.controls: list[dict[str, str]] = []
        self.headings: list[str] = []
        self.links: list[str] = []
        self.inline: list[str] = []
        self._in_title = self._in_label = False
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids[given["id"]] += 1
        if tag == "label":
            self._in_label = True
            self.labels.add(given.get("for", ""))
        if tag in _LABELLED and given.get("type") not in _NEED_NO_LABEL and not self._in_label:
            self.controls.append(given)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(tag)
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if (
            tag == "style"
            or "style" in given
            or (tag == "script" and "src" not in given and given.get("type") != "application/ld+json")
            or any(n.startswith("on") for n in given)
        ):
            self.inline.append(self.get_starttag_text() or tag)
        self._in_title = tag == "title" and not self.title

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._in_label = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
            self._in_title = False
        self.text += data

    def problems(self) -> list[str]:
        """What every page must have and this one lacks."""
        found = [f"id {name} stands {count} times" for name, count in self.ids.items() if count > 1]
        found += [] if self.title.strip() else ["no title"]
        found += [] if self.headings.count("h1") == 1 else [f"{self.headings.count('h1')} h1"]
        found += [f"inline script or style: {text}" for text in self.inline]
        found += [
            f"no label: {control}"
            for control in self.controls
            if control.get("id", " ") not in self.labels and not control.get("aria-label")
        ]
        return found


class Browser:
    """Opens pages without a real browser; each HTML page is checked."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        self._kept = ("", "")  # the secret of a session, and a token made of it

    def get(self, path: str, status: int = 200) -> Page:
        """The page at `path`, which answers with `status`."""
        return self._page(self.client.get(path), status)

    def post(self, path: str, data: dict[str, Any] | None = None, status: int = 303, **more: Any) -> Page:
        """The page that answers a form sent to `path`, with a valid token."""
        fields = {"csrf_token": self.token(), **(data or {})}
        response = self.client.post(path, data=fields, **more)
        response.request.environ["wsgi.input"].close()  # a large form lies in a file
        return self._page(response, status)

    def status(self, path: str) -> int:
        """How `path` answers; for files, whose body is a stream."""
        with self.client.get(path) as response:
            return response.status_code

    def token(self) -> str:
        """A CSRF token of this visitor's session; a page is opened only where none is known yet."""
        secret, token = self._kept
        if secret and secret == self._secret():
            return token
        page = self.client.get("/staff/sign-in")
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.get_data(as_text=True))
        assert found, "the page has no token"
        self._kept = (self._secret(), found[1])
        return found[1]

    def _secret(self) -> str:
        # A session that signs in or out gets another one, and the token of the old one is refused.
        name, reader = self.app.config["SESSION_COOKIE_NAME"], SecureCookieSessionInterface()
        cookie = self.client.get_cookie(name)
        if cookie is None:
            return ""
        return reader.get_signing_serializer(self.app).loads(cookie.value).get("csrf_token", "")

    def sign_in(self, name: str, password: str = PASSWORD, status: int = 303) -> Page:
        """Signs in as a persona; where a confirmation code is asked for, with the right one."""
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
