"""Mailboxes in the pages: the way to the consent page and back, health, and who may do what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from inboxcrm.config import WebSettings
from inboxcrm.gmail.web_login import WebLogin
from inboxcrm.sandbox.demo import write_client_file
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.server import Sandbox, running_sandbox
from inboxcrm.services.removing import remove_mail
from inboxcrm.store.accounts import insert_account
from inboxcrm.store.sealed import Seals
from inboxcrm.web import create_app
from inboxcrm.web.security import ROUTES
from tests.consenting import click
from tests.statements import statements_seen
from tests.web.house import House, hidden_fields

TOM, TEAM = "tom@ourfirm.example", "hello@ourfirm.example"


@dataclass
class Pages:
    house: House
    sandbox: Sandbox
    folder: Path
    count: int = 0

    def __post_init__(self) -> None:
        seals = Seals("", self.folder / "inboxcrm.key", may_make=True)
        self.house.desk = replace(self.house.desk, seals=seals)
        write_client_file(self.folder / "client.json", self.sandbox.url, asks=True)
        with self.house.database.write() as tx:
            self.bea = insert_account(tx, name="Bea", role="rep", address="bea", created_at=0)
            self.mira = insert_account(tx, name="Mira", role="manager", address="m", created_at=0)

    @property
    def login(self) -> WebLogin:
        return WebLogin(self.folder / "client.json", api_endpoint=self.sandbox.url)

    def enter(
        self, account_id: int = 1, *, login: bool = True, home: str = "", **settings
    ) -> FlaskClient:
        """A browser of that person's own."""
        self.count += 1
        app = create_app(
            self.house.desk,
            web=WebSettings(**settings),
            machine_now=self.house.machine.now,
            entry_token=f"link-{self.count}",
            entry_account=account_id,
            mail_login=self.login if login else None,
        )
        client = app.test_client()
        where = {"base_url": home} if home else {}
        assert client.get(f"/enter?token=link-{self.count}", **where).status_code == 303
        return client

    def row(self, name: str = TOM):
        with self.house.database.read() as tx:
            return tx.execute(
                text("SELECT * FROM mailbox WHERE name = :name"), {"name": name}
            ).one_or_none()

    def may_send(self, name: str = TOM) -> bool:
        return "gmail.compose" in self.row(name).scopes

    def id_of(self, name: str = TOM) -> str:
        return self.house.desk.ids.seal("mailbox", self.row(name).id)


@pytest.fixture
def pages(empty_house: House, tmp_path: Path) -> Iterator[Pages]:
    boxes = [SandboxMailbox(address) for address in (TOM, TEAM)]
    with running_sandbox(boxes) as sandbox:
        yield Pages(empty_house, sandbox, tmp_path)


def token(client: FlaskClient, path: str = "/mailboxes") -> str:
    page = client.get(path).get_data(as_text=True)
    return re.search(r'name="csrf-token" content="([^"]+)"', page)[1]


def send(client: FlaskClient, path: str, **fields):
    return client.post(path, data={"csrf_token": token(client), **fields})


def ask(client: FlaskClient, **fields) -> str:
    answer = send(client, "/mailboxes/connect/google", **fields)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"]


def connect(client: FlaskClient, address: str = TOM):
    return client.get(f"/mailboxes/answer?{click(ask(client), address)}")


def told(answer) -> str:
    return re.sub(r"<[^>]+>", "", answer.get_data(as_text=True))


# --- there and back ----------------------------------------------------------------------


def test_somebody_connects_a_mailbox_in_the_browser(pages):
    client = pages.enter(pages.bea)
    answer = connect(client)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/mailboxes#m-")
    page = client.get("/mailboxes").get_data(as_text=True)
    assert TOM in page
    assert "Its mail is being read" in page
    assert pages.row().owner_id == pages.bea


def test_the_pages_with_that_form_may_lead_to_the_consent_page_and_no_other_may(pages):
    client = pages.enter()
    for path in ("/mailboxes", "/mailboxes/connect"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert f"form-action 'self' {pages.sandbox.url};" in policy
        assert policy.endswith("frame-ancestors 'none'")
    assert pages.sandbox.url not in client.get("/leads").headers["Content-Security-Policy"]


def test_an_answer_counts_once(pages):
    client = pages.enter()
    back = click(ask(client), TOM)
    assert client.get(f"/mailboxes/answer?{back}").status_code == 303
    again = client.get(f"/mailboxes/answer?{back}")
    assert again.status_code == 403
    assert "used already" in told(again)


def test_somebody_elses_answer_connects_nothing_here(pages):
    """A link that another person prepared, with a mailbox of theirs behind it."""
    back = click(ask(pages.enter(pages.mira)), TOM)
    assert pages.enter(pages.bea).get(f"/mailboxes/answer?{back}").status_code == 403
    assert pages.row() is None


def test_another_browser_of_the_same_person_cannot_bring_the_answer(pages):
    back = click(ask(pages.enter(pages.bea)), TOM)
    assert pages.enter(pages.bea).get(f"/mailboxes/answer?{back}").status_code == 403


def test_nobody_signed_in_brings_no_answer(pages):
    client = pages.enter()
    back = click(ask(client), TOM)
    client.delete_cookie("inboxcrm_8025")
    assert client.get(f"/mailboxes/answer?{back}").status_code in {302, 303, 401, 403}
    assert pages.row() is None


@pytest.mark.parametrize(
    "query", ["", "state=x", "code=4/x", "state=x&error=access_denied", "state=%00"]
)
def test_made_up_answers_are_refused_in_words(pages, query):
    answer = pages.enter().get(f"/mailboxes/answer?{query}")
    assert answer.status_code == 403
    assert "Nothing was connected" in told(answer)


@pytest.mark.parametrize(
    ("how", "said"),
    [({"answer": "deny"}, "answered with no"), ({"without": ("readonly",)}, "left empty")],
)
def test_a_no_is_said_and_the_way_is_open_again(pages, how, said):
    client = pages.enter()
    answer = client.get(f"/mailboxes/answer?{click(ask(client), TOM, **how)}")
    assert answer.status_code == 422
    assert said in told(answer)
    assert "Continue to Google" in told(answer)


def test_an_answer_that_took_too_long_is_refused(pages):
    client = pages.enter()
    back = click(ask(client), TOM)
    pages.house.machine.at += timedelta(minutes=11)
    assert "ten minutes" in told(client.get(f"/mailboxes/answer?{back}"))


def test_consent_is_asked_for_by_a_form_of_ours_only(pages):
    client = pages.enter()
    assert client.post("/mailboxes/connect/google").status_code == 403


def test_nothing_secret_stands_on_a_page(pages):
    client = pages.enter()
    connect(client)
    page = client.get("/mailboxes").get_data(as_text=True)
    assert "1//sandbox" not in page
    assert pages.row().token[:20] not in page


# --- sending -----------------------------------------------------------------------------


def ask_to_send(pages: Pages, client: FlaskClient) -> str:
    answer = send(client, f"/mailboxes/{pages.id_of()}/sending")
    assert answer.status_code == 303, told(answer)
    return answer.headers["Location"]


def test_sending_is_allowed_from_the_mailboxs_own_place(pages):
    client = pages.enter(pages.bea)
    connect(client)
    page = client.get("/mailboxes")
    assert "It may read. It may not send yet." in told(page)
    assert f'action="/mailboxes/{pages.id_of()}/sending"' in page.get_data(as_text=True)
    done = client.get(f"/mailboxes/answer?{click(ask_to_send(pages, client), TOM)}")
    assert done.headers["Location"] == f"/mailboxes#m-{pages.id_of()}"
    page = told(client.get("/mailboxes"))
    assert f"{TOM} may send now." in page
    assert "It may read and send." in page
    assert page.count("may send") == 1, "in the notice alone"
    assert "Allow sending" not in page


def test_who_may_not_allow_sending_is_told_what_the_mailbox_may(pages):
    connect(pages.enter(pages.bea))
    write(pages, visibility="shared")
    page = told(pages.enter(pages.mira).get("/mailboxes"))
    assert "It may only read." in page
    assert "Allow sending" not in page


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"answer": "deny"}, "answered with no"),
        ({"without": ("compose",)}, "The right to send mail was not granted"),
        ({"address": TEAM}, f"You chose {TEAM}, but this mailbox is {TOM}"),
    ],
)
def test_a_no_to_sending_is_said_there_and_changes_nothing(pages, how, said):
    client = pages.enter(pages.bea)
    connect(client)
    before = pages.row()
    back = click(ask_to_send(pages, client), **({"address": TOM} | how))
    answer = client.get(f"/mailboxes/answer?{back}")
    assert answer.status_code == 422
    page = told(answer)
    assert said in page
    assert "It may read. It may not send yet." in page
    assert "Allow sending" in page
    assert pages.row() == before
    assert client.get(f"/mailboxes/answer?{back}").status_code == 403


def test_a_colleague_cannot_allow_sending_from_a_mailbox_she_reads(pages):
    owner, member = pages.enter(pages.bea), pages.enter(pages.mira)
    connect(owner)
    mira = pages.house.desk.ids.seal("account", pages.mira)
    fields = {"capture": "enquiry", "visibility": "private", "members": mira}
    send(owner, f"/mailboxes/{pages.id_of()}/settings", **fields)
    assert "may not send yet" not in told(member.get("/mailboxes"))
    assert send(member, f"/mailboxes/{pages.id_of()}/sending").status_code == 404


def test_nor_can_her_browser_bring_the_owners_answer(pages):
    owner = pages.enter(pages.bea)
    connect(owner)
    back = click(ask_to_send(pages, owner), TOM)
    answer = pages.enter(pages.mira).get(f"/mailboxes/answer?{back}")
    assert answer.status_code == 403
    assert TOM not in told(answer)
    assert not pages.may_send()


def test_a_declared_mailbox_names_the_command_that_allows_sending(pages):
    write(pages, "sales", scopes='["https://www.googleapis.com/auth/gmail.readonly"]')
    client = pages.enter()
    page = told(client.get("/mailboxes"))
    assert "inboxcrm connect gmail --mailbox sales --sending" in page
    assert f"/mailboxes/{pages.id_of('sales')}/sending" not in page
    answer = send(client, f"/mailboxes/{pages.id_of('sales')}/sending")
    assert answer.status_code == 422
    assert "settings file" in told(answer)


# --- what is missing ---------------------------------------------------------------------


def test_without_a_client_file_the_guide_says_what_to_do(pages):
    client = pages.enter(login=False)
    page = told(client.get("/mailboxes/connect"))
    assert "name no OAuth client" in page
    assert "client_file" in page
    assert "Continue to Google" not in page.partition("Which way is yours?")[0]
    answer = send(client, "/mailboxes/connect/google")
    assert answer.status_code == 422


def test_a_broken_client_file_is_told_on_the_guide(pages):
    (pages.folder / "client.json").write_text("{")
    assert "is no JSON" in told(pages.enter().get("/mailboxes/connect"))


def test_a_desktop_client_behind_a_public_name_is_told_before_anybody_leaves(pages):
    home = "https://crm.ourfirm.example"
    client = pages.enter(home=home, public_url=home)
    assert "Desktop app" in told(client.get("/mailboxes/connect", base_url=home))


def test_behind_a_public_name_the_answer_is_wanted_there(pages):
    home = "https://crm.ourfirm.example"
    back = f"{home}/mailboxes/answer"
    path = pages.folder / "client.json"
    write_client_file(path, pages.sandbox.url, kind="web", asks=True, redirect_uri=back)
    client = pages.enter(home=home, public_url=home)
    page = client.get("/mailboxes/connect", base_url=home).get_data(as_text=True)
    fields = hidden_fields(page, "/mailboxes/connect/google")
    sent = client.post("/mailboxes/connect/google", base_url=home, data=fields)
    assert dict(parse_qsl(urlsplit(sent.headers["Location"]).query))["redirect_uri"] == back
    answer = f"/mailboxes/answer?{click(sent.headers['Location'], TOM)}"
    assert client.get(answer, base_url=home).status_code == 303


def test_the_guide_names_the_address_to_register(pages):
    page = told(pages.enter().get("/mailboxes/connect"))
    assert "http://localhost/mailboxes/answer" in page
    for word in ("Internal", "7 days", "Testing", "import mbox"):
        assert word in page


# --- health ------------------------------------------------------------------------------


def test_declared_mailboxes_are_shown_and_not_changed(pages):
    client = pages.enter()
    page = client.get("/mailboxes").get_data(as_text=True)
    assert "From the settings file" in page
    own = pages.id_of("sales")
    assert f"/mailboxes/{own}/sync" in page
    for deed in ("pause", "settings", "disconnect"):
        assert f"/mailboxes/{own}/{deed}" not in page
    answer = send(client, f"/mailboxes/{own}/pause")
    assert "settings file" in told(answer)


def test_a_lost_consent_shows_its_cause_and_the_button_that_mends_it(pages):
    client = pages.enter()
    connect(client)
    write(pages, auth="reauth", trouble="Google has ended this mailbox's consent.")
    page = client.get("/mailboxes").get_data(as_text=True)
    assert "has ended this mailbox" in page
    assert hidden_fields(page, "/mailboxes/connect/google")["mailbox"] == pages.id_of()
    back = click(ask(client, mailbox=pages.id_of()), TOM)
    assert client.get(f"/mailboxes/answer?{back}").status_code == 303
    assert pages.row().auth == "ok"


def test_a_lost_consent_allows_nothing_whatever_it_once_allowed(pages):
    client = pages.enter()
    connect(client)
    client.get(f"/mailboxes/answer?{click(ask_to_send(pages, client), TOM)}")
    write(pages, auth="reauth", trouble="Google has ended this mailbox's consent.")
    page = told(client.get("/mailboxes"))
    assert "It may read" not in page


def lose_consent(pages: Pages) -> None:
    pages.sandbox.tokens.revoke(TOM)
    write(pages, auth="reauth", trouble="Google has ended this mailbox's consent.")


def test_reconnecting_a_mailbox_that_could_send_asks_for_both_rights_again(pages):
    client = pages.enter()
    connect(client)
    client.get(f"/mailboxes/answer?{click(ask_to_send(pages, client), TOM)}")
    lose_consent(pages)
    again = ask(client, mailbox=pages.id_of())
    assert scopes_asked(again) == {"gmail.readonly", "gmail.compose"}
    client.get(f"/mailboxes/answer?{click(again, TOM)}")
    page = told(client.get("/mailboxes"))
    assert f"{TOM} is connected again." in page
    assert "It may read and send." in page


def test_whoever_leaves_sending_out_this_time_is_connected_and_told(pages):
    client = pages.enter()
    connect(client)
    client.get(f"/mailboxes/answer?{click(ask_to_send(pages, client), TOM)}")
    lose_consent(pages)
    again = ask(client, mailbox=pages.id_of())
    answer = client.get(f"/mailboxes/answer?{click(again, TOM, without=('compose',))}")
    assert answer.status_code == 303
    page = told(client.get("/mailboxes"))
    assert f"{TOM} is connected again, and may not send any more." in page
    assert "It may read. It may not send yet." in page
    assert not pages.may_send()


def test_reconnecting_one_that_only_reads_asks_for_no_more(pages):
    client = pages.enter()
    connect(client)
    lose_consent(pages)
    assert scopes_asked(ask(client, mailbox=pages.id_of())) == {"gmail.readonly"}


def test_connecting_again_what_was_disconnected_begins_with_reading(pages):
    """Its owner took the consent back; nobody is asked for more than a new mailbox."""
    client = pages.enter()
    connect(client)
    client.get(f"/mailboxes/answer?{click(ask_to_send(pages, client), TOM)}")
    send(client, f"/mailboxes/{pages.id_of()}/disconnect", mail="keep")
    assert scopes_asked(ask(client, mailbox=pages.id_of())) == {"gmail.readonly"}


def scopes_asked(url: str) -> set[str]:
    """By what the consent page is asked for, in Google's short names."""
    asked = dict(parse_qsl(urlsplit(url).query))["scope"]
    return {one.rpartition("/")[2] for one in asked.split()}


@pytest.mark.parametrize(("scope", "more"), [("readonly", ""), ("compose", " --sending")])
def test_a_lost_consent_of_a_declared_one_names_the_command(pages, scope, more):
    scopes = f'["https://www.googleapis.com/auth/gmail.{scope}"]'
    write(pages, "sales", auth="reauth", trouble="Google has ended its consent.", scopes=scopes)
    page = pages.enter().get("/mailboxes").get_data(as_text=True)
    assert f"<code>inboxcrm connect gmail --mailbox sales{more}</code>" in page


def test_pause_and_resume(pages):
    client = pages.enter()
    connect(client)
    assert send(client, f"/mailboxes/{pages.id_of()}/pause").status_code == 303
    assert "Nothing new is read" in told(client.get("/mailboxes"))
    assert send(client, f"/mailboxes/{pages.id_of()}/resume").status_code == 303
    assert not pages.row().paused


def test_mail_set_aside_is_listed_page_by_page_and_tried_again(pages):
    client = pages.enter()
    connect(client)
    with pages.house.database.write() as tx:
        for number in range(60):
            tx.execute(
                text(
                    "INSERT INTO fetch_item (mailbox_id, ref, state, reason) VALUES (:box, :ref, 'poison', :why)"
                ),
                {"box": pages.row().id, "ref": f"m{number:02}", "why": "<b>It breaks off.</b>"},
            )
    path = f"/mailboxes/{pages.id_of()}/set-aside"
    first = client.get(path).get_data(as_text=True)
    assert "&lt;b&gt;It breaks off." in first
    assert "m49" in first
    assert "m50" not in first
    following = re.search(r'href="([^"]+after=[^"]+)"', first)[1]
    assert "m59" in client.get(following).get_data(as_text=True)
    assert send(client, f"/mailboxes/{pages.id_of()}/retry").status_code == 303
    assert "Nothing is set aside" in told(client.get(path))


def test_what_was_typed_is_kept_beside_what_is_wrong(pages):
    client = pages.enter()
    connect(client)
    fields = {"capture": "ask", "visibility": "shared", "since": "soon"}
    answer = send(client, f"/mailboxes/{pages.id_of()}/settings", **fields)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Write the day as in" in page
    assert 'value="soon"' in page
    assert '<option value="ask" selected' in page
    fields["since"] = "2026-02-03"
    assert send(client, f"/mailboxes/{pages.id_of()}/settings", **fields).status_code == 303
    assert "Mail before 3 February 2026 is left out" in told(client.get("/mailboxes"))


def test_disconnecting_asks_what_becomes_of_the_mail(pages):
    client = pages.enter()
    connect(client)
    path = f"/mailboxes/{pages.id_of()}/disconnect"
    answer = send(client, path)
    assert answer.status_code == 422
    assert "Say what is to become of its mail" in told(answer)
    assert send(client, path, mail="keep").status_code == 303
    assert pages.row().token == ""
    page = client.get("/mailboxes").get_data(as_text=True)
    assert "Disconnected, its mail is kept" in page
    assert "Connect again" in page
    assert send(client, path, mail="remove").status_code == 303
    assert "Its mail is being removed" in told(client.get("/mailboxes"))
    assert remove_mail(pages.house.desk, TOM)
    assert TOM not in client.get("/mailboxes").get_data(as_text=True)


# --- who sees and does what --------------------------------------------------------------


def test_a_private_mailbox_is_not_even_mentioned_to_a_colleague(pages):
    connect(pages.enter(pages.bea))
    assert TOM not in pages.enter(pages.mira).get("/mailboxes").get_data(as_text=True)
    assert TOM in pages.enter(1).get("/mailboxes").get_data(as_text=True)


def test_a_member_sees_how_it_is_and_no_buttons(pages):
    owner, member = pages.enter(pages.bea), pages.enter(pages.mira)
    connect(owner)
    mira = pages.house.desk.ids.seal("account", pages.mira)
    fields = {"capture": "enquiry", "visibility": "private", "members": mira}
    assert send(owner, f"/mailboxes/{pages.id_of()}/settings", **fields).status_code == 303
    page = member.get("/mailboxes").get_data(as_text=True)
    assert TOM in page
    assert f"/mailboxes/{pages.id_of()}/" not in page


@pytest.mark.parametrize("deed", ["pause", "resume", "sync", "settings", "disconnect", "retry"])
def test_another_rep_changes_nothing(pages, deed):
    connect(pages.enter(pages.bea))
    before = pages.row()
    fields = {"capture": "ask", "visibility": "shared", "mail": "remove"}
    path = f"/mailboxes/{pages.id_of()}/{deed}"
    assert send(pages.enter(pages.mira), path, **fields).status_code == 404
    assert pages.row() == before


@pytest.mark.parametrize("kind", ["lead", "thread", "account"])
def test_an_id_of_another_kind_opens_nothing(pages, kind):
    connect(pages.enter())
    wrong = pages.house.desk.ids.seal(kind, pages.row().id)
    client = pages.enter()
    assert client.get(f"/mailboxes/{wrong}/set-aside").status_code == 404
    assert send(client, f"/mailboxes/{wrong}/pause").status_code == 404


def test_every_route_is_in_the_table():
    assert {name for name in ROUTES if name.startswith("mailboxes.")} >= {
        f"mailboxes.{name}" for name in ("health", "guide", "ask", "answer", "disconnect")
    }


def test_the_page_asks_the_same_questions_however_many_mailboxes(pages):
    client = pages.enter()
    connect(client)

    def questions() -> int:
        with statements_seen() as asked:
            assert client.get("/mailboxes").status_code == 200
        return len([one for one in asked if one.lstrip().upper().startswith(("SELECT", "WITH"))])

    client.get("/mailboxes")
    few = questions()
    with pages.house.database.write() as tx:
        for number in range(40):
            tx.execute(
                text(
                    "INSERT INTO mailbox (name, provider, address, made_in, owner_id) VALUES (:n, 'gmail', :n, 'browser', 1)"
                ),
                {"n": f"box{number}@ourfirm.example"},
            )
    assert questions() == few
    assert few <= 12


def write(pages: Pages, name: str = TOM, **values: str) -> None:
    with pages.house.database.write() as tx:
        for column, value in values.items():
            tx.execute(
                text(f"UPDATE mailbox SET {column} = :value WHERE name = :name"),
                {"value": value, "name": name},
            )
