"""What every use case and every page needs, in one hand: the open database, the clock, the house rules, the ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from inboxcrm.access.opaque import OpaqueIds
from inboxcrm.leads.assigning import AssignRule
from inboxcrm.leads.fields import LeadField
from inboxcrm.leads.own import CapturePolicy
from inboxcrm.leads.pipeline import Pipelines
from inboxcrm.leads.score_rules import ScoreRules
from inboxcrm.leads.working_time import WorkingHours
from inboxcrm.ports import Clock
from inboxcrm.store.database import Database
from inboxcrm.store.sealed import Seals


@dataclass(frozen=True, slots=True)
class Desk:
    """`cold_after_days` of silence make a lead cold; `working_hours` is the default working week of an account.

    `unsubscribe_url` is where people outside reach the pages of `web/unsubscribe.py`; empty where they do not.
    """

    database: Database
    clock: Clock
    pipelines: Pipelines
    ids: OpaqueIds
    working_hours: WorkingHours
    cold_after_days: int = 120
    capture: CapturePolicy = field(default_factory=CapturePolicy)
    lead_fields: tuple[LeadField, ...] = ()
    review_expires_after_days: int = 60
    seals: Seals = field(default_factory=Seals)
    scoring: ScoreRules = field(default_factory=ScoreRules)
    assigning: tuple[AssignRule, ...] = ()
    unsubscribe_url: str = ""

    def today(self) -> date:
        """By the clock on the house's wall."""
        return self.clock.now().astimezone(ZoneInfo(self.working_hours.zone)).date()
