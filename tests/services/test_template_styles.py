"""Styles are inlined when a version is saved and never again: previews and mails are made of what was kept."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import update

from inboxcrm.cadence import inlining
from inboxcrm.cadence.lead_values import Sender
from inboxcrm.mail.mime import parse
from inboxcrm.services import template_styles
from inboxcrm.services.leads import create_lead
from inboxcrm.services.snippets import save_snippet
from inboxcrm.services.template_trying import try_template
from inboxcrm.services.templates import lint, preview, save_template
from inboxcrm.store.tables import template_version
from tests.views.correspondence import ALICE, Office, open_office

SENDER = Sender("Alice Berg", ALICE, "Alice Berg")
HTML = "<style>p { color: #333 } @media print { p { color: #000 } }</style>\n<p>Hi {{ first_name }}, unsubscribe?</p>\n"
SENT = '<p style="color: #333">Hi Bob, unsubscribe?</p>'
NOTICE = "The styles stay in <style>"


@pytest.fixture
def office(database) -> Office:
    return open_office(database)


@pytest.fixture
def bob(office):
    return create_lead(office.desk, office.viewer, "bob@bakery.example", "Bob Baker").lead_id


def saved(office, html=HTML, **rest):
    return save_template(
        office.desk, office.viewer, name="Intro", subject="Hello", text="Hi", html=html, **rest
    )


def shown(office, bob):
    return preview(office.desk, office.viewer, "Intro", bob, sender=SENDER)


def test_what_was_written_stays_and_mails_are_made_of_what_was_inlined(office, bob):
    version = saved(office)
    assert version.html == HTML
    found = shown(office, bob)
    assert SENT in found.html
    assert "p { color: #000 !important }" in found.html
    assert parse(found.mime).html.strip() == found.html.strip()
    assert lint(office.desk, version) == []
    assert saved(office).version_id == version.version_id


def test_a_trial_shows_what_saving_will_send(office, bob):
    tried = try_template(
        office.desk, office.viewer, subject="Hello", text="Hi", html=HTML, fallbacks={}, lead_id=bob
    )
    saved(office)
    assert tried.html == shown(office, bob).html


def test_it_is_done_once_a_version_and_never_for_a_mail(office, bob, monkeypatch):
    saved(office)

    def never(html):
        raise AssertionError("inlined anew")

    monkeypatch.setattr(template_styles, "inline_styles", never)
    monkeypatch.setattr(inlining, "read_tree", never)
    assert SENT in shown(office, bob).html


def test_a_version_from_before_works_as_it_did_and_lint_says_what_would_help(office, bob):
    version = saved(office)
    with office.desk.database.write() as tx:
        tx.execute(update(template_version).values(ready="{}"))
    assert shown(office, bob).html == HTML.replace("{{ first_name }}", "Bob")
    old = version._replace(ready="{}")
    assert ["saved once more" in one.text for one in lint(office.desk, old)] == [True]
    assert saved(office).number == 2
    assert SENT in shown(office, bob).html


def test_styles_that_cannot_be_inlined_stay_and_it_is_said(office, bob):
    html = HTML.replace("<p>", '<p class="{{ first_name }}">')
    version = saved(office, html)
    assert "styled" not in json.loads(version.ready)
    [one] = lint(office.desk, version)
    assert one.part == "html"
    assert one.text.startswith(NOTICE)
    assert "<style>" in shown(office, bob).html
    tried = try_template(
        office.desk, office.viewer, subject="Hello", text="Hi", html=html, fallbacks={}
    )
    assert [one.text.startswith(NOTICE) for one in tried.warnings] == [True]


def test_what_would_become_too_large_stays_as_it_was(office, bob):
    html = f"<style>p {{ font-family: {'Verdana, ' * 40}x }}</style>{'<p>unsubscribe {{ first_name }}</p>' * 300}"
    version = saved(office, html)
    assert "styled" not in json.loads(version.ready)
    assert ["larger than it may be" in one.text for one in lint(office.desk, version)] == [True]


def test_snippets_are_styled_with_the_template_they_stand_in(office, bob):
    save_snippet(
        office.desk, office.viewer, name="Hours", text="Open", html="<p>Open: {{ today }}</p>"
    )
    saved(office, '<style>p{color:red}</style>{{ snippet("Hours") }}<i>unsubscribe</i>')
    assert '<p style="color: red">Open: ' in shown(office, bob).html
