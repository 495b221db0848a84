"""The practice server's own levers over HTTP, for a server in another process. Open only to
callers that send the key.

POST /sandbox/<lever> with a JSON object; every answer is a JSON object:

    deliver {address?, raw (base64), labels?, at_ms?, thread_ref?} -> {ref}
    restore {address?, raw (base64), labels, at_ms, ref, thread_ref} -> {ref}   it lay there before, under these ids
    people {habits: {address: [fate, at_mail]}, seed, address?} -> {done}   who does what; see correspondents.py
    pass-time {at_ms} -> {arrived: {fate: count}, next_at_ms}   as clock, and what people wrote until then arrives
    modify {ref, add?, remove?} · trash {ref} · untrash {ref} · delete {ref} · expire-history {}
    -> {done} fault {plan, ...}   `plan` is a method of Faults (fail_next, drop_next, random ...),
    the rest its arguments revoke {address?} · expire-access {}
    grant {address?, scopes?} -> {refresh_token, access_token}
    script {at, lever, body}    does the lever before the request of that number
    sending {...}    the fields of SendingHabits; what is not named is off
    clock {at_ms}    the time of all mailboxes stands there, until it is set again
    delivered {address?} -> {mails: [{sender, recipient, key, ref, at_ms, subject}]}   all, or one mailbox's
    drafts {address?} -> {drafts: {id: message ref}} · edit-draft {id, raw (base64), address?} · aliases {verified?,
    pending?, address?} -> {done}
    usage {address?} -> {units, requests, calls, refused, request_number, call_number} ·
    reset-usage {} refs {address?} -> {refs} · state {address?} -> {messages: {ref: {thread,
    labels}}}
"""

from __future__ import annotations

import hmac
import json
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from inboxcrm.sandbox.answers import Answer, Request
from inboxcrm.sandbox.correspondents import Correspondents, Fate, Habit
from inboxcrm.sandbox.mailbox import ARRIVING, SandboxMailbox
from inboxcrm.sandbox.outgoing import header
from inboxcrm.sandbox.post_office import SendingHabits
from inboxcrm.sandbox.service import GmailService
from inboxcrm.sandbox.tokens import MODIFY, READONLY

KEY_HEADER = "x-sandbox-key"


@dataclass(frozen=True, slots=True)
class StandingClock:
    moment: datetime

    def now(self) -> datetime:
        return self.moment


_PLANS = frozenset(
    {
        "fail_next", "fail_next_part", "drop_next", "stall_next", "truncate_next_batch",
        "shorten_next", "random",
        "clear",
    }
)  # fmt: skip

Body = dict[str, Any]


class Control:
    def __init__(self, service: GmailService, key: str) -> None:
        self._service = service
        self._key = key
        self._correspondents: Correspondents | None = None
        self._levers: dict[str, Callable[[Body], Body]] = {
            "deliver": self._deliver,
            "restore": self._restore,
            "people": self._people,
            "pass-time": self._pass_time,
            "modify": lambda body: self._on_message(
                body,
                lambda box, ref: box.modify(
                    ref, add=body.get("add", ()), remove=body.get("remove", ())
                ),
            ),
            "trash": lambda body: self._on_message(body, lambda box, ref: box.trash(ref)),
            "untrash": lambda body: self._on_message(body, lambda box, ref: box.untrash(ref)),
            "delete": lambda body: self._on_message(body, lambda box, ref: box.delete(ref)),
            "expire-history": self._expire_history,
            "fault": self._fault,
            "revoke": self._revoke,
            "expire-access": self._expire_access,
            "grant": self._grant,
            "script": self._script,
            "sending": self._sending,
            "clock": self._clock,
            "delivered": self._delivered,
            "drafts": self._drafts,
            "edit-draft": self._edit_draft,
            "aliases": self._aliases,
            "usage": self._usage,
            "reset-usage": self._reset_usage,
            "refs": lambda body: {"refs": self._box(body).refs()},
            "state": self._state,
        }

    def answer(self, request: Request) -> Answer:
        if not hmac.compare_digest(
            request.headers.get(KEY_HEADER, "").encode(), self._key.encode()
        ):
            return Answer(404, b"{}")
        lever = self._levers.get(request.path.removeprefix("/sandbox/"))
        if lever is None or request.method != "POST":
            return Answer(404, b'{"error": "no such lever"}')
        try:
            return Answer(200, json.dumps(lever(json.loads(request.body or b"{}"))).encode())
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return Answer(400, json.dumps({"error": f"{type(error).__name__}: {error}"}).encode())

    def _box(self, body: Body) -> SandboxMailbox:
        boxes = self._service.mailboxes
        address = body.get("address")
        return boxes[address.lower()] if address else next(iter(boxes.values()))

    def _on_message(self, body: Body, act: Callable[[SandboxMailbox, str], bool]) -> Body:
        return {"done": act(self._box(body), body["ref"])}

    def _deliver(self, body: Body) -> Body:
        at = datetime.fromtimestamp(body["at_ms"] / 1000, UTC) if "at_ms" in body else None
        ref = self._box(body).deliver(
            b64decode(body["raw"]),
            labels=body.get("labels", ARRIVING),
            at=at,
            thread_ref=body.get("thread_ref"),
        )
        return {"ref": ref}

    def _restore(self, body: Body) -> Body:
        ref = self._box(body).restore(
            b64decode(body["raw"]),
            ref=body["ref"],
            thread_ref=body["thread_ref"],
            labels=body["labels"],
            at=datetime.fromtimestamp(body["at_ms"] / 1000, UTC),
        )
        return {"ref": ref}

    def _people(self, body: Body) -> Body:
        habits = {
            address: Habit(Fate(fate), at_mail)
            for address, (fate, at_mail) in body["habits"].items()
        }
        self._correspondents = Correspondents(self._box(body), habits, seed=body["seed"])
        self._service.office.on_delivery = self._correspondents.note
        return {"done": True}

    def _pass_time(self, body: Body) -> Body:
        self._clock(body)
        people = self._correspondents
        if people is None:
            return {"arrived": {}, "next_at_ms": None}
        came = people.arrive(datetime.fromtimestamp(body["at_ms"] / 1000, UTC))
        next_at = people.next_at()
        return {
            "arrived": {fate.value: many for fate, many in came.items()},
            "next_at_ms": int(next_at.timestamp() * 1000) if next_at else None,
        }

    def _expire_history(self, body: Body) -> Body:
        self._box(body).expire_history()
        return {"done": True}

    def _fault(self, body: Body) -> Body:
        plan = body.pop("plan")
        if plan not in _PLANS:
            raise ValueError(f"no such plan: {plan}")
        getattr(self._service.faults, plan)(**body)
        return {"done": True}

    def _revoke(self, body: Body) -> Body:
        self._service.tokens.revoke(body.get("address"))
        return {"done": True}

    def _expire_access(self, _body: Body) -> Body:
        self._service.tokens.expire_access()
        return {"done": True}

    def _grant(self, body: Body) -> Body:
        tokens = self._service.tokens
        refresh = tokens.grant(self._box(body).address, body.get("scopes", (READONLY, MODIFY)))
        return {"refresh_token": refresh, "access_token": tokens.access(refresh)}

    def _script(self, body: Body) -> Body:
        lever, inner = self._levers[body["lever"]], body.get("body", {})
        self._service.script.append((int(body["at"]), lambda: lever(inner)))
        return {"done": True}

    def _sending(self, body: Body) -> Body:
        listed = {name: tuple(value) for name, value in body.items() if isinstance(value, list)}
        self._service.office.habits = SendingHabits(**(body | listed))
        return {"done": True}

    def _clock(self, body: Body) -> Body:
        clock = StandingClock(datetime.fromtimestamp(body["at_ms"] / 1000, UTC))
        for box in self._service.mailboxes.values():
            box.set_clock(clock)
        return {"done": True}

    def _delivered(self, body: Body) -> Body:
        box = self._box(body) if "address" in body else None
        return {
            "mails": [
                {
                    "sender": mail.sender,
                    "recipient": mail.recipient,
                    "key": mail.key,
                    "ref": mail.ref,
                    "at_ms": int(mail.at.timestamp() * 1000),
                    "subject": header(mail.raw, "Subject"),
                }
                for mail in (box.delivered if box else self._service.office.outbound)
            ]
        }

    def _drafts(self, body: Body) -> Body:
        box = self._box(body)
        with box.lock:
            return {"drafts": {found: mail.ref for found, mail in box.drafts.newest_first()}}

    def _edit_draft(self, body: Body) -> Body:
        box = self._box(body)
        with box.lock:
            return {"done": box.drafts.update(body["id"], b64decode(body["raw"]))}

    def _aliases(self, body: Body) -> Body:
        box = self._box(body)
        box.aliases = tuple(body.get("verified", box.aliases))
        box.pending_aliases = tuple(body.get("pending", box.pending_aliases))
        return {"done": True}

    def _usage(self, body: Body) -> Body:
        usage = self._service.ledger.usage(self._box(body).address)
        return {
            "units": usage.units,
            "requests": usage.requests,
            "calls": dict(usage.calls),
            "refused": usage.refused,
            "request_number": self._service.request_number,
            "call_number": self._service.call_number,
            "faults": dict(self._service.faults.happened),
        }

    def _reset_usage(self, _body: Body) -> Body:
        self._service.ledger.reset()
        return {"done": True}

    def _state(self, body: Body) -> Body:
        return {
            "messages": {
                mail.ref: {"thread": mail.thread_ref, "labels": sorted(mail.labels)}
                for mail in self._box(body).newest_first()
            }
        }
