"""A browser paints a template as before, wide and narrow, once its styles stand in its elements."""

from __future__ import annotations

import re
from random import Random

import pytest
from playwright.sync_api import Browser, Page

from inboxcrm.cadence.inlining import inline_styles

pytestmark = pytest.mark.browser

WEAK = ("p", "td", "a", ".a", ".b", "tr", "li", "div")
STRONG = ("#x1", "#x3", "div .a", "table > tbody > tr > td", "td.b", "p + p", "li:first-child", "tr:nth-child(even) td", "div > p.a", "a[href]", "p:not(.a)")  # fmt: skip
LOOKS = ("color: rgb(200, 0, 0)", "color: rgb(0, 0, 200) !important", "width: 120px", "font-size: 17px", "background: rgb(1, 2, 3)", "font-family: 'A B', serif")  # fmt: skip
ROOM = ("margin: 3px", "margin-top: 9px", "padding: 2px 5px", "text-align: right", "border: 1px solid rgb(9, 9, 9)", "padding-left: 8px !important")  # fmt: skip
SEEN = ("color", "width", "font-size", "background-color", "font-family", "margin-top", "margin-left", "padding-left", "padding-top", "text-align", "border-top-width")  # fmt: skip
READ = f"() => [...document.querySelectorAll('body *:not(style)')].map(one => {[*SEEN]}.map(name => one.tagName + ' ' + name + ': ' + getComputedStyle(one)[name]).join('; '))"  # fmt: skip


def template(dice: Random) -> str:
    rules = [
        f"{dice.choice(WEAK)} {{ {dice.choice(LOOKS)}; {dice.choice(ROOM)} }}" for _ in range(6)
    ]
    rules += [f"{dice.choice(STRONG)} {{ {dice.choice(LOOKS)}; {dice.choice(ROOM)} }}" for _ in range(5)]  # fmt: skip
    dice.shuffle(rules)
    narrow = "@media (max-width: 500px) { .a { width: 50%; color: rgb(0, 99, 0) } td { font-size: 30px } }"

    def some(tag: str, inside: str) -> str:
        name = f' class="{dice.choice(("a", "b", "a b"))}"' if dice.random() < 0.6 else ""
        number = f' id="x{dice.randrange(9)}"' if dice.random() < 0.3 else ""
        style = f' style="{dice.choice(LOOKS[:4] + ROOM)}"' if dice.random() < 0.2 else ""
        return f"<{tag}{name}{number}{style}>{inside}</{tag}>"

    rows = "".join(some("tr", some("td", "one") + "<td>two") for _ in range(3))
    link = some("a", "three").replace("<a", '<a href="https://x.example/"', 1)
    body = some("div", some("p", link) + some("p", "four") + "<p>five")
    lists = f"<ul>{some('li', 'six')}<li>seven</ul>"
    return f"<style>{' '.join(rules)} {narrow}</style><body>{body}<table>{rows}</table>{lists}"


def seen(page: Page, html: str) -> list[str]:
    found = []
    for width in (900, 400):
        page.set_viewport_size({"width": width, "height": 600})
        page.set_content(f"<!doctype html>{html}")
        found += page.evaluate(READ)
    return found


def test_it_looks_the_same(browser: Browser) -> None:
    page = browser.new_page()
    try:
        for number in range(15):
            html = template(Random(number))
            made = inline_styles(html)
            assert not made.notice
            assert len(re.findall(r"\sstyle=", made.html)) > 4
            assert seen(page, made.html) == seen(page, html), (number, html, made.html)
    finally:
        page.close()
