"""The front door: the first admin, invited people, signing in and out, and nobody else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from argon2 import Type
from sqlalchemy import select

from inboxcrm.services.invitations import first_link
from inboxcrm.store.tables import account, attempt, audit, invitation, session
from tests.quick_passwords import AS_SHIPPED
from tests.web.house import House
from tests.web.people import ALICE, PASSWORD, browser, form_token, post, sign_in


def rows(house: House, table) -> list:
    with house.database.read() as tx:
        return tx.execute(select(table).order_by(*table.primary_key)).all()


# --- the first admin ----------------------------------------------------------


def test_passwords_are_hashed_as_rfc_9106_asks_for():
    """Its second recommended option (4): three passes over 64 MiB in four lanes."""
    cost = AS_SHIPPED.time_cost, AS_SHIPPED.memory_cost, AS_SHIPPED.parallelism
    assert (AS_SHIPPED.type, *cost) == (Type.ID, 3, 65_536, 4)


def test_the_first_link_makes_an_admin_who_takes_over_what_was_done_before(house, alice):
    (row,) = rows(house, account)
    assert (row.id, row.name, row.role, row.address) == (1, "Alice Berg", "admin", ALICE["address"])
    assert row.password_hash.startswith("$argon2id$")
    assert PASSWORD not in row.password_hash
    assert "Alice Berg" in alice.get("/").get_data(as_text=True)


def test_a_link_works_once_and_only_the_newest_first_link_works(house):
    old = first_link(house.desk, now=house.machine.now())
    new = first_link(house.desk, now=house.machine.now())
    client = browser(house)
    assert client.get(f"/welcome?token={old}").status_code == 403
    assert (
        post(client, "/welcome", page=f"/welcome?token={new}", token=new, **ALICE).status_code
        == 303
    )
    assert browser(house).get(f"/welcome?token={new}").status_code == 403
    assert first_link(house.desk, now=house.machine.now()) is None


def test_a_first_link_is_over_after_a_day(house):
    token = first_link(house.desk, now=house.machine.now())
    house.machine.at += timedelta(hours=25)
    assert browser(house).get(f"/welcome?token={token}").status_code == 403


def test_the_database_holds_no_link_and_no_session_that_could_be_used(house, alice):
    said = str([tuple(row) for table in (invitation, session) for row in rows(house, table)])
    with alice.session_transaction() as held:
        assert held["token"] not in said
    assert all(len(row.token_hash) == 64 for row in rows(house, invitation))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "  ", "Say what colleagues call you."),
        ("address", "nobody", "This is no mail address"),
        ("password", "short", "Use at least 10 characters"),
        ("password", "aaaaaaaaaaaa", "too easy to guess"),
        ("password", "x" * 201, "at most 200"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_the_rest_is_kept(house, field, value, said):
    token = first_link(house.desk, now=house.machine.now())
    client = browser(house)
    fields = ALICE | {field: value}
    answer = post(client, "/welcome", page=f"/welcome?token={token}", token=token, **fields)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    place = re.search(rf'id="p-{field}">([^<]*)', page)
    assert place is not None
    assert said in place[1]
    assert fields["password"] not in page
    if field != "name":
        assert 'value="Alice Berg"' in page
    assert client.get("/").status_code == 303, "nobody is in yet"


# --- signing in and out -------------------------------------------------------


def test_who_is_not_signed_in_is_sent_to_the_sign_in_whatever_the_address(house, alice):
    client = browser(house)
    for path in ("/", "/leads", "/nothing/here", "/people", "/audit"):
        answer = client.get(path)
        assert answer.status_code == 303
        assert answer.location.startswith("/sign-in")


def test_after_signing_in_one_is_where_one_wanted_to_go(house, alice):
    client = browser(house)
    location = client.get("/leads?stage=new").location
    assert location == "/sign-in?next=/leads?stage%3Dnew"
    answer = sign_in(client, next="/leads?stage=new")
    assert (answer.status_code, answer.location) == (303, "/leads?stage=new")


@pytest.mark.parametrize(
    "place",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
     "/\t/evil.example", "leads", "/ok\r\nSet-Cookie: a=b", "https:evil.example", "/" + "x" * 600],
)  # fmt: skip
def test_nobody_is_sent_to_another_site(house, alice, place):
    assert sign_in(browser(house), next=place).location == "/today"


def test_wrong_address_wrong_password_and_closed_account_get_the_same_answer(house, alice, bea):
    person = re.search(r'action="/people/([^"/]+)" class="inline"(?:(?!</form>).)*value="close"',
                       alice.get("/people").get_data(as_text=True), re.DOTALL)[1]  # fmt: skip
    assert post(alice, f"/people/{person}", page="/people", do="close").status_code == 303
    answers = [
        sign_in(browser(house), password="wrong password here"),
        sign_in(browser(house), address="nobody@ourfirm.example"),
        sign_in(browser(house), address="bea@ourfirm.example"),
    ]
    pages = {re.sub(r'value="[^"]*"', "", one.get_data(as_text=True)) for one in answers}
    assert {one.status_code for one in answers} == {422}
    assert len(pages) == 1


def test_too_many_failures_are_stopped_even_with_the_right_password_until_time_has_passed(
    house, alice
):
    client = browser(house)
    for _ in range(8):
        assert sign_in(client, password="wrong password here").status_code == 422
    assert sign_in(client).status_code == 429
    assert sign_in(browser(house), address="other@ourfirm.example").status_code == 422
    house.machine.at += timedelta(minutes=16)
    assert sign_in(client).status_code == 303
    assert [row for row in rows(house, attempt) if row.key.startswith("address:alice")] == []


def test_the_session_before_the_sign_in_is_worth_nothing_after_it(house, alice):
    client = browser(house)
    planted = form_token(client)
    before = client.get_cookie("inboxcrm_8025").value
    sign_in(client)
    assert form_token(client, "/account") != planted
    other = browser(house)
    other.set_cookie("inboxcrm_8025", before)
    assert other.get("/").status_code == 303


def test_signing_in_again_makes_another_session(house, alice):
    with alice.session_transaction() as held:
        first = held["token"]
    sign_in(alice)
    with alice.session_transaction() as held:
        assert held["token"] != first


def test_signing_out_ends_the_session_not_only_the_cookie(house, alice):
    kept = alice.get_cookie("inboxcrm_8025").value
    assert post(alice, "/sign-out", page="/account").location == "/sign-in"
    thief = browser(house)
    thief.set_cookie("inboxcrm_8025", kept)
    assert thief.get("/").status_code == 303


@pytest.mark.parametrize(
    ("days", "uses", "is_in"), [(6, 1, True), (8, 1, False), (6, 4, True), (6, 6, False)]
)
def test_a_session_ends_after_a_week_unused_and_after_thirty_days_in_any_case(
    house, alice, days, uses, is_in
):
    for _ in range(uses):
        house.machine.at += timedelta(days=days)
        answer = alice.get("/")
    assert (answer.status_code == 200) is is_in


def test_a_session_elsewhere_can_be_ended_and_a_strangers_cannot(house, alice, bea):
    other = browser(house)
    sign_in(other)
    (theirs,) = re.findall(
        r"/account/sessions/([^/]+)/end\"", alice.get("/account").get_data(as_text=True)
    )
    assert post(bea, f"/account/sessions/{theirs}/end", page="/account").status_code == 404
    assert other.get("/").status_code == 200
    assert post(alice, f"/account/sessions/{theirs}/end", page="/account").status_code == 303
    assert other.get("/").status_code == 303
    assert alice.get("/").status_code == 200


def test_a_new_password_ends_all_other_sessions_and_the_old_one_is_good_no_more(house, alice):
    other = browser(house)
    sign_in(other)
    new = "another four words entirely"
    wrong = post(alice, "/account/password", page="/account", old="not this one", new=new)
    assert wrong.status_code == 422
    assert "This is not your password." in wrong.get_data(as_text=True)
    assert (
        post(alice, "/account/password", page="/account", old=PASSWORD, new=new).status_code == 303
    )
    assert other.get("/").status_code == 303
    assert alice.get("/").status_code == 200
    assert sign_in(browser(house)).status_code == 422
    assert sign_in(browser(house), password=new).status_code == 303


# --- people -------------------------------------------------------------------


def test_an_invitation_for_one_address_makes_no_account_for_another(house, alice):
    page = post(
        alice, "/people/invite", page="/people", role="manager", address="mira@ourfirm.example"
    )
    link = re.search(r"/welcome\?token=([\w-]+)", page.get_data(as_text=True))[1]
    client = browser(house)
    fields = {"token": link, "name": "M", "password": PASSWORD}
    at = f"/welcome?token={link}"
    assert (
        post(client, "/welcome", page=at, address="eve@ourfirm.example", **fields).status_code
        == 422
    )
    assert (
        post(client, "/welcome", page=at, address="Mira@ourfirm.example", **fields).status_code
        == 303
    )
    assert [row.role for row in rows(house, account)] == ["admin", "manager"]


def test_a_withdrawn_invitation_is_good_no_more(house, alice):
    page = post(alice, "/people/invite", page="/people", role="rep", address="").get_data(
        as_text=True
    )
    link = re.search(r"/welcome\?token=([\w-]+)", page)[1]
    withdraw = re.search(r"/people/invitations/[^\"]+/withdraw", page)[0]
    assert post(alice, withdraw, page="/people").status_code == 303
    assert browser(house).get(f"/welcome?token={link}").status_code == 403


def test_an_address_can_have_one_account_only(house, alice):
    page = post(alice, "/people/invite", page="/people", role="rep", address="").get_data(
        as_text=True
    )
    link = re.search(r"/welcome\?token=([\w-]+)", page)[1]
    fields = ALICE | {"token": link}
    assert (
        post(browser(house), "/welcome", page=f"/welcome?token={link}", **fields).status_code == 422
    )
    assert len(rows(house, account)) == 1


def test_who_forgot_the_password_gets_a_link_and_keeps_the_role(house, alice, bea):
    page = post(
        alice, "/people/invite", page="/people", role="admin", address="bea@ourfirm.example"
    )
    link = re.search(r"/welcome\?token=([\w-]+)", page.get_data(as_text=True))[1]
    client = browser(house)
    new = "entirely new four words"
    fields = {"token": link, "name": "Bea Rusk", "address": "bea@ourfirm.example", "password": new}
    assert post(client, "/welcome", page=f"/welcome?token={link}", **fields).status_code == 303
    assert [row.role for row in rows(house, account)] == ["admin", "rep"]
    assert bea.get("/").status_code == 303, "the old session has ended"
    assert sign_in(browser(house), address="bea@ourfirm.example").status_code == 422
    again = sign_in(browser(house), address="bea@ourfirm.example", password=new)
    assert again.status_code == 303


def test_the_last_admin_stays_one(house, alice, bea):
    page = alice.get("/people").get_data(as_text=True)
    people = re.findall(r'action="/people/([^"/]+)" class="inline"', page)
    answers = [post(alice, f"/people/{one}", page="/people", role="rep") for one in people]
    assert [row.role for row in rows(house, account)] == ["admin", "rep"]
    assert any("is the only admin" in one.get_data(as_text=True) for one in answers)


def test_a_closed_account_is_out_at_once(house, alice, bea):
    page = alice.get("/people").get_data(as_text=True)
    person = re.search(
        r'action="/people/([^"/]+)" class="inline"(?:(?!</form>).)*value="close"', page, re.DOTALL
    )[1]
    assert bea.get("/").status_code == 200
    post(alice, f"/people/{person}", page="/people", do="close")
    assert bea.get("/").status_code == 303
    post(alice, f"/people/{person}", page="/people", do="open")
    assert sign_in(browser(house), address="bea@ourfirm.example").status_code == 303


def test_only_admins_change_people_and_read_the_audit_log(house, alice, bea):
    assert bea.get("/people").status_code == 200
    assert "Make a link" not in bea.get("/people").get_data(as_text=True)
    token = form_token(bea, "/account")
    for path in ("/people/invite", "/people/x", "/people/invitations/x/withdraw"):
        assert bea.post(path, data={"csrf_token": token}).status_code == 403
    assert bea.get("/audit").status_code == 403
    said = alice.get("/audit").get_data(as_text=True)
    assert "Bea Rusk" in said
    assert "invited" in said


def test_failures_are_written_down_without_the_password(house, alice):
    sign_in(browser(house), password="my secret guess")
    kinds = [row.kind for row in rows(house, audit)]
    assert kinds == ["join", "sign_in_failed"]
    assert "secret" not in str(rows(house, audit))


def test_a_form_without_its_token_changes_nothing(house, alice):
    client = browser(house)
    client.get("/sign-in")
    assert (
        client.post(
            "/sign-in", data={"address": ALICE["address"], "password": PASSWORD}
        ).status_code
        == 403
    )
    assert alice.post("/sign-out", data={}).status_code == 403
    assert alice.get("/").status_code == 200


def test_nobody_becomes_another_outside_the_demo(house, alice):
    assert post(alice, "/demo/switch", page="/account", person="manager").status_code == 404


def test_behind_https_the_cookie_is_secure_and_bound_to_the_host(house):
    client = browser(house, public_url="https://crm.ourfirm.example")
    answer = client.get("/sign-in", base_url="https://crm.ourfirm.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-inboxcrm=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert answer.headers["Strict-Transport-Security"]


def test_a_program_that_asks_too_fast_is_told_to_wait(house, alice):
    client = browser(house, requests_per_minute=5)
    codes = [client.get("/healthz").status_code for _ in range(7)]
    assert codes == [200] * 5 + [429] * 2
    answer = client.get("/healthz")
    assert 1 <= int(answer.headers["Retry-After"]) <= 12
    house.machine.at += timedelta(seconds=13)
    assert client.get("/healthz").status_code == 200


def test_the_sidebar_may_stand_beside_the_pages_named_in_the_settings_and_nothing_else_anywhere(
    house, alice
):
    client = browser(house, sidebar_origins=("https://mail.google.com", "chrome-extension://abc"))
    client.set_cookie("inboxcrm_8025", alice.get_cookie("inboxcrm_8025").value)
    framed = client.get("/sidebar").headers["Content-Security-Policy"]
    assert framed.endswith("frame-ancestors 'self' https://mail.google.com chrome-extension://abc")
    for path in ("/", "/sign-in", "/account", "/people", "/leads"):
        assert (
            client.get(path).headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
        )
