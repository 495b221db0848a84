"""Every figure of the page of numbers as it is drawn, each held against the leads its link opens."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.web.merging import text_of

_VOID = {"meta", "link", "input", "br", "img", "hr"}
_SUM = r"(?:[A-Z]{3} )?\d+(?:,\d{3})*(?:\.\d\d)?"


def _count(text: str) -> int:
    return 1 if text == "one" else int(text.replace(",", ""))


@dataclass
class Cell:
    text: str = ""
    link: str = ""

    @property
    def words(self) -> str:
        return " ".join(self.text.split())

    @property
    def number(self) -> int:
        found = re.match(r"one\b|[\d,]+", self.words)
        return _count(found[0]) if found else 0


@dataclass
class Drawn:
    """`tables` hold the rows below the heading, each row's name first; `cards` the figures at the head, by key."""

    tables: dict[str, list[list[Cell]]] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    cards: dict[str, Cell] = field(default_factory=dict)
    meanings: dict[str, str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    """A meaning belongs to the card, or to the section and so to each table, in which it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn = Drawn()
        self._path: list[dict[str, str]] = []
        self._section = self._meaning = ""
        self._table: str = ""
        self._cell: Cell | None = None

    def handle_starttag(self, tag, attrs):
        given = {"tag": tag, **{name: value or "" for name, value in attrs}}
        if tag not in _VOID:
            self._path.append(given)
        css, key = given.get("class", "").split(), given.get("id", "")
        if key.startswith("figure-"):
            self._section = key
        elif tag == "section":
            self._section, self._meaning = given.get("aria-labelledby", ""), ""
        elif tag == "table":
            self._table = key.removesuffix("-table")
            self.drawn.tables[self._table] = []
            self.drawn.columns[self._table] = []
            self.drawn.meanings[self._table] = self._meaning
        elif tag == "tr" and self._is_in("tbody"):
            self.drawn.tables[self._table].append([])
        elif tag in {"td", "th"} and self._is_in("tbody"):
            self._cell = Cell()
            self.drawn.tables[self._table][-1].append(self._cell)
        elif tag == "th":
            self.drawn.columns[self._table].append("")
        elif tag == "dd" and self._section.startswith("figure-") and "meaning" not in css:
            self._cell = self.drawn.cards[self._section.removeprefix("figure-")] = Cell()
        elif tag == "a" and (link := given["href"]):
            if self._cell is not None and link.startswith("/pipeline/numbers/leads"):
                assert self._cell.link in {"", link}
                self._cell.link = link
            if found := re.match(r"/pipeline/numbers/(\w+)\.csv", link):
                self.drawn.files.add(found[1])

    def handle_endtag(self, tag):
        while self._path and self._path.pop()["tag"] != tag:
            pass
        if tag in {"td", "th", "dd"}:
            self._cell = None

    def handle_data(self, data):
        if any("hidden-text" in one.get("class", "") for one in self._path):
            return
        if any("meaning" in one.get("class", "").split() for one in self._path):
            self._meaning += data
            if self._section.startswith("figure-"):
                self.drawn.meanings[self._section] = data
        elif self._cell is not None:
            self._cell.text += data
        elif self._is_in("thead") and self._is_in("th"):
            self.drawn.columns[self._table][-1] += data

    def _is_in(self, tag: str) -> bool:
        return any(one["tag"] == tag for one in self._path)


def drawn(page: str) -> Drawn:
    reader = _Reader()
    reader.feed(page)
    return reader.drawn


@dataclass
class Opened:
    """What the page of the leads behind a figure says of them."""

    leads: int
    value: str
    weighted: str
    note: int


class Opener:
    """Opens each link once; how many leads it says there are has to be how many it names."""

    def __init__(self, client) -> None:
        self._client = client
        self._known: dict[str, Opened] = {}

    def __call__(self, link: str) -> Opened:
        if link not in self._known:
            answer = self._client.get(link)
            assert answer.status_code == 200, link
            self._known[link] = _read(text_of(answer), link)
        return self._known[link]


def _read(page: str, link: str) -> Opened:
    words = page[page.index("<h1") :].replace("</p>", " ")
    plain = " ".join(re.sub(r"<[^>]*>", "", words).split())
    leads = int(re.search(r"<h1>.*: ([\d,]+) leads?</h1>", page)[1].replace(",", ""))
    assert leads == len(re.findall(r'<th scope="row">', page)), link
    sums = rf"{_SUM}(?: · {_SUM})*"
    value = re.search(rf"Value ({sums})", plain)
    weighted = re.search(rf", weighted ({sums})", plain)
    note = re.search(r"\b(one|\d+) (?:stays?|times?)\b", plain)
    return Opened(
        leads,
        value[1] if value else "",
        weighted[1] if weighted else "",
        _count(note[1]) if note else 0,
    )


# --- what each column says of the leads it opens -------------------------------------------


LEADS, VALUE, WEIGHTED, NOTE = "leads", "value", "weighted", "note"
SPREAD = "some measure of the same leads"
SETTING = "nothing: it is no figure"


@dataclass(frozen=True)
class Share:
    """Of the cell at one place over those at others, by `what` their links open; quotas and stages open nothing."""

    what: str
    over: int
    under: tuple[int, ...]
    form: str = "{:.0%}"


_GROUP = (LEADS, LEADS, VALUE, LEADS, VALUE, LEADS, Share(LEADS, 4, (4, 6)))
COLUMNS: dict[str, tuple[str | Share, ...]] = {
    "stages": (LEADS, VALUE, SETTING, WEIGHTED),
    "forecast": (LEADS, WEIGHTED, LEADS, VALUE, Share(VALUE, 4, (2,)), LEADS, VALUE, WEIGHTED),
    "coverage": (
        SETTING, SETTING, LEADS, VALUE, Share(VALUE, 4, (2,)), LEADS, VALUE, Share(VALUE, 7, (2,), "{:.1f}"), LEADS, VALUE,
    ),
    "slips": (LEADS, LEADS, NOTE, SPREAD, SPREAD, LEADS, LEADS),
    "responses": (LEADS, SPREAD, SPREAD, SPREAD, LEADS, Share(LEADS, 5, (5, 7, 9)), LEADS, LEADS, LEADS),
    "bands": (LEADS,),
    "owed": (LEADS, SPREAD, LEADS),
    "funnel": (LEADS, LEADS, Share(LEADS, 2, (1,)), SPREAD),
    "times": (NOTE, SPREAD, SPREAD, SPREAD),
    "reasons": (LEADS, SPREAD),
    "by_source": _GROUP,
    "by_owner": _GROUP,
}  # fmt: skip
CARDS = {
    "open": VALUE, "weighted": WEIGHTED, "win_rate": SPREAD, "cycle": SPREAD, "velocity": SPREAD, "forecast": WEIGHTED,
    "coverage": SPREAD, "slipped": LEADS, "first_response": SPREAD, "owed": LEADS,
}  # fmt: skip


def hold(page: str, opener: Opener) -> dict[str, int]:
    """Every figure against the leads it opens; returns how many figures of each table said anything."""
    found = drawn(page)
    assert set(found.tables) <= set(COLUMNS)
    held: dict[str, int] = {}
    for key, cell in found.cards.items():
        assert found.meanings.get(f"figure-{key}", "").strip(), key
        _one(f"figure {key}", cell, CARDS[key], opener)
    for name, rows in found.tables.items():
        assert found.meanings[name].strip(), f"{name} says no definition"
        columns = found.columns[name]
        assert len(columns) == len(COLUMNS[name]) + 1, (name, columns)
        held[name] = 0
        for row in rows:
            for place, says in enumerate(COLUMNS[name], start=1):
                where = f"{name}, {row[0].words}, {columns[place]}: {row[place].words}"
                if says is SETTING or not re.search("[1-9]", row[place].words):
                    assert not (says is SETTING and row[place].link), where
                    continue
                held[name] += 1
                if isinstance(says, Share):
                    _one(where, row[place], SPREAD, opener)
                    assert row[place].words == _share(row, says), where
                else:
                    _one(where, row[place], says, opener)
    return held


def _one(where: str, cell: Cell, says: str, opener: Opener) -> None:
    if not (cell.number or re.search("[1-9]", cell.words)):
        return
    assert cell.link, f"{where} opens nothing"
    opened = opener(cell.link)
    assert opened.leads, f"{where} opens no leads"
    if says is LEADS:
        assert opened.leads == cell.number, where
    elif says is NOTE:
        assert opened.note == cell.number, f"{where}: {opened}"
    elif says is not SPREAD:
        told = {VALUE: opened.value, WEIGHTED: opened.weighted}[says]
        if where.startswith("figure "):
            # Whole amounts, and the note behind them.
            told = re.sub(r"\.\d\d", "", told) or "no value yet"
            assert f"{cell.words} ".startswith(f"{told} "), f"{where}: {opened}"
        else:
            assert cell.words == told, f"{where}: {opened}"


def _share(row: list[Cell], says: Share) -> str:
    """Each currency by itself; it is named where something is over amounts of several."""

    def worth(place: int) -> dict[str, float]:
        found = re.findall(r"(?:([A-Z]{3}) )?(\d[\d,.]*)", row[place].words)
        return {currency: float(number.replace(",", "")) for currency, number in found}

    under: dict[str, float] = {}
    for place in says.under:
        for currency, number in worth(place).items():
            under[currency] = under.get(currency, 0) + number
    parts = {
        currency: says.form.format(worth(says.over).get(currency, 0) / number)
        for currency, number in sorted(under.items())
    }
    if len(parts) > 1:
        return " · ".join(f"{currency} {part}" for currency, part in parts.items())
    return "".join(parts.values())
