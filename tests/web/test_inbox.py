"""The list, the open mail and the frame of its HTML, as a browser without script gets them."""

from __future__ import annotations

import re

import pytest

from tests.web.house import House, path_of, walk_in


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


def rows(page: str) -> list[str]:
    return re.findall(r'<a class="row".*?</a></li>', page, re.DOTALL)


def test_the_newest_thread_comes_first_with_its_lead(client):
    found = rows(text_of(client.get("/")))
    assert len(found) == 5
    assert "Ines Duarte" in found[0]
    assert "Pricing for 40 seats" in found[1]
    assert 'class="chip stage-1' in found[1]
    assert "late" in found[1]


def test_the_list_says_why_somebody_is_no_lead(client):
    page = text_of(client.get("/"))
    assert "in review" in next(row for row in rows(page) if "Anfrage" in row)
    assert "newsletter" in next(row for row in rows(page) if "Issue 212" in row)


def test_beside_the_list_stands_who_waits_for_us_longest_first(client):
    page = text_of(client.get("/"))
    waiting = page[page.index('class="waiting"') :]
    assert "3 threads wait" in page
    assert waiting.index("Anfrage") < waiting.index("Pricing") < waiting.index("Demo next week")


def test_times_are_short_and_carry_the_full_date(client):
    page = text_of(client.get("/"))
    assert (
        '<time datetime="2026-05-14T13:30:00+00:00" title="Thu 14 May 2026, 13:30">2 h</time>'
        in page
    )


def test_one_click_opens_the_mail_with_the_lead_beside_it(client):
    page = text_of(client.get(path_of(client, "Pricing")))
    assert "Could you send the quote by Friday?" in page
    assert (
        '<a href="https://kitaura.example/board?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow">'
        in page
    )
    assert "Open in Gmail" in page
    assert "Seat plan.xlsx" in page
    assert "48 kB" in page
    panel = page[page.index('id="panel"') :]
    assert "Bob Tanaka" in panel
    assert "Lead because" in panel
    assert 'aria-current="true"' in page


def test_the_quoted_past_is_folded(client):
    page = text_of(client.get(path_of(client, "Pricing")))
    folded = re.findall(
        r'<details class="fold"><summary>Show the quoted mail</summary>(.*?)</details>',
        page,
        re.DOTALL,
    )
    assert len(folded) == 1
    assert "the prices are below" in folded[0]


def test_only_the_last_mails_of_a_thread_are_unfolded(client):
    page = text_of(client.get(path_of(client, "Pricing")))
    opened = re.findall(r'<details class="message" id="[^"]+"( open)?>', page)
    assert opened == ["", " open", " open"]


def test_the_panel_has_an_address_of_its_own_for_small_screens(client):
    path = path_of(client, "Pricing")
    assert f'href="{path}/panel"' in text_of(client.get(path))
    page = text_of(client.get(f"{path}/panel"))
    assert 'data-pane="panel"' in page
    assert f'class="button quiet back" href="{path}"' in page


def test_one_of_several_people_can_be_looked_at(client):
    path = path_of(client, "Pricing")
    page = text_of(client.get(f"{path}?person=1"))
    panel = page[page.index('id="panel"') :]
    assert "Add as lead" in panel
    assert 'value="carla@kitaura.example"' in panel


@pytest.mark.parametrize("person", ["9", "-1", "x", "²", "1" * 500])
def test_a_person_who_is_not_there_shows_the_first(client, person):
    answer = client.get(path_of(client, "Pricing"), query_string={"person": person})
    assert answer.status_code == 200
    assert "Lead because" in text_of(answer)


@pytest.mark.parametrize(
    "path",
    [
        "/threads/nothing",
        "/threads/aaaaaaaaaaaaa",
        "/messages/aaaaaaaaaaaaa/body",
        "/leads/aaaaaaaaaaaaa",
    ],
)
def test_what_is_not_there_is_said_plainly(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "There is no such" in text_of(answer)


def test_the_frame_of_a_mail_has_a_policy_of_its_own(client):
    page = text_of(client.get(path_of(client, "Issue 212")))
    frame = re.search(r'<iframe class="frame" sandbox="([^"]*)" src="([^"]+)"', page)
    assert "allow-scripts" not in frame[1]
    assert "allow-forms" not in frame[1]
    assert "allow-top-navigation" not in frame[1]
    answer = client.get(frame[2])
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "img-src data:;" in policy
    assert "script-src" not in policy
    assert "sandbox allow-same-origin allow-popups" in policy
    assert "frame-ancestors 'self'" in policy


def test_images_are_fetched_only_when_asked_for(empty_house: House):
    empty_house.deliver(
        "Ines Duarte ines@mares.example",
        "Look",
        html='<p>Hi</p><img src="https://cdn.example/a.png" alt="A">',
    )
    empty_house.sync()
    client = walk_in(empty_house.app().test_client())
    body = re.search(r'src="(/messages/[^"]+)"', text_of(client.get(path_of(client, "Look"))))[1]
    first, second = client.get(body), client.get(f"{body}?images=1")
    assert "1 remote image is not loaded" in text_of(first)
    assert "tells <bdi>cdn.example</bdi> that you read this mail" in text_of(first)
    assert "https://cdn.example" not in text_of(first)
    assert 'src="https://cdn.example/a.png"' in text_of(second)
    assert "img-src data: https: http:;" in second.headers["Content-Security-Policy"]


HOSTILE = '<script>window.pwned = true</script> \u202eevil\u202c "quoted" '


def test_a_hostile_mail_is_only_text(empty_house: House):
    empty_house.deliver(
        f"{HOSTILE} bob@kitaura.example",
        HOSTILE + "x" * 1_000_000,
        HOSTILE + "\x07",
    )
    empty_house.sync()
    client = walk_in(empty_house.app().test_client())
    path = re.search(r'<a class="row"[^>]*href="([^"]+)"', text_of(client.get("/")))[1]
    for answer in (
        client.get("/"),
        client.get(path),
        client.get("/leads"),
        client.get("/search?q=evil"),
    ):
        page = text_of(answer)
        assert answer.status_code == 200
        assert "<script>window" not in page
        assert "\u202e" not in page
        assert len(page) < 60_000


def test_older_threads_are_a_page_further(empty_house: House):
    for number in range(60):
        empty_house.deliver(
            f"Bob Tanaka bob{number}@kitaura.example", f"Matter {number:02}", hours_ago=number + 1
        )
    empty_house.sync()
    client = walk_in(empty_house.app().test_client())
    first = text_of(client.get("/"))
    assert "Matter 00" in first
    assert "Matter 59" not in first
    older = re.search(r'href="(/\?before=[^"]+)"', first)[1].replace("&amp;", "&")
    second = text_of(client.get(older))
    assert "Matter 59" in second
    assert "Matter 00" not in second
    assert "hx-trigger" not in second, "an older page must not be replaced by the newest threads"


def test_a_made_up_cursor_shows_the_newest(client):
    assert len(rows(text_of(client.get("/?before=zzz")))) == 5


def news_of(page: str) -> str:
    return re.search(r'hx-get="(/news\?[^"]+)"', page)[1].replace("&amp;", "&")


def test_nothing_new_costs_an_empty_answer(client):
    url = news_of(text_of(client.get("/")))
    answer = client.get(url)
    assert (answer.status_code, answer.data) == (204, b"")


def test_new_mail_appears_in_the_list_and_is_announced(house: House, client):
    url = news_of(text_of(client.get("/")))
    house.deliver("Erin Walsh erin@away.example", "Are you there?", hours_ago=0)
    house.sync()
    page = text_of(client.get(url))
    assert "Are you there?" in rows(page)[0]
    assert 'id="rows" hx-swap-oob="innerHTML"' in page
    assert "New mail from Erin Walsh: Are you there?" in page
    assert client.get(news_of(page)).status_code == 204


def test_the_open_thread_stays_marked_when_the_list_is_refreshed(house: House, client):
    page = text_of(client.get(path_of(client, "Demo next week")))
    house.deliver("Erin Walsh erin@away.example", "Are you there?", hours_ago=0)
    house.sync()
    fresh = rows(text_of(client.get(news_of(page))))
    assert ['aria-current="true"' in row for row in fresh].count(True) == 1
    assert 'aria-current="true"' in next(row for row in fresh if "Demo next week" in row)


def test_while_a_mailbox_is_first_read_the_page_says_how_far(empty_house: House, monkeypatch):
    from inboxcrm.views.mailboxes import MailboxState

    state = MailboxState(
        "sales",
        "alice@ourfirm.example",
        "gmail",
        "listing",
        600,
        600,
        412,
        188,
        0,
        0,
        "",
        needs_login=False,
        is_first=True,
    )
    monkeypatch.setattr("inboxcrm.web.news.mailbox_states", lambda *_, **_more: (state,))
    page = text_of(walk_in(empty_house.app().test_client()).get("/"))
    assert (
        re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page)).count(
            "412 of 600 messages read from sales"
        )
        == 1
    )
    assert '<progress max="600" value="412"' in page
    assert "every 2s" in page


def test_a_mailbox_in_trouble_is_said_on_the_page(empty_house: House, monkeypatch):
    from inboxcrm.views.mailboxes import MailboxState

    state = MailboxState(
        "sales",
        "",
        "gmail",
        "live",
        0,
        5,
        5,
        0,
        0,
        0,
        "Consent was taken back. Run inboxcrm connect gmail.",
        needs_login=True,
        is_first=False,
    )
    monkeypatch.setattr("inboxcrm.web.news.mailbox_states", lambda *_, **_more: (state,))
    page = text_of(walk_in(empty_house.app().test_client()).get("/"))
    assert "Consent was taken back. Run inboxcrm connect gmail." in page
    assert 'role="alert"' in page


def test_an_empty_house_says_what_comes_next(empty_house: House):
    page = text_of(walk_in(empty_house.app().test_client()).get("/"))
    assert "No mail here yet" in page
    page = text_of(walk_in(empty_house.app().test_client()).get("/leads"))
    assert "No leads yet" in page


def test_htmx_gets_the_mail_without_the_list(client):
    answer = client.get(path_of(client, "Demo next week"), headers={"HX-Request": "true"})
    page = text_of(answer)
    assert "<html" not in page
    assert "<title>Demo next week" in page
    assert 'id="panel"' in page
    assert not rows(page)
