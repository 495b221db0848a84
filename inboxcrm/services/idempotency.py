"""The same request sent twice is done once: the answer is stored in the transaction of the change
itself.

1. One write transaction begins and claims the key (insert or ignore). Of two requests with one key
   at the same time the second waits here until the first has ended, then finds its answer.
2. `act` is given a desk bound to this transaction: every use case and view called with that desk
   works inside it, and what views read already shows the change.
3. The answer is stored beside the key, and everything is committed together.

A crash or an exception anywhere leaves neither the change nor the key; the request may simply be
sent again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import UsageError
from inboxcrm.store import requests
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.desk import Desk
from inboxcrm.store.joined import JoinedDatabase

KEPT_FOR = timedelta(days=2)
"""Nobody repeats a request after that; the next new one drops its answer."""
_LONGEST_KEY = 200


def run_once(
    desk: Desk,
    viewer: Viewer,
    key: str,
    fingerprint: str,
    act: Callable[[Desk], tuple[int, bytes]],
) -> tuple[int, bytes]:
    """The (code, body) of `act`, or of its first run when the key was used before.

    `act` must work with the desk it is given, not with the one of its surroundings. `fingerprint`
    is a digest of route and body: the same key with another request raises UsageError. An empty key
    runs `act` plainly. What `act` raises passes through, and then nothing has changed; an answer of
    400 and above is not kept.
    """
    if not key:
        return act(desk)
    if len(key) > _LONGEST_KEY:
        raise UsageError(
            "The Idempotency-Key is too long.", remedy=f"Send at most {_LONGEST_KEY} characters."
        )
    own_key = f"{viewer.account_id}:{key}"
    with desk.database.write() as tx:
        before = requests.claim(
            tx,
            own_key,
            account_id=viewer.account_id,
            fingerprint=fingerprint,
            at=to_ms(desk.clock.now()),
        )
        if before is not None:
            if before.fingerprint != fingerprint:
                raise UsageError(
                    "This Idempotency-Key was used for another request.",
                    remedy="Send every new change with a new key.",
                )
            return before.code, before.body
        requests.forget_answers(tx, before=to_ms(desk.clock.now() - KEPT_FOR))
        code, body = act(replace(desk, database=JoinedDatabase(desk.database, tx)))
        if code < 400:
            requests.keep_answer(tx, own_key, code=code, body=body)
        else:
            requests.drop_key(tx, own_key)
        return code, body
