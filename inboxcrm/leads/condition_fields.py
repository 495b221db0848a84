"""What rules on scoring and assigning may ask of a lead: who they are, in the words of segments.

Only what stays as it is while nobody writes or edits: a stage, a day or an answer owed would make a rule's word change
by itself. Besides the fields of segments a rule may ask for `country`, the country of a mail domain as its ending says
it ("de" of firma.de; nothing of firma.com), and for `free_mail`, yes where all addresses are of mail anybody can have.
"""

from __future__ import annotations

from collections.abc import Iterable

from inboxcrm.errors import Problem
from inboxcrm.leads.fields import LeadField
from inboxcrm.leads.pipeline import Pipelines
from inboxcrm.leads.segment_fields import (
    CUSTOM,
    Choice,
    SegmentField,
    SegmentFields,
    segment_fields,
)
from inboxcrm.leads.segment_text import parse_segment
from inboxcrm.leads.segments import OF_DAYS, FieldType, Node, SegmentError, leaves

_OF_SEGMENTS = (
    "name", "organization", "organization_domain", "source", "tag", "value", "currency", "address", "address_domain",
    "phone",
)  # fmt: skip
COUNTRY = SegmentField("country", FieldType.TEXT, "country")
FREE_MAIL = SegmentField(
    "free_mail", FieldType.FLAG, "free mail", (Choice("yes", "Yes"), Choice("no", "No"))
)


def condition_fields(lead_fields: Iterable[LeadField] = ()) -> SegmentFields:
    """The table of a house that declares these fields."""
    known = segment_fields(pipelines=Pipelines(), lead_fields=lead_fields).fields
    kept = {key: one for key, one in known.items() if key in _OF_SEGMENTS or key.startswith(CUSTOM)}
    return SegmentFields({**kept, COUNTRY.key: COUNTRY, FREE_MAIL.key: FREE_MAIL})


def parse_condition(text: str, fields: SegmentFields) -> Node:
    """Raises SegmentError with every problem, also for what counts days from today."""
    node = parse_segment(text, fields)
    counted = [leaf for leaf in leaves(node) if leaf.op in OF_DAYS]
    if counted:
        raise SegmentError(
            [
                Problem("", f"{leaf.field} {leaf.op.value}: a rule may not change from day to day")
                for leaf in counted
            ],
            remedy="Name the day itself, with before or after.",
        )
    return node
