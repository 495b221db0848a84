"""What ours is measured against: the plain code somebody would write first. Printed with the figures."""
# ruff: noqa: BLE001

from __future__ import annotations

import json
import re
import sqlite3
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask, jsonify, request
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc
from jinja2 import Environment
from sqlalchemy import create_engine, text

# --- (a) and what both loops share -------------------------------------------


def read_messages(path: Path):
    """Five headers and both bodies of every mail; mail the parser cannot take gives empty texts."""
    for raw in re.split(rb"(?m)^From \S+ +\w{3} \w{3} [^\n]*\n", path.read_bytes())[1:]:
        try:
            message = message_from_bytes(raw, policy=default)
            names = ("message-id", "from", "to", "subject", "date")
            headers = [str(message[name] or "") for name in names]
        except Exception:  # mail is like that
            yield ["", "", "", "", ""], "", ""
            continue
        bodies = []
        for kind in ("plain", "html"):
            try:
                part = message.get_body((kind,))
                bodies.append(part.get_content() if part else "")
            except Exception:
                bodies.append("")
        yield headers, *bodies


def plain_import_sqlite(path: Path, database: Path) -> int:
    db = sqlite3.connect(database)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute(
        "CREATE TABLE mail (id INTEGER PRIMARY KEY, message_id TEXT, sender TEXT, recipients TEXT,"
        " subject TEXT, date TEXT, text TEXT, html TEXT)"
    )
    db.execute("CREATE VIRTUAL TABLE words USING fts5(subject, body)")
    count = 0
    for headers, plain, html in read_messages(path):
        row = [value.encode("utf-8", "replace").decode() for value in (*headers, plain, html)]
        made = db.execute(
            "INSERT INTO mail (message_id, sender, recipients, subject, date, text, html)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            row,
        )
        words = (made.lastrowid, row[3], row[5] or row[6])
        db.execute("INSERT INTO words (rowid, subject, body) VALUES (?, ?, ?)", words)
        count += 1
    db.commit()
    db.close()
    return count


def plain_import_postgresql(path: Path, url: str) -> int:
    with psycopg.connect(url) as db, db.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE mail (id BIGSERIAL PRIMARY KEY, message_id TEXT, sender TEXT,"
            " recipients TEXT, subject TEXT, date TEXT, text TEXT, html TEXT, words TSVECTOR)"
        )
        rows = []
        for headers, plain, html in read_messages(path):
            values = (*headers, plain, html)
            clean = [
                value.encode("utf-8", "replace").replace(b"\0", b"").decode() for value in values
            ]
            rows.append(clean)
        cursor.executemany(
            "INSERT INTO mail (message_id, sender, recipients, subject, date, text, html)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            rows,
        )
        cursor.execute(
            "UPDATE mail SET words = to_tsvector('simple',"
            " subject || ' ' || left(CASE text WHEN '' THEN html ELSE text END, 1000000))"
        )
        cursor.execute("CREATE INDEX ON mail USING gin (words)")
    return len(rows)


# --- (b) ---------------------------------------------------------------------


def bare_client(url: str, token_file: Path, fields: str) -> int:
    """Google's own client lists the mailbox, fetches the mails in batches of ten, forgets them."""
    document = get_static_doc("gmail", "v1").replace("https://gmail.googleapis.com/", f"{url}/")
    kept = json.loads(token_file.read_text())
    names = ("token", "refresh_token", "token_uri", "client_id", "client_secret", "scopes")
    credentials = Credentials(**{name: kept[name] for name in names})
    service = build_from_document(document, credentials=credentials)
    messages = service.users().messages()
    refs: list[str] = []
    page = messages.list(userId="me", maxResults=500, includeSpamTrash=True)
    while page is not None:
        answer = page.execute()
        refs += [item["id"] for item in answer.get("messages", ())]
        page = messages.list_next(page, answer)
    fetched = 0

    def take(_number: str, answer: Any, error: Exception | None) -> None:
        nonlocal fetched
        if error is not None:
            raise error
        fetched += "payload" in answer

    for start in range(0, len(refs), 10):
        batch = service.new_batch_http_request(callback=take)
        for ref in refs[start : start + 10]:
            batch.add(messages.get(userId="me", id=ref, format="full", fields=fields))
        batch.execute()
    service.close()
    return fetched


# --- (c) ---------------------------------------------------------------------


def bare_route(url: str) -> Flask:
    """The same request, answered by one indexed SELECT."""
    app = Flask("bare")
    engine = create_engine(url)
    statement = text("SELECT id, key, shown, name, domain FROM address WHERE key = :key")

    @app.post("/context")
    def context():
        key = request.get_json()["people"][0]["address"]
        with engine.connect() as connection:
            row = connection.execute(statement, {"key": key}).first()
        return jsonify(row._asdict() if row else {})

    return app


# --- (f) ---------------------------------------------------------------------


def library_mails(subject: str, text: str, html: str, date: Any):
    """Jinja2 compiled once, then EmailMessage, as its documentation shows."""
    plain, marked = Environment(), Environment(autoescape=True)
    parts = [plain.from_string(subject), plain.from_string(text), marked.from_string(html)]

    def write(people):
        for number, values in enumerate(people):
            try:
                message = EmailMessage(policy=SMTP)
                message["From"] = Address(values["sender_name"], addr_spec=values["sender_address"])
                message["To"] = values["address"]
                message["Subject"] = parts[0].render(values)
                message["Date"] = date
                message["Message-ID"] = f"<key{number}@ourfirm.example>"
                words, markup = parts[1].render(values), parts[2].render(values)
                message.set_content(words)
                message.add_alternative(markup, subtype="html")
                yield message.as_bytes(), words, markup
            except ValueError:  # a line break in a header
                yield None

    return write


def mailmerge_mails(subject: str, text: str, html: str, folder: Path):
    """mailmerge's template of a whole mail, rendered and serialised in this process. Raises ImportError."""
    from mailmerge.template_message import TemplateMessage

    path = folder / "mail.txt"
    path.write_text(
        "TO: {{ address }}\nFROM: {{ sender_name }} <{{ sender_address }}>\n"
        f"SUBJECT: {subject}\nMIME-Version: 1.0\n"
        'Content-Type: multipart/alternative; boundary="boundary"\n\n'
        f'--boundary\nContent-Type: text/plain; charset="utf-8"\n\n{text}\n'
        f'--boundary\nContent-Type: text/html; charset="utf-8"\n\n{html}\n--boundary--\n',
        encoding="utf-8",
    )
    template = TemplateMessage(path)
    # What it renders is the whole mail; its bodies are rendered once more where they are compared.
    bodies = [Environment().from_string(part) for part in (text, html)]

    def write(people, *, compared=False):
        for values in people:
            rendered = [body.render(values) for body in bodies] if compared else ["", ""]
            try:
                yield template.render(values)[2].as_bytes(), *rendered
            except Exception:  # what it refuses it refuses in many ways
                yield None

    return write
