"""Colours that can be read, words for values, and texts of strangers that stay in their place."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from inboxcrm.views.shapes import Money, StageChip
from inboxcrm.web import filters
from inboxcrm.web.assets import ICONS, OWN, icon
from tests.web.house import NOW, House

CSS = (OWN / "app.css").read_text()
LIGHT, DARK = (
    dict(re.findall(r"(--[a-z0-9-]+): (#[0-9a-f]{6})", block))
    for block in CSS.split("prefers-color-scheme: dark")[:2]
)
DARK = LIGHT | DARK

READ = [
    *((ink, ground) for ink in ("--ink", "--ink-soft", "--ink-faint", "--accent", "--owed", "--late", "--won") for ground in ("--surface-0", "--surface-1")),
    *(("--ink-soft", ground) for ground in ("--surface-2", "--hover", "--accent-soft", "--late-soft", "--owed-soft", "--lost-soft")),
    ("--owed", "--owed-soft"), ("--late", "--late-soft"), ("--won", "--won-soft"), ("--accent", "--owed-soft"), ("--accent", "--late-soft"),
    ("--accent-ink", "--accent"), ("--accent-ink", "--accent-strong"), ("--accent", "--accent-soft"), ("--ink", "--accent-soft"),
    ("--surface-1", "--ink"), ("--surface-1", "--late"), ("--stage-deep-ink", "--stage-6"), ("--owed", "--hover"), ("--late", "--hover"), ("--ink-faint", "--hover"),
    *(("--stage-ink", f"--stage-{step}") for step in range(1, 6)),
]  # fmt: skip


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), READ)
def test_text_can_be_read(theme, ink, ground):
    assert contrast(theme[ink], theme[ground]) >= 4.5, (
        f"{ink} on {ground}: {contrast(theme[ink], theme[ground]):.2f}"
    )


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["--surface-0", "--surface-1"])
def test_fields_and_focus_can_be_seen(theme, ground):
    assert contrast(theme["--edge"], theme[ground]) >= 3
    assert contrast(theme["--accent"], theme[ground]) >= 3


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_stages_go_one_way_from_light_to_deep(theme):
    steps = [luminance(theme[f"--stage-{step}"]) for step in range(1, 7)]
    assert steps in (sorted(steps), sorted(steps, reverse=True))


@pytest.mark.parametrize(
    ("index", "of", "step"),
    [(0, 6, 1), (3, 6, 4), (5, 6, 6), (0, 1, 1), (1, 2, 6), (9, 10, 6), (4, 10, 3)],
)
def test_any_number_of_stages_spreads_over_the_six_depths(index, of, step):
    assert filters.stage_step(index, of) == step
    assert filters.stage_class(StageChip("x", "X", index, 0, stale=False, of=of)) == f"stage-{step}"


@pytest.mark.parametrize("word", sorted(ICONS))
def test_every_sign_is_in_the_sprite(word):
    drawn = str(icon(word))
    assert drawn.startswith("<svg")
    assert 'aria-hidden="true"' in drawn
    assert len(drawn) < 3000


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(seconds=-30), "now"),
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=23, minutes=59), "23 h"),
        (timedelta(days=1), "1 d"),
        (timedelta(days=13), "13 d"),
        (timedelta(days=14), "2 w"),
        (timedelta(days=60), "2 mo"),
        (timedelta(days=800), "2 y"),
    ],
)
def test_an_age_is_one_number_and_one_unit(before, said):
    assert filters.age(NOW - before, NOW) == said


def test_a_due_day_is_near_in_words_and_far_in_numbers(empty_house: House):
    with empty_house.app().app_context():
        said = [
            re.sub("<[^>]+>", "", str(filters.day(date(2026, 5, day)))) for day in (13, 14, 15, 26)
        ]
        assert said == ["yesterday", "today", "tomorrow", "26 May"]
        assert "2027" in filters.day(date(2027, 1, 2))


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1500, "1.5 kB"),
        (48211, "48 kB"),
        (2_400_000, "2.4 MB"),
    ],
)
def test_sizes_are_said_in_units(count, said):
    assert filters.size(count) == said


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Bob Tanaka", "BT"),
        ("bob@x.example", "B"),
        ("bob.tanaka@x.example", "BT"),
        ("", "?"),
        ("漢字 名", "漢名"),
        ("  ", "?"),
        ("\u202eBob", "B"),
        ("Ana Maria de la Cruz", "AC"),
    ],
)
def test_initials(name, letters):
    assert filters.initials(name) == letters


def test_a_strangers_words_are_isolated_cut_and_freed_of_what_reorders():
    said = filters.told("\u202e<b>evil</b>\u2066 \x00\x1b[0m " + "x" * 1_000_000, 40)
    assert said.startswith("<bdi>&lt;b&gt;evil&lt;/b&gt; ")
    assert said.endswith("…</bdi>")
    assert len(said) < 100
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x1b]", said)


def test_marks_of_direction_that_words_need_stay():
    assert filters.plain("שלום\u200f abc") == "שלום\u200f abc"


def test_prose_links_addresses_and_nothing_else():
    said = filters.prose(
        'See https://kitaura.example/a?b=1&c="2" (https://x.example/y). javascript:alert(1) <b>'
    )
    assert said.count("<a ") == 2
    assert 'href="https://x.example/y"' in said
    assert "&lt;b&gt;" in said
    assert "\u202f" not in said


def test_numbers_are_grouped_as_amounts_are():
    assert filters.counted(1, "message", "messages") == "1 message"
    assert filters.counted(12345, "message", "messages") == "12,345 messages"


def test_full_dates_stand_in_the_zone_of_the_house(empty_house: House):
    with empty_house.app().app_context():
        assert filters.full_date(datetime(2026, 5, 3, 9, 5, tzinfo=UTC)) == "Sun 3 May 2026, 09:05"


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("21000.00", "EUR 21,000"),
        ("99.50", "EUR 99.50"),
        ("0.00", "EUR 0"),
        ("1234567.89", "EUR 1,234,567.89"),
    ],
)
def test_money_is_written_with_groups_and_only_the_cents_there_are(amount: str, shown: str) -> None:
    assert filters.money(Money(amount, "EUR")) == shown
