"""The review queue and what stands beside it: the expired, those set aside, the ignored, the rules. Each answer is made
once, however often it is sent; htmx gets the list anew, a browser without script is sent back to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from inboxcrm.errors import ConflictError, RefusedError, UsageError, UserError
from inboxcrm.services import review_rules, reviewing
from inboxcrm.views.leads import search_leads
from inboxcrm.views.review import review_page
from inboxcrm.views.review_lists import ignored_page, rules_page
from inboxcrm.web.changes import Outcome, change_once, said
from inboxcrm.web.places import is_partial
from inboxcrm.web.room import Desk, new_key, this_room

review_pages = Blueprint("review", __name__)

PARTS = {"queue": "/review", "expired": "/review/expired", "later": "/review/later"}
LISTS = {**PARTS, "ignored": "/review/ignored", "rules": "/review/rules"}
KEPT = ("after", "domain", "reason", "find", "scope")
_LONGEST = 300
_MOST_FOUND = 8


@dataclass(frozen=True, slots=True)
class ReviewToast:
    """`rule` is the domain a rule may be made for, `answer` what was answered."""

    text: str
    undo: str | None = None
    domain: str = ""
    answer: str = ""
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """Which list, and where in it: so that after an answer the same page is drawn again."""

    place: str
    values: tuple[tuple[str, str], ...]

    @property
    def url(self) -> str:
        path = LISTS[self.place]
        return f"{path}?{urlencode(self.values)}" if self.values else path

    def value(self, name: str) -> str:
        return dict(self.values).get(name, "")


@review_pages.get("/review")
def queue() -> ResponseReturnValue:
    return _show(_spot("queue", request.args))


@review_pages.get("/review/expired")
def expired() -> ResponseReturnValue:
    return _show(_spot("expired", request.args))


@review_pages.get("/review/later")
def later() -> ResponseReturnValue:
    return _show(_spot("later", request.args))


@review_pages.get("/review/ignored")
def ignored() -> ResponseReturnValue:
    return _show(_spot("ignored", request.args))


@review_pages.get("/review/rules")
def rules() -> ResponseReturnValue:
    return _show(_spot("rules", request.args))


@review_pages.get("/review/match/<sender>")
def match(sender: str) -> ResponseReturnValue:
    """To which lead the address belongs: the likely ones first, any other by search."""
    room = this_room()
    spot = _spot(request.args.get("place", "queue"), request.args)
    address, name = reviewing.sender_shown(room.desk, room.viewer, sender)
    words = " ".join(request.args.get("lead", name).split())[:100]
    found = search_leads(room.desk, room.viewer, words, limit=_MOST_FOUND) if words else ()
    return _box(
        "match", spot, sender=sender, address=address, asked=words, found=found, here="review"
    )


@review_pages.get("/review/rules/new")
def rehearse() -> ResponseReturnValue:
    """What a rule would change, before it is made; or, with outcome none, taken back."""
    spot = _spot(request.args.get("place", "queue"), request.args)
    return _rehearsal(
        spot,
        request.args.get("for", "")[:_LONGEST],
        request.args.get("outcome", "")[:20],
        rule=request.args.get("rule", "")[:_LONGEST],
    )


@review_pages.post("/review/rules")
def make() -> ResponseReturnValue:
    spot = _spot(request.form.get("place", ""), request.form)
    domain, outcome = request.form.get("for", "")[:_LONGEST], request.form.get("outcome", "")[:20]
    seen = request.form.get("fingerprint", "")[:_LONGEST]

    def act(desk: Desk) -> reviewing.Answered:
        return review_rules.make_rule(
            desk, this_room().viewer, domain=domain, outcome=outcome, fingerprint=seen
        )

    try:
        return _change(spot, act)
    except ConflictError as error:
        return _rehearsal(spot, domain, outcome, problem=error.message, code=409)
    except UserError as error:
        return _rehearsal(spot, domain, outcome, problem=said(error), code=422)


@review_pages.post("/review/rules/<rule_id>/drop")
def drop(rule_id: str) -> ResponseReturnValue:
    spot = _spot(request.form.get("place", "rules"), request.form)
    return _change(spot, lambda desk: review_rules.drop_rule(desk, this_room().viewer, rule_id))


@review_pages.post("/review/answer")
def answer() -> ResponseReturnValue:
    """`do` is like "ignore:<sender>", "join:<sender>:<lead>", or "ignore:picked" for all that are ticked."""
    spot = _spot(request.form.get("place", ""), request.form)
    what, _, whom = request.form.get("do", "")[:_LONGEST].partition(":")
    whom, _, lead_id = whom.partition(":")
    senders = request.form.getlist("pick") if whom == "picked" else [whom] if whom else []

    def act(desk: Desk) -> reviewing.Answered:
        return reviewing.answer(desk, this_room().viewer, senders, what, lead_id=lead_id)

    try:
        return _change(spot, act)
    except (UserError, RefusedError) as error:
        code = 409 if isinstance(error, RefusedError) else 422
        return _show(spot, toast=ReviewToast(said(error), bad=True), code=code)


@review_pages.post("/review/undo")
def undo() -> ResponseReturnValue:
    spot = _spot(request.form.get("place", ""), request.form)
    token = request.form.get("token", "")[:_LONGEST]

    def act(desk: Desk) -> reviewing.Answered:
        return reviewing.Answered(reviewing.take_back(desk, this_room().viewer, token), 1)

    try:
        return _change(spot, act)
    except RefusedError as error:
        return _show(spot, toast=ReviewToast(said(error), bad=True), code=409)


# --- drawing -----------------------------------------------------------------


def _spot(place: str, values: Any) -> Spot:
    pairs = tuple((name, values.get(name, "")[:_LONGEST]) for name in KEPT)
    return Spot(place if place in LISTS else "queue", tuple(pair for pair in pairs if pair[1]))


def _show(spot: Spot, *, toast: ReviewToast | None = None, code: int = 200) -> ResponseReturnValue:
    """The list anew: its part for htmx, the whole page else."""
    values = {
        "here": "review",
        "spot": spot,
        "view": _view(spot),
        "toast": toast or (None if is_partial() else _kept_toast()),
        "new_key": new_key,
    }
    template = "partials/review_answer.html" if is_partial() else "pages/review.html"
    return render_template(template, **values), code


def _view(spot: Spot) -> Any:
    room = this_room()
    after = spot.value("after") or None
    if spot.place == "ignored":
        return ignored_page(
            room.desk,
            room.viewer,
            reason=spot.value("reason"),
            words=spot.value("find"),
            after=after,
        )
    if spot.place == "rules":
        return rules_page(room.desk, room.viewer, scope=spot.value("scope"), after=after)
    return review_page(
        room.desk, room.viewer, part=spot.place, after=after, domain=spot.value("domain")
    )


def _rehearsal(
    spot: Spot, domain: str, outcome: str, *, rule: str = "", problem: str = "", code: int = 200
) -> ResponseReturnValue:
    """A problem of the domain is said where the rule would stand."""
    room = this_room()
    shown = None
    try:
        shown = review_rules.rehearse_rule(
            room.desk, room.viewer, domain=domain, outcome=outcome or "ignored"
        )
    except UsageError as error:
        problem, code = said(error), 422
    return _box(
        "rule", spot, shown=shown, asked=domain, rule=rule, problem=problem, here="review"
    ), code


def _box(name: str, spot: Spot, **values: Any) -> Response:
    """A question with its answer: in the dialog of the list with script, on a page of its own without."""
    template = f"partials/review_{name}.html" if is_partial() else "pages/review_box.html"
    answer = make_response(
        render_template(
            template, box=f"partials/review_{name}.html", spot=spot, new_key=new_key, **values
        )
    )
    if is_partial():
        answer.headers["HX-Retarget"] = "#box-body"
        answer.headers["HX-Reswap"] = "innerHTML"
    return answer


# --- changing ----------------------------------------------------------------


def _change(spot: Spot, act: Callable[[Desk], reviewing.Answered]) -> ResponseReturnValue:
    def once(desk: Desk) -> Outcome:
        done = act(desk)
        return {"text": done.text, "undo": done.undo, "domain": done.domain, "answer": done.answer}

    toast = ReviewToast(**change_once(once))
    if spot.place != "queue":
        toast = replace(toast, domain="")
    if is_partial():
        return _show(spot, toast=toast)
    session["review_toast"] = [toast.text[:300], toast.undo, toast.domain, toast.answer]
    return redirect(spot.url, 303)


def _kept_toast() -> ReviewToast | None:
    kept = session.pop("review_toast", None)
    if not kept:
        return None
    text, token, domain, answered = kept
    return ReviewToast(str(text), token and str(token), str(domain), str(answered))
