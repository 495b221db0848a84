"""A test sent to oneself: by the road of a real mail, once at most, to nobody else, and counted by nothing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from email import message_from_bytes

import pytest
from sqlalchemy import func, select, update

from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.cadence.attachments import OutgoingFile
from inboxcrm.cadence.unsubscribe import INERT
from inboxcrm.errors import (
    BusyMailboxError,
    ForbiddenError,
    NotFoundError,
    ProviderError,
    RefusedError,
    UsageError,
)
from inboxcrm.mail.mime import parse
from inboxcrm.services.explaining import outbox_list
from inboxcrm.services.own_tests import Post as Road
from inboxcrm.services.own_tests import own_tests, send_test
from inboxcrm.services.rendering import sender_of
from inboxcrm.services.sending import send_due
from inboxcrm.services.templates import preview, save_template, template_named
from inboxcrm.store.mailboxes import mailbox_named
from inboxcrm.store.tables import activity, lead, mailbox, outbox, send_ledger, test_mail
from tests.sending.office import ALICE, Office
from tests.sending.post import Habits, PostSender
from tests.sync.killing import Fuse
from tests.sync.world import Killed

OWN = "alice@seller.example"


def tried(office: Office, request="r1", *, spark=lambda: None, viewer=ALICE, runner=None, **given):
    road = Road(lambda _: PostSender(office.post, spark), runner or office.runner)
    return send_test(
        office.desk, viewer, road,
        **{"template": "hello", "lead_id": bob(office), "mailbox": "alice", "request": request, **given},
    )  # fmt: skip


def bob(office: Office) -> str:
    with office.desk.database.read() as tx:
        number = tx.scalar(select(lead.c.id).where(lead.c.name == "Bob Tanaka"))
    return office.desk.ids.seal("lead", number)


def counted(office: Office, table) -> int:
    with office.desk.database.read() as tx:
        return tx.scalar(select(func.count()).select_from(table))


def test_it_goes_to_the_mailbox_itself_with_the_words_of_the_lead(new_office):
    office = new_office()
    before = {one: counted(office, one) for one in (outbox, send_ledger, activity)}
    done = tried(office)
    assert (done.went, done.to, done.subject, done.lead) == (True, OWN, "A word, Bob", "Bob Tanaka")
    assert office.post.deliveries() == {OWN: 1}
    [sent] = office.post.sent
    read = parse(sent.mime)
    assert (read.subject, read.text) == ("A word, Bob", "Good day Bob,\n\nyours, Alice")
    assert [one.key for one in read.participants if one.role == "to"] == [OWN]
    assert {one: counted(office, one) for one in before} == before


def test_the_bytes_are_those_of_a_real_mail_but_for_where_it_goes(new_office):
    office = new_office()
    pdf = OutgoingFile("a.pdf", b"%PDF")
    save_template(
        office.desk, ALICE, name="hello", subject="For {{ name }}", text="To {{ address }}", html="<p>{{ name }}</p>",
        files=[pdf],
    )  # fmt: skip
    with office.desk.database.read() as tx:
        sender = sender_of(tx, mailbox_named(tx, "alice"))
    shown = message_from_bytes(
        preview(office.desk, ALICE, "hello", bob(office), sender=sender).mime
    )
    tried(office)
    sent = message_from_bytes(office.post.sent[0].mime)
    differ = {"To", "Message-ID", "X-Inboxcrm-Key", "Content-Type"}
    assert shown.keys() == sent.keys()
    assert {name for name in sent if shown[name] != sent[name]} == differ
    for one, other in zip(shown.walk(), sent.walk(), strict=True):
        assert one.get_content_type() == other.get_content_type()
        assert one.is_multipart() or one.get_payload() == other.get_payload()
    assert "To bob@bobs-firm.example" in sent.as_string()


def test_its_way_to_say_no_more_does_nothing(new_office):
    office = new_office()
    tried(office)
    sent = message_from_bytes(office.post.sent[0].mime)
    assert INERT in sent["List-Unsubscribe"]
    with office.desk.database.read() as tx:
        assert sent["X-Inboxcrm-Key"] not in set(tx.execute(select(outbox.c.key)).scalars())


def test_asked_twice_it_goes_once(new_office):
    office = new_office()
    first = tried(office)
    assert tried(office) == first
    assert len(office.post.sent) == 1
    tried(office, "r2")
    assert len(office.post.sent) == 2


def test_the_real_mails_go_as_if_there_were_no_tests(new_office):
    office = new_office()
    tried(office)
    while office.open_mails():
        office.send()
        office.bench.clock.wait(60)
        office.read_mail()
        office.bring_back()
    reached = office.post.deliveries()
    assert reached.pop(OWN) == 1
    assert set(reached.values()) == {1}
    assert office.wrong() == []
    assert all(one.to != OWN for one in outbox_list(office.desk, ALICE, states=()))


def test_wherever_it_dies_it_goes_at_most_once_and_is_never_repeated(new_office):
    office = new_office()
    fuse = Fuse(None)
    office.bench.database.fuse = fuse
    tried(office, "count", spark=fuse.spark)
    sparks, ends = fuse.count, set()
    assert sparks > 6
    for blow_at in range(1, sparks + 1):
        fuse = Fuse(blow_at)
        office.bench.database.fuse = fuse
        before = len(office.post.sent)
        request = f"r{blow_at}"
        with suppress(Killed):
            tried(office, request, spark=fuse.spark)
        office.bench.database.fuse = Fuse(armed=False)
        after_crash = len(office.post.sent) - before
        again = tried(office, request)
        went = len(office.post.sent) - before
        assert went <= 1, blow_at
        assert again.went in (None, bool(went)), blow_at
        ends.add((again.state, after_crash, went))
    # Lost before, not known after, and seen through: all three have happened.
    assert {state for state, _, _ in ends} >= {"sent", "sending", "claimed"}
    tried(office, "after")
    with office.desk.database.read() as tx:
        states = set(tx.execute(select(test_mail.c.state)).scalars())
    assert states == {"sent", "lost", "unknown"}
    assert all(one.sent_at is not None for one in office.post.drafts.values())


@pytest.mark.parametrize(
    ("habits", "state", "went"),
    [
        (Habits(lost_done=1.0), "unknown", None),
        (Habits(lost_undone=1.0), "unknown", None),
        (Habits(refused=1.0), "failed", False),
    ],
)
def test_an_answer_that_is_no_yes_is_told_and_not_tried_again(new_office, habits, state, went):
    office = new_office(habits)
    done = tried(office)
    assert (done.state, done.went) == (state, went)
    assert tried(office) == done
    assert len(office.post.sent) <= 1
    if state == "failed":
        assert office.post.drafts == {}


def test_where_no_draft_can_be_made_it_is_told(new_office):
    office = new_office(Habits(lost_drafts=1.0))
    with pytest.raises(ProviderError):
        tried(office)
    assert tried(office).went is False
    assert office.post.sent == []


def test_without_the_right_to_send_it_says_how_it_is_granted(new_office):
    office = new_office()
    with office.desk.database.write() as tx:
        tx.execute(update(mailbox).values(scopes="[]"))
    with pytest.raises(RefusedError) as refused:
        tried(office)
    assert "inboxcrm connect gmail --mailbox alice --sending" in refused.value.remedy
    with office.desk.database.write() as tx:
        tx.execute(update(mailbox).values(made_in="browser"))
    with pytest.raises(RefusedError) as refused:
        tried(office)
    assert "Allow sending" in refused.value.remedy
    assert office.post.sent == []


def test_what_cannot_be_is_refused_before_anything_leaves(new_office):
    office = new_office()
    stranger = Viewer(account_id=2, role=AccountRole.REP, mailbox_ids=frozenset())
    for given, error in (
        ({"viewer": stranger}, ForbiddenError),
        ({"mailbox": "nothing"}, ForbiddenError),
        ({"template": "nothing"}, NotFoundError),
        ({"lead_id": "aaaaaaaaaaaaa"}, NotFoundError),
        ({"request": ""}, UsageError),
    ):
        with pytest.raises(error):
            tried(office, **given)
    save_template(office.desk, ALICE, name="hello", subject="x", text="{{ phone }}")
    with pytest.raises(RefusedError) as refused:
        tried(office, "r9")
    assert "phone is blank" in refused.value.message
    assert office.post.made == 0


def test_while_somebody_sends_from_the_mailbox_it_waits_its_turn(new_office):
    office = new_office()
    busy: list[str] = []
    patient = replace(office.runner(), is_dead=lambda _: False)

    def meanwhile() -> None:
        if not busy:
            with pytest.raises(BusyMailboxError):
                tried(office, runner=lambda: patient)
            busy.append("busy")

    sender = PostSender(office.post, before_hand_over=meanwhile)
    send_due(office.desk, sender, "alice", runner=office.runner())
    assert busy == ["busy"]
    assert OWN not in office.post.deliveries()


def test_what_was_sent_is_shown_to_who_reads_the_mailbox(new_office):
    office = new_office()
    tried(office)
    with office.desk.database.read() as tx:
        number = template_named(tx, "hello").template_id
    sealed = office.desk.ids.seal("template", number)
    [one] = own_tests(office.desk, ALICE, sealed)
    assert (one.to, one.version, one.said) == (OWN, 1, "It was sent.")
    assert own_tests(office.desk, Viewer(2, mailbox_ids=frozenset()), sealed) == ()
