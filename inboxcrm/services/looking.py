"""When somebody looked at Today, kept so that it can say what is new to them. Written at most every ten minutes."""

from __future__ import annotations

from datetime import datetime

from inboxcrm.access.viewer import Viewer
from inboxcrm.leads.looks import Looks, look_again, news_since
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.desk import Desk
from inboxcrm.store.settings import get_setting, set_setting


def look_at_today(desk: Desk, viewer: Viewer) -> datetime:
    """Notes the look and returns since when replies are news to this person."""
    key, now = f"today_looks:{viewer.account_id}", desk.clock.now()
    with desk.database.read() as tx:
        held = _read(get_setting(tx, key))
    looks = look_again(held, now)
    if looks is not held:
        with desk.database.write() as tx:
            set_setting(tx, key, f"{to_ms(looks.before) or 0} {to_ms(looks.last) or 0}")
    return news_since(looks, now)


def _read(text: str | None) -> Looks:
    before, _, last = (text or "").partition(" ")
    if not (before.isdigit() and last.isdigit()):
        return Looks()
    return Looks(from_ms(int(before) or None), from_ms(int(last) or None))
