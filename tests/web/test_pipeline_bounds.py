"""However many leads there are, a page of the pipeline stays as long as its window: cards a stage, rows a page."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import insert

from inboxcrm.store.clocks import to_ms
from inboxcrm.store.tables import lead, organization
from inboxcrm.views.pipeline import CARDS
from inboxcrm.views.pipeline_sheet import ROWS
from tests.web.house import NOW, House
from tests.web.merging import text_of

_STAGES = ("new", "engaged", "mql", "sal", "sql", "opportunity", "won", "lost", "disqualified")
_LONG = "Nora <b>{{ 7*7 }}</b>\u202e\n" * 500  # 10 KB of what somebody called themselves
_PAGES = (
    "/pipeline",
    "/pipeline?as_of=2026-05-08",
    "/pipeline/sheet",
    "/pipeline/sheet?group=source&sort=value",
    "/pipeline/numbers",
    "/pipeline/numbers?as_of=2026-05-08",
    "/pipeline/numbers/leads?figure=stage:new",
)


def add_leads(house: House, each: int) -> None:
    """So many more a stage, each with a name, a firm, a source and a reason of its own."""
    at = to_ms(NOW) - 20 * 86_400_000
    with house.database.write() as tx:
        firm = tx.execute(
            insert(organization).values(domain=f"firm{each}.example", name=_LONG)
        ).inserted_primary_key[0]
        tx.execute(
            insert(lead),
            [
                {
                    "name": f"{number} {_LONG}", "organization_id": firm, "pipeline": "sales", "stage": stage,
                    "stage_since_at": at + number, "stage_reason": f"{number} {_LONG}"[:500], "source": f"{number} fair",
                    "value_cents": 10**13, "value_currency": "EUR", "close_on": "2026-06-01", "created_at": at,
                    "moved_at": at + number,
                }
                for stage in _STAGES for number in range(each)
            ],
        )  # fmt: skip


def bytes_of(client, path: str) -> int:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return len(answer.get_data())


@pytest.fixture
def full(house: House) -> House:
    """Every window is full."""
    add_leads(house, ROWS + 10)
    return house


def test_a_page_is_as_long_with_ten_times_the_leads(client, full):
    before = {path: bytes_of(client, path) for path in _PAGES}
    add_leads(full, 10 * ROWS)
    # Numbers get a digit more, and the dates of others are longer or shorter.
    grown = {path: bytes_of(client, path) - before[path] for path in _PAGES}
    assert {path: more for path, more in grown.items() if more > 4_000} == {}
    assert {path: many for path, many in before.items() if many > 600_000} == {}


def test_a_board_shows_so_many_cards_a_stage_and_asks_for_more(client, full):
    page = text_of(client.get("/pipeline"))
    assert page.count('<li class="bcard') == CARDS * len(_STAGES)
    [following, *_] = re.findall(r'hx-get="([^"]+only=new[^"]+)"', page)
    more = text_of(client.get(following.replace("&amp;", "&"), headers={"HX-Request": "true"}))
    assert more.count('<li class="bcard') == CARDS
    assert len(more) < 60_000
