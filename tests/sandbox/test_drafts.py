"""Drafts and what becomes of them, seen through Google's own client."""

from __future__ import annotations

import base64
import http.client
from datetime import timedelta
from email import message_from_bytes, policy

import httplib2
import pytest
from googleapiclient.errors import HttpError

from inboxcrm.sandbox.child import MailboxPlan, child_sandbox
from inboxcrm.sandbox.control import StandingClock
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.outgoing import BadRecipientsError, recipients, without
from inboxcrm.sandbox.post_office import SendingHabits
from inboxcrm.sandbox.server import running_sandbox
from inboxcrm.sandbox.tokens import COMPOSE, READONLY
from tests.sandbox.gmail_client import NOON, connect, letter
from tests.sandbox.test_history import kinds, start_of, walk

DROPPED = (http.client.HTTPException, OSError, httplib2.HttpLib2Error)


def ours(subject="An offer", *, to="Bob <bob@client.example>", key="K1", **headers):
    return letter(subject, sender="Alice <alice@own.example>", to=to, X_Inboxcrm_Key=key, **headers)


def body(raw, *, thread=None, draft=None):
    message = {"raw": base64.urlsafe_b64encode(raw).decode()}
    if thread:
        message["threadId"] = thread
    return {"message": message, **({"id": draft} if draft else {})}


def create(gmail, raw=None, **options):
    return gmail.drafts().create(userId="me", body=body(raw or ours(), **options)).execute()


def send(gmail, draft_id):
    return gmail.drafts().send(userId="me", body={"id": draft_id}).execute(num_retries=0)


def get(gmail, draft_id, **options):
    return gmail.drafts().get(userId="me", id=draft_id, **options).execute()


def refused(request):
    with pytest.raises(HttpError) as caught:
        request()
    return caught.value.status_code, caught.value.reason


def raw_of(box, ref):
    return message_from_bytes(box.get(ref).raw, policy=policy.default)


def listed(gmail, **options):
    found = gmail.messages().list(userId="me", **options).execute()
    return [item["id"] for item in found.get("messages", ())]


@pytest.fixture
def office(sandbox):
    return sandbox.office


@pytest.fixture
def clocked():
    box = SandboxMailbox("alice@own.example", clock=StandingClock(NOON))
    with running_sandbox(box) as running:
        service = connect(running.url, running.access_token())
        yield box, running.office, service.users()
        service.close()


def pass_(box, seconds):
    box.set_clock(StandingClock(box.now() + timedelta(seconds=seconds)))


# --- the life of a draft -------------------------------------------------------


def test_a_draft_is_a_message_with_the_label_draft(box, gmail):
    start = start_of(gmail)
    draft = create(gmail)
    assert draft["message"]["labelIds"] == ["DRAFT"]
    assert draft["id"] != draft["message"]["id"]
    assert box.get(draft["message"]["id"]).labels == {"DRAFT"}
    assert kinds(walk(gmail, start)) == ["messagesAdded"]
    found = gmail.drafts().list(userId="me").execute()
    assert [one["id"] for one in found["drafts"]] == [draft["id"]]


@pytest.mark.parametrize("form", ["full", "metadata", "minimal", "raw"])
def test_a_draft_comes_in_every_format_like_its_message(gmail, form):
    draft = create(gmail)
    message = gmail.messages().get(userId="me", id=draft["message"]["id"], format=form).execute()
    assert get(gmail, draft["id"], format=form)["message"] == message


def test_a_selection_thins_a_draft_out(gmail):
    draft = create(gmail)
    assert get(gmail, draft["id"], fields="id") == {"id": draft["id"]}
    assert get(gmail, draft["id"], fields="message/id") == {
        "message": {"id": draft["message"]["id"]}
    }


def test_an_edit_keeps_the_draft_and_replaces_its_message(box, gmail):
    draft = create(gmail)
    edited = gmail.drafts().update(userId="me", id=draft["id"], body=body(ours("Other"))).execute()
    assert edited["id"] == draft["id"]
    assert edited["message"]["id"] != draft["message"]["id"]
    assert box.get(draft["message"]["id"]) is None


def test_a_deleted_draft_is_gone_and_nobody_got_it(box, gmail, office):
    draft = create(gmail)
    gmail.drafts().delete(userId="me", id=draft["id"]).execute()
    for request in (
        lambda: get(gmail, draft["id"]),
        lambda: send(gmail, draft["id"]),
        lambda: gmail.drafts().delete(userId="me", id=draft["id"]).execute(),
    ):
        assert refused(request)[0] == 404
    assert (box.refs(), office.outbound) == ([], [])


def test_drafts_are_listed_in_pages_and_found_by_search(gmail):
    made = [create(gmail, ours(f"Offer {number}"))["id"] for number in range(5)]
    found, request = [], gmail.drafts().list(userId="me", maxResults=2)
    while request is not None:
        answer = request.execute()
        found += [one["id"] for one in answer.get("drafts", ())]
        request = gmail.drafts().list_next(request, answer)
    assert found == made[::-1]
    answer = gmail.drafts().list(userId="me", q='subject:"Offer 3"').execute()
    assert [one["id"] for one in answer["drafts"]] == [made[3]]


@pytest.mark.parametrize(
    "content",
    [{}, {"message": {}}, {"message": {"raw": ""}}, {"message": "x"}, {"message": {"raw": 7}}],
)
def test_a_draft_without_a_mail_is_refused(gmail, content):
    assert refused(lambda: gmail.drafts().create(userId="me", body=content).execute())[0] == 400


# --- sending -------------------------------------------------------------------


def test_a_sent_draft_is_gone_and_its_mail_lies_in_sent_under_a_new_id(box, gmail, office):
    draft = create(gmail)
    start = start_of(gmail)
    sent = send(gmail, draft["id"])
    assert sent["labelIds"] == ["SENT"]
    assert sent["id"] != draft["message"]["id"]
    assert refused(lambda: get(gmail, draft["id"]))[0] == 404
    assert box.refs() == [sent["id"]]
    assert kinds(walk(gmail, start)) == ["messagesAdded", "messagesDeleted"]
    (mail,) = office.outbound
    assert (mail.recipient, mail.key, mail.ref) == ("bob@client.example", "K1", sent["id"])
    assert box.delivered == [mail]


def test_a_second_send_finds_no_draft(gmail, office):
    draft = create(gmail)
    send(gmail, draft["id"])
    assert refused(lambda: send(gmail, draft["id"]))[0] == 404
    assert len(office.outbound) == 1


def test_no_two_practice_servers_of_an_address_give_out_the_same_message_id():
    given = []
    for minute in range(2):
        clock = StandingClock(NOON + timedelta(minutes=minute))
        box = SandboxMailbox("alice@own.example", clock=clock)
        with running_sandbox(box) as running:
            users = connect(running.url, running.access_token()).users()
            sent = [send(users, create(users)["id"])["id"] for _ in range(2)]
        given += [raw_of(box, ref)["Message-ID"] for ref in sent]
    assert len(set(given)) == 4


def test_the_server_writes_its_own_message_id_and_keeps_our_key_and_our_text(box, gmail):
    draft = create(gmail, ours(Message_ID="<mine@own.example>"))
    mail = raw_of(box, send(gmail, draft["id"])["id"])
    assert mail["Message-ID"].endswith("@mail.sandbox.example>")
    assert len(mail.get_all("Message-ID")) == 1
    assert mail["X-Inboxcrm-Key"] == "K1"
    assert mail.get_content().split() == ["Good", "day."]
    assert mail["Date"]


@pytest.mark.parametrize(
    ("sender", "shown"),
    [
        ("Alice <alice@own.example>", "Alice <alice@own.example>"),
        ("Sales <SALES@own.example>", "Sales <SALES@own.example>"),
        ("The boss <boss@client.example>", "Alice <alice@own.example>"),
        ("Soon <soon@own.example>", "Alice <alice@own.example>"),
        ("alice@own.example, boss@client.example", "Alice <alice@own.example>"),
    ],
)
def test_from_is_an_address_proved_to_be_ours_or_becomes_the_main_one(box, gmail, sender, shown):
    box.pending_aliases = ("soon@own.example",)
    draft = create(gmail, letter(sender=sender, to="bob@client.example"))
    assert raw_of(box, send(gmail, draft["id"])["id"])["From"] == shown


def test_an_address_waiting_for_its_proof_is_said_to_be_pending(box, gmail):
    box.pending_aliases = ("soon@own.example",)
    found = gmail.settings().sendAs().list(userId="me").execute()["sendAs"]
    assert [(one["sendAsEmail"], one.get("verificationStatus")) for one in found] == [
        ("alice@own.example", None),
        ("sales@own.example", "accepted"),
        ("soon@own.example", "pending"),
    ]


def test_everybody_named_gets_a_copy_and_nobody_reads_of_those_unseen(box, gmail, office):
    raw = ours(to="Bob <bob@client.example>, erin@client.example", Cc="dave@client.example")
    raw = b"Bcc: carol@client.example,\n bob@client.example\n" + raw
    sent = send(gmail, create(gmail, raw)["id"])
    assert [mail.recipient for mail in office.outbound] == [
        "carol@client.example",
        "bob@client.example",
        "erin@client.example",
        "dave@client.example",
    ]
    assert all(b"carol" not in mail.raw.split(b"\r\n", 1)[1].lower() for mail in office.outbound)
    assert "carol@client.example" in raw_of(box, sent["id"])["Bcc"]


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("", "Recipient address required"),
        ("bob", "Invalid To header"),
        ("bob@client.example, nobody", "Invalid To header"),
    ],
)
def test_a_mail_for_nobody_is_refused_and_its_draft_stays(gmail, office, to, words):
    draft = create(gmail, ours(to=to))
    status, reason = refused(lambda: send(gmail, draft["id"]))
    assert (status, reason) == (400, words)
    assert get(gmail, draft["id"])["id"] == draft["id"]
    assert office.outbound == []


def test_recipients_are_read_from_hostile_heads():
    raw = b'To: "Doe, Jane; <x@y.example>" <jane@client.example>,\r\n "a b"@client.example\r\n\r\n'
    assert recipients(raw) == ["jane@client.example", '"a b"@client.example']
    with pytest.raises(BadRecipientsError):
        recipients(b"Subject: To: bob@client.example\r\n\r\nTo: bob@client.example\r\n")


def test_a_field_goes_with_its_folded_lines_and_the_body_stays():
    raw = b"A: 1\r\nBcc: x,\r\n\ty\r\nB: 2\r\n\r\nBcc: in the text\r\n"
    assert without(raw, "bcc") == b"A: 1\r\nB: 2\r\n\r\nBcc: in the text\r\n"


def test_what_goes_to_another_mailbox_of_the_server_arrives_there():
    alice, bob = SandboxMailbox("alice@own.example"), SandboxMailbox("bob@client.example")
    with running_sandbox([alice, bob]) as running:
        service = connect(running.url, running.access_token("alice@own.example"))
        send(service.users(), create(service.users())["id"])
        service.close()
    (mail,) = bob.newest_first()
    assert mail.labels == {"INBOX", "UNREAD"}
    assert raw_of(bob, mail.ref)["X-Inboxcrm-Key"] == "K1"


def test_a_mail_to_oneself_lies_in_both_folders_once(box, gmail, office):
    sent = send(gmail, create(gmail, ours(to="sales@own.example"))["id"])
    assert box.refs() == [sent["id"]]
    assert box.get(sent["id"]).labels == {"SENT", "INBOX", "UNREAD"}
    assert len(office.outbound) == 1


# --- threads -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "refers", "names_thread", "joins"),
    [
        ("Re: Hello", True, True, True),
        ("Re: Hello", True, False, False),
        ("Re: Hello", False, True, False),
        ("Another matter", True, True, False),
    ],
)
def test_a_follow_up_joins_by_thread_reference_and_subject_together(
    box, gmail, subject, refers, names_thread, joins
):
    ref = box.deliver(letter(Message_ID="<1@client.example>"))
    headers = {"References": "<1@client.example>"} if refers else {}
    draft = create(gmail, ours(subject, **headers), thread=ref if names_thread else None)
    sent = send(gmail, draft["id"])
    assert (sent["threadId"] == ref) is joins
    assert sent["threadId"] == draft["message"]["threadId"]


def test_a_thread_that_does_not_exist_is_refused(gmail):
    assert refused(lambda: create(gmail, thread="00000000000000aa"))[0] == 404


# --- consent and price ---------------------------------------------------------


@pytest.mark.parametrize(("scopes", "may"), [([READONLY], False), ([READONLY, COMPOSE], True)])
def test_writing_drafts_takes_the_compose_scope(box, sandbox, scopes, may):
    service = connect(sandbox.url, sandbox.access_token(scopes=scopes))
    users = service.users()
    if may:
        send(users, create(users)["id"])
    else:
        status, reason = refused(lambda: create(users))
        assert status == 403
        assert "insufficient authentication scopes" in reason
    assert len(sandbox.office.outbound) == may
    service.close()


def test_a_draft_made_and_sent_costs_110_units(sandbox, gmail):
    send(gmail, create(gmail)["id"])
    usage = sandbox.usage()
    assert usage.units == 110
    assert usage.calls == {"drafts.create": 1, "drafts.send": 1}


# --- habits --------------------------------------------------------------------


def test_a_lost_answer_is_lost_after_the_work_was_done(gmail, office):
    """httplib2, left to itself, sends a request again whose connection ended without an answer."""
    office.habits = SendingHabits(lost_creates=(1,), lost_sends=(1,))
    draft = create(gmail)
    assert len(gmail.drafts().list(userId="me").execute()["drafts"]) == 2
    assert refused(lambda: send(gmail, draft["id"]))[0] == 404
    assert len(office.outbound) == 1
    office.habits = SendingHabits(lost_sends=(1, 2))
    with pytest.raises(DROPPED):
        send(gmail, create(gmail)["id"])
    assert len(office.outbound) == 2


def test_a_hidden_repeat_does_the_work_twice_and_answers_for_the_second(gmail, office):
    office.habits = SendingHabits(repeated_creates=(1,), repeated_sends=(1,))
    draft = create(gmail)
    assert len(gmail.drafts().list(userId="me").execute()["drafts"]) == 2
    assert refused(lambda: send(gmail, draft["id"]))[0] == 404
    assert len(office.outbound) == 1


def test_dice_are_seeded(gmail, office):
    outcomes = []
    for _ in range(2):
        office.habits = SendingHabits(repeated_rate=0.5, seed=3)
        outcomes.append([office.turn("drafts.send").times for _ in range(20)])
    assert outcomes[0] == outcomes[1]
    assert set(outcomes[0]) == {1, 2}
    assert {office.turn("drafts.get").times for _ in range(20)} == {1}


def test_a_consumed_draft_may_be_taken_again(box, gmail, office):
    office.habits = SendingHabits(accepts_consumed=True, keeps_ref=True, strips_key=True)
    draft = create(gmail)
    first, second = send(gmail, draft["id"]), send(gmail, draft["id"])
    assert first["id"] == draft["message"]["id"] != second["id"]
    assert [mail.key for mail in office.outbound] == ["K1", "K1"]
    assert b"X-Inboxcrm-Key" not in box.get(first["id"]).raw + office.outbound[0].raw


def test_a_kept_id_is_told_as_moved_labels(gmail, office):
    office.habits = SendingHabits(keeps_ref=True, keeps_message_id=True)
    draft = create(gmail, ours(Message_ID="<mine@own.example>"))
    start = start_of(gmail)
    sent = send(gmail, draft["id"])
    assert (sent["id"], sent["labelIds"]) == (draft["message"]["id"], ["SENT"])
    assert kinds(walk(gmail, start)) == ["labelsAdded", "labelsRemoved"]
    found = gmail.messages().get(userId="me", id=sent["id"], format="metadata").execute()
    headers = {one["name"]: one["value"] for one in found["payload"]["headers"]}
    assert headers["Message-ID"] == "<mine@own.example>"
    assert refused(lambda: get(gmail, draft["id"]))[0] == 404


@pytest.mark.parametrize("keeps_ref", [True, False])
def test_a_lingering_draft_is_there_for_a_while_and_cannot_be_sent_again(clocked, keeps_ref):
    box, office, gmail = clocked
    office.habits = SendingHabits(lingering_seconds=60, keeps_ref=keeps_ref)
    draft = create(gmail)
    send(gmail, draft["id"])
    pass_(box, 59)
    assert get(gmail, draft["id"])["message"]["id"] == draft["message"]["id"]
    assert refused(lambda: send(gmail, draft["id"]))[0] == 404
    pass_(box, 1)
    assert refused(lambda: get(gmail, draft["id"]))[0] == 404
    assert len(box.refs()) == 1
    assert len(office.outbound) == 1


@pytest.mark.parametrize("keeps_ref", [True, False])
def test_slow_history_tells_nothing_of_the_sent_mail_nor_of_what_came_after(clocked, keeps_ref):
    box, office, gmail = clocked
    office.habits = SendingHabits(slow_history_seconds=30, keeps_ref=keeps_ref)
    draft = create(gmail)
    start = start_of(gmail)
    sent = send(gmail, draft["id"])
    box.deliver(letter())
    assert walk(gmail, start) == []
    assert start_of(gmail) == start, "a cursor taken now must not skip what is still hidden"
    pass_(box, 30)
    told = walk(gmail, start)
    assert kinds(told)[0] == ("labelsAdded" if keeps_ref else "messagesAdded")
    assert told[0]["messages"][0]["id"] == sent["id"]
    assert kinds(told)[-1] == "messagesAdded"
    assert int(start_of(gmail)) == int(told[-1]["id"])


@pytest.mark.parametrize("keeps_ref", [True, False])
def test_slow_search_lists_the_sent_mail_later_and_can_be_asked_for_it_at_once(clocked, keeps_ref):
    box, office, gmail = clocked
    office.habits = SendingHabits(slow_search_seconds=30, keeps_ref=keeps_ref)
    sent = send(gmail, create(gmail)["id"])["id"]
    assert listed(gmail) == listed(gmail, q="in:sent") == []
    assert gmail.messages().get(userId="me", id=sent).execute()["labelIds"] == ["SENT"]
    pass_(box, 30)
    assert listed(gmail) == listed(gmail, q="in:sent to:bob@client.example") == [sent]


def test_whoever_asks_is_told_of_every_delivery(gmail, office):
    told = []
    office.on_delivery = told.append
    send(gmail, create(gmail)["id"])
    assert told == office.outbound


def test_a_server_in_a_child_sends_as_its_levers_say():
    with child_sandbox([MailboxPlan("alice@own.example", NOON)]) as child:
        service = connect(child.url, child.pull("grant")["access_token"])
        gmail = service.users()
        child.pull("clock", at_ms=int(NOON.timestamp() * 1000))
        child.pull("aliases", verified=["sales@own.example"], pending=["soon@own.example"])
        assert len(gmail.settings().sendAs().list(userId="me").execute()["sendAs"]) == 3
        child.pull("sending", accepts_consumed=True, repeated_sends=[2])
        draft = create(gmail)
        assert child.pull("drafts")["drafts"] == {draft["id"]: draft["message"]["id"]}
        child.pull("edit-draft", id=draft["id"], raw=ours("Edited", key="K2"))
        send(gmail, draft["id"])
        send(gmail, draft["id"])
        mails = child.pull("delivered")["mails"]
        assert [(mail["key"], mail["subject"]) for mail in mails] == [("K2", "Edited")] * 3
        assert child.pull("delivered", address="alice@own.example")["mails"] == mails
        assert mails[0]["at_ms"] == int(NOON.timestamp() * 1000)
        with pytest.raises(ValueError, match="unexpected keyword"):
            child.pull("sending", no_such_habit=True)
        service.close()
