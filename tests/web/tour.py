"""A walk through every page: a house in which something stands everywhere, and where each page is found.

Pages are found as people find them, by the links of other pages; ELSEWHERE names those no link leads to. So a new page
is visited as soon as something leads to it, and missed by a test as long as nothing does.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.cadence.steps import DelayUnit, StepKind
from inboxcrm.cadence.wanted_steps import WantedStep
from inboxcrm.files.table_reading import table_from_bytes
from inboxcrm.mail.message import Attachment
from inboxcrm.services import lead_marks, lead_talks, leads, reviewing, tasks
from inboxcrm.services.bulk_edits import choose_ticked
from inboxcrm.services.cadences import start
from inboxcrm.services.editing import edit_cadence
from inboxcrm.services.import_shapes import ImportOrder
from inboxcrm.services.import_uploads import keep_upload
from inboxcrm.services.invitations import invite
from inboxcrm.services.lead_consent import note_consent
from inboxcrm.services.lead_import import run_import
from inboxcrm.services.review_rules import make_rule
from inboxcrm.services.saved_views import ViewAsked, save_view
from inboxcrm.services.segments import save_segment
from inboxcrm.services.sessions import open_session
from inboxcrm.services.snippets import save_snippet
from inboxcrm.services.step_versions import steps_now
from inboxcrm.services.suppressions import suppress
from inboxcrm.store import queue
from inboxcrm.store.accounts import insert_account, update_account
from inboxcrm.store.sessions import note_audit
from inboxcrm.store.tables import adding_question, cadence, lead, task
from inboxcrm.views.leads import lead_list
from inboxcrm.views.review import review_page
from tests.web.house import NOW, YOU, House, path_of, walk_in
from tests.web.merging import EVERYBODY, a_merge, a_template, may_send, put

NO_PAGES = {
    "assets.serve": "a file",
    "attachments.fetch": "a file a stranger sent",
    "entry.healthz": "a word for machines",
    "inbox.news": "a part of the list, swapped into it",
    "lead_import.rejected_csv": "a table to keep",
    "pipeline.part_csv": "a table to keep",
    "suppression.give_out": "a table to keep",
}
"""What answers to GET and is read by nobody in a browser, and what it is instead."""

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
LETTER = "<h1>Our prices</h1><p>As <b>promised</b>, <a href='https://werft.example/'>here</a>.</p><img src='https://cdn.example/logo.png' alt='Our logo'><table><tr><td>40 seats</td><td>EUR 4,800</td></tr></table>"
FAIR = f"Name,Reach,Company\n{LONG},eve@away.example,{LONG} {LONG}\nErin Walsh,erin@away.example,Away\n,nobody,\n"
HREF = re.compile(r'(?:href|src)="(/[^"#]*)')


@dataclass(frozen=True, slots=True)
class Written:
    """Where the cadences of the house are: one that runs, one that has not begun, a mail nobody knows the fate of."""

    running: str
    draft: str
    mail: str


def live_in(house: House) -> Written:
    """Something of everything: to be called once, in a furnished house."""
    _receive_mail(house)
    _work_on_leads(house)
    written = _write_to_people(house)
    _answer_the_queue(house)
    _open_the_door(house)
    run_import(house.desk, YOU, table_from_bytes("fair.csv", FAIR.encode()), ImportOrder(tag="Fair"))  # fmt: skip
    return written


def _receive_mail(house: House) -> None:
    for number, who in enumerate(("Sales", "Office", "Service")):
        house.deliver(f"{who} {who.lower()}@werft.example", f"{who} speaking", hours_ago=29 - number)  # fmt: skip
    house.deliver("Bob Tanaka bob.tanaka@gmail.com", "From home", hours_ago=20)
    house.deliver(f"Info {LONG} info@lang.example", f"{LONG} {LONG}", LONG, hours_ago=10)
    file = Attachment("2", f"{LONG}.pdf", "application/pdf", 48_211)
    house.deliver("Mallory Reed mallory@werk.example", "Our prices", html=LETTER, hours_ago=1, attachments=(file,))  # fmt: skip
    house.deliver(f"{LONG} Reed long@werk.example", f"About {LONG}", LONG * 2, hours_ago=2)
    house.deliver("Ines Duarte ines@mares.example", "Automatic reply: away", "I am away until 20 May 2026.",
                  hours_ago=0.5, headers=(("auto-submitted", "auto-replied"),))  # fmt: skip
    house.sync()


def ids(house: House) -> dict[str, str]:
    """The leads by their names."""
    return {row.name: row.id for row in lead_list(house.desk, YOU, limit=200).rows}


def _work_on_leads(house: House) -> None:
    """Bob is an opportunity that should have closed by now, Oskar is won, Mallory lost, Ines sleeps."""
    desk, known = house.desk, ids(house)
    bob = known["Bob Tanaka"]
    steps = (
        (16, "Bob Tanaka", "engaged", ""), (9, "Bob Tanaka", "opportunity", ""),
        (8, "Oskar Lind", "sal", ""), (4, "Oskar Lind", "won", ""), (0.1, "Mallory Reed", "lost", f"Too dear {LONG}"),
    )  # fmt: skip
    values = {"value": "12000", "currency": "EUR", "close": "2026-05-10", "phone": "+81 3 5550 0142, ask for Bob"}  # fmt: skip
    leads.edit_lead(desk, YOU, bob, version=1, changes=values)
    for days_ago, name, stage, reason in steps:
        house.clock.at = NOW - timedelta(days=days_ago)
        row = next(one for one in lead_list(desk, YOU, limit=200).rows if one.name == name)
        leads.move_stage(desk, YOU, row.id, stage, version=row.version, reason=reason)
    house.clock.at = NOW
    note = leads.add_note(desk, YOU, bob, f"The board decides. {LONG}")
    leads.add_note(desk, YOU, bob, "A long story. " * 120)
    lead_marks.pin(desk, YOU, bob, note.object_id)
    lead_marks.add_tag(desk, YOU, bob, "key account")
    lead_talks.log_call(desk, YOU, bob, minutes=12, text="Asked for two references.")
    lead_talks.log_meeting(desk, YOU, bob, at=NOW - timedelta(days=2), text="At the fair.")
    note_consent(desk, YOU, bob, state="given", source="Form at the fair", on=date(2026, 5, 2))
    for day, title in ((12, "Send the quote"), (14, "Call about the date"), (20, f"Ask {LONG}")):
        tasks.add_task(desk, YOU, bob, title, date(2026, 5, day))
    lead_marks.snooze(desk, YOU, known["Ines Duarte"], date(2026, 5, 21))


def _write_to_people(house: House) -> Written:
    """A draft, a running cadence of three steps in its second version, mails in several states, a question."""
    desk = house.desk
    may_send(house)
    save_snippet(desk, YOU, name="Opening hours", text="9 to 5")
    save_snippet(desk, YOU, name="Opening hours", text="10 to 5")
    a_template(house)
    a_template(house, text="Good day {{ first_name }},\n\n{{ snippet('opening hours') }}\n\n{{ phone }}\n\nyours, Alice", html="<p>Good day {{ first_name }}, {{ phone }}</p>")  # fmt: skip
    a_template(house, "pretty", html="<p>Good day <b>{{ first_name }}</b></p>")
    save_segment(desk, YOU, name="Open ones", text=EVERYBODY)
    running = a_merge(house)
    start(desk, YOU, "Autumn")
    version, held = steps_now(desk, YOU, "Autumn")
    more = (WantedStep(template="pretty", delay=3, unit=DelayUnit.BUSINESS_DAYS), WantedStep(kind=StepKind.CALL, title=f"Ask {LONG}", delay=2))  # fmt: skip
    edit_cadence(desk, YOU, "Autumn", (*held, *more), for_all=True, version=version)
    draft = a_merge(house, f"A {LONG[:78]}", template="pretty")
    mail = put(house, "Bob Tanaka", OutboxState.UNCONFIRMED, line=f"Nobody can say. {LONG}")
    suppress(desk, YOU, "carol@firm.example")
    with house.database.write() as tx:
        carla = insert_account(tx, name="Carla", role="rep", address="c@ourfirm.example", created_at=0)  # fmt: skip
        whom = tx.execute(select(lead.c.id).where(lead.c.name == "Oskar Lind")).scalar_one()
        todo = tx.execute(insert(task).values(lead_id=whom, title="May Autumn write?", created_at=1).returning(task.c.id)).scalar_one()  # fmt: skip
        which = tx.execute(select(cadence.c.id).where(cadence.c.name == "Autumn")).scalar_one()
        tx.execute(insert(adding_question).values(cadence_id=which, lead_id=whom, asked_of=1, account_id=carla,
                                                  task_id=todo, text="You were in touch yesterday.", asked_at=1))  # fmt: skip
    return Written(running, draft, mail)


def _answer_the_queue(house: House) -> None:
    items = {one.address: one.id for one in review_page(house.desk, YOU).items}
    reviewing.answer(house.desk, YOU, [items["sales@werft.example"]], "ignore")
    reviewing.answer(house.desk, YOU, [items["office@werft.example"]], "later")
    make_rule(house.desk, YOU, domain="weekly.example", outcome="ignored")


def _open_the_door(house: House) -> None:
    with house.database.write() as tx:
        update_account(tx, 1, name=f"Alice {LONG}", address="alice@ourfirm.example")
        insert_account(tx, name=f"Bea {LONG}", role="manager", address="bea@ourfirm.example", created_at=0)  # fmt: skip
        open_session(tx, 1, browser="Firefox on a train", now=house.machine.now())
        note_audit(tx, at=1, account_id=1, kind="export", about=f"leads {LONG}")
        queue.enqueue(tx, 1, [("r1", "")], priority=0)
        queue.quarantine(tx, 1, "r1", reason="It breaks off.", mentions=[], parser_version=1)


def every_page(house: House, app: Flask) -> dict[str, str]:
    """An address of each page there is, by its endpoint; and some more, by what they show. Furnishes the house."""
    written = live_in(house)
    client = walk_in(app.test_client())
    first = _elsewhere(house, client, written)
    return _found_by_links(client, app, first) | _variants(house, client, written)


def wanted_pages(app: Flask) -> set[str]:
    """The endpoints that answer GET with something to read."""
    every = {one.endpoint for one in app.url_map.iter_rules() if "GET" in (one.methods or ())}
    return every - set(NO_PAGES) - {"static"}


def _elsewhere(house: House, client: FlaskClient, written: Written) -> list[str]:
    """Where to begin, and what no link leads to: the links of all of these are followed."""
    link = invite(house.desk, YOU, role="rep", address="", now=house.machine.now())
    upload = keep_upload(house.desk, YOU, "fair.csv", FAIR.encode())
    waiting = next(one.id for one in review_page(house.desk, YOU).items)
    thread = path_of(client, "Pricing")
    known = ids(house)
    save_view(house.desk, YOU, name="Worth a call", asked=ViewAsked(sort="value"), is_shared=True)
    chosen = choose_ticked(house.desk, YOU, [f"{one}.1" for one in known.values()], pipeline="", back="/pipeline/sheet")  # fmt: skip
    return [
        "/today", "/today/owed", "/", thread, path_of(client, "Our prices"), f"{thread}/panel", f"/sidebar?thread={thread.rpartition('/')[2]}",
        f"/leads/{known['Bob Tanaka']}", "/search?q=talk",
        "/sign-in", f"/welcome?token={link}", "/enter?token=used", "/sign-in/answer", "/mailboxes/answer",
        f"/leads/import/files/{upload}", f"/review/match/{waiting}",
        "/review/rules/new?for=werft.example&outcome=ignored",
        f"/templates/missing?template=hello&segment={EVERYBODY}", f"/cadences/new?segment={EVERYBODY}",
        f"{written.draft}?show=mails", written.mail, f"{written.mail}/body", f"/pipeline/bulk/{chosen}", "/pipeline/narrow?at=sheet&column=value",
    ]  # fmt: skip


def _found_by_links(client: FlaskClient, app: Flask, first: list[str]) -> dict[str, str]:
    """The first address met of each endpoint, from page to page."""
    routes, found, waiting, own = app.url_map.bind("localhost"), {}, deque(first), set(first)
    while waiting:
        path = waiting.popleft()
        try:
            endpoint, _ = routes.match(path.partition("?")[0], "GET")
        except (HTTPException, RequestRedirect):
            continue
        if (endpoint in found and path not in own) or endpoint in NO_PAGES:
            continue
        found.setdefault(endpoint, path)
        own.discard(path)
        waiting.extend(unescape(one) for one in HREF.findall(client.get(path).get_data(as_text=True)))  # fmt: skip
    return found


def _variants(house: House, client: FlaskClient, written: Written) -> dict[str, str]:
    """Pages that look otherwise than the one of their route that was met."""
    bob = ids(house)["Bob Tanaka"]
    return {
        "who waits": "/?show=waiting",
        "somebody unknown": path_of(client, "Anfrage"),
        "mail with HTML": path_of(client, "Our prices"),
        "mail of a machine": path_of(client, "Automatic reply"),
        "notes alone": f"/leads/{bob}?kind=note",
        "the team's day": "/today?team=1",
        "leads we owe": "/leads?owes=us",
        "nothing found": "/search?q=zzzz",
        "past board": f"/pipeline?as_of={(NOW - timedelta(days=5)).date()}",
        "card to move": f"/pipeline?move={bob}",
        "cell to fill": f"/pipeline/sheet?group=stage&edit={bob}.value",
        "what cannot be asked": "/pipeline?as_of=yesterday",
        "running cadence": f"{written.running}?show=mails",
        "draft": written.draft,
        "plan": f"{written.running}/plan",
        "plan of a draft": f"{written.draft}/plan?days=14",
        "behind the plan": f"{written.draft}/plan?after=999",
        "mail to resolve": written.mail,
        "way back": f"{written.running}/versions?to=1",
        "report by step": "/cadences/reports?by=step",
        "not there": "/threads/nowhere",
    }
