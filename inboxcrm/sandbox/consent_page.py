"""The practice server's consent page: which mailbox, how much of it, Allow or Deny; then back with a code.

Like Google's it refuses on the spot what a client may not ask: an unknown client, an address to go back to that the
client never named, no PKCE. Told of by a page, not by a redirect: a wrong address must not be followed.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import parse_qsl, urlsplit

from inboxcrm.sandbox.answers import Answer, Request
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.tokens import CLIENT_ID, MODIFY, READONLY, Tokens

CONSENT_AT_ONCE = "/o/oauth2/auth"
CONSENT_PAGE = "/o/oauth2/v2/auth"
CONSENT_PATHS = frozenset({CONSENT_AT_ONCE, CONSENT_PAGE})

_HTML = "text/html; charset=UTF-8"
_SCOPES = {
    READONLY: "Read your mail and its labels",
    MODIFY: "Read, write, label and bin your mail",
    "https://www.googleapis.com/auth/gmail.compose": "Write drafts and send mail in your name",
    "https://mail.google.com/": "Everything in your mailbox",
    "openid": "Know who you are",
    "email": "See your address",
    "profile": "See your name",
    "https://www.googleapis.com/auth/userinfo.email": "See your mail address",
    "https://www.googleapis.com/auth/userinfo.profile": "See your name",
}
_STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --soft: #5c6470; --line: #d8dce2; --back: #f2f4f7; --card: #fff;
  --act: #1a56c4 }
@media (prefers-color-scheme: dark) { :root { --ink: #e7e9ec; --soft: #a4abb6; --line: #3a4049; --back: #15181c;
  --card: #1e2227; --act: #8ab0ff } }
* { box-sizing: border-box; margin: 0 }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--back); display: grid;
  min-height: 100vh; place-items: center; padding: 16px }
main { width: min(440px, 100%); background: var(--card); border: 1px solid var(--line); border-radius: 14px;
  padding: 28px; display: grid; gap: 18px }
h1 { font-size: 21px; line-height: 1.25 } p { color: var(--soft); font-size: 14px }
fieldset { border: 1px solid var(--line); border-radius: 8px; padding: 8px 14px; min-width: 0 }
legend { font-size: 13px; color: var(--soft); padding: 0 4px }
label { display: flex; gap: 10px; align-items: center; min-height: 40px; overflow-wrap: anywhere }
form { display: grid; gap: 16px } div { display: flex; gap: 10px; justify-content: flex-end }
button { font: inherit; font-weight: 600; min-height: 40px; padding: 4px 20px; border-radius: 8px;
  border: 1px solid var(--line); background: none; color: var(--ink); cursor: pointer }
button[value=allow] { background: var(--act); border-color: var(--act); color: var(--card) }
:focus-visible { outline: 2px solid var(--act); outline-offset: 2px }
"""


def answer_consent(request: Request, tokens: Tokens, mailboxes: Sequence[SandboxMailbox]) -> Answer:
    query = dict(parse_qsl(request.query))
    if request.path == CONSENT_AT_ONCE:
        return _sent(tokens.consent(query))
    problem = _problem(query)
    if problem:
        return _page(
            "This request was refused", f"<h1>Access blocked</h1><p>{escape(problem)}</p>", 400
        )
    if request.method != "POST":
        return _question(query, mailboxes)
    form = parse_qsl(request.body.decode("utf-8", "replace"))
    given = dict(form)
    if given.get("answer") != "allow":
        return _sent(tokens.refuse(query))
    address = given.get("address", "").lower()
    if address not in {box.address.lower() for box in mailboxes}:
        return _page("No such mailbox", "<h1>There is no such mailbox here</h1>", 400)
    asked = frozenset(query["scope"].split())
    ticked = frozenset(value for name, value in form if name == "scope")
    return _sent(tokens.agree(query, address, asked & ticked))


def _problem(query: dict[str, str]) -> str:
    place = urlsplit(query.get("redirect_uri", ""))
    if query.get("client_id") != CLIENT_ID:
        return "Error 401: invalid_client. The OAuth client was not found."
    if place.scheme not in {"http", "https"} or (
        place.scheme == "http" and place.hostname not in {"localhost", "127.0.0.1", "::1"}
    ):
        return "Error 400: redirect_uri_mismatch."
    if query.get("response_type") != "code" or not query.get("scope"):
        return "Error 400: invalid_request. Required parameter is missing: response_type or scope."
    if query.get("code_challenge_method") != "S256" or not query.get("code_challenge"):
        return "Error 400: invalid_request. This client has to use PKCE."
    return ""


def _question(query: dict[str, str], mailboxes: Sequence[SandboxMailbox]) -> Answer:
    hint = query.get("login_hint", "").lower()
    chosen = hint if hint in {box.address.lower() for box in mailboxes} else ""
    boxes = "".join(
        f'<label><input type="radio" name="address" required value="{escape(box.address)}"'
        f"{' checked' if box.address.lower() == chosen else ''}> {escape(box.address)}</label>"
        for box in mailboxes
    )
    scopes = "".join(
        f'<label><input type="checkbox" name="scope" value="{escape(scope)}" checked> '
        f"{escape(_SCOPES.get(scope, scope))}</label>"
        for scope in query["scope"].split()
    )
    back = urlsplit(query["redirect_uri"]).netloc
    is_about_mail = any("/gmail." in scope or "mail." in scope for scope in query["scope"].split())
    wish = "read a mailbox" if is_about_mail else "know who you are"
    if "gmail.compose" in query["scope"]:
        wish = "read a mailbox and send from it"
    return _page(
        "Practice consent",
        f"<h1>inboxcrm wants to {wish}</h1><p>This is the practice mail service, playing the consent page of "
        f"Google. You go back to {escape(back)}.</p>"
        f'<form method="post"><fieldset><legend>Choose a mailbox</legend>{boxes}</fieldset>'
        f"<fieldset><legend>It may</legend>{scopes}</fieldset>"
        '<div><button name="answer" value="deny" formnovalidate>Deny</button>'
        '<button name="answer" value="allow">Allow</button></div></form>',
    )


def _page(title: str, body: str, status: int = 200) -> Answer:
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,">'
        f"<style>{_STYLE}</style><main>{body}</main></html>"
    )
    return Answer(status, page.encode(), _HTML)


def _sent(address: str) -> Answer:
    return Answer(302, b"", headers=(("Location", address),))
