"""A form of a page as a browser without script would send it."""

from __future__ import annotations

from html.parser import HTMLParser


def form_fields(page: str, css: str) -> dict[str, str]:
    """All fields of the first form of that class, by name: what is typed, ticked and chosen; its buttons apart."""
    reading = _Reading(css)
    reading.feed(page)
    assert reading.is_done, f"no form of the class {css}"
    return reading.fields


class _Reading(HTMLParser):
    def __init__(self, css: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.is_done = False
        self._css = css
        self._is_inside = False
        self._select = self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.is_done and self._css in said.get("class", "").split():
            self._is_inside = True
        if not self._is_inside:
            return
        name, value = said.get("name", ""), said.get("value", "")
        if tag == "input" and name:
            is_mark = said.get("type") in ("checkbox", "radio")
            if said.get("type") not in ("submit", "button") and (not is_mark or "checked" in said):
                self.fields[name] = value
        elif tag == "select":
            self._select = name
        elif tag == "textarea":
            self._text = name
            self.fields[name] = ""
        elif tag == "option" and ("selected" in said or self._select not in self.fields):
            self.fields[self._select] = value

    def handle_data(self, data: str) -> None:
        if self._text:
            self.fields[self._text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text:
            # The line break right behind the tag belongs to the writing of it.
            self.fields[self._text] = self.fields[self._text].removeprefix("\n")
            self._text = ""
        if tag == "form" and self._is_inside:
            self._is_inside, self.is_done = False, True
