"""The view object of the weekly digest; its text and its HTML are two templates over it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from inboxcrm.views.pipeline_shapes import Figure, NamedPipeline


@dataclass(frozen=True, slots=True)
class DigestSum:
    """A figure at the end of the week and at its start, in words; `difference` is empty where there is none."""

    label: str
    start: str
    end: str
    difference: str


@dataclass(frozen=True, slots=True)
class DigestLead:
    """`url` is whole, and empty where nobody said how the pages are reached. Name and note are one line each."""

    name: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class DigestPart:
    """`count` leads, the first of them named, `more` not."""

    key: str
    title: str
    meaning: str
    count: int
    worth: str = ""
    leads: tuple[DigestLead, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class DigestView:
    """From `from_on` to `to_on`, both included; `is_over` says whether the week had ended. `reading`: what "then" and
    "now" mean in it; `figures` are those of the page of numbers over the week. `url` and `numbers_url`: the pipeline
    and its numbers as they stood at its end.
    """

    pipeline: NamedPipeline
    from_on: date
    to_on: date
    is_over: bool
    sentence: str
    reading: str
    sums: tuple[DigestSum, ...]
    parts: tuple[DigestPart, ...]
    figures: tuple[Figure, ...] = ()
    url: str = ""
    numbers_url: str = ""
