"""The tabs over the list, as a browser without script and as htmx get them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.web.house import House, path_of, walk_in
from tests.web.test_inbox import news_of, rows, text_of

EVIL = '<script>window.pwned = true</script><img src=x onerror="pwned()">'


def subjects(page: str) -> list[str]:
    found = [
        re.search(r'class="subject"><span class="cut"><bdi>(.*?)</bdi>', row) for row in rows(page)
    ]
    return [match[1] for match in found if match]


def tabs(page: str) -> dict[str, tuple[str, str]]:
    """Key -> (href, what it says)."""
    found = re.findall(r'<a id="tab-([a-z-]+)"[^>]*? href="([^"]+)"[^>]*>(.*?)</a>', page)
    return {key: (href, re.sub("<[^>]+>", "", text)) for key, href, text in found}


def current_tabs(page: str) -> list[str]:
    return re.findall(r'<a id="tab-([a-z-]+)"[^>]*aria-current="page"', page)


SHOWN = {
    "waiting": ["Demo next week?", "Pricing for 40 seats", "Anfrage"],
    "waiting-them": ["Security questionnaire"],
    "leads": ["Demo next week?", "Pricing for 40 seats", "Security questionnaire"],
    "unknown": ["Anfrage"],
    "mine": [],
}


@pytest.mark.parametrize("show", SHOWN)
def test_each_filter_has_an_address(client, show):
    page = text_of(client.get(f"/?show={show}"))
    assert subjects(page) == SHOWN[show]
    assert current_tabs(page) == [show]


@pytest.mark.parametrize("show", ["all", "team", "", "nonsense", EVIL, "x" * 5000])
def test_everything_is_shown_for_all_and_for_what_nobody_knows(client, show):
    page = text_of(client.get("/", query_string={"show": show}))
    assert len(rows(page)) == 5
    assert current_tabs(page) == ["all"]
    assert "pwned" not in page


def test_the_tabs_are_links_that_say_how_many(client):
    found = tabs(text_of(client.get("/")))
    assert found["waiting"] == ("/?show=waiting", "Waiting on us 3")
    assert found["unknown"] == ("/?show=unknown", "Unknown 1")
    assert found["all"] == ("/", "All")
    assert found["mine"] == ("/?show=mine", "Mine")


def test_the_list_beside_an_open_mail_stays_narrowed(client):
    row = rows(text_of(client.get("/?show=waiting")))[1]
    path = re.search(r'href="([^"]+)"', row)[1]
    assert path.endswith("?show=waiting")
    page = text_of(client.get(path))
    assert subjects(page) == SHOWN["waiting"]
    assert 'aria-current="true"' in rows(page)[1]
    thread = path.partition("?")[0]
    assert f'class="button quiet back" href="/?show=waiting#t-{thread.rpartition("/")[2]}"' in page
    assert f'href="{thread}/panel?show=waiting"' in page
    assert tabs(page)["leads"][0] == f"{thread}?show=leads"
    assert tabs(page)["all"][0] == thread
    panel = text_of(client.get(f"{thread}/panel?show=waiting"))
    assert f'class="button quiet back" href="{thread}?show=waiting"' in panel


def test_htmx_gets_the_list_alone_and_the_open_mail_stays(client):
    asked = {"HX-Request": "true", "HX-Target": "list"}
    page = text_of(client.get("/?show=leads", headers=asked))
    assert subjects(page) == SHOWN["leads"]
    assert "<html" not in page
    assert 'id="subject"' not in page
    assert "<title>Leads" in page
    thread = path_of(client, "Pricing")
    page = text_of(client.get(f"{thread}?show=leads", headers=asked))
    assert 'aria-current="true"' in next(row for row in rows(page) if "Pricing" in row)
    assert tabs(page)["unknown"][0] == f"{thread}?show=unknown"
    assert "<title>" not in page


@pytest.mark.parametrize(
    ("show", "said", "way"),
    [
        ("waiting", "Nobody waits for you", 'href="/"'),
        ("waiting-them", "Nobody owes you an answer", 'href="/?show=waiting"'),
        ("leads", "No mail of leads yet", 'href="/"'),
        ("unknown", "Everybody is known", 'href="/?show=leads"'),
        ("mine", "Nothing is yours yet", 'href="/leads"'),
        ("all", "No mail here yet", ""),
    ],
)
def test_an_empty_filter_says_what_it_means_and_what_comes_next(
    empty_house: House, show, said, way
):
    client = walk_in(empty_house.app().test_client())
    page = text_of(client.get(f"/?show={show}"))
    empty = page[page.index('<div class="empty">') :]
    assert said in empty
    assert way in empty
    assert not any(count for _, count in re.findall(r'(class="count">)(\d+)', page))


def test_pages_go_back_within_the_filter(empty_house: House):
    for number in range(60):
        empty_house.deliver(
            f"Bob Tanaka bob{number}@kitaura.example", f"Matter {number:02}", hours_ago=number + 1
        )
    empty_house.sync()
    client = walk_in(empty_house.app().test_client())
    first = text_of(client.get("/?show=waiting"))
    older = re.search(r'id="older" href="([^"]+)"', first)[1].replace("&amp;", "&")
    assert older.startswith("/?show=waiting&before=")
    second = text_of(client.get(older))
    assert subjects(first) + subjects(second) == [f"Matter {number:02}" for number in range(60)]
    assert 'href="/?show=waiting">Back to the newest' in second
    assert current_tabs(second) == ["waiting"]
    assert "hx-trigger" not in second


def test_a_filters_news_are_its_own(house: House, client):
    thread = path_of(client, "Demo next week")
    page = text_of(client.get(f"{thread}?show=waiting"))
    url = news_of(page)
    assert "show=waiting" in url
    assert url.endswith(f"open={thread.rpartition('/')[2]}")
    assert client.get(url).status_code == 204
    house.deliver("Erin Walsh erin@away.example", "Are you there?", hours_ago=0)
    house.sync()
    fresh = text_of(client.get(url))
    assert subjects(fresh) == ["Are you there?", *SHOWN["waiting"]]
    assert tabs(fresh)["waiting"][1] == "Waiting on us 4"
    assert tabs(fresh)["leads"][0] == f"{thread}?show=leads"
    assert 'aria-current="true"' in next(row for row in rows(fresh) if "Demo next week" in row)
    assert client.get(news_of(fresh)).status_code == 204


def test_a_snoozed_lead_comes_back_on_its_day(house: House, client):
    from sqlalchemy import update

    from inboxcrm.store.clocks import to_ms
    from inboxcrm.store.tables import lead

    until = to_ms(house.clock.at + timedelta(days=1))
    with house.database.write() as tx:
        tx.execute(update(lead).where(lead.c.name == "Ines Duarte").values(snoozed_until_at=until))
    assert "Demo next week?" not in subjects(text_of(client.get("/?show=waiting")))
    assert "Demo next week?" in subjects(text_of(client.get("/?show=leads")))
    house.clock.at += timedelta(days=1, minutes=1)
    assert "Demo next week?" in subjects(text_of(client.get("/?show=waiting")))


def test_what_strangers_wrote_is_only_text_in_every_filter(empty_house: House):
    empty_house.deliver(f"{EVIL} mallory@evil.example", EVIL, EVIL, hours_ago=1)
    empty_house.deliver(f"{EVIL} info@evil.example", EVIL, EVIL, hours_ago=2)
    empty_house.sync()
    client = walk_in(empty_house.app().test_client())
    for show in ("all", *SHOWN):
        page = text_of(client.get(f"/?show={show}"))
        assert "<script>window" not in page
        assert "<img src=x" not in page


def test_every_key_is_told_of(client):
    page = text_of(client.get("/"))
    dialog = page[page.index('<dialog id="keys"') : page.index("</dialog>")]
    told = re.findall(r"<kbd>([^<]+)</kbd>", dialog)
    assert {"j", "k", "Enter", "e", "u", "/", "?", "Esc", "n", "t", "s", "p", "d"} == set(told)
    assert '<dialog id="keys" aria-labelledby="keys-title">' in page
    panel = text_of(client.get(path_of(client, "Pricing")))
    for key in "entsd":
        assert key == "n" or f'data-key="{key}"' in panel
    assert panel.count('data-key="e"') == 1
    assert "No answer needed" in panel
