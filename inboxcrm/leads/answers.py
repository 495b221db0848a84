"""How soon people got their first answer, and who waits for one, over the plain list of mail.

First response (FIELD): from their first mail to our first human answer, in working hours. Asked of the leads that stand
in the pipeline and whose first mail came within the period. A mail of a cadence is no human answer. Who got none and
whose first mail was marked as needing none is left out.

    first:answered:OWNER, waiting, within, late, waited        the leads behind; `within`: answered within the target;
                                        `late`: answered later; `waited`: not answered, and the target is over
    first:band:NUMBER                   answered in that band of hours (`BANDS`)
    owed:all:OWNER, owed:late:OWNER     open, and the last mail of a conversation is theirs; late: for a working day
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from inboxcrm.leads.history import LeadState, Spell, standing_at
from inboxcrm.leads.number_shapes import Asked, Quartiles, quartiles
from inboxcrm.leads.pipeline import StageKind
from inboxcrm.leads.worked_time import HOUR_MS, WorkedTime

BANDS = (1, 2, 4, 8, 16, 40)
"""Working hours at most; behind the last one comes what took longer."""
WORDS = {
    "responses": (
        "From a lead's first mail within the period to our first human answer, in the working hours of the settings; a "
        "mail of a cadence is none. Half of them took at most the median. Within the target: of those answered, or "
        "waiting for longer than it. Marked as needing no answer means left out."
    ),
    "owed": (
        "Open leads that wait for us: the last human mail of a conversation is theirs and was not marked as needing no "
        "answer. Late is a whole working day or more."
    ),
}


class Mail(NamedTuple):
    """A human mail with a lead, as linked; `direction` "in" or "out"; `is_cadence`: a cadence sent it."""

    at: int
    lead_id: int
    direction: str
    message_id: int
    conversation_id: int
    is_cadence: bool = False


class FirstMail(NamedTuple):
    """`answered_at` None: not yet. Ms."""

    lead_id: int
    owner_id: int | None
    wrote_at: int
    answered_at: int | None


class Owed(NamedTuple):
    lead_id: int
    owner_id: int | None
    since_at: int


@dataclass(frozen=True, slots=True)
class Responses:
    """Of one owner or of all; `took` are working ms. `bands` count the answered by `BANDS`, longer ones last."""

    took: Quartiles = field(default_factory=Quartiles)
    waiting: int = 0
    within: int = 0
    late: int = 0
    waited: int = 0
    bands: tuple[int, ...] = (0,) * (len(BANDS) + 1)

    @property
    def share(self) -> float | None:
        judged = self.within + self.late + self.waited
        return self.within / judged if judged else None


def first_mails(
    spells: Iterable[Spell], mails: Iterable[Mail], asked: Asked, dismissed: Collection[int]
) -> list[FirstMail]:
    """By lead; `dismissed` are the messages that need no answer."""
    known = sorted(one for one in mails if one.at <= asked.at)
    found = []
    for lead_id, state in sorted(_standing(spells, asked).items()):
        own = [one for one in known if one.lead_id == lead_id]
        theirs = [one for one in own if one.direction == "in"]
        if not theirs or theirs[0].at < asked.since:
            continue
        wrote_at = theirs[0].at
        ours = [one.at for one in own if one.direction == "out" and not one.is_cadence]
        answers = [at for at in ours if at > wrote_at]
        first = {one.message_id for one in theirs if one.at == wrote_at}
        if answers or not first & set(dismissed):
            found.append(FirstMail(lead_id, state.owner_id, wrote_at, min(answers, default=None)))
    return found


def owed(
    spells: Iterable[Spell], mails: Iterable[Mail], asked: Asked, dismissed: Collection[int]
) -> list[Owed]:
    """By lead: since when it waits for us, by the longest wait."""
    closed = {one.key for one in asked.pipeline.stages if one.kind is not StageKind.OPEN}
    last: dict[tuple[int, int], Mail] = {}
    known = (one for one in mails if one.at <= asked.at)
    for one in sorted(known, key=lambda one: (one.at, one.message_id)):
        last[one.lead_id, one.conversation_id] = one
    waits: dict[int, int] = {}
    for one in last.values():
        if one.direction == "in" and one.message_id not in dismissed:
            waits[one.lead_id] = min(one.at, waits.get(one.lead_id, one.at))
    return [
        Owed(lead_id, state.owner_id, waits[lead_id])
        for lead_id, state in sorted(_standing(spells, asked).items())
        if lead_id in waits and state.stage not in closed
    ]


def _standing(spells: Iterable[Spell], asked: Asked) -> dict[int, LeadState]:
    standing = standing_at(spells, asked.at)
    return {one: state for one, state in standing.items() if state.pipeline == asked.pipeline.key}


# --- counting ---------------------------------------------------------------------------


class Judged(NamedTuple):
    """A first mail with how long its answer took, or it has waited so far, in working ms, and what that means."""

    mail: FirstMail
    worked: int
    verdict: str


def judged(firsts: Iterable[FirstMail], worked: WorkedTime, *, at: int, target: int) -> list[Judged]:  # fmt: skip
    """`target` in working ms; one of within, late, waited, and waiting while the target is not over."""
    found = []
    for one in firsts:
        took = worked.between(one.wrote_at, at if one.answered_at is None else one.answered_at)
        if one.answered_at is None:
            verdict = "waited" if took > target else "waiting"
        else:
            verdict = "within" if took <= target else "late"
        found.append(Judged(one, took, verdict))
    return found


def responses(some: Collection[Judged]) -> Responses:
    counts = dict.fromkeys(("within", "late", "waited", "waiting"), 0)
    bands = [0] * (len(BANDS) + 1)
    for one in some:
        counts[one.verdict] += 1
        if one.mail.answered_at is not None:
            bands[band_of(one.worked)] += 1
    return Responses(
        quartiles(one.worked for one in some if one.mail.answered_at is not None),
        counts["waiting"] + counts["waited"],
        counts["within"],
        counts["late"],
        counts["waited"],
        tuple(bands),
    )


def by_owner(some: Iterable[Judged]) -> Mapping[int | None, Responses]:
    held: dict[int | None, list[Judged]] = {}
    for one in some:
        held.setdefault(one.mail.owner_id, []).append(one)
    return {owner: responses(each) for owner, each in held.items()}


def band_of(worked: int) -> int:
    return bisect_left(BANDS, worked / HOUR_MS)


def responses_behind(some: Iterable[Judged], which: str, owner: str = "") -> list[int]:
    """`which` as in the keys above; for "band" `owner` is its number."""

    def fits(one: Judged) -> bool:
        is_answered = one.mail.answered_at is not None
        match which:
            case "answered":
                return is_answered
            case "waiting":
                return not is_answered
            case "band":
                return is_answered and str(band_of(one.worked)) == owner
        return one.verdict == which

    owned = which == "band" or not owner
    return [
        one.mail.lead_id
        for one in some
        if fits(one) and (owned or str(one.mail.owner_id or 0) == owner)
    ]
