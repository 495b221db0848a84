"""A lead's own page, drawn: whole for a browser without script, its inside for htmx; and the forms that stand on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from inboxcrm.leads.stage_asks import place_in
from inboxcrm.views.answer_marks import CHOICES as MARKS
from inboxcrm.views.lead_page import lead_record
from inboxcrm.views.lead_page_shapes import LeadPage, Show
from inboxcrm.views.stage_asks import AskedMove
from inboxcrm.web.changes import Attempt, Clash
from inboxcrm.web.panel import Toast, keep_toast, kept_toast
from inboxcrm.web.places import is_partial
from inboxcrm.web.room import new_key, this_room
from inboxcrm.web.security import csrf_token

SHOWN = (
    (Show.ALL, "All"),
    (Show.MAIL, "Mail"),
    (Show.NOTES, "Notes"),
    (Show.CALLS, "Calls"),
    (Show.MEETINGS, "Meetings"),
    (Show.TASKS, "Tasks"),
    (Show.CHANGES, "Changes"),
)
LABELS = {
    "name": "Name",
    "organization": "Organization",
    "phone": "Phone",
    "source": "Source",
    "value": "Value",
    "currency": "Currency",
    "owner": "Owner",
    "stage": "Stage",
}


@dataclass(frozen=True, slots=True)
class Forms:
    """The opening of every form of one page; close it by </form>."""

    show: Show

    def open(
        self,
        action: str,
        *,
        version: int | None = None,
        back: str = "",
        css: str = "",
        name: str = "",
    ) -> Markup:
        """Works alone; with htmx it swaps the page's inside. `back` has the focus afterwards."""
        path = escape(action)
        extra = "".join(
            f' {attribute}="{escape(value)}"'
            for attribute, value in (("data-back", back), ("class", css), ("id", name))
            if value
        )
        hidden = [("csrf_token", csrf_token()), ("idempotency_key", new_key())]
        if version is not None:
            hidden.append(("version", str(version)))
        if self.show:
            hidden.append(("kind", self.show.value))
        fields = Markup("").join(
            Markup('<input type="hidden" name="{}" value="{}">').format(*pair) for pair in hidden
        )
        return Markup(  # noqa: S704 - every part is escaped above or ours
            f'<form method="post" action="{path}" hx-post="{path}" hx-target="#panel" hx-swap="innerHTML"{extra}>'
            f"{fields}"
        )


def shown_kind(values: Any) -> Show:
    """A made-up kind shows everything."""
    try:
        return Show(values.get("kind", ""))
    except ValueError:
        return Show.ALL


def show_lead_page(
    lead_id: str,
    *,
    code: int = 200,
    attempt: Attempt | None = None,
    toast: Toast | None = None,
    asked: AskedMove | None = None,
) -> ResponseReturnValue:
    room = this_room()
    is_change = request.method == "POST"
    show = shown_kind(request.form if is_change else request.args)
    before = None if is_change else request.args.get("before", "")[:300] or None
    page = lead_record(room.desk, room.viewer, lead_id, show=show, before=before)
    today = room.now().astimezone(room.zone)
    values = {
        "page": page,
        "lead": page.card,
        "forms": Forms(show),
        "shown": SHOWN,
        "before": before,
        "attempt": attempt or Attempt(),
        "asked": asked,
        "standing": standing_values(page),
        "labels": LABELS,
        "local_now": f"{today:%Y-%m-%dT%H:%M}",
        "tomorrow": (today.date() + timedelta(days=1)).isoformat(),
        "soon": [
            (label, (today.date() + timedelta(days=days)).isoformat())
            for label, days in (("Tomorrow", 1), ("In a week", 7), ("In a month", 30))
        ],
        "mark_choices": MARKS,
        "new_key": new_key,
        "here": "leads",
        "toast": toast or kept_toast(),
    }
    template = "partials/lead_answer.html" if is_partial() and is_change else "pages/lead.html"
    return make_response(render_template(template, **values), code)


def show_changed(lead_id: str, toast: Toast) -> ResponseReturnValue:
    """After a change that was made."""
    if is_partial():
        return show_lead_page(lead_id, toast=toast)
    keep_toast(toast)
    kind = shown_kind(request.form).value
    return redirect(url_for("leads.lead", lead_id=lead_id, kind=kind or None), 303)


def standing_values(page: LeadPage) -> dict[str, str]:
    """The fields as the form of a page writes them."""
    lead = page.card
    amount = lead.value.amount.removesuffix(".00") if lead.value else ""
    values = {
        "name": lead.name,
        "organization": lead.organization or "",
        "phone": lead.phone or "",
        "source": lead.source,
        "value": amount,
        "currency": lead.value.currency if lead.value else "",
        "owner": page.owner.id if page.owner else "",
    }
    return values | {f"custom.{one.key}": one.value for one in page.fields}


def clashes_of(lead_id: str, wanted: dict[str, str]) -> tuple[Clash, ...]:
    """What somebody wanted, beside what stands there now; what stands as wanted already is left out."""
    room = this_room()
    page = lead_record(room.desk, room.viewer, lead_id)
    now = standing_values(page) | {"stage": page.card.stage.key}
    people = {one.id: one.name for one in page.owners} | {"": "nobody"}
    stages = dict(page.card.stages)
    for group in page.card.elsewhere:
        stages |= {key: f"{group.label}: {label}" for key, label in group.stages}
    if "stage" in wanted:
        pipeline, stage = place_in(wanted["stage"])
        # Of its own pipeline a stage is known by its key alone.
        wanted = wanted | ({"stage": stage} if pipeline == page.card.pipeline.key else {})
    labels = LABELS | {f"custom.{one.key}": one.label for one in page.fields}

    def shown(name: str, value: str) -> str:
        if name == "owner":
            return people.get(value, value)
        return stages.get(value, value) if name == "stage" else value

    return tuple(
        Clash(
            name,
            labels.get(name, name),
            now.get(name, ""),
            value,
            shown(name, now.get(name, "")),
            shown(name, value),
        )
        for name, value in wanted.items()
        if now.get(name, "") != value
    )
