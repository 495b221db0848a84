"""The consent of a mailbox's owner, asked for in the browser and kept sealed.

1. `begin_connecting` writes down the question: whose it is, in which session, for which mailbox; the secrets sealed.
2. The person answers the provider, who sends their browser back to us.
3. `finish_connecting` takes the question out first: an answer counts once, for the account and the session that asked,
   within ten minutes. Then, outside any transaction, the provider is asked for the tokens.
4. The mailbox is made, or reconnected, and its token sealed, in one transaction.

A crash after 1 leaves a question that ends by itself; after 3 nothing: the person begins again; after 4 all is done.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from inboxcrm.access.viewer import Viewer, may_manage_mailbox
from inboxcrm.errors import Denied, ForbiddenError, NotFoundError, Reauth, RefusedError
from inboxcrm.mail.addresses import match_key
from inboxcrm.ports import Consent, MailLogin, Right
from inboxcrm.services.owning import own_addresses_changed
from inboxcrm.store import connected, mailboxes, removing
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.mailboxes import MailboxRow, may_send
from inboxcrm.store.sessions import note_audit
from inboxcrm.store.upserts import one_at_a_time

ANSWER_WITHIN = timedelta(minutes=10)
NAME_LENGTH = 90
NOTED = {
    (Right.READ, True): "mailbox_connected",
    (Right.READ, False): "mailbox_reconnected",
    (Right.SEND, False): "mailbox_sending",
}
"""What the audit log calls it, by what was asked for and whether the mailbox is new."""
_QUESTION = "consent"
_BEGIN_AGAIN = "Begin again on the Mailboxes page."


@dataclass(frozen=True, slots=True)
class Connected:
    """`is_new` is False where a mailbox was reconnected, or got another right; `right` is what was asked for.

    `lost_sending`: it could send before, and its owner left that box empty this time.
    """

    id: str
    name: str
    address: str
    is_new: bool
    right: Right
    lost_sending: bool = False


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, in which session (its opaque id); `now` is machine time."""

    viewer: Viewer
    session: str
    now: datetime


def begin_connecting(
    desk: Desk,
    asker: Asker,
    login: MailLogin,
    *,
    redirect_uri: str,
    mailbox_id: str = "",
    right: Right = Right.READ,
) -> str:
    """The address to send the browser to. `mailbox_id` names a mailbox to be reconnected, or one that is to send.

    One that could send is asked for both rights again. What must be granted is `right` alone: whoever wants their mail
    read and nothing sent any more is not turned away.
    """
    if asker.viewer.account_id <= 0:
        raise ForbiddenError("Only people with an account connect mailboxes.")
    desk.seals.check()
    held = None
    if mailbox_id:
        with desk.database.read() as tx:
            held = managed(tx, desk, asker.viewer, mailbox_id)
        refuse_declared(held)
    if right is Right.SEND:
        _refuse_unread(held)
    asked = login.begin(
        redirect_uri=redirect_uri,
        address=held.address if held else "",
        right=Right.SEND if held is not None and held.may_send else right,
    )
    with desk.database.write() as tx:
        connected.drop_old_consents(tx, before=to_ms(asker.now - ANSWER_WITHIN))
        connected.insert_consent(
            tx,
            state_hash=_hash(asked.state),
            account_id=asker.viewer.account_id,
            session=asker.session,
            mailbox_id=held.id if held else None,
            verifier=desk.seals.seal(
                json.dumps([asked.state, asked.verifier, right.value]), purpose=_QUESTION
            ),
            redirect_uri=redirect_uri,
            made_at=to_ms(asker.now),
        )
    return asked.url


def finish_connecting(
    desk: Desk, asker: Asker, login: MailLogin, *, state: str, answer: str
) -> Connected:
    """Raises RefusedErrors for answers to questions that were not asked here, and the provider's faults."""
    question = _take_question(desk, asker, state)
    kept = desk.seals.open(question["verifier"], purpose=_QUESTION)
    if kept is None:
        raise RefusedError(
            "The key that keeps consents safe was changed meanwhile.", remedy=_BEGIN_AGAIN
        )
    _, verifier, asked_for = json.loads(kept)
    right = Right(asked_for)
    consent = login.finish(
        answer,
        state=state,
        verifier=verifier,
        redirect_uri=question["redirect_uri"],
        right=right,
    )
    return _keep(desk, asker, consent, question["mailbox_id"], right)


def asked_to_send(desk: Desk, asker: Asker, state: str) -> str:
    """The mailbox whose right to send that question of theirs asks for, "" for any other: so that a page can say where
    an answer went wrong. The question stays.
    """
    with desk.database.read() as tx:
        question = connected.consent_of(tx, _hash(state))
    if question is None or not _is_theirs(question, asker) or question["mailbox_id"] is None:
        return ""
    kept = desk.seals.open(question["verifier"], purpose=_QUESTION)
    if kept is None or Right(json.loads(kept)[2]) is not Right.SEND:
        return ""
    return desk.ids.seal("mailbox", question["mailbox_id"])


def open_token(desk: Desk, name: str) -> str:
    """The token of a mailbox connected in the browser. Raises Reauth where there is none, or no key opens it."""
    remedy = "Choose Reconnect on the Mailboxes page."
    with desk.database.read() as tx:
        box = mailboxes.mailbox_named(tx, name)
        sealed = connected.sealed_token(tx, box.id) if box else ""
    if not sealed:
        raise Reauth(f"{name} is not connected.", remedy=remedy)
    token = desk.seals.open(sealed, purpose=name)
    if token is None:
        raise Reauth(
            "The key this mailbox's consent was kept with is gone or another one.",
            remedy=f"Put the old key back, or: {remedy[0].lower()}{remedy[1:]}",
        )
    return token


def replace_token(desk: Desk, name: str, token: str) -> None:
    """The provider gave another token in the old one's place; a mailbox disconnected meanwhile gets none."""
    with desk.database.write() as tx:
        one_at_a_time(tx)
        box = mailboxes.mailbox_named(tx, name)
        if box is not None and box.is_read and box.made_in == "browser":
            connected.keep_token(tx, box.id, token=desk.seals.seal(token, purpose=name))


def list_connected(desk: Desk, *, with_paused: bool = False) -> list[tuple[str, str]]:
    """(name, provider) of the mailboxes connected in the browser that are to be read."""
    with desk.database.read() as tx:
        boxes = mailboxes.all_mailboxes(tx)
    return [
        (box.name, box.provider)
        for box in boxes
        if box.made_in == "browser" and box.is_read and (with_paused or not box.paused)
    ]


def provider_of(desk: Desk, name: str) -> str:
    with desk.database.read() as tx:
        box = mailboxes.mailbox_named(tx, name)
    return box.provider if box else ""


def managed(tx: Tx, desk: Desk, viewer: Viewer, mailbox_id: str) -> MailboxRow:
    """The mailbox, for whoever may manage it; to others there is none."""
    number = desk.ids.open("mailbox", mailbox_id)
    box = mailboxes.mailbox_by_id(tx, number) if number is not None else None
    if box is None or not may_manage_mailbox(viewer, box.owner_id):
        raise NotFoundError(
            "There is no such mailbox, or it is not yours to change.",
            remedy="Look at the list of mailboxes; its owner or an admin may change one.",
        )
    return box


def refuse_declared(box: MailboxRow) -> None:
    if box.made_in != "browser":
        raise RefusedError(
            f"{box.name} comes from the settings file, so pages only show it.",
            remedy="Change it in config.toml, and restart inboxcrm.",
        )


def _take_question(desk: Desk, asker: Asker, state: str) -> dict[str, Any]:
    with desk.database.write() as tx:
        question = connected.take_consent(tx, _hash(state))
    if question is None or not _is_theirs(question, asker):
        raise ForbiddenError(
            "This answer does not belong to a question of yours: it was used already, or asked for in another browser "
            "or by somebody else. Nothing was connected.",
            remedy=_BEGIN_AGAIN,
        )
    if to_ms(asker.now) - question["made_at"] > ANSWER_WITHIN.total_seconds() * 1000:
        raise RefusedError("The answer took longer than ten minutes.", remedy=_BEGIN_AGAIN)
    return question


def _is_theirs(question: dict[str, Any], asker: Asker) -> bool:
    return bool(
        question["account_id"] == asker.viewer.account_id and question["session"] == asker.session
    )


def _keep(
    desk: Desk, asker: Asker, consent: Consent, wanted_id: int | None, right: Right
) -> Connected:
    key = match_key(consent.address) or consent.address.lower()
    with desk.database.write() as tx:
        one_at_a_time(tx)
        boxes = [box for box in mailboxes.all_mailboxes(tx) if box.provider == consent.provider]
        held = next((box for box in boxes if key in (match_key(box.address), box.name)), None)
        wanted = next((box for box in boxes if box.id == wanted_id), None)
        if wanted is not None and held is not wanted:
            raise Denied(
                f"You chose {consent.address}, but this mailbox is {wanted.address}. Nothing was changed.",
                remedy=f"Try it again and choose {wanted.address}, or connect the other one by itself.",
            )
        if right is Right.SEND:
            _refuse_unread(wanted)
        is_new = held is None or held.auth == "removed"
        if held is not None and held.made_in != "browser":
            raise RefusedError(
                f"{consent.address} is in the settings file already, as {held.name}.",
                remedy=f"Nothing is to be done. To manage it here, take [[mailbox]] {held.name} out of config.toml.",
            )
        if held is not None and not is_new:
            _refuse_others(asker.viewer, held)
        if held is None:
            held = connected.insert_connected(
                tx,
                {
                    "name": _free_name(tx, key),
                    "provider": consent.provider,
                    "address": consent.address,
                    "visibility": "private",
                    "owner_id": asker.viewer.account_id,
                },
            )
        connected.keep_token(
            tx,
            held.id,
            token=desk.seals.seal(consent.token, purpose=held.name),
            scopes=consent.scopes,
        )
        lost_sending = held.may_send and not may_send(consent.scopes)
        values: dict[str, Any] = {"auth": "ok", "trouble": "", "wake_at": None}
        if is_new:
            values |= {
                "owner_id": asker.viewer.account_id,
                "visibility": "private",
                "paused": False,
                "synced_at": None,
                "audited_at": None,
            }
        mailboxes.update_mailbox(tx, held.id, **values)
        removing.give_to_workers(tx, held.id)
        own_addresses_changed(tx, desk)
        note_audit(
            tx,
            at=to_ms(asker.now),
            account_id=asker.viewer.account_id,
            kind=NOTED[right, is_new],
            about=consent.address,
        )
    return Connected(
        desk.ids.seal("mailbox", held.id), held.name, consent.address, is_new, right, lost_sending
    )


def _refuse_unread(held: MailboxRow | None) -> None:
    """The right to send is added to that of reading; by itself nobody is asked for it."""
    if held is None or not held.is_read:
        raise RefusedError(
            f"{held.name if held else 'This mailbox'} is not connected.",
            remedy="Connect it first, then allow sending.",
        )


def _refuse_others(viewer: Viewer, held: MailboxRow) -> None:
    if held.auth == "removing":
        raise RefusedError(
            f"The mail of {held.address} is being removed just now.",
            remedy="Connect it again when that is done; the Mailboxes page shows how far it is.",
        )
    if not may_manage_mailbox(viewer, held.owner_id):
        raise RefusedError(
            f"A colleague has connected {held.address} already.",
            remedy="Ask them, or an admin, to make you a member of it.",
        )


def _free_name(tx: Tx, key: str) -> str:
    """What commands call it: its address; with a number where a mailbox of the settings bears that name."""
    taken = {box.name for box in mailboxes.all_mailboxes(tx)}
    name, number = key[:NAME_LENGTH], 2
    while name in taken:
        name, number = f"{key[:NAME_LENGTH]} {number}", number + 1
    return name


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode("utf-8", "replace")).hexdigest()
