"""Snippets put into a template before anything looks at it, and the signature that stands at its end."""

from __future__ import annotations

import pytest

from inboxcrm.cadence.assembling import Assembled, Snippet, assemble, snippets_named
from inboxcrm.cadence.problems import problem_in
from inboxcrm.cadence.templates import compile_template, problems_of, render
from inboxcrm.cadence.values import signed

HOURS = Snippet("Opening hours", 3, "Mon & Tue\n9 to 5")
HELLO = Snippet("hello", 1, "Dear {{ first_name }}", "<b>Dear {{ first_name }}</b>")
HELD = {"opening hours": HOURS, "hello": HELLO}


def whole(text="", subject="Hello", html="", **options) -> Assembled:
    return assemble(subject, text, html, snippets=HELD, **options)


def test_a_snippet_stands_where_it_is_named():
    made = whole(
        "{{ snippet(\"HELLO\") }},\n\n{{snippet('opening  hours')}}\n", '{{- snippet("hello") -}}'
    )
    assert made.text == "Dear {{ first_name }},\n\nMon & Tue\n9 to 5\n"
    assert made.subject == "Dear {{ first_name }}"
    assert made.snippets == {"hello": 1, "Opening hours": 3}
    assert made.problems == ()


def test_in_html_it_brings_its_html_or_its_text_made_harmless():
    made = whole(html='<p>{{ snippet("hello") }}</p><p>{{ snippet("opening hours") }}</p>')
    assert made.html == ("<p><b>Dear {{ first_name }}</b></p><p>Mon &amp; Tue<br>\n9 to 5</p>")
    worded = assemble(
        "x",
        "",
        '{{ snippet("a") }}',
        snippets={"a": Snippet("a", 1, '{{ name|default("<b>") }} <i>')},
    )
    assert worded.html == '{{ name|default("<b>") }} &lt;i&gt;'


def test_in_a_subject_it_is_one_line():
    assert whole("x", '{{ snippet("opening hours") }}').subject == "Mon & Tue 9 to 5"


def test_one_that_is_not_there_is_told_with_its_place_and_the_nearest():
    made = whole('Hi\n  {{ snippet("openin hours") }} {{ snippet("zzz") }}')
    assert [(one.line, one.column, one.text) for one in made.problems] == [
        (2, 3, 'There is no snippet "openin hours"; did you mean "Opening hours"?'),
        (2, 33, 'There is no snippet "zzz".'),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "{{ snippet(first_name) }}",
        '{{ snippet("hello")|upper }}',
        '{{ snippet("hello", 1) }}',
        '{% if snippet("hello") %}x{% endif %}',
        "{{ snippet }}",
        '{{ snippet("hel" ~ "lo") }}',
        '{{ snippet("{{ name }}") }}',
        '{{ ("hello")|snippet }}',
        "{% include 'hello' %}",
    ],
)
def test_every_other_way_to_name_one_is_refused(text):
    made = whole(text)
    assert problems_of(made.subject, made.text, made.html, {})


@pytest.mark.parametrize(
    "evil",
    [
        "{{ ''.__class__ }}", "{% for a in b %}x{% endfor %}", "{{ 9**9**9 }}", "{{ nobody }}", "{% raw %}{{",
        "{{ first_name", '{{ snippet("hello") }}', "[first name]",
    ],
)  # fmt: skip
def test_what_a_snippet_brings_passes_the_allow_list_or_is_refused(evil):
    held = {"a": Snippet("a", 1, evil, evil)}
    for parts in (("x", '{{ snippet("a") }}', ""), ("x", "", '<p>{{ snippet("a") }}</p>')):
        made = assemble(*parts, snippets=held)
        assert problems_of(made.subject, made.text, made.html, {}), made


def test_two_halves_of_a_tag_make_no_tag_that_is_allowed():
    held = {"a": Snippet("a", 1, "{{ ''.__cla"), "b": Snippet("b", 1, "ss__ }}")}
    made = assemble("x", '{{ snippet("a") }}{{ snippet("b") }}', "", snippets=held)
    assert problems_of("x", made.text, "", {})


def test_a_snippet_in_a_comment_is_none():
    assert snippets_named('{# {{ snippet("hello") }} #}', "{{ snippet('Hello ') }}") == {"hello"}
    assert whole('a{# {{ snippet("nobody") }} #}b').problems == ()


def test_a_value_of_a_lead_never_names_a_snippet():
    ready = compile_template("x", "{{ name }} {{ organization }}", "", {})
    evil = '{{ snippet("hello") }}'
    made = render(ready, {"name": evil, "organization": evil})
    assert made.text == f"{evil} {evil}"


def test_problems_are_told_where_their_writer_finds_them():
    made = whole('Hi\n{{ snippet("opening hours") }} {{ nobody }}\n\n{{ neither }}')
    found = problems_of("x", made.text, "", {})
    assert [(one.line, one.text[:26]) for one in found] == [
        (3, "There is no variable nobod"),
        (5, "There is no variable neith"),
    ]
    assert [(one.line, one.column) for one in map(made.as_written, found)] == [(2, 1), (4, 4)]
    general = problem_in("text", 0, 0, "x")
    assert made.as_written(general) is general


# --- the signature -----------------------------------------------------------------


def test_the_signature_stands_at_the_end_where_it_is_wanted_and_not_placed():
    made = whole("Hi\n\n", html="<html><body><p>Hi</p></body></html>", signs=True)
    assert made.text == "Hi\n\n{{ signature }}\n"
    assert made.html == "<html><body><p>Hi</p>\n<p>{{ signature }}</p>\n</body></html>"
    placed = whole("{{ signature }} Hi", html="<p>{{-signature|trim}}</p>", signs=True)
    assert (placed.text, placed.html) == ("{{ signature }} Hi", "<p>{{-signature|trim}}</p>")
    assert whole("Hi", html="<p>x</p>").text == "Hi"


def test_a_part_that_is_not_there_is_not_signed():
    made = whole("", html="<p>Hi</p>", signs=True)
    assert (made.text, made.html) == ("", "<p>Hi</p>\n<p>{{ signature }}</p>\n")


def test_a_signature_has_its_markup_in_html_alone():
    values = {"signature": signed("Alice & Co\nBerlin", "<b>Alice &amp; Co</b>")}
    ready = compile_template("x", "{{ signature }}", "<p>{{ signature }}</p>", {})
    made = render(ready, values)
    assert (made.text, made.html) == ("Alice & Co\nBerlin", "<p><b>Alice &amp; Co</b></p>")


def test_in_an_attribute_and_behind_a_filter_a_signature_is_its_text():
    values = {"signature": signed('Alice "A" Berg', "<b>A</b>")}
    ready = compile_template("x", "", "<p title='{{ signature }}'>{{ signature }}</p>", {})
    assert render(ready, values).html == (
        "<p title='Alice &#34;A&#34; Berg'>Alice &#34;A&#34; Berg</p>"
    )
    upper = compile_template("x", "", "<p>{{ signature|upper }}</p>", {})
    assert render(upper, values).html == "<p>ALICE &#34;A&#34; BERG</p>"


def test_a_mail_of_html_alone_gets_the_signature_in_its_text():
    values = {"signature": signed("Alice", "<b>Alice</b><br>Berlin")}
    ready = compile_template("x", "", "<p>Hi</p><p>{{ signature }}</p>", {})
    assert render(ready, values).text == "Hi\n\nAlice\nBerlin\n"
