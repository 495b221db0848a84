"""Cadences as pages: the list, one of them with what it says and how far it is, and the story of one of its mails.

Starting asks for the number of people in so many digits: whoever types 400 has seen 400.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from inboxcrm.cadence.limit_words import days_in_words
from inboxcrm.cadence.reports import By
from inboxcrm.errors import FieldsError, ForbiddenError, InboxcrmError, RefusedError, UserError
from inboxcrm.services import cadence_preview, cadences, explaining
from inboxcrm.services.dry_runs import SPREAD_DAYS
from inboxcrm.services.planning_ahead import plan_ahead
from inboxcrm.services.segment_saying import segments_in_words
from inboxcrm.services.segment_shapes import SegmentView
from inboxcrm.services.segments import look_at
from inboxcrm.views.answer_marks import CHOICES as MARKS
from inboxcrm.views.answer_marks import answer_to_mail
from inboxcrm.views.cadence_mails import cadence_mail, cadence_mails
from inboxcrm.views.cadence_report_shapes import Asked, CadenceReport
from inboxcrm.views.cadence_reports import cadence_report
from inboxcrm.views.cadence_shapes import CadencePage
from inboxcrm.views.cadence_words import GROUPS
from inboxcrm.views.cadences import cadence_list, cadence_page
from inboxcrm.views.leads import search_leads
from inboxcrm.web.changes import Attempt, Outcome, attempt_of, change_once, said
from inboxcrm.web.inbox import FRAME_CSP
from inboxcrm.web.letters import Letter, files_with, letter_of
from inboxcrm.web.mail_html import clean_mail
from inboxcrm.web.panel import Toast, keep_toast, kept_toast
from inboxcrm.web.room import Desk, new_key, this_room

cadence_pages = Blueprint("cadences", __name__)

_PREVIEWS = 3
_MOST_PLANNED = 2_000
_MOST_FOUND = 8
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class People:
    """Who is in the segment now; or why that cannot be told."""

    look: SegmentView | None = None
    problem: str = ""


@cadence_pages.get("/cadences")
def everything() -> ResponseReturnValue:
    room = this_room()
    view = cadence_list(room.desk, room.viewer, after=_cursor())
    words = segments_in_words(room.desk, room.viewer, [one.segment for one in view.rows])
    return render_template(
        "pages/cadences.html",
        here="cadences",
        view=view,
        said_of=words,
        is_first=_cursor() is None,
        toast=kept_toast(),
    )


@cadence_pages.get("/cadences/<cadence_id>")
def page(cadence_id: str) -> ResponseReturnValue:
    return _show(cadence_id)


@cadence_pages.post("/cadences/<cadence_id>/start")
def start(cadence_id: str) -> ResponseReturnValue:
    def act(desk: Desk, name: str) -> Toast:
        done = cadences.start(desk, this_room().viewer, name, expected=_expected())
        people = "1 person is" if done.count == 1 else f"{done.count} people are"
        return Toast(f"Started: {people} in. Their mails go by its rules.")

    return _change(cadence_id, act, form="start")


@cadence_pages.post("/cadences/<cadence_id>/pause")
def pause(cadence_id: str) -> ResponseReturnValue:
    def act(desk: Desk, name: str) -> Toast:
        cadences.pause(desk, this_room().viewer, name)
        return Toast("Paused. What is handed over already goes; nothing else does.")

    return _change(cadence_id, act)


@cadence_pages.post("/cadences/<cadence_id>/resume")
def resume(cadence_id: str) -> ResponseReturnValue:
    def act(desk: Desk, name: str) -> Toast:
        cadences.resume(desk, this_room().viewer, name)
        return Toast("Running again. What fell due meanwhile goes under its rules, never at once.")

    return _change(cadence_id, act)


@cadence_pages.post("/cadences/<cadence_id>/cancel")
def cancel(cadence_id: str) -> ResponseReturnValue:
    def act(desk: Desk, name: str) -> Toast:
        many = cadences.cancel(desk, this_room().viewer, name)
        mails = "1 mail" if many == 1 else f"{many} mails"
        return Toast(f"Cancelled for good: {mails} will not go." if many else "Cancelled for good.")

    return _change(cadence_id, act)


@cadence_pages.get("/cadences/<cadence_id>/body/<lead_id>")
def body(cadence_id: str, lead_id: str) -> ResponseReturnValue:
    """The HTML one lead would get, in a frame without scripts, as received mail is shown."""
    room = this_room()
    view = cadence_page(room.desk, room.viewer, cadence_id)
    found = cadence_preview.previews(room.desk, room.viewer, view.line.name, lead_id=lead_id)
    mail = found[0] if found and not (found[0].is_frozen and not view.may_change) else None
    html = mail.words()[1] if mail else ""
    return framed(html, mail.problem if mail else "")


@cadence_pages.get("/cadences/<cadence_id>/mails/<mail_id>")
def mail(cadence_id: str, mail_id: str) -> ResponseReturnValue:
    return _show_mail(cadence_id, mail_id)


@cadence_pages.get("/cadences/<cadence_id>/mails/<mail_id>/body")
def mail_body(cadence_id: str, mail_id: str) -> ResponseReturnValue:
    del cadence_id
    room = this_room()
    found = cadence_mail(room.desk, room.viewer, mail_id)
    text, html = cadence_preview.written(found.mime)
    return framed(html, text)


@cadence_pages.post("/cadences/<cadence_id>/mails/<mail_id>/resolve")
def resolve(cadence_id: str, mail_id: str) -> ResponseReturnValue:
    """A person's word on a mail whose fate nobody could tell."""
    room = this_room()
    went = {"yes": True, "no": False}.get(request.form.get("went", ""))
    found = cadence_mail(room.desk, room.viewer, mail_id)

    def act(desk: Desk) -> Outcome:
        if went is None:
            raise FieldsError({"went": "Say whether it went or did not go."})
        explaining.resolve(desk, room.viewer, found.key, went=went)
        return {"text": "Noted: it went." if went else "Noted: it did not go."}

    try:
        keep_toast(Toast(change_once(act)["text"]))
    except (UserError, RefusedError) as error:
        return _show_mail(cadence_id, mail_id, problem=said(error), code=422)
    if request.form.get("back") == "outbox":
        return redirect("/outbox", 303)
    return redirect(url_for("cadences.mail", cadence_id=cadence_id, mail_id=mail_id), 303)


# --- drawing ----------------------------------------------------------------------


def framed(html: str, text: str = "") -> ResponseReturnValue:
    """A mail's HTML for a frame: cleaned as a stranger's is, since a stranger's name stands in it."""
    clean = clean_mail(html, with_images=False)
    answer = make_response(
        render_template(
            "pages/mail_body.html",
            html=Markup(clean.html) if html else "",  # noqa: S704 - cleaned on the line above
            text=text,
            remote_images=0,
            remote_hosts=clean.remote_hosts,
            with_images=False,
            is_cut=clean.is_cut,
            is_tangled=clean.is_tangled,
        )
    )
    answer.headers["Content-Security-Policy"] = FRAME_CSP.format(images="data:")
    return answer


def _show(
    cadence_id: str, *, attempt: Attempt | None = None, code: int = 200
) -> ResponseReturnValue:
    room = this_room()
    view = cadence_page(room.desk, room.viewer, cadence_id)
    group = request.args.get("state", "")
    group = group if group in GROUPS else ""
    is_draft = view.line.state == "draft"
    words = " ".join(request.args.get("lead", "").split())[:100]
    chosen = request.args.get("preview", "")[:100]
    wants_previews = is_draft or bool(chosen) or request.args.get("show") == "mails"
    mails = None
    if not is_draft:
        mails = cadence_mails(room.desk, room.viewer, cadence_id, group=group, after=_cursor())
    people = _people(view) if is_draft else None
    values = {
        "here": "cadences",
        "view": view,
        "line": view.line,
        "segment": segments_in_words(room.desk, room.viewer, [view.line.segment])[
            view.line.segment
        ],
        "people": people,
        "ahead": _ahead(view, people) if people else "",
        "letters": _letters(view, chosen) if wants_previews else None,
        "chosen": chosen,
        "asked": words,
        "found": search_leads(room.desk, room.viewer, words, limit=_MOST_FOUND) if words else (),
        "mails": mails,
        "report": None if is_draft else _report(cadence_id),
        "group": group,
        "groups": [(key, label) for key, (label, _) in GROUPS.items()],
        "is_first": _cursor() is None,
        "attempt": attempt or Attempt(),
        "toast": kept_toast() if attempt is None else None,
        "new_key": new_key,
    }
    return render_template("pages/cadence.html", **values), code


def _show_mail(
    cadence_id: str, mail_id: str, *, problem: str = "", code: int = 200
) -> ResponseReturnValue:
    del cadence_id  # the mail knows its own
    room = this_room()
    found = cadence_mail(room.desk, room.viewer, mail_id)
    text, html = cadence_preview.written(found.mime)
    page = render_template(
        "pages/cadence_mail.html",
        here="cadences",
        mail=found,
        line=found.line,
        story=explaining.mail_story(room.desk, room.viewer, found.key),
        text=text,
        has_html=bool(html),
        files=files_with(found.mime),
        answer=answer_to_mail(room.desk, room.viewer, mail_id),
        mark_choices=MARKS,
        problem=problem,
        toast=kept_toast() if not problem else None,
        new_key=new_key,
    )
    return page, code


def _report(cadence_id: str) -> CadenceReport:
    room = this_room()
    return cadence_report(room.desk, room.viewer, Asked(cadence=cadence_id), By.STEP)


def _people(view: CadencePage) -> People:
    room = this_room()
    try:
        own = room.desk.ids.open("cadence", view.line.id) or 0
        return People(look_at(room.desk, room.viewer, view.line.segment, cadence_id=own))
    except InboxcrmError as error:
        return People(problem=said(error))


def _ahead(view: CadencePage, people: People) -> str:
    """How many mails and on which days; not of so many people that a page would wait for it."""
    if people.look is None or people.look.reachable > _MOST_PLANNED:
        return ""
    room = this_room()
    plan = plan_ahead(room.desk, room.viewer, view.line.name, days=SPREAD_DAYS)
    return days_in_words(len(plan.mails), plan.first_at, plan.last_at, zone=plan.zone)


def _letters(view: CadencePage, lead_id: str) -> list[Letter]:
    """The very mails, by the function that sends them; frozen ones only for whoever reads their mailbox."""
    room = this_room()
    try:
        found = cadence_preview.previews(
            room.desk, room.viewer, view.line.name, lead_id=lead_id, most=_PREVIEWS
        )
    except InboxcrmError as error:
        return [Letter("", "", problem=said(error))]
    return [
        letter_of(
            one,
            may_read=view.may_change,
            html_url=url_for("cadences.body", cadence_id=view.line.id, lead_id=one.lead_id),
        )
        for one in found
    ]


def _cursor() -> str | None:
    return request.args.get("after", "")[:_LONGEST] or None


# --- changing -----------------------------------------------------------------------


def _expected() -> int:
    text = request.form.get("count", "").strip().replace(" ", "").replace(",", "")
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise FieldsError({"count": "Type the number of people who get it, in digits."})
    return int(text)


def _change(
    cadence_id: str, act: Callable[[Desk, str], Toast], *, form: str = "change"
) -> ResponseReturnValue:
    """Services know cadences by name; a page knows them by an id that says nothing."""
    room = this_room()
    name = cadence_page(room.desk, room.viewer, cadence_id).line.name

    def once(desk: Desk) -> Outcome:
        return {"text": act(desk, name).text}

    try:
        outcome: dict[str, Any] = change_once(once)
    except UserError as error:
        return _show(cadence_id, attempt=attempt_of(form, error), code=422)
    except RefusedError as error:
        code = 403 if isinstance(error, ForbiddenError) else 409
        return _show(cadence_id, attempt=attempt_of(form, error), code=code)
    keep_toast(Toast(outcome["text"]))
    return redirect(url_for("cadences.page", cadence_id=cadence_id), 303)
