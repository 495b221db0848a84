"""Attachments as the browser gets them: safe names, safe kinds, nobody else's, and plain words when they cannot be had."""

from __future__ import annotations

import re

import pytest

from inboxcrm.errors import Gone, Offline, Reauth
from inboxcrm.mail.message import Attachment
from tests.web.house import House, path_of, walk_in

BOB = "Bob Tanaka bob@kitaura.example"
KINDS = {
    "application/pdf": "application/pdf",
    "IMAGE/PNG": "image/png",
    "text/plain": "text/plain",
    "text/html": "application/octet-stream",
    "image/svg+xml": "application/octet-stream",
    "application/javascript": "application/octet-stream",
    "message/rfc822": "application/octet-stream",
    "text/html\r\nX-Evil: 1": "application/octet-stream",
    "": "application/octet-stream",
}


class Mailbox:
    """Answers for every mailbox: with the bytes, or with the failure it is told to."""

    def __init__(self):
        self.content = b"bytes"
        self.failure = None
        self.asked = []

    def __call__(self, name):
        return self

    def attachment(self, *, ref, part):
        self.asked.append((ref, part))
        if self.failure:
            raise self.failure
        return self.content

    def close(self):
        pass


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


def visit(house: House, mailbox: Mailbox | None, *files: Attachment):
    """A client before a mail with these files, and the addresses of the files on the page."""
    if files:
        house.deliver(BOB, "The files", attachments=files, hours_ago=0.5)
        house.sync()
    client = walk_in(house.app(open_mailbox=mailbox).test_client())
    page = client.get(path_of(client, "The files")).get_data(as_text=True) if files else ""
    return client, re.findall(r'href="(/messages/\w+/attachments/\w+)"', page)


def file(name="a.pdf", kind="application/pdf", size=5, part="2", **more):
    return Attachment(part, name, kind, size, **more)


def test_a_file_is_saved_and_never_shown(house: House, mailbox):
    client, (path,) = visit(house, mailbox, file("Seat plan.pdf"))
    answer = client.get(path)
    assert (answer.status_code, answer.data) == (200, b"bytes")
    assert mailbox.asked == [("m0008", "2")]
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"Seat plan.pdf\"; filename*=UTF-8''Seat%20plan.pdf"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("kind", "said"), KINDS.items())
def test_only_harmless_kinds_keep_their_name(house: House, mailbox, kind, said):
    client, (path,) = visit(house, mailbox, file(kind=kind))
    answer = client.get(path)
    assert answer.headers["Content-Type"] == said
    assert "X-Evil" not in answer.headers


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("../../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a\r\nSet-Cookie: evil=1\r\n\r\n.txt", "aSet-Cookie_ evil=1.txt"),
        ('x"; filename="y.html', "x__ filename=_y.html"),
        ("invoice-\u202efdp.txt", "invoice-fdp.txt"),
        ("", "attachment"),
    ],
)
def test_the_senders_name_leads_nowhere(house: House, mailbox, name, saved):
    client, (path,) = visit(house, mailbox, file(name))
    answer = client.get(path)
    assert answer.status_code == 200
    said = answer.headers["Content-Disposition"]
    assert re.match(r'attachment; filename="([^"]*)"; ', said)[1] == saved
    assert not re.search(r"[\x00-\x1f\x7f-\uffff]", said)
    assert "evil" not in (answer.headers.get("Set-Cookie") or "")


def test_letters_of_all_languages_are_kept(house: House, mailbox):
    client, (path,) = visit(house, mailbox, file("Anfrage für Köln 見積.pdf"))
    said = client.get(path).headers["Content-Disposition"]
    assert 'filename="Anfrage f_r K_ln __.pdf"' in said
    assert "filename*=UTF-8''Anfrage%20f%C3%BCr%20K%C3%B6ln%20%E8%A6%8B%E7%A9%8D.pdf" in said


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>.pdf", '"><script>x()</script>.pdf'])
def test_a_hostile_name_is_only_text_on_the_page(house: House, mailbox, name):
    client, _ = visit(house, mailbox, file(name))
    page = client.get(path_of(client, "The files")).get_data(as_text=True)
    assert "<img src=x" not in page
    assert "<script>x" not in page
    assert "&lt;" in page


def test_pictures_of_the_text_stand_apart(house: House, mailbox):
    client, paths = visit(
        house, mailbox, file(), file("logo.png", "image/png", part="3", is_inline=True)
    )
    page = client.get(path_of(client, "The files")).get_data(as_text=True)
    assert len(paths) == 2
    assert "1 picture in the text" in page
    assert page.index("a.pdf") < page.index("1 picture in the text") < page.index("logo.png")


@pytest.mark.parametrize(
    ("failure", "code", "said"),
    [
        (Gone("The mail was deleted."), 410, "Ask whoever sent it to send it again."),
        (Reauth("Consent was taken back."), 502, "Connect the mailbox again"),
        (Offline("No answer."), 502, "Try again in a few minutes."),
        (Offline("No answer.", remedy="Check the cable."), 502, "Check the cable."),
    ],
)
def test_what_cannot_be_had_is_said_plainly_with_the_remedy(
    house: House, mailbox, failure, code, said
):
    client, (path,) = visit(house, mailbox, file())
    mailbox.failure = failure
    answer = client.get(path)
    page = answer.get_data(as_text=True)
    assert answer.status_code == code
    assert failure.message in page
    assert said in page
    assert "Content-Disposition" not in answer.headers


def test_too_large_and_programs_are_not_fetched(house: House, mailbox):
    client, paths = visit(
        house, mailbox, file("film.mp4", "video/mp4", 25_000_001), file("a.exe", part="3")
    )
    said = [client.get(path) for path in paths]
    assert [answer.status_code for answer in said] == [403, 403]
    assert "more than 25 MB are not fetched here" in said[0].get_data(as_text=True)
    assert "is a program" in said[1].get_data(as_text=True)
    assert mailbox.asked == []
    mailbox.content = b"x" * 25_000_001
    client, (path,) = visit(house, mailbox, file("small.bin"))
    assert client.get(path).status_code == 403


def test_another_accounts_mail_is_not_there(house: House, mailbox, monkeypatch):
    client, (path,) = visit(house, mailbox, file())
    from inboxcrm.access.viewer import Viewer
    from inboxcrm.web.room import Room

    monkeypatch.setattr(Room, "viewer", property(lambda _: Viewer(2, mailbox_ids=frozenset())))
    answer = client.get(path)
    assert answer.status_code == 404
    assert "There is no such attachment" in answer.get_data(as_text=True)
    assert mailbox.asked == []


def test_ids_of_other_things_lead_nowhere(house: House, mailbox):
    client, (path,) = visit(house, mailbox, file())
    message, found = re.match(r"/messages/(\w+)/attachments/(\w+)", path).groups()
    for wrong in (
        f"/messages/{found}/attachments/{message}",
        f"/messages/{message}/attachments/{message}",
        f"/messages/{message}/attachments/1",
        f"/messages/{message}/attachments/..%2f..%2fetc",
        f"/messages/aaaaaaaaaaaaa/attachments/{found}",
    ):
        assert client.get(wrong).status_code == 404
    assert mailbox.asked == []


def test_pages_without_mailboxes_say_so(house: House):
    client, (path,) = visit(house, None, file())
    answer = client.get(path)
    assert answer.status_code == 422
    assert "Attachments cannot be fetched" in answer.get_data(as_text=True)


def test_nobody_gets_a_file_without_coming_in(house: House, mailbox):
    _, (path,) = visit(house, mailbox, file())
    answer = house.app(open_mailbox=mailbox).test_client().get(path)
    assert answer.status_code in {303, 403}
    assert mailbox.asked == []
