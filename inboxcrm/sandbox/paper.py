"""The attachments of the practice mailbox: quotes, orders, plans, lists. Small, but each one
opens.
"""

from __future__ import annotations

from hashlib import sha256

from inboxcrm.sandbox.letters import File, tiny_pdf, tiny_png
from inboxcrm.sandbox.people import Company

_PDFS = {
    "quote": (
        "Quote-{number}.pdf",
        "Quote {number}",
        ("{count} sensors at {price}", "Total {total}", "Until {date}"),
    ),
    "order": (
        "Purchase-order.pdf",
        "Purchase order",
        ("Supplier: Lumenworks", "As per {number}", "Total {total}"),
    ),
    "plan": ("Floor-plan.pdf", "Floor plan", ("{site}", "{count} luminaires", "Confidential")),
    "agreement": (
        "Pilot-agreement.pdf",
        "Pilot agreement",
        ("20 sensors, one gateway, eight weeks", "Signed"),
    ),
    "sheet": (
        "Sensor-data-sheet.pdf",
        "Beacon sensor",
        ("Mounting and adapters", "Page 4: round fittings"),
    ),
    "invoice": ("Invoice.pdf", "Invoice", ("Payable by direct debit",)),
}
_TABLES = {
    "questionnaire": (
        "Supplier-assessment.csv",
        ("No,Question,Answer", "1,Is data encrypted at rest?,", "17,Is two-factor login mandatory?,",
         "41,Are backups encrypted?,", "63,How are breaches reported?,"),
    ),
    "answers": (
        "Supplier-assessment-answered.csv",
        ("No,Question,Answer", "1,Is data encrypted at rest?,Yes",
         "17,Is two-factor login mandatory?,For administrators", "41,Are backups encrypted?,See note",
         "63,How are breaches reported?,By phone within 24 hours"),
    ),
    "list": (
        "List.csv",
        ("Number,Customer,Amount,Days", "1042,Penhallow Brewing,1840.00,34", "1051,Foundry Lane Studios,960.50,41",
         "1057,Ellery Dental,410.00,36"),
    ),
}  # fmt: skip


def make_file(kind: str, words: dict[str, str], company: str) -> list[File]:
    if kind in _TABLES:
        name, rows = _TABLES[kind]
        return [File(name, "text/csv", "".join(f"{row}\r\n" for row in rows).encode())]
    name, title, lines = _PDFS[kind]
    filled = [line.format(**words) for line in lines]
    return [
        File(
            name.format(**words),
            "application/pdf",
            tiny_pdf(title.format(**words), [company, *filled]),
        )
    ]


def logo(company: Company) -> File:
    red, green, blue = sha256(company.name.encode()).digest()[:3]
    return File(
        "image001.png", "image/png", tiny_png(red, green, blue), f"image001.png@{company.domain}"
    )
