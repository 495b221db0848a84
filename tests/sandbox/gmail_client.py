"""Google's own client, pointed at a practice server, and letters to put into it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import google.oauth2.credentials
import google_auth_httplib2
import googleapiclient
import httplib2
from googleapiclient import discovery

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def bundled_document() -> dict:
    place = (
        Path(googleapiclient.__file__).parent / "discovery_cache" / "documents" / "gmail.v1.json"
    )
    return json.loads(place.read_text(encoding="utf-8"))


def connect(url: str, token: str, *, timeout: float = 10, **credentials):
    """The service object, built from the bundled document with its rootUrl replaced."""
    document = bundled_document()
    document["rootUrl"] = document["baseUrl"] = f"{url}/"
    login = google.oauth2.credentials.Credentials(token, **credentials)
    http = google_auth_httplib2.AuthorizedHttp(login, http=httplib2.Http(timeout=timeout))
    return discovery.build_from_document(document, http=http)


def letter(
    subject="Hello",
    *,
    sender="Bob <bob@client.example>",
    to="alice@own.example",
    body="Good day.",
    **headers,
) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(body)
    return mail.as_bytes()
