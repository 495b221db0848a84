"""A mail merge that is ready to be started in the demo: two templates, a segment, and a cadence that has not begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inboxcrm.cadence.rules import CadenceRules
from inboxcrm.cadence.windows import Windows
from inboxcrm.services.cadences import add_step, make_merge
from inboxcrm.services.segments import save_segment
from inboxcrm.services.templates import save_template

if TYPE_CHECKING:
    from inboxcrm.access.viewer import Viewer
    from inboxcrm.store.desk import Desk

NAME = "Open evening"
SEGMENT = "Want a visit"
FILTER = 'tag is "Wants a visit" or stage is engaged'
MAILBOX = "alice"
GAP_SECONDS = 15
"""Short, so that the demo shows something; a real mailbox keeps a minute and a half."""

GREETING = "Good day{% if first_name %} {{ first_name }}{% endif %},\n\n"
INVITATION = GREETING + (
    "on the first Thursday of next month we open our laboratory: new fittings, measured side by side, and time to talk"
    "{% if organization %} about what {{ organization }} is planning{% endif %}.\n\n"
    "May I put you on the list?\n\n{{ signature }}\n"
)
REMINDER = GREETING + (
    "there are a few places left for the open evening. Shall I keep one for you?\n\n{{ signature }}\n"
)
LETTERS = {
    "Invitation": ("Our open evening in the light laboratory", INVITATION),
    "Reminder": ("Still a place for you", REMINDER),
}


def prepare_merge(desk: Desk, viewer: Viewer) -> None:
    """Nothing of it is started: that is for whoever tries the demo."""
    for name, (subject, text) in LETTERS.items():
        save_template(desk, viewer, name=name, subject=subject, text=text)
    save_segment(desk, viewer, name=SEGMENT, text=FILTER)
    make_merge(
        desk,
        viewer,
        name=NAME,
        template="Invitation",
        segment=SEGMENT,
        mailbox=MAILBOX,
        rules=CadenceRules(
            windows=Windows.always(desk.working_hours.zone), gap_seconds=GAP_SECONDS, day_cap=200
        ),
    )
    add_step(desk, viewer, NAME, after="3 business days", template="Reminder")
