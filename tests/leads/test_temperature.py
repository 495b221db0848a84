from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from inboxcrm.leads.asking import asked_for
from inboxcrm.leads.temperature import MailFact, temperature

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def told(mails=(), *, last_in=None, last_out=None, **more):
    inbound = [mail.at for mail in mails if mail.is_inbound]
    outbound = [mail.at for mail in mails if not mail.is_inbound]
    return temperature(
        NOW,
        last_in_at=last_in or max(inbound, default=None),
        last_out_at=last_out or max(outbound, default=None),
        mails=mails,
        name="Bob",
        **more,
    )


def test_who_never_wrote_is_cold():
    assert told() == ("cold", "No mail yet")
    assert told([MailFact(ago(1), is_inbound=False)]) == ("cold", "Bob has not answered yet")


def test_bob_goes_cold_after_120_days_of_silence():
    assert told([MailFact(ago(119), is_inbound=True)])[0] == "warm"
    assert told([MailFact(ago(120), is_inbound=True)]) == (
        "cold",
        "Bob has been silent for 120 days",
    )


def test_our_own_follow_ups_do_not_warm_bob():
    mails = [MailFact(ago(1), is_inbound=False), MailFact(ago(130), is_inbound=True)]
    assert told(mails)[0] == "cold"


def test_settings_may_say_another_length_of_silence():
    assert told([MailFact(ago(40), is_inbound=True)], cold_after_days=30)[0] == "cold"


def test_asking_for_a_price_makes_hot():
    mails = [MailFact(ago(17), is_inbound=True, snippet="How much is it for 40 people?")]
    assert told(mails) == ("hot", "Bob asked for a price on 3 May")


def test_an_old_question_for_a_demo_has_cooled():
    mails = [MailFact(ago(31), is_inbound=True, snippet="Could you show us a demo?")]
    assert told(mails)[0] == "warm"


def test_our_own_price_is_no_question_of_theirs():
    mails = [
        MailFact(ago(1), is_inbound=False, snippet="The price is 100."),
        MailFact(ago(2), is_inbound=True, snippet="Hello."),
    ]
    assert told(mails)[0] == "warm"


def test_several_exchanges_in_two_weeks_make_hot():
    mails = [MailFact(ago(day), is_inbound=bool(day % 2)) for day in (1, 2, 3, 4)]
    assert told(mails) == ("hot", "2 mails from Bob and 2 of ours in two weeks")


def test_one_exchange_is_warm():
    mails = [MailFact(ago(1), is_inbound=False), MailFact(ago(2), is_inbound=True)]
    assert told(mails) == ("warm", "Bob last wrote 2 days ago")


def test_exchanges_of_last_month_are_over():
    mails = [MailFact(ago(day), is_inbound=bool(day % 2)) for day in (15, 16, 17, 18)]
    assert told(mails)[0] == "warm"


@pytest.mark.parametrize(
    ("subject", "text", "what"),
    [
        ("Your product", "Could we get a demo next week?", "a demo"),
        ("Pricing", "Hello there", "a price"),
        ("Anfrage", "Bitte senden Sie uns ein Angebot.", "a price"),
        ("Demande", "Pourriez-vous m'envoyer un devis ?", "a price"),
        ("Consulta", "¿Cuánto cuesta para 20 personas?", "a price"),
        ("問い合わせ", "お見積をお願いします", "a price"),
        ("Вопрос", "Сколько стоит ваша программа?", "a price"),
        ("Demo", "We are not interested in a demo.", ""),
        ("Re: Our new prices", "Thank you, see you on Monday.", ""),
        ("Lunch", "Shall we democratise lunch?", ""),
        ("", "", ""),
    ],
)
def test_what_a_mail_asks_for(subject, text, what):
    assert asked_for(subject, text) == what
