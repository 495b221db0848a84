"""Keeps the scores of all leads level with what happened and with the time that passed.

    1. What is due: leads somebody wrote to or changed (they stand in score_due), and leads whose points are fewer from
       now on (`changes_at`). Other rules than the last time make every lead due.
    2. Alone with the scores, in one transaction: the facts of these leads, their score by leads/scoring.py, the rows.
A crash before the commit leaves them due. Pages read the rows; what a lead's own page says of its points is worked out
from the facts when it is asked for, by the same function.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from inboxcrm.leads.scoring import score
from inboxcrm.store import lead_scores
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.score_facts import score_facts
from inboxcrm.store.settings import get_setting, set_setting

SETTING = "score_rules"
AT_ONCE = 500
_MOST_GROUPS = 20
"""Of one round of the worker: mail is not to wait for scores."""


def keep_scores(desk: Desk, *, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Works out what is due, up to ten thousand leads; how many it was. Cheap where nothing is."""
    done = 0
    for _ in range(_MOST_GROUPS):
        found = 0 if should_stop() else keep_some_scores(desk)
        done += found
        if found < AT_ONCE:
            break
    return done


def keep_some_scores(desk: Desk, *, limit: int = AT_ONCE) -> int:
    """One transaction, up to `limit` leads; how many it was."""
    now = desk.clock.now()
    with desk.database.read() as tx:
        is_same = get_setting(tx, SETTING) == _fingerprint(desk)
        if is_same and not lead_scores.scores_due(tx, now=to_ms(now), limit=1).lead_ids:
            return 0
    with desk.database.write() as tx:
        lead_scores.alone_with_scores(tx)
        _note_other_rules(tx, desk)
        due = lead_scores.scores_due(tx, now=to_ms(now), limit=limit)
        facts = score_facts(tx, due.lead_ids, desk.scoring, now)
        found = {lead_id: score(desk.scoring, held, now) for lead_id, held in facts.items()}
        lead_scores.put_scores(
            tx,
            [
                {
                    "lead_id": lead_id,
                    "fit": one.fit,
                    "engagement": one.engagement,
                    "computed_at": to_ms(now),
                    "changes_at": to_ms(one.changes_at),
                }
                for lead_id, one in sorted(found.items())
            ],
            settled=due,
        )
    return len(due.lead_ids)


def _note_other_rules(tx: Tx, desk: Desk) -> None:
    fingerprint = _fingerprint(desk)
    if get_setting(tx, SETTING) != fingerprint:
        lead_scores.note_every_score_due(tx)
        set_setting(tx, SETTING, fingerprint)


def _fingerprint(desk: Desk) -> str:
    """The rules themselves, so that any change of them counts, and of nothing else."""
    return hashlib.sha256(repr(desk.scoring).encode()).hexdigest()
