"""The front door: the first admin, invited people, signing in and out, the demo's link, and our health."""

from __future__ import annotations

import secrets

from flask import (
    Blueprint,
    Response,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from inboxcrm.errors import FieldsError, InboxcrmError, ProviderError, RefusedError, UsageError
from inboxcrm.services.identities import sign_in_elsewhere
from inboxcrm.services.invitations import accept_invitation, look_at_invitation
from inboxcrm.services.sessions import end_session
from inboxcrm.services.signing_in import SignInError, TooManyAttemptsError, enter_as, sign_in
from inboxcrm.views.health import schema_version
from inboxcrm.web.room import this_room
from inboxcrm.web.security import PAGE_CSP, open_to, safe_path

entry = Blueprint("entry", __name__)


@entry.get("/enter")
def enter() -> ResponseReturnValue:
    """Only a real GET spends the token: a HEAD of a link checker must not lock the person out."""
    room = this_room()
    token = request.args.get("token", "")
    if request.method == "HEAD":
        return "", 204
    if not room.door.open(token):
        reason = "used" if token else "missing"
        inside = bool(session.get("token"))
        return render_template("pages/closed.html", reason=reason, inside=inside), 403
    made = enter_as(room.desk, room.door.account_id, browser=_browser(), now=room.machine_now())
    open_to(made)
    return redirect(url_for("inbox.newest"), 303)


# --- signing in and out -------------------------------------------------------


@entry.get("/sign-in")
def sign_in_page() -> ResponseReturnValue:
    return _sign_in_page()


@entry.post("/sign-in")
def sign_in_form() -> ResponseReturnValue:
    room = this_room()
    try:
        made = sign_in(
            room.desk,
            address=request.form.get("address", "")[:500],
            password=request.form.get("password", "")[:1000],
            origin=request.remote_addr or "",
            browser=_browser(),
            now=room.machine_now(),
        )
    except TooManyAttemptsError as error:
        return _sign_in_page(problem=error, code=429)
    except SignInError as error:
        return _sign_in_page(problem=error, code=422)
    open_to(made)
    return redirect(safe_path(request.form.get("next", "")), 303)


def _sign_in_page(*, problem: InboxcrmError | None = None, code: int = 200) -> ResponseReturnValue:
    identity = this_room().identity
    _have_form_token()
    page = render_template(
        "pages/sign_in.html",
        problem=problem,
        address=request.form.get("address", "")[:500],
        next=safe_path(request.values.get("next", "")),
        elsewhere=identity is not None,
    )
    made = make_response(page, code)
    if identity is not None and identity.consent_origin:
        # A browser follows a form to another site only if the page that holds the form names it.
        made.headers["Content-Security-Policy"] = (
            PAGE_CSP.replace("form-action 'self'", f"form-action 'self' {identity.consent_origin}")
            + "'none'"
        )
    return made


# --- with an account elsewhere ------------------------------------------------


@entry.post("/sign-in/google")
def ask_elsewhere() -> ResponseReturnValue:
    """To the provider's page. State and secret stay in this browser's signed cookie."""
    room = this_room()
    if room.identity is None:
        raise NotFound
    try:
        question = room.identity.begin(redirect_uri=_answer_address())
    except UsageError as error:
        return _sign_in_page(problem=error, code=422)
    session["asked"] = [question.state, question.verifier, safe_path(request.form.get("next", ""))]
    return redirect(question.url, 303)


@entry.get("/sign-in/answer")
def answer_elsewhere() -> ResponseReturnValue:
    """Where the provider sends the browser back to; good once, in the browser that asked."""
    room = this_room()
    asked = session.pop("asked", None)
    if room.identity is None or not asked:
        return redirect(url_for("entry.sign_in_page"), 303)
    state, verifier, following = asked
    try:
        who = room.identity.verify(
            request.query_string.decode("ascii", "replace"),
            state=state,
            verifier=verifier,
            redirect_uri=_answer_address(),
        )
        made = sign_in_elsewhere(
            room.desk, who, room.sign_in_policy, browser=_browser(), now=room.machine_now()
        )
    except (ProviderError, RefusedError) as error:
        return _sign_in_page(problem=error, code=422)
    open_to(made)
    return redirect(safe_path(following), 303)


def _answer_address() -> str:
    base = this_room().settings.public_url or request.host_url.rstrip("/")
    return base + url_for("entry.answer_elsewhere")


@entry.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    room = this_room()
    end_session(room.desk, room.viewer, g.opened.id, now=room.machine_now())
    session.clear()
    return redirect(url_for("entry.sign_in_page"), 303)


@entry.post("/demo/switch")
def switch() -> ResponseReturnValue:
    """The demo shows the same house as a rep and as a manager; nowhere else can one become another."""
    room = this_room()
    wanted = next((one for one in room.demo_people if one.key == request.form.get("person")), None)
    if wanted is None:
        raise NotFound
    made = enter_as(room.desk, wanted.account_id, browser=_browser(), now=room.machine_now())
    open_to(made)
    return redirect(safe_path(request.form.get("next", "")), 303)


# --- joining ------------------------------------------------------------------


@entry.get("/welcome")
def welcome_page() -> ResponseReturnValue:
    """The link of the first start, or of an invitation."""
    return _welcome_page(request.args.get("token", ""))


@entry.post("/welcome")
def welcome_form() -> ResponseReturnValue:
    room = this_room()
    token = request.form.get("token", "")
    try:
        made = accept_invitation(
            room.desk,
            token,
            name=request.form.get("name", "")[:500],
            address=request.form.get("address", "")[:500],
            password=request.form.get("password", "")[:1000],
            browser=_browser(),
            now=room.machine_now(),
        )
    except FieldsError as error:
        return _welcome_page(token, problems=error.problems, code=422)
    open_to(made)
    return redirect(safe_path(""), 303)


def _welcome_page(
    token: str, *, problems: dict[str, str] | None = None, code: int = 200
) -> ResponseReturnValue:
    room = this_room()
    found = look_at_invitation(room.desk, token, now=room.machine_now())
    if found is None:
        return render_template("pages/spent.html"), 403
    _have_form_token()
    page = render_template(
        "pages/welcome.html",
        invitation=found,
        token=token,
        name=request.form.get("name", "")[:500],
        address=request.form.get("address", "")[:500] or found.address,
        problems=problems or {},
    )
    return page, code


@entry.get("/healthz")
def healthz() -> Response:
    return jsonify(status="ok", schema=schema_version(this_room().desk))


def _have_form_token() -> None:
    """A form before the sign-in has a token too; signing in changes it."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)


def _browser() -> str:
    return request.headers.get("User-Agent", "")
