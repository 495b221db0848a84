"""A mail as it will leave: template, values and envelope in; bytes and their hash out. Previews are made here too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from inboxcrm.cadence.attachments import OutgoingFile, filled_in, kind_of_file, name_of_file
from inboxcrm.cadence.compose import OutgoingMail, compose_lean
from inboxcrm.cadence.lead_values import Sender
from inboxcrm.cadence.mail_headers import UnfitHeaderError
from inboxcrm.cadence.templates import Compiled, Missing, render


@dataclass(frozen=True, slots=True)
class Envelope:
    """All of a mail that no template decides. The fields are those of `compose.OutgoingMail`.

    A follow-up in its thread bears the thread's subject (`subject`), not its template's: Gmail threads by it.
    """

    sender: Sender
    to_address: str
    key: str
    date: datetime
    message_id: str
    list_unsubscribe: str = ""
    one_click: bool = False
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    subject: str = ""
    files: tuple[OutgoingFile, ...] = ()


@dataclass(frozen=True, slots=True)
class FrozenFile:
    """A file as the mail bears it. `size` in bytes, before base64."""

    name: str
    kind: str
    size: int


@dataclass(frozen=True, slots=True)
class FrozenMail:
    """`mime` is what is handed over, byte for byte; `sha256` its hash in hexadecimal digits. `lean` is the same without
    the bytes of its files (cadence/attachments.py), which is how it is kept.
    """

    subject: str
    text: str
    html: str
    mime: bytes = field(repr=False)
    sha256: str
    lean: bytes = field(default=b"", repr=False)
    files: tuple[FrozenFile, ...] = ()


def freeze_mail(
    compiled: Compiled, values: Mapping[str, str | None], envelope: Envelope
) -> FrozenMail | Missing:
    """The same input gives the same bytes. Addresses and ids that no header can hold are reasons, too, not to send."""
    made = render(compiled, values)
    if isinstance(made, Missing):
        return made
    subject = envelope.subject or made.subject
    mail = OutgoingMail(
        from_name=envelope.sender.name,
        from_address=envelope.sender.address,
        to_address=envelope.to_address,
        subject=subject,
        date=envelope.date,
        message_id=envelope.message_id,
        key=envelope.key,
        text=made.text,
        html=made.html,
        in_reply_to=envelope.in_reply_to,
        references=envelope.references,
        list_unsubscribe=envelope.list_unsubscribe,
        one_click=envelope.one_click,
        files=envelope.files,
    )
    try:
        lean = compose_lean(mail)
    except UnfitHeaderError as unfit:
        return Missing((), unfit.message)
    mime = filled_in(lean, {one.sha256: one.content for one in envelope.files})
    names = [(name_of_file(one.name), len(one.content)) for one in envelope.files]
    files = tuple(FrozenFile(name, kind_of_file(name), size) for name, size in names)
    return FrozenMail(subject, made.text, made.html, mime, sha256(mime).hexdigest(), lean, files)
