"""Settings: config.toml and the environment, read once at start into frozen values.

Which file: `--config`, else INBOXCRM_CONFIG, else `config.toml` in the working folder, else no
file and the defaults. Relative paths in the file start in the file's own folder, so that a command
works from anywhere. Every problem is reported at once, with its place and, for a mistyped name, the
nearest valid one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from inboxcrm.config.address import DATABASE_VARIABLE, database_settings
from inboxcrm.config.house_rules import (
    assign_rules,
    capture_policy,
    condition_findings,
    score_rules,
)
from inboxcrm.config.places import TomlPlaces, as_problems, findings_of
from inboxcrm.config.rules import cross_findings
from inboxcrm.config.sections import (
    CaptureSettings,
    DatabaseSettings,
    GmailSettings,
    LeadSettings,
    MailboxSettings,
    PipelineSettings,
    QuotaSettings,
    SecuritySettings,
    Settings,
    SignInSettings,
    StageSettings,
    WebSettings,
    WorkSettings,
)
from inboxcrm.errors import Problem, SettingsError, UsageError

__all__ = [
    "CONFIG_VARIABLE",
    "DATABASE_VARIABLE",
    "CaptureSettings",
    "DatabaseSettings",
    "GmailSettings",
    "LeadSettings",
    "MailboxSettings",
    "PipelineSettings",
    "QuotaSettings",
    "SecuritySettings",
    "Settings",
    "SignInSettings",
    "StageSettings",
    "WebSettings",
    "WorkSettings",
    "assign_rules",
    "capture_policy",
    "load",
    "mailbox_of_file",
    "score_rules",
]

CONFIG_VARIABLE = "INBOXCRM_CONFIG"
KEY_VARIABLE = "INBOXCRM_KEY"
DEFAULT_FILE = "config.toml"
REMEDY = "Correct the settings and start again; config.example.toml shows every key."


def load(path: str | Path | None, environ: Mapping[str, str]) -> Settings:
    """The settings, or a `SettingsError` that names everything that is wrong with them."""
    file = _chosen_file(path, environ)
    text = "" if file is None else _read(file)
    data = _parse(text, file)
    folder = Path.cwd() if file is None else file.resolve().parent
    findings = cross_findings(data)
    settings = Settings()
    try:
        settings = Settings.model_validate(data, context={"folder": folder})
        findings += condition_findings(settings)
    except ValidationError as error:
        findings += findings_of(error)
    database, found = database_settings(settings.database, folder, environ)
    findings += found
    if findings:
        problems = as_problems(findings, TomlPlaces(text))
        raise SettingsError(problems, source=str(file or "the environment"), remedy=REMEDY)
    security = settings.security.model_copy(update={"key": environ.get(KEY_VARIABLE, "")})
    return settings.model_copy(update={"database": database, "security": security})


def mailbox_of_file(
    declared: MailboxSettings | None, name: str, path: Path, address: str
) -> MailboxSettings:
    """The mailbox of that name, declared or not, as one that reads this file. `address` empty: as declared.

    Raises UsageError for what could not stand in the settings either.
    """
    values = declared.model_dump() if declared else {"name": name, "provider": "mbox"}
    values |= {"path": path} | ({"address": address} if address else {})
    try:
        return MailboxSettings.model_validate(values)
    except ValidationError as error:
        wrong = [f"{where[0]}: {said}" for where, said in findings_of(error)]
        raise UsageError(
            f"No mailbox can be made of that: {'; '.join(wrong)}.",
            remedy="Give a name of at most 100 letters, and an address like sales@example.com.",
        ) from None


def _chosen_file(path: str | Path | None, environ: Mapping[str, str]) -> Path | None:
    named = path or environ.get(CONFIG_VARIABLE)
    if named:
        return Path(named).expanduser()
    default = Path(DEFAULT_FILE)
    return default if default.is_file() else None


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise SettingsError(
            [Problem("", "no such file")],
            source=str(file),
            remedy="Copy config.example.toml there, or name another file with --config.",
        ) from None
    except OSError as error:
        raise SettingsError(
            [Problem("", f"it cannot be read ({error.strerror})")],
            source=str(file),
            remedy="Make the file readable for this user, or name another one with --config.",
        ) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingsError(
            [Problem(f"line {line}", "this is not UTF-8 text")],
            source=str(file),
            remedy="Save the file as UTF-8.",
        ) from None


def _parse(text: str, file: Path | None) -> dict[str, Any]:
    try:
        # TOML knows \n and \r\n; a lone \r would be a fault nobody can see.
        return tomllib.loads(text.replace("\r\n", "\n"))
    except RecursionError:
        raise SettingsError(
            [Problem("", "this is not valid TOML: brackets are nested too deeply")],
            source=str(file),
            remedy=REMEDY,
        ) from None
    except tomllib.TOMLDecodeError as error:
        what, _, where = str(error).rpartition(" (at ")
        place = where.rstrip(")") if what else ""
        raise SettingsError(
            [Problem(place, f"this is not valid TOML: {what or error}")],
            source=str(file),
            remedy='Text values need quotes (name = "sales"); config.example.toml shows every key.',
        ) from None
