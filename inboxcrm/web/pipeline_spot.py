"""Where in the pipeline somebody is: which page, which pipeline, which day, which filter, in which order.

All of it stands in the address, and in the hidden fields of every form, so that a change leads back to the same place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

PAGES = {"board": "/pipeline", "sheet": "/pipeline/sheet", "numbers": "/pipeline/numbers"}
EVERYWHERE = ("pipeline", "filter", "where", "as_of", "view")
OWN = {
    "board": (*EVERYWHERE, "only", "before"),
    "sheet": (*EVERYWHERE, "sort", "down", "group", "columns", "page"),
    "numbers": (*EVERYWHERE, "days"),
}
_LONGEST = {"filter": 2_000, "where": 2_000, "columns": 300}


@dataclass(frozen=True, slots=True)
class PipelineSpot:
    """`values` are those of `OWN` that say anything. `where` is what the columns were asked, `view` the saved view one
    came by.
    """

    page: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        return (("at", self.page), *self.values.items())

    @property
    def url(self) -> str:
        return self.link()

    def value(self, name: str) -> str:
        return self.values.get(name, "")

    def link(self, page: str = "", /, **changed: str) -> str:
        """The same place with some of it changed; empty values leave, and what another page does not know. A saved view
        is of one page.
        """
        to = page or self.page
        left = {"view": ""} if to != self.page else {}
        values = {
            name: value
            for name, value in {**self.values, **left, **changed}.items()
            if value and name in OWN[to]
        }
        return PAGES[to] + (f"?{urlencode(values)}" if values else "")

    def asking(self, name: str, value: str) -> str:
        """The same place with a question that is not kept: which card to move, which cell to edit."""
        here = self.link()
        return f"{here}{'&' if '?' in here else '?'}{urlencode({name: value})}"

    def narrowing(self, column: str) -> str:
        """The page with the form that asks a column."""
        return f"/pipeline/narrow?{urlencode({**dict(self.fields), 'column': column})}"

    def behind(self, which: str) -> str:
        """The page of the leads behind a figure."""
        values = {one: self.value(one) for one in OWN["numbers"] if self.value(one)}
        return f"/pipeline/numbers/leads?{urlencode({'figure': which, **values})}"


def spot_of(page: str, values: Mapping[str, str]) -> PipelineSpot:
    """From an address or a form; what is not known there is left out."""
    page = page if page in PAGES else "board"
    kept = {
        name: given
        for name in OWN[page]
        if (given := values.get(name, "")[: _LONGEST.get(name, 80)].replace("\x00", "").strip())
    }
    return PipelineSpot(page, kept)


def day_asked(spot: PipelineSpot) -> date | None:
    """Raises ValueError for what is no day."""
    text = spot.value("as_of")
    return date.fromisoformat(text) if text else None


def number_asked(spot: PipelineSpot, name: str, usual: int) -> int:
    text = spot.value(name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else usual
