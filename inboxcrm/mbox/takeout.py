"""What Google Takeout writes into each mail of its mbox: labels (in the owner's language) and the thread's id.

Gmail's own labels become Gmail's label ids, so that an archive and the live mailbox speak of the same INBOX; a
person's labels keep their names.
"""

from __future__ import annotations

import re

from inboxcrm.mail.headers import decode_header_text

_LABELS = re.compile(
    rb"^X-Gmail-Labels[ \t]*:((?:[^\n]*\n[ \t])*[^\n]*)", re.IGNORECASE | re.MULTILINE
)
_THREAD = re.compile(rb"^X-GM-THRID[ \t]*:[ \t]*(\d{1,20})", re.IGNORECASE | re.MULTILINE)
_MAX_HEADER = 200_000
_MAX_LABELS = 200
_ENTRY = re.compile(r'"((?:[^"]|"")*)"|([^,]+)')

_SYSTEM = {
    "INBOX": (
        "inbox|posteingang|boîte de réception|bandeja de entrada|recibidos|posta in arrivo|postvak in"
        "|inkomend|caixa de entrada|entrada|受信トレイ|收件箱|收件匣|받은편지함|inkorgen|indbakke|innboks"
        "|odebrane|doručená pošta|входящие"
    ),
    "SENT": (
        "sent|sent mail|gesendet|messages envoyés|envoyés|enviados|enviado|inviati|posta inviata|verzonden"
        "|verzonden berichten|e-mails enviados|送信済みメール|送信済み|已发邮件|寄件備份|보낸편지함|skickat"
        "|sendt|wysłane|odeslaná pošta|отправленные"
    ),
    "DRAFT": (
        "drafts|draft|entwürfe|brouillons|borradores|bozze|concepten|rascunhos|下書き|草稿|임시보관함|utkast"
        "|kladder|черновики|wersje robocze|koncepty"
    ),
    "SPAM": (
        "spam|correo no deseado|posta indesiderata|迷惑メール|垃圾邮件|垃圾郵件|스팸함|спам|skräppost"
        "|søppelpost"
    ),
    "TRASH": (
        "trash|bin|papierkorb|corbeille|papelera|cestino|prullenbak|lixeira|lixo|ゴミ箱|已删除邮件|垃圾桶"
        "|휴지통|papperskorgen|papirkurv|kosz|koš|корзина"
    ),
    "CHAT": "chat|chats|チャット|聊天",
    "STARRED": (
        "starred|markiert|suivis|messages suivis|destacados|speciali|met ster|com estrela|スター付き|已加星标"
        "|已加星號|별표편지함|stjärnmärkt|stjernemarkeret|oznaczone gwiazdką|s hvězdičkou|помеченные"
    ),
    "IMPORTANT": (
        "important|wichtig|importants|importante|importantes|importanti|belangrijk|重要|重要邮件|중요편지함"
        "|viktigt|vigtigt|ważne|důležité|важное"
    ),
    "UNREAD": (
        "unread|ungelesen|non lus|no leídos|no leído|da leggere|non letti|ongelezen|não lidas|não lidos|未読"
        "|未读|未讀|읽지 않음|olästa|nieprzeczytane|непрочитанные"
    ),
    "CATEGORY_PERSONAL": "category personal",
    "CATEGORY_SOCIAL": "category social",
    "CATEGORY_PROMOTIONS": "category promotions",
    "CATEGORY_UPDATES": "category updates",
    "CATEGORY_FORUMS": "category forums",
    "": (
        "opened|archived|geöffnet|archiviert|ouverts|archivés|messages archivés|abierto|archivados|archiviati"
        "|aperti|geopend|gearchiveerd|aberto|arquivado|arquivados|開封済み|アーカイブ済み"
    ),
}
_REF_OF = {name: ref for ref, names in _SYSTEM.items() for name in names.split("|")}


def takeout_marks(raw: bytes) -> tuple[frozenset[str], str]:
    """(label refs, thread ref as Gmail's API writes it, in hexadecimal); empty where Takeout did not write the mail."""
    end = raw.find(b"\n\n", 0, _MAX_HEADER)
    if end < 0:
        end = raw.find(b"\n\r\n", 0, _MAX_HEADER)
    end = end if end >= 0 else _MAX_HEADER
    if raw.find(b"X-G", 0, end) < 0:
        return frozenset(), ""
    header = raw[:end]
    labels, thread = _LABELS.search(header), _THREAD.search(header)
    refs = _label_refs(decode_header_text(labels[1])) if labels else frozenset()
    return refs, format(int(thread[1]), "x") if thread else ""


def _label_refs(text: str) -> frozenset[str]:
    refs: set[str] = set()
    for count, entry in enumerate(_ENTRY.finditer(text)):
        if count >= _MAX_LABELS:
            break
        name = (entry[1].replace('""', '"') if entry[1] is not None else entry[2]).strip()
        if name:
            refs.add(_REF_OF.get(name.casefold(), name[:225]))
    return frozenset(refs - {""})
