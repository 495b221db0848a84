"""(f) Mails a second from a template: text and HTML of 3.5 KB, six variables; against plain Jinja2 + EmailMessage, and
against mailmerge where it is installed (`pip install mailmerge`; it is no requirement of ours).

Everybody gets the same templates and the same leads, one in ten with a name that is not ASCII, one in twenty with a
blank first name and one in a hundred with a hostile value. Besides, a sample of everybody's mails is read back and four
mistakes are counted: a recipient or header nobody meant, a greeting of nobody, a line over 998 octets, a body that
is read back otherwise than it was rendered. mailmerge is made for a table its user trusts and takes a template of the
whole mail, headers included; its mistakes come from there.
"""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

from bench import reference
from bench.databases import Databases
from bench.figures import Figure, alternate, cost_of, rate_figure
from inboxcrm.cadence.freezing import Envelope, FrozenMail, freeze_mail
from inboxcrm.cadence.lead_values import Sender
from inboxcrm.cadence.templates import compile_template

LIBRARY_TARGET = 10.0
MAILMERGE_TARGET = 8.0

SUBJECT = "A word on {{ organization }}, {{ first_name }}"
_PARAGRAPH = (
    "We read what {{ organization }} does about {{ source }} and think that three of our customers did\n"
    "the same last year; the two of them that are most like you have told us what they would do\n"
    "otherwise today. It takes a quarter of an hour, and you decide whether it was worth it. Grüße!\n\n"
)
TEXT = (
    "Hi {{ first_name }},\n\n" + _PARAGRAPH * 4 + "{{ sender_name }}\n{{ sender_address }}\n"
    "Would you rather not hear from us? Say so and we stop writing to {{ name }}.\n"
)
HTML = (
    "<!DOCTYPE html><html><body><p>Hi {{ first_name }},</p>"
    + "".join(f"<p style='margin:0 0 1em'>{_PARAGRAPH.strip()}</p>\n" for _ in range(4))
    + '<p><a href="https://crm.ourfirm.example/book">Book a time</a></p><p>{{ sender_name }}</p></body></html>\n'
)
SENDER = Sender("Alice Berg", "alice@ourfirm.example")
AT = datetime(2026, 5, 20, 12, tzinfo=UTC)
MEANT = {
    "from", "to", "subject", "date", "message-id", "x-inboxcrm-key", "mime-version", "content-type",
}  # fmt: skip
FIRST_NAMES = ("Bob", "Carol", "Dave", "Erin", "Frank", "Grace", "Heidi", "Ivan", "Judy")
HOSTILE = (
    "Bob\nBcc: eve@evil.example",
    "Bob\r\n\r\nBuy now",
    '"Bob" <eve@evil.example>, ',
    "</p><script>x()</script>",
    "{{ 7*7 }}",
    "x" * 1_500,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mistakes:
    """How many of the mails that were looked at; `refused` were not made, which is no mistake."""

    injected: int = 0
    blank: int = 0
    long: int = 0
    differing: int = 0
    refused: int = 0

    def __str__(self) -> str:
        return (
            f"injected {self.injected}, blank greetings {self.blank}, long lines {self.long}, "
            f"bodies differ {self.differing}, not made {self.refused}"
        )


def leads(many: int) -> list[dict[str, str]]:
    dice = random.Random("leads")
    found = []
    for number in range(many):
        first = dice.choice(FIRST_NAMES)
        if number % 10 == 3:
            first = dice.choice(("Jörg", "Zoë", "Łukasz", "明", "علي"))
        if number % 20 == 7:
            first = ""
        values = {
            "first_name": first,
            "name": f"{first} Moss".strip(),
            "organization": f"Bakery {number} & Söhne" if number % 3 else f"Bakery {number}",
            "source": "trade fair",
            "address": f"lead{number}@firm{number}.example",
            "sender_name": SENDER.name,
            "sender_address": SENDER.address,
        }
        if number % 100 == 50:
            values["first_name"] = HOSTILE[number // 100 % len(HOSTILE)]
        found.append(values)
    return found


def measure(databases: Databases, tell: Callable[[str], None], *, quick: bool) -> list[Figure]:
    del databases
    many, pairs = (200, 1) if quick else (5_000, 5)
    people = leads(many)
    few = people[: max(many // 10, 100)]
    ours = ours_mails()
    theirs = reference.library_mails(SUBJECT, TEXT, HTML, AT)
    size = len(next(iter(ours(people[:1])))[0])
    tell(f"writing {many:,} mails of {size:,} bytes, {pairs} times each way")
    figures = [_figure("Jinja2 + EmailMessage", ours, theirs, people, few, pairs, LIBRARY_TARGET)]
    with tempfile.TemporaryDirectory() as folder:
        try:
            merged = reference.mailmerge_mails(SUBJECT, TEXT, HTML, Path(folder))
        except ImportError:
            tell("mailmerge is not installed: not measured (pip install mailmerge)")
        else:
            target = MAILMERGE_TARGET
            figures.append(_figure("mailmerge", ours, merged, people, few, pairs, target))
    return figures


Writing = Callable[[list[dict[str, str]]], Iterator[tuple[bytes, str, str] | None]]
"""Mails for these people, in their order, with text and HTML as rendered; None where one was refused."""


def ours_mails() -> Writing:
    """As the sending service makes them: the values, the template, the envelope. Blank first names have a fallback."""
    compiled = compile_template(SUBJECT, TEXT, HTML, {"first_name": "there"})

    def write(people: list[dict[str, str]]) -> Iterator[tuple[bytes, str, str] | None]:
        for number, values in enumerate(people):
            key = f"key{number}"
            made = freeze_mail(
                compiled,
                values,
                Envelope(SENDER, values["address"], key, AT, f"<{key}@ourfirm.example>"),
            )
            yield (made.mime, made.text, made.html) if isinstance(made, FrozenMail) else None

    return write


def _figure(
    name: str,
    ours: Writing,
    theirs: Writing,
    people: list[dict[str, str]],
    few: list[dict[str, str]],
    pairs: int,
    target: float,
) -> Figure:
    """The slower one writes fewer mails; a rate is a rate."""
    list(ours(few)), list(theirs(few[:20]))
    mine, reference_costs = alternate(
        lambda: cost_of(lambda: list(ours(people))), lambda: cost_of(lambda: list(theirs(few))), pairs
    )  # fmt: skip
    scale = len(people) / len(few)
    scaled = [type(one)(one.wall * scale, one.cpu * scale) for one in reference_costs]
    figure = rate_figure(
        "f", f"mails: render + MIME, against {name}", len(people), (mine, scaled), target
    )
    mistakes = f"ours: {mistakes_of(ours, people)}; theirs: {mistakes_of(theirs, people)}"
    return figure.noted(f"{figure.note}; {mistakes}")


# --- correctness -----------------------------------------------------------------


def mistakes_of(write: Writing, people: list[dict[str, str]]) -> Mistakes:
    """Over the hostile and blank ones, and one in twenty of the others."""
    looked = [
        one for number, one in enumerate(people) if number % 20 in (0, 7) or number % 100 == 50
    ]
    counts: dict[str, int] = dict.fromkeys(Mistakes.__dataclass_fields__, 0)
    for values, made in zip(looked, write(looked), strict=True):
        for kind in ("refused",) if made is None else _mistakes(*made, values):
            counts[kind] += 1
    return Mistakes(**counts)


def _mistakes(raw: bytes, text: str, html: str, values: dict[str, str]) -> Iterator[str]:
    message = message_from_bytes(raw, policy=SMTP.clone(refold_source="none"))
    try:
        to = [one.addr_spec for one in message["To"].addresses]
        read = [message.get_body((kind,)).get_content() for kind in ("plain", "html")]
    except Exception:  # noqa: BLE001 - a mail that cannot be read has them all
        yield from ("injected", "differing")
        return
    if to != [values["address"]] or set(map(str.lower, message.keys())) - MEANT:
        yield "injected"
    if any(re.search(r"\bHi\s*,", body) for body in read):
        yield "blank"
    if max(map(len, re.split(rb"\r?\n", raw))) > 998:
        yield "long"
    # Line ends apart: mailmerge's are the template's.
    if [body.split() for body in read] != [text.split(), html.split()]:
        yield "differing"
