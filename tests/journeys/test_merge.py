"""A mail merge from the command line: from a segment to mails that arrived, to an answer, to what stops the next one."""

from __future__ import annotations

import re

from inboxcrm.sandbox.demo import write_token_file
from inboxcrm.worker.clock import machine_now
from tests.journeys.home import ALICE, until

READONLY = "https://www.googleapis.com/auth/gmail.readonly"
COMPOSE = "https://www.googleapis.com/auth/gmail.compose"
HELLO = "Subject: Our autumn fair, {{ first_name }}\n\nGood day {{ first_name }},\n\nwill you come?\n\nAlice\n"
MERGE = ("cadence", "merge", "autumn", "--template", "hello", "--segment", "stage is new")
QUICK = ("--mailbox", "sales", "--any-hour", "--gap", "0")


def allow_sending(home, gmail) -> None:
    scopes = (READONLY, COMPOSE)
    token = gmail.refresh_token(scopes=scopes)
    home.secrets.append(token)
    write_token_file(home.folder / "token.json", gmail.url, refresh_token=token, scopes=scopes)


def prepare(home) -> None:
    home.file("hello.txt", HELLO)
    assert home.type("sync").code == 0
    assert home.type("leads", "add", "erin@away.example", "--name", "Erin Walsh").code == 0
    assert home.type("template", "save", "hello", "--text", "hello.txt").code == 0
    assert home.type(*MERGE, *QUICK).code == 0


def test_from_a_segment_to_mails_that_arrived(home, gmail):
    allow_sending(home, gmail)
    prepare(home)
    shown = home.type("cadence", "start", "autumn")
    assert "Nothing was sent." in shown.out
    assert "would get it" in shown.out
    preview = home.type("cadence", "preview", "autumn", "--lead", "bob@firm.example", "--json")
    [mail] = preview.document["previews"]
    assert mail["subject"] == "Our autumn fair, Bob"
    assert (
        home.type("cadence", "run", "--mailbox", "sales", "--yes", "--json").document["sent"] == 0
    )
    assert gmail.office.outbound == []

    started = home.type("cadence", "start", "autumn", "--expect", "2", "--yes", "--json")
    assert started.document["people"] == 2
    assert (
        home.type("cadence", "run", "--mailbox", "sales", "--yes", "--json").document["sent"] == 2
    )
    assert sorted(one.recipient for one in gmail.office.outbound) == [
        "bob@firm.example",
        "erin@away.example",
    ]
    assert (
        home.type("cadence", "run", "--mailbox", "sales", "--yes", "--json").document["sent"] == 0
    )
    status = home.type("cadence", "status", "autumn", "--json").document
    assert status["mails"] == {"sent": 2}
    assert "The provider took it." in home.type("cadence", "why", "bob@firm.example").out
    assert home.type("outbox", "list", "--state", "sent", "--json").document["mails"][0]["lines"]
    assert home.type("sync", "--json").report["stored"] == 0, "the run had read its sent mail"


def test_what_arrives_is_what_was_previewed(home, gmail):
    allow_sending(home, gmail)
    prepare(home)
    home.type("cadence", "start", "autumn", "--yes")
    [before] = home.type(
        "cadence", "preview", "autumn", "--lead", "bob@firm.example", "--json"
    ).document["previews"]
    home.type("cadence", "run", "--mailbox", "sales", "--yes")
    sent = next(one for one in gmail.office.outbound if one.recipient == "bob@firm.example")

    def told(mime: bytes) -> list[bytes]:
        changing = (b"date:", b"message-id:", b"received:", b"delivered-to:")
        # The link of a preview unsubscribes nobody.
        mime = re.sub(rb"\+unsub-\w+@", b"+unsub-TOKEN@", mime)
        lines = mime.replace(b"\r\n", b"\n").rstrip().split(b"\n")
        return [line for line in lines if not line.lower().startswith(changing)]

    assert told(sent.raw) == told(before["mime"].encode())


def test_an_answer_stops_what_has_not_left(home, gmail):
    allow_sending(home, gmail)
    prepare(home)
    home.type("cadence", "start", "autumn", "--yes")
    home.type("suppress", "add", "away.example")
    box = gmail.service.mailboxes[ALICE]
    box.deliver(
        (
            f"From: Bob Moss <bob@firm.example>\r\nTo: {ALICE}\r\nSubject: One more thing\r\n"
            "Message-ID: <late@firm.example>\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\n\r\nCall me.\r\n"
        ).encode(),
        at=machine_now(),
    )
    report = home.type("cadence", "run", "--mailbox", "sales", "--yes", "--json").document
    assert (report["sent"], report["cancelled"]) == (0, 2)
    why = home.type("cadence", "why", "bob@firm.example").out
    assert "autumn: stopped. bob@firm.example wrote on" in why
    assert "erin@away.example is suppressed" in home.type("cadence", "why", "erin@away.example").out


def test_without_the_right_to_send_nothing_goes_and_the_way_is_told(home, gmail):
    prepare(home)
    home.type("cadence", "start", "autumn", "--yes")
    said = home.type("cadence", "run", "--mailbox", "sales", "--yes")
    assert "allow sending on its page" in said.out
    assert gmail.office.outbound == []
    assert home.type("cadence", "run", "--mailbox", "sales").code == 2, (
        "nothing leaves without --yes"
    )


def test_the_worker_sends_by_itself(home, gmail):
    allow_sending(home, gmail)
    prepare(home)
    home.type("cadence", "start", "autumn", "--yes")
    worker = home.start("worker")
    until(lambda: len(gmail.office.outbound) == 2)
    assert worker.end().code == 0
