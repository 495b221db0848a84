"""An open thread: its mails as people read them, without the quoted past, with everything the page
needs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import NotFoundError
from inboxcrm.leads.wording import counted
from inboxcrm.mail.reply import split_quoted
from inboxcrm.store import inbox as threads
from inboxcrm.store import open_mail
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.desk import Desk
from inboxcrm.store.inbox import ThreadHead
from inboxcrm.store.open_mail import AttachmentRow, MailRow, PersonRow
from inboxcrm.store.overruled import SaidRow, words_on_mails
from inboxcrm.views.answer_marks import MarkView, marks_on
from inboxcrm.views.inbox_shapes import (
    AttachmentView,
    MessageBody,
    MessageView,
    ThreadView,
)
from inboxcrm.views.places import provider_url
from inboxcrm.views.shapes import Context, ContextPerson
from inboxcrm.views.verdicts import verdict_view

MOST_MESSAGES = 100
_MOST_PEOPLE = 25
_AUTHOR_ROLES = ("from", "sender")
_NOTES = {
    "automatic": "automatic mail",
    "bulk": "newsletter or list",
    "bounce_hard": "could not be delivered",
    "bounce_soft": "delivery delayed",
    "calendar": "invitation",
}


def thread(desk: Desk, viewer: Viewer, thread_id: str) -> ThreadView:
    """Raises NotFoundError, also for a thread in a mailbox this viewer may not read."""
    number = desk.ids.open("thread", thread_id)
    with desk.database.read() as tx:
        head = threads.thread_head(tx, viewer, number) if number is not None else None
        if head is None:
            raise NotFoundError(
                "There is no such thread.", remedy="It may have been deleted; go back to the inbox."
            )
        mails = open_mail.mails_of_thread(tx, head.thread_id, limit=MOST_MESSAGES)[::-1]
        ids = [mail.message_id for mail in mails]
        people = open_mail.people_of(tx, ids)
        attachments = open_mail.attachments_of(tx, ids)
        words = words_on_mails(tx, ids)
        marks = marks_on(tx, viewer, [one.message_id for one in mails if one.direction == "in"])
        outside = {one.address_id for one in threads.outsiders_of(tx, viewer, ids)}
    open_url, open_label = provider_url(head.provider, address=head.mailbox, ref=head.ref)
    return ThreadView(
        id=thread_id,
        subject=head.subject or "(no subject)",
        mailbox=head.mailbox,
        messages=tuple(
            _message(
                desk,
                mail,
                [one for one in people if one.message_id == mail.message_id],
                [one for one in attachments if one.message_id == mail.message_id],
                words.get(mail.message_id, ()),
                marks.get(mail.message_id),
            )
            for mail in mails
        ),
        context=_context(thread_id, head, mails, people, outside),
        open_url=open_url,
        open_label=open_label,
        earlier_count=max(head.message_count - len(mails), 0),
    )


def _message(
    desk: Desk,
    mail: MailRow,
    people: Sequence[PersonRow],
    attachments: Sequence[AttachmentRow],
    words: Sequence[SaidRow],
    mark: MarkView | None,
) -> MessageView:
    who, address = author_of(people)
    visible, quoted = split_quoted(mail.text or "")
    return MessageView(
        id=desk.ids.seal("message", mail.message_id),
        who=who,
        address=address,
        to=recipients(people),
        at=from_ms(mail.sent_at),
        text=visible,
        quoted=quoted,
        snippet=mail.snippet,
        has_html=bool(mail.html_start),
        attachments=tuple(attachment_view(desk, one) for one in attachments),
        defects=defects_in_words(mail.defects, mail.text_length),
        note=note_on(mail.kind, is_withdrawn=mail.is_withdrawn),
        is_own=mail.direction != "in",
        verdict=verdict_view(mail.kind, mail.kind_evidence, words)
        if mail.direction == "in"
        else None,
        mark=mark,
    )


def author_of(people: Sequence[PersonRow]) -> tuple[str, str]:
    """(name to show, address) of who wrote the mail."""
    author = next((one for role in _AUTHOR_ROLES for one in people if one.role == role), None)
    return (author.name or author.shown, author.shown) if author else ("Unknown sender", "")


def defects_in_words(stored: str, text_length: int | None) -> tuple[str, ...]:
    defects = [str(one) for one in json.loads(stored)]
    if (text_length or 0) > open_mail.TEXT_SHOWN:
        defects.append("The mail is very long; only its beginning is shown.")
    return tuple(defects)


def note_on(kind: str, *, is_withdrawn: bool) -> str:
    """Like "newsletter or list, in spam or trash"; empty for a person's mail in its place."""
    note = _NOTES.get(kind, "")
    if not is_withdrawn:
        return note
    return f"{note}, in spam or trash" if note else "in spam or trash"


def recipients(people: Sequence[PersonRow]) -> str:
    """Like "to alice@ourfirm.example and 2 others"."""
    named = [one for role in ("to", "cc") for one in people if one.role == role]
    if not named:
        return "to undisclosed recipients"
    first = named[0].name or named[0].shown
    others = len({one.address_id for one in named} - {named[0].address_id})
    return f"to {first} and {counted(others, 'other')}" if others else f"to {first}"


def attachment_view(desk: Desk, one: AttachmentRow) -> AttachmentView:
    return AttachmentView(
        desk.ids.seal("attachment", one.attachment_id),
        one.filename or "unnamed",
        one.content_type,
        one.size_bytes,
        one.is_inline,
        one.content_id,
    )


def _context(
    thread_id: str,
    head: ThreadHead,
    mails: Sequence[MailRow],
    people: Sequence[PersonRow],
    outside: set[int],
) -> Context:
    """What the sidebar is asked with: the outside people, those of the newest mail first, its
    author before all.
    """
    order = {mail.message_id: place for place, mail in enumerate(reversed(mails))}
    ranked = sorted(
        (one for one in people if one.address_id in outside),
        key=lambda one: (one.role not in _AUTHOR_ROLES, order[one.message_id]),
    )
    chosen: dict[int, ContextPerson] = {}
    for one in ranked:
        if one.address_id not in chosen:
            role = "from" if one.role in _AUTHOR_ROLES and not chosen else one.role
            chosen[one.address_id] = ContextPerson(one.shown, one.name, role)
    return Context(
        mailbox_address=head.mailbox or None,
        thread=thread_id,
        subject=head.subject[:300],
        people=tuple(chosen.values())[:_MOST_PEOPLE],
    )


def message_body(desk: Desk, viewer: Viewer, message_id: str) -> MessageBody:
    """Raises NotFoundError."""
    number = desk.ids.open("message", message_id)
    with desk.database.read() as tx:
        if number is None or not open_mail.may_read_message(tx, viewer, number):
            raise NotFoundError("There is no such mail.", remedy="It may have been deleted.")
        html, text = open_mail.body_of(tx, number)
        attachments = open_mail.attachments_of(tx, [number])
    inline = tuple(
        (one.content_id, desk.ids.seal("attachment", one.attachment_id))
        for one in attachments
        if one.content_id
    )
    return MessageBody(message_id, html, text, inline)
