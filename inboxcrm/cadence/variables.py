"""Which variables a template may name: one table, a sentence each, and how long a value may be.

A value longer than its bound counts as missing: nobody is called by ten thousand letters, and cutting a name in two
would send nonsense under somebody's own name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from inboxcrm.leads.fields import LONGEST_TEXT, FieldKind, LeadField

CUSTOM = "custom_"


@dataclass(frozen=True, slots=True)
class Variable:
    """`longest` in characters. `keeps_lines`: its line breaks mean something. `is_url`: it may begin a link.
    `may_be_blank`: a mail goes without it.
    """

    name: str
    sentence: str
    longest: int = 300
    keeps_lines: bool = False
    is_url: bool = False
    may_be_blank: bool = False


Variables = Mapping[str, Variable]

_TABLE = (
    Variable("first_name", "What the lead is called: the first word of their name.", 100),
    Variable("last_name", "The rest of the lead's name.", 200),
    Variable("name", "The lead's whole name."),
    Variable("organization", "The organization the lead belongs to."),
    Variable("address", "The address this mail goes to.", 320),
    Variable("phone", "The lead's telephone number."),
    Variable("stage", "The stage the lead stands in, as people read it."),
    Variable("source", "Where the lead came from."),
    Variable("value", "What the lead is worth, with its currency."),
    Variable("tags", "The lead's tags, with commas between them.", 2_000),
    Variable("sender_name", "The name of whoever sends."),
    Variable("sender_first_name", "The first name of whoever sends.", 100),
    Variable("sender_address", "The address the mail comes from.", 320),
    Variable(
        "signature", "What whoever sends puts under their mail; else their name.", 4_000, True
    ),
    Variable("today", "The day of sending, as in 20 May 2026."),
    Variable(
        "unsubscribe_url",
        "The page where they ask for no more; empty where the house has no public one.",
        2_000,
        is_url=True,
        may_be_blank=True,
    ),
)
FIXED: Variables = MappingProxyType({one.name: one for one in _TABLE})


def variables_with(fields: Iterable[LeadField]) -> Variables:
    """The fixed ones and one for each field a house declares: `budget-2026` is {{ custom_budget_2026 }}.

    Of two fields that would bear one name the first has it.
    """
    known = dict(FIXED)
    for field in fields:
        name = custom_variable(field.key)
        sentence = f'The field "{field.label}" of the lead.'
        known.setdefault(
            name,
            Variable(
                name,
                sentence,
                LONGEST_TEXT,
                keeps_lines=field.kind is FieldKind.TEXT,
                is_url=field.kind is FieldKind.URL,
            ),
        )
    return MappingProxyType(known)


def custom_variable(key: str) -> str:
    return CUSTOM + key.replace("-", "_")


def known_as(word: str, variables: Variables) -> str:
    """The variable that other programs or hasty people write so; empty where there is none."""
    folded = re.sub(r"[\s_-]+", "", word).casefold()
    meant = _OTHER_WORDS.get(folded, folded)
    return next((name for name in variables if name.replace("_", "") == meant.replace("_", "")), "")


def did_you_mean(name: str, variables: Variables) -> str:
    """The nearest variable as the end of a sentence; empty where none is near."""
    known = known_as(name, variables)
    near = [known] if known else get_close_matches(name.casefold(), variables, n=1)
    return f"; did you mean {near[0]}?" if near else ""


_OTHER_WORDS = {
    "firstname": "first_name",
    "fname": "first_name",
    "lastname": "last_name",
    "surname": "last_name",
    "lname": "last_name",
    "company": "organization",
    "firm": "organization",
    "email": "address",
    "mail": "address",
    "telephone": "phone",
    "date": "today",
}
"""What other programs call ours."""
