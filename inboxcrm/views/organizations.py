"""An organization's page: its people, what they are worth, and their mail, each by pages of its own."""

from __future__ import annotations

from collections.abc import Sequence

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import NotFoundError
from inboxcrm.leads.pipeline import StageKind
from inboxcrm.store import organizations
from inboxcrm.store.desk import Desk
from inboxcrm.store.inbox import threads_of_messages
from inboxcrm.store.lead_lists import Narrowed, newest_leads
from inboxcrm.store.organizations import COUNTED_TO, ValueSum
from inboxcrm.views.capture_words import candidate_reason
from inboxcrm.views.cursors import open_cursor, seal_cursor
from inboxcrm.views.inbox import rows_of
from inboxcrm.views.lead_page_shapes import Doubtful, OrganizationPage, StageSum
from inboxcrm.views.leads import lead_row
from inboxcrm.views.parts import money
from inboxcrm.views.shapes import Money

_PEOPLE = 50
_THREADS = 25
_CANDIDATES = 50


def organization_page(
    desk: Desk,
    viewer: Viewer,
    organization_id: str,
    *,
    people_before: str | None = None,
    threads_before: str | None = None,
) -> OrganizationPage:
    """Raises NotFoundError. Its mail and its doubtful people as far as this viewer reads the mail they stand on."""
    number = desk.ids.open("organization", organization_id)
    with desk.database.read() as tx:
        found = None if number is None else organizations.organization_by_id(tx, number)
        if found is None:
            raise NotFoundError(
                "There is no such organization.", remedy="Look for one of its people."
            )
        lines = newest_leads(
            tx,
            Narrowed(organization_id=found.organization_id),
            before=open_cursor(desk, people_before),
            limit=_PEOPLE + 1,
        )
        sums = organizations.sums(tx, found.organization_id)
        doubtful = organizations.candidates(tx, viewer, found.domain, limit=_CANDIDATES)
        threads = organizations.newest_threads_of(
            tx,
            viewer,
            found.organization_id,
            before=open_cursor(desk, threads_before),
            limit=_THREADS + 1,
        )
        page = threads_of_messages(tx, viewer, [one[2] for one in threads[:_THREADS]])
    now = desk.clock.now()
    last = lines[_PEOPLE - 1] if len(lines) > _PEOPLE else None
    last_thread = threads[_THREADS - 1] if len(threads) > _THREADS else None
    total = sum(one.leads for one in sums)
    return OrganizationPage(
        id=desk.ids.seal("organization", found.organization_id),
        name=found.name,
        domain=found.domain,
        people=tuple(lead_row(desk, viewer, line, now) for line in lines[:_PEOPLE]),
        candidates=tuple(
            Doubtful(one.shown, one.name, candidate_reason("candidate", one.rule, one.detail))
            for one in doubtful
        ),
        threads=rows_of(desk, page, limit=_THREADS),
        stages=_stages(desk, sums),
        total=min(total, COUNTED_TO),
        open_value=_values([one for one in sums if _is_open(desk, one)]),
        is_capped=total > COUNTED_TO,
        next_people=seal_cursor(desk, last.sort_at, last.lead_id) if last else None,
        next_threads=seal_cursor(desk, last_thread[1], last_thread[0]) if last_thread else None,
    )


def _is_open(desk: Desk, one: ValueSum) -> bool:
    return desk.pipelines.place(one.pipeline, one.stage).stage.kind is StageKind.OPEN


def _stages(desk: Desk, sums: Sequence[ValueSum]) -> tuple[StageSum, ...]:
    """In the order of the pipelines, those with somebody in them."""
    order = [(one.key, each.key) for one in desk.pipelines.pipelines for each in one.stages]
    found: list[StageSum] = []
    for pipeline, stage in order:
        here = [one for one in sums if (one.pipeline, one.stage) == (pipeline, stage)]
        if here:
            label = desk.pipelines.place(pipeline, stage).stage.label
            found.append(StageSum(label, sum(one.leads for one in here), _values(here)))
    return tuple(found)


def _values(sums: Sequence[ValueSum]) -> tuple[Money, ...]:
    by_currency: dict[str, int] = {}
    for one in sums:
        by_currency[one.currency] = by_currency.get(one.currency, 0) + one.cents
    found = [money(cents, currency) for currency, cents in sorted(by_currency.items()) if cents]
    return tuple(one for one in found if one)
