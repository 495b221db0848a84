"""Segments as people and programs are told of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inboxcrm.leads.segment_left_out import LeftOut


@dataclass(frozen=True, slots=True)
class Member:
    """A lead of a segment and where mail to it would go. `address` is as people write it; with reasons it gets none."""

    lead_id: int
    address_id: int | None
    address: str
    reasons_left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentSample:
    """One of its leads, for people to recognise. `id` is opaque."""

    id: str
    name: str
    address: str
    stage: str
    organization: str | None = None
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOutCount:
    """`words` follow "lead": "has no mail address". A lead counts under its gravest reason only."""

    reason: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """A saved segment in a list. `problem` says why it can no longer be asked; else it is empty."""

    id: str
    name: str
    kind: str
    text: str
    words: str
    saved_at: datetime
    saved_by: str | None = None
    count: int | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SegmentView:
    """`count` leads are in it, `reachable` of them get mail. `name` is empty for one that is not saved; `notes` say
    what may be a slip, `warnings` which colleagues are talking to whom of those who get it.
    """

    name: str
    kind: str
    text: str
    words: str
    count: int
    reachable: int
    samples: tuple[SegmentSample, ...] = ()
    left_out: tuple[LeftOutCount, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    id: str | None = None
