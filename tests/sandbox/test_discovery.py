"""The server is held to Google's bundled discovery document: paths, parameters, fields and their types."""

from __future__ import annotations

import base64
import json
import re

import httplib2
import pytest

from inboxcrm.sandbox.calls import METHODS, PREFIX
from inboxcrm.sandbox.shapes import SHAPES
from tests.sandbox.gmail_client import bundled_document, letter

DOCUMENT = bundled_document()


def methods_of(resource):
    yield from resource.get("methods", {}).values()
    for inner in resource.get("resources", {}).values():
        yield from methods_of(inner)


KNOWN = {
    (
        method["httpMethod"],
        re.sub(r"\{\w+\}", "*", method["flatPath"].removeprefix("gmail/v1/users/{userId}/")),
    ): method
    for method in methods_of(DOCUMENT)
}


@pytest.mark.parametrize("key", METHODS, ids=" ".join)
def test_every_path_we_answer_is_one_of_googles_with_the_same_answer(key):
    assert key in KNOWN
    assert METHODS[key].shape == KNOWN[key].get("response", {}).get("$ref", "")


@pytest.mark.parametrize("key", METHODS, ids=" ".join)
def test_the_scope_google_asks_for_is_the_scope_we_ask_for(key):
    assert METHODS[key].scopes <= set(KNOWN[key]["scopes"])


@pytest.mark.parametrize("name", [name for name in SHAPES if name])
def test_every_field_of_our_table_is_one_of_googles(name):
    properties = DOCUMENT["schemas"][name]["properties"]
    for field, inner in SHAPES[name].items():
        assert field in properties
        found = properties[field].get("$ref") or properties[field].get("items", {}).get("$ref", "")
        assert inner == found


TYPES = {"string": str, "integer": int, "boolean": bool}


def hold(value, schema, place):
    """Every field exists in the schema, with its type, and 64-bit numbers travel as text."""
    if "$ref" in schema:
        properties = DOCUMENT["schemas"][schema["$ref"]]["properties"]
        assert isinstance(value, dict), place
        for name, inner in value.items():
            assert name in properties, f"{place}.{name} is no field of {schema['$ref']}"
            hold(inner, properties[name], f"{place}.{name}")
    elif schema["type"] == "array":
        assert isinstance(value, list), place
        assert value, f"{place}: Google leaves empty lists out"
        for item in value:
            hold(item, schema["items"], f"{place}[]")
    else:
        assert type(value) is TYPES[schema["type"]], place
        if schema.get("format") in {"int64", "uint64"}:
            assert re.fullmatch(r"\d+", value), place
        if schema.get("format") == "byte":
            base64.urlsafe_b64decode(value)
        if "enum" in schema:
            assert value in schema["enum"], place


def test_every_answer_keeps_to_the_schema_it_declares(sandbox, box):
    first = box.deliver(letter(body="One", Message_ID="<1@client.example>"))
    second = box.deliver(
        letter("Re: Hello", In_Reply_To="<1@client.example>", Message_ID="<2@client.example>")
    )
    label = box.add_label("Customers")
    box.modify(second, add=[label], remove=["UNREAD"])
    gone = box.deliver(letter("Other"))
    box.delete(gone)
    raw = letter("With file").replace(
        b"Content-Type: text/plain",
        b"Content-Disposition: attachment; filename=a.txt\nContent-Type: text/plain",
    )
    with_file = box.deliver(raw)
    draft, other = (box.drafts.create(letter(to="bob@client.example")) for _ in range(2))
    raw_draft = base64.urlsafe_b64encode(letter(to="erin@client.example")).decode()
    token = sandbox.access_token(scopes=["https://mail.google.com/"])
    start = 1_204_510
    asked = [
        ("GET", "profile", "profile", None),
        ("GET", "messages", "messages?maxResults=1", None),
        ("GET", "messages/*", f"messages/{first}", None),
        ("GET", "messages/*", f"messages/{first}?format=metadata", None),
        ("GET", "messages/*", f"messages/{first}?format=raw", None),
        ("GET", "messages/*", f"messages/{with_file}?format=full", None),
        ("GET", "threads", "threads?maxResults=1", None),
        ("GET", "threads/*", f"threads/{first}", None),
        ("GET", "labels", "labels", None),
        ("GET", "labels/*", f"labels/{label}", None),
        ("GET", "history", f"history?startHistoryId={start}", None),
        ("GET", "history", f"history?startHistoryId={start}&maxResults=2", None),
        ("GET", "settings/sendAs", "settings/sendAs", None),
        ("POST", "messages/*/modify", f"messages/{first}/modify", {"addLabelIds": ["STARRED"]}),
        ("POST", "messages/*/trash", f"messages/{first}/trash", None),
        ("POST", "messages/*/untrash", f"messages/{first}/untrash", None),
        ("POST", "threads/*/modify", f"threads/{first}/modify", {"removeLabelIds": ["UNREAD"]}),
        ("POST", "threads/*/trash", f"threads/{first}/trash", None),
        ("POST", "threads/*/untrash", f"threads/{first}/untrash", None),
        (
            "POST",
            "messages/batchModify",
            "messages/batchModify",
            {"ids": [first], "addLabelIds": ["STARRED"]},
        ),
        ("DELETE", "messages/*", f"messages/{second}", None),
        ("POST", "drafts", "drafts", {"message": {"raw": raw_draft}}),
        ("GET", "drafts", "drafts?maxResults=1", None),
        ("GET", "drafts/*", f"drafts/{draft}?format=full", None),
        ("GET", "drafts/*", f"drafts/{draft}?format=raw", None),
        ("PUT", "drafts/*", f"drafts/{draft}", {"message": {"raw": raw_draft}}),
        ("POST", "drafts/send", "drafts/send", {"id": draft}),
        ("DELETE", "drafts/*", f"drafts/{other}", None),
    ]
    http = httplib2.Http()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        attachment = ""
        for verb, pattern, target, body in asked:
            answer, content = http.request(
                f"{sandbox.url}{PREFIX}me/{target}",
                verb,
                json.dumps(body) if body else None,
                headers,
            )
            shape = METHODS[verb, pattern].shape
            if not shape:
                assert (answer.status, content) == (204, b""), target
                continue
            assert answer.status == 200, (target, content)
            hold(json.loads(content), {"$ref": shape}, target)
            attachment = attachment or json.loads(content).get("payload", {}).get("body", {}).get(
                "attachmentId", ""
            )
        answer, content = http.request(
            f"{sandbox.url}{PREFIX}me/messages/{with_file}/attachments/{attachment}",
            "GET",
            None,
            headers,
        )
        hold(json.loads(content), {"$ref": "MessagePartBody"}, "attachment")
    finally:
        http.close()
    covered = {(verb, pattern) for verb, pattern, _, _ in asked} | {
        ("GET", "messages/*/attachments/*")
    }
    assert covered == set(METHODS)


def test_no_parameter_is_read_that_google_does_not_have():
    ours = {
        ("GET", "messages"): {"q", "labelIds", "includeSpamTrash", "maxResults", "pageToken"},
        ("GET", "threads"): {"q", "labelIds", "includeSpamTrash", "maxResults", "pageToken"},
        ("GET", "messages/*"): {"format", "metadataHeaders"},
        ("GET", "threads/*"): {"format", "metadataHeaders"},
        ("GET", "history"): {
            "startHistoryId",
            "historyTypes",
            "labelId",
            "maxResults",
            "pageToken",
        },
        ("GET", "drafts"): {"q", "includeSpamTrash", "maxResults", "pageToken"},
        ("GET", "drafts/*"): {"format"},
    }
    for key, names in ours.items():
        assert names == set(KNOWN[key]["parameters"]) - {"userId", "id"}
