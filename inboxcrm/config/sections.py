"""The shape of config.toml: every key with its type, its default and its rule.

People wrote these names down: they stay. What concerns one key stands here;
what two keys must agree on stands in `rules`.
"""

from __future__ import annotations

import difflib
import re
from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo

from inboxcrm.config.rule_sections import AssignSettings, ScoreSettings
from inboxcrm.leads.fields import FieldKind, LeadField
from inboxcrm.leads.goals import Goals, Quota, is_period
from inboxcrm.leads.pipeline import Pipeline, Pipelines, ReasonRule, Stage, StageKind
from inboxcrm.leads.working_time import WorkingHours

URL_KINDS = ("sqlite:///", "postgresql://", "postgres://", "postgresql+psycopg://")
IN_MEMORY = ("sqlite:///", "sqlite:///:memory:")
URL_EXAMPLES = ('"sqlite:///inboxcrm.db"', '"postgresql://user:password@host/name"')


def _in_folder(value: Path, info: ValidationInfo) -> Path:
    """Paths are relative to the folder of the settings file."""
    folder: Path = (info.context or {}).get("folder", Path())
    return folder / value.expanduser()


def url_problem(value: str) -> str:
    """Empty when the address will do. It may carry a password, so no message repeats it."""
    if value.startswith(URL_KINDS) and value not in IN_MEMORY:
        return ""
    return f"should name a database, as in {' or '.join(URL_EXAMPLES)}"


def _database_url(value: str) -> str:
    if problem := url_problem(value):
        raise ValueError(problem)
    return value


def _mail_address(value: str) -> str:
    if value and not re.fullmatch(r"[^@\s<>,]+@[^@\s<>,]+", value):
        raise ValueError(f'"{value}" is not a mail address; write it as in "sales@example.com"')
    return value


def _domain(value: str) -> str:
    if not re.fullmatch(r"\.?[^@\s/.]+(\.[^@\s/.]+)+\.?", value):
        raise ValueError(f'"{value}" is not a domain; write it as in "example.com"')
    return value.strip(".").lower()


def _address_or_domain(value: str) -> str:
    return _mail_address(value) if "@" in value else _domain(value)


def _endpoint(value: str) -> str:
    if not re.match(r"https?://[^/\s]+", value):
        raise ValueError('should be a web address, as in "https://gmail.googleapis.com"')
    return value.rstrip("/")


def _public_url(value: str) -> str:
    if value and not re.fullmatch(r"https://[^/\s@]+/?", value):
        raise ValueError(
            f'"{value}" is not how people can reach the pages safely; '
            'write it as in "https://crm.example.com"'
        )
    return value.rstrip("/")


_LONGEST_PAGE = 300
"""A header field names the page of each mail whole, and a line ends at 998 octets (RFC 5322 section 2.1.1)."""


def _unsubscribe_url(value: str) -> str:
    """https, as RFC 8058 section 3.1 wants it; http where it leads to this machine, to try it out."""
    is_public = re.fullmatch(r"https://[!-;=?-~]+", value) and not re.search(r"[@#?,]", value)
    is_here = re.fullmatch(r"http://(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?(/[\w./-]*)?", value)
    if (value and not is_public and not is_here) or len(value) > _LONGEST_PAGE:
        raise ValueError(
            f'"{value}" is not where mail programs can unsubscribe; '
            'write it as in "https://mail.example.com" (http only for this machine)'
        )
    return value.rstrip("/")


def _origin(value: str) -> str:
    if not re.fullmatch(r"(https://|chrome-extension://|moz-extension://)[^/\s;,'\"*@]+", value):
        raise ValueError(
            f'"{value}" is no origin a page can stand on; write it as in "https://mail.google.com"'
        )
    return value


def _zone(value: str) -> str:
    if value not in available_timezones():
        near = difflib.get_close_matches(value, available_timezones(), n=1)
        hint = f'; did you mean "{near[0]}"?' if near else '; write it as in "Europe/Lisbon"'
        raise ValueError(f'"{value}" is no time zone{hint}')
    return value


def _hours(value: str) -> str:
    WorkingHours.parse(value, "UTC")
    return value


def _period(value: str) -> str:
    if not is_period(value):
        raise ValueError(
            f'"{value}" is no period; write "month", "quarter", or one of them as in "2026-05" or "2026-Q2"'
        )
    return value


def _currency(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise ValueError(f'"{value}" is no currency; write three letters, as in "EUR"')
    return value


Name = Annotated[str, Field(min_length=1, max_length=100)]
Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]
Count = Annotated[int, Field(strict=True, ge=1)]
File = Annotated[Path, AfterValidator(_in_folder)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]
Domain = Annotated[str, AfterValidator(_domain)]
AddressOrDomain = Annotated[str, AfterValidator(_address_or_domain)]
Probability = Annotated[float, Field(strict=True, ge=0, le=1)]


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DatabaseSettings(Section):
    """After loading, `url` is complete and its path absolute, wherever it came from."""

    url: Annotated[str, AfterValidator(_database_url)] = Field(
        default="sqlite:///inboxcrm.db", repr=False
    )
    url_file: File | None = None


class MailboxSettings(Section):
    name: Name
    provider: Literal["gmail", "mbox"]
    address: MailAddress = ""
    aliases: tuple[MailAddress, ...] = ()
    token_file: File | None = None
    path: File | None = None
    capture: Literal["enquiry", "exchange", "ask", "none"] = "enquiry"
    since: date | None = None
    labels: tuple[Name, ...] = ()


class GmailSettings(Section):
    api_endpoint: Annotated[str, AfterValidator(_endpoint)] = "https://gmail.googleapis.com"
    price_table: Name = "gmail-2026-05"
    units_per_minute: Count | None = None
    client_file: File | None = None


class SecuritySettings(Section):
    """`key` comes from the environment alone: a key in the file would be copied wherever the file is."""

    key_file: File | None = None
    key: str = Field(default="", repr=False, exclude=True)


class CaptureSettings(Section):
    own_domains: tuple[Domain, ...] = ()
    form_senders: tuple[AddressOrDomain, ...] = ()
    max_recipients: Count = 10


class WebSettings(Section):
    """`public_url` is how people reach the pages from elsewhere, through whatever speaks HTTPS in front of them.

    `sidebar_origins` are the pages beside which the sidebar may be shown; nothing else may be framed anywhere.
    """

    host: Name = "127.0.0.1"
    public_url: Annotated[str, AfterValidator(_public_url)] = ""
    port: Annotated[int, Field(strict=True, ge=0, le=65535)] = 8025
    allowed_hosts: tuple[Name, ...] = ()
    sidebar_origins: tuple[Annotated[str, AfterValidator(_origin)], ...] = (
        "https://mail.google.com",
    )
    requests_per_minute: Annotated[int, Field(strict=True, ge=0)] = 1200
    templates: File | None = None


class SignInSettings(Section):
    """Signing in with Google, by the client file of [gmail]. The lists say who may make an account that way."""

    google: bool = False
    allowed_domains: tuple[Domain, ...] = ()
    allowed_addresses: tuple[MailAddress, ...] = ()


class WorkSettings(Section):
    """The working week in which waiting is counted, and how soon a first answer is due, in hours of it."""

    zone: Annotated[str, AfterValidator(_zone)] = "UTC"
    hours: Annotated[str, AfterValidator(_hours)] = "mon-fri 09:00-17:00"
    first_response_hours: Count = 8


class LeadSettings(Section):
    cold_after_days: Count = 120


class ReviewSettings(Section):
    """`expire_after_days` without mail take a doubtful sender out of the queue; 0 keeps everybody."""

    expire_after_days: Annotated[int, Field(strict=True, ge=0, le=36500)] = 60


class CadenceSettings(Section):
    """`unsubscribe_url` is how people outside reach the unsubscribe pages, which are a server of their own."""

    unsubscribe_url: Annotated[str, AfterValidator(_unsubscribe_url)] = ""


class LeadFieldSettings(Section):
    """A field of the house's own. A key must not change once leads hold values under it; a label may."""

    key: Key
    label: Name
    kind: Literal["text", "number", "date", "choice", "yes_no", "url", "time_zone"] = "text"
    choices: tuple[Name, ...] = ()
    show_in_panel: bool = False

    def as_field(self) -> LeadField:
        return LeadField(
            self.key, self.label, FieldKind(self.kind), self.choices, self.show_in_panel
        )


class StageSettings(Section):
    key: Key
    label: Name
    kind: Literal["open", "won", "lost"] = "open"
    probability: Probability = 0.0
    days_until_stale: Count | None = None
    requires: tuple[Name, ...] = ()


class PipelineSettings(Section):
    """`lost_reasons` are offered where a lead is lost; `other_lost_reason`: words of one's own will do too."""

    key: Key
    label: Name
    lost_reason: Literal["required", "optional", "never"] = "required"
    lost_reasons: tuple[Name, ...] = ()
    other_lost_reason: bool = True
    stage: tuple[StageSettings, ...] = ()

    def as_pipeline(self) -> Pipeline:
        return Pipeline(
            self.key,
            self.label,
            tuple(_as_stage(stage) for stage in self.stage),
            ReasonRule(self.lost_reason),
            self.lost_reasons,
            self.other_lost_reason,
        )


def _as_stage(stage: StageSettings) -> Stage:
    return Stage(
        key=stage.key,
        label=stage.label,
        kind=StageKind(stage.kind),
        probability=stage.probability,
        stale_after_days=stage.days_until_stale,
        requires=stage.requires,
    )


class QuotaSettings(Section):
    """What is to be won in a period, in whole units of the currency. Without `account` it is the team's."""

    account: MailAddress = ""
    pipeline: Key | Literal[""] = ""
    period: Annotated[str, AfterValidator(_period)]
    amount: Count
    currency: Annotated[str, AfterValidator(_currency)]

    def as_quota(self) -> Quota:
        return Quota(self.amount * 100, self.currency, self.period, self.account, self.pipeline)


class Settings(Section):
    """`mailboxes` is written [[mailbox]], `declared_pipelines` [[pipeline]], `declared_lead_fields` [[lead_field]],
    `quotas` [[quota]].
    """

    database: DatabaseSettings = DatabaseSettings()
    mailboxes: tuple[MailboxSettings, ...] = Field(default=(), alias="mailbox")
    gmail: GmailSettings = GmailSettings()
    security: SecuritySettings = SecuritySettings()
    capture: CaptureSettings = CaptureSettings()
    web: WebSettings = WebSettings()
    sign_in: SignInSettings = SignInSettings()
    work: WorkSettings = WorkSettings()
    leads: LeadSettings = LeadSettings()
    review: ReviewSettings = ReviewSettings()
    cadence: CadenceSettings = CadenceSettings()
    declared_pipelines: tuple[PipelineSettings, ...] = Field(default=(), alias="pipeline")
    declared_lead_fields: tuple[LeadFieldSettings, ...] = Field(default=(), alias="lead_field")
    score: ScoreSettings = ScoreSettings()
    assign: tuple[AssignSettings, ...] = Field(default=(), max_length=100)
    quotas: tuple[QuotaSettings, ...] = Field(default=(), alias="quota")

    @property
    def lead_fields(self) -> tuple[LeadField, ...]:
        return tuple(one.as_field() for one in self.declared_lead_fields)

    @property
    def pipelines(self) -> Pipelines:
        goals = Goals(tuple(one.as_quota() for one in self.quotas), self.work.first_response_hours)
        return Pipelines(tuple(one.as_pipeline() for one in self.declared_pipelines), goals)

    @property
    def working_hours(self) -> WorkingHours:
        return WorkingHours.parse(self.work.hours, zone=self.work.zone)

    @property
    def cold_after_days(self) -> int:
        return self.leads.cold_after_days

    def mailbox(self, name: str) -> MailboxSettings | None:
        return next((one for one in self.mailboxes if one.name == name), None)
