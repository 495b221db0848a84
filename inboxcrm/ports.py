"""The few methods we need of the outside. Providers implement them; services call nothing else.

Every method of a port raises only the `ProviderError` family of `inboxcrm.errors` (Reauth, Throttled,
CursorExpired, Gone, Poison, Offline, Denied). What concerns one item of many is a value, never an exception.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from inboxcrm.mail.message import Message
from inboxcrm.mail.reading import Reading


class Clock(Protocol):
    """Business time. It may run fast (demo) or stand (tests); machine time is the worker's own affair."""

    def now(self) -> datetime:
        """Aware UTC."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider can do. `thread_pays_from`: from how many wanted messages of one thread on it is cheaper to
    fetch the whole thread; None where threads cannot be fetched.
    """

    has_labels: bool
    has_changes: bool
    thread_pays_from: int | None
    batch_size: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """Whose mailbox it is and where its history stands now, taken before any listing."""

    address: str
    aliases: tuple[str, ...]
    cursor: str
    message_total: int | None = None
    labels: tuple[tuple[str, str], ...] = ()
    """Pairs (label ref, shown name)."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An id in a listing. `labels` is None where a listing does not tell them (Gmail's does not)."""

    ref: str
    thread_ref: str = ""
    labels: frozenset[str] | None = None
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class ListPage:
    items: tuple[Listed, ...]
    next_token: str | None
    estimate: int | None = None


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    LABELS_ON = "labels_on"
    LABELS_OFF = "labels_off"


@dataclass(frozen=True, slots=True)
class Change:
    """One event of a mailbox's history. `labels`: for ADDED all labels then, for LABELS_ON/OFF those that moved.

    `all_labels` are the labels after the event, where the provider says them.
    """

    kind: ChangeKind
    ref: str
    thread_ref: str
    labels: frozenset[str] = frozenset()
    all_labels: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Events in history order. `cursor` is where the provider's history stood when **this page** was answered."""

    changes: tuple[Change, ...]
    next_token: str | None
    cursor: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A group to fetch in one call: one message, or several of one thread when `whole_thread`."""

    refs: tuple[str, ...]
    thread_ref: str = ""
    whole_thread: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """A message as one mailbox holds it. `received_at` is when the provider accepted it (aware UTC).

    A source that has time to spare may hand the `reading` along; who stores the message makes it otherwise.
    """

    ref: str
    thread_ref: str
    labels: frozenset[str]
    received_at: datetime | None
    message: Message
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """The provider says this id does not exist: final."""

    ref: str


@dataclass(frozen=True, slots=True)
class Postponed:
    """An item that was not had, for a passing reason; `after_seconds` if the provider said how long to wait.

    `is_own_fault` is False where the mailbox as a whole was refused: that says nothing about the item, and must never
    be held against it.
    """

    ref: str
    reason: str
    after_seconds: float | None = None
    is_own_fault: bool = True


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An item that cannot be read: it is quarantined with the reason, and tried again by a better parser.

    `mentions` are the match keys that could be read in it: it may be an answer of theirs.
    """

    ref: str
    reason: str
    mentions: tuple[str, ...] = ()


Outcome = Fetched | Missing | Postponed | Unreadable


@dataclass(frozen=True, slots=True)
class Spending:
    """What the source has cost since it was opened."""

    units: int = 0
    requests: int = 0


class MailSource(Protocol):
    """A mailbox we read. One instance serves one mailbox in one thread."""

    @property
    def capabilities(self) -> Capabilities: ...

    def anchor(self) -> Anchor: ...

    def list_page(
        self, *, label: str | None, token: str | None, since: datetime | None = None
    ) -> ListPage:
        """Ids of the mailbox (spam and trash included), or of one label, newest first where the provider can.

        `token` is from the page before; one that is refused raises CursorExpired. Mail received before `since` may be
        left out, where the provider can tell.
        """

    def changes(self, *, cursor: str, token: str | None) -> ChangePage:
        """History after `cursor`; all pages of a walk are asked with the same cursor. Raises CursorExpired."""

    def fetch(self, wanted: Sequence[Wanted]) -> list[Outcome]:
        """One outcome for each ref asked for, in any order, keyed by ref. Other members of a thread are left out."""

    def attachment(self, *, ref: str, part: str) -> bytes:
        """The decoded bytes of one part. Raises Gone."""

    def spending(self) -> Spending: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Prepared:
    """A mail the provider holds and has not sent.

    `draft_ref` is what is handed over, `message_ref` tells whether it is still the mail we put there, `history` is
    where the mailbox's history stood before the hand-over. A provider without drafts leaves all three empty.
    """

    draft_ref: str
    message_ref: str
    history: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took it and will deliver it. `ref` and `thread_ref` are those of the sent copy."""

    ref: str
    thread_ref: str


class RefusedFor(StrEnum):
    """Why a provider certainly did not send."""

    MAIL = "mail"  # this mail will never be taken
    LATER = "later"  # any mail would be refused now; it passes by itself
    LOGIN = "login"  # consent is gone or was never given
    QUOTA = "quota"  # the mailbox may send no more for hours


@dataclass(frozen=True, slots=True)
class Refused:
    """Certainly not sent. `text` is in the provider's words; `after_seconds` if it said when to come back."""

    reason: RefusedFor
    text: str
    after_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """It may have gone out and it may not. It is never handed over again on this ground."""

    text: str


Handed = Accepted | Refused | Ambiguous


@dataclass(frozen=True, slots=True)
class SeenSent:
    """A sent mail bears our key."""

    ref: str
    thread_ref: str


@dataclass(frozen=True, slots=True)
class StillWaiting:
    """The draft is there, and since the hand-over nothing was sent that could be this mail.

    `is_ours` is False where somebody has edited the draft: it is theirs then.
    """

    is_ours: bool


@dataclass(frozen=True, slots=True)
class NotSeen:
    """Neither proves anything: the draft is gone and no sent mail bears our key, or something was sent to the same
    person that does not bear it. `text` says which.
    """

    text: str


Look = SeenSent | StillWaiting | NotSeen


class MailSender(Protocol):
    """A mailbox we send from. One instance serves one mailbox in one thread.

    Only `hand_over` can make a mail reach anybody, and it transmits once: whatever happens to the answer, the same
    request never goes out again. All methods but `hand_over` raise the ProviderError family; they may be repeated.
    """

    def addresses(self) -> tuple[str, ...]:
        """What mail may be sent as: the mailbox's own address first, then the verified others."""

    def prepare(self, mime: bytes, *, thread_ref: str = "") -> Prepared:
        """Puts the mail where the provider can send it from, unseen by anybody else. An answer that is lost leaves an
        orphan behind: harmless, and `sweep` finds it.
        """

    def hand_over(self, prepared: Prepared) -> Handed:
        """Sends it, once. Never raises."""

    def settle(self, prepared: Prepared, *, key: str, to: str) -> Look:
        """What became of a mail whose hand-over was ambiguous. `key` stands in its key header, `to` is its recipient's
        address.
        """

    def discard(self, prepared: Prepared) -> bool:
        """Takes it back, unsent; False where it was not there any more, which proves nothing about its delivery."""

    def sweep(self, keys: Sequence[str]) -> int:
        """Removes drafts that bear one of the keys; how many there were."""

    def spending(self) -> Spending: ...

    def close(self) -> None: ...


class Right(StrEnum):
    """How much of a mailbox a person is asked for. Reading comes first; sending when it is first needed."""

    READ = "read"
    SEND = "send"


@dataclass(frozen=True, slots=True)
class ConsentRequest:
    """A question to a person. `url` is opened in their browser; `state` and `verifier` are kept until they answer."""

    url: str = field(repr=False)
    state: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person agreed to. `token` is in the provider's own words, and a secret."""

    provider: str
    address: str
    scopes: tuple[str, ...]
    token: str = field(repr=False)


class MailLogin(Protocol):
    """Consent of a person to read a mailbox, asked for in a browser. It keeps nothing: its caller does, between the two
    steps. Consent may be partial: `finish` checks the granted scopes.
    """

    @property
    def consent_origin(self) -> str:
        """Scheme and host of the provider's consent page; forms of ours lead there."""

    def doubt(self, *, redirect_uri: str) -> str:
        """What a person should look at before they are sent there; empty when all seems well.

        Raises UsageError where consent cannot be asked for at all.
        """

    def begin(
        self, *, redirect_uri: str, address: str = "", right: Right = Right.READ
    ) -> ConsentRequest:
        """`address` is the mailbox meant, where one is. Raises UsageError."""

    def finish(
        self,
        answer: str,
        *,
        state: str,
        verifier: str,
        redirect_uri: str,
        right: Right = Right.READ,
    ) -> Consent:
        """`answer` is the query the browser was sent back with. Raises Reauth, Denied, Offline."""

    def end(self, token: str) -> bool:
        """Gives the consent back to the provider; False where it could not be reached or knew nothing of it."""


@dataclass(frozen=True, slots=True)
class Identified:
    """Who somebody is in a provider's words. `subject` never changes; an address may.

    `vouches` for the address: the provider runs its mail, so that nobody else can hold it. `domain` is the house whose
    directory the person stands in; empty for a private account.
    """

    provider: str
    subject: str
    address: str
    name: str
    domain: str
    vouches: bool


class Identity(Protocol):
    """Signing in with an account elsewhere (OpenID Connect). It keeps nothing between the two steps."""

    @property
    def consent_origin(self) -> str:
        """Scheme and host of the provider's page; forms of ours lead there."""

    def begin(self, *, redirect_uri: str) -> ConsentRequest:
        """Raises UsageError where it cannot be asked for at all."""

    def verify(self, answer: str, *, state: str, verifier: str, redirect_uri: str) -> Identified:
        """`answer` is the query the browser was sent back with. Raises Reauth, Denied, Offline."""
