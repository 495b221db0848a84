"""Who is shown in a preview, where many of the segment would get nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from inboxcrm.services import cadence_preview
from inboxcrm.services.cadence_preview import previews
from inboxcrm.services.suppressions import suppress
from tests.sending.office import ALICE, Office
from tests.sending.talks import at_rest, spring

NewOffice = Callable[..., Office]
PEOPLE = ("bob", "erin", "frank", "grete", "hans")


@pytest.fixture
def office(new_office: NewOffice, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(cadence_preview, "_AT_ONCE", 2)
    made = at_rest(new_office(people=PEOPLE))
    spring(made)
    return made


def shown(office: Office, most: int) -> list[str]:
    found = previews(office.desk, ALICE, "Spring", most=most)
    return [one.address.partition("@")[0] if not one.problem else "nobody" for one in found]


def test_everybody_is_shown_who_is_asked_for(office: Office) -> None:
    assert shown(office, 4) == list(PEOPLE[:4])
    assert shown(office, 10) == list(PEOPLE)


def test_those_behind_many_who_are_left_out_are_found(office: Office) -> None:
    for name in PEOPLE[:4]:
        suppress(office.desk, ALICE, f"{name}@{name}s-firm.example")
    assert shown(office, 3) == ["hans"]


def test_where_all_are_left_out_the_first_of_them_are_shown_with_the_reason(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in PEOPLE:
        suppress(office.desk, ALICE, f"{name}@{name}s-firm.example")
    assert shown(office, 3) == ["nobody"] * 3
    monkeypatch.setattr(cadence_preview, "_MOST_LEFT_OUT", 2)
    assert shown(office, 3) == ["nobody"] * 2
