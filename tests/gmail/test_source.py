"""The source against the practice server: what it asks, what it pays, and how it bears faults."""

from __future__ import annotations

import pytest
from google.oauth2.credentials import Credentials

from inboxcrm.errors import CursorExpired, Denied, Gone, Offline, Reauth, Throttled
from inboxcrm.gmail.source import GmailSource
from inboxcrm.gmail.traffic import Traffic
from inboxcrm.ports import ChangeKind, Fetched, Missing, Postponed, Wanted

from .conftest import Gmail, mail


def singles(refs):
    return [Wanted((ref,)) for ref in refs]


def fetched(outcomes):
    return {outcome.ref for outcome in outcomes if isinstance(outcome, Fetched)}


# --- where the mailbox stands ----------------------------------------------------


def test_the_anchor_tells_address_labels_total_and_history(mailbox, source):
    mailbox.deliver(mail(1), labels=["INBOX", "Customers"])
    anchor = source.anchor()
    assert (anchor.address, anchor.message_total) == ("alice@seller.example", 1)
    assert "Customers" in {name for _, name in anchor.labels}
    assert source.changes(cursor=anchor.cursor, token=None).changes == ()
    assert source.spending().units == 1 + 1 + 1 + 2


def test_aliases_that_may_not_be_asked_for_are_no_error(sandbox, source):
    sandbox.faults.fail_next(403, "insufficientPermissions", path="sendAs")
    assert source.anchor().aliases == ()


def test_a_listing_holds_spam_and_trash_and_pages(mailbox, source):
    refs = {mailbox.deliver(mail(n)) for n in range(1, 600)}
    refs.add(mailbox.deliver(mail(600), labels=["SPAM"]))
    refs.add(mailbox.deliver(mail(601), labels=["TRASH"]))
    first = source.list_page(label=None, token=None)
    second = source.list_page(label=None, token=first.next_token)
    assert (len(first.items), second.next_token) == (500, None)
    assert {item.ref for page in (first, second) for item in page.items} == refs
    assert source.spending().units == 10


def test_one_label_is_listed_alone(mailbox, source):
    mailbox.deliver(mail(1))
    spam = mailbox.deliver(mail(2), labels=["SPAM"])
    assert [item.ref for item in source.list_page(label="SPAM", token=None).items] == [spam]


def test_a_refused_page_token_starts_the_walk_again(mailbox, source):
    mailbox.deliver(mail(1))
    assert len(source.list_page(label=None, token="nonsense").items) == 1


def test_a_server_that_refuses_every_page_token_is_not_asked_for_ever(mailbox, source):
    for _ in range(3):
        source.list_page(label=None, token="nonsense")
    with pytest.raises(Denied):
        source.list_page(label=None, token="nonsense")


def test_history_tells_all_four_kinds_in_order(mailbox, source):
    old = mailbox.deliver(mail(1))
    cursor = source.anchor().cursor
    new = mailbox.deliver(mail(2))
    mailbox.modify(old, add=["STARRED"])
    mailbox.modify(old, remove=["INBOX"])
    mailbox.delete(new)
    page = source.changes(cursor=cursor, token=None)
    assert [(change.kind, change.ref) for change in page.changes] == [
        (ChangeKind.ADDED, new),
        (ChangeKind.LABELS_ON, old),
        (ChangeKind.LABELS_OFF, old),
        (ChangeKind.REMOVED, new),
    ]
    assert int(page.cursor) > int(cursor)
    assert source.changes(cursor=page.cursor, token=None).changes == ()


def test_a_forgotten_history_is_an_expired_cursor(mailbox, source):
    mailbox.deliver(mail(1))
    cursor = source.anchor().cursor
    mailbox.deliver(mail(2))
    mailbox.expire_history()
    with pytest.raises(CursorExpired):
        source.changes(cursor=cursor, token=None)


def test_a_cursor_that_is_no_number_has_expired(source):
    with pytest.raises(CursorExpired):
        source.changes(cursor="12 or 1=1", token=None)


# --- messages ---------------------------------------------------------------------


def test_messages_come_in_batches_of_ten_for_twenty_units_each(mailbox, sandbox, source):
    refs = [mailbox.deliver(mail(n)) for n in range(1, 26)]
    outcomes = source.fetch(singles(refs))
    assert fetched(outcomes) == set(refs)
    assert {outcome.message.subject for outcome in outcomes} == {f"Offer {n}" for n in range(1, 26)}
    assert source.spending().units == sandbox.usage().units == 500
    assert sandbox.usage().requests == 3


def test_a_deleted_message_is_missing_and_its_neighbours_are_not(mailbox, source):
    refs = [mailbox.deliver(mail(n)) for n in range(1, 4)]
    mailbox.delete(refs[1])
    outcomes = {outcome.ref: outcome for outcome in source.fetch(singles(refs))}
    assert outcomes[refs[1]] == Missing(refs[1])
    assert fetched(outcomes.values()) == {refs[0], refs[2]}


def test_a_whole_thread_costs_forty_units_and_leaves_out_what_is_not_wanted(mailbox, source):
    first = mailbox.deliver(mail(1, subject="Quote"))
    thread = mailbox.get(first).thread_ref
    rest = [mailbox.deliver(mail(n, subject="Re: Quote"), thread_ref=thread) for n in range(2, 6)]
    outcomes = source.fetch([Wanted((first, *rest[:3]), thread, whole_thread=True)])
    assert fetched(outcomes) == {first, *rest[:3]}
    assert source.spending().units == 40


def test_a_member_missing_from_its_thread_is_asked_for_alone(mailbox, source):
    first = mailbox.deliver(mail(1, subject="Quote"))
    stranger = mailbox.deliver(mail(2, subject="Another"))
    gone = mailbox.deliver(mail(3, subject="Gone"))
    mailbox.delete(gone)
    thread = mailbox.get(first).thread_ref
    outcomes = source.fetch([Wanted((first, stranger, gone), thread, whole_thread=True)])
    assert fetched(outcomes) == {first, stranger}
    assert Missing(gone) in outcomes
    assert source.spending().units == 40 + 20 + 20


def test_nothing_wanted_costs_nothing(source):
    assert source.fetch([]) == []
    assert source.spending().requests == 0


def test_an_id_with_strange_signs_reaches_the_server_as_one_id(source):
    (outcome,) = source.fetch([Wanted(("a/b?c d#é\r\nX: y",))])
    assert outcome.ref == "a/b?c d#é\r\nX: y"
    assert not isinstance(outcome, Fetched)


# --- faults ------------------------------------------------------------------------


def test_one_failing_part_is_postponed_and_the_others_arrive(mailbox, sandbox, source):
    refs = [mailbox.deliver(mail(n)) for n in range(1, 6)]
    sandbox.faults.fail_next_part(500, path=refs[2])
    outcomes = source.fetch(singles(refs))
    assert fetched(outcomes) == set(refs) - {refs[2]}
    assert [outcome.ref for outcome in outcomes if isinstance(outcome, Postponed)] == [refs[2]]


def test_a_throttled_part_halves_the_batches_and_pauses(mailbox, sandbox, source, time):
    refs = [mailbox.deliver(mail(n)) for n in range(1, 21)]
    sandbox.faults.fail_next_part(429, text="Too many concurrent requests for user")
    source.fetch(singles(refs))
    assert source.capabilities.batch_size == 5
    assert sum(time.slept) == pytest.approx(1.5, abs=0.1)


def test_a_throttled_batch_is_sent_again_in_halves_after_the_servers_pause(
    mailbox, sandbox, source, time
):
    refs = [mailbox.deliver(mail(n)) for n in range(1, 11)]
    sandbox.faults.fail_next(429, path="/batch", retry_after=12)
    assert fetched(source.fetch(singles(refs))) == set(refs)
    assert sum(time.slept) == pytest.approx(12, abs=0.1)
    assert sandbox.usage().requests == 2


def test_a_long_pause_is_the_callers_and_outlives_a_restart(
    mailbox, sandbox, open_source, time, book
):
    refs = [mailbox.deliver(mail(1))]
    source = open_source()
    sandbox.faults.fail_next(429, path="/batch", retry_after=300)
    with pytest.raises(Throttled) as caught:
        source.fetch(singles(refs))
    assert caught.value.after_seconds == pytest.approx(300, abs=1)
    assert time.slept == []
    again = open_source()
    with pytest.raises(Throttled):
        again.anchor()
    time.now += 301
    assert fetched(again.fetch(singles(refs))) == set(refs)


def test_what_was_paid_for_is_kept_when_the_mailbox_is_throttled_half_way(mailbox, sandbox, source):
    refs = [mailbox.deliver(mail(n)) for n in range(1, 31)]
    sandbox.script.append(
        (2, lambda: sandbox.faults.fail_next(429, path="/batch", retry_after=600))
    )
    outcomes = source.fetch(singles(refs))
    assert fetched(outcomes) == set(refs[:10])
    waiting = [outcome for outcome in outcomes if isinstance(outcome, Postponed)]
    assert {outcome.ref for outcome in waiting} == set(refs[10:])
    assert all(outcome.after_seconds > 500 for outcome in waiting)


@pytest.mark.parametrize("is_wellformed", [True, False])
def test_the_parts_a_cut_answer_lacks_are_postponed(mailbox, sandbox, source, is_wellformed):
    refs = [mailbox.deliver(mail(n)) for n in range(1, 6)]
    sandbox.faults.truncate_next_batch(keep_parts=2, is_wellformed=is_wellformed)
    outcomes = source.fetch(singles(refs))
    assert fetched(outcomes) == set(refs[:2])
    assert {o.ref for o in outcomes if isinstance(o, Postponed)} == set(refs[2:])


@pytest.mark.parametrize("after_work", [True, False])
def test_a_line_that_drops_once_is_not_noticed(mailbox, sandbox, source, after_work):
    refs = [mailbox.deliver(mail(n)) for n in range(1, 6)]
    sandbox.faults.drop_next(after_work=after_work)
    assert fetched(source.fetch(singles(refs))) == set(refs)


def test_every_request_sent_is_counted_none_is_repeated_behind_our_back(mailbox, sandbox, source):
    source.anchor()
    before = source.spending().requests
    seen = []
    sandbox.on_request(lambda number, method, path: seen.append(path))
    sandbox.faults.drop_next(count=2)
    source.list_page(label=None, token=None)
    assert len(seen) == source.spending().requests - before == 3


def test_a_mail_that_breaks_every_answer_is_found_in_smaller_batches(mailbox, sandbox, source):
    refs = [mailbox.deliver(mail(n)) for n in range(1, 11)]
    sandbox.faults.shorten_next(count=2, path="/batch")
    outcomes = source.fetch(singles(refs))
    assert all(isinstance(outcome, Postponed) for outcome in outcomes)
    assert source.capabilities.batch_size == 5
    assert fetched(source.fetch(singles(refs))) == set(refs)


def test_a_line_that_stays_broken_is_offline_after_a_few_tries(mailbox, sandbox, source):
    refs = [mailbox.deliver(mail(n)) for n in range(1, 11)]
    sandbox.faults.shorten_next(count=1000)
    for _ in range(2):
        assert all(isinstance(outcome, Postponed) for outcome in source.fetch(singles(refs[:1])))
    with pytest.raises(Offline):
        source.fetch(singles(refs[:1]))


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_passing_fault_of_the_server_is_sat_out(sandbox, source, status, time):
    sandbox.faults.fail_next(status, count=3)
    assert source.anchor().address == "alice@seller.example"
    assert len([pause for pause in time.slept if pause >= 1]) == 3


def test_a_lasting_fault_of_the_server_is_offline(sandbox, source):
    sandbox.faults.fail_next(503, count=50)
    with pytest.raises(Offline):
        source.anchor()
    assert sandbox.request_number == 4


def test_a_rate_limit_on_a_listing_is_obeyed_and_passes(mailbox, sandbox, source, time):
    mailbox.deliver(mail(1))
    sandbox.faults.fail_next(403, "rateLimitExceeded", retry_after=5)
    assert len(source.list_page(label=None, token=None).items) == 1
    assert sum(time.slept) == pytest.approx(5, abs=0.1)


def test_a_server_that_is_not_there_is_offline_with_its_name(book, time):
    source = GmailSource(
        Traffic(
            Credentials(token="ya29.x"),
            gmail=Gmail("http://127.0.0.1:9"),
            bucket=book,
            sleep=time.sleep,
            monotonic=time.read,
        )
    )
    with pytest.raises(Offline) as caught:
        source.fetch([Wanted(("a",))])
    assert "127.0.0.1:9" in caught.value.message


def test_what_answers_in_gmails_place_is_not_taken_for_gmail(sandbox, source):
    sandbox.faults.fail_next(302)
    with pytest.raises(Offline) as caught:
        source.traffic.client.execute(source.traffic.client.users.getProfile(userId="me"))
    assert "hotel" in caught.value.remedy


# --- sign-in ------------------------------------------------------------------------


def test_an_access_token_that_ran_out_is_renewed_once(mailbox, sandbox, source):
    refs = [mailbox.deliver(mail(n)) for n in range(1, 4)]
    source.anchor()
    sandbox.tokens.expire_access()
    assert fetched(source.fetch(singles(refs))) == set(refs)


def test_a_401_inside_a_batch_is_answered_with_a_new_token(mailbox, sandbox, source):
    refs = [mailbox.deliver(mail(n)) for n in range(1, 6)]
    source.anchor()
    before = source.spending()
    sandbox.faults.fail_next_part(401, path=refs[1])
    assert fetched(source.fetch(singles(refs))) == set(refs)
    after = source.spending()
    assert after.requests - before.requests == 3  # the batch, the new token, the one part again
    assert after.units - before.units == 6 * 20


def test_a_401_that_stays_means_reconnect(mailbox, sandbox, source):
    refs = [mailbox.deliver(mail(n)) for n in range(1, 3)]
    sandbox.faults.fail_next_part(401, count=9)
    with pytest.raises(Reauth):
        source.fetch(singles(refs))


def test_a_revoked_consent_says_how_to_reconnect(sandbox, source):
    source.anchor()
    sandbox.tokens.revoke()
    with pytest.raises(Reauth) as caught:
        source.anchor()
    assert "inboxcrm connect gmail --mailbox alice" in caught.value.remedy
    assert "Testing" in caught.value.message


def test_consent_to_something_else_means_reconnect(sandbox, open_source):
    source = open_source(scopes=["https://www.googleapis.com/auth/gmail.labels"])
    with pytest.raises(Reauth) as caught:
        source.anchor()
    assert "box" in caught.value.remedy


# --- quota ----------------------------------------------------------------------------


def test_a_first_sync_keeps_within_the_allowance_by_waiting(mailbox, open_source, time):
    refs = [mailbox.deliver(mail(n)) for n in range(1, 101)]
    source = open_source(price_table="gmail-2026-05")
    assert fetched(source.fetch(singles(refs))) == set(refs)
    assert source.spending().units == 2000
    assert sum(time.slept) == pytest.approx((2000 - 600) / 80, abs=0.5)


def test_an_empty_bucket_is_still_empty_after_a_restart(mailbox, open_source, time):
    refs = [mailbox.deliver(mail(n)) for n in range(1, 31)]
    first = open_source(price_table="gmail-2026-05")
    first.fetch(singles(refs))
    first.close()
    slept = sum(time.slept)
    open_source(price_table="gmail-2026-05").fetch(singles(refs[:10]))
    assert sum(time.slept) - slept == pytest.approx(200 / 80, abs=0.1)


def test_a_tiny_allowance_sends_tiny_batches(mailbox, sandbox, open_source):
    refs = [mailbox.deliver(mail(n)) for n in range(1, 4)]
    source = open_source(units_per_minute=200, patience_seconds=3600)
    assert fetched(source.fetch(singles(refs))) == set(refs)
    assert sandbox.usage().requests == 3


def test_a_thread_pays_from_three_messages_on(source):
    assert source.capabilities.thread_pays_from == 3


# --- attachments -------------------------------------------------------------------------


def test_an_attachment_is_brought_as_it_was_sent(mailbox, source):
    content = bytes(range(256)) * 200
    ref = mailbox.deliver(with_attachment(content))
    assert source.attachment(ref=ref, part="1") == content
    assert source.spending().units == 40


def test_an_attachment_that_is_not_there_is_gone(mailbox, source):
    ref = mailbox.deliver(mail(1))
    with pytest.raises(Gone):
        source.attachment(ref=ref, part="7")
    with pytest.raises(Gone):
        source.attachment(ref="190000000000ffff", part="1")


def with_attachment(content: bytes) -> bytes:
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"] = "Bob <bob@customer.example>"
    message["To"] = "alice@seller.example"
    message["Subject"] = "Drawing"
    message.set_content("See the drawing.")
    message.add_attachment(content, maintype="application", subtype="pdf", filename="drawing.pdf")
    return message.as_bytes()


def test_a_source_is_what_the_port_asks_for(source):
    from inboxcrm.ports import MailSource

    port: MailSource = source
    assert isinstance(port, GmailSource)
