"""How a form calls the fields of segments and the ways they are compared, and in which order it offers them."""

from __future__ import annotations

from inboxcrm.leads.segment_fields import CADENCE, CUSTOM, SCORES, SegmentField, SegmentFields
from inboxcrm.leads.segments import EVERYONE_WORD, FieldType

_OFFERED: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Who they are",
        (
            "name", "organization", "organization_domain", "address", "address_domain", "phone", "source", "tag",
            "owner",
        ),
    ),
    (
        "Where they stand",
        (
            "pipeline", "stage", "stage_kind", "stage_since", "owes", "temperature", "value", "currency", "close",
            "task", *SCORES,
        ),
    ),
    ("Since when", ("last_in", "last_out", "mails", "created", "appeared")),
    ("Writing to them", (CADENCE, "consent", "suppressed")),
)  # fmt: skip
EVERYBODY = "Everybody"
_OF_HOUSE = "Fields of this house"
_CADENCES = "Cadences"

_CALLED = {
    "organization_domain": "Organization's web domain",
    "address": "Mail address",
    "address_domain": "Mail domain",
    "phone": "Phone number",
    "stage_kind": "Kind of stage",
    "stage_since": "In its stage since",
    "owes": "Whose turn it is",
    "close": "Close date",
    "task": "Next task",
    "last_in": "Last mail from them",
    "last_out": "Last mail from us",
    "mails": "Number of mails",
    "created": "Lead since",
    "appeared": "First seen",
    CADENCE: "Any cadence",
}

_SAID = {
    "not contains": "does not contain",
    "not starts with": "does not start with",
    "is set": "is filled in",
    "is unset": "is blank",
    "within": "in the last",
    "older than": "longer ago than",
    "in next": "in the next",
    ">": "is more than",
    "<": "is less than",
    ">=": "is at least",
    "<=": "is at most",
}
_SAID_OF = {
    FieldType.TIME: {"is set": "ever", "is unset": "never"},
    FieldType.DAY: {"is set": "is set", "is unset": "is not set"},
    FieldType.TAG: {"is set": "any at all", "is unset": "none at all"},
}


def field_label(asked: SegmentField) -> str:
    """As it begins a row: "Last mail from them"."""
    if asked.key in _CALLED:
        return _CALLED[asked.key]
    if asked.type is FieldType.CADENCE:
        return f"Cadence “{asked.noun}”"
    if asked.key.startswith(CUSTOM):
        return asked.noun
    return asked.key.capitalize()


def comparison_label(asked: SegmentField, comparison: str) -> str:
    return _SAID_OF.get(asked.type, {}).get(comparison) or _SAID.get(comparison, comparison)


def offered(fields: SegmentFields) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every field once, in groups: (what the group is called, [(how `find` finds the field, label)]); and everybody."""
    named = [fields.find(f"{CADENCE}:{one.key}") for one in fields.cadences]
    groups = [
        (title, [fields.fields[key] for key in keys if key in fields.fields])
        for title, keys in _OFFERED
    ]
    groups.append((_CADENCES, [one for one in named if one is not None]))
    groups.append(
        (_OF_HOUSE, [one for key, one in fields.fields.items() if key.startswith(CUSTOM)])
    )
    found = [
        (title, [(one.key, field_label(one)) for one in members])
        for title, members in groups
        if members
    ]
    return [*found, ("All of them", [(EVERYONE_WORD, EVERYBODY)])]
