"""The words in which mail systems say that a mail did not arrive, and why. Data for `bounces` and `classify`."""

from __future__ import annotations

import re

_PLACE = (
    r"(?<!ip )(?<!your )(?<!sender )(?<!sending )(?<!source )(?<!client )(?<!return )(?<!from )(?<!absender-)"
    r"\b(?:user|recipient|addressee|mailbox|address|account|empfänger\w*|(?:\w*mail-?)?adresse|postfach|konto"
    r"|benutzer|nutzer"
    r"|destinataires?|boîte|compte|utilisateur|usuario|destinatario|buzón|cuenta|dirección|utente|casella|indirizzo"
    r"|gebruiker|geadresseerde|ontvanger|postbus|mailadres|adres|utilizador|usuário|destinatário|caixa|conta|endereço"
    r"|пользовател\w*|адрес\w*|ящик\w*|получател\w*|odbiorc\w*|użytkownik\w*|skrzynk\w*|adresat\w*|mottagare\w*"
    r"|modtager\w*|mottaker\w*)\b"
)
"""Where a mail goes, in the words of those who failed to bring it there."""
_MISSING = (
    r"(?:unknown|not known|not recogni[sz]ed|not found|does(?:n['’]t| not) exist"
    r"|invalid(?! \w)|deactivated|unbekannt|nicht (?:gefunden|vorhanden|bekannt"
    r"|existent|mehr (?:gültig|aktiv|vorhanden|verfügbar))|existiert nicht|ungültig|deaktiviert|inconnue?s?\b"
    r"|introuvable|inexistante?|n['’](?:existe|est plus)|désactivé|desconocid|inexistente|no (?:existe|válid"
    r"|encontrad"
    r"|fue encontrad)|deshabilitad|desactivad|sconosciut|non (?:esiste|(?:è )?(?:più )?(?:attiv|valid|trovat)"
    r"|è stat\w"
    r" trovat)|disattivat|onbekend|niet (?:gevonden|worden gevonden|meer (?:actief|geldig))|bestaat niet|ongeldig"
    r"|desconhecid|não (?:existe|encontrad|foi encontrad)|не найден|не существует|неизвест|отключ|nie istnieje"
    r"|nieznan|nie znalezion|okänd|hittades inte|finns inte|ukendt|findes ikke|ukjent|finnes ikke)"
)
"""What they say of it. The two stand in one sentence, with the address itself between them at most."""

_OF_US = r"\b(?:sender|spam|policy|block\w*|dkim|spf|dmarc|helo|client|signature|reverse|ptr|rdns|header|quota|full)\b"
"""What stands between them where it is our mail or our server that displeased."""

GONE_WORDS = re.compile(
    rf"{_PLACE}(?:(?!{_OF_US})(?:[^\n.!?;]|\.(?=\S))){{0,80}}{_MISSING}"
    r"|\b(?:unbekannte[rn]?|ungültige[rn]?) (?:empfänger|(?:e-?mail-?)?adresse|benutzer)"
    r"|domain \S{1,100} does not accept (?:any )?(?:e-?)?mail\b(?! from)|null ?mx"
    r"|user (?:is )?unknown|unknown (?:user|recipient|local.?part|address)|no such (?:user|mailbox|address"
    r"|recipient|person)"
    r"|does(?:n['’]t| not) exist|no longer (?:exists|valid|available|in use|in service|works|active|monitored)"
    r"|non-?existent hosts?|no mx records?|indicated no smtp service"
    r"|couldn['’]t be found|impossibile trovare l['’]indirizzo|indirizzo [^\n.]{0,60}(?:non (?:è )?stato trovato)"
    r"|could ?n[o']t be found|was(?:n['’]t| not) found|not (?:found|listed) (?:at|in)|(?:address|recipient|user"
    r"|mailbox) not found"
    r"|(?:invalid|bad|nonexistent|non-existent) (?:recipient|mailbox|address|user)|no mailbox (?:here|by that name)"
    r"|mailbox (?:is )?(?:unavailable|disabled|inactive|not available|does not exist)"
    r"|account (?:that you tried to reach )?"
    r"(?:is disabled|has been disabled|is inactive|does not exist|disabled|closed)"
    r"|recipient address rejected(?!: (?:greylist|access))"
    r"|host or domain name not found|domain name (?:not found|does not resolve)|unrouteable address|no such domain"
    r"|host unknown|not appear to be registered|is not registered|name service error"
    r"|wasn['’]t able to establish|unable to find the recipient"
    r"|nxdomain|(?:does(?:n['’]t| not)|dos) have an? [^\n]{0,40}account|invalid mailbox"
    r"|mailbox for \S+ is (?:inactive|disabled|closed|unavailable)"
    r"|n['’]existe pas|inconnu|introuvable|n['’]a pas (?:été trouvée?|pu être trouvée?)"
    r"|no existe|desconocido|no se (?:encontró|ha encontrado|pudo encontrar|ha podido encontrar)"
    r"|non esiste|non (?:è stat[oa] )?trovat[oa]|sconosciut[oa]"
    r"|existiert nicht|unbekannt(?:er)? (?:empfänger|adresse|benutzer)|nicht gefunden"
    r"|bestaat niet|niet (?:worden )?gevonden|onbekend"
    r"|não existe|nao existe|não (?:foi |é )?(?:possível )?encontra(?:d[oa]|r)|desconhecid[oa]"
    r"|存在しません|見つかりません",
    re.IGNORECASE,
)
"""The localized texts of Gmail and Exchange say "was not found" and name no code in their prose."""
NO_SUCH_USER = re.compile(
    r"no such (?:user|mailbox|recipient|person)|(?:user|recipient|mailbox) (?:is )?(?:unknown|not found)"
    r"|unknown (?:user|recipient|mailbox)|no mailbox (?:here )?by that name",
    re.IGNORECASE,
)
"""Said so plainly, it counts under a code of policy too: Yandex says "5.7.1 No such user!"."""
OF_SENDER = re.compile(
    r"\bsender (?:address |e-?mail |domain )?(?:rejected|denied|refused|unknown|invalid|not found|does not exist"
    r"|verif\w+|not verified|callout)|verification failed for <|domain of sender|could not verify (?:the )?sender"
    r"|envelope sender|too many (?:invalid|unknown|bad|non-?existent) (?:recipients|users|addresses|mailboxes)",
    re.IGNORECASE,
)
"""Our own address is not believed (Postfix's reject_unlisted_sender, Exim's sender callout): "User unknown" behind it
is said of us, and the address written to may be good.
"""
MOVED = re.compile(
    r"\b(?:user|recipient|mailbox|account|address|has|have|was|is) (?:now )?moved to\b|\bnew address (?:is|:)"
    r"|\buser not local\b|\bplease (?:try|use) <[^<>\s]{1,200}@|\bforwarding address (?:is|:)",
    re.IGNORECASE,
)
"""Where they went is told (RFC 5321 3.4, "551 User not local; please try <...>"): whoever only moved is not gone."""
LATE_WORDS = re.compile(
    r"grey ?list|try again|temporar|rate limit|too many|(?:message|delivery time|time) (?:has )?expired"
    r"|retry time(?:out)?|could not connect|unable to connect"
    r"|connection (?:timed out|refused|reset|dropped)|timed? ?out|too long|not respond"
    r"|unreachable|not reachable"
    r"|(?:server|service) (?:is )?(?:busy|unavailable)|vorübergehend|zeitüberschreitung|temporair|délai|temporal"
    r"|tijdelijk",
    re.IGNORECASE,
)
REFUSED_WORDS = re.compile(
    r"(?:mailbox|quota|inbox|storage|postfach|boîte|buzón|casella|caixa)[^\n]{0,40}(?:full|exceeded|over|voll"
    r"|überschritten"
    r"|pleine|llen[oa]|piena|vol|cheia)|over ?quota|exceed(?:s|ed)? [^\n]{0,30}(?:quota|size|limit)"
    r"|out of (?:storage|space)|insufficient (?:system )?storage|message (?:is )?too (?:large|big)|size limit|spam"
    r"|policy|blocked|block ?list|black ?list|blacklisted|reputation|dmarc|spf|dkim|not authenticated"
    r"|not allowed to send|not permitted|permission to|(?:relay|relaying) (?:access )?denied|virus|content rejected"
    r"|access denied|message (?:was )?rejected|blocked by|sender (?:address )?(?:rejected|denied)|unsolicited",
    re.IGNORECASE,
)

SUBJECT = re.compile(
    r"[\s*\[#!]{0,6}(?:postmaster\]\s*)?(?:re: |fwd?: |aw: |wg: )?(?P<bounce>undeliver(?:ed|able)(?: mail)?"
    r"|mail delivery (?:failed|failure|system"
    r"|subsystem"
    r"|problem|error)|delivery (?:status notification|failure|failed|has failed|problem|report|incomplete"
    r"|unsuccessful)"
    r"|returned (?:mail|to sender|e-?mail)|return(?:ed)? to sender|failure notice|failure delivery"
    r"|non[- ]?delivery|failed mail|mail failed, returning|automatically rejected mail|temporary delivery problem"
    r"|(?:(?:warnung|aviso|avviso|avertissement|waarschuwing): )?(?:(?:ihre |su |il |votre |uw )?(?:nachricht"
    r"|mensaje|messaggio|message|bericht) )?(?:noch nicht zugestellt"
    r"|aún no se ha entregado|pas encore (?:été )?(?:remis|délivré|distribué)"
    r"|non (?:è stato )?ancora (?:consegnato|recapitato)|nog niet (?:bezorgd|afgeleverd)"
    r"|ainda não foi entregue)"
    r"|mail (?:system )?(?:error|failure)|(?:e-?mail|message) (?:undeliverable|delivery (?:failure|delay)"
    r"|not delivered|you sent blocked|blocked)"
    r"|(?:avviso di )?mancata consegna|error en la entrega|(?:avis de )?non[- ]remise|(?:correo"
    r"|mensaje) (?:no entregado|devuelto)"
    r"|mensagem (?:não entregue|devolvida)|niet (?:af)?(?:geleverd|bezorgd)|(?:ihre )?(?:e-?mail|nachricht)"
    r" (?:konnte )?(?:bisher |noch )?nicht zu(?:gestellt|stellbar)|[eé]chec de (?:la )?(?:distribution|livraison)"
    r"|(?:e-?mail|message) (?:delivery )?(?:could|can)(?:not| not) be delivered|warning: (?:could not send"
    r"|message) "
    r"|(?:warning: )?(?:delivery of )?(?:your )?message (?:is|was|has been) delayed"
    r"|mdaemon (?:notification|warning|error) --? (?:permanent |temporary |transient )?delivery (?:failure"
    r"|error|warning)"
    r"|unzustellbar|nicht zustellbar|unzustellbare|zustellung fehlgeschlagen|fehler bei der zustellung|non remis"
    r"|non distribuable|[eé]chec de (?:la )?remise|notification d['’]état de remise|message non distribué"
    r"|retour de courrier"
    r"|(?:permanent|fatal|temporary) delivery (?:failure|error)|message status|(?:notice: )?mail delivery status"
    r"|(?:die )?zustellung (?:ist )?verzögert|remise (?:retardée|différée)|(?:entrega|consegna) (?:retrasada"
    r"|atrasada|adiada"
    r"|ritardata)|(?:bezorging|aflevering) vertraagd|delivery notification\b|non-?deliverable|message rejected"
    r"|rejected: |mail not delivered|your (?:e-?mail"
    r"|message) (?:to"
    r" \S+ )?(?:could not be|was not|couldn['’]t be) delivered|ei voi(?:da)? toimittaa|toimittamaton"
    r"|nie można dostarczyć"
    r"|не удается доставить|не удалось доставить|未送达|无法投递|배달되지 않음|배달할 수 없음"
    r"|no se (?:puede|pudo|ha podido) entregar|no entregado|error de entrega|notificación de estado de entrega"
    r"|non recapitabile|mancato recapito|recapito non riuscito|impossibile recapitare|consegna non riuscita"
    r"|onbestelbaar|niet te bezorgen"
    r"|aflevering mislukt|não (?:é )?possível entregar|não entregue|falha na entrega|entrega falhou"
    r"|notificação de estado"
    r"|配信不能|配信不可|未配達|配送失败|(?:来自\S{1,60}的|系统)?退信|邮件被?退回|(?:邮件)?投递失败"
    r"|無法傳遞|kan inte levereras|kan ikke leveres"
    r"|olevererbart|niedostarczon|wiadomość nie została (?:jeszcze )?dostarczona|zpráva (?:zatím )?nebyla doručena"
    r"|nedoručiteln|недоставлен|не доставлено|delayed mail|delivery delayed|delivery status)",
    re.IGNORECASE,
)
OUR_SUBJECT = re.compile(
    r"\A\s{0,8}(?:undeliver\w+|unzustellbar\w*|nicht zustellbar|non remis|no se puede entregar|no entregado"
    r"|non recapitabile"
    r"|onbestelbaar|niet bezorgd|não (?:é possível entregar|entregue))\s?:"
    r"|\n[ \t>*]*(?:subject|betreff|objet|asunto|oggetto|onderwerp|assunto)\s?:[^\n]*",
    re.IGNORECASE,
)
"""Where a report shows the subject of the mail that came back: Exchange behind its own word, and in a line of the text.
What we wrote ("Delay of your order") is no evidence.
"""
DELAYED = re.compile(
    r"\bdelay(?:ed)?\b|not yet been delivered|still (?:being )?(?:retried|trying)|will (?:be )?(?:retried|retry"
    r"|continue)"
    r"|could not send message for past|warning: (?:could not send|message)|verzögert|retardé|retrasad|ritardat"
    r"|\bzatím n\w+|jeszcze dostarczona|vertraagd|temporär\w* problem|problema temp\w+|problème temporaire"
    r"|tijdelijk probleem"
    r"|atrasad|(?:non (?:è )?ancora|(?:noch|bisher) nicht|pas encore|(?:aún|todavía) no|nog niet"
    r"|ainda não)\b[^.\n]{0,40}\b(?:consegnat|recapitat|zugestellt"
    r"|ausgeliefert|remis|distribu|délivr|entreg|afgeleverd|bezorgd)\w*|nuovi tentativi|nouvelles tentatives"
    r"|nuevos intentos|neue versuche|weiterhin versucht|seguiremos intentando|having problems delivering"
    r"|retry queue|still in the queue"
    r"|novas tentativas|nieuwe pogingen|delivery status notification \(delay\)|keep trying"
    r"|no need to (?:resend|do anything)|has not been delivered [^\n]{0,60} so far",
    re.IGNORECASE,
)
BODY = re.compile(
    r"this is the (?:qmail-send program|mail (?:delivery )?(?:system|agent) at|postfix program)"
    r"|this message was created automatically"
    r" by (?:the )?mail|delivery (?:to the following recipients?|has) (?:failed|been delayed)"
    r"|i['’]m afraid i wasn['’]t able to"
    r" deliver|could not be delivered to (?:one or more|the following)|your message (?:wasn['’]t|was not"
    r"|did not reach|couldn['’]t|could not)"
    r"|could not yet be delivered|permanent fatal|was undeliverable to"
    r"|following recipient\(?s?\)? (?:could not|cannot) be reached"
    r"|address not found|message not delivered|undelivered mail returned|the following address(?:es)? (?:had"
    r"|failed)"
    r"|permanent (?:fatal )?(?:delivery )?errors?|a message that you (?:have )?sent could not"
    r"|delivery to these recipients"
    r"|<<< [45]\d\d|has not been delivered|has been (?:rejected|blocked)|was (?:blocked|rejected) by (?:our|the)\b"
    r"|(?:noch )?nicht [^.!?\n]{0,60}zugestellt werden|having problems delivering|was automatically rejected"
    r"|intentando la entrega|rilevato un errore|no (?:ha sido|fue) posible entregar"
    r"|non è stato possibile (?:consegnare|recapitare)|não foi possível entregar"
    r"|pas été possible de (?:remettre|livrer|distribuer)|niet gelukt [^.!?\n]{0,60}te bezorgen"
    r"|n['’]a (?:pas été|(?:pas|pu) (?:pu )?être) (?:remis|distribué"
    r"|délivré)"
    r"|no (?:se )?(?:pudo|ha podido|puede) (?:ser )?entrega\w+"
    r"|non è (?:ancora )?stato (?:ancora )?(?:consegnato|recapitato)"
    r"|n['’]a (?:toujours )?pas encore (?:pu )?(?:été|être) (?:remis|distribué|délivré)|(?:aún"
    r"|todavía) no (?:se )?ha (?:podido )?(?:sido )?"
    r"entrega\w+|noch nicht (?:ausgeliefert|zugestellt)|nog niet (?:afgeleverd|bezorgd)|ainda não (?:foi"
    r"|pôde ser) entregue"
    r"|recapito non riuscito|your message was (?:returned|bounced|not accepted)|transient delivery (?:problem|failure)"
    r"|impossibile recapitare|(?:kan|kon) niet worden bezorgd|não pôde ser entregue|falha na entrega"
    r"|your (?:e-?mail|message) to [^\n]{3,120} (?:could not|couldn['’]t|was not|has not)"
    r"|konnte (?:bisher |noch )?nicht an\s|podařilo doručit|nebyla doručena|nie została (?:jeszcze )?dostarczona"
    r"|\b5\d\d[ -]5\.\d{1,2}\.\d{1,3}\b|邮件被退回|退信原因|无法(?:送达|投递)|投递失败"
    r"|the original message was received at|\bhad permanent (?:fatal )?(?:delivery )?errors?\b|\bfailed address:",
    re.IGNORECASE,
)

REFUSES = re.compile(
    r"\b(?:automatically |was |been )(?:rejected|refused)\b|\bautomatisch (?:abgelehnt|abgewiesen)\b"
    r"|\b(?:rejeté|refusé) automatiquement\b",
    re.IGNORECASE,
)
"""A filter of the recipient's refuses the mail and tells so as a receipt does (RFC 5429 2.2.1)."""
