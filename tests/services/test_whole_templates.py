"""Versions that hold all they are sent with: snippets as they were, the signature's place, files."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.attachments import LARGEST_MAIL_BYTES, OutgoingFile
from inboxcrm.cadence.problems import TemplateProblemsError
from inboxcrm.errors import FieldsError, ForbiddenError, NotFoundError, UsageError
from inboxcrm.mail.mime import parse
from inboxcrm.services.leads import create_lead
from inboxcrm.services.rendering import compiled, freeze, sender_of
from inboxcrm.services.signatures import harmless, set_signature
from inboxcrm.services.snippets import (
    remove_snippet,
    save_snippet,
    snippet_named,
    snippet_versions,
    snippets,
)
from inboxcrm.services.template_files import files_held
from inboxcrm.services.template_trying import try_template
from inboxcrm.services.templates import lint, preview, save_template
from inboxcrm.store.kept_files import contents_of
from inboxcrm.store.mailboxes import mailbox_by_id
from inboxcrm.store.tables import kept_file, template_version
from tests.views.correspondence import ALICE, Office, open_office

PDF = OutgoingFile("Price list.pdf", b"%PDF-1.7 " + bytes(range(256)))


@pytest.fixture
def office(database) -> Office:
    return open_office(database)


@pytest.fixture
def bob(office):
    return create_lead(office.desk, office.viewer, "bob@bakery.example", "Bob Baker").lead_id


def saved(office, text="Hi {{ first_name }},\n", **rest):
    given = {"name": "Intro", "subject": "Hello", **rest}
    return save_template(office.desk, office.viewer, text=text, **given)


def hours(office, text="9 to 5", html="", name="Opening hours"):
    return save_snippet(office.desk, office.viewer, name=name, text=text, html=html)


def sender(office):
    with office.desk.database.read() as tx:
        return sender_of(tx, mailbox_by_id(tx, office.boxes[ALICE]))


def shown(office, bob):
    return preview(office.desk, office.viewer, "intro", bob, sender=sender(office))


def box(office) -> str:
    return office.desk.ids.seal("mailbox", office.boxes[ALICE])


def sign(office, text="Alice Berg\nOurfirm & Co", html=""):
    return set_signature(office.desk, office.viewer, box(office), text=text, html=html)


# --- snippets -------------------------------------------------------------------------


def test_a_version_keeps_the_snippet_it_was_saved_with(office, bob):
    hours(office)
    first = saved(office, 'Open {{ snippet("opening hours") }}.')
    hours(office, "10 to 4")
    assert shown(office, bob).text == "Open 9 to 5."
    assert json.loads(first.ready)["snippets"] == {"Opening hours": 1}
    second = saved(office, 'Open {{ snippet("opening hours") }}.')
    assert (second.number, shown(office, bob).text) == (2, "Open 10 to 4.")
    remove_snippet(office.desk, office.viewer, "Opening Hours")
    assert shown(office, bob).text == "Open 10 to 4."
    with pytest.raises(TemplateProblemsError) as refused:
        saved(office, 'Open {{ snippet("opening hours") }}.')
    assert "There is no snippet" in refused.value.message


def test_saving_again_with_the_same_snippet_is_the_same_version(office):
    hours(office)
    text = 'Open {{ snippet("opening hours") }}.'
    assert saved(office, text) == saved(office, text)


def test_a_snippet_names_variables_that_are_required_as_any_other(office, bob):
    hours(office, "Call {{ phone }}")
    saved(office, '{{ snippet("opening hours") }}')
    assert shown(office, bob).problems == ("phone is blank, and the template has no fallback.",)
    saved(office, '{{ snippet("opening hours") }}', fallbacks={"phone": "us"})
    assert shown(office, bob).text == "Call us"


def test_a_snippet_has_versions_and_comes_back_by_its_name(office):
    first, second = hours(office), hours(office, "10 to 4")
    assert (first.number, second.number, hours(office, "10 to 4\n\n").number) == (1, 2, 2)
    assert first.id == second.id
    found = snippet_versions(office.desk, office.viewer, first.id)
    assert [one.text for one in found] == ["10 to 4", "9 to 5"]
    remove_snippet(office.desk, office.viewer, "opening hours")
    assert snippets(office.desk, office.viewer) == []
    with pytest.raises(NotFoundError):
        snippet_named(office.desk, office.viewer, "opening hours")
    assert hours(office, "again").number == 3


NO_SNIPPETS = [
    ({"text": "{{ nobody }}"}, TemplateProblemsError),
    ({"text": "{% if name %}x"}, TemplateProblemsError),
    ({"text": "{{ ''.__class__ }}"}, TemplateProblemsError),
    ({"text": '{{ snippet("other") }}'}, TemplateProblemsError),
    ({"text": "x", "html": "<a href='{{ name }}'>x</a>"}, TemplateProblemsError),
    ({"text": " \n"}, FieldsError),
    ({"text": "x", "name": ""}, UsageError),
    ({"text": "x", "name": 'a"b'}, FieldsError),
    ({"text": "x", "name": "{{ name }}"}, FieldsError),
    ({"text": "x" * 70_000}, TemplateProblemsError),
]


def test_what_is_no_snippet_is_not_saved(office):
    for given, error in NO_SNIPPETS:
        with pytest.raises(error):
            hours(office, **given)
    assert snippets(office.desk, office.viewer) == []


def test_who_has_no_account_writes_no_snippets(office):
    with pytest.raises(ForbiddenError):
        save_snippet(office.desk, Viewer(0), name="x", text="x")


def test_a_template_that_is_tried_has_its_snippets_too(office, bob):
    hours(office, "9 to 5\n\n{{ first_name }}")
    done = try_template(
        office.desk, office.viewer, subject="x", text='A {{ snippet("opening hours") }}\n{{ nobody }}',
        html="", fallbacks={}, lead_id=bob,
    )  # fmt: skip
    assert [(one.line, one.column) for one in done.problems] == [(2, 4)]
    done = try_template(
        office.desk, office.viewer, subject="x", text='A {{ snippet("opening hours") }}', html="", fallbacks={},
        signs=True, lead_id=bob,
    )  # fmt: skip
    assert done.text == "A 9 to 5\n\nBob\n\nAlice\n"


def test_lint_reads_what_the_snippets_say(office):
    hours(office, "Tell me if you want to unsubscribe.")
    assert lint(office.desk, saved(office, 'Hi. {{ snippet("opening hours") }}')) == []


# --- signatures -----------------------------------------------------------------------


def test_a_mailbox_signs_with_its_signature_and_else_with_the_name(office, bob):
    saved(office, "Hi\n\n{{ signature }}", html="<p>Hi</p>{{ signature }}")
    assert shown(office, bob).text == "Hi\n\nAlice"
    sign(office)
    found = shown(office, bob)
    assert found.text == "Hi\n\nAlice Berg\nOurfirm & Co"
    assert found.html == "<p>Hi</p>Alice Berg<br>\nOurfirm &amp; Co"
    sign(office, html="<b>Alice</b> &amp; Co")
    found = shown(office, bob)
    assert found.html == "<p>Hi</p><b>Alice</b> &amp; Co"
    assert "<b>Alice</b> &amp; Co" in parse(found.mime).html
    sign(office, "", "")
    assert shown(office, bob).text == "Hi\n\nAlice"


def test_the_signature_at_the_end_is_a_thing_of_the_version(office, bob):
    sign(office)
    first = saved(office, "Hi")
    second = saved(office, "Hi", signs=True)
    assert (first.number, second.number, saved(office, "Hi").number) == (1, 2, 2)
    assert shown(office, bob).text == "Hi\n\nAlice Berg\nOurfirm & Co\n"
    assert second.text == "Hi"
    assert saved(office, "Hi", signs=False).number == 3


def test_a_signature_of_html_alone_gets_its_text(office, bob):
    sign(office, "", "<p>Alice Berg</p><p><a href='https://ourfirm.example'>our house</a></p>")
    saved(office, "Hi {{ signature }}")
    assert shown(office, bob).text == "Hi Alice Berg\n\nour house (https://ourfirm.example)"


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<a href='javascript:x()'>a</a>",
        "<style>p{}</style>", "<iframe src='https://x.example'></iframe>", "<p style='background:url(https://x.example)'>",
        "<p onclick='x()'>a</p>", "<img src='http://x.example/p.png'>", "<form action='https://x.example'>",
        "<p style='position:fixed;width:expression(alert(1))'>", "<svg onload=x()>", "<!-- a -->",
        "<base href='https://x.example'>", "<a href='data:text/html,x'>a</a>",
    ],
)  # fmt: skip
def test_a_signature_runs_and_loads_nothing(evil):
    made = harmless(f"<b>Alice</b>{evil}").lower()
    assert made.startswith("<b>alice</b>")
    for word in ("script", "onerror", "onclick", "onload", "style>", "iframe", "url(", "expression", "position",
                 "http://x", "form", "svg", "<!--", "base", "data:"):  # fmt: skip
        assert word not in made


def test_what_is_good_in_a_signature_stays():
    html = (
        '<p style="color:#333;font-size:12px">Alice <a href="https://ourfirm.example">us</a>'
        '<img src="https://ourfirm.example/a.png" alt="Ourfirm" width="80"></p>'
    )
    assert harmless(html).replace(": ", ":") == html


NO_SIGNATURES = [
    ("{{ name }}", "", "text"),
    ("", "{% if x %}", "html"),
    ("x" * 4_001, "", "text"),
    ("", "x" * 20_001, "html"),
    ("---", "", "text"),
]


def test_what_is_no_signature_is_said_beside_its_field(office):
    for text, html, where in NO_SIGNATURES:
        with pytest.raises(FieldsError) as refused:
            sign(office, text, html)
        assert list(refused.value.problems) == [where]


def test_a_picture_alone_leaves_the_name_in_the_text(office, bob):
    sign(office, "", "<img src='https://x.example/a.png'>")
    saved(office, "Hi {{ signature }}", html="<p>{{ signature }}</p>")
    found = shown(office, bob)
    assert (found.text, found.html) == ("Hi Alice", '<p><img src="https://x.example/a.png"></p>')


def test_only_its_owner_and_admins_sign_for_a_mailbox(office):
    for viewer, which in ((Viewer(2), box(office)), (office.viewer, "nothing")):
        with pytest.raises(NotFoundError):
            set_signature(office.desk, viewer, which, text="Eve")


# --- files ----------------------------------------------------------------------------


def test_files_go_with_the_version_and_stay_until_they_are_taken_off(office, bob):
    first = saved(office, files=[PDF])
    assert [(one.name, one.size) for one in files_held(first)] == [("Price list.pdf", 265)]
    assert saved(office) == first
    assert saved(office, files=[PDF]) == first
    second = saved(office, files=[OutgoingFile("PRICE LIST.pdf", b"new")])
    assert [(one.name, one.size) for one in files_held(second)] == [("PRICE LIST.pdf", 3)]
    third = saved(office, without=["price list.PDF"])
    assert (third.number, third.files) == (3, "[]")
    assert saved(office, files=[PDF], without=None).number == 4
    with office.desk.database.read() as tx:
        assert tx.scalar(select(func.count()).select_from(kept_file)) == 2


def test_the_preview_with_files_is_the_mail_that_goes(office, bob):
    version = saved(office, html="<p>Hi {{ name }}</p>", files=[PDF])
    found = shown(office, bob)
    with office.desk.database.write() as tx:
        sent = freeze(
            tx, office.desk, version=version, lead_id=office.desk.ids.open("lead", bob),
            address=found.address, sender=sender_of(tx, mailbox_by_id(tx, office.boxes[ALICE])), key="preview",
            date=office.clock.now(), message_id="<preview@localhost>", is_shown=True,
        )  # fmt: skip
    assert (found.mime, found.files) == (sent.mime, sent.files)
    assert [(one.name, one.kind, one.size) for one in found.files] == [
        ("Price list.pdf", "application/pdf", 265)
    ]
    assert [one.size_bytes for one in parse(found.mime).attachments] == [265]
    assert len(sent.lean) < len(sent.mime)


def test_the_bytes_of_a_file_are_kept_once(office):
    saved(office, files=[PDF])
    saved(office, name="Other", files=[OutgoingFile("Again.pdf", PDF.content)])
    with office.desk.database.read() as tx:
        assert contents_of(tx, [PDF.sha256, "nothing"]) == {PDF.sha256: PDF.content}


NO_FILES = [
    (OutgoingFile("a.pdf", b""), "is empty"),
    (OutgoingFile("a.exe", b"x"), "refuse"),
    (OutgoingFile("a.pdf", bytes(LARGEST_MAIL_BYTES)), "18 MB"),
]


def test_files_that_cannot_go_are_refused_and_nothing_is_kept(office):
    for file, words in NO_FILES:
        with pytest.raises(FieldsError) as refused:
            saved(office, files=[PDF, file])
        assert words in refused.value.problems["files"]
    with office.desk.database.read() as tx:
        assert tx.scalar(select(func.count()).select_from(kept_file)) == 0
        assert tx.scalar(select(func.count()).select_from(template_version)) == 0


def test_a_version_of_long_ago_is_compiled_as_it_was_written(office):
    version = saved(office)._replace(ready="{}", files="[]")
    assert compiled(office.desk, version).names == ("first_name",)
