"""The review queue by its forms, with and without htmx: each answer, in bulk, rules with their rehearsal, undo, bad input."""

from __future__ import annotations

import re

import pytest

from inboxcrm.services.reviewing import answer
from inboxcrm.views.leads import lead_list
from inboxcrm.views.review import review_page
from tests.statements import statements_seen
from tests.web.house import YOU, House, hidden_fields, walk_in

HTMX = {"HX-Request": "true"}
INFO, HOME = "info@hafen.example", "bob.tanaka@gmail.com"
BOXES = {"rules": "/review/rules"}


@pytest.fixture
def house(house: House) -> House:
    house.deliver(f"Bob Tanaka {HOME}", "From home", hours_ago=20)
    house.deliver("Office office@hafen.example", "Bills", hours_ago=10)
    house.sync()
    return house


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


def queue(house: House) -> list[str]:
    return [one.address for one in review_page(house.desk, YOU).items]


def ids(house: House) -> dict[str, str]:
    return {one.address: one.id for one in review_page(house.desk, YOU).items}


def fields(client, path: str = "/review", action: str = "/review/answer") -> dict[str, str]:
    return hidden_fields(text_of(client.get(path)), action)


def send(client, do: str, headers=HTMX, path: str = "/review", **more):
    data = fields(client, path) | {"do": do} | more
    return client.post("/review/answer", data=data, headers=headers)


def undo(client, page: str):
    data = hidden_fields(page, "/review/undo")
    return client.post("/review/undo", data=data, headers=HTMX)


def test_the_queue_shows_who_why_and_the_mail(client):
    page = text_of(client.get("/review"))
    assert "3 senders wait for your word" in page
    assert page.index(INFO) < page.index(HOME) < page.index("office@hafen.example")
    assert "somebody of the same name writes from bob@kitaura.example" in page
    assert "Anfrage" in page
    assert "Add to <bdi>Bob Tanaka</bdi>" in page


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("lead", "Info Desk</bdi>|Info Desk is a lead now"),
        ("ignore", "info@hafen.example is ignored from now on"),
        ("later", "Info Desk is set aside until 21 May"),
    ],
)
def test_one_answer_and_its_undo(client, house, what, said):
    page = text_of(send(client, f"{what}:{ids(house)[INFO]}"))
    assert said.rpartition("|")[2] in page
    assert "2 senders wait" in page
    assert INFO not in queue(house)
    assert "Taken back" in text_of(undo(client, page))
    assert queue(house) == [INFO, HOME, "office@hafen.example"]


def test_an_answer_without_script_leads_back_to_the_queue(client, house):
    sent = send(client, f"ignore:{ids(house)[INFO]}", headers={})
    assert (sent.status_code, sent.location) == (303, "/review")
    page = text_of(client.get("/review"))
    assert "is ignored from now on" in page
    assert 'name="token"' in page
    assert "is ignored from now on" not in text_of(client.get("/review")), "a toast is shown once"


def test_an_address_is_added_to_the_lead_that_matches(client, house):
    page = text_of(client.get("/review"))
    button = re.search(r'value="(join:[^"]+)"', page)[1]
    assert "bob.tanaka@gmail.com added to Bob Tanaka" in text_of(send(client, button))
    assert HOME not in queue(house)


def test_an_address_is_added_to_a_lead_that_was_searched_for(client, house):
    path = f"/review/match/{ids(house)[INFO]}?place=queue"
    page = text_of(client.get(path))
    assert "Whose address is <bdi>info@hafen.example</bdi>?" in page
    page = text_of(client.get(f"{path}&lead=ines"))
    button = re.search(r'value="(join:[^"]+)"', page)[1]
    data = hidden_fields(page, "/review/answer") | {"do": button}
    assert client.post("/review/answer", data=data).status_code == 303
    assert "added to Ines Duarte" in text_of(client.get("/review"))
    assert "No lead found" in text_of(client.get(f"{path}&lead=zzzz"))


def test_several_are_answered_at_once_and_taken_back_at_once(client, house):
    known = ids(house)
    data = fields(client) | {"do": "lead:picked", "pick": [known[INFO], known[HOME]]}
    before = len(lead_list(house.desk, YOU).rows)
    page = text_of(client.post("/review/answer", data=data, headers=HTMX))
    assert "2 added as leads" in page
    assert len(lead_list(house.desk, YOU).rows) == before + 2
    undo(client, page)
    assert len(lead_list(house.desk, YOU).rows) == before
    assert len(queue(house)) == 3


def test_nobody_chosen_is_said_and_changes_nothing(client, house):
    sent = send(client, "ignore:picked")
    assert sent.status_code == 422
    assert "Nobody is chosen" in text_of(sent)
    assert len(queue(house)) == 3


@pytest.mark.parametrize(
    "do", ["", "lead", "lead:", "boom:x", "lead:made-up", "join:made-up:x", "lead:picked"]
)
def test_answers_there_are_not_change_nothing(client, house, do):
    sent = send(client, do, pick="made-up" if do.endswith("picked") else "")
    assert sent.status_code in {409, 422}
    assert "3 senders wait" in text_of(sent), "the queue stays in sight"
    assert len(queue(house)) == 3


def test_a_form_sent_twice_is_answered_once(client, house):
    data = fields(client) | {"do": f"lead:{ids(house)[INFO]}"}
    first = text_of(client.post("/review/answer", data=data, headers=HTMX))
    second = text_of(client.post("/review/answer", data=data, headers=HTMX))
    assert "Info Desk is a lead now" in first
    assert "Info Desk is a lead now" in second


def test_somebody_elses_answer_is_told_and_not_overwritten(client, house):
    data = fields(client) | {"do": f"ignore:{ids(house)[INFO]}"}
    answer(house.desk, YOU, [ids(house)[INFO]], "lead")
    page = text_of(client.post("/review/answer", data=data, headers=HTMX))
    assert "somebody answered this already" in page


def test_a_change_needs_the_token_of_our_own_page(client, house):
    data = {"do": f"ignore:{ids(house)[INFO]}", "place": "queue"}
    assert client.post("/review/answer", data=data).status_code == 403
    for path in ("/review/undo", "/review/rules", "/review/rules/x/drop"):
        assert client.post(path, data={}).status_code == 403
    assert len(queue(house)) == 3


@pytest.mark.parametrize(
    "path",
    ["/review", "/review/expired", "/review/later", "/review/ignored", "/review/rules", "/today"],
)
def test_strangers_see_nothing(stranger, path):
    assert "hafen" not in text_of(stranger.get(path))
    assert stranger.get(path).status_code in {303, 403}


# --- rules -------------------------------------------------------------------


def test_a_rule_shows_what_it_changes_before_it_is_made(client, house):
    path = "/review/rules/new?place=queue&for=hafen.example&outcome=ignored"
    page = text_of(client.get(path))
    assert "Ignore everybody at <bdi>hafen.example</bdi>?" in page
    assert "2 addresses change now" in page
    assert len(queue(house)) == 3
    data = hidden_fields(page, "/review/rules")
    made = client.post("/review/rules", data=data, headers=HTMX)
    assert "Everybody at hafen.example is ignored from now on" in text_of(made)
    assert queue(house) == [HOME]
    undo(client, text_of(made))
    assert len(queue(house)) == 3


def test_a_rule_that_would_do_something_else_by_now_is_shown_anew(client, house):
    path = "/review/rules/new?place=queue&for=hafen.example&outcome=ignored"
    data = hidden_fields(text_of(client.get(path)), "/review/rules")
    house.deliver("Sales sales@hafen.example", "Offer", hours_ago=1)
    house.sync()
    sent = client.post("/review/rules", data=data)
    page = text_of(sent)
    assert sent.status_code == 409
    assert "the rule would now change something else" in page
    assert "3 addresses change now" in page
    again = client.post("/review/rules", data=hidden_fields(page, "/review/rules"))
    assert again.status_code == 303


@pytest.mark.parametrize(
    "domain", ["gmail.com", "ourfirm.example", "nonsense", "<script>alert(1)</script>", ""]
)
def test_a_domain_no_rule_can_be_made_of_is_said_beside_what_was_typed(client, domain):
    sent = client.get("/review/rules/new", query_string={"for": domain, "outcome": "ignored"})
    page = text_of(sent)
    assert sent.status_code == 422
    assert 'class="problem"' in page
    assert "<script>alert" not in page
    if domain.isascii() and "<" not in domain:
        assert f'name="for" value="{domain}"' in page


def test_rules_are_listed_and_taken_back_after_a_look(client, house):
    data = hidden_fields(
        text_of(client.get("/review/rules/new?place=rules&for=hafen.example&outcome=ignored")),
        "/review/rules",
    )
    client.post("/review/rules", data=data)
    page = text_of(client.get("/review/rules"))
    assert "<bdi>hafen.example</bdi></b> is ignored" in page
    assert "You</bdi> said so" in page
    assert "decides 2 addresses" in page
    href = re.search(r'href="(/review/rules/new\?place=rules[^"]+)"', page)[1].replace("&amp;", "&")
    look = text_of(client.get(href))
    assert "Take back the rule for" in look
    action = re.search(r'action="(/review/rules/\w+/drop)"', look)[1]
    sent = client.post(action, data=hidden_fields(look, action), headers=HTMX)
    assert "The rule for everybody at hafen.example is taken back" in text_of(sent)
    assert len(queue(house)) == 3
    undo(client, text_of(sent))
    assert queue(house) == [HOME]


# --- the ignored -------------------------------------------------------------


def test_the_ignored_are_found_and_brought_back(client, house):
    page = text_of(client.get("/review/ignored"))
    assert "Ignored because only newsletters and lists came from there." in page
    page = text_of(client.get("/review/ignored?find=news@"))
    button = re.search(r'value="(review:[^"]+)"', page)[1]
    sent = text_of(send(client, button, path="/review/ignored?find=news@"))
    assert "Product Weekly is back in the review queue" in sent
    assert "news@weekly.example" in queue(house)
    undo(client, sent)
    assert "news@weekly.example" not in queue(house)
    assert "Nobody ignored begins like that" in text_of(client.get("/review/ignored?find=zzz"))


# --- other people's words, and what it costs ----------------------------------


def test_names_and_subjects_of_strangers_stay_what_they_are(house):
    evil = "<img src=x onerror=alert(1)>\u202eevil"
    house.deliver(
        f"{evil} info@evil.example", f'"><script>alert(2)</script>{evil}', f"{evil}", hours_ago=1
    )
    house.sync()
    client = walk_in(house.app().test_client())
    known = ids(house)["info@evil.example"]
    pages = [text_of(client.get(path)) for path in ("/review", "/today", f"/review/match/{known}")]
    pages.append(text_of(send(client, f"ignore:{known}")))
    pages.append(text_of(client.get("/review/ignored")))
    for page in pages:
        assert "<img src=x" not in page
        assert "<script>alert" not in page
        assert "\u202e" not in page


def test_the_queue_costs_the_same_few_or_many(client, house):
    def asked(path: str) -> int:
        with statements_seen() as statements:
            assert client.get(path).status_code == 200
        return len(statements)

    paths = (
        "/review",
        "/review/ignored",
        "/review/rules",
        "/review/expired",
        "/review/later",
        "/today",
    )
    for path in paths:
        client.get(path)
    few = {path: asked(path) for path in paths}
    for number in range(30):
        house.deliver(f"Info info@firm{number}.example", "Hello", hours_ago=5 + number)
    house.sync()
    assert {path: asked(path) for path in paths} == few
