"""What a template may be made of: everything that could do more than choose words is refused, with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.cadence.problems import TemplateProblemsError
from inboxcrm.cadence.templates import compile_template, problems_of

ATTACKS = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ name.__class__ }}",
    "{{ name['__class__'] }}",
    "{{ name[0:99] }}",
    "{{ name|attr('__class__') }}",
    "{{ name|map('upper') }}",
    "{{ name|format(1) }}",
    "{{ '%099999999d'|format(1) }}",
    "{{ '{0.__class__}'.format(name) }}",
    "{{ name.format_map(name) }}",
    "{{ name|safe }}",
    "{{ name|replace('a', 'b') }}",
    "{{ name|center(999999999) }}",
    "{{ name|list }}",
    "{{ name|upper(1) }}",
    "{{ 'a' * 1000000000 }}",
    "{{ name * 1000000000 }}",
    "{{ 9**9**9 }}",
    "{{ 9**(9**9) }}",
    "{{ '%0999999999d' % 1 }}",
    "{{ name ~ name }}",
    "{{ name + name }}",
    "{{ -name }}",
    "{{ range(999999999) }}",
    "{{ lipsum(n=9999) }}",
    "{{ cycler }}",
    "{{ joiner() }}",
    "{{ namespace() }}",
    "{{ self }}",
    "{{ self.__init__.__globals__ }}",
    "{{ loop }}",
    "{{ caller() }}",
    "{{ varargs }}",
    "{{ request }}",
    "{{ config.items() }}",
    "{{ [1, 2] }}",
    "{{ (1, 2) }}",
    "{{ {} }}",
    "{{ none }}",
    "{{ True }}",
    "{{ 'words' }}",
    "{{ 'a' if name else 'b' }}",
    "{{ name is defined }}",
    "{{ name == 'Bob' }}",
    "{% for a in range(10**9) %}x{% endfor %}",
    "{% for a in name %}{{ a }}{% endfor %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% call name() %}{% endcall %}",
    "{% set x = name %}",
    "{% set x %}a{% endset %}",
    "{% with x = name %}{% endwith %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% from 'os' import path %}",
    "{% extends 'x' %}",
    "{% block b %}{% endblock %}",
    "{% filter upper %}a{% endfilter %}",
    "{% autoescape false %}{{ name }}{% endautoescape %}",
    "{% raw %}{{ name }}{% endraw %}",
    "{% do name %}",
    "{% debug %}",
    "{% if name.upper() %}a{% endif %}",
    "{% if name|upper %}a{% endif %}",
    "{% if name > 'a' %}a{% endif %}",
    "{% if name == last_name %}a{% endif %}",
    "{% if name == 3 %}a{% endif %}",
    "{% if 'a' < name < 'b' %}a{% endif %}",
    "{% if name in last_name %}a{% endif %}",
    "{% if name is divisibleby 3 %}a{% endif %}",
    "{% if 'a' %}b{% endif %}",
    "{% if cycler %}b{% endif %}",
    "{{ name|default('') }}",
    "{{ name|default(last_name) }}",
    "{{ name|default('a', true) }}",
    "{{ name|default(*name) }}",
    "{{ name|default(default_value='a') }}",
    "{{ name|default('{{ name }}') }}",
    "{{ " + "(" * 20_000 + "name" + ")" * 20_000 + " }}",
    "{% if " + "not " * 10_000 + "name %}a{% endif %}",
    "{{ " + "9" * 10_000 + " }}",
    "{% if name %}" * 12 + "a" + "{% endif %}" * 12,
    "{{ name }}" * 2_000,
    "{{ name",
    "{% if name %}a",
    "{# never ends",
    "{{ 'a }}",
    "a\x00b",
    "a\x1b[2J",
    "a\ud800b",
    "x" * 70_000,
]


@pytest.mark.parametrize(
    "attack", ATTACKS, ids=lambda attack: attack[:40].replace("\x00", "NUL").replace("\x1b", "ESC")
)
@pytest.mark.parametrize("part", ["subject", "text", "html"])
def test_what_is_more_than_words_is_refused(part, attack):
    written = {"subject": "Hello", "text": "Hello", "html": "", part: f"First\n{attack}"}
    found = problems_of(**written, fallbacks={})
    assert found
    assert {problem.part for problem in found} == {part}
    assert all(problem.text.endswith((".", "?")) for problem in found)
    with pytest.raises(TemplateProblemsError):
        compile_template(**written, fallbacks={})


@pytest.mark.parametrize(
    "attack", [one for one in ATTACKS if len(one) < 100], ids=lambda attack: attack[:40].replace("\x00", "NUL").replace("\x1b", "ESC")
)  # fmt: skip
def test_the_line_of_what_is_refused_is_told(attack):
    assert problems_of("Hello", f"First\n{attack}", "", {})[0].line == 2


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("Hi {{ frist_name }}", 1, 7, "There is no variable frist_name; did you mean first_name?"),
        ("Hi\n\n  {{ company }}", 3, 6, "There is no variable company; did you mean organization?"),
        ("frist {{ name }} {{ frist }} {{ frist }}", 1, 21, "There is no variable frist"),
        ("{{ name|uper }}", 1, 9, 'There is no filter "uper"'),
        (
            "Hi {first_name}",
            1,
            4,
            "{first_name} would be sent as it stands; write {{ first_name }}.",
        ),
        ("Hi [First Name]", 1, 4, "write {{ first_name }}"),
        ("Hi *|FNAME|*", 1, 4, "write {{ first_name }}"),
        ("Hi %first_name%", 1, 4, "write {{ first_name }}"),
        ("Hi <<Company>>", 1, 4, "write {{ organization }}"),
        ("Hi ${name}", 1, 5, "write {{ name }}"),
        ("a }} b", 1, 3, "}} opens or closes nothing"),
    ],
)
def test_a_problem_names_its_place_and_what_was_meant(text, line, column, said):
    problem = problems_of("Hello", text, "", {})[0]
    assert (problem.line, problem.column) == (line, column)
    assert said in problem.text
    assert str(problem).startswith(f"text, line {line}, column {column}: ")


def test_all_problems_come_at_once_in_their_order():
    with pytest.raises(TemplateProblemsError) as refused:
        compile_template(
            "{{ a }}", "{{ b }}\n{{ name.x }}", "<p>{{ c }}</p>", {"d": "x", "name": " "}
        )
    places = [(one.part, one.line) for one in refused.value.problems]
    assert places == [
        ("subject", 1), ("text", 1), ("text", 2), ("html", 1), ("fallback", 0), ("fallback", 0),
    ]  # fmt: skip
    assert "6 problems" in refused.value.message


@pytest.mark.parametrize(
    "text",
    [
        "Hi {{ first_name }},",
        "{{ name|title|default('you')|upper }}",
        "{% if organization %}At {{ organization }}{% elif tags %}{{ tags }}{% else %}-{% endif %}",
        "{% if not phone and (stage == 'Won' or stage in ('New', 'Lost')) %}a{% endif %}",
        "{# a remark #}100 % of {a} [b] {}",
        "{%- if stage != 'Won' -%} a {%- endif -%}",
        "Notes [1], [notes], <<Hello>>, 20%, {color}",
    ],
)
def test_what_people_need_is_allowed(text):
    assert problems_of("Hello", text, "", {}) == []


def test_braces_of_a_style_are_no_tags():
    html = "<style>@media print{p{color:red}}</style><p>Hi</p>"
    assert problems_of("Hello", "", html, {}) == []
    assert problems_of("Hello", "", "<p>}}</p>", {})


@pytest.mark.parametrize(
    "html",
    [
        "<a title={{ name }}>x</a>",
        "<a {{ name }}>x</a>",
        "<a {{ name }}='x'>x</a>",
        "<{{ name }}>x",
        "</{{ name }}>x",
        "<!{{ name }}>x",
        "<a{{ name }}>x",
        "</a{{ name }}>x",
        "<script>{{ name }}</script>",
        "<style>p{ {{ name }} }</style>",
        "<!-- {{ name }} -->",
        "<p onclick='{{ name }}'>x</p>",
        "<p style='{{ name }}'>x</p>",
        "<a href='{{ name }}'>x</a>",
        "<a href='javascript:{{ name }}'>x</a>",
        "<a href='https://{{ name }}/'>x</a>",
        "<a href='https://x.example{{ name }}'>x</a>",
        "<img src='{{ name }}'>",
        "<img src='/{{ name }}'/>",
    ],
)
def test_in_html_a_variable_stands_only_where_escaping_makes_it_harmless(html):
    [problem, *_] = problems_of("Hello", "", f"<p>\n{html}", {})
    assert (problem.part, problem.line) == ("html", 2)


@pytest.mark.parametrize(
    "html",
    [
        "<p title='{{ name }}'>{{ name }}</p>",
        '<a href="https://x.example/?q={{ name|urlencode }}">{{ name }}</a>',
        '<a href="mailto:{{ sender_address }}">write</a>',
        "<p {% if name %}class='a'{% endif %}>a < b</p>",
        "<title>{{ name }}</title>",
    ],
)
def test_in_text_and_quotes_it_may_stand(html):
    assert problems_of("Hello", "", html, {}) == []


@given(st.text(alphabet="{}%#|()[]'\"._- \nname1if*~+", max_size=80))
def test_whatever_is_written_is_taken_or_refused_and_nothing_else(text):
    found = problems_of("Hello", text, text, {})
    if not found and text.strip():
        compile_template("Hello", text, text, {})
