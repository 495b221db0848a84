"""Styles are written into the elements, and nothing else of a template moves: no word, no link, no tag of the template."""

from __future__ import annotations

import re
import socket
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inboxcrm.cadence.html_tree import read_tree
from inboxcrm.cadence.inlining import inline_styles
from inboxcrm.cadence.left_over import TAG
from inboxcrm.cadence.plain_text import text_of
from inboxcrm.cadence.templates import Missing, compile_template, problems_of, render


def styled(css: str, body: str) -> str:
    return f"<style>{css}</style>{body}"


def inlined(css: str, body: str) -> str:
    found = inline_styles(styled(css, body))
    assert found.notice == ""
    return found.html


def styles(html: str) -> dict[str, str]:
    """Id of an element -> its style."""

    class Reader(HTMLParser):
        found: dict[str, str]

        def handle_starttag(self, tag, attrs):
            held = dict(attrs)
            if "id" in held:
                self.found[held["id"]] = held.get("style") or ""

    reader = Reader()
    reader.found = {}
    reader.feed(html)
    return reader.found


# --- what is written where ---------------------------------------------------------------


def test_rules_go_into_the_elements_and_an_empty_sheet_goes():
    found = inlined(
        "p { color: #333; margin: 0 } .big { font-size: 20px }", '<p class="big">Hi</p>\n'
    )
    assert found == '<p style="color: #333; margin: 0; font-size: 20px" class="big">Hi</p>\n'


@pytest.mark.parametrize(
    ("css", "style"),
    [
        ("p { color: red } p { color: blue }", "color: blue"),
        (".a { color: red } p { color: blue }", "color: red"),
        ("#x { color: red } .a { color: blue }", "color: red"),
        ("p { color: red !important } #x { color: blue }", "color: red !important"),
        ("p { color: red; color: rgb(0 0 0 / 50%) }", "color: red; color: rgb(0 0 0 / 50%)"),
        ("p { margin: 0 } .a { margin-top: 5px }", "margin: 0; margin-top: 5px"),
        ("div > p, .nobody { color: red }", "color: red"),
        ("P.a { color: red }", "color: red"),
        ('p { font-family: "Segoe UI", Arial }', "font-family: 'Segoe UI', Arial"),
        ("p { background: url(https://a.example/?a=1&b=2) }", "background: url(https://a.example/?a=1&b=2)"),
        ("/* p{color:red} */ p { /* no */ color: red; nonsense; }", "color: red"),
        ("p:first-child { color: red }", "color: red"),
        ("<!-- p { color: red } -->", "color: red"),
    ],
)  # fmt: skip
def test_the_stronger_rule_holds(css, style):
    assert styles(inlined(css, '<div><p id="x" class="a">Hi</p></div>'))["x"] == style


@pytest.mark.parametrize("quote", ['"', "'", ""])
def test_what_an_element_says_itself_holds_over_it(quote):
    body = f"<p id=x style={quote}color:blue{quote}>Hi</p>"
    found = inlined('p { color: red; font-family: "A B" }', body)
    assert re.sub("[\"']", "", styles(found)["x"]) == "color: red; font-family: A B; color:blue"
    assert text_of(found) == text_of(body)


def test_rows_of_tables_are_found_as_browsers_find_them():
    body = "<table><tr><td id=a>1<td id=b>2<tr><td id=c>3</table><p id=d>1<p id=e>2<ul><li id=f>x<li id=g>y</ul>"
    css = "table > tr > td { color: red } tbody > tr > td + td { color: blue } p > p, li li { color: red } ul > li { margin: 0 }"
    found = styles(inlined(css, body))
    assert found == {"a": "", "b": "color: blue", "c": "", "d": "", "e": "", "f": "margin: 0", "g": "margin: 0"}  # fmt: skip


# --- what stays -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "css",
    [
        "@media (max-width: 600px) { .a { width: 100% } }",
        "@font-face { font-family: X; src: url(https://f.example/x.woff) }",
        '@import url("https://f.example/x.css");',
        "a:hover { color: red }",
        "p::first-line { color: red }",
        "u + .body .fix { color: red }",
        "#outlook a { padding: 0 }",
        "* { box-sizing: border-box }",
        "p:has(a) { color: red }",
        "p { & a { color: red } }",
        "[*|href] { color: red }",
        ":not(p a) { color: red }",
        ".x { color: red",
        "@media print{ #id{color:red}}",
    ],
)
def test_what_no_attribute_can_say_stays_in_the_sheet(css):
    body = '<p id="y"><a href="https://a.example/">Hi</a></p>'
    found = inline_styles(styled(f"{css}", body))
    assert "style=" not in found.html
    kept = re.search("<style>(.*)</style>", found.html, re.DOTALL)[1]
    assert re.sub(r"\s|;|}", "", kept) == re.sub(r"\s|;|}", "", css)
    assert not TAG.search(found.html)


def test_a_media_query_keeps_its_strength_over_what_is_now_an_attribute():
    css = ".a { width: 600px; color: red } #y { color: green } @media (max-width: 600px) { .a { width: 100%; color: blue } }"
    found = inlined(css, '<div class="a" id="y">Hi</div>')
    assert styles(found)["y"] == "width: 600px; color: green"
    assert ".a { width: 100% !important; color: blue }" in found


def test_what_was_stronger_than_a_media_query_stays_so():
    css = ".a { width: 600px } #y { width: 300px } @media (max-width: 600px) { .a { width: 100% } }"
    body = '<div class="a" id="x">1</div><div class="a" id="y">2</div><div class="a" id="z" style="width: 9px">3</div>'
    found = inlined(css, body)
    assert ".a { width: 100% !important }" in found
    assert styles(found) == {
        "x": "width: 600px",
        "y": "width: 300px; width: 300px !important",
        "z": "width: 600px; width: 9px; width: 9px !important",
    }


def test_a_condition_in_an_own_style_is_left_alone():
    css = ".a { width: 600px } @media print { .a { width: 100% } }"
    body = '<b class="a">1</b><b class="a" id="z" style="{% if name %}width: 9px{% endif %}">2</b>'
    assert 'style="width: 600px; {% if name %}width: 9px{% endif %}"' in inlined(css, body)


def test_a_link_that_changes_under_the_mouse_still_does():
    found = inlined("a { color: red } a:hover { color: blue } a:visited { border: 0 }", '<a href="#" id="a">x</a>')  # fmt: skip
    assert styles(found)["a"] == "color: red"
    assert "a:hover { color: blue !important }" in found
    assert "a:visited { border: 0 }" in found


def test_what_a_signature_brings_along_is_still_styled_by_the_sheet():
    found = inlined("p { color: red }", "<p>Hi</p>{{ signature }}")
    assert found == '<style>\np { color: red }\n</style><p style="color: red">Hi</p>{{ signature }}'


# --- tags of the template -----------------------------------------------------------------------

ROWS = """<style>td { padding: 4px } tr.hot td { color: red }</style>
<table>{% if tags %}<tr class="hot"><td>{{ tags }}</td></tr>{% elif phone %}<tr><td>{{ phone }}</td></tr>{% else %}
{# nobody #}<tr><td>none</td></tr>{% endif %}{{ name }}</table>
<p title="{{ name }} {% if stage == "Won" %}won{% endif %}" {% if phone %}lang="de"{% endif %}>{{ organization|default("you") }}</p>
"""


def test_tags_stay_where_they_are_between_rows_in_attributes_and_in_text():
    found = inline_styles(ROWS)
    assert found.notice == ""
    assert 'class="hot"><td style="padding: 4px; color: red">{{ tags }}' in found.html
    assert [one[0] for one in TAG.finditer(found.html)] == [one[0] for one in TAG.finditer(ROWS)]
    assert re.sub(r' style="[^"]*"', "", found.html) == re.sub(r"<style>.*</style>", "", ROWS)
    for values in ({"tags": "a"}, {"phone": "1"}, {"stage": "Won"}):
        known = {"name": 'x" onclick="y', "organization": "z"} | values
        assert same_to_a_reader(ROWS, found.html, known)


@pytest.mark.parametrize(
    "html",
    [
        "one{# x #}<style>p{color:red}</style>\ntwo<p>x</p>",
        "one{% if phone %}<p>y</p>{% endif %}<style>p{color:red}</style>\ntwo<p>x</p>",
        "one\n<style>p{color:red}</style>  {% if phone %}<p>y</p>{% endif %}two<p>x</p>",
        "one\n  <style>p{color:red}</style>\n{# x #}two<p>x</p>",
    ],
)
def test_a_sheet_that_goes_leaves_the_white_space_beside_tags_as_it_was(html):
    found = inline_styles(html)
    assert found.notice == ""
    assert 'style="color: red"' in found.html
    for values in ({}, {"phone": "1"}):
        assert same_to_a_reader(html, found.html, values)


def test_a_rule_on_a_class_that_a_condition_chooses_stays():
    body = '<p id="x" class="{% if stage == "Won" %}gold{% else %}grey{% endif %} a">Hi</p>'
    found = inlined("p { color: blue } .gold { color: gold } .grey { color: grey } .a { margin: 0 }", body)  # fmt: skip
    assert ".gold { color: gold !important }" in found
    assert ".grey { color: grey !important }" in found
    assert 'style="color: blue"' in found


def test_rules_on_places_stay_where_conditions_choose_elements():
    body = '{% if phone %}<p>1</p>{% endif %}<p id="x">2</p>'
    found = inlined("p:first-child { color: red } p + p { color: blue } p { margin: 0 }", body)
    assert styles(found)["x"] == "margin: 0"
    assert "p:first-child" in found
    assert "p + p" in found


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("<style>p{color:red}{% if name %}p{color:blue}{% endif %}</style><p>x</p>", "stands in a style sheet"),
        ("<style>p{color:red}{# x #}</style><p>x</p>", "stands in a style sheet"),
        ("{% if name %}<style>p{color:red}</style>{% endif %}<p>x</p>", "stands in a condition"),
        ("<style>p{color:red}</style>{% if name %}<div>{% endif %}<p>x</p>{% if name %}</div>{% endif %}", "not its end"),
        ("<style>p{color:red}</style><p {% if name %}class='a'>{% else %}>{% endif %}x</p>", "inside a tag"),
        ('<style>.a{color:red}</style><p class="{{ name }}">x</p>', "in a class or an id"),
        ("<style>p{color:red}</style><p{% if name %} class=a{% endif %}>x</p>", "touches the name"),
        ("<style>p{color:red}</style>" + "<b>" * 300 + "x", "nested too deep"),
        ("<style>p{color:red}</style><style>a{b:c}", "never ends"),
        ("<style>" + "a{b:c}" * 2_000 + "</style>" + "<a>" * 190 + "<a></a>" * 2_000, "too many rules"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_for_sure_is_not_done_and_said(html, why):
    found = inline_styles(html)
    assert found.html == html
    assert why in found.notice


def test_without_a_style_sheet_nothing_changes():
    assert inline_styles("<p>{{ name }}</p>").html == "<p>{{ name }}</p>"
    assert inline_styles("").html == ""


# --- nobody is harmed ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "css",
    [
        """p { content: '"><script>alert(1)</script>' }""",
        """p { content: "' onmouseover='alert(1)" }""",
        """p { font-family: "a'b\\"c" } """,
        "p { color: red; } </STYLE x",
        "p { background: url(\"javascript:alert('1')\") }",
        "p { --x: a<b>c&lt; }",
    ],
)  # fmt: skip
def test_no_style_breaks_out_of_its_attribute(css):
    for body in ("<p>x</p>", "<p style='color:red'>x</p>", '<p style="color:red">x</p>'):
        source = f"<style>{css}</style>{body}"
        assert elements(inline_styles(source).html) == elements(source)


@pytest.mark.parametrize(
    "html",
    [
        '<style>p{color:red}</style><p style="color: {{ name }}">x</p>',
        "<style>p{color:{{ name }}}</style><p>x</p>",
        '<style>p{color:red}</style><p style="{% if phone %}color:{{ name }}{% endif %}">x</p>',
    ],
)
def test_a_variable_in_a_style_is_refused_as_before(html):
    assert problems_of("s", "", html, {})
    assert problems_of("s", "", inline_styles(html).html, {})


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=40))
def test_hostile_values_do_no_more_than_before(value):
    html = '<style>p,a{color:red}</style><p title="{{ name }}" style="margin:0">{{ name }}</p><a href="https://x.example/?{{ name }}">x</a>'
    assert same_to_a_reader(html, inline_styles(html).html, {"name": value + "a\"'><script>"})


def test_nothing_is_asked_for_over_the_network(monkeypatch):
    def canary(*_, **__):
        raise AssertionError("somebody opened a connection")

    monkeypatch.setattr(socket.socket, "connect", canary)
    monkeypatch.setattr(socket, "getaddrinfo", canary)
    html = (
        '<link rel="stylesheet" href="http://127.0.0.1:9/x.css"><style>@import "http://127.0.0.1:9/y.css";'
        "p { background: url(http://127.0.0.1:9/z.png) }</style><p>x</p><img src='file:///etc/passwd'>"
    )
    found = inline_styles(html).html
    assert '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">' in found
    assert '@import "http://127.0.0.1:9/y.css";' in found


# --- whatever it is ------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        "<p class=a>", "</p>", '<div id="b" style="color:blue">', "</div>", "<table>", "</table>", "<tr>", "<td class='a c'>",
        "</td>", "</tr>", "<li>", "<br>", "<br/>", "<img src='https://i.example/x.png'>", "<!-- c -->", "<a href='https://x.example/?{{ name }}'>",
        "</a>", "{% if name %}", "{% else %}", "{% endif %}", "{{ name }}", "{# note #}", "words & more", "a < b", "\n", "&amp;", "é",
        "<style>p{color:red}.a{margin:0}</style>", "<style>#b{x:y} td{z:1} @media print{p{color:blue}}</style>", "<p", "'", '"', ">",
        "</style>", "<style", "<title>t</title>", "<!--[if mso]><p class=a><![endif]-->", '<td style="a:b', "<![CDATA[x]]>",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(PIECES, max_size=25).map("".join))
def test_no_word_no_link_and_no_tag_moves_whatever_the_html_is(html):
    found = inline_styles(html)
    assert [one[0] for one in TAG.finditer(found.html)] == [one[0] for one in TAG.finditer(html)]
    assert text_of(found.html) == text_of(html)
    assert elements(found.html) == elements(html)
    if not problems_of("s", "", html, {"name": "x"}) and html.strip():
        assert same_to_a_reader(html, found.html, {"name": "<b>N"})
    if found.notice:
        assert found.html == html


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text("{}()[]<>:;,.#@!'\"\\/*-ap1 \n%&", max_size=60))
def test_no_style_sheet_is_too_broken(css):
    html = f"<style>{css}</style><p class=a>x <a href=y>z</a></p>"
    found = inline_styles(html).html
    assert text_of(found) == text_of(html)
    assert [one[0] for one in TAG.finditer(found)] == [one[0] for one in TAG.finditer(html)]


def test_selectors_that_would_look_forever_are_not_asked():
    css = "z b b b b b b i { color: red } " * 100
    found = inline_styles(f"<style>{css}</style>{'<b>' * 190}{'<i></i>' * 3_000}")
    assert "too many rules" in found.notice


def test_hostile_nesting_of_brackets_ends():
    for css in ("(" * 30_000, "p{a:" + "[" * 30_000, ":not(" * 3_000 + "p", "@media x{" * 3_000):
        inline_styles(f"<style>{css}</style><p>x</p>")


NINES = "9" * 5_000
TOO_LONG = [
    f"<style>p {{ width: {NINES}px }}</style><p>x</p>",
    f"<style>p:nth-child({NINES}n+1) {{ color: red }}</style><p>x</p>",
    f"<style>p {{ color: red }}</style><p style='width: {NINES}px'>x</p>",
    f"<style>p {{ color: red }}</style><p style='width: {'&#57;' * 5_000}px'>x</p>",
]


@pytest.mark.parametrize("html", TOO_LONG, ids=["value", "selector", "attribute", "entities"])
def test_a_number_without_end_keeps_the_style_sheet_and_says_so(html):
    found = inline_styles(html)
    assert found.html == html
    assert "one of its numbers is too long" in found.notice


UNCOMPILED = ["p..sparkling", "[*|title]", "p > " * 100 + "p"]


@pytest.mark.parametrize("selector", UNCOMPILED, ids=["none", "any namespace", "too deep"])
def test_a_selector_that_cannot_be_compiled_stays_in_the_style_sheet(selector):
    html = f"<style>{selector} {{ color: red }}\nb {{ margin: 0 }}</style><p title=y>x <b>z</b></p>"
    found = inline_styles(html)
    assert selector in found.html
    assert '<b style="margin: 0">' in found.html


def test_offsets_are_those_of_the_source():
    html = '<p\n class="a"\n>{{ name }}</p>\n<b title="{{\nname }}">x</b>'
    tree = read_tree(html)
    assert [html[one.start : one.end] for one in tree.tags] == ['<p\n class="a"\n>', '<b title="{{\nname }}">']  # fmt: skip


def elements(html: str) -> list[object]:
    """What a reader gets, but for styles."""

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: list[object] = []
            self.hidden = False

        def handle_starttag(self, tag, attrs):
            self.hidden = self.hidden or tag == "style"
            if tag != "style":
                self.found.append((tag, [one for one in attrs if one[0] != "style"]))

        def handle_endtag(self, tag):
            self.hidden = self.hidden and tag != "style"
            if tag != "style":
                self.found.append(tag)

        def handle_data(self, data):
            if not self.hidden and self.found and isinstance(self.found[-1], list):
                self.found[-1][0] += data
            elif not self.hidden:
                self.found.append([data])

    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.found


def same_to_a_reader(before: str, after: str, values: dict[str, str]) -> bool:
    made = [
        render(compile_template("s", "", html, {"name": "x", "organization": "y"}), values)
        for html in (before, after)
    ]
    if any(isinstance(one, Missing) for one in made):
        return made[0] == made[1]
    return made[0].text == made[1].text and elements(made[0].html) == elements(made[1].html)
