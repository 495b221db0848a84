from __future__ import annotations

import pytest
from sqlalchemy import delete, select, update

from inboxcrm.access.viewer import Viewer
from inboxcrm.mail.terms import searchable
from inboxcrm.store.search import (
    forget_leads,
    forget_messages,
    index_messages,
    merge_index,
    search_leads,
    search_messages,
)
from inboxcrm.store.tables import lead, message_copy

ALICE = Viewer(account_id=1)

MAIL = {
    "english": (
        "Re: Offer for 12 licences",
        "Bob Jones <bob.jones@acme.example>",
        "Dear Alice, send the quote (PDF).",
    ),
    "german": (
        "Angebot für Müller",
        "Jürgen Groß <j.gross@muenchen.example>",
        "Grüße aus der Straße",
    ),
    "french": (
        "Réunion déjà prévue",
        "Élodie <elodie@paris.example>",
        "L'été à Nîmes, cœur de l'équipe",
    ),
    "polish": ("Łódź", "Michał <michal@lodz.example>", "Zażółć gęślą jaźń"),
    "chinese": ("询价单", "王小明 <wang@beijing.example>", "我们在北京市朝阳区，请报价。火山"),
    "japanese": (
        "お見積りのお願い",
        "山田太郎 <yamada@tokyo.example>",
        "東京都のカード会社です。ﾊﾝｶｸ",
    ),
    "korean": ("견적 요청", "김철수 <kim@seoul.example>", "서울에서 만나요"),
    "russian": ("Запрос цены", "Иван Ёлкин <ivan@moskva.example>", "Здравствуйте, пришлите счёт"),
    "arabic": (
        "طلب عرض",
        "أحمد <ahmad@cairo.example>",
        "مَرحَبًا، أرجو إرسال عـرض الأسعار إلى المدرسة",
    ),
    "thai": ("ขอใบเสนอราคา", "สมชาย <somchai@bangkok.example>", "ขอบคุณมากครับ"),
    "greek": ("Προσφορά", "Νίκος <nikos@athens.example>", "Καλημέρα από την Αθήνα"),
    "hindi": ("मूल्य", "राम <ram@delhi.example>", "नमस्ते हिन्दी"),
}

HITS = [
    ("offer", {"english"}),
    ("OFFER quote", {"english"}),
    ("offer missing", set()),
    ("lic", {"english"}),
    ("lic offer", set()),
    ("12 licences", {"english"}),
    ("bob.jones@acme.example", {"english"}),
    ("jones@acme", {"english"}),
    ("acme.exa", {"english"}),
    ("@acme.example", {"english"}),
    ("quote (PDF)", {"english"}),
    ("muller", {"german"}),
    ("MÜLLER", {"german"}),
    ("gross strasse", {"german"}),
    ("grüsse Groß", {"german"}),
    ("reunion deja", {"french"}),
    ("ete nimes", {"french"}),
    ("coeur", {"french"}),
    ("lodz", {"polish"}),
    ("zazolc gesla jazn", {"polish"}),
    ("Łódź Michał", {"polish"}),
    ("北京", {"chinese"}),
    ("朝阳区 询价", {"chinese"}),
    ("王小明", {"chinese"}),
    ("山", {"chinese", "japanese"}),
    ("火", {"chinese"}),
    ("上海", set()),
    ("東京", {"japanese"}),
    ("山田", {"japanese"}),
    ("見積り", {"japanese"}),
    ("カード", {"japanese"}),
    ("ｶｰﾄﾞ ハンカク", {"japanese"}),
    ("서울", {"korean"}),
    ("김", {"korean"}),
    ("견적", {"korean"}),
    ("счет", {"russian"}),
    ("запрос ЁЛКИН", {"russian"}),
    ("здравст", {"russian"}),
    ("احمد", {"arabic"}),
    ("مرحبا", {"arabic"}),
    ("عرض الاسعار", {"arabic"}),
    ("ارسال المدرسه", {"arabic"}),
    ("ขอบคุณ", {"thai"}),
    ("เสนอราคา", {"thai"}),
    ("αθηνα", {"greek"}),
    ("προσφορα ΝΙΚΟΣ", {"greek"}),
    ("हिन्दी", {"hindi"}),
    ("example", set(MAIL)),
]


@pytest.fixture
def alices_mail(database, filed):
    with database.write() as tx:
        mailbox_id = filed.mailbox(tx, "alice")
    return {
        filed.message([mailbox_id], subject=subject, people=people, body=body): name
        for name, (subject, people, body) in MAIL.items()
    }


def found(database, words, *, viewer=ALICE, limit=100):
    with database.read() as tx:
        return search_messages(tx, viewer, words, limit)


def test_questions_and_what_they_find(database, alices_mail):
    answers = {
        words: {alices_mail[message_id] for message_id in found(database, words)}
        for words, _ in HITS
    }
    assert answers == dict(HITS)


def test_every_word_of_a_mail_finds_it(database, alices_mail):
    for message_id, name in alices_mail.items():
        for words in " ".join(MAIL[name]).split():
            if any(character.isalnum() for character in words):
                assert message_id in found(database, words), words


@pytest.mark.parametrize(
    "words",
    [
        *(
            '"',
            "'",
            "''",
            '"offer',
            "offer'",
            "\\",
            "%",
            "_",
            "*",
            "a*b*",
            "(",
            ")",
            "()",
            "[",
            "{subject}",
            "^offer",
        ),
        *(
            "NOT offer",
            "offer AND",
            "OR",
            "NEAR(offer)",
            "subject:offer",
            "- offer",
            "offer & !quote",
            "offer:*A",
            "<->",
        ),
        *(
            "offer\x00quote",
            "\x00",
            "\ud800",
            "'; DROP TABLE message; --",
            ":question",
            "%s",
            "{0}",
            "\u202eoffer",
        ),
        *("offer " * 2000, "x" * 10_000, "(" * 10_000, "山" * 10_000, "é" * 10_000, "' " * 5_000),
    ],
    ids=repr,
)
def test_hostile_questions_are_only_words(database, alices_mail, words):
    before = found(database, "example")
    assert set(found(database, words)) <= set(alices_mail)
    with database.read() as tx:
        assert search_leads(tx, ALICE, words, 10) == []
    assert found(database, "example") == before


def test_operators_are_words_like_any_other(database, filed):
    with database.write() as tx:
        mailbox_id = filed.mailbox(tx, "alice")
    not_or = filed.message([mailbox_id], body="to be or not to be")
    assert found(database, "OR NOT") == [not_or]
    assert found(database, "subject:be") == []


def test_words_in_subject_or_people_come_first_then_the_newest(database, filed):
    with database.write() as tx:
        mailbox_id = filed.mailbox(tx, "alice")
    old_subject = filed.message([mailbox_id], subject="boat")
    old_body = filed.message([mailbox_id], body="a boat")
    people = filed.message([mailbox_id], people="Boat House")
    new_body = filed.message([mailbox_id], body="another boat")
    assert found(database, "boat") == [people, old_subject, new_body, old_body]
    assert found(database, "boat", limit=3) == [people, old_subject, new_body]
    assert found(database, "boat", limit=1) == [people]
    assert found(database, "boat", limit=0) == []


def test_a_viewer_finds_only_mail_of_the_mailboxes_he_may_read(database, filed):
    with database.write() as tx:
        alice, erin = filed.mailbox(tx, "alice"), filed.mailbox(tx, "erin")
    of_alice = filed.message([alice], subject="secret plan")
    of_erin = filed.message([erin], subject="secret plan")
    of_both = filed.message([alice, erin], subject="secret plan")

    def seen(mailbox_ids):
        viewer = Viewer(account_id=2, mailbox_ids=mailbox_ids)
        return set(found(database, "secret", viewer=viewer))

    assert seen(None) == {of_alice, of_erin, of_both}
    assert seen(frozenset({alice})) == {of_alice, of_both}
    assert seen(frozenset({erin})) == {of_erin, of_both}
    assert seen(frozenset()) == set()
    assert seen(frozenset({alice, erin, 999})) == {of_alice, of_erin, of_both}


def test_mail_whose_last_copy_was_deleted_is_not_found(database, filed):
    with database.write() as tx:
        alice, erin = filed.mailbox(tx, "alice"), filed.mailbox(tx, "erin")
    gone = filed.message([alice], subject="gone", tombstoned=True)
    kept = filed.message([alice, erin], subject="gone")
    with database.write() as tx:
        tx.execute(
            update(message_copy)
            .where(message_copy.c.message_id == kept, message_copy.c.mailbox_id == alice)
            .values(tombstoned_at=1)
        )
    assert found(database, "gone") == [kept]
    assert found(database, "gone", viewer=Viewer(1, mailbox_ids=frozenset({alice}))) == []
    assert gone != kept


def test_a_message_is_indexed_anew_and_forgotten(database, filed):
    with database.write() as tx:
        mailbox_id = filed.mailbox(tx, "alice")
    message_id = filed.message([mailbox_id], subject="first wording")
    with database.write() as tx:
        index_messages(tx, [(message_id, "x", "", ""), (message_id, "second wording", "", "")])
        index_messages(tx, [])
        merge_index(tx)
    assert found(database, "first") == []
    assert found(database, "second") == [message_id]
    with database.write() as tx:
        forget_messages(tx, [message_id])
        forget_messages(tx, [])
    assert found(database, "second") == []


def test_text_that_is_not_committed_is_not_found(database, filed):
    with database.write() as tx:
        mailbox_id = filed.mailbox(tx, "alice")
    message_id = filed.message([mailbox_id], subject="kept")
    with database.write() as tx:
        index_messages(tx, [(message_id, "lost", "", "")])
        tx.rollback()
    assert found(database, "kept") == [message_id]
    assert found(database, "lost") == []


@pytest.mark.parametrize(
    "body",
    [
        "".join(f"w{number:x} " for number in range(400_000)),
        "".join(f"ü{number:x} " for number in range(200_000)),
        "x" * 3_000_000,
        "山川" * 700_000,
        "🙂" * 500_000,
        "\x00nul\ud800surrogate\x00",
    ],
    ids=["many words", "many accents", "one word", "chinese", "emoji", "nul"],
)
def test_enormous_and_broken_texts_are_indexed_up_to_the_cap(database, filed, body):
    with database.write() as tx:
        mailbox_id = filed.mailbox(tx, "alice")
    message_id = filed.message([mailbox_id], subject="findable", body="small")
    with database.write() as tx:
        index_messages(tx, [(message_id, "findable", "Bob", searchable(body))])
    assert found(database, "findable bob") == [message_id]
    head = body.replace("\x00", " ").replace("\ud800", " ").split()[0][:8]
    if head.isalnum():
        assert found(database, head) == [message_id]


def test_leads_are_found_by_their_words_newest_contact_first(database, filed):
    quiet = filed.lead("Bob Jones bob@acme.example ACME", last_in_at=5)
    fresh = filed.lead("Bobby Müller +49 30 1234567", last_in_at=900_000)
    filed.lead("Bob Merged", merged_into=quiet)
    filed.lead("Bob Withdrawn", is_withdrawn=True)
    with database.read() as tx:
        assert search_leads(tx, ALICE, "bob", 10) == [fresh, quiet]
        assert search_leads(tx, ALICE, "bob", 1) == [fresh]
        assert search_leads(tx, ALICE, "muller 30 1234", 10) == [fresh]
        assert search_leads(tx, ALICE, "bob@acme.example", 10) == [quiet]
        assert search_leads(tx, ALICE, "nobody", 10) == []
        assert search_leads(tx, ALICE, "", 10) == []
        assert search_leads(tx, Viewer(account_id=0), "bob", 10) == []


def test_a_lead_that_is_deleted_is_forgotten(database, filed):
    lead_id = filed.lead("Bob Jones")
    with database.write() as tx:
        forget_leads(tx, [lead_id])
        tx.execute(delete(lead).where(lead.c.id == lead_id))
    with database.read() as tx:
        assert search_leads(tx, ALICE, "jones", 10) == []
        assert tx.scalar(select(lead.c.id).where(lead.c.id == lead_id)) is None
