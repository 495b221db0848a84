"""What no stand-in can prove, asked of a real Gmail account: `inboxcrm doctor --live`.

Every check only reads, costs little (docs/gmail-live-checks.md names the units), and answers with
one sentence. A check that cannot be made on this mailbox says so and counts as neither.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import Any

from inboxcrm.errors import CursorExpired, Offline, ProviderError, Reauth
from inboxcrm.gmail.batch import PartAnswer
from inboxcrm.gmail.faults import Call
from inboxcrm.gmail.source import GmailSource

SAMPLE = 10
SHORT_PAGE = 5
BATCH_SIZES = (10, 25)


@dataclass(frozen=True, slots=True)
class Finding:
    """`passed` is None where this mailbox offers nothing to try it on, or could not be asked."""

    passed: bool | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Check:
    """`key` is its heading in docs/gmail-live-checks.md."""

    key: str
    name: str
    run: Callable[[], Finding]


@dataclass(frozen=True, slots=True)
class CheckResult:
    check: Check
    finding: Finding

    def __str__(self) -> str:
        word = {True: "pass", False: "FAIL", None: "n/a "}[self.finding.passed]
        return f"{word}  {self.check.name}: {self.finding.sentence}"


def live_checks(source: GmailSource) -> list[Check]:
    probe = _Probe(source)
    return [
        Check("profile-total", "counts of the profile and of the list", probe.totals),
        Check("history-now", "history from now on", probe.history_now),
        Check("history-heads", "history id on first and last page", probe.history_heads),
        Check("history-labels", "labels told by history", probe.history_labels),
        Check("listing-pages", "pages of a listing", probe.listing_pages),
        Check("headers", "headers in full against raw", probe.headers),
        Check("thread-members", "members of a thread, trash included", probe.thread_members),
        Check("partial", "partial responses", probe.partial),
        Check("batch", "batches of 10 and 25", probe.batches),
        Check("missing", "an id that does not exist", probe.missing),
        Check("aliases", "addresses mail is sent as", probe.aliases),
    ]


def run_checks(checks: list[Check]) -> Iterator[CheckResult]:
    """One after the other; a fault fails its check and spares the rest. Where nobody lets us in, the rest is
    not asked: each would wait as long for the same.
    """
    is_reached = True
    for check in checks:
        finding = Finding(None, "not asked.")
        if is_reached:
            try:
                finding = check.run()
            except ProviderError as fault:
                is_reached = not isinstance(fault, Offline | Reauth)
                finding = Finding(False, f"{fault.message} {fault.remedy}".strip())
        yield CheckResult(check, finding)


class _Probe:
    def __init__(self, source: GmailSource) -> None:
        self._source = source
        self._client = source.traffic.client
        self._refs: list[tuple[str, str]] | None = None

    def totals(self) -> Finding:
        profile = self._call(self._client.users.getProfile(userId="me"))
        total = int(profile.get("messagesTotal", 0))
        estimate = self._source.list_page(label=None, token=None).estimate
        if total == 0:
            return Finding(None, "the mailbox is empty.")
        listed = len(self._sample())
        return Finding(
            listed > 0,
            f"the profile counts {total} messages, the listing estimates {estimate}"
            + ("." if listed else " and lists none."),
        )

    def history_now(self) -> Finding:
        anchor = self._source.anchor()
        try:
            page = self._source.changes(cursor=anchor.cursor, token=None)
        except CursorExpired:
            return Finding(False, "Gmail refuses the history id that its own profile just gave.")
        return Finding(
            int(page.cursor) >= int(anchor.cursor),
            f"the profile's history id answers, with {len(page.changes)} changes since.",
        )

    def history_heads(self) -> Finding:
        """Sync keeps the first page's id, which is never wrong; this tells whether it need."""
        heads = [page["historyId"] for page in self._history_pages()]
        if len(heads) < 2:
            return Finding(None, "there is too little history for two pages.")
        same = heads[0] == heads[-1]
        return Finding(
            int(heads[0]) <= int(heads[-1]),
            "first and last page report the same id."
            if same
            else "the last page reports a later id.",
        )

    def history_labels(self) -> Finding:
        events = [
            (record, entry)
            for page in self._history_pages()
            for record in page.get("history") or ()
            for entry in record.get("labelsAdded") or ()
        ]
        if not events:
            return Finding(None, "no label was added in the recent history.")
        told = [
            entry for _, entry in events if entry.get("message", {}).get("labelIds") is not None
        ]
        agree = [e for e in told if set(e.get("labelIds") or ()) <= set(e["message"]["labelIds"])]
        return Finding(
            len(agree) == len(told),
            f"{len(told)} of {len(events)} label events tell the labels the mail has afterwards; "
            f"{len(agree)} of them hold the label just added.",
        )

    def listing_pages(self) -> Finding:
        seen: list[str] = []
        token = None
        for _ in range(3):
            page = self._list(maxResults=SHORT_PAGE, pageToken=token)
            seen += [found["id"] for found in page.get("messages") or ()]
            token = page.get("nextPageToken")
            if not token:
                break
        if len(seen) <= SHORT_PAGE:
            return Finding(None, "the mailbox has too few messages for two pages.")
        whole = {
            found["id"] for found in self._list(maxResults=4 * SHORT_PAGE).get("messages") or ()
        }
        lost = whole.intersection(seen) != set(seen) or len(set(seen)) != len(seen)
        return Finding(
            not lost,
            f"{len(seen)} ids over short pages "
            + ("differ from one long page; new mail may explain it, run again." if lost else
               "are those of one long page, none twice."),
        )  # fmt: skip

    def headers(self) -> Finding:
        compared = different = 0
        for ref, _ in self._sample():
            full = self._message(ref, format="full", fields="payload/headers")
            raw = self._message(ref, format="raw", fields="raw")
            content = base64.urlsafe_b64decode(raw["raw"] + "=" * (-len(raw["raw"]) % 4))
            names = [name.lower() for name in message_from_bytes(content, policy=policy.compat32)]
            told = [header["name"].lower() for header in full["payload"].get("headers") or ()]
            compared += 1
            different += sorted(names) != sorted(told)
        if not compared:
            return Finding(None, "the mailbox is empty.")
        return Finding(
            different == 0,
            f"{compared - different} of {compared} messages show every header of their source.",
        )

    def thread_members(self) -> Finding:
        """Sync asks for missing members alone, so that this costs units and loses nothing."""
        trash = self._list(maxResults=SAMPLE, labelIds=["TRASH"]).get("messages") or ()
        for found in trash:
            members = self._thread_members(found["threadId"])
            return Finding(
                found["id"] in members,
                "a thread's answer holds its member in the trash."
                if found["id"] in members
                else "a thread's answer leaves out its member in the trash; sync fetches it alone.",
            )
        return Finding(None, "the trash is empty.")

    def partial(self) -> Finding:
        sample = self._sample()
        if not sample:
            return Finding(None, "the mailbox is empty.")
        answer = self._message(sample[0][0], format="full", fields="id,labelIds")
        return Finding(
            set(answer) <= {"id", "labelIds"},
            f"asked for two fields, got {', '.join(sorted(answer))}.",
        )

    def batches(self) -> Finding:
        sample = self._sample()
        if not sample:
            return Finding(None, "the mailbox is empty.")
        told = []
        good = True
        for size in BATCH_SIZES:
            refs = [sample[n % len(sample)][0] for n in range(size)]
            answers = self._source.traffic.calls.batch(
                [self._client.message_path(ref) for ref in refs], units=size * 20
            )
            fine = sum(answer.status == 200 for answer in answers.values())
            good = good and fine == size
            told.append(f"{fine} of {size} parts answered{_refusals(answers.values())}")
        return Finding(good, "; ".join(told) + ".")

    def missing(self) -> Finding:
        answers = self._source.traffic.calls.batch(
            [self._client.message_path("0000000000000001")], units=20
        )
        status = answers[0].status if answers else 0
        return Finding(status == 404, f"Gmail answers {status or 'nothing'}; sync expects 404.")

    def aliases(self) -> Finding:
        aliases = self._source.anchor().aliases
        return Finding(
            True, f"{len(aliases)} besides the mailbox's own: read with readonly consent."
        )

    # --- asking -----------------------------------------------------------------

    def _call(self, request: Any, call: Call = Call.PLAIN) -> dict[str, Any]:
        return self._source.traffic.calls.call(request, call=call)

    def _list(self, **options: Any) -> dict[str, Any]:
        return self._call(self._client.messages.list(userId="me", includeSpamTrash=True, **options))

    def _message(self, ref: str, **options: Any) -> dict[str, Any]:
        return self._call(self._client.messages.get(userId="me", id=ref, **options), Call.ITEM)

    def _sample(self) -> list[tuple[str, str]]:
        if self._refs is None:
            found = self._list(maxResults=SAMPLE).get("messages") or ()
            self._refs = [(item["id"], item["threadId"]) for item in found]
        return self._refs

    def _thread_members(self, thread_ref: str) -> set[str]:
        request = self._client.threads.get(
            userId="me", id=thread_ref, format="minimal", fields="messages(id)"
        )
        return {member["id"] for member in self._call(request, Call.ITEM).get("messages") or ()}

    def _history_pages(self) -> list[dict[str, Any]]:
        """Up to three short pages from the oldest of the newest messages on."""
        starts = [
            int(self._message(ref, format="minimal", fields="historyId")["historyId"])
            for ref, _ in self._sample()[:SHORT_PAGE]
        ]
        pages: list[dict[str, Any]] = []
        token = None
        while starts and len(pages) < 3:
            request = self._client.history.list(
                userId="me", startHistoryId=str(min(starts)), maxResults=2, pageToken=token
            )
            try:
                pages.append(self._call(request, Call.HISTORY))
            except CursorExpired:
                break
            token = pages[-1].get("nextPageToken")
            if not token:
                break
        return pages


def _refusals(answers: Any) -> str:
    refused: list[PartAnswer] = [answer for answer in answers if answer.status != 200]
    statuses = ", ".join(sorted({str(answer.status) for answer in refused}))
    return f" (others with {statuses})" if refused else ""
