"""The fields a segment may ask for, and no others: how each is called, what it takes, what it is called in a sentence.

Stages, owners, cadences and declared fields are the house's own, so the table is made for a house. Whatever of them is
taken away later makes the segments that name it unreadable rather than wider: nobody gets mail by a stage's removal.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from inboxcrm.leads.fields import FieldKind, LeadField
from inboxcrm.leads.pipeline import Pipelines, StageKind
from inboxcrm.leads.segment_folding import folded_name
from inboxcrm.leads.segments import OPS, WITHOUT_VALUE, FieldType, Op
from inboxcrm.leads.temperature import COLD, HOT, WARM

CADENCE = "cadence"
CUSTOM = "custom."
NOBODY = "nobody"
ME = "me"
EVER = "ever"
SCORES = ("score", "fit", "engagement")
"""Whole points (leads/scoring.py), 0 for a lead whose score was never worked out."""


@dataclass(frozen=True, slots=True)
class Choice:
    """`key` is stored, `label` is how people see it; both may be written."""

    key: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class SegmentField:
    """`noun` as in "whose organization is". `is_always_set`: asking whether it is there says nothing."""

    key: str
    type: FieldType
    noun: str
    choices: tuple[Choice, ...] = ()
    is_always_set: bool = False

    @property
    def ops(self) -> tuple[Op, ...]:
        every = OPS[self.type]
        if self.is_always_set:
            return tuple(op for op in every if op not in WITHOUT_VALUE)
        return every

    def choice(self, written: str) -> Choice | None:
        """By key, else by the one label that says so."""
        wanted = folded_name(written)
        for one in self.choices:
            if folded_name(one.key) == wanted:
                return one
        labelled = [one for one in self.choices if folded_name(one.label) == wanted]
        return labelled[0] if len(labelled) == 1 else None

    def nearest_choice(self, written: str) -> str:
        return nearest(written, [word for one in self.choices for word in (one.key, one.label)])


def _choices(*keys: str) -> tuple[Choice, ...]:
    return tuple(Choice(key, key.capitalize()) for key in keys)


_PLAIN = (
    SegmentField("name", FieldType.TEXT, "name"),
    SegmentField("organization", FieldType.TEXT, "organization"),
    SegmentField("organization_domain", FieldType.DOMAIN, "organization's web domain"),
    SegmentField(
        "stage_kind",
        FieldType.CHOICE,
        "stage",
        _choices(*(kind.value for kind in StageKind)),
        is_always_set=True,
    ),
    SegmentField("source", FieldType.TEXT, "source"),
    SegmentField("tag", FieldType.TAG, "tags"),
    SegmentField(
        "temperature",
        FieldType.CHOICE,
        "temperature",
        _choices(COLD, WARM, HOT),
        is_always_set=True,
    ),
    SegmentField("value", FieldType.MONEY, "value"),
    SegmentField("currency", FieldType.TEXT, "currency"),
    SegmentField("close", FieldType.DAY, "close date"),
    SegmentField("task", FieldType.DAY, "next task"),
    SegmentField("mails", FieldType.NUMBER, "number of mails", is_always_set=True),
    SegmentField("last_in", FieldType.TIME, "last mail from them"),
    SegmentField("last_out", FieldType.TIME, "last mail from us"),
    SegmentField("created", FieldType.TIME, "start as a lead", is_always_set=True),
    SegmentField("appeared", FieldType.TIME, "first appearance", is_always_set=True),
    SegmentField("stage_since", FieldType.TIME, "move to its stage", is_always_set=True),
    SegmentField(
        "owes",
        FieldType.CHOICE,
        "next answer",
        (Choice("us", "We"), Choice("them", "They"), Choice("nobody", "Nobody")),
        is_always_set=True,
    ),
    SegmentField("address", FieldType.ADDRESS, "mail address"),
    SegmentField("address_domain", FieldType.DOMAIN, "mail domain"),
    SegmentField("phone", FieldType.PRESENCE, "phone number"),
    SegmentField("consent", FieldType.CHOICE, "consent", _choices("given", "withdrawn")),
    SegmentField("suppressed", FieldType.FLAG, "suppression", _choices("yes", "no")),
    *(SegmentField(one, FieldType.NUMBER, one, is_always_set=True) for one in SCORES),
)
_ALSO = {
    "tags": "tag",
    "domain": "address_domain",
    "company": "organization",
    "pipelines": "pipeline",
    "stages": "stage",
}
_OF_CADENCE = (
    Choice(EVER, "Ever"),
    Choice("active", "Active"),
    Choice("finished", "Finished"),
    Choice("stopped", "Stopped"),
)
_TYPES = {
    FieldKind.TEXT: FieldType.TEXT,
    FieldKind.URL: FieldType.TEXT,
    FieldKind.TIME_ZONE: FieldType.TEXT,
    FieldKind.NUMBER: FieldType.NUMBER,
    FieldKind.DATE: FieldType.DAY,
    FieldKind.CHOICE: FieldType.CHOICE,
    FieldKind.YES_NO: FieldType.CHOICE,
}


@dataclass(frozen=True, slots=True)
class SegmentFields:
    """The table of one house. `me` is the key among the owners of whoever writes the segment."""

    fields: dict[str, SegmentField] = field(default_factory=dict)
    cadences: tuple[Choice, ...] = ()
    me: str = ""

    def find(self, name: str) -> SegmentField | None:
        """By its key, another word for it, a declared field's key alone, or `cadence:NAME`."""
        written = name.strip().casefold()
        head, colon, rest = name.partition(":")
        if colon and head.strip().casefold() == CADENCE:
            wanted = folded_name(rest)
            found = next((one for one in self.cadences if one.key == wanted), None)
            return None if found is None else _of_cadence(found)
        for key in (written, _ALSO.get(written, ""), f"{CUSTOM}{written}"):
            if key in self.fields:
                return self.fields[key]
        return None

    def nearest(self, name: str) -> str:
        head, colon, rest = name.partition(":")
        if colon and head.casefold() == CADENCE:
            known = nearest(rest, [one.label for one in self.cadences])
            return f'{CADENCE}:"{known}"' if known else ""
        return nearest(name, [*self.fields, *_ALSO])


def _of_cadence(one: Choice) -> SegmentField:
    return SegmentField(f"{CADENCE}:{one.key}", FieldType.CADENCE, one.label, _OF_CADENCE)


def segment_fields(
    *,
    pipelines: Pipelines,
    lead_fields: Iterable[LeadField] = (),
    owners: Sequence[Choice] = (),
    cadences: Iterable[str] = (),
    me: str = "",
) -> SegmentFields:
    """`owners` by the key under which `LeadFacts.owner` has them; `cadences` by name."""
    stages: dict[str, Choice] = {}
    for one in pipelines.pipelines:
        for stage in one.stages:
            stages.setdefault(stage.key, Choice(stage.key, stage.label))
    every = [
        *_PLAIN,
        SegmentField(
            "stage", FieldType.CHOICE, "stage", tuple(stages.values()), is_always_set=True
        ),
        SegmentField(
            "pipeline",
            FieldType.CHOICE,
            "pipeline",
            tuple(Choice(one.key, one.label) for one in pipelines.pipelines),
            is_always_set=True,
        ),
        SegmentField("owner", FieldType.CHOICE, "owner", tuple(owners)),
        SegmentField(CADENCE, FieldType.CADENCE, "", _OF_CADENCE),
        *map(_declared, lead_fields),
    ]
    return SegmentFields(
        {one.key: one for one in every},
        tuple(Choice(folded_name(name), name) for name in cadences),
        me,
    )


def _declared(one: LeadField) -> SegmentField:
    chosen = ("yes", "no") if one.kind is FieldKind.YES_NO else one.choices
    return SegmentField(
        f"{CUSTOM}{one.key}",
        _TYPES[one.kind],
        one.label,
        tuple(Choice(key, one.shown(key)) for key in chosen),
    )


def nearest(written: str, known: Iterable[str]) -> str:
    """The known word that was most likely meant; empty where none is like it."""
    words: dict[str, str] = {}
    for word in filter(None, known):
        words.setdefault(word.casefold(), word)
    # One letter wrong is half of a word of two.
    cutoff = 0.5 if len(written) < 4 else 0.6
    found = difflib.get_close_matches(written.casefold()[:80], words, n=1, cutoff=cutoff)
    return words[found[0]] if found else ""
