"""Reports on cadences as pages: figures in a table, and the mails behind each of them."""

from __future__ import annotations

from dataclasses import asdict
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from inboxcrm.cadence.reports import By
from inboxcrm.views.cadence_report_shapes import Asked
from inboxcrm.views.cadence_reports import cadence_report, mails_behind
from inboxcrm.web.panel import kept_toast
from inboxcrm.web.room import this_room

cadence_reports = Blueprint("cadence_reports", __name__)

_CHOICES = (
    (By.CADENCE, "By cadence"),
    (By.STEP, "By step"),
    (By.VERSION, "By version"),
    (By.MAILBOX, "By mailbox"),
    (By.WEEK, "By week"),
)
_LONGEST = 300


@cadence_reports.get("/cadences/reports")
def page() -> ResponseReturnValue:
    room = this_room()
    asked, wanted = _asked(), request.args.get("by", "")
    by = By(wanted) if wanted in set(By) else By.STEP if asked.cadence else By.CADENCE
    return render_template(
        "pages/cadence_reports.html",
        here="cadences",
        report=cadence_report(room.desk, room.viewer, asked, by),
        asked=asked,
        choices=[(key.value, label) for key, label in _CHOICES],
        toast=kept_toast(),
    )


@cadence_reports.get("/cadences/reports/<figure>")
def behind(figure: str) -> ResponseReturnValue:
    room = this_room()
    asked, after = _asked(), _said("after") or None
    found = mails_behind(room.desk, room.viewer, asked, figure, after=after)
    said = {name: value for name, value in asdict(asked).items() if value}
    return render_template(
        "pages/cadence_report_mails.html",
        here="cadences",
        found=found,
        asked=asked,
        earlier=urlencode({**said, "after": found.mails.next or ""}),
        is_first=after is None,
        toast=kept_toast(),
    )


def _asked() -> Asked:
    return Asked(
        cadence=_said("cadence"),
        step=_said("step"),
        version=_said("version"),
        mailbox=_said("mailbox"),
        week=_said("week"),
    )


def _said(name: str) -> str:
    return request.args.get(name, "")[:_LONGEST]
