"""A cadence that runs is looked at to be started again: being in it already leaves nobody out as being elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from inboxcrm.leads.segment_left_out import LeftOut
from inboxcrm.services.cadences import cadence_named
from inboxcrm.services.segments import look_at
from tests.sending.office import ALICE, Office

ELSEWHERE = LeftOut.ACTIVE_ELSEWHERE.value


def test_who_is_in_this_very_cadence_is_not_elsewhere(new_office: Callable[..., Office]) -> None:
    office = new_office(people=("bob", "erin"))
    own = cadence_named(office.desk, ALICE, "autumn").row.id
    for asked, elsewhere in ((0, 2), (own, 0), (own + 1, 2)):
        found = look_at(office.desk, ALICE, "stage is new", cadence_id=asked)
        assert sum(one.count for one in found.left_out if one.reason == ELSEWHERE) == elsewhere
        assert {one.left_out != () for one in found.samples} == {bool(elsewhere)}
