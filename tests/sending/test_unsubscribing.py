"""What a mail names for those who want no more: an address always, a page with its click once that page was found good."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from inboxcrm.cadence.lead_values import Sender
from inboxcrm.cadence.unsubscribe import INERT, marker
from inboxcrm.services.cadence_preview import previews
from inboxcrm.services.opting_out import opt_out_by_link
from inboxcrm.services.public_page import Answer, check_page, page_secret
from inboxcrm.services.sending import send_due
from inboxcrm.services.templates import preview, save_template
from inboxcrm.store.desk import Desk
from tests.sending.incoming import BOB, standing, suppressed
from tests.sending.office import ALICE, Office
from tests.sending.post import PostSender

PAGE = "https://mail.seller.example"
WORDS = "Good day {{ first_name }},\n\nno more: {{ unsubscribe_url | default('answer me') }}"


@pytest.fixture
def office(new_office: Callable[..., Office]) -> Office:
    made = new_office(people=("bob",))
    save_template(made.desk, ALICE, name="linked", subject="Linked", text=WORDS)
    return made


def desk_with(office: Office, page: str, *, passed: bool = True) -> Desk:
    desk = replace(office.desk, unsubscribe_url=page)
    secret = page_secret(desk)

    def ask(url: str, _: bytes | None) -> Answer:
        return Answer(200 if passed else 404, marker(secret, url.rpartition("/")[2]))

    assert (check_page(desk, ask).problem == "") is passed
    return desk


def sent_from(office: Office, desk: Desk):
    """(fields, bytes) of the one mail that leaves."""
    send_due(desk, PostSender(office.post), "alice", runner=office.runner())
    [mail] = office.post.sent
    return message_from_bytes(mail.mime, policy=policy.default), mail.mime


def test_a_good_page_stands_in_the_mail_with_its_click(office: Office) -> None:
    desk = desk_with(office, PAGE)
    shown = previews(desk, ALICE, "Autumn")[0].mime
    mail, mime = sent_from(office, desk)
    [key] = mail.get_all("X-Inboxcrm-Key")
    link = f"{PAGE}/u/{key}"
    by_mail = f"<mailto:alice+unsub-{key}@seller.example?subject=unsubscribe>"
    assert mail.get_all("List-Unsubscribe") == [f"<{link}>, {by_mail}"]
    assert mail.get_all("List-Unsubscribe-Post") == ["List-Unsubscribe=One-Click"]
    assert INERT.encode() in shown
    assert key.encode() not in re.sub(rb"X-Inboxcrm-Key: \w+|<\w+@seller", b"", shown)
    same = shown.replace(INERT.encode(), key.encode())
    assert re.sub(rb"\r\nDate: [^\r]+", b"", same) == re.sub(rb"\r\nDate: [^\r]+", b"", mime)
    opt_out_by_link(desk, key, secret=b"s")
    assert suppressed(office) == {BOB: "opt_out"}
    assert standing(office)[BOB][0] == "finished"


@pytest.mark.parametrize(
    ("page", "passed", "link"),
    [
        ("", True, ""),
        (PAGE, False, ""),
        ("http://127.0.0.1:8026", True, "http://127.0.0.1:8026/u/"),
    ],
)
def test_without_one_there_is_no_click(office: Office, page: str, passed: bool, link: str) -> None:
    desk = desk_with(office, page, passed=passed) if page else office.desk
    mail, _ = sent_from(office, desk)
    [field] = mail.get_all("List-Unsubscribe")
    assert re.fullmatch(rf"(<{re.escape(link)}\w+>, )?<mailto:alice\+unsub-\w+@[^>]+>", field)
    assert (link in field, "http" in field) == (True, bool(link))
    assert mail["List-Unsubscribe-Post"] is None


def test_a_template_may_show_the_page_and_its_preview_leads_nowhere(office: Office) -> None:
    lead = previews(office.desk, ALICE, "Autumn")[0].lead_id
    sender = Sender("Alice", "alice@seller.example")
    bare = preview(office.desk, ALICE, "linked", lead, sender=sender)
    assert bare.text.endswith("no more: answer me")
    linked = preview(desk_with(office, PAGE), ALICE, "linked", lead, sender=sender)
    assert linked.text.endswith(f"no more: {PAGE}/u/{INERT}")
    assert linked.mime.count(INERT.encode()) == 3
