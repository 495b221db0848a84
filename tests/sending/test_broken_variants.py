"""Each rule of the send protocol taken away: the kill test, or the test of stops, must notice. SQLite alone: they are rules
of ours, not of a database.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from inboxcrm.cadence import outbox as life
from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.ports import Ambiguous
from inboxcrm.services import sending, settling_mail
from inboxcrm.store import outbox
from tests.sending.office import Office
from tests.sending.post import Habits
from tests.sending.test_kill import LATE, every_position

NewOffice = Callable[..., Office]

ROUGH = Habits(late_seconds=LATE, lingers_seconds=LATE, takes_twice=True, lost_done=0.4)


def plan_what_was_handed_over(patch: pytest.MonkeyPatch) -> None:
    """Whatever an earlier sender had in hand goes anew."""
    real = outbox.left_behind

    def left_behind(*args: Any, **how: Any) -> list[Any]:
        return [one._replace(state=OutboxState.CLAIMED.value) for one in real(*args, **how)]

    def move_mail(tx: Any, outbox_id: int, state: Any, *, come_from: Any, **how: Any) -> bool:
        if state is OutboxState.PLANNED:
            come_from = (*come_from, OutboxState.SENDING)
        return real_move(tx, outbox_id, state, come_from=come_from, **how)

    real_move = outbox.move_mail
    patch.setattr(outbox, "left_behind", left_behind)
    patch.setattr(outbox, "move_mail", move_mail)


def believe_one_look(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(settling_mail, "is_not_sent", lambda **_: True)


def take_lost_for_refused(patch: pytest.MonkeyPatch) -> None:
    real = sending.keep_outcome
    patch.setattr(
        sending,
        "keep_outcome",
        lambda leaving, mail, handed: real(
            leaving, mail, None if isinstance(handed, Ambiguous) else handed
        ),
    )


def cross_after_the_hand_over(patch: pytest.MonkeyPatch) -> None:
    """The provider is asked first, and it is written down afterwards."""
    real = sending._cross

    def cross(leaving: Any, mail: Any, prepared: Any, **how: Any) -> bool:
        leaving.sender.hand_over(prepared)
        return real(leaving, mail, prepared, **how)

    patch.setattr(sending, "_cross", cross)


def make_a_new_draft(patch: pytest.MonkeyPatch) -> None:
    """What was not sent goes with another draft, which the first one's fate says nothing about."""
    real = sending._hand_over

    def hand_over(leaving: Any, mail: Any, prepared: Any, *, come_from: OutboxState) -> None:
        if come_from is OutboxState.DRAFTED:
            with leaving.desk.database.read() as tx:
                prepared = leaving.sender.prepare(outbox.bytes_of(tx, mail.id))
        real(leaving, mail, prepared, come_from=come_from)

    patch.setattr(sending, "_hand_over", hand_over)
    patch.setattr(life, "UNSEEN_SECONDS", 0.0)
    believe_one_look(patch)


VARIANTS = [
    (plan_what_was_handed_over, Habits()),
    (believe_one_look, ROUGH),
    (take_lost_for_refused, ROUGH),
    (cross_after_the_hand_over, Habits()),
    (make_a_new_draft, Habits(late_seconds=LATE, lingers_seconds=LATE, lost_done=0.4)),
]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("broken", "habits"), VARIANTS, ids=lambda one: getattr(one, "__name__", "")
)
def test_the_kill_test_notices(
    new_office: NewOffice,
    monkeypatch: pytest.MonkeyPatch,
    broken: Callable[..., None],
    habits: Habits,
) -> None:
    new_office.keep_one()
    broken(monkeypatch)
    wrong, _ = every_position(new_office, habits, step=1 if habits == Habits() else 3, seed=2)
    assert any("times" in line for line in wrong)
