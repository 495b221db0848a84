"""What board and numbers are measured against: plain SQL over the same tables and indexes. Printed with the figures.

Written for the pipeline that is measured, with its stages in the text. The first part of each answers for now, where a
lead's own row says how it stands, or for a past instant, where earlier states are needed too.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Row, text

from inboxcrm.leads.pipeline import DEFAULT_PIPELINE

Rows = Sequence[Row]


def standing(tx: Connection, *, is_past: bool) -> str:
    """WITH the leads of the pipeline as they stand, or as they stood."""
    columns = "stage, stage_since_at, stage_reason, owner_id, source, value_cents, value_currency, close_on"
    shown = f"merged_into IS NULL AND is_withdrawn IS {_false(tx)}"
    now = f"SELECT id AS lead_id, {columns} FROM lead WHERE pipeline = 'sales' AND {shown}"
    if not is_past:
        return f"WITH standing AS ({now})"
    return (
        f"WITH standing AS ({now} AND coalesce(state_since_at, stage_since_at) <= :at"
        f" UNION ALL SELECT lead_id, {columns} FROM lead_past"
        " WHERE pipeline = 'sales' AND from_at <= :at AND until_at > :at)"
    )


def _false(tx: Connection) -> str:
    return "0" if tx.dialect.name == "sqlite" else "false"


def plain_board(tx: Connection, *, at: int, is_past: bool) -> tuple[Rows, Rows]:
    """Counts, sums and weighted sums of every stage; its first twenty cards."""
    sums = """
        SELECT stage, value_currency, count(*), count(value_cents), sum(value_cents), CAST(sum(value_cents) AS bigint)
            * CASE stage WHEN 'new' THEN 50000 WHEN 'engaged' THEN 100000 WHEN 'mql' THEN 200000
              WHEN 'sal' THEN 300000 WHEN 'sql' THEN 500000 WHEN 'opportunity' THEN 700000 ELSE 0 END / 1000000
        FROM standing GROUP BY stage, value_currency"""
    past_cards = """
        SELECT lead_id, held.stage, held.stage_since_at, held.owner_id, held.value_cents, held.value_currency,
            held.close_on, lead.name, organization.name, account.name
        FROM (SELECT standing.*, row_number() OVER (PARTITION BY stage ORDER BY stage_since_at DESC, lead_id DESC)
            AS place FROM standing) AS held
        JOIN lead ON lead.id = lead_id LEFT JOIN organization ON organization.id = organization_id
        LEFT JOIN account ON account.id = held.owner_id
        WHERE place <= 20 ORDER BY held.stage, place"""
    of_stage = """
        SELECT * FROM (SELECT lead.id, stage, stage_since_at, owner_id, value_cents, value_currency, close_on,
            lead.name, organization.name AS organization, account.name AS owner, version, owes, owes_since_at,
            (SELECT min(due_on) FROM task WHERE lead_id = lead.id AND done_at IS NULL AND removed_at IS NULL) AS due_on
        FROM lead LEFT JOIN organization ON organization.id = organization_id LEFT JOIN account ON account.id = owner_id
        WHERE pipeline = 'sales' AND stage = '{}' AND merged_into IS NULL AND is_withdrawn IS {}
        ORDER BY moved_at DESC, lead.id DESC LIMIT 20) AS {}"""
    first = standing(tx, is_past=is_past)
    stages = [one.key for one in DEFAULT_PIPELINE.stages]
    cards = first + past_cards
    if not is_past:
        cards = " UNION ALL ".join(of_stage.format(one, _false(tx), f"of_{one}") for one in stages)
    return (
        tx.execute(text(first + sums), {"at": at}).all(),
        tx.execute(text(cards), {"at": at}).all(),
    )


def plain_since(tx: Connection, *, at: int, then_on: str, today: str) -> Rows:
    """What a past page says about the time since: each lead with what happened to it, by its letter."""
    now = f"(lead.pipeline = 'sales' AND merged_into IS NULL AND is_withdrawn IS {_false(tx)})"
    closed = "IN ('won', 'lost', 'disqualified')"
    open_now = f"{now} AND lead.stage NOT {closed}"
    open_then = f"t.stage NOT {closed}"
    kinds = {
        "new": f"{open_now} AND t.lead_id IS NULL",
        "moved": f"{open_now} AND t.stage <> lead.stage",
        "slipped": f"{open_now} AND {open_then} AND t.close_on IS NOT NULL AND (lead.close_on IS NULL"
        " OR lead.close_on > t.close_on OR (t.close_on >= :then_on AND lead.close_on < :today))",
        "quiet": f"{open_now} AND {open_then} AND t.stage = lead.stage"
        " AND (last_in_at > :lively OR last_out_at > :lively)"
        " AND coalesce(last_in_at, 0) <= :at AND coalesce(last_out_at, 0) <= :at",
        "won": f"{now} AND lead.stage = 'won' AND coalesce(t.stage, '') <> 'won'",
        "lost": f"{now} AND lead.stage IN ('lost', 'disqualified')"
        " AND coalesce(t.stage, '') NOT IN ('lost', 'disqualified')",
        "gone": f"t.lead_id IS NOT NULL AND NOT {now}",
    }
    signs = ", ".join(
        f"CASE WHEN {words} THEN 1 ELSE 0 END AS is_{name}" for name, words in kinds.items()
    )
    totals = ", ".join(f"sum(is_{name})" for name in kinds)
    return tx.execute(
        text(
            f"{standing(tx, is_past=True)} SELECT {totals},"
            " sum(CASE WHEN is_won = 1 THEN value_cents END), sum(CASE WHEN is_lost = 1 THEN value_cents END)"
            f" FROM (SELECT lead.value_cents, lead.value_currency, {signs}"
            " FROM lead LEFT JOIN standing t ON t.lead_id = lead.id"
            " WHERE lead.pipeline = 'sales' OR t.lead_id IS NOT NULL) AS told GROUP BY value_currency"
        ),
        {"at": at, "lively": at - 30 * 86_400_000, "then_on": then_on, "today": today},
    ).all()


def plain_numbers(tx: Connection, *, since: int, at: int, is_past: bool) -> dict[str, Rows]:
    """Sums, reasons, funnel, times in stages and the sales cycle."""
    first = standing(tx, is_past=is_past)
    least = "min" if tx.dialect.name == "sqlite" else "least"
    recent = "stage_since_at BETWEEN :since AND :at"
    known = (
        "pipeline = 'sales' AND from_at <= :at AND (taken_back_at IS NULL OR taken_back_at > :at)"
    )
    sums = f"""
        SELECT stage, {recent} AS is_recent, owner_id, source, value_currency, count(*), count(value_cents),
            sum(value_cents)
        FROM standing GROUP BY 1, 2, 3, 4, 5"""
    reasons = f"""
        SELECT stage_reason, count(*) FROM standing WHERE stage IN ('lost', 'disqualified') AND {recent}
        GROUP BY stage_reason"""
    stages = ["new", "engaged", "mql", "sal", "sql", "opportunity", "won"]
    never = 1 << 62
    entered = {
        one: f"{least}(CASE WHEN stage = '{one}' THEN stage_since_at ELSE {never} END,"
        f" coalesce(was_{one}, {never}))"
        for one in stages
    }
    after = {
        one: ", ".join(
            f"CASE WHEN at_{later} >= at_{one} THEN at_{later} ELSE {never} END"
            for later in stages[place + 1 :]
        )
        for place, one in enumerate(stages[:-1])
    }
    firsts = ", ".join(
        f"min(CASE stage WHEN '{one}' THEN stage_since_at END) AS was_{one}" for one in stages
    )
    took = " UNION ALL ".join(
        f"SELECT '{one}' AS what, nullif({least}({words}, {never}), {never}) - at_{one} AS ms"
        f" FROM entered WHERE at_{one} BETWEEN :since AND :at"
        for one, words in after.items()
    )
    funnel = f"""
        , past AS (SELECT lead_id, {firsts} FROM lead_past WHERE {known} GROUP BY lead_id),
        entered AS (SELECT {", ".join(f"{words} AS at_{one}" for one, words in entered.items())}
            FROM standing LEFT JOIN past ON past.lead_id = standing.lead_id),
        took AS ({took})"""
    times = f"""
        , ended AS (SELECT p.stage, max(until_at) - p.stage_since_at AS ms
            FROM lead_past p JOIN standing ON standing.lead_id = p.lead_id
            WHERE {known} AND until_at >= :since
              AND NOT (p.stage = standing.stage AND p.stage_since_at = standing.stage_since_at)
            GROUP BY p.lead_id, p.stage, p.stage_since_at HAVING max(until_at) <= :at),
        took AS (SELECT stage AS what, CASE WHEN ms > 0 THEN ms ELSE 0 END AS ms FROM ended
            WHERE stage NOT IN ('won', 'lost', 'disqualified'))"""
    cycle = f"""
        , took AS (SELECT 'cycle' AS what, stage_since_at - {least}(stage_since_at, coalesce(
              (SELECT min(p.stage_since_at) FROM lead_past p WHERE p.lead_id = standing.lead_id AND from_at <= :at),
              stage_since_at)) AS ms
            FROM standing WHERE stage = 'won' AND {recent})"""
    quartiles = """
        SELECT what, count(*), count(ms), percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY ms),
            floor(avg(ms))
        FROM took GROUP BY what"""
    if tx.dialect.name == "sqlite":
        at_place = "max(CASE WHEN place = (last * {} + {}) / 4 THEN ms END)"
        points = ", ".join(at_place.format(one, up) for one in (1, 2, 3) for up in (0, 3))
        quartiles = f"""
            SELECT what, max(many), max(last) + 1, {points}, max(mean)
            FROM (SELECT what, ms, row_number() OVER in_order - 1 AS place, count(*) OVER whole AS many,
                count(ms) OVER whole - 1 AS last, sum(ms) OVER whole / max(count(ms) OVER whole, 1) AS mean
              FROM took WINDOW in_order AS (PARTITION BY what ORDER BY ms NULLS LAST), whole AS (PARTITION BY what))
            GROUP BY what"""
    asked = {
        "sums": sums,
        "reasons": reasons,
        "funnel": funnel + quartiles,
        "times": times + quartiles,
        "cycle": cycle + quartiles,
    }
    params = {"since": since, "at": at}
    return {name: tx.execute(text(first + words), params).all() for name, words in asked.items()}
