"""Read the forms of a page as a browser would send them."""

from html.parser import HTMLParser
from typing import Any

Fields = dict[str, Any]


class Forms(HTMLParser):
    """Every form of a page: `found` holds (address, fields as they are sent if the user changes nothing)."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, Fields]] = []
        self._fields: Fields | None = None
        self._select = self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form or the value of a field."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._fields = {}
            self.found.append((given.get("action", ""), self._fields))
        name = given.get("name", "")
        if self._fields is None:
            return
        if tag == "input" and name and given.get("type") not in ("submit", "button", "file", "image"):
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self._add(name, given.get("value", "on"))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in self._fields):
            self._fields[self._select] = given.get("value", "")
        elif tag == "textarea" and name:
            self._area = name
            self._fields[name] = ""

    def handle_endtag(self, tag: str) -> None:
        """Note the end of a form, select or text area."""
        if tag == "form":
            self._fields = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        """Add the text to the open text area."""
        if self._area and self._fields is not None:
            self._fields[self._area] += data

    def _add(self, name: str, value: str) -> None:
        assert self._fields is not None
        before = self._fields.get(name)
        self._fields[name] = value if before is None else [*(before if isinstance(before, list) else [before]), value]


def fields(page: str, action: str) -> Fields:
    """Return the fields of the page's first form that is sent to `action`; empty if there is none."""
    return next((dict(held) for address, held in Forms(page).found if address == action), {})
