"""Reports on cadences for one viewer: figures by cadence, step, version, mailbox or week, and the mails behind each.

Everybody of the house sees the numbers, as they see who is being written to; what a mail says only who reads its
mailbox. Two statements count, a few more name the lines.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from urllib.parse import urlencode

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.reports import (
    DEFINITIONS,
    GROUPS,
    LABELS,
    NOT_COUNTED,
    By,
    Counts,
    Figure,
    base_of,
    monday_of,
    of_what,
    share_of,
    week_from,
    zone_offsets,
)
from inboxcrm.errors import NotFoundError
from inboxcrm.leads.segment_folding import folded_name
from inboxcrm.store import cadence_lists, mailboxes
from inboxcrm.store import cadence_reports as rows
from inboxcrm.store.cadence_reports import Group, Of, Offsets
from inboxcrm.store.cadences import cadence_by_key
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.enrollments import cadence_names
from inboxcrm.views.cadence_mails import ON_A_PAGE, mails_shown
from inboxcrm.views.cadence_report_shapes import (
    Asked,
    CadenceReport,
    Definition,
    FigureCell,
    MailsBehind,
    ReportLine,
)
from inboxcrm.views.cursors import open_cursor

PATH = "/cadences/reports"
_KINDS = {"cadence": "cadence", "version": "template_version", "mailbox": "mailbox"}
_GONE = rows.StepName("", None, "")
_Named = tuple[tuple[object, ...], str]
"""What a line is sorted by, and what it is called."""


def cadence_report(desk: Desk, viewer: Viewer, asked: Asked, by: By) -> CadenceReport:
    """Raises NotFoundError for what is asked of and is not there."""
    del viewer
    with desk.database.read() as tx:
        of, offsets = _of(tx, desk, asked), _offsets(tx, desk)
        total = _total(tx, of, offsets)
        groups = rows.tally(tx, of, by, offsets)
        name_of = _namer(tx, by, of)
        names = cadence_names(tx)
    named = [(name_of(group), group, counts) for group, counts in groups]
    named.sort(key=lambda line: line[0])
    return CadenceReport(
        cadence=names[of.cadence_id] if of.cadence_id is not None else "",
        by=by.value,
        by_words=GROUPS[by],
        zone=desk.working_hours.zone,
        total=_line("All", asked, total),
        lines=tuple(
            _line(label, _narrowed(desk, asked, group), counts)
            for (_, label), group, counts in named
        ),
        definitions=tuple(
            Definition(one.value, LABELS[one], DEFINITIONS[one], of_what(one)) for one in Figure
        ),
        not_counted=NOT_COUNTED,
    )


def report_of(desk: Desk, viewer: Viewer, name: str, by: By) -> CadenceReport:
    """Of the cadence of that name, or of all where it is empty. Raises NotFoundError."""
    if not name:
        return cadence_report(desk, viewer, Asked(), by)
    with desk.database.read() as tx:
        found = cadence_by_key(tx, folded_name(name))
    if found is None:
        raise NotFoundError(
            f'There is no cadence "{name[:100]}".', remedy="`inboxcrm cadence list` names them."
        )
    return cadence_report(desk, viewer, Asked(desk.ids.seal("cadence", found.id)), by)


def mails_behind(
    desk: Desk, viewer: Viewer, asked: Asked, figure: str, *, after: str | None = None
) -> MailsBehind:
    """The mails a figure counts, newest first. Raises NotFoundError for what is asked of and is not there."""
    if figure not in set(Figure):
        raise _no_such()
    wanted = Figure(figure)
    cursor = open_cursor(desk, after)
    with desk.database.read() as tx:
        of, offsets = _of(tx, desk, asked), _offsets(tx, desk)
        total = _total(tx, of, offsets)
        ids = rows.behind(tx, of, wanted, offsets, before=cursor and cursor[1], limit=ON_A_PAGE + 1)
        found = cadence_lists.mails_in_full(tx, ids)
        about = _about(tx, of)
        shown = mails_shown(tx, desk, viewer, found)
    return MailsBehind(
        LABELS[wanted],
        DEFINITIONS[wanted],
        about,
        getattr(total, wanted.value),
        shown,
    )


def _total(tx: Tx, of: Of, offsets: Offsets) -> Counts:
    return next((counts for _, counts in rows.tally(tx, of, None, offsets)), Counts())


def _offsets(tx: Tx, desk: Desk) -> Offsets:
    now = to_ms(desk.clock.now())
    first = rows.first_left_at(tx)
    return zone_offsets(desk.working_hours.zone, since=min(first or now, now), until=now)


# --- which mails --------------------------------------------------------------------


def _of(tx: Tx, desk: Desk, asked: Asked) -> Of:
    found = {name: _opened(desk, kind, getattr(asked, name)) for name, kind in _KINDS.items()}
    of = Of(
        cadence_id=found["cadence"],
        step_key=asked.step or None,
        version_id=found["version"],
        mailbox_id=found["mailbox"],
        week=_week(asked.week),
    )
    if of.cadence_id is not None and of.cadence_id not in cadence_names(tx):
        raise _no_such()
    return of


def _opened(desk: Desk, kind: str, sealed: str) -> int | None:
    if not sealed:
        return None
    number = desk.ids.open(kind, sealed)
    if number is None:
        raise _no_such()
    return number


def _week(monday: str) -> int | None:
    try:
        return week_from(date.fromisoformat(monday)) if monday else None
    except ValueError:
        raise _no_such() from None


def _no_such() -> NotFoundError:
    return NotFoundError("There is no such report.", remedy="See the reports on all cadences.")


def _narrowed(desk: Desk, asked: Asked, group: Group) -> Asked:
    """The same question, of the mails of one line."""
    sealed = {
        name: desk.ids.seal(kind, value)
        for name, kind in _KINDS.items()
        if (value := getattr(group, f"{name}_id")) is not None
    }
    if group.step_key is not None:
        sealed["step"] = group.step_key
    if group.week is not None:
        sealed["week"] = monday_of(group.week).isoformat()
    return replace(asked, **sealed)


# --- lines --------------------------------------------------------------------------


def _line(label: str, asked: Asked, counts: Counts) -> ReportLine:
    return ReportLine(
        label,
        counts.recipients,
        counts.enrollments,
        tuple(
            FigureCell(
                one.value,
                getattr(counts, one.value),
                _url(asked, one),
                share_of(counts, one),
                base_of(counts, one),
                of_what(one),
            )
            for one in Figure
        ),
    )


def _url(asked: Asked, figure: Figure) -> str:
    said = {one.name: getattr(asked, one.name) for one in fields(asked)}
    query = urlencode({name: value for name, value in said.items() if value})
    return f"{PATH}/{figure.value}" + (f"?{query}" if query else "")


def _namer(tx: Tx, by: By, of: Of) -> Callable[[Group], _Named]:
    """What the lines of such a report are called, in the order in which they stand."""
    match by:
        case By.CADENCE:
            cadences = cadence_names(tx)
            return lambda group: ((-(group.cadence_id or 0),), cadences[group.cadence_id or 0])
        case By.STEP:
            return _step_namer(tx, is_of_one=of.cadence_id is not None)
        case By.VERSION:
            versions = rows.version_names(tx)
            return lambda group: _version(versions, group.version_id)
        case By.MAILBOX:
            boxes = {one.id: one.name for one in mailboxes.all_mailboxes(tx)}
            return lambda group: ((boxes[group.mailbox_id or 0],), boxes[group.mailbox_id or 0])
        case By.WEEK:
            return lambda group: ((group.week,), _week_of(group.week or 0))


def _step_namer(tx: Tx, *, is_of_one: bool) -> Callable[[Group], _Named]:
    steps = rows.step_names(tx)

    def name(group: Group) -> _Named:
        step = steps.get((group.cadence_id or 0, group.step_key or ""), _GONE)
        place = f"Step {step.number}" if step.number is not None else "A step that was taken out"
        said = ": ".join(part for part in (place, step.template) if part)
        label = said if is_of_one or not step.cadence else f"{step.cadence}, {said}"
        return (-(group.cadence_id or 0), step.number or 1 << 30, group.step_key or ""), label

    return name


def _version(versions: dict[int, tuple[str, int]], version_id: int | None) -> _Named:
    name, number = versions.get(version_id or 0, ("a template that is gone", 0))
    return (name, number), f"{name}, version {number}"


def _week_of(week: int) -> str:
    monday = monday_of(week)
    return f"Week of {monday.day} {monday:%B %Y}"


def _about(tx: Tx, of: Of) -> str:
    """Of which mails, in words."""
    parts = []
    if of.cadence_id is not None:
        parts.append(cadence_names(tx)[of.cadence_id])
    if of.step_key is not None:
        step = rows.step_names(tx).get((of.cadence_id or 0, of.step_key))
        parts.append(f"step {step.number}" if step and step.number else "one step")
    if of.version_id is not None:
        parts.append(_version(rows.version_names(tx), of.version_id)[1])
    if of.mailbox_id is not None:
        box = mailboxes.mailbox_by_id(tx, of.mailbox_id)
        parts.append(f"from {box.name}" if box else "from a mailbox that is gone")
    if of.week is not None:
        parts.append(f"first written to in the w{_week_of(of.week)[1:]}")
    return ", ".join(parts) or "all cadences"
