"""What somebody may do with a saved view."""

from __future__ import annotations

import pytest

from inboxcrm.access.viewer import AccountRole, Viewer, ViewRight, right_to_view


@pytest.mark.parametrize(
    ("viewer", "is_shared", "right"),
    [
        (Viewer(1, AccountRole.REP), False, ViewRight.CHANGE),
        (Viewer(2, AccountRole.REP), False, ViewRight.NONE),
        (Viewer(2, AccountRole.MANAGER), False, ViewRight.NONE),
        (Viewer(2, AccountRole.ADMIN), False, ViewRight.NONE),
        (Viewer(2, AccountRole.REP), True, ViewRight.OPEN),
        (Viewer(2, AccountRole.MANAGER), True, ViewRight.OPEN),
        (Viewer(2, AccountRole.ADMIN), True, ViewRight.CHANGE),
        (Viewer(0, AccountRole.ADMIN), True, ViewRight.NONE),
    ],
)
def test_a_view_is_its_owners_until_it_is_shared(viewer, is_shared, right):
    assert right_to_view(viewer, 1, is_shared=is_shared) is right
