"""The words with which mail programs open the quoted past, by language. Data for `reply`; nothing is decided here."""

from __future__ import annotations

import re

WROTE = re.compile(
    r"(?:wrote|writes|said|schrieb|schrieben|geschrieben|a écrit|a ecrit|écrit|escribió|escribio|ha scritto|scrive"
    r"|schreef|geschreven|escreveu|skrev|kirjoitti|napisał\(?a?\)?|napisal\(?a\)?|napsal\(?a?\)?|написала?|пишет"
    r"|şunu yazdı|yazdı|írta|a scris|έγραψε|のメール|のメッセージ|が書きました|は書きました|さんは書きました"
    r"|写道|寫道|님이 작성|كتب)",
    re.IGNORECASE,
)
"""The verb of an attribution line ("On Monday Bob wrote:")."""

OPENING = re.compile(
    r"\s*(?:on|am|le|el|il|op|em|no dia|a|den|dne|dnia|w dniu|pe|la|στις|at|in|vào|ke|på|il giorno"
    r"|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|\d)",
    re.IGNORECASE,
)
"""How an attribution can begin; a safeguard for the verbs above, which people also end sentences with."""

NAME_FIRST = re.compile(r"\s*(?:[^\s<>]{1,60}@[^\s<>]+|<|\"|(?:\S{1,30} ){1,4}<)")
"""One that begins with the writer instead; it stands on one line."""

DATE_SIGN = re.compile(r"\d{1,4}[./\-年 ]|\d{1,2}:\d\d|@|\b(?:19|20)\d\d\b")
"""An attribution names a day, an hour or an address."""

NAME_AND_ADDRESS = re.compile(r"\s*\d{4}[年/\-.].{0,80}<[^<>\n]+@[^<>\n]+>\s*[:：]\s*$")
"""Gmail in Japanese and Russian leaves the verb out: date, name, <address>, colon."""

ORIGINAL = re.compile(
    r"[ \t]*(?:-{2,}|_{2,}|={3,})[ \t]*(?:original[- ]?(?:message|mail|nachricht)|ursprüngliche (?:nachricht|mail)"
    r"|originalnachricht|original-?nachricht|message d['’]origine|message original|courriel original|mensaje original"
    r"|messaggio originale|oorspronkelijk bericht|origineel bericht|mensagem original|ursprungligt meddelande"
    r"|originalmeddelande|oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti|oryginalna wiadomość"
    r"|wiadomość oryginalna|původní zpráva|исходное сообщение|пересылаемое сообщение|原始邮件|原始郵件|邮件原件"
    r"|元のメッセージ|original message|원본 메시지)[ \t]*(?:-{2,}|_{2,}|={3,})?[ \t]*$",
    re.IGNORECASE,
)

GROUPWISE = re.compile(r">>> [^\n<>]{1,80}(?:<[^\n<>]{3,80}>)?[^\n<>]{0,40}\d >>>[ \t]*$")
"""Its line above the past, which it does not mark: a writer, a day and an hour between two signs."""

FORWARDED = re.compile(
    r"[ \t]*(?:-{2,}[ \t]*)?(?:begin forwarded message|forwarded message|forwarded by .{1,80}"
    r"|(?:anfang der )?weitergeleitete[nr]? (?:nachricht|e-?mail)|message (?:transféré|réexpédié)"
    r"|début du message (?:transféré|réexpédié)|(?:inicio del )?mensaje reenviado|forwarded mail"
    r"|(?:inizio )?messaggio inoltrato|inoltra messaggio|(?:begin )?doorgestuurd bericht"
    r"|(?:início da )?mensagem (?:encaminhada|reencaminhada)|vidarebefordrat meddelande|videresendt (?:melding|besked)"
    r"|wiadomość przekazana dalej|přeposlaná zpráva|пересланное сообщение|пересылаемое сообщение"
    r"|転送されたメッセージ|転送メッセージ|轉寄的郵件|转发的邮件|전달된 메일)[ \t]*(?::|：)?[ \t]*(?:-{2,})?[ \t]*$",
    re.IGNORECASE,
)

FROM_LABELS = ("From", "Von", "De", "Da", "Van", "Från", "Fra", "Lähettäjä", "Od", "От", "差出人", "送信者", "发件人",
               "寄件者", "보낸 사람", "Gönderen", "Expéditeur", "Remitente", "Mittente")  # fmt: skip
"""First line of Outlook's block of header fields."""

SENT_LINE = re.compile(
    r"^[ \t>*_]{0,6}(?:sent|date|gesendet|datum|envoyé|envoye|date d['’]envoi|enviado(?: el| em)?|enviada(?: em)?"
    r"|fecha|data"
    r"|inviato|verzonden|skickat|sendt|lähetetty|wysłano|odesláno|отправлено|дата|送信日時|日時|日付|发送时间|日期"
    r"|寄件日期|보낸 날짜|gönderildi|to|an|à|a|para|aan|till?|vastaanottaja|do|komu|кому|kime|subject|betreff|objet"
    r"|asunto"
    r"|oggetto|onderwerp|assunto|ämne|emne|aihe|temat|předmět|тема|konu|件名|宛先|主题|收件人|받는 사람"
    r"|제목)[ \t  ]?\*{0,2}[ \t]?[:：]",
    re.IGNORECASE,
)
"""Second line and those after it in such a block."""
