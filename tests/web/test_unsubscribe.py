"""The public unsubscribe page: one page, one button, no cookie; it does what it says for whoever holds the token, and
tells nobody whether a token is one.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from inboxcrm.cadence.unsubscribe import INERT, link_of, masked
from inboxcrm.errors import RefusedError
from inboxcrm.services.cadences import start
from inboxcrm.services.public_page import Answer, check_page, passed_at, public_page
from inboxcrm.services.suppressions import release, suppressed
from inboxcrm.store.tables import activity, address, enrollment, outbox, setting, suppression
from inboxcrm.web.unsubscribe import MAX_BODY_BYTES, create_unsubscribe_app
from tests.web.house import YOU, House
from tests.web.merging import a_merge, a_template, may_send, seen, text_of

INES = "ines@mares.example"
NOBODYS = "q" * 24
PAGE = "https://mail.ourfirm.example"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def house(house: House) -> House:
    """Everybody is in two cadences."""
    may_send(house)
    a_template(house)
    for name in ("Autumn", "Winter"):
        with house.database.write() as tx:  # whoever is active in one is not added to another
            tx.execute(update(enrollment).values(state="finished"))
        a_merge(house, name)
        start(house.desk, YOU, name)
    with house.database.write() as tx:
        tx.execute(update(enrollment).values(state="active"))
    house.desk = replace(house.desk, unsubscribe_url=PAGE)
    return house


def browser(house: House, **settings) -> FlaskClient:
    app = create_unsubscribe_app(house.desk, machine_now=house.machine.now, **settings)
    return app.test_client()


@pytest.fixture
def anybody(house: House) -> FlaskClient:
    return browser(house)


def token_of(house: House, who: str = INES) -> str:
    with house.database.read() as tx:
        wanted = select(outbox.c.key).where(outbox.c.to_address == who).order_by(outbox.c.id)
        return str(tx.execute(wanted.limit(1)).scalar_one())


def standing(house: House, who: str = INES) -> list[tuple[str, str, str]]:
    """(state, reason of the stop, state of the mail) of each enrollment of that address."""
    with house.database.read() as tx:
        rows = tx.execute(
            select(enrollment.c.state, enrollment.c.stop_reason, outbox.c.state)
            .join(address, address.c.id == enrollment.c.address_id)
            .join(outbox, outbox.c.enrollment_id == enrollment.c.id)
            .where(address.c.key == who)
            .order_by(enrollment.c.id)
        )
        return [tuple(row) for row in rows]


def everything(house: House):
    """All rows that an opt-out, or anything else, could touch."""
    with house.database.read() as tx:
        return [
            tx.execute(select(table).order_by(*table.primary_key.columns)).all()
            for table in (suppression, enrollment, outbox, activity, setting)
        ]


ACTIVE = [("active", "", "planned")] * 2
STOPPED = [("stopped", "opt_out", "cancelled")] * 2


# --- what it does --------------------------------------------------------------------------


def test_looking_changes_nothing_however_often_a_scanner_comes(house, anybody):
    before = everything(house)
    for how in (anybody.get, anybody.get, anybody.head):
        assert how(f"/u/{token_of(house)}").status_code == 200
    assert everything(house) == before


def test_the_button_suppresses_for_the_whole_house_and_stops_every_cadence(house, anybody):
    assert standing(house) == ACTIVE
    page = text_of(anybody.get(f"/u/{token_of(house)}"))
    [form] = re.findall(r"<form[^>]*>.*?</form>", page, re.DOTALL)
    assert re.fullmatch(r'<form method="post">.*', form, re.DOTALL), "to its own address"
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]+)"', form))
    answer = anybody.post(f"/u/{token_of(house)}", data=fields)
    assert answer.status_code == 200
    assert "Nothing more is sent to i•••@m•••.example." in seen(answer)
    assert standing(house) == STOPPED
    [entry] = suppressed(house.desk, YOU)
    assert (entry.subject, entry.reason) == (INES, "opt_out")
    assert entry.source == "by the unsubscribe link of a mail"
    assert {one for who in ("bob@kitaura.example", "oskar@nordvik.example") for one in standing(house, who)} == {ACTIVE[0]}  # fmt: skip


def test_the_stop_says_on_what_it_rests(house, anybody):
    anybody.post(f"/u/{token_of(house)}")
    with house.database.read() as tx:
        words = set(tx.execute(select(enrollment.c.stop_words).where(enrollment.c.state == "stopped")).scalars())  # fmt: skip
    assert words == {
        "ines@mares.example asked on 14 May 2026 not to be written to, by the unsubscribe link of a mail."
    }


def test_pressing_twice_is_pressing_once(house, anybody):
    anybody.post(f"/u/{token_of(house)}")
    before = everything(house)
    assert anybody.post(f"/u/{token_of(house)}").status_code == 200
    assert everything(house) == before


@pytest.mark.parametrize(
    "how",
    [
        {"data": ONE_CLICK},
        {"data": ONE_CLICK, "content_type": "multipart/form-data"},
        {"data": b"List-Unsubscribe=One-Click"},
        {"data": b""},
        {"data": b"\xff\x00 nothing a form would send", "content_type": "text/plain"},
        {"data": ONE_CLICK, "headers": {"Origin": "https://mail.elsewhere.example", "Cookie": "a=b"}},
    ],
)  # fmt: skip
def test_mail_programs_press_it_in_whatever_form(house, anybody, how):
    """RFC 8058 section 3.2: a POST with no cookie, in either encoding, from anywhere."""
    answer = anybody.post(f"/u/{token_of(house)}", **how)
    assert (answer.status_code, standing(house)) == (200, STOPPED)


def test_a_token_in_capitals_is_the_same(house, anybody):
    anybody.post(f"/u/{token_of(house).upper()}")
    assert standing(house) == STOPPED


def test_whoever_was_taken_off_the_list_and_presses_again_is_on_it_again(house, anybody):
    anybody.post(f"/u/{token_of(house)}")
    release(house.desk, YOU, INES)
    assert suppressed(house.desk, YOU) == []
    house.clock.at = house.clock.at.replace(hour=16)
    anybody.post(f"/u/{token_of(house)}")
    assert [one.subject for one in suppressed(house.desk, YOU)] == [INES]


# --- what it tells ---------------------------------------------------------------------------


def shape(answer) -> str:
    """A page without what differs from token to token."""
    page = text_of(answer)
    page = re.sub(r"[a-z]•••@[a-z]•••\.[a-z]+", "ADDRESS", page)
    return re.sub(r'content="[0-9a-f]{32}"', "MARKER", page)


def test_a_token_nobody_was_sent_gets_the_same_pages_and_changes_nothing(house, anybody):
    before = everything(house)
    for method in ("get", "post"):
        ask = getattr(anybody, method)
        made_up, again = ask(f"/u/{NOBODYS}"), ask(f"/u/{NOBODYS}")
        assert text_of(made_up) == text_of(again)
        assert everything(house) == before or method == "post"
        real = ask(f"/u/{token_of(house)}")
        assert (made_up.status_code, dict(made_up.headers) | {"Content-Length": ""}) == (
            real.status_code,
            dict(real.headers) | {"Content-Length": ""},
        )
        assert shape(made_up) == shape(real)
        assert "ADDRESS" in shape(made_up)
    assert [one.subject for one in suppressed(house.desk, YOU)] == [INES]


def test_the_page_names_no_address_whole(house, anybody):
    page = text_of(anybody.get(f"/u/{token_of(house)}"))
    assert masked(INES) in page
    for word in (INES, "ines", "mares", "Ines", "Autumn", "ourfirm"):
        assert word not in page


def test_a_link_that_was_cut_says_so_and_asks_the_database_nothing(house, anybody):
    house.database.close()
    for token in ("q" * 23, "x" * 300, "not-a-token", "%00", "%3Cscript%3E"):
        answer = anybody.post(f"/u/{token}")
        assert answer.status_code == 404
        assert "This link is not complete" in seen(answer)
        assert "script" not in text_of(answer)


def test_the_link_of_a_preview_does_nothing(house, anybody):
    before = everything(house)
    assert "•••@•••.•••" in text_of(anybody.get(f"/u/{INERT}"))
    assert anybody.post(f"/u/{INERT}").status_code == 200
    assert everything(house) == before


@pytest.mark.parametrize(
    ("asked", "lang", "button"),
    [
        ("", "en", "Stop writing to me"),
        ("xx, *;q=0.1", "en", "Stop writing to me"),
        ("de-AT, en;q=0.5", "de", "Nicht mehr schreiben"),
        ("fr-CA", "fr", "Ne plus m’écrire"),
        ("es", "es", "No me escriban más"),
        ("it-IT", "it", "Non scrivetemi più"),
        ("nl", "nl", "Schrijf mij niet meer"),
        ("pt-BR,pt;q=0.9", "pt", "Não me escrevam mais"),
        ("tr, nl;q=0.3, de;q=0.8", "de", "Nicht mehr schreiben"),
        ("\x7f;;;q=a," * 900, "en", "Stop writing to me"),
    ],
)  # fmt: skip
def test_it_speaks_the_language_its_reader_asks_for(house, anybody, asked, lang, button):
    answer = anybody.get(f"/u/{NOBODYS}", headers={"Accept-Language": asked})
    assert f'<html lang="{lang}">' in text_of(answer)
    assert button in seen(answer)
    assert (answer.headers["Content-Language"], answer.headers["Vary"]) == (lang, "Accept-Language")
    done = seen(anybody.post(f"/u/{NOBODYS}", headers={"Accept-Language": asked}))
    assert button not in done
    assert "$" not in done


# --- what it keeps out ---------------------------------------------------------------------


def test_it_answers_no_other_address_and_redirects_none(house, anybody):
    for path in ("/", "/u", "/u/", "/sign-in", "/today", "/healthz", "/assets/x/app.css", "/api/context",
                 f"/u/{NOBODYS}/", f"//u/{NOBODYS}", f"/u/{NOBODYS}/more", "/u/x/unsubscribe.css", "/u/../inbox"):  # fmt: skip
        for how in (anybody.get, anybody.post):
            answer = how(path)
            assert answer.status_code in {404, 405}, path
            assert "Location" not in answer.headers
    for how in (anybody.put, anybody.delete, anybody.options, anybody.patch):
        assert how(f"/u/{NOBODYS}").status_code == 405


def test_every_answer_is_closed_and_sets_no_cookie(house, anybody):
    for answer in (
        anybody.get(f"/u/{NOBODYS}"),
        anybody.post(f"/u/{NOBODYS}"),
        anybody.get("/u/cut"),
        anybody.get("/nothing"),
        anybody.post(f"/u/{NOBODYS}", data=b"x" * (MAX_BODY_BYTES + 1)),
    ):
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Content-Security-Policy"].startswith(
            "default-src 'none'; style-src 'self';"
        )
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Strict-Transport-Security"]
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_the_page_loads_its_one_style_and_nothing_else(house, anybody):
    page = text_of(anybody.get(f"/u/{NOBODYS}"))
    [style] = re.findall(r'<link rel="stylesheet" href="([^"]+)">', page)
    assert not re.search(r"<script|style=|onclick|https?://|src=", page)
    answer = anybody.get(f"/u/{style}")
    assert (answer.status_code, answer.mimetype) == (200, "text/css")


def test_too_much_at_once_is_refused(house, anybody):
    assert (
        anybody.post(f"/u/{token_of(house)}", data=b"x" * (MAX_BODY_BYTES + 1)).status_code == 413
    )
    assert anybody.get(f"/u/{token_of(house)}?{'x' * 3_000}").status_code == 414
    assert standing(house) == ACTIVE


def test_one_place_may_ask_so_often_and_no_oftener(house):
    anybody = browser(house, requests_per_minute=3)
    came = {"REMOTE_ADDR": "203.0.113.9"}
    codes = [anybody.get(f"/u/{NOBODYS}", environ_base=came).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    refused = anybody.post(f"/u/{token_of(house)}", environ_base=came)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "20")
    assert standing(house) == ACTIVE
    other = {"REMOTE_ADDR": "203.0.113.10"}
    assert anybody.post(f"/u/{token_of(house)}", environ_base=other).status_code == 200


def test_behind_a_proxy_of_this_machine_each_caller_is_counted_for_itself(house):
    anybody = browser(house, requests_per_minute=1)

    def code(said: str, came: str = "127.0.0.1") -> int:
        return anybody.get(
            f"/u/{NOBODYS}", headers={"X-Forwarded-For": said}, environ_base={"REMOTE_ADDR": came}
        ).status_code

    assert code("198.51.100.1") == 200
    assert code("198.51.100.2") == 200
    assert code("198.51.100.9, 198.51.100.1") == 429, "only the proxy's own word counts"
    assert code("2001:db8:1:2::1") == 200
    assert code("2001:db8:1:2:ffff::9") == 429, "one network is one caller"
    assert code("198.51.100.3", came="203.0.113.1") == 200
    assert code("198.51.100.4", came="203.0.113.1") == 429, "a stranger's word counts for nothing"
    assert code("<script>") == 200


def test_a_database_that_cannot_answer_is_said_and_no_token_is_logged(house, anybody, caplog):
    token = token_of(house)
    with house.database.write() as tx:
        tx.execute(outbox.delete())
        tx.exec_driver_sql("ALTER TABLE outbox RENAME TO gone")
    answer = anybody.post(f"/u/{token}", headers={"Accept-Language": "de"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "Bitte gleich noch einmal versuchen" in seen(answer)
    assert "an unsubscribe page failed" in caplog.text
    assert token not in caplog.text


# --- the self-check ------------------------------------------------------------------------


def through(client: FlaskClient, change=lambda answer: answer):
    """Asks the pages as the check would over the network."""

    def ask(url: str, body: bytes | None) -> Answer:
        path = url.removeprefix(PAGE)
        assert path != url
        answer = client.get(path) if body is None else client.post(path, data=body)
        return change(Answer(answer.status_code, text_of(answer)))

    return ask


def page_of(house: House) -> str:
    with house.database.read() as tx:
        return public_page(tx, house.desk)


def test_mails_name_the_page_only_once_it_has_passed_its_check(house, anybody):
    assert page_of(house) == ""
    found = check_page(house.desk, through(anybody))
    assert (found.url, found.problem) == (PAGE, "")
    assert page_of(house) == PAGE
    assert passed_at(house.desk) == house.clock.now()
    assert standing(house) == ACTIVE


def test_the_page_of_another_installation_does_not_pass(house, anybody):
    def other(answer: Answer) -> Answer:
        return Answer(
            answer.status, answer.text.replace('name="inboxcrm"', 'name="inboxcrm" x="')[:200]
        )

    assert (
        "not the page of this installation"
        in check_page(house.desk, through(anybody, other)).problem
    )
    assert page_of(house) == ""


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(0, "Connection refused"), "Opened, it gave no answer: Connection refused"),
        (Answer(301, ""), "Opened, it sends people elsewhere (HTTP 301); mail programs do not follow."),
        (Answer(404, ""), "Opened, it answered HTTP 404."),
    ],
)  # fmt: skip
def test_a_page_that_fails_is_taken_out_of_mails_again(house, anybody, answer, said):
    check_page(house.desk, through(anybody))
    assert check_page(house.desk, lambda *_: answer).problem == said
    assert page_of(house) == ""


def test_a_page_that_shows_and_does_not_act_does_not_pass(house, anybody):
    ask = through(anybody)
    found = check_page(
        house.desk, lambda url, body: ask(url, None) if body is None else Answer(405, "")
    )
    assert found.problem == "Asked to unsubscribe, it answered HTTP 405."
    assert page_of(house) == ""


def test_another_address_has_to_pass_anew(house, anybody):
    check_page(house.desk, through(anybody))
    house.desk = replace(house.desk, unsubscribe_url="https://elsewhere.ourfirm.example")
    assert page_of(house) == ""
    house.desk = replace(house.desk, unsubscribe_url="")
    assert page_of(house) == ""
    with pytest.raises(RefusedError, match="no public unsubscribe page"):
        check_page(house.desk, through(anybody))


def test_the_link_in_a_mail_is_the_address_of_its_page(house, anybody):
    link = link_of(PAGE, token_of(house))
    anybody.post(link.removeprefix(PAGE))
    assert standing(house) == STOPPED
