"""A new key for what is sealed in the database, while the program runs.

With a key file:
1. A new key is written before the old ones, in one step. From here on everything new is sealed with it; the old ones
   still open.
2. In one transaction every token is opened and sealed anew. Whoever seals does so inside a transaction of their own and
   reads the file there: before ours with the old key, and we find it; after ours with the new one.
3. The file is written with the new key alone, in one step, once nothing is left that needs an old one.

A crash after 1 or within 2 leaves both keys in the file and every token readable; after 2 as well. Running it again
begins with a newer key and ends the same. What no key opens stays as it is: those mailboxes have to be reconnected.

With keys in the environment we write nothing: put the new key before the old one there and restart, then run this for
step 2; after that the old one can be taken out.
"""

from __future__ import annotations

from dataclasses import dataclass

from inboxcrm.errors import UsageError
from inboxcrm.store.connected import reseal_tokens, sealed_tokens
from inboxcrm.store.desk import Desk
from inboxcrm.store.sealed import KEY_VARIABLE, Seals, new_key, opened, write_keys
from inboxcrm.store.upserts import one_at_a_time


@dataclass(frozen=True, slots=True)
class Rotated:
    """`lost` are mailboxes whose token no key opens; `next` is what the person still has to do."""

    resealed: int
    lost: tuple[str, ...] = ()
    next: str = ""


def rotate_keys(desk: Desk) -> Rotated:
    seals = desk.seals
    if seals.given:
        return _reseal_given(desk, seals)
    if seals.key_file is None:
        raise UsageError(
            "There is no key yet, so there is none to exchange.",
            remedy=f"Make one with `inboxcrm keys new`; set it as {KEY_VARIABLE} or name a [security] key_file.",
        )
    fresh = new_key()
    write_keys(seals.key_file, [fresh, *seals.keys()])
    done = _reseal(desk)
    if not _needing_old(desk, fresh):
        write_keys(seals.key_file, [fresh])
        return done
    return Rotated(
        done.resealed,
        done.lost,
        "The old key stays readable: something still needs it. Run this again.",
    )


def _reseal_given(desk: Desk, seals: Seals) -> Rotated:
    keys = seals.keys()
    if len(keys) < 2:
        raise UsageError(
            f"The key stands in {KEY_VARIABLE}, where inboxcrm cannot change it.",
            remedy=f"Put a new key (`inboxcrm keys new`) before it, as in {KEY_VARIABLE}=NEW,OLD; restart inboxcrm, "
            "and run this again.",
        )
    done = _reseal(desk)
    return Rotated(
        done.resealed, done.lost, f"Now leave only the first key in {KEY_VARIABLE}, and restart."
    )


def _reseal(desk: Desk) -> Rotated:
    with desk.database.write() as tx:
        one_at_a_time(tx)
        held = sealed_tokens(tx)
        found = {
            which: (name, desk.seals.open(sealed, purpose=name)) for which, name, sealed in held
        }
        made = {
            which: desk.seals.seal(secret, purpose=name)
            for which, (name, secret) in found.items()
            if secret is not None
        }
        reseal_tokens(tx, made)
    return Rotated(len(made), tuple(name for name, secret in found.values() if secret is None))


def _needing_old(desk: Desk, fresh: str) -> bool:
    """Whether a token is left that the new key does not open but one in the file does."""
    with desk.database.read() as tx:
        held = sealed_tokens(tx)
    return any(
        opened((fresh,), sealed, purpose=name) is None
        and desk.seals.open(sealed, purpose=name) is not None
        for _, name, sealed in held
    )
