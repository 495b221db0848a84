"""What happens to one request: scripted events, faults, consent, price, work, in that order."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterable
from urllib.parse import parse_qsl, unquote

from inboxcrm.sandbox import batch
from inboxcrm.sandbox.answers import DROPPED, Answer, CallError, Request, error, refuse
from inboxcrm.sandbox.call import Call, Method
from inboxcrm.sandbox.calls import find_method
from inboxcrm.sandbox.consent_page import CONSENT_PATHS, answer_consent
from inboxcrm.sandbox.faults import Fault, FaultKind, Faults
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.post_office import PostOffice
from inboxcrm.sandbox.quota import Ledger
from inboxcrm.sandbox.shapes import BadFieldsError, parse_mask
from inboxcrm.sandbox.signing import CERTIFICATES_PATH, public_keys
from inboxcrm.sandbox.tokens import Grant, RefusedGrantError, Tokens

BATCH_PATHS = frozenset({"/batch", "/batch/gmail/v1"})

ScriptLine = tuple[int, Callable[[], object]]


class GmailService:
    """Holds no sockets: bytes in and out are the server's affair.

    `script` lines run before the HTTP request of that number (the first is 1; a batch counts once,
    the token endpoint not at all); `call_script` likewise before single API calls, inside batches
    too. `before_request` sees every request.
    """

    def __init__(self, mailboxes: Iterable[SandboxMailbox], *, ledger: Ledger) -> None:
        self.mailboxes = {mailbox.address.lower(): mailbox for mailbox in mailboxes}
        self.ledger = ledger
        self.office = PostOffice(self.mailboxes)
        self.faults = Faults()
        self.tokens = Tokens(list(self.mailboxes))
        self.script: list[ScriptLine] = []
        self.call_script: list[ScriptLine] = []
        self.before_request: Callable[[int, str, str], object] | None = None
        self.request_number = 0
        self.call_number = 0
        self.hook_errors: list[Exception] = []
        self._lock = threading.Lock()

    def answer(self, request: Request) -> Answer:
        if request.path in {"/token", "/revoke"}:
            return self._token_endpoint(request)
        if request.path == CERTIFICATES_PATH:
            return Answer(200, json.dumps(public_keys()).encode())
        if request.path in CONSENT_PATHS:
            return answer_consent(request, self.tokens, list(self.mailboxes.values()))
        with self._lock:
            self.request_number += 1
            number = self.request_number
        self._run_hooks(number, request)
        fault = self.faults.for_request(request.path)
        if fault is not None and fault.kind is FaultKind.ANSWER:
            return fault.answer()
        if fault is not None and fault.kind is FaultKind.DROP_BEFORE:
            return DROPPED
        try:
            if request.path in BATCH_PATHS:
                answer = self._batch(request, fault)
            else:
                grant = self._let_in(request)
                self.ledger.count_request(grant.address)
                answer = self._call(request)
        except CallError as refused:
            answer = refused.answer
        if fault is None:
            return answer
        if fault.kind is FaultKind.DROP_AFTER:
            return DROPPED
        if fault.kind is FaultKind.STALL:
            return answer.after(fault.seconds)
        if fault.kind is FaultKind.SHORT_BODY:
            missing = max(1, len(answer.body) // 3)
            return Answer(answer.status, answer.body, answer.content_type, missing_bytes=missing)
        return answer

    # --- pieces ---------------------------------------------------------------

    def _run_hooks(self, number: int, request: Request) -> None:
        try:
            if self.before_request is not None:
                self.before_request(number, request.method, request.path)
            for wanted, act in self.script:
                if wanted == number:
                    act()
        except Exception as problem:  # noqa: BLE001 - kept and raised in the test that planned it
            self.hook_errors.append(problem)

    def _batch(self, request: Request, fault: Fault | None) -> Answer:
        grant = self._let_in(request)
        self.ledger.count_request(grant.address)
        parts = batch.read_parts(request)
        crowd = self.ledger.profile.parts_at_once
        answers = []
        for place, part in enumerate(parts):
            if place >= crowd:
                answers.append((part.content_id, error(429, "tooManyConcurrent")))
            else:
                answers.append((part.content_id, self._part(part.request)))
        written = batch.write_parts(answers)
        if fault is not None and fault.kind is FaultKind.FEWER_PARTS:
            return batch.join_parts(written, keep=fault.keep_parts)
        if fault is not None and fault.kind is FaultKind.CUT_BATCH:
            return batch.join_parts(written, keep=fault.keep_parts, is_cut=True)
        return batch.join_parts(written)

    def _part(self, request: Request) -> Answer:
        try:
            return self._call(request, is_in_batch=True)
        except CallError as refused:
            return refused.answer

    def _call(self, request: Request, *, is_in_batch: bool = False) -> Answer:
        with self._lock:
            self.call_number += 1
            number = self.call_number
        if self.call_script:
            try:
                for wanted, act in self.call_script:
                    if wanted == number:
                        act()
            except Exception as problem:  # noqa: BLE001 - kept and raised in the test that planned it
                self.hook_errors.append(problem)
        fault = self.faults.for_part(request.path, is_in_batch=is_in_batch)
        if fault is not None:
            return fault.answer()
        grant = self._let_in(request)
        found = find_method(request)
        if found is None:
            raise refuse(404, "notFound", f"No such method: {request.method} {request.path}")
        method, user, ids = found
        if user != "me" and unquote(user).lower() != grant.address.lower():
            raise refuse(403, "forbidden", f"Delegation denied for {grant.address}")
        if not method.scopes & grant.scopes:
            raise refuse(403, "insufficientPermissions")
        if not self.ledger.charge(grant.address, method.name):
            raise refuse(429, "rateLimitExceeded")
        fields = request.fields
        try:
            mask = parse_mask(fields["fields"][-1], method.shape) if "fields" in fields else {}
        except BadFieldsError as problem:
            raise refuse(400, "invalidParameter", str(problem)) from problem
        mailbox = self.mailboxes[grant.address.lower()]
        return self._perform(
            method,
            Call(mailbox, tuple(map(unquote, ids)), fields, mask, request.body, self.office),
        )

    def _perform(self, method: Method, call: Call) -> Answer:
        """Once, and the answer goes back; unless the post office has it otherwise."""
        turn = self.office.turn(method.name)
        answer = DROPPED
        for _ in range(turn.times):
            try:
                body = method.run(call)
                answer = Answer(200, body) if body else Answer(204)
            except CallError as refused:
                answer = refused.answer
        return DROPPED if turn.is_lost else answer

    def _let_in(self, request: Request) -> Grant:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        grant = self.tokens.who(token) if kind.lower() == "bearer" else None
        if grant is None or grant.address.lower() not in self.mailboxes:
            raise refuse(401, "authError")
        return grant

    def _token_endpoint(self, request: Request) -> Answer:
        form = dict(parse_qsl(request.body.decode("utf-8", "replace")))
        if request.path == "/revoke":
            known = self.tokens.revoke_token(
                form.get("token") or dict(parse_qsl(request.query)).get("token", "")
            )
            return Answer(200, b"{}") if known else Answer(400, b'{"error": "invalid_token"}')
        fault = self.faults.for_token_request(request.path)
        if fault is not None and fault.kind is FaultKind.ANSWER:
            return fault.answer()
        form |= _basic(request)
        try:
            return Answer(200, json.dumps(self.tokens.exchange(form)).encode())
        except RefusedGrantError as refused:
            content = {"error": refused.code, "error_description": refused.text}
            return Answer(400, json.dumps(content).encode())


def _basic(request: Request) -> dict[str, str]:
    """The client may say who it is in the form or, as OAuth prefers, in the Authorization header."""
    kind, _, coded = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return {}
    try:
        name, _, secret = base64.b64decode(coded, validate=True).decode().partition(":")
    except ValueError:
        return {"client_id": ""}
    return {"client_id": unquote(name), "client_secret": unquote(secret)}
