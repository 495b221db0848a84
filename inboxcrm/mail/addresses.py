"""Whose address it is: the key two spellings of one mailbox share, and what kind of house a domain is.

Match key: lower case, domain in its ASCII form, googlemail.com is gmail.com and Gmail's dots are dropped. The plus tag
stays: `bob+shop@` is only *suggested* as the same person (`plain_key`), never taken for it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from publicsuffixlist import PublicSuffixList

from inboxcrm.mail.free_mail import BRANDS, DOMAINS

_PLAIN = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]+@[a-z0-9](?:[a-z0-9_-]|\.(?=[a-z0-9_]))*", re.ASCII
)
_DOMAIN = re.compile(r"[a-z0-9_](?:[a-z0-9_-]|\.(?=[a-z0-9_]))*", re.ASCII)
_LITERAL = re.compile(r"\[(?:ipv6:)?[0-9a-f.:]+\]", re.ASCII)
_UNFIT = re.compile(r'[\x00-\x20\x7f<>(),;:\\"\[\]@\ud800-\udfff]|\s')
_QUOTED_LOCAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
_GMAIL = ("gmail.com", "googlemail.com")
_MAX_ADDRESS = 320
_MAX_LABEL = 63

_NO_REPLY = re.compile(
    r"(?:(?:do|please)?[-_.]?no?t?[-_.]?(?:reply|respond|answer|responder|repondre|antworten?|responda)"
    r"|nao[-_.]?respond(?:a|er)|ne[-_.]?pas[-_.]?repondre|nicht[-_.]?antworten|keine[-_.]?antwort"
    r"|noreply.*|no-reply.*|.+[-_.+](?:no-?reply|do-?not-?reply)"
    r"|mailer-?daemon|mail-?daemon|postmaster|bounces?|bounces?[-+=].+|.+-bounces|auto(?:mated|mailer|-?confirm|-?reply|-?responder)"
    r"|notif(?:y|ications?|ier)|.+-notifications?|notifications?[-+].+|alerts?|news-?letters?|mailing"
    r"|cron|root|daemon|nobody|www-data|apache|wordpress|mailrobot|robot|calendar-notification"
    r"|e?receipts?|invoice\+.+|voice-?mail|asterisk|e?fax|scan(?:ner)?|copier|printer)",
)
_ROLE = frozenset(
    {
        "abuse", "accounting", "accounts", "admin", "administrator", "all", "anfrage", "billing", "bookings",
        "buchhaltung", "bureau", "business", "buero", "care", "careers", "commercial", "compras", "contabilidad",
        "contact", "contacto", "contato", "contatti", "comercial", "customercare", "customerservice", "direccion",
        "einkauf", "empfang", "enquiries", "enquiry", "everyone", "facturacion", "finance", "frontdesk", "general",
        "hallo", "hello", "help", "helpdesk", "hi", "hola", "hostmaster", "hr", "info", "informacion", "information",
        "inquiries", "inquiry", "invoice", "invoices", "it", "jobs", "kontakt", "kundenservice", "legal", "mail",
        "marketing", "media", "office", "operations", "orders", "partners", "personal", "post", "praxis", "press",
        "presse", "privacy", "procurement", "purchasing", "recepcion", "reception", "rechnung", "recruiting",
        "reservations", "reservierung", "sales", "sav", "secretariat", "sekretariat", "service", "services", "shop",
        "spam", "staff", "suporte", "support", "team", "tech", "vendas", "ventas", "vertrieb", "verwaltung", "web",
        "webmaster", "welcome",
    }
)  # fmt: skip


@lru_cache(maxsize=2048)
def match_key(text: str) -> str:
    """The key of an address, given bare or as `Name <address>`; "" where there is none."""
    found = text.strip()
    if found.endswith(">") and "<" in found:
        found = found[found.rindex("<") + 1 : -1].strip()
    if found[:7].lower() == "mailto:":
        found = found[7:]
    if len(found) > _MAX_ADDRESS * 4:
        return ""
    key = found.lower()
    if not _PLAIN.fullmatch(key):
        key = _unusual_key(found)
    if not key or len(key) > _MAX_ADDRESS:
        return ""
    if key.endswith(_GMAIL):
        local, _, domain = key.rpartition("@")
        if domain in _GMAIL:
            name, plus, tag = local.partition("+")
            undotted = name.replace(".", "")
            return f"{undotted}{plus}{tag}@gmail.com" if undotted else ""
    return key


def _unusual_key(found: str) -> str:
    """Quoted local parts, IDN, address literals, stray dots. "" for what is no address."""
    local, at, domain = unicodedata.normalize("NFC", found).rpartition("@")
    if not at or not local:
        return ""
    local = local.strip().lower()
    quoted = _QUOTED_LOCAL.fullmatch(local)
    if quoted:
        content = re.sub(r"\\(.)", r"\1", quoted[1])
        local = f'"{content}"' if _UNFIT.search(content) else content
        if not content or re.search(r'[\x00-\x1f\x7f"\\\ud800-\udfff]', content):
            return ""
    elif _UNFIT.search(local):
        return ""
    domain = domain_to_ascii(domain.strip())
    return f"{local}@{domain}" if domain else ""


def domain_to_ascii(domain: str) -> str:
    """Lower case, IDN to A-labels, no trailing dot; "" for what is no domain."""
    name = domain.lower().rstrip(".")
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii").lower()
        except UnicodeError:
            return ""
    if _LITERAL.fullmatch(name):
        return name
    if not _DOMAIN.fullmatch(name) or max(map(len, name.split("."))) > _MAX_LABEL:
        return ""
    return name


def plain_key(key: str) -> str:
    """The key without its plus tag."""
    local, at, domain = key.rpartition("@")
    plain = local.partition("+")[0]
    return f"{plain}{at}{domain}" if plain else key


def domain_of(key: str) -> str:
    return key.rpartition("@")[2]


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    # The list is in Unicode; writing every line of it as A-labels too would cost a third of a second at each start.
    return PublicSuffixList(accept_encoded_idn=False)


@lru_cache(maxsize=2048)
def org_domain(domain: str) -> str:
    """The registrable domain (`mail.acme.co.uk` is `acme.co.uk`); "" for free mail and what is nobody's house."""
    name = domain_to_ascii(domain)
    if not name or name.startswith("[") or "." not in name or name.replace(".", "").isdigit():
        return ""
    registrable = _suffixes().privatesuffix(_unicode_domain(name))
    # As many labels from the end as the list says: the key itself stays as it is, in A-labels.
    own = ".".join(name.split(".")[-str(registrable).count(".") - 1 :]) if registrable else ""
    return "" if is_free_mail(own) else own


def _unicode_domain(name: str) -> str:
    """A-labels as the list writes them; a label that decodes to nothing stays as it is."""
    if "xn--" not in name:
        return name
    return ".".join(map(_unicode_label, name.split(".")))


def _unicode_label(label: str) -> str:
    try:
        return label.encode("ascii").decode("idna") if label.startswith("xn--") else label
    except UnicodeError:
        return label


@lru_cache(maxsize=2048)
def is_free_mail(domain: str) -> bool:
    name = domain_to_ascii(domain)
    if name in DOMAINS:
        return True
    brand, _, ending = name.partition(".")
    # A country ending: com, de, co.uk, com.br. "outlook.example" is somebody's own house.
    is_country = ending == "com" or re.fullmatch(r"(?:(?:com?|ne)\.)?[a-z]{2}", ending) is not None
    return brand in BRANDS and is_country


@lru_cache(maxsize=2048)
def is_role(key: str) -> bool:
    """info@, sales@: a desk that several people sit at. People do answer from there."""
    local = key.rpartition("@")[0].partition("+")[0]
    return local in _ROLE or local.strip("0123456789-_.") in _ROLE


@lru_cache(maxsize=2048)
def is_no_reply(key: str) -> bool:
    """A machine's address: nobody reads what is sent there, nobody sat down to write what comes from it."""
    return _NO_REPLY.fullmatch(key.rpartition("@")[0]) is not None


@lru_cache(maxsize=2048)
def name_key(name: str) -> str:
    """A display name folded for comparing; "" where it is less than two words, and so too weak to compare."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    surname, comma, given = bare.partition(",")
    if comma and given.strip() and "," not in given:
        bare = f"{given} {surname}"
    words = re.findall(r"[^\W\d_]+", bare)
    return " ".join(words) if len(words) >= 2 else ""
