"""Mail from contact forms: the site stands in From, the visitor in Reply-To or in a line of the text.

Without this every visitor of a form would be one and the same sender. A visitor is taken from
- Reply-To, where From is ours, a form service's or nobody's (no-reply), and Reply-To is somebody else's house;
- a line such as "E-mail: bob@acme.example", where From is such a sender too, no Reply-To says otherwise, and the text
  looks like a filled-in form (at least one more labelled line).
Mailing lists set Reply-To as well and notices carry reply tokens; neither is a visitor.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from inboxcrm.mail.addresses import domain_of, is_no_reply, match_key, org_domain
from inboxcrm.mail.headers import BULK_PRECEDENCE, LIST_FIELDS
from inboxcrm.mail.message import Message, Participant, Role

_FORM_SERVICES = frozenset(
    {
        "123formbuilder.com", "basin.com", "cognitoforms.com", "elfsight.com", "fillout.com", "form-mailer.com",
        "formbold.com", "formcarry.com", "formspark.io", "formspree.io", "formstack.com", "formsubmit.co", "getform.io",
        "godaddy.com", "gravityforms.com", "jimdo.com", "jotform.com", "netlify.com", "paperform.co",
        "squarespace.info", "squarespace.com", "tally.so", "typeform.com", "web3forms.com", "webflow.com",
        "weebly.com", "wix.com", "wixforms.com", "wpforms.com", "wufoo.com", "zohoforms.com",
    }
)  # fmt: skip
_FORM_LOCAL = re.compile(
    r"(?:(?:web)?forms?|formular|formulaire|formulario|formmail(?:er)?|contact-?forms?|kontakt-?formular"
    r"|web-?(?:site|form|mail"
    r"|server|master)|site|wordpress|wp|www|www-data|apache|nginx|nobody|php|mailer|httpd|drupal|joomla|typo3|shop)"
)
_TOKEN = re.compile(
    r"(?:reply|r|notifications?|inbound|comment|ticket|case|msg)[-+_.].{6,}|.*[0-9a-f]{20,}.*|.*[+=_-][a-z0-9]{24,}.*"
)
_OF_A_LIST = tuple(name for name in LIST_FIELDS if name != "list-unsubscribe")
"""What asks to be left may come from a form's service as well."""

_MAIL_LINE = re.compile(
    r"^[ \t>*]*(?:your |ihre |votre |su |la tua )?(?:e[- ]?mail(?:[- ]?(?:address|adresse))?|mail|mailadresse"
    r"|courriel|adresse (?:e-?mail|mail)"
    r"|correo(?: electr[oó]nico)?|indirizzo e-?mail|posta elettronica|e-?mailadres|endere[cç]o de e-?mail"
    r"|メール(?:アドレス)?|邮箱|電子郵件|почта)"
    r"[ \t*]*[:：=][ \t*]*\n?[ \t]*<?(?:mailto:)?([^\s<>,;:\"()\[\]]{1,64}@[^\s<>,;:\"()\[\]]{1,190})",
    re.IGNORECASE | re.MULTILINE,
)
_NAME_LINE = re.compile(
    r"^[ \t>*]*(?:your |ihr |votre |su |il tuo )?(?:(?:full |first )?name|vor- und nachname|vorname|nachname"
    r"|nom(?: complet)?|nombre(?: completo)?|nome(?: completo)?"
    r"|naam|お名前|氏名|名前|姓名|имя|from)[ \t*]*[:：=][ \t*]*\n?[ \t]*([^\n:<>@]{2,80})$",
    re.IGNORECASE | re.MULTILINE,
)
_OTHER_LINE = re.compile(
    r"^[ \t>*]*(?:message|nachricht|mitteilung|mensaje|messaggio|bericht|mensagem|comments?|kommentar|anfrage"
    r"|phone|telephone|tel\.?|telefon"
    r"|t[eé]l[eé]phone|tel[eé]fono|telefono|telefone|telefoon|company|firma|unternehmen|soci[eé]t[eé]|empresa"
    r"|azienda|bedrijf|subject|betreff"
    r"|objet|asunto|お問い合わせ内容|内容|会社名|電話番号|留言|сообщение|телефон)[ \t*]*[:：=]",
    re.IGNORECASE | re.MULTILINE,
)
_MAX_TEXT = 20_000


def form_identity(message: Message, *, is_own: Callable[[str], bool]) -> Participant | None:
    """The visitor a form speaks for, as its author; None where the mail is no form's. `is_own` knows our addresses
    and the form senders a person has named.
    """
    author = message.author
    if author is None or message.in_reply_to or _is_list(message):
        return None
    is_ours = is_own(author.key)
    if not (is_ours or _is_form_sender(author.key)):
        return None
    reply_to = message.in_role(Role.REPLY_TO)
    for person in reply_to:
        if _is_visitor(person.key, author.key, is_own=is_own):
            name = person.name or _name_in(message.text)
            return Participant(Role.FROM, person.key, person.shown, name)
    if (
        is_ours
        and not _is_form_sender(author.key)
        and not _is_sent_to_itself(message, is_own=is_own)
    ):
        return None  # one of us writes; an address in our own text is no visitor
    return _visitor_in_text(message, author.key, is_own=is_own)


def _is_list(message: Message) -> bool:
    return any(message.header(name) for name in _OF_A_LIST) or (
        message.header("precedence").lower() in BULK_PRECEDENCE
        and bool(message.header("list-unsubscribe"))
    )


def _is_form_sender(key: str) -> bool:
    local = key.rpartition("@")[0]
    return (
        is_no_reply(key)
        or _FORM_LOCAL.fullmatch(local) is not None
        or org_domain(domain_of(key)) in _FORM_SERVICES
    )


def _is_visitor(key: str, author_key: str, *, is_own: Callable[[str], bool]) -> bool:
    if key == author_key or is_own(key) or is_no_reply(key):
        return False
    if _TOKEN.fullmatch(key.rpartition("@")[0]):
        return False
    if is_own(author_key):
        return True
    # A shop's no-reply mail that says "write to support@": same house, no visitor.
    house = org_domain(domain_of(author_key)) or domain_of(author_key)
    return (org_domain(domain_of(key)) or domain_of(key)) != house or house in _FORM_SERVICES


def _is_sent_to_itself(message: Message, *, is_own: Callable[[str], bool]) -> bool:
    """Sites often send a form from the very address it goes to."""
    author = message.author
    return (
        author is not None
        and all(
            person.key == author.key
            for person in message.in_role(Role.TO, Role.CC)
            if is_own(person.key)
        )
        and any(person.key == author.key for person in message.in_role(Role.TO))
    )


def _visitor_in_text(
    message: Message, author_key: str, *, is_own: Callable[[str], bool]
) -> Participant | None:
    text = message.text[:_MAX_TEXT]
    found = _MAIL_LINE.search(text)
    if found is None:
        return None
    shown = found[1].rstrip(".")
    key = match_key(shown)
    if not key or not _is_visitor(key, author_key, is_own=is_own):
        return None
    name = _name_in(text)
    if not name and _OTHER_LINE.search(text) is None:
        return None
    return Participant(Role.FROM, key, shown, name)


def _name_in(text: str) -> str:
    found = _NAME_LINE.search(text[:_MAX_TEXT])
    return " ".join(found[1].split())[:200] if found else ""
