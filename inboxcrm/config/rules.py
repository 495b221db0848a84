"""What two keys must agree on.

Asked of the file as it was written, whole or broken, so that these problems are told together with
all others and not one start later.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inboxcrm.config.places import Finding, Path

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


def _lead_fields(data: Table) -> Iterator[Finding]:
    fields = _tables(data, "lead_field")
    yield from _used_twice(fields, ("lead_field",), "key", "lead_field")
    for number, table in fields:
        is_choice = table.get("kind", "text") == "choice"
        if is_choice and not table.get("choices"):
            yield (
                ("lead_field", number, "choices"),
                'is missing; a field of kind "choice" needs it, as in choices = ["small", "large"]',
            )
        if table.get("choices") and not is_choice:
            yield ("lead_field", number, "choices"), 'belongs to a field of kind "choice"'


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
