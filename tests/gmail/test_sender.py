"""Sending through drafts, against the practice server."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from googleapiclient.errors import HttpError

from inboxcrm.errors import Gone, Offline, Poison, ProviderError, Reauth, Throttled
from inboxcrm.gmail.rights import READONLY, SENDING
from inboxcrm.gmail.sender import GmailSender
from inboxcrm.gmail.token_file import load_credentials
from inboxcrm.gmail.traffic import Traffic
from inboxcrm.gmail.transport import OnceHttp
from inboxcrm.ports import (
    Accepted,
    Ambiguous,
    NotSeen,
    Prepared,
    Refused,
    RefusedFor,
    SeenSent,
    StillWaiting,
)
from inboxcrm.sandbox.control import StandingClock
from inboxcrm.sandbox.demo import write_token_file
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.post_office import SendingHabits
from inboxcrm.sandbox.server import Sandbox, running_sandbox
from tests.sandbox.gmail_client import NOON
from tests.sending.contract import BOB, SenderContract, letter, send_to_the_end

from .conftest import Gmail, mail

SEND = "drafts/send"


@pytest.fixture
def mailbox() -> SandboxMailbox:
    return SandboxMailbox("alice@seller.example", name="Alice", clock=StandingClock(NOON))


@pytest.fixture
def open_sender(sandbox, tmp_path, time, book) -> Iterator[Callable[..., GmailSender]]:
    opened: list[GmailSender] = []

    def open_(*, url="", scopes=(READONLY, SENDING), price_table="generous", **options):
        token_file = tmp_path / f"alice-{len(opened)}.json"
        write_token_file(
            token_file, sandbox.url, refresh_token=sandbox.refresh_token(scopes=scopes)
        )
        sender = GmailSender(
            Traffic(
                load_credentials(token_file, mailbox="alice"),
                gmail=Gmail(url or sandbox.url, price_table, options.pop("units_per_minute", None)),
                bucket=book,
                sleep=time.sleep,
                monotonic=time.read,
                mailbox=options.pop("mailbox", "alice"),
                chance=lambda: 0.5,
                **options,
            )
        )
        opened.append(sender)
        return sender

    yield open_
    for sender in opened:
        sender.close()


@pytest.fixture
def sender(open_sender) -> GmailSender:
    return open_sender()


class GmailWorld:
    own = "alice@seller.example"

    def __init__(self, sandbox: Sandbox, sender: GmailSender) -> None:
        self.sender = sender
        self._sandbox = sandbox
        self._box = sandbox.mailbox

    def delivered(self):
        return [(found.recipient, found.key) for found in self._sandbox.office.outbound]

    def behave(self, **habits):
        self._sandbox.office.habits = SendingHabits(**habits)

    def trouble(self, kind):
        faults = self._sandbox.faults
        if kind == "refused":
            faults.fail_next(429, path=SEND)
        elif kind == "before":
            faults.drop_next(path=SEND, after_work=False)
        elif kind == "server":
            faults.fail_next(500, path=SEND)
        elif kind == "broken":
            faults.shorten_next(path=SEND)

    def pass_(self, seconds):
        self._box.set_clock(StandingClock(self._box.now() + timedelta(seconds=seconds)))

    def forget_history(self):
        self._box.expire_history()

    def send_by_hand(self, raw):
        self._box.deliver(raw, labels=["SENT"])

    def edit(self, prepared):
        self._box.drafts.update(prepared.draft_ref, letter("K1", subject="Mine now"))


@pytest.fixture
def world(sandbox, sender) -> GmailWorld:
    return GmailWorld(sandbox, sender)


class TestGmailSender(SenderContract):
    @pytest.fixture
    def world(self, sandbox, sender):
        return GmailWorld(sandbox, sender)


# --- cost and what goes over the line --------------------------------------------


def test_an_opener_costs_at_most_135_units_by_the_servers_own_count(sandbox, sender):
    sender.hand_over(sender.prepare(letter("K1")))
    usage = sandbox.usage()
    assert usage.units == sender.spending().units == 111
    assert usage.calls == {"users.getProfile": 1, "drafts.create": 1, "drafts.send": 1}


def test_the_bytes_prepared_are_the_bytes_that_wait(mailbox, sender):
    raw = letter("K1").replace(b"Good day.", "Grüße, größter Fluß".encode())
    prepared = sender.prepare(raw)
    assert mailbox.drafts.get(prepared.draft_ref).raw == raw
    assert prepared.message_ref == mailbox.drafts.get(prepared.draft_ref).ref


def test_the_history_id_is_older_than_anything_the_hand_over_does(mailbox, sender):
    prepared = sender.prepare(letter("K1"))
    assert int(prepared.history) < mailbox.get(prepared.message_ref).history_id


def test_a_follow_up_lands_in_its_thread(mailbox, sender):
    ref = mailbox.deliver(mail(1))
    raw = letter("K1", subject="Re: Offer 1").replace(
        b"MIME-Version", b"References: <m1@customer.example>\r\nMIME-Version"
    )
    handed = sender.hand_over(sender.prepare(raw, thread_ref=ref))
    assert isinstance(handed, Accepted)
    assert handed.thread_ref == ref


def test_a_follow_up_costs_at_most_140_units_by_the_servers_own_count(mailbox, sandbox, sender):
    ref = mailbox.deliver(mail(1))
    raw = letter("K1", subject="Re: Offer 1").replace(
        b"MIME-Version", b"References: <m1@customer.example>\r\nMIME-Version"
    )
    sender.hand_over(sender.prepare(raw, thread_ref=ref))
    assert sandbox.usage().units == sender.spending().units == 111


# --- one hand-over is one request --------------------------------------------------


@pytest.mark.parametrize("kind", ["drop_next", "shorten_next"])
def test_a_lost_answer_is_ambiguous_and_the_request_is_not_repeated(sandbox, sender, kind):
    prepared = sender.prepare(letter("K1"))
    before = sandbox.request_number
    getattr(sandbox.faults, kind)(path=SEND)
    assert isinstance(sender.hand_over(prepared), Ambiguous)
    assert sandbox.request_number == before + 1
    assert sandbox.usage().calls["drafts.send"] == len(sandbox.office.outbound) == 1


def test_a_slow_answer_is_ambiguous(sandbox, sender):
    prepared = sender.prepare(letter("K1"))
    sandbox.faults.stall_next(1.0, path=SEND)
    sender.traffic.client._transport.timeout = 0.1
    assert isinstance(sender.hand_over(prepared), Ambiguous)
    assert sandbox.usage().calls["drafts.send"] == len(sandbox.office.outbound) == 1


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200", b"no http at all\r\n\r\n"])
def test_a_line_that_says_nothing_of_use_gets_one_request(open_sender, answer):
    """A server that hangs up, however it does it, reads our request once."""
    with Listening(answer) as (url, read):
        sender = open_sender(url=url)
        handed = sender.hand_over(Prepared("r1", "m1", "1"))
    assert isinstance(handed, Ambiguous)
    assert [head.split(b" ")[0] for head in read] == [b"POST"]


def test_a_server_that_is_not_there_was_asked_nothing(open_sender):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    handed = open_sender(url=url).hand_over(Prepared("r1", "m1", "1"))
    assert isinstance(handed, Refused)
    assert handed.reason is RefusedFor.LATER
    assert "No connection" in handed.text


def test_a_network_that_gives_way_in_mid_sentence_is_ambiguous_and_gets_no_second_try(
    sandbox, sender, monkeypatch
):
    """httplib2 begins again after this error, on the same connection or a new one."""
    prepared = sender.prepare(letter("K1"))
    written = []

    def write(self, data):
        written.append(data)
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr("http.client.HTTPConnection.send", write)
    assert isinstance(sender.hand_over(prepared), Ambiguous)
    assert len(written) == 1


def test_a_connection_takes_one_request_until_the_next_is_asked_for(sandbox):
    line = OnceHttp(sandbox.url, 5)
    connection = line._plain(sandbox.url.removeprefix("http://"))
    connection.request("GET", "/")
    connection.close()
    with pytest.raises(OSError, match="not written again"):
        connection.request("GET", "/")
    assert line.request(sandbox.url)[0].status == 401
    assert line.request(sandbox.url)[0].status == 401
    line.close()


def test_an_access_token_that_ran_out_is_renewed_and_the_mail_goes_the_next_time(sandbox, sender):
    prepared = sender.prepare(letter("K1"))
    sandbox.tokens.expire_access()
    before = sandbox.request_number
    handed = sender.hand_over(prepared)
    assert handed == Refused(RefusedFor.LATER, "The sign-in had run out and was renewed.", 0.0)
    assert sandbox.request_number == before + 1, "a 401 does not send it again by itself"
    assert isinstance(sender.hand_over(prepared), Accepted)
    assert len(sandbox.office.outbound) == 1


def test_a_sign_in_that_is_refused_after_renewal_too_is_lost(sandbox, sender):
    prepared = sender.prepare(letter("K1"))
    sandbox.faults.fail_next(401, path=SEND, count=2)
    reasons = [sender.hand_over(prepared).reason for _ in range(2)]
    assert reasons == [RefusedFor.LATER, RefusedFor.LOGIN]
    assert isinstance(sender.hand_over(prepared), Accepted)


def test_consent_taken_back_is_said_with_the_way_to_give_it_again(sandbox, sender):
    prepared = sender.prepare(letter("K1"))
    sandbox.tokens.revoke()
    handed = sender.hand_over(prepared)
    assert handed.reason is RefusedFor.LOGIN
    assert "inboxcrm connect gmail --mailbox alice" in handed.text
    assert sandbox.office.outbound == []


def test_an_empty_purse_sends_nothing_and_says_when(open_sender, sandbox):
    sender = open_sender(units_per_minute=1200, patience_seconds=0.5)
    prepared = sender.prepare(letter("K1"))
    assert isinstance(sender.hand_over(prepared), Accepted)
    second = sender.hand_over(prepared)
    assert isinstance(second, Refused)
    assert second.reason is RefusedFor.LATER
    assert second.after_seconds > 0
    assert sandbox.usage().calls["drafts.send"] == 1


def test_a_bug_of_ours_is_no_exception_and_no_promise(sender, monkeypatch):
    prepared = sender.prepare(letter("K1"))
    monkeypatch.setattr(sender.traffic.client, "execute_once", lambda _: 1 / 0)
    assert isinstance(sender.hand_over(prepared), Ambiguous)


# --- rights and refusals -------------------------------------------------------------


@pytest.mark.parametrize(
    ("mailbox_name", "way"),
    [
        ("alice", "inboxcrm connect gmail --mailbox alice --sending"),
        ("", "Choose Allow sending at this mailbox on the Mailboxes page"),
    ],
)
def test_without_the_right_to_send_the_way_to_give_it_is_named(open_sender, mailbox_name, way):
    sender = open_sender(scopes=(READONLY,), mailbox=mailbox_name)
    with pytest.raises(Reauth, match="without the right to write and send") as refused:
        sender.prepare(letter("K1"))
    assert way in refused.value.remedy
    handed = sender.hand_over(Prepared("r1", "m1", "1"))
    assert handed.reason is RefusedFor.LOGIN
    assert way in handed.text


def test_a_mail_gmail_never_takes_is_refused_for_itself(sandbox, sender):
    handed = sender.hand_over(sender.prepare(letter("K1", to="nobody")))
    assert handed == Refused(RefusedFor.MAIL, "Gmail does not take this mail: Invalid To header")
    with pytest.raises(Poison):
        sender.prepare(b"")
    with pytest.raises(Gone):
        sender.prepare(letter("K1"), thread_ref="00000000000000aa")
    assert sandbox.office.outbound == []


def test_preparing_is_not_repeated_where_no_answer_came(sandbox, mailbox, sender):
    sandbox.office.habits = SendingHabits(lost_creates=(1,))
    with pytest.raises(Offline):
        sender.prepare(letter("K1"))
    assert len(mailbox.drafts.newest_first()) == 1
    assert sender.sweep(["K1"]) == 1
    assert mailbox.refs() == []


def test_preparing_waits_where_gmail_asks_for_patience(sandbox, mailbox, sender, time):
    sandbox.faults.fail_next(429, path="/drafts", retry_after=7)
    sender.prepare(letter("K1"))
    assert sum(time.slept) >= 7
    assert len(mailbox.drafts.newest_first()) == 1
    sandbox.faults.fail_next(429, path="/drafts", retry_after=700)
    with pytest.raises(Throttled):
        sender.prepare(letter("K2"))


def test_only_verified_addresses_may_be_sent_as(mailbox, sender, sandbox):
    mailbox.aliases, mailbox.pending_aliases = ("sales@seller.example",), ("soon@seller.example",)
    assert sender.addresses() == ("alice@seller.example", "sales@seller.example")
    sandbox.faults.fail_next(403, "forbidden", path="sendAs")
    assert sender.addresses() == ("alice@seller.example",)


# --- settling ------------------------------------------------------------------------


def test_the_drafts_own_message_among_sent_mail_is_ours_whatever_drafts_get_says(
    world, sender, monkeypatch
):
    world.behave(keeps_ref=True, strips_key=True)
    prepared = sender.prepare(letter("K1"))
    stale = sender._draft(prepared)
    sender.hand_over(prepared)
    monkeypatch.setattr(sender, "_draft", lambda _: stale)
    assert isinstance(sender.settle(prepared, key="K1", to=BOB), SeenSent)


def test_every_page_of_the_history_is_read(mailbox, sender):
    prepared = sender.prepare(letter("K1"))
    for number in range(600):
        mailbox.deliver(mail(number))
    sender.hand_over(prepared)
    assert isinstance(sender.settle(prepared, key="K1", to=BOB), SeenSent)


def test_what_was_read_once_is_not_paid_twice(sandbox, sender, world):
    prepared = [sender.prepare(letter(f"K{n}", to=f"p{n}@client.example")) for n in range(6)]
    for one in prepared[1:]:
        sender.hand_over(one)
    for _ in range(3):
        assert isinstance(
            sender.settle(prepared[0], key="K0", to="p0@client.example"), StillWaiting
        )
    assert sandbox.usage().calls["messages.get"] == 5


def test_a_key_is_known_in_any_case_and_folding(mailbox, world, sender):
    prepared = sender.prepare(letter("K1"))
    world.send_by_hand(letter("K1").replace(b"X-Inboxcrm-Key: K1", b"x-inboxcrm-key:\r\n k1 "))
    assert isinstance(sender.settle(prepared, key="K1", to=BOB), SeenSent)


def test_a_sent_mail_that_is_gone_again_could_have_been_ours(mailbox, world, sender):
    prepared = sender.prepare(letter("K1"))
    ref = mailbox.deliver(letter("K1"), labels=["SENT"])
    mailbox.delete(ref)
    assert isinstance(sender.settle(prepared, key="K1", to=BOB), NotSeen)


def test_drafts_and_answers_to_the_same_person_are_no_sent_mail(mailbox, sender):
    prepared = sender.prepare(letter("K1"))
    plain = letter("X").replace(b"X-Inboxcrm-Key: X\r\n", b"")
    mailbox.drafts.create(plain)
    mailbox.deliver(plain)
    assert sender.settle(prepared, key="K1", to=BOB) == StillWaiting(is_ours=True)


@pytest.mark.parametrize("to", [BOB, '"b o b{}"@client.example', "BOB@CLIENT.EXAMPLE"])
@pytest.mark.parametrize("history", ["1", "", "x"])
def test_without_a_history_sent_mail_is_searched(mailbox, world, sender, to, history):
    plain = letter("X", to=to).replace(b"X-Inboxcrm-Key: X\r\n", b"")
    world.send_by_hand(plain)
    world.pass_(3600)
    prepared = sender.prepare(letter("K1", to=to))
    prepared = Prepared(prepared.draft_ref, prepared.message_ref, history)
    assert sender.settle(prepared, key="K1", to=to) == StillWaiting(is_ours=True)
    world.send_by_hand(plain)
    assert isinstance(sender.settle(prepared, key="K1", to=to), NotSeen)
    sender.hand_over(prepared)
    assert isinstance(sender.settle(prepared, key="K1", to=to), SeenSent)


def test_a_search_that_finds_too_much_proves_nothing(world, sender):
    prepared = sender.prepare(letter("K1"))
    for number in range(51):
        world.send_by_hand(letter(f"X{number}"))
    prepared = Prepared(prepared.draft_ref, prepared.message_ref, "1")
    assert isinstance(sender.settle(prepared, key="K1", to=BOB), NotSeen)


def test_a_fault_while_looking_is_the_callers(sandbox, sender):
    prepared = sender.prepare(letter("K1"))
    sandbox.faults.fail_next(503, path="/history", count=9)
    with pytest.raises(Offline):
        sender.settle(prepared, key="K1", to=BOB)


# --- everything at once ----------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_under_random_faults_nothing_is_doubled_and_nothing_lost_silently(
    sandbox, world, sender, seed
):
    """Every request fails at random, before or after its work, and the server has bad habits besides."""
    endings = []
    for number in range(25):
        sandbox.faults.random(0.25, seed * 1000 + number)
        world.behave(
            lost_rate=0.3,
            repeated_rate=0.2,
            seed=seed * 1000 + number,
            slow_history_seconds=90,
            lingering_seconds=200 * (number % 2),
            strips_key=number % 3 == 0,
            keeps_ref=number % 5 == 0,
        )
        key, to = f"K{number}", f"p{number}@client.example"
        prepared = _prepared_in_the_end(sender, letter(key, to=to))
        ending = send_to_the_end(world, prepared, key=key, to=to)
        count = world.delivered().count((to, key))
        endings.append(ending.word)
        assert count <= 1, (number, ending)
        assert ending.word == "unconfirmed" or count == (ending.word == "sent"), (number, ending)
    assert endings.count("sent") > 12
    happened = sandbox.faults.happened
    assert {"drop_after", "drop_before", "429", "500", "short_body"} <= set(happened)


def _prepared_in_the_end(sender, raw):
    for _ in range(30):
        try:
            return sender.prepare(raw)
        except ProviderError:
            continue
    raise AssertionError("thirty tries")


class Listening:
    """A line that reads one request a connection, says its piece and hangs up."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self._heads: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            with line:
                data = line.recv(65536)
                if data:
                    self._heads.append(data)
                line.sendall(self._answer)

    def __enter__(self):
        self._thread.start()
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}", self._heads

    def __exit__(self, *_):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(timeout=5)


def test_two_mailboxes_of_one_server_do_not_mix(tmp_path, time, book):
    boxes = [SandboxMailbox("alice@seller.example"), SandboxMailbox("bob@client.example")]
    with running_sandbox(boxes) as sandbox:
        token_file = tmp_path / "alice.json"
        write_token_file(token_file, sandbox.url, address="alice@seller.example")
        sender = GmailSender(
            Traffic(
                load_credentials(token_file, mailbox="alice"),
                gmail=Gmail(sandbox.url),
                bucket=book,
                sleep=time.sleep,
                monotonic=time.read,
            )
        )
        sender.hand_over(sender.prepare(letter("K1")))
        sender.close()
        assert json.dumps([found.key for found in boxes[0].delivered]) == '["K1"]'
        assert len(boxes[1].refs()) == 1
        assert boxes[1].delivered == []


def test_the_script_of_the_live_checks_runs_as_it_is_printed(sandbox, tmp_path, monkeypatch):
    text = (Path(__file__).parents[2] / "docs" / "gmail-live-checks.md").read_text(encoding="utf-8")
    script = text.partition("```python\n")[2].partition("```")[0]
    token_file = tmp_path / "alice.json"
    write_token_file(token_file, sandbox.url)
    monkeypatch.setenv("TOKEN_FILE", str(token_file))
    monkeypatch.setenv("TO", BOB)
    monkeypatch.setenv("API_ENDPOINT", sandbox.url)
    names: dict[str, Any] = {}
    exec(script, names)
    assert names["look"]() == StillWaiting(is_ours=True)
    assert sandbox.office.outbound == []
    sender = names["sender"]
    assert isinstance(sender.hand_over(names["prepared"]), Accepted)
    assert isinstance(names["look"](), SeenSent)
    assert isinstance(sender.hand_over(names["prepared"]), Ambiguous)
    request = sender.traffic.client.drafts.get(userId="me", id=names["prepared"].draft_ref)
    with pytest.raises(HttpError, match="404"):
        request.execute()
    sender.close()
