"""Rendering: what stands where a value is, is blank, or is hostile."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.cadence.lint import warnings_of
from inboxcrm.cadence.names import first_name, last_name
from inboxcrm.cadence.problems import TemplateProblemsError
from inboxcrm.cadence.templates import Compiled, Missing, Rendered, compile_template, render
from inboxcrm.cadence.variables import FIXED, variables_with
from inboxcrm.leads.fields import FieldKind, LeadField

BLANKS = ["", " ", "\t\n", "\u00a0", "\u200b", "\u200e\u200f", "\u3164", "\u2800", "\u202e", "\x00", "-", "...", "None",
          "null", "NaN", "N/A", "\ufeff \u00ad", "\ufe0f"]  # fmt: skip


def made(
    text="Hi {{ first_name }},", subject="Hello", html="", fallbacks=None, **options
) -> Compiled:
    return compile_template(subject, text, html, fallbacks or {}, **options)


def test_a_mail_for_bob():
    compiled = made(
        "Hi {{ first_name }},\n\nhow is {{ organization }}?\n", "{{ first_name }}, a word"
    )
    rendered = render(compiled, {"first_name": " Bob ", "organization": "Bakery", "name": "unused"})
    assert rendered == Rendered("Bob, a word", "Hi Bob,\n\nhow is Bakery?\n", "")


@pytest.mark.parametrize("value", [*BLANKS, None])
def test_nobody_is_greeted_with_nothing(value):
    assert render(made(), {"first_name": value}).names == ("first_name",)
    there = made(fallbacks={"first_name": "there"})
    assert render(there, {"first_name": value}).text == "Hi there,"
    inline = made("Hi {{ first_name|title|default('there') }},")
    assert render(inline, {"first_name": value}).text == "Hi there,"


def test_a_value_that_is_not_given_is_missing():
    assert render(made(), {}).names == ("first_name",)


def test_all_that_is_missing_is_told_at_once_and_in_words():
    compiled = made("{{ first_name }} {{ phone|upper }} {{ first_name }}", "{{ tags }}")
    found = render(compiled, {"phone": "x" * 5_000})
    assert found.names == ("tags", "first_name", "phone")
    assert found.text == (
        "tags is blank, first_name is blank, phone is too long or unfit, and the template has no fallback."
    )


def test_what_stands_only_in_a_condition_may_be_blank():
    compiled = made("Hi{% if first_name %} {{ first_name }}{% endif %},")
    assert render(compiled, {}).text == "Hi,"
    assert render(compiled, {"first_name": "Bob"}).text == "Hi Bob,"


def test_what_is_not_reached_is_not_missed():
    compiled = made("{% if stage == 'Won' %}Call {{ phone }}{% else %}Hello{% endif %}")
    assert render(compiled, {"stage": "New"}).text == "Hello"
    assert render(compiled, {"stage": "Won"}).names == ("phone",)


def test_a_condition_on_a_line_of_its_own_leaves_no_empty_line():
    compiled = made("a\n{% if name %}\nb\n{% endif %}\nc\n")
    assert render(compiled, {"name": "x"}).text == "a\nb\nc\n"
    assert render(compiled, {}).text == "a\nc\n"


def test_values_are_never_read_as_templates():
    hostile = "{{ 7*7 }}{% for a in b %}{# x #}"
    rendered = render(made("{{ name }}", "{{ name }}", "<p>{{ name }}</p>"), {"name": hostile})
    assert (rendered.subject, rendered.text) == (hostile, hostile)
    assert rendered.html == f"<p>{hostile}</p>"


def test_html_is_escaped_and_text_is_not():
    rendered = render(
        made("{{ name }}", "{{ name }}", "<p title='{{ name }}'>{{ name|upper }}</p>"),
        {"name": '<b>Bob\'s & "Co"</b>'},
    )
    assert rendered.text == rendered.subject == '<b>Bob\'s & "Co"</b>'
    assert rendered.html == (
        "<p title='&lt;b&gt;Bob&#39;s &amp; &#34;Co&#34;&lt;/b&gt;'>&lt;B&gt;BOB&#39;S &amp; &#34;CO&#34;&lt;/B&gt;</p>"
    )


def test_a_signature_keeps_its_lines_and_a_name_has_one():
    values = {"signature": "Alice\r\nOurfirm & Co\n", "name": "Bob\r\nBcc: eve@x.example"}
    rendered = render(made("{{ name }}\n{{ signature }}", "{{ name }}", "{{ signature }}"), values)
    assert rendered.subject == "Bob Bcc: eve@x.example"
    assert rendered.text == "Bob Bcc: eve@x.example\nAlice\nOurfirm & Co"
    assert rendered.html == "Alice<br>\nOurfirm &amp; Co"


def test_a_name_of_ten_thousand_letters_is_no_name():
    assert render(made(), {"first_name": "b" * 10_000}).names == ("first_name",)
    assert render(made(), {"first_name": "é" * 10_000}).names == ("first_name",)
    there = made(fallbacks={"first_name": "there"})
    assert render(there, {"first_name": "b" * 10_000}).text == "Hi there,"


def test_marks_that_turn_the_writing_are_taken_out():
    values = {"name": "Bob\u202etxt.exe\u2066", "first_name": "\u200fداليا"}
    rendered = render(made("{{ name }} {{ first_name }}", "{{ name }} {{ first_name }}"), values)
    assert rendered.subject == "Bobtxt.exe داليا"
    assert rendered.text == "Bobtxt.exe \u200fداليا"


def test_half_letters_and_commands_do_not_reach_the_mail():
    rendered = render(made("{{ name }}", "{{ name }}"), {"name": "B\x1b[2Jo\ud800b\x07"})
    assert rendered.text == "B[2Jo\ufffdb"


@pytest.mark.parametrize(
    ("subject", "values"),
    [
        ("{% if name %}{{ name }}{% endif %}", {}),
        ("\u200e\u202e", {}),
        ("{{ tags }} {{ tags }}", {"tags": "word " * 300}),
        ("ü" * 400, {}),
    ],
)
def test_a_subject_is_there_and_is_one(subject, values):
    found = render(made("Hello", subject), values)
    assert isinstance(found, Missing)
    assert "subject" in found.text


def test_a_mail_is_never_larger_than_its_bound():
    compiled = made("{{ signature }}" * 1_000)
    found = render(compiled, {"signature": "x" * 4_000})
    assert (found.names, "256 KB" in found.text) == ((), True)


def test_a_mail_of_html_alone_gets_its_text_with_its_links():
    html = (
        "<p>Hi {{ first_name }},</p><p><a href='https://x.example/?a=1&amp;b=2'>book a time</a> or "
        '<a href="mailto:a@x.example">a@x.example</a></p><p>{{ signature }}</p>'
    )
    rendered = render(made("", html=html), {"first_name": "Bob <b>", "signature": "Alice\nOurfirm"})
    assert rendered.text == (
        "Hi Bob <b>,\n\nbook a time (https://x.example/?a=1&b=2) or a@x.example\n\nAlice\nOurfirm\n"
    )


@pytest.mark.parametrize(
    ("written", "value", "shown"),
    [
        ("{{ name|title }}", "BOB O'NEIL-MOSS", "Bob O'Neil-Moss"),
        ("{{ name|title }}", "l'oréal's SHOP", "L'Oréal's Shop"),
        ("{{ name|lower }}", "BOB", "bob"),
        ("{{ name|upper }}", "bob", "BOB"),
        ("{{ name|first_word }}", "Bob Moss", "Bob"),
        ("{{ name|date }}", "2026-05-20", "20 May 2026"),
        ("{{ name|date }}", "some day", "some day"),
        ("{{ name|urlencode }}", "a b&c/d", "a%20b%26c/d"),
    ],
)
def test_filters_do_what_they_say(written, value, shown):
    assert render(made(written), {"name": value}).text == shown


def test_fields_of_the_house_are_variables():
    fields = (
        LeadField("budget-2026", "Budget"),
        LeadField("board", "Board", FieldKind.URL),
    )
    compiled = made(
        "{{ custom_budget_2026 }}", html="<a href='{{ custom_board }}'>x</a>", variables=variables_with(fields)
    )  # fmt: skip
    good = {"custom_budget_2026": "a lot", "custom_board": "https://x.example/b"}
    assert render(compiled, good).html == "<a href='https://x.example/b'>x</a>"
    assert render(compiled, {**good, "custom_board": "javascript:x"}).names == ("custom_board",)
    with pytest.raises(TemplateProblemsError) as refused:
        made("{{ custom_budget }}")
    assert "custom_budget" in refused.value.message


def test_every_variable_has_its_sentence():
    assert all(one.sentence.endswith(".") for one in FIXED.values())
    assert {"first_name", "signature", "today", "organization"} <= set(FIXED)


def test_two_renders_share_nothing():
    compiled = made("Hi {{ first_name }} of {{ organization }}")
    people = [{"first_name": f"Bob{n}", "organization": f"Firm{n}"} for n in range(50)]
    assert len({render(compiled, one).text for one in people}) == 50
    assert render(compiled, people[0]) == render(compiled, people[0])


def test_a_version_is_compiled_once():
    assert made() is made()
    assert made() is not made(fallbacks={"first_name": "there"})


_SIGNS = "\r\n\x00\x1b\u202e\u200b\ud800<>&\"'{}%#=?:;,@. aBé\U0001f600\u0627"


@given(st.dictionaries(st.sampled_from(sorted(FIXED)), st.text(_SIGNS, max_size=30)))
def test_whatever_the_values_are_the_mail_is_whole_or_there_is_none(values):
    text = "".join(f"[{{{{ {name} }}}}]\n" for name in FIXED if name != "signature")
    html = "".join(f"<p title='{{{{ {name} }}}}'>{{{{ {name} }}}}</p>\n" for name in FIXED)
    found = render(made(text, "A: {{ name }}", html), values)
    if isinstance(found, Missing):
        assert set(found.names) <= set(FIXED)
        assert found.names
        return
    assert "\n" not in found.subject
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\ud800-\udfff\u202a-\u202e]", found.subject + found.text
    )
    assert "[]" not in found.text
    # As many tags as the template has: no value made one, or left its quotes.
    assert len(re.findall(r"<p title='[^'<>]*'>", found.html)) == len(FIXED)
    assert found.html.count("<") == found.html.count("<br>") + 2 * len(FIXED)


# --- names ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "address", "first", "last"),
    [
        ("Bob Moss", "", "Bob", "Moss"),
        ("Moss, Bob", "", "Bob", "Moss"),
        ("Dr. Bob van Moss", "", "Bob", "van Moss"),
        ("Frau Moss", "", "", "Moss"),
        ("Bob", "", "Bob", ""),
        ("J. Moss", "", "", "Moss"),
        ("Harbour Pike Ltd.", "", "", ""),
        ("Kitaura GmbH", "", "", ""),
        ("bob@firm.example", "", "", ""),
        ("bob123", "", "", ""),
        ("Info", "info@firm.example", "", ""),
        ("Sales Team", "", "", ""),
        ("Bmoss", "bmoss@firm.example", "", ""),
        ("Bob Moss", "bob.moss@firm.example", "Bob", "Moss"),
        ("李 明", "", "李", "明"),
        ("", "", "", ""),
    ],
)
def test_people_are_greeted_by_their_name_and_firms_are_not(name, address, first, last):
    assert (first_name(name, address), last_name(name, address)) == (first, last)


# --- lint ----------------------------------------------------------------------------


def said(subject="Hello", text="Unsubscribe", html=""):
    return [str(one) for one in warnings_of(subject, text, html)]


def test_a_tidy_mail_is_not_warned_of():
    assert (
        said(html="<p>Hi</p><a href='https://x.example'>x</a><a href='mailto:a@x.example'>y</a>")
        == []
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"text": "", "html": "<p>Unsubscribe</p>"}, "There is no text"),
        ({"subject": "x" * 71}, "subject, line 1, column 71: The subject has 71"),
        ({"text": "Hello"}, "hear no more"),
        ({"html": "<p>\n<a href='/offer'>x</a>"}, 'html, line 2, column 1: "/offer" leads nowhere'),
        ({"html": "<a href=''>x</a>"}, "This link leads nowhere"),
        ({"html": "<img src='https://x.example/a.png'>"}, "The mail is an image"),
        ({"html": "<p onclick='x()'>a</p>"}, "drop what a tag does"),
        ({"html": "<script>x()</script>"}, "drop <script>"),
    ],
)
def test_what_could_be_better_is_said(options, words):
    assert any(words in one for one in said(**options)), said(**options)


@pytest.mark.parametrize(
    "sentence",
    ["Don't want to hear from me? Just say so.", "Wenn Sie keine Mails mehr wünschen, antworten Sie kurz.",
     "Para darse de baja responda.", "Pour vous désabonner, répondez.", "You can opt out at any time."],
)  # fmt: skip
def test_a_way_out_is_known_in_several_languages(sentence):
    assert said(text=sentence) == []


@pytest.mark.parametrize("words", ["", "  ", "{{ name }}", "a}}", "x" * 501, "a\x00"])
def test_a_fallback_is_words(words):
    with pytest.raises(TemplateProblemsError) as refused:
        made(fallbacks={"first_name": words})
    assert [one.part for one in refused.value.problems] == ["fallback"]


def test_fallbacks_for_nothing_are_told():
    compiled = made(
        "{% if name %}Hi{% endif %} stop writing", fallbacks={"name": "you", "phone": "none"}
    )
    told = [str(one) for one in warnings_of("s", "stop writing", "", compiled)]
    assert told == [
        "fallback: name has a fallback, so that a condition never finds it blank.",
        "fallback: phone has a fallback and stands nowhere.",
    ]
