"""What lies open beside the panel, as it comes from outside: JSON of the extension, or a hidden field of our forms."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from inboxcrm.errors import UsageError
from inboxcrm.views.shapes import Context, ContextPerson

Words = Annotated[str, Field(max_length=2000)]
Name = Annotated[str, Field(max_length=500)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PersonBody(_Strict):
    address: Annotated[str, Field(min_length=1, max_length=500)]
    name: Name = ""
    role: Annotated[str, Field(max_length=40)] = ""


class ContextBody(_Strict):
    v: Literal[1] = 1
    mailbox_address: Name | None = None
    thread: Name | None = None
    message: Name | None = None
    subject: Words | None = None
    people: Annotated[tuple[PersonBody, ...], Field(max_length=25)] = ()


def read_context(given: Any) -> Context:
    """Raises UsageError naming every field that is wrong."""
    if not isinstance(given, Mapping):
        raise UsageError(
            "The body has to be a JSON object.",
            remedy='Send a Context, as in {"v": 1, "people": []}.',
        )
    try:
        body = ContextBody.model_validate(given)
    except ValidationError as error:
        raise UsageError(_said(error), remedy="Correct these fields and send it again.") from None
    people = tuple(ContextPerson(one.address, one.name, one.role) for one in body.people)
    return Context(body.v, body.mailbox_address, body.thread, body.message, body.subject, people)


def _said(error: ValidationError) -> str:
    parts = []
    for problem in error.errors(include_url=False, include_input=False)[:10]:
        place = ".".join(str(step) for step in problem["loc"]) or "body"
        parts.append(f"{place}: {problem['msg'][:1].lower()}{problem['msg'][1:]}")
    return "; ".join(parts) + "."


def context_from_text(text: str | bytes) -> Context:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):  # thousands of brackets are no context either
        raise UsageError(
            "This is not JSON.", remedy='Send a Context, as in {"v": 1, "people": []}.'
        ) from None
    return read_context(given)


def context_as_text(context: Context) -> str:
    """The shortest JSON that reads back as the same."""
    people = [
        {
            key: value
            for key, value in (
                ("address", one.address[:500]),
                ("name", one.name[:500]),
                ("role", one.role[:40]),
            )
            if value
        }
        for one in context.people[:25]
    ]
    data = {
        "mailbox_address": context.mailbox_address,
        "thread": context.thread,
        "message": context.message,
        "subject": context.subject and context.subject[:300],
        "people": people,
    }
    return json.dumps(
        {key: value for key, value in data.items() if value},
        ensure_ascii=False,
        separators=(",", ":"),
    )
