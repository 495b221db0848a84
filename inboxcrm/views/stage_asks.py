"""The small form a move asks with: exactly the fields a stage wants and a lead lacks, and the places to move to.

Board, sheet, lead page and panel show the same form; what was typed into it stands in it again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import NotFoundError
from inboxcrm.leads.fields import FieldKind, LeadField
from inboxcrm.leads.pipeline import Pipeline, ReasonRule, Stage
from inboxcrm.leads.stage_asks import CUSTOM, REASON, place_in
from inboxcrm.store import leads as lead_rows
from inboxcrm.store.accounts import AccountRow, all_accounts
from inboxcrm.store.desk import Desk
from inboxcrm.store.leads import LeadRow
from inboxcrm.views.shapes import StageGroup


@dataclass(frozen=True, slots=True)
class ReasonAsk:
    """How a pipeline asks why a lead is lost. `is_free`: any words will do, the reasons are only offered."""

    reasons: tuple[str, ...]
    is_free: bool
    is_required: bool


@dataclass(frozen=True, slots=True)
class AskedField:
    """`kind` is line, date, amount, choice or reason; `choices` as (what is sent, label)."""

    name: str
    label: str
    kind: str = "line"
    value: str = ""
    problem: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    is_free: bool = True
    is_required: bool = True
    placeholder: str = ""


@dataclass(frozen=True, slots=True)
class AskedMove:
    """`place` is what the form sends as the stage; `now` where the lead stands. `is_possible`: it is another, and one
    of the settings. `version` is the one that stands; `message` says why it is asked again.
    """

    lead_id: str
    name: str
    version: int
    place: str
    label: str
    now: str
    fields: tuple[AskedField, ...]
    message: str = ""
    is_possible: bool = True


def stages_elsewhere(desk: Desk, pipeline: str) -> tuple[StageGroup, ...]:
    """Every other pipeline of the settings with its stages."""
    return tuple(
        StageGroup(
            one.key, one.label, tuple((f"{one.key}/{each.key}", each.label) for each in one.stages)
        )
        for one in desk.pipelines.pipelines
        if one.key != pipeline
    )


def reason_asked(desk: Desk, pipeline: str) -> ReasonAsk | None:
    """None where nobody is asked why."""
    found = desk.pipelines.pipeline(pipeline) or desk.pipelines.default
    if found.lost_reason is ReasonRule.NEVER:
        return None
    return ReasonAsk(
        found.lost_reasons, found.takes_other_reason, found.lost_reason is ReasonRule.REQUIRED
    )


def asked_move(
    desk: Desk,
    viewer: Viewer,
    lead_id: str,
    stage: str,
    names: Collection[str],
    *,
    given: Mapping[str, str],
    problems: Mapping[str, str],
    message: str = "",
) -> AskedMove:
    """`names` as `NeedsMoreError` has them; `given` what was typed so far, by the same names.

    Raises NotFoundError where the lead was removed meanwhile.
    """
    number = desk.ids.open("lead", lead_id)
    with desk.database.read() as tx:
        found = lead_rows.lead_by_id(tx, number) if number is not None else None
        accounts = all_accounts(tx) if "owner" in names else []
    if found is None or found.is_withdrawn:
        raise NotFoundError("There is no such lead.", remedy="It may have been removed.")
    said, key = place_in(stage)
    target = desk.pipelines.place(said or found.pipeline, key)
    now = desk.pipelines.place(found.pipeline, found.stage)
    # An amount is given with its currency.
    wanted = dict.fromkeys(
        each for one in names for each in ((one, "currency") if one == "value" else (one,))
    )
    asking = _Asking(desk, viewer, found, accounts, given, problems)
    return AskedMove(
        desk.ids.seal("lead", found.lead_id),
        found.name,
        found.version,
        # Whole: the lead may stand in another pipeline when it is sent.
        f"{target.pipeline.key}/{target.stage.key}",
        _label(target.pipeline, target.stage, is_elsewhere=target.pipeline.key != found.pipeline),
        now.stage.label,
        tuple(asking.field(name, target.pipeline) for name in wanted),
        message,
        target.is_known
        and (found.pipeline, found.stage) != (target.pipeline.key, target.stage.key),
    )


def _label(pipeline: Pipeline, stage: Stage, *, is_elsewhere: bool) -> str:
    return f"{pipeline.label}: {stage.label}" if is_elsewhere else stage.label


@dataclass(frozen=True, slots=True)
class _Asking:
    desk: Desk
    viewer: Viewer
    found: LeadRow
    accounts: Collection[AccountRow]
    given: Mapping[str, str]
    problems: Mapping[str, str]

    def field(self, name: str, pipeline: Pipeline) -> AskedField:
        value = self.given.get(name, "")
        # Before anything was typed there is nothing wrong: the form says itself what it asks for.
        problem = self.problems.get(name, "") if name in self.given else ""
        if name == REASON:
            ask = reason_asked(self.desk, pipeline.key) or ReasonAsk((), True, False)
            choices = tuple((one, one) for one in ask.reasons)
            return AskedField(
                name,
                "Why is it lost?",
                REASON,
                value,
                problem,
                choices,
                ask.is_free,
                ask.is_required,
            )
        if name.startswith(CUSTOM):
            key = name.removeprefix(CUSTOM)
            declared = next(one for one in self.desk.lead_fields if one.key == key)
            return _declared(declared, name, value, problem)
        if name == "owner":
            seal = self.desk.ids.seal
            people = tuple(
                (seal("account", one.id), one.name) for one in self.accounts if not one.is_closed
            )
            chosen = value or seal("account", self.viewer.account_id)
            return AskedField(name, "Owner", "choice", chosen, problem, people)
        if name == "currency":
            held = self.given.get(name, self.found.value_currency)
            return AskedField(
                name, "Currency", "line", held, problem, is_required=False, placeholder="EUR"
            )
        label, kind, example = _PLAIN[name]
        return AskedField(name, label, kind, value, problem, placeholder=example)


_PLAIN = {
    "name": ("Name", "line", ""),
    "organization": ("Organization", "line", "Its name, or its web domain"),
    "phone": ("Phone", "line", ""),
    "source": ("Source", "line", ""),
    "value": ("Value", "amount", "12000"),
    "close": ("Close date", "date", ""),
}


def _declared(field: LeadField, name: str, value: str, problem: str) -> AskedField:
    if field.kind is FieldKind.YES_NO:
        return AskedField(
            name, field.label, "choice", value, problem, (("yes", "Yes"), ("no", "No"))
        )
    if field.kind is FieldKind.CHOICE:
        choices = tuple((one, one) for one in field.choices)
        return AskedField(name, field.label, "choice", value, problem, choices)
    kind = "date" if field.kind is FieldKind.DATE else "line"
    return AskedField(name, field.label, kind, value, problem)
