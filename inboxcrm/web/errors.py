"""What people read when something went wrong: what happened, what it means, what to do next. Never a traceback.

One refusal, three forms: a page, a toast (for htmx), JSON (for /api/). Faults we did not expect go to the log in full.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import (
    Flask,
    current_app,
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
from werkzeug.exceptions import HTTPException

from inboxcrm.errors import (
    ConflictError,
    DatabaseBusyError,
    ForbiddenError,
    Gone,
    InboxcrmError,
    NotFoundError,
    ProviderError,
    RefusedError,
    StorageError,
    UserError,
)
from inboxcrm.web.room import this_room


@dataclass(frozen=True, slots=True)
class Fault:
    code: str
    title: str
    meaning: str
    remedy: str = ""


FAULTS = {
    400: Fault(
        "bad_request",
        "This request could not be read",
        "Part of it was missing or broken.",
        "Go back, reload the page and try again.",
    ),
    403: Fault("forbidden", "This was not done", "", "Go back, reload the page and try again."),
    404: Fault(
        "not_found",
        "There is no such page",
        "It may have been removed, or the address is not complete.",
        "Start from the inbox, or search for it.",
    ),
    405: Fault("method", "This address does not do that", "", "Start from the inbox."),
    409: Fault(
        "conflict",
        "Somebody changed this meanwhile",
        "Your change was not made.",
        "Look at it as it stands now, then change it again.",
    ),
    410: Fault("gone", "This is not there any more", "", "Go back to the mail."),
    413: Fault(
        "too_large",
        "That is too much at once",
        "The text sent is larger than the server takes.",
        "Shorten it and send it again.",
    ),
    415: Fault(
        "not_json", "This address takes JSON", "", "Send it with Content-Type: application/json."
    ),
    422: Fault("fields", "This cannot be taken as it is", "", "Correct it and send it again."),
    429: Fault(
        "too_fast",
        "That was too much in one minute",
        "No person clicks so fast; a program may be trying things out.",
        "Wait a minute, then go on.",
    ),
    500: Fault(
        "broken",
        "Something broke on our side",
        "The page could not be made. Nothing was changed by it.",
        "Reload it. If it happens again, the log of inboxcrm says where it broke.",
    ),
    502: Fault("provider", "The mail service did not help", "", "Try again in a few minutes."),
    503: Fault("storage", "The database cannot answer", "", "Try again in a moment."),
}

# The first that fits; the order is that of the tree in inboxcrm.errors.
HTTP_CODES: tuple[tuple[type[InboxcrmError], int], ...] = (
    (NotFoundError, 404),
    (ConflictError, 409),
    (ForbiddenError, 403),
    (RefusedError, 422),
    (UserError, 422),
    (StorageError, 503),
    (Gone, 410),
    (ProviderError, 502),
)


def answer_errors(app: Flask) -> None:
    app.register_error_handler(InboxcrmError, show_own)
    app.register_error_handler(HTTPException, show_http)
    app.register_error_handler(Exception, show_unexpected)


def http_code(error: InboxcrmError) -> int:
    return next((code for kind, code in HTTP_CODES if isinstance(error, kind)), 500)


def show_own(error: InboxcrmError) -> ResponseReturnValue:
    code = http_code(error)
    fault = FAULTS.get(code, FAULTS[500])
    if code >= 500:
        current_app.logger.error("%s %s: %s", request.method, request.path, error.message)
    name = "busy" if isinstance(error, DatabaseBusyError) else fault.code
    answer = make_response(refuse(code, name, error.message, error.remedy or fault.remedy))
    if code == 503:
        answer.headers["Retry-After"] = "2"
    return answer


def show_http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if g.get("closed"):
        return _closed()
    fault = FAULTS.get(code, FAULTS[500] if code >= 500 else FAULTS[400])
    said = error.description if code == 403 and error.description else fault.meaning
    answer = make_response(refuse(code, fault.code, fault.title, fault.remedy, meaning=said or ""))
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            answer.headers[name] = value
    return answer


def show_unexpected(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("%s %s failed", request.method, request.path, exc_info=error)
    fault = FAULTS[500]
    return refuse(500, fault.code, fault.title, fault.remedy, meaning=fault.meaning)


def refuse(
    code: int, name: str, title: str, remedy: str, *, meaning: str = ""
) -> ResponseReturnValue:
    if request.path.startswith("/api/"):
        text = ". ".join(part.rstrip(".") for part in (title, meaning) if part) + "."
        return jsonify(error={"code": name, "message": text, "remedy": remedy}), code
    if "HX-Request" in request.headers:
        text = ". ".join(part.rstrip(".") for part in (title, meaning, remedy) if part) + "."
        answer = make_response(render_template("partials/error_toast.html", text=text), code)
        # Beside what was asked for: that stays as it is.
        answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#toasts", "innerHTML"
        return answer
    page = render_template(
        "pages/error.html",
        title=title,
        meaning=meaning,
        remedy=remedy,
        inside=bool(session.get("token")),
    )
    return page, code


def _closed() -> ResponseReturnValue:
    """No session: the same answer for every address, whether or not there is something behind it."""
    has_link = this_room().door.has_link
    if request.path.startswith("/api/") or "HX-Request" in request.headers:
        return refuse(
            403,
            "no_session",
            "This browser is not signed in.",
            "Open the link that inboxcrm printed when it started; a new start prints a new one."
            if has_link
            else "Sign in, then try again.",
        )
    if has_link:
        return render_template("pages/closed.html", reason="missing", inside=False), 403
    if request.method != "GET":
        return redirect(url_for("entry.sign_in_page"), 303)
    path = request.full_path.rstrip("?")
    return redirect(url_for("entry.sign_in_page", next=None if path == "/" else path), 303)
