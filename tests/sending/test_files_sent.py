"""A merge with a file and a signature: what the preview shows is what the outbox keeps and what goes, byte for byte."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import select, update

from inboxcrm.cadence.attachments import OutgoingFile
from inboxcrm.mail.mime import parse
from inboxcrm.services.cadence_preview import previews
from inboxcrm.services.snippets import save_snippet
from inboxcrm.services.templates import save_template
from inboxcrm.store.outbox import bytes_of
from inboxcrm.store.tables import cadence, frozen_mail, mailbox, outbox, step, template_version
from tests.sending.office import ALICE, Office

PDF = OutgoingFile("Preisliste – 2026.pdf", b"%PDF-1.7 " + bytes(range(256)) * 400)


def with_files(office: Office) -> None:
    """The merge's template as it would be had it been saved with all this; a signature for its mailbox."""
    save_snippet(office.desk, ALICE, name="hours", text="Open 9 to 5, {{ first_name }}")
    saved = save_template(
        office.desk, ALICE, name="hello", subject="A word, {{ first_name }}", text='Hi\n\n{{ snippet("hours") }}',
        html="<p>{{ snippet('hours') }}</p>", signs=True, files=[PDF],
    )  # fmt: skip
    with office.desk.database.write() as tx:
        tx.execute(
            update(mailbox).values(signature="Alice Berg", signature_html="<b>Alice</b> Berg")
        )
        tx.execute(update(step).values(template_version_id=saved.version_id))
        tx.execute(update(outbox).values(template_version_id=saved.version_id))


def test_what_is_shown_is_kept_and_goes(new_office):
    office = new_office(people=("bob",))
    with_files(office)
    [shown] = previews(office.desk, ALICE, "Autumn")
    office.send()
    [sent] = office.post.sent
    with office.desk.database.read() as tx:
        [row] = tx.execute(
            select(outbox.c.id, frozen_mail.c.mime, outbox.c.mime_sha256).join(
                frozen_mail, frozen_mail.c.outbox_id == outbox.c.id
            )
        ).all()
        kept = bytes_of(tx, row.id)
        assert tx.scalar(select(cadence.c.name)) == "Autumn"
        assert tx.scalar(select(template_version.c.signs).order_by(template_version.c.id.desc()))
    assert kept == sent.mime
    assert sha256(sent.mime).hexdigest() == row.mime_sha256
    assert len(bytes(row.mime)) < 3_000 < len(PDF.content)
    read = parse(sent.mime)
    assert [(one.filename, one.size_bytes) for one in read.attachments] == [
        (PDF.name, len(PDF.content))
    ]
    assert read.text.split() == ["Hi", "Open", "9", "to", "5,", "Bob", "Alice", "Berg"]
    assert "<b>Alice</b> Berg" in read.html
    # All but what differs at every making: the address to say "no more", which does nothing in a preview.
    assert _without_way_out(shown.mime) == _without_way_out(sent.mime)


def test_a_claimed_mail_is_shown_with_its_files(new_office):
    office = new_office(people=("bob",))
    with_files(office)
    office.send()
    [shown] = previews(office.desk, ALICE, "Autumn")
    assert shown.is_frozen
    assert shown.mime == office.post.sent[0].mime


def _without_way_out(mime: bytes) -> list[bytes]:
    lines = mime.split(b"\r\n")
    return [one for one in lines if b"unsub" not in one.lower()]
