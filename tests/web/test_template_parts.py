"""Beside a template: who lacks something, files, tests to oneself, snippets; and the signature of a mailbox."""

from __future__ import annotations

import io
import re
from email import message_from_bytes

import pytest
from sqlalchemy import func, select

from inboxcrm.services.own_tests import Post as Road
from inboxcrm.services.snippets import save_snippet
from inboxcrm.services.suppressions import suppress
from inboxcrm.services.sync_run import Runner
from inboxcrm.services.template_files import files_held
from inboxcrm.services.templates import save_template, templates
from inboxcrm.store.tables import lead, lead_link
from inboxcrm.web import create_app
from inboxcrm.web.security import LARGE_FORMS
from tests.sending.post import Post, PostSender
from tests.web.house import TOKEN, YOU, House, hidden_fields, walk_in
from tests.web.merging import EVERYBODY, a_merge, a_template, may_send, seen, text_of

EVIL = '"></textarea><script>alert(1)</script>{{ 7*7 }}\u202e'


@pytest.fixture
def posted(house) -> Post:
    return Post(lambda: 0.0)


@pytest.fixture
def client(house, posted):
    """Of a house whose mail leaves into memory."""
    runner = Runner("here", lambda: 0.0, lambda _: None)
    app = create_app(
        house.desk,
        web=house.app().extensions["inboxcrm"].settings,
        machine_now=house.machine.now,
        entry_token=TOKEN,
        post=Road(lambda _: PostSender(posted), lambda: runner),
    )
    return walk_in(app.test_client())


@pytest.fixture
def path(house) -> str:
    a_template(house)
    return f"/templates/{template_id(house)}"


def template_id(house: House) -> str:
    return house.desk.ids.seal("template", templates(house.desk, YOU)[0].template_id)


def files(house: House) -> list[str]:
    return [one.name for one in files_held(templates(house.desk, YOU)[0])]


def press(client, page: str, action: str, **fields):
    data = hidden_fields(text_of(client.get(page)), action)
    return client.post(action, data=data | fields, content_type="multipart/form-data")


# --- who lacks something ----------------------------------------------------------------


def missing(client, **asked):
    return client.get("/templates/missing", query_string={"template": "hello", **asked})


def test_who_would_get_no_mail_stands_there_with_a_link(client, house):
    a_template(house, text="{{ first_name }} {{ phone }}", fallbacks={"first_name": "there"})
    answer = missing(client, segment=EVERYBODY)
    words = seen(answer)
    assert "would get no mail" in words
    assert "No mail: phone is blank, and the template has no fallback." in words
    assert re.search(r'href="/leads/[a-z0-9]+"><bdi>Bob Tanaka</bdi></a>', text_of(answer))
    assert "variable=phone" in text_of(answer)
    assert "Nobody." in seen(missing(client, segment="name is nobody-at-all", only="no-mail"))


def test_pages_lead_to_it(client, house, path):
    assert 'href="/templates/missing' in text_of(client.get("/templates"))
    assert "/templates/missing?template=hello" in text_of(client.get(a_merge(house)))


@pytest.mark.parametrize(
    "asked",
    [{"segment": "stage is is"}, {"segment": EVERYBODY, "template": "x"}, {"segment": EVERYBODY, "variable": "x"},
     {"segment": EVIL}, {"segment": EVERYBODY, "template": EVIL}],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(client, house, asked, path):
    answer = missing(client, **asked)
    assert answer.status_code == 422
    assert "<script>alert" not in text_of(answer)


def test_a_wrong_cursor_shows_the_first_page(client, house, path):
    assert missing(client, segment=EVERYBODY, after="nothing").status_code == 200


# --- files ------------------------------------------------------------------------------


def test_files_are_added_shown_with_their_size_and_taken_off(client, house, path):
    given = [(io.BytesIO(b"x" * 2_000), "Price list.pdf"), (io.BytesIO(b"y"), "note.txt")]
    sent = press(client, path, f"{path}/files", file=given)
    assert sent.location == f"{path}#files"
    words = seen(client.get(path))
    assert "Price list.pdf 2.0 kB" in words
    assert "goes with it from version 2 on" in words
    assert files(house) == ["Price list.pdf", "note.txt"]
    press(client, path, f"{path}/files/remove", name="note.txt")
    assert files(house) == ["Price list.pdf"]


def test_a_file_that_cannot_go_is_refused_in_words(client, house, path):
    for name, content, said in (("a.exe", b"x", "refuse"), ("a.pdf", b"", "is empty")):
        press(client, path, f"{path}/files", file=[(io.BytesIO(content), name)])
        assert said in seen(client.get(path))
    press(client, path, f"{path}/files", file=[(io.BytesIO(b""), "")])
    assert "No file was chosen." in seen(client.get(path))
    assert files(house) == []


def test_hostile_names_of_files_are_names(client, house, path):
    press(client, path, f"{path}/files", file=[(io.BytesIO(b"x"), EVIL.lstrip('"') + ".pdf")])
    page = text_of(client.get(path))
    assert "<script>alert" not in page
    [name] = files(house)
    assert not set(name) & set('"<>\u202e/')


def test_a_body_larger_than_mails_may_be_is_not_read(client, house, path):
    data = hidden_fields(text_of(client.get(path)), f"{path}/files")
    large = io.BytesIO(bytes(LARGE_FORMS["template_files.add"] + 1))
    sent = client.post(
        f"{path}/files", data=data | {"file": (large, "a.pdf")}, content_type="multipart/form-data"
    )
    assert sent.status_code == 413
    assert client.post(path, data=data | {"text": "x" * 300_000}).status_code == 413


def test_saving_keeps_the_files(client, house, path):
    press(client, path, f"{path}/files", file=[(io.BytesIO(b"x"), "a.pdf")])
    page = text_of(client.get(path))
    data = hidden_fields(page, path) | {"do": "save", "subject": "Other", "text": "Hi", "html": ""}
    assert client.post(path, data=data).status_code == 303
    assert files(house) == ["a.pdf"]


def test_previews_of_a_cadence_name_the_files(client, house, path):
    press(client, path, f"{path}/files", file=[(io.BytesIO(b"x" * 3_000), "Price list.pdf")])
    assert "With it go Price list.pdf (3.0 kB)" in seen(client.get(a_merge(house)))


# --- tests to oneself -------------------------------------------------------------------


def test_a_test_is_sent_by_one_click_and_stands_there(client, house, posted, path):
    may_send(house)
    sent = press(client, path, f"{path}/test", lead="bob", mailbox="sales")
    assert sent.location == f"{path}#tests"
    words = seen(client.get(path))
    assert "Sent to alice@seller.example: A word, Bob" in words
    assert (
        "Test of version 1 to alice@seller.example , as for Bob Tanaka , now : It was sent."
        in words
    )
    assert posted.deliveries() == {"alice@seller.example": 1}


def test_its_copy_that_comes_back_touches_nobody(client, house, posted, path):
    may_send(house)
    press(client, path, f"{path}/test", lead="bob", mailbox="sales")

    def standing() -> list:
        with house.database.read() as tx:
            counts = [tx.scalar(select(func.count()).select_from(one)) for one in (lead_link, lead)]
            touched = tx.execute(select(lead.c.id, lead.c.last_out_at, lead.c.owes)).all()
            return [*counts, *touched]

    before = standing()
    key = message_from_bytes(posted.sent[0].mime)["X-Inboxcrm-Key"]
    us = "Alice Berg alice@ourfirm.example"
    house.deliver(us, "A word, Bob", "Good day Bob", to=[us], headers=(("x-inboxcrm-key", key),))
    house.sync()
    assert standing() == before


def test_pressed_twice_it_is_one_test(client, house, posted, path):
    may_send(house)
    data = hidden_fields(text_of(client.get(path)), f"{path}/test") | {"mailbox": "sales"}
    for _ in range(2):
        assert client.post(f"{path}/test", data=data).status_code == 303
    assert len(posted.sent) == 1


def test_without_the_right_the_page_says_how_it_is_granted(client, house, posted, path):
    press(client, path, f"{path}/test", lead="bob", mailbox="sales")
    assert "may read sales and send nothing from it" in seen(client.get(path))
    press(client, path, f"{path}/test", lead="nobody at all", mailbox="sales")
    assert "No lead is called that." in seen(client.get(path))
    assert posted.made == 0


# --- snippets and signatures ----------------------------------------------------------------


def test_a_snippet_is_written_changed_and_removed(client, house):
    assert "There is no snippet yet" in seen(client.get("/snippets"))
    made = press(
        client, "/snippets/new", "/snippets/new", name="Opening hours", text="9 to 5", html=""
    )
    assert made.status_code == 303
    assert '{{ snippet("Opening hours") }}' in seen(client.get("/snippets")).replace("&#34;", '"')
    page = made.location
    assert press(client, page, page, text="10 to 4", html="").location == page
    words = seen(client.get(page))
    assert "Version 1" in words
    assert "Saved as version 2" in words
    assert press(client, page, f"{page}/remove").location == "/snippets"
    assert client.get(page).status_code == 404


def test_what_is_wrong_with_a_snippet_is_said_beside_its_field(client, house):
    save_snippet(house.desk, YOU, name="Opening hours", text="x")
    for fields, said in (
        ({"name": "a", "text": "x\n{{ nobody }}"}, "Line 2: There is no variable nobody"),
        ({"name": "opening HOURS", "text": "x"}, "of that name already"),
        ({"name": "", "text": "x"}, "no name"),
        ({"name": "a", "text": " "}, "says nothing"),
        ({"name": EVIL, "text": EVIL}, "A name has no quotes"),
    ):
        sent = press(client, "/snippets/new", "/snippets/new", **{"html": "", **fields})
        assert sent.status_code == 422
        assert said in seen(sent)
        assert "<script>alert" not in text_of(sent)


def test_the_editor_says_which_snippet_is_not_there(client, house, path):
    data = hidden_fields(text_of(client.get(path)), path)
    sent = client.post(
        path,
        data=data | {"do": "save", "subject": "x", "text": 'a\n{{ snippet("zzz") }}', "html": ""},
    )
    assert sent.status_code == 422
    assert "Line 2, column 1: There is no snippet" in seen(sent)


def test_the_editor_names_the_snippets_and_says_which_have_changed_since(client, house):
    save_snippet(house.desk, YOU, name="Opening hours", text="9 to 5")
    a_template(house, text="{{ snippet('opening hours') }}")
    page = f"/templates/{template_id(house)}"
    assert "this template has version" not in seen(client.get(page))
    save_snippet(house.desk, YOU, name="Opening hours", text="10 to 4")
    assert "version 2; this template has version 1" in seen(client.get(page))


def test_the_signature_of_a_mailbox_is_written_on_its_page_and_stands_in_mails(client, house, path):
    box = f"/mailboxes/{house.desk.ids.seal('mailbox', 1)}/signature"
    assert (
        press(
            client, "/mailboxes", box, text="Alice Berg\nOurfirm", html="<b>A</b><script>x</script>"
        ).status_code
        == 303
    )
    page = text_of(client.get("/mailboxes"))
    assert "Alice Berg\nOurfirm</textarea>" in page
    assert "&lt;b&gt;A&lt;/b&gt;</textarea>" in page
    data = hidden_fields(text_of(client.get(path)), path)
    form = data | {"do": "try", "subject": "x", "text": "Hi", "html": "", "signs": "1"}
    assert "Hi Alice Berg Ourfirm" in seen(client.post(path, data=form))
    wrong = press(client, "/mailboxes", box, text="{{ name }}", html="")
    assert wrong.status_code == 422
    assert "A signature is no template" in seen(wrong)


def test_the_page_of_a_template_asks_a_fixed_number_of_questions(client, house, path):
    from tests.statements import statements_seen

    def questions() -> int:
        with statements_seen() as asked:
            assert client.get(path).status_code == 200
        return len(asked)

    may_send(house)
    questions()
    few = questions()
    for number in range(8):
        save_snippet(house.desk, YOU, name=f"s{number}", text="x")
        press(client, path, f"{path}/test", lead="bob", mailbox="sales")
    client.get(path)
    assert questions() == few


def test_who_is_suppressed_is_no_gap(client, house):
    a_template(house, text="{{ phone }}")
    suppress(house.desk, YOU, "bob@kitaura.example", source="test")
    assert "Bob Tanaka" not in seen(missing(client, segment=EVERYBODY))
    save_template(house.desk, YOU, name="hello", subject="x", text="Hi")
    assert "Everybody would get a mail" in seen(missing(client, segment=EVERYBODY))
