"""What a whole export holds: its tables, their fields, and how a value of each kind is written down and read again.

A row names other rows by key, never by the number the database gave them. Keys are what a thing is called everywhere
(an address, a domain, the folded name of a tag), else the opaque key under which the first database sealed its number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from inboxcrm.leads.capture import Outcome
from inboxcrm.leads.consent import ConsentState

Value = str | int | bool | None
Row = Mapping[str, Value]

_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
_END_MS = 253_402_300_800_000
"""The year 10000, which ISO dates do not reach."""
_LARGEST = 1 << 63


SHORT = 600
"""Characters; PostgreSQL refuses an index entry of more than 2,704 bytes (its manual, B-tree behaviour)."""


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    COUNT = "count"
    """From 0 to what 31 bits hold."""
    FLAG = "flag"
    MOMENT = "moment"
    """Milliseconds inside, ISO 8601 with Z outside; a plain number where no date can say it."""
    DATA = "data"
    """JSON of an activity, in which numbers of rows become keys."""
    MAP = "map"
    LIST = "list"
    """Both are JSON, as text."""
    DAY = "day"


@dataclass(frozen=True, slots=True)
class ExportField:
    """`to` names the table it points into, `among` the only words it may hold. `null`: it may hold nothing at all,
    which is not the same as an empty text. `is_short`: it is searched by an index, which takes no more than SHORT.
    """

    name: str
    kind: Kind = Kind.TEXT
    to: str = ""
    null: bool = False
    among: tuple[str, ...] = ()
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class ExportTable:
    """`identity`: the fields by which a row is known; a single "key" where the opaque key is all there is."""

    name: str
    fields: tuple[ExportField, ...]
    identity: tuple[str, ...] = ("key",)

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.fields)


def _moment(name: str, *, null: bool = False) -> ExportField:
    return ExportField(name, Kind.MOMENT, null=null)


def _flag(name: str) -> ExportField:
    return ExportField(name, Kind.FLAG)


def _to(name: str, table: str, *, null: bool = False) -> ExportField:
    return ExportField(name, to=table, null=null)


def _one_of(name: str, *words: str) -> ExportField:
    return ExportField(name, among=words)


def _short(name: str) -> ExportField:
    return ExportField(name, is_short=True)


_KEY = _short("key")
_NAME = ExportField("name")
_LEAD = _to("lead", "leads")
_ACCOUNT = _to("account", "accounts", null=True)
_IN_PIPELINE = (
    _short("pipeline"),
    _short("stage"),
    _moment("stage_since_at"),
    ExportField("stage_reason"),
    _to("owner", "accounts", null=True),
    ExportField("source"),
    ExportField("value_cents", Kind.NUMBER, null=True),
    _short("value_currency"),
    ExportField("close_on", Kind.DAY, null=True),
)
_NAMED = (_KEY, _NAME, _ACCOUNT, _moment("made_at"), _moment("removed_at", null=True))

TABLES = (
    ExportTable(
        "accounts",
        (
            _KEY,
            _NAME,
            _one_of("role", "rep", "manager", "admin"),
            _short("address"),
            ExportField("zone"),
            ExportField("working_hours"),
            _flag("is_closed"),
            _moment("created_at"),
        ),
    ),
    ExportTable("organizations", (_short("domain"), _short("name")), ("domain",)),
    ExportTable("tags", (_KEY, _NAME)),
    ExportTable(
        "leads",
        (
            _KEY,
            _NAME,
            ExportField("address"),
            _to("organization", "organizations", null=True),
            *_IN_PIPELINE,
            ExportField("phone"),
            ExportField("custom", Kind.MAP),
            _moment("snoozed_until_at", null=True),
            _moment("state_since_at", null=True),
            _to("merged_into", "leads", null=True),
            ExportField("version", Kind.COUNT),
            _one_of("made_by", "rule", "person"),
            _flag("is_touched"),
            _flag("is_withdrawn"),
            _moment("created_at"),
        ),
    ),
    ExportTable(
        "addresses",
        (
            _KEY,
            _LEAD,
            ExportField("shown"),
            _NAME,
            _flag("name_is_own"),
            _moment("name_at"),
            _one_of("added_by", "rule", "person"),
        ),
    ),
    ExportTable("lead_tags", (_LEAD, _to("tag", "tags")), ("lead", "tag")),
    ExportTable(
        "consents",
        (
            _LEAD,
            _one_of("state", *ConsentState),
            ExportField("source"),
            ExportField("given_on", Kind.DAY),
            _ACCOUNT,
            _moment("noted_at"),
        ),
        ("lead",),
    ),
    ExportTable(
        "pasts",
        (
            _KEY,
            _LEAD,
            _moment("from_at"),
            _moment("until_at"),
            *_IN_PIPELINE,
            _moment("taken_back_at", null=True),
        ),
    ),
    ExportTable(
        "verdicts",
        (
            _KEY,
            _one_of("scope", "address", "domain"),
            _short("subject"),
            _one_of("outcome", *Outcome),
            _to("lead", "leads", null=True),
            _ACCOUNT,
            _moment("made_at"),
            _moment("removed_at", null=True),
        ),
    ),
    ExportTable(
        "tasks",
        (
            _KEY,
            _LEAD,
            ExportField("title"),
            ExportField("due_on", Kind.DAY, null=True),
            _ACCOUNT,
            _moment("created_at"),
            _moment("done_at", null=True),
            _moment("removed_at", null=True),
            _flag("unless_answered"),
            _moment("answered_at", null=True),
        ),
    ),
    ExportTable(
        "activities",
        (
            _KEY,
            _LEAD,
            _moment("at"),
            _short("kind"),
            _ACCOUNT,
            ExportField("text"),
            ExportField("data", Kind.DATA),
            _flag("is_pinned"),
            _moment("undone_at", null=True),
        ),
    ),
    ExportTable(
        "segments",
        (
            *_NAMED,
            _one_of("kind", "live", "frozen"),
            ExportField("text"),
            ExportField("tree", Kind.MAP),
        ),
    ),
    ExportTable("segment_leads", (_to("segment", "segments"), _LEAD), ("segment", "lead")),
    ExportTable(
        "views",
        (
            _to("account", "accounts"),
            _KEY,
            _NAME,
            _one_of("page", "board", "sheet", "numbers"),
            ExportField("pipeline"),
            ExportField("filter_text"),
            ExportField("conditions"),
            ExportField("columns"),
            ExportField("sort"),
            _flag("is_descending"),
            ExportField("grouping"),
            ExportField("days", Kind.COUNT),
            _flag("is_shared"),
            ExportField("version", Kind.COUNT),
            _moment("made_at"),
            _moment("removed_at", null=True),
        ),
        ("account", "key"),
    ),
    ExportTable("templates", _NAMED),
    ExportTable(
        "template_versions",
        (
            _to("template", "templates"),
            ExportField("number", Kind.COUNT),
            ExportField("subject"),
            ExportField("text"),
            ExportField("html"),
            ExportField("fallbacks", Kind.MAP),
            ExportField("ready", Kind.MAP),
            _flag("signs"),
            ExportField("files", Kind.LIST),
            _ACCOUNT,
            _moment("made_at"),
        ),
        ("template", "number"),
    ),
    ExportTable("snippets", _NAMED),
    ExportTable(
        "snippet_versions",
        (
            _to("snippet", "snippets"),
            ExportField("number", Kind.COUNT),
            ExportField("text"),
            ExportField("html"),
            _ACCOUNT,
            _moment("made_at"),
        ),
        ("snippet", "number"),
    ),
    ExportTable(
        "suppression",
        (
            _one_of("scope", "address", "domain"),
            _short("subject"),
            _one_of("reason", "opt_out", "bounce", "complaint", "person"),
            ExportField("source"),
            _ACCOUNT,
            _moment("first_at"),
            _moment("removed_at", null=True),
        ),
        ("scope", "subject"),
    ),
)
"""In the order in which they can be made: a row points only to tables before its own, or to rows of its own."""

_LEADS = ("accounts", "organizations", "tags", "leads", "addresses", "lead_tags", "consents")
WHAT = {
    "leads": _LEADS,
    "activities": (*_LEADS, "pasts", "verdicts", "tasks", "activities"),
    "everything": tuple(one.name for one in TABLES),
}
"""What can be asked for, and the tables of it."""


def tables_of(what: str) -> tuple[ExportTable, ...]:
    return tuple(one for one in TABLES if one.name in WHAT[what])


def moment_text(ms: int) -> str:
    """As "2026-05-14T15:30:00.123Z"."""
    if not 0 <= ms < _END_MS:
        return str(ms)
    at = _BEGIN + timedelta(milliseconds=ms)
    return at.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def moment_ms(text: str) -> int:
    """Raises ValueError."""
    if not text.endswith("Z"):
        return whole_number(text)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("is no time like 2026-05-14T15:30:00.123Z") from None
    return (at - _BEGIN) // timedelta(milliseconds=1)


def whole_number(text: str) -> int:
    """Of 64 bits. Raises ValueError."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 19):
        raise ValueError("is no whole number")
    number = int(text)
    if not -_LARGEST <= number < _LARGEST:
        raise ValueError("is too large a number")
    return number
