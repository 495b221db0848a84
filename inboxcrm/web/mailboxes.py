"""Mailboxes: how each is, the guide to connect one, the way to the provider's consent page and back.

The consent page is another site, and a browser follows a form there only if the page that holds the form says so
(form-action). So these pages name that one site in their policy, and no other page does.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inboxcrm.errors import (
    FieldsError,
    ForbiddenError,
    InboxcrmError,
    ProviderError,
    RefusedError,
    UsageError,
)
from inboxcrm.ports import MailLogin, Right
from inboxcrm.services.connecting import (
    MailboxChanges,
    change_mailbox,
    disconnect_mailbox,
    retry_set_aside,
    set_paused,
    sync_now,
)
from inboxcrm.services.consents import (
    Asker,
    Connected,
    asked_to_send,
    begin_connecting,
    finish_connecting,
)
from inboxcrm.services.mailbox_limits import set_mailbox_limits
from inboxcrm.services.signatures import set_signature
from inboxcrm.views.mailbox_health import mailbox_health, set_aside_mail
from inboxcrm.web.changes import typed
from inboxcrm.web.filters import counted
from inboxcrm.web.panel import Toast, keep_toast, kept_toast
from inboxcrm.web.room import this_room
from inboxcrm.web.security import LOOPBACK_NAMES, PAGE_CSP

mailbox_pages = Blueprint("mailboxes", __name__)

LONGEST = 200
LIMITS = ("day_cap", "gap_seconds", "zone")


@mailbox_pages.get("/mailboxes")
def health() -> ResponseReturnValue:
    return _health_page()


@mailbox_pages.get("/mailboxes/connect")
def guide() -> ResponseReturnValue:
    return _guide_page()


@mailbox_pages.post("/mailboxes/connect/google")
def ask() -> ResponseReturnValue:
    """To the consent page, for a new mailbox or for one that is to be reconnected."""
    return _to_consent(request.form.get("mailbox", ""), Right.READ)


@mailbox_pages.post("/mailboxes/<mailbox_id>/sending")
def allow_sending(mailbox_id: str) -> ResponseReturnValue:
    """To the consent page once more, with the right to send beside that to read."""
    return _to_consent(mailbox_id, Right.SEND)


@mailbox_pages.get("/mailboxes/answer")
def answer() -> ResponseReturnValue:
    """Where the provider sends the browser back to. What it brings is good once."""
    room = this_room()
    state = request.args.get("state", "")[:LONGEST]
    sender = ""
    try:
        sender = asked_to_send(room.desk, _asker(), state)
        done = finish_connecting(
            room.desk,
            _asker(),
            _login(),
            state=state,
            answer=request.query_string.decode("ascii", "replace"),
        )
    except (ProviderError, RefusedError, UsageError) as error:
        code = 403 if isinstance(error, ForbiddenError) else 422
        if sender:
            # The token that reads is as it was, so this is said where sending was asked for.
            return _health_page(wrong=sender, unsent=error, code=code)
        return _guide_page(problem=error, code=code)
    keep_toast(Toast(f"{done.address} {_said(done)}."))
    return redirect(url_for("mailboxes.health") + f"#m-{done.id}", 303)


@mailbox_pages.get("/mailboxes/<mailbox_id>/set-aside")
def set_aside(mailbox_id: str) -> ResponseReturnValue:
    room = this_room()
    after = request.args.get("after", "")[:LONGEST]
    view = set_aside_mail(room.desk, room.viewer, mailbox_id, after=after)
    return render_template(
        "pages/set_aside.html", here="mailboxes", view=view, after=after, toast=kept_toast()
    )


@mailbox_pages.post("/mailboxes/<mailbox_id>/retry")
def retry(mailbox_id: str) -> ResponseReturnValue:
    room = this_room()
    retry_set_aside(room.desk, room.viewer, mailbox_id)
    return _back(mailbox_id, "It is tried once more; what still cannot be read comes back here.")


@mailbox_pages.post("/mailboxes/<mailbox_id>/pause", endpoint="pause", defaults={"paused": True})
@mailbox_pages.post("/mailboxes/<mailbox_id>/resume", endpoint="resume", defaults={"paused": False})
def pause(mailbox_id: str, *, paused: bool) -> ResponseReturnValue:
    room = this_room()
    now = room.machine_now()
    name = set_paused(room.desk, room.viewer, mailbox_id, paused=paused, now=now)
    return _back(
        mailbox_id, f"{name} is {'paused. What was read stays' if paused else 'read again'}."
    )


@mailbox_pages.post("/mailboxes/<mailbox_id>/sync")
def sync(mailbox_id: str) -> ResponseReturnValue:
    room = this_room()
    name = sync_now(room.desk, room.viewer, mailbox_id)
    return _back(mailbox_id, f"{name} is read in a moment.")


@mailbox_pages.post("/mailboxes/<mailbox_id>/settings")
def settings(mailbox_id: str) -> ResponseReturnValue:
    room = this_room()
    form = request.form
    changes = MailboxChanges(
        capture=form.get("capture", "")[:LONGEST],
        visibility=form.get("visibility", "")[:LONGEST],
        since=form.get("since", "")[:LONGEST],
        members=tuple(form.getlist("members")[:LONGEST]),
    )
    try:
        now = room.machine_now()
        name = change_mailbox(room.desk, room.viewer, mailbox_id, changes, now=now)
    except FieldsError as error:
        return _health_page(wrong=mailbox_id, problems=error.problems, typed=changes, code=422)
    return _back(mailbox_id, f"{name} is changed.")


@mailbox_pages.post("/mailboxes/<mailbox_id>/signature")
def signature(mailbox_id: str) -> ResponseReturnValue:
    room = this_room()
    text, html = (request.form.get(name, "")[:40_000] for name in ("text", "html"))
    try:
        name = set_signature(room.desk, room.viewer, mailbox_id, text=text, html=html)
    except FieldsError as error:
        problems = {f"signature_{part}": words for part, words in error.problems.items()}
        typed = {"text": text, "html": html}
        return _health_page(wrong=mailbox_id, problems=problems, signed=typed, code=422)
    return _back(mailbox_id, f"This stands under the mail of {name} from now on.")


@mailbox_pages.post("/mailboxes/<mailbox_id>/limits")
def limits(mailbox_id: str) -> ResponseReturnValue:
    room = this_room()
    given = {name: typed(request.form, name, longest=60) for name in LIMITS}
    try:
        done = set_mailbox_limits(room.desk, room.viewer, mailbox_id, given)
    except FieldsError as error:
        problems = dict(error.problems)
        return _health_page(wrong=mailbox_id, problems=problems, limited=given, code=422)
    moved = (
        f" {counted(done.moved, 'mail goes', 'mails go')} at another time." if done.moved else ""
    )
    return _back(mailbox_id, f"These are the limits of {done.mailbox} now.{moved}")


@mailbox_pages.post("/mailboxes/<mailbox_id>/disconnect")
def disconnect(mailbox_id: str) -> ResponseReturnValue:
    """Whether the mail stays has to be said: no choice is made for anybody."""
    room = this_room()
    choice = request.form.get("mail", "")
    if choice not in {"keep", "remove"}:
        problem = {"mail": "Say what is to become of its mail."}
        return _health_page(wrong=mailbox_id, problems=problem, code=422)
    name, is_told = disconnect_mailbox(
        room.desk,
        room.viewer,
        mailbox_id,
        remove_mail=choice == "remove",
        login=room.mail_login,
        now=room.machine_now(),
    )
    said = "Its mail is being removed." if choice == "remove" else "Its mail is kept."
    more = (
        ""
        if is_told
        else " Google was not reached: end the app's access in the Google account, too."
    )
    return _back(mailbox_id, f"{name} is disconnected. {said}{more}")


def _to_consent(mailbox_id: str, right: Right) -> ResponseReturnValue:
    """`mailbox_id` is empty for a mailbox that is new."""
    try:
        url = begin_connecting(
            this_room().desk,
            _asker(),
            _login(),
            redirect_uri=_redirect_uri(),
            mailbox_id=mailbox_id[:LONGEST],
            right=right,
        )
    except UsageError as error:
        return _guide_page(problem=error, code=422)
    return redirect(url, 303)


def _said(done: Connected) -> str:
    if done.right is Right.SEND:
        return "may send now"
    if done.lost_sending:
        return "is connected again, and may not send any more"
    return "is connected. Its mail is being read" if done.is_new else "is connected again"


def _asker() -> Asker:
    room = this_room()
    return Asker(room.viewer, g.opened.id, room.machine_now())


def _login() -> MailLogin:
    login = this_room().mail_login
    if login is None:
        raise UsageError(
            "The settings name no OAuth client, and Google lets only registered ones ask.",
            remedy="Whoever looks after inboxcrm sets client_file under [gmail]; the steps are below.",
        )
    return login


def _redirect_uri() -> str:
    """Where we want the answer: the public address where one is set, else the one the browser called us by.

    The guard has checked that name against those we answer to. On this machine Google allows plain http.
    """
    path = url_for("mailboxes.answer")
    base = this_room().settings.public_url
    host = request.host.lower()
    if base and urlsplit(base).netloc.lower() == host:
        return base + path
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    scheme = request.scheme if name in LOOPBACK_NAMES else "https"
    return f"{scheme}://{request.host}{path}"


def _back(mailbox_id: str, said: str) -> ResponseReturnValue:
    keep_toast(Toast(said))
    return redirect(url_for("mailboxes.health") + f"#m-{mailbox_id}", 303)


def _health_page(
    *,
    wrong: str = "",
    problems: dict[str, str] | None = None,
    typed: MailboxChanges | None = None,
    unsent: InboxcrmError | None = None,
    signed: dict[str, str] | None = None,
    limited: dict[str, str] | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    """`wrong` is the mailbox whose form or consent went wrong; `unsent` why it may not send, `signed` a
    signature and `limited` are limits that cannot be.
    """
    room = this_room()
    page = render_template(
        "pages/mailboxes.html",
        here="mailboxes",
        view=mailbox_health(room.desk, room.viewer),
        can_ask=room.mail_login is not None,
        wrong=wrong,
        problems=problems or {},
        typed=typed,
        unsent=unsent,
        signed=signed,
        limited=limited,
        toast=kept_toast(),
    )
    return _with_policy(page, code)


def _guide_page(*, problem: InboxcrmError | None = None, code: int = 200) -> ResponseReturnValue:
    """`missing` is what keeps us from asking at all, `doubt` what a person should look at first."""
    missing: InboxcrmError | None = None
    doubt = ""
    try:
        doubt = _login().doubt(redirect_uri=_redirect_uri())
    except UsageError as error:
        missing = error
    page = render_template(
        "pages/connect.html",
        here="mailboxes",
        problem=None if problem and missing and problem.message == missing.message else problem,
        missing=missing,
        doubt=doubt,
        redirect_uri=_redirect_uri(),
        toast=kept_toast(),
    )
    return _with_policy(page, code)


def _with_policy(page: str, code: int) -> Response:
    response = make_response(page, code)
    login = this_room().mail_login
    origin = login.consent_origin if login else ""
    if origin:
        policy = PAGE_CSP.replace("form-action 'self'", f"form-action 'self' {origin}")
        response.headers["Content-Security-Policy"] = policy + "'none'"
    return response
