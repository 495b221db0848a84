"""What board and numbers are measured against: plain SQL over the same tables and indexes. Printed with the figures.

Written for the pipeline that is measured, with its stages in the text. The first part of each answers for now, where a
lead's own row says how it stands, or for a past instant, where earlier states are needed too.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Row, text

from inboxcrm.leads.pipeline import DEFAULT_PIPELINE

Rows = Sequence[Row]
Months = tuple[str, int, int, str, str]


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


def plain_outlook(
    tx: Connection,
    *,
    since: int,
    at: int,
    is_past: bool,
    today: str,
    late_at: int,
    months: Sequence[Months],
) -> dict[str, Rows]:
    """Forecast by month, what is due and what came, close dates that slipped, first answers, and who waits for one.

    `months` are (key, begins, ends, first day, last day) of those that have begun and of those ahead.
    """
    known = ", ".join(f"('{key}', {begins}, {ends})" for key, begins, ends, *_ in months)
    month = f"month(name, begins, ends) AS (VALUES {known})"
    first = standing(tx, is_past=is_past)
    closed = "('won', 'lost', 'disqualified')"
    sums = "count(*), count(value_cents), sum(value_cents)"
    columns = "month.name, stage, value_currency, value_cents"
    then = f"""
        WITH {month}
        SELECT name, stage, value_currency, {sums} FROM (
          SELECT {columns} FROM lead JOIN month ON month.name = substr(close_on, 1, 7) AND month.name <= :month
          WHERE pipeline = 'sales' AND merged_into IS NULL AND is_withdrawn IS {_false(tx)}
            AND coalesce(state_since_at, stage_since_at) <= begins
          UNION ALL
          SELECT {columns} FROM lead_past JOIN month ON month.name = substr(close_on, 1, 7) AND month.name <= :month
          WHERE pipeline = 'sales' AND from_at <= begins AND until_at > begins) AS stood
        WHERE stage NOT IN {closed}
        GROUP BY name, stage, value_currency"""
    due = f"""
        SELECT CASE WHEN close_on IS NULL THEN 'none' WHEN close_on < '{months[0][3]}' THEN 'earlier'
            WHEN close_on > '{months[-1][4]}' THEN 'later' ELSE substr(close_on, 1, 7) END AS bucket,
          coalesce(close_on < :today, {_false(tx)}) AS is_passed, owner_id, stage,
          CASE WHEN value_cents IS NULL THEN '' ELSE value_currency END AS currency, {sums}
        FROM standing WHERE stage NOT IN {closed} GROUP BY 1, 2, 3, 4, 5"""
    came = f"""
        , {month}
        SELECT name, owner_id, CASE WHEN value_cents IS NULL THEN '' ELSE value_currency END AS currency, {sums}
        FROM standing JOIN month ON stage_since_at >= begins AND stage_since_at < ends
        WHERE stage = 'won' GROUP BY 1, 2, 3"""
    asked_about = f"(stage NOT IN {closed} OR stage_since_at BETWEEN :since AND :at)"
    slips = f"""
        , changed AS (SELECT lead_id, until_at AS ends_at, close_on FROM lead_past
            WHERE until_at > :since AND until_at <= :at AND from_at < until_at AND close_on IS NOT NULL),
        walked AS (SELECT lead_id, close_on, lag(close_on) OVER in_order AS before_on,
              row_number() OVER in_order AS place
            FROM (SELECT * FROM changed UNION ALL SELECT lead_id, {1 << 62}, close_on FROM standing
              WHERE close_on IS NOT NULL AND lead_id IN (SELECT lead_id FROM changed)) AS dates
            WINDOW in_order AS (PARTITION BY lead_id ORDER BY ends_at)),
        told AS (SELECT lead_id, max(CASE WHEN place = 1 THEN close_on END) AS first_on,
              sum(CASE WHEN close_on > before_on THEN 1 ELSE 0 END) AS times
            FROM walked GROUP BY lead_id)
        SELECT standing.lead_id, owner_id, first_on, close_on, times
        FROM standing JOIN told ON told.lead_id = standing.lead_id
        WHERE {asked_about} AND (close_on IS NULL OR substr(close_on, 1, 7) > substr(first_on, 1, 7))
        ORDER BY standing.lead_id"""
    dated = f"SELECT owner_id, count(*) FROM standing WHERE {asked_about} AND close_on IS NOT NULL GROUP BY owner_id"
    human = f"is_human IS NOT {_false(tx)} AND is_unlinked IS {_false(tx)}"
    firsts = f"""
        , wrote AS (SELECT lead_id, min(at) AS at FROM lead_link WHERE direction = 'in' AND at <= :at AND {human}
            GROUP BY lead_id HAVING min(at) >= :since),
        firsts AS (SELECT standing.lead_id, owner_id, wrote.at AS wrote_at,
            (SELECT min(answer.at) FROM lead_link answer
              WHERE answer.lead_id = wrote.lead_id AND answer.at > wrote.at AND answer.at <= :at
                AND direction = 'out' AND {human}
                AND NOT EXISTS (SELECT 1 FROM outbox JOIN message_copy m ON m.mailbox_id = outbox.mailbox_id
                  AND m.ref = outbox.ref WHERE m.message_id = answer.message_id)) AS answered_at
          FROM standing JOIN wrote ON wrote.lead_id = standing.lead_id)
        SELECT * FROM firsts WHERE answered_at IS NOT NULL OR NOT EXISTS (
          SELECT 1 FROM lead_link JOIN message ON message.id = lead_link.message_id
            JOIN conversation c ON c.id = conversation_id
          WHERE lead_id = firsts.lead_id AND at = wrote_at AND lead_link.direction = 'in' AND {human}
            AND dismissed_message_id = lead_link.message_id)
        ORDER BY lead_id"""
    waiting = f"""
        , waiting AS (SELECT lead_id, standing.owner_id, owes_since_at AS since_at
            FROM standing JOIN lead ON lead.id = lead_id WHERE standing.stage NOT IN {closed} AND owes = 'us')"""
    if is_past:
        waiting = f"""
        , mail AS (SELECT lead_id, message.id, at, lead_link.direction, conversation_id, row_number() OVER (
              PARTITION BY lead_id, conversation_id ORDER BY at DESC, message.id DESC) AS place
            FROM lead_link JOIN message ON message.id = lead_link.message_id WHERE at <= :at AND {human}),
        waits AS (SELECT lead_id, min(at) AS since_at FROM mail JOIN conversation c ON c.id = conversation_id
            WHERE place = 1 AND direction = 'in' AND (dismissed_message_id IS NULL OR dismissed_message_id <> mail.id)
            GROUP BY lead_id),
        waiting AS (SELECT standing.lead_id, owner_id, since_at
            FROM standing JOIN waits ON waits.lead_id = standing.lead_id WHERE stage NOT IN {closed})"""
    owed = """
        SELECT owner_id, count(*), min(since_at), sum(CASE WHEN since_at <= :late_at THEN 1 ELSE 0 END)
        FROM waiting GROUP BY owner_id"""
    asked = {
        "then": then,
        "due": first + due,
        "came": first + came,
        "slips": first + slips,
        "dated": first + dated,
        "firsts": first + firsts,
        "owed": first + waiting + owed,
    }
    params = {"since": since, "at": at, "today": today, "month": today[:7], "late_at": late_at}
    return {name: tx.execute(text(words), params).all() for name, words in asked.items()}
