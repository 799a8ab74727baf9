"""A visitor who opens pages and sends forms through the application's WSGI interface; each response is saved."""

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from snapshots import answers, forms

SITE = "http://127.0.0.1:8000"
PASSWORD = "mihon-no-akiya"  # noqa: S105  (the demonstration's, printed on its sign-in page)
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Visitor:
    """A browser with cookies of its own, whose responses are saved in the folder `place`."""

    def __init__(self, app: Flask, saved: answers.Answers, place: str) -> None:
        self.client, self.saved, self.place = app.test_client(), saved, place

    def get(self, address: str, *, name: str = "", method: str = "GET", **headers: str) -> str:
        """Save the response at `address`, and return its body."""
        sent = {key.replace("_", "-"): value for key, value in headers.items()}
        response = self.client.open(address, base_url=SITE, method=method, headers=sent)
        return self._save(response, name or (address if method == "GET" else f"{method} {address}"))

    def post(self, address: str, data: dict[str, Any] | None = None, *, name: str = "", token: bool = True) -> str:
        """Save the response to a form sent to `address`, and of the page it redirects to; return the last body."""
        fields = {"csrf_token": self.token()} if token else {}
        response = self.client.post(address, base_url=SITE, data={**fields, **(data or {})})
        name = name or f"POST {address}"
        location = response.location or ""
        found = self._save(response, name)
        return self.get(location, name=f"{name} →") if location and response.status_code == 303 else found

    def send(self, page: str, address: str, changed: dict[str, Any] | None = None, *, name: str = "") -> str:
        """Send the form of the page at `page` to `address` with some fields `changed`; save and return like post()."""
        held = forms.fields(self.client.get(page, base_url=SITE).get_data(as_text=True), address)
        held.pop("csrf_token", None)
        return self.post(address, {**held, **(changed or {})}, name=name)

    def token(self) -> str:
        """Return a CSRF token of this visitor's session. Raise LookupError if no page has one."""
        for address in ("/staff/me", "/staff/sign-in", "/owners/apply"):
            found = _TOKEN.search(self.client.get(address, base_url=SITE).get_data(as_text=True))
            if found:
                return found[1]
        raise LookupError("no page has a CSRF token")

    def sign_in(self, email: str, password: str = PASSWORD) -> str:
        """Sign in by the form; return the page that it redirects to."""
        return self.post("/staff/sign-in", {"email": email, "password": password}, name=f"sign in as {email}")

    def _save(self, response: TestResponse, name: str) -> str:
        content = response.get_data()
        media_type = response.content_type or ""
        text = answers.body(content, media_type)
        head = f"{response.status}\n{answers.headers(list(response.headers))}"
        self.saved.save(self.place, name, f"{head}\n{text}")
        response.close()
        return text
