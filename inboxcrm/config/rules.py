"""What two keys must agree on.

Asked of the file as it was written, whole or broken, so that these problems are told together with
all others and not one start later.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from inboxcrm.config.places import Finding, Path
from inboxcrm.leads.stage_asks import CUSTOM, FIELDS

Table = dict[str, Any]

LOOPBACK = ("127.0.0.1", "localhost", "::1")

NO_SIGN_IN = (
    'is missing; a gmail mailbox needs it, as in token_file = "secrets/sales.json" '
    "(`inboxcrm connect gmail` writes that file)"
)


def cross_findings(data: Table) -> list[Finding]:
    return [
        *_database(data),
        *_security(data),
        *_web(data),
        *_mailboxes(data),
        *_pipelines(data),
        *_lead_fields(data),
        *_quotas(data),
    ]


def _database(data: Table) -> Iterator[Finding]:
    table = data.get("database")
    if isinstance(table, dict) and {"url", "url_file"} <= table.keys():
        yield ("database", "url_file"), "give url or url_file, not both"


def _web(data: Table) -> Iterator[Finding]:
    table = data.get("web")
    if not isinstance(table, dict):
        return
    host = table.get("host")
    if isinstance(host, str) and host not in LOOPBACK and not table.get("public_url"):
        yield (
            ("web", "host"),
            f'"{host}" opens the pages to the network: say public_url too, or use "127.0.0.1"',
        )


def _security(data: Table) -> Iterator[Finding]:
    table = data.get("security")
    if isinstance(table, dict) and "key" in table:
        yield (
            ("security", "key"),
            "does not belong in this file; set INBOXCRM_KEY in the environment, or name a key_file",
        )


def _mailboxes(data: Table) -> Iterator[Finding]:
    mailboxes = _tables(data, "mailbox")
    yield from _used_twice(mailboxes, ("mailbox",), "name", "mailbox")
    for number, table in mailboxes:
        provider = table.get("provider")
        if provider == "gmail" and "token_file" not in table:
            yield ("mailbox", number, "token_file"), NO_SIGN_IN
        if provider == "gmail" and "path" in table:
            yield ("mailbox", number, "path"), 'belongs to a mailbox of provider "mbox"'
        if provider == "mbox" and "token_file" in table:
            yield ("mailbox", number, "token_file"), 'belongs to a mailbox of provider "gmail"'


def _pipelines(data: Table) -> Iterator[Finding]:
    pipelines = _tables(data, "pipeline")
    yield from _used_twice(pipelines, ("pipeline",), "key", "pipeline")
    for number, table in pipelines:
        stages = _tables(table, "stage")
        if not table.get("stage"):
            yield ("pipeline", number), "a pipeline needs at least one [[pipeline.stage]]"
        yield from _used_twice(
            stages, ("pipeline", number, "stage"), "key", "stage of this pipeline"
        )
        if stages and stages[0][1].get("kind", "open") in ("won", "lost"):
            yield (
                ("pipeline", number, "stage", 0, "kind"),
                'the first stage is where new leads start, so its kind must be "open"',
            )
        yield from _lost_reasons(number, table)
        for place, stage in stages:
            yield from _requires(data, ("pipeline", number, "stage", place), stage)


def _lost_reasons(number: int, table: Table) -> Iterator[Finding]:
    reasons = table.get("lost_reasons")
    if table.get("other_lost_reason") is False and not reasons:
        yield (
            ("pipeline", number, "other_lost_reason"),
            'leaves no reason to give: name some, as in lost_reasons = ["Too dear", "No answer"]',
        )
    if reasons and table.get("lost_reason") == "never":
        yield ("pipeline", number, "lost_reasons"), 'are not asked for: lost_reason is "never"'
    yield from _said_twice(("pipeline", number, "lost_reasons"), reasons)


def _requires(data: Table, path: Path, stage: Table) -> Iterator[Finding]:
    names = stage.get("requires")
    if not isinstance(names, list) or not names:
        return
    if (path[1], path[3]) == (0, 0):
        text = "the first stage can require nothing: mail brings leads into it, and asks nobody"
        yield (*path, "requires"), text
    declared = [
        one["key"] for _, one in _tables(data, "lead_field") if isinstance(one.get("key"), str)
    ]
    for name in names:
        if not isinstance(name, str) or name in FIELDS or name.removeprefix(CUSTOM) in declared:
            continue
        near = difflib.get_close_matches(name, [*FIELDS, *declared], n=1)
        known = f"known: {', '.join([*FIELDS, *declared])}"
        hint = f'; did you mean "{near[0]}"?' if near else f" ({known}, or the key of a lead_field)"
        yield (*path, "requires"), f'"{name[:60]}" is no field of a lead{hint}'
    yield from _said_twice((*path, "requires"), names)


def _said_twice(path: Path, words: object) -> Iterator[Finding]:
    seen: set[str] = set()
    for word in words if isinstance(words, list) else ():
        if not isinstance(word, str):
            continue
        folded = " ".join(word.split()).casefold()
        if folded in seen:
            yield path, f'"{word[:60]}" is said twice'
        seen.add(folded)


def _lead_fields(data: Table) -> Iterator[Finding]:
    fields = _tables(data, "lead_field")
    yield from _used_twice(fields, ("lead_field",), "key", "lead_field")
    zones = [number for number, table in fields if table.get("kind") == "time_zone"]
    for number in zones[1:]:
        yield ("lead_field", number, "kind"), "is that of another field; a lead has one time zone"
    for number, table in fields:
        is_choice = table.get("kind", "text") == "choice"
        if is_choice and not table.get("choices"):
            yield (
                ("lead_field", number, "choices"),
                'is missing; a field of kind "choice" needs it, as in choices = ["small", "large"]',
            )
        if table.get("choices") and not is_choice:
            yield ("lead_field", number, "choices"), 'belongs to a field of kind "choice"'


def _quotas(data: Table) -> Iterator[Finding]:
    """Two quotas for one thing would hide each other; one for a pipeline that is not there would count nothing."""
    pipelines = {table.get("key") for _, table in _tables(data, "pipeline")} or {"sales"}
    seen: set[tuple[str, ...]] = set()
    for number, table in _tables(data, "quota"):
        named = table.get("pipeline")
        if isinstance(named, str) and named and named not in pipelines:
            yield ("quota", number, "pipeline"), f'there is no pipeline "{named}"'
        whose = tuple(
            str(table.get(key, "")) for key in ("account", "pipeline", "period", "currency")
        )
        if whose in seen:
            yield (
                ("quota", number),
                "an earlier quota is for the same account, pipeline, period and currency",
            )
        seen.add(whose)


def _used_twice(
    tables: list[tuple[int, Table]], path: Path, key: str, what: str
) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, table in tables:
        value = table.get(key)
        if isinstance(value, str):
            if value in seen:
                yield (*path, number, key), f'"{value}" is already the {key} of another {what}'
            seen.add(value)


def _tables(data: Table, name: str) -> list[tuple[int, Table]]:
    """The well-formed tables of a list of tables; what is malformed is told by the shape itself."""
    found = data.get(name)
    if not isinstance(found, list):
        return []
    return [(number, one) for number, one in enumerate(found) if isinstance(one, dict)]
