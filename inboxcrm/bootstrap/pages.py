"""Joins the pages with what they need of the outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inboxcrm.bootstrap.jobs import post_of
from inboxcrm.bootstrap.providers import identity, mail_login, open_named
from inboxcrm.config import Settings
from inboxcrm.mail.addresses import match_key
from inboxcrm.services.identities import SignInPolicy
from inboxcrm.store.desk import Desk

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from inboxcrm.web.room import DemoPerson


def first_link(desk: Desk) -> str | None:
    """The token of the link that makes the first admin; None once somebody can sign in."""
    from inboxcrm.services import invitations
    from inboxcrm.worker.clock import machine_now

    return invitations.first_link(desk, now=machine_now())


def make_web_app(
    settings: Settings,
    desk: Desk,
    *,
    entry_token: str | None = None,
    demo_people: tuple[DemoPerson, ...] = (),
) -> WSGIApplication:
    """`entry_token` lets one browser in without a password, as the demo wants it."""
    from inboxcrm.web import create_app
    from inboxcrm.worker.clock import machine_now

    return create_app(
        desk,
        web=settings.web,
        machine_now=machine_now,
        mail_login=mail_login(settings),
        identity=identity(settings),
        sign_in_policy=SignInPolicy(
            frozenset(settings.sign_in.allowed_domains),
            frozenset(match_key(one) for one in settings.sign_in.allowed_addresses),
        ),
        entry_token=entry_token,
        demo_people=demo_people,
        open_mailbox=lambda name: open_named(settings, desk, name),
        post=post_of(settings, desk),
        templates_override=settings.web.templates,
    )
