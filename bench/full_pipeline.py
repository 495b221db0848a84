"""A pipeline with as many leads as wanted and ten events for each, written straight into the tables.

Nine of the ten change how the lead stands, so each of those is a row of `lead_past` too; the first one made it. Leads
came in over two years. One in ten was never touched, one in fifty had a move taken back, one in five went back a stage
or two; a fifth are won, three tenths lost. Everybody wrote once; most got an answer within three days, half wrote last.
"""

from __future__ import annotations

from pathlib import Path

from bench.full_desk import NOW_MS, count_to

EVENTS_PER_LEAD = 10
_DAY_MS = 86_400_000
_FIRST_MS = NOW_MS - 720 * _DAY_MS
_STAGES = ("new", "engaged", "mql", "sal", "sql", "opportunity")


def statements(leads: int) -> list[str]:
    made_at = f"({_FIRST_MS} + i * {700 * _DAY_MS // leads})"
    # Events are spread evenly between the first one and now, so no two of a lead meet.
    changes = "(CASE WHEN i % 10 = 9 THEN 0 ELSE 6 + i % 9 END)"

    def at(k: str) -> str:
        return f"({made_at} + ({k}) * (({NOW_MS} - {made_at}) / ({changes} + 1)))"

    late, soon = (
        f"{NOW_MS} - (i * 7919) % 300 * {_DAY_MS} - i % 86400 * 1000",
        f"{made_at} + {4 * _DAY_MS}",
    )
    moved_at = f"(CASE WHEN {late} > {soon} THEN {late} ELSE {soon} END)"
    text = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    filled = text.format(
        now_ms=NOW_MS,
        every_seller=count_to(7),
        every_firm=count_to(997),
        every_lead=count_to(leads),
        all_changes="c(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM c WHERE k < 14)",
        changes=changes,
        made_at=made_at,
        last_at=at(changes),
        from_at=at("k"),
        until_at=at("k + 1"),
        moved_at=moved_at,
        waits="i % 2 = 0 AND i % 40 <> 4",
        all_mails="c(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM c WHERE k < 2)",
        mailed_at=f"(CASE k WHEN 0 THEN {made_at} WHEN 1 THEN {made_at} + (1 + i % 60) * 3600000 ELSE {moved_at} END)",
        direction="CASE WHEN k = 1 AND i % 7 <> 0 OR k = 2 AND i % 2 = 1 THEN 'out' ELSE 'in' END",
        source="(CASE i % 6 WHEN 0 THEN '' WHEN 1 THEN 'Fair' WHEN 2 THEN 'Web' ELSE 'Mail' END)",
        **{f"{name}_now": words for name, words in _state(changes, changes, at).items()},
        **{f"{name}_then": words for name, words in _state("k", changes, at).items()},
    )
    return [statement for statement in filled.split(";\n") if statement.strip()]


def _state(k: str, changes: str, at) -> dict[str, str]:
    """How a lead stands after its first k changes: every odd one moves it, the others set its fields."""
    moves = f"(({k} + 1) / 2)"
    went_back = f"(i % 10 IN (3, 8) AND {moves} > 2)"
    place = (
        f"(CASE WHEN {went_back} THEN {moves} - 2 WHEN {moves} = 6 THEN 4"
        f" WHEN {moves} = 7 THEN 5 ELSE {moves} END)"
    )
    names = " ".join(f"WHEN {number} THEN '{name}'" for number, name in enumerate(_STAGES))
    is_last = f"({changes} > 0 AND {moves} = ({changes} + 1) / 2)"
    return {
        "stage": (
            f"(CASE WHEN {is_last} AND i % 10 < 2 THEN 'won' WHEN {is_last} AND i % 10 < 4 THEN 'lost'"
            f" WHEN {is_last} AND i % 10 = 4 THEN 'disqualified' ELSE CASE {place} {names} END END)"
        ),
        "since": f"(CASE WHEN {moves} = 0 THEN {at('0')} ELSE {at(f'2 * {moves} - 1')} END)",
        "reason": (
            f"(CASE WHEN {is_last} AND i % 10 IN (2, 3, 4) THEN"
            " CASE i % 4 WHEN 0 THEN '' WHEN 1 THEN 'Too dear' ELSE 'No need' END ELSE '' END)"
        ),
        "owner": f"(CASE WHEN (i + {k} / 8) % 9 < 8 THEN 1 + (i + {k} / 8) % 9 END)",
        "value": (
            f"(CASE WHEN {k} > 1 AND i % 5 > 0"
            f" THEN 50000 + (i * 37 % 1000) * 1000 + {k} / 6 * 12345 END)"
        ),
        "currency": (
            f"(CASE WHEN {k} > 1 AND i % 5 > 0 THEN"
            " CASE WHEN i % 8 = 0 THEN 'USD' ELSE 'EUR' END ELSE '' END)"
        ),
        "close": (
            f"(CASE WHEN {k} > 3 THEN '2026-0' || (1 + (i + {k} / 10) % 9) || '-' || (10 + i % 18) END)"
        ),
    }
