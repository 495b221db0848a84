"""Saved views by their pages: saved, opened, changed, shared, refused, deleted and brought back, without script."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert

from inboxcrm.store.tables import saved_view
from tests.statements import statements_seen
from tests.web.house import hidden_fields
from tests.web.merging import seen, text_of

EVIL = "<img src=x onerror=alert(1)>\u202e{{ 7*7 }}"
SHEET = "/pipeline/sheet?filter=owner+is+me&sort=value&down=1&group=stage&columns=value%2Cclose"


def save(client: FlaskClient, name: str, path: str = SHEET, **more: str):
    fields = hidden_fields(text_of(client.get(path)), "/pipeline/views")
    return client.post("/pipeline/views", data=fields | {"name": name} | more)


def id_of(answer) -> str:
    return re.search(r"view=(\w+)", answer.location)[1]


def change(client: FlaskClient, view_id: str, what: str, path: str = "", **more: str):
    page = text_of(client.get(path or f"/pipeline/views/{view_id}", follow_redirects=True))
    fields = hidden_fields(page, f"/pipeline/views/{view_id}")
    return client.post(f"/pipeline/views/{view_id}", data=fields | {"do": what} | more)


def test_a_page_is_saved_and_opened_as_it_was(client, house):
    saved = save(client, "My big ones")
    assert saved.status_code == 303
    page = text_of(client.get(saved.location))
    assert "My big ones is saved" in page
    opened = client.get(f"/pipeline/views/{id_of(saved)}")
    assert opened.status_code == 303
    for part in (
        "filter=owner+is+me",
        "sort=value",
        "down=1",
        "group=stage",
        "columns=value%2Cclose",
    ):
        assert part in opened.location
    page = text_of(client.get(opened.location))
    assert re.search(r'aria-current="true"><bdi>My big ones', page)
    assert "changed since it was saved" not in page
    assert "only for you" in page


@pytest.mark.parametrize("path", ["/pipeline?filter=value+%3E+5", "/pipeline/numbers?days=30"])
def test_board_and_numbers_are_saved_too(client, house, path):
    opened = client.get(f"/pipeline/views/{id_of(save(client, 'Mine', path))}").location
    assert set(path.split("?")[1].split("&")) < set(opened.split("?")[1].split("&"))
    assert client.get(opened).status_code == 200


def test_what_is_changed_is_said_and_saved_and_can_be_left(client, house):
    view = id_of(save(client, "Mine"))
    moved = f"/pipeline/sheet?view={view}&filter=value+%3E+5"
    page = text_of(client.get(moved))
    assert "changed since it was saved" in page
    assert f'href="/pipeline/views/{view}">As it was saved' in page
    assert change(client, view, "save", moved).status_code == 303
    opened = client.get(f"/pipeline/views/{view}").location
    assert opened == f"/pipeline/sheet?filter=value+%3E+5&view={view}"
    assert "changed since" not in text_of(client.get(opened))
    # Turning pages and looking at a past day is no change of a view.
    assert "changed since" not in text_of(client.get(f"{opened}&page=2&as_of=2026-05-08"))


def test_a_view_is_renamed_and_two_hear_of_each_other(client, house):
    view = id_of(save(client, "Mine"))
    save(client, "Other")
    old = hidden_fields(
        text_of(client.get(f"/pipeline/views/{view}", follow_redirects=True)),
        f"/pipeline/views/{view}",
    )
    assert change(client, view, "rename", name="Ours").status_code == 303
    late = client.post(
        f"/pipeline/views/{view}",
        data=old | {"do": "rename", "name": "Late", "idempotency_key": "x"},
    )
    assert late.status_code == 409
    assert "Somebody changed this view" in seen(late)
    taken = change(client, view, "rename", name="OTHER")
    assert taken.status_code == 422
    page = text_of(taken)
    assert re.search(r'name="name" value="OTHER"[^>]*aria-invalid', page)
    assert "There is a view &#34;OTHER&#34; already" in page


@pytest.mark.parametrize("name", ["", "x" * 5_000, " \u202e "])
def test_a_name_that_cannot_be_taken_is_said_beside_it_and_what_was_typed_stays(
    client, house, name
):
    answer = save(client, name, shared="1")
    page = text_of(answer)
    assert answer.status_code == 422
    assert 'id="view-make-wrong" role="alert"' in page
    assert f'name="name" value="{name[:1000]}"' in page
    assert 'name="shared" value="1" checked' in page


def test_what_cannot_be_asked_is_not_saved(client, house):
    fields = hidden_fields(text_of(client.get("/pipeline/sheet")), "/pipeline/views")
    answer = client.post("/pipeline/views", data=fields | {"name": "Bad", "filter": "stge is new"})
    assert answer.status_code == 422
    assert "stge" in seen(answer)
    assert "There is no view yet" in text_of(client.get("/pipeline/views"))


def test_the_same_form_sent_twice_saves_one_view(client, house):
    fields = hidden_fields(text_of(client.get(SHEET)), "/pipeline/views") | {"name": "Once"}
    first, second = (client.post("/pipeline/views", data=fields) for _ in range(2))
    assert first.location == second.location
    assert text_of(client.get("/pipeline/views")).count(">Once<") == 1


def test_a_shared_view_opens_for_others_and_others_only_open_it(house, alice, bea):
    view = id_of(save(alice, "Ours"))
    hidden = bea.get(f"/pipeline/views/{view}")
    assert hidden.status_code == 404
    assert "not shared with you" in seen(hidden)
    assert "Ours" not in text_of(bea.get("/pipeline/sheet"))
    # The address says what is asked; the view's name stays with whoever may see it.
    leaked = text_of(bea.get(f"/pipeline/sheet?view={view}&filter=value+%3E+5"))
    assert "Ours" not in leaked
    assert change(alice, view, "share").status_code == 303
    opened = bea.get(f"/pipeline/views/{view}", follow_redirects=True)
    page = text_of(opened)
    assert "by <bdi>Alice Berg</bdi>" in page
    assert "Rename it" not in page
    fields = hidden_fields(page, "/pipeline/views") | {
        "do": "rename",
        "name": "Hers",
        "version": "2",
    }
    for what in ("rename", "save", "unshare", "delete"):
        answer = bea.post(
            f"/pipeline/views/{view}", data=fields | {"do": what, "idempotency_key": what}
        )
        assert answer.status_code == 422
        assert "may open it, not change it" in seen(answer)
    assert change(alice, view, "unshare").status_code == 303
    assert bea.get(f"/pipeline/views/{view}").status_code == 404


def test_me_in_a_shared_view_is_whoever_asks(house, alice, bea):
    """And nobody sees a lead by a view that they would not see without it."""
    view = id_of(save(alice, "Ours", "/pipeline/sheet?filter=owner+is+me", shared="1"))
    lead = re.search(
        r'<th scope="row" class="c-name"><a href="/leads/(\w+)"><bdi>Bob',
        text_of(alice.get("/pipeline/sheet")),
    )[1]
    cell = text_of(alice.get(f"/pipeline/sheet?edit={lead}.owner"))
    me = re.search(r'<option value="(\w+)">Alice Berg', cell)[1]
    action = f"/pipeline/leads/{lead}/set"
    alice.post(action, data=hidden_fields(cell, action) | {"value": me})
    assert "Bob Tanaka" in text_of(alice.get(f"/pipeline/views/{view}", follow_redirects=True))
    assert (
        "Bob Tanaka"
        not in text_of(bea.get(f"/pipeline/views/{view}", follow_redirects=True)).split("<main")[1]
    )


def test_a_deleted_view_is_gone_and_brought_back(client, house):
    view = id_of(save(client, "Mine"))
    gone = change(client, view, "delete")
    assert "view=" not in gone.location
    page = text_of(client.get(gone.location))
    assert "Mine is deleted" in page
    assert client.get(f"/pipeline/views/{view}").status_code == 404
    back = client.post("/pipeline/undo", data=hidden_fields(page, "/pipeline/undo"))
    assert back.status_code == 303
    assert "Mine is back" in text_of(client.get(back.location))
    assert client.get(f"/pipeline/views/{view}").status_code == 303


def test_the_list_of_views_says_whose_they_are_and_does_the_same(client, house):
    view = id_of(save(client, EVIL))
    page = text_of(client.get("/pipeline/views"))
    assert "&lt;img" in page
    assert "<img" not in page
    assert "\u202e" not in page
    fields = hidden_fields(page, f"/pipeline/views/{view}")
    shared = client.post(f"/pipeline/views/{view}", data=fields | {"do": "share"})
    assert shared.location == "/pipeline/views"
    assert "shared with the team" in text_of(client.get("/pipeline/views"))
    answer = client.post(
        f"/pipeline/views/{view}", data=fields | {"do": "nonsense", "idempotency_key": "n"}
    )
    assert answer.status_code == 422
    for path in ("/pipeline", "/pipeline/sheet", "/pipeline/numbers"):
        page = text_of(client.get(path))
        assert "&lt;img" in page
        assert "<img" not in page


def test_two_hundred_views_are_as_dear_as_two_and_fill_no_page(client, house):
    def cost(path: str) -> tuple[int, int]:
        with statements_seen() as asked:
            page = text_of(client.get(path))
        return len(
            [one for one in asked if one.lstrip().upper().startswith(("SELECT", "WITH"))]
        ), len(page)

    view = id_of(save(client, "Mine"))
    path = f"/pipeline/sheet?view={view}"
    before, size = cost(path)
    with house.database.write() as tx:
        tx.execute(
            insert(saved_view),
            [{"account_id": 1, "name": f"A {one} {'x' * 70}", "key": f"a {one}", "page": "sheet", "made_at": 1} for one in range(199)],
        )  # fmt: skip
    after, larger = cost(path)
    assert after <= before + 1, "the view one came by is none of the first any more"
    assert larger < size + 4_000
    assert "All views" in html.unescape(text_of(client.get(path)))
    assert text_of(client.get("/pipeline/views")).count('<li><div class="what">') == 200
    refused = save(client, "One more")
    assert refused.status_code == 422
    assert "200 views already" in seen(refused)
