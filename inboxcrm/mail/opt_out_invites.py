"""Does the same mail ask for more? Then it is no opt-out, whatever else it says: "no more mails, just call me".

Who asks for a call, a meeting or an offer is not to be suppressed for a whole team; such a mail is an answer, which
stops a cadence and is shown to a person. What is forbidden ("don't call me either") asks for nothing.
"""

from __future__ import annotations

import re

_PAPERS = (
    r"(?:\w+\s){0,2}(?:offer|quot\w+|price\w*|pricing|proposal|brochure|contract|demo|angebot\w*|preis\w*"
    r"|unterlagen|vertrag|devis|offre|tarifs?|brochure|contrat|oferta|presupuesto|precios?|contrato|preventivo|offerta"
    r"|contratto|offerte|prijs\w*|proposta|orçamento|preços?)\b"
)
_THE = r"(?:the|your|an?|that|das|die|den|ein|ihr|ihre|le|la|un|une|votre|el|una|su|il|de|een|het|uw|o|a|uma)"
_IMPERATIVE = (
    r"(?:^|[.,;:!?\n–-]\s*"
    r"|\b(?:please|pls|kindly|just|instead|rather|better|simply|but|always|and|bitte|lieber)\s+)"
)

_INVITES = re.compile(
    rf"{_IMPERATIVE}(?:call|phone|ring|text)\s+(?:me|us)\b(?!\s+(?:again|any|ever|either|crazy|old)|\s*[:+(\d])"
    r"|(?<!not )(?<!n't )(?<!n’t )\b(?:give\s+(?:me|us)\s+a\s+(?:call|ring|bell)|prefer (?:a call|(?:the )?phone))\b"
    rf"|(?:{_IMPERATIVE}|\byou\s)(?:send|e-?mail|mail)\s+(?:me|us|over|it over|along)?\s*{_THE}\s{_PAPERS}"
    rf"|\b(?:i|we)\s(?:want|need|would\slike)\s{_THE}\s{_PAPERS}"
    r"|\b(?:when|shall|can|could)\s+we\s+(?:talk|speak|meet|chat)\b|(?<!never )\blet['’]?s\s+(?:talk|speak|meet)\b"
    r"|\b(?:look(?:ing)?|we) forward to (?:our|the|your) (?:call|meeting|demo|offer|visit)\b"
    r"|\b(?:after (?:that|this)|then),? (?:gladly|with pleasure|happily|happy to)\b"
    # German
    r"|\bruf\w*\s+(?:sie\s+)?(?:mich|uns)\s+(?:(?!nicht\b|nie\b|keinesfalls\b)\w+\s+){0,3}an\b|\b(?:lieber|sondern)\s+(?:telefonisch|anrufen)"
    rf"|\b(?:schick|send)\w*\s+(?:sie\s+)?(?:mir|uns)\s+(?:bitte\s+|lieber\s+|gern\w*\s+){{0,2}}{_THE}\s{_PAPERS}"
    r"|\bwann\s+(?:können|wollen|sollen)\s+wir\b|\b(?:danach|dann)\s+gerne?\b"
    # French, Spanish, Italian, Dutch, Portuguese
    r"|(?<!ne m['’])\b(?:appelez|rappelez|téléphonez)-(?:moi|nous)\b|\bplutôt\s+par\s+téléphone\b"
    rf"|\benvoyez-(?:moi|nous)\s+(?:plutôt\s+)?(?:{_THE}\s|l['’]){_PAPERS}|\bquand\s+pouvons-nous\b"
    r"|(?<!no )\bll[aá]m[ea](?:me|nos|nme)\b|\bmejor\s+por\s+teléfono\b|\bcu[aá]ndo\s+(?:hablamos|podemos)\b"
    rf"|\benvíe?(?:me|nos|eme|enos)\s+{_THE}\s{_PAPERS}"
    r"|(?<!non )\b(?:mi|ci)\s+(?:chiami|telefoni)\b|\bchiamate(?:mi|ci)\b"
    rf"|\b(?:mi|ci)\s+(?:mandi|invii)\s+(?:{_THE}\s|l['’]){_PAPERS}"
    r"|\b(?:maar|liever)\s+(?:liever\s+|graag\s+|even\s+)?(?:opbellen|bellen)\b"
    r"|\bbel\s+(?:me|mij|ons)\b(?!\s+(?:niet|nooit|ook niet))"
    rf"|\b(?:stuur|mail)\s+(?:me|mij|ons)\s+(?:liever\s+|graag\s+|wel\s+)?{_THE}\s{_PAPERS}"
    rf"|\b(?:ligue|telefone)-(?:me|nos)\b|(?<!não )\bme\s+ligue\b|\benvie(?:-me|-nos)?\s+{_THE}\s{_PAPERS}",
    re.IGNORECASE,
)


_ELSEWHERE = re.compile(
    r"(?<!not )(?<!n['’]t )(?<!dont )(?<!never )(?<!stop )(?:"
    r"\balles (?:bitte |künftig |lieber |direkt )*an (?:\S+@|my address|diese)"
    r"|\busen? mi (?:otro |nuevo )?(?:correo|direcci[oó]n)\b(?! (?:más|nunca))"
    r"|\bnehmen sie (?:bitte |lieber )?diese adresse(?! (?:aus|heraus|von))|\bmejor a est[ea]\b"
    r"|\bplutôt à cette adresse|\bmeglio (?:a|su) quest|\bbesser an diese\b"
    r"|\bbetter (?:to|use) this (?:one|address)|\bbeter (?:naar|op) dit\b|\bmelhor para este\b"
    r"|\b(?:write|mail|e-?mail|send (?:it|them|this|these|everything)) (?:to )?(?:me|us) (?:directly |instead "
    r"|personally )*(?:at|on|here|instead|under)\b"
    r"|\b(?:use|try) (?:this|my) (?:one|other|new|private|work|mailbox|(?:e-?mail )?address)\b"
    r"|\bschreib\w*(?:['’]s)? (?:sie )?(?:mir|uns) (?:bitte |lieber |künftig |gern\w* |direkt )*(?:an|unter"
    r"|hier(?:her|hin)?"
    r"|direkt)\b|\b(?:nutzen|verwenden) sie (?:bitte |lieber )?(?:diese|meine|unsere) (?:\w+ )?adresse\b"
    r"(?![^.!?\n]{0,25}\b(?:nicht|nie|keinesfalls)\b)"
    r"|(?<!m['’])\bécrivez-(?:moi|nous) (?:plutôt|directement|à cette|ici)\b|\butilisez (?:plutôt )?cette adresse"
    r"|\bescr[ií]ba(?:me|nos|nme) (?:mejor |directamente )?(?:a|aquí|en)\b|\busen? (?:mejor )?esta dirección"
    r"|\btodo a est[ea] (?:correo|dirección)"
    r"|(?<!non )\bmi scriva(?:no)? (?:pure |direttamente )?(?:qui|a quest)|(?<!non )\busi(?:no)? (?:questo"
    r"|quest['’]altro) indirizzo"
    r"|\b(?:schrijf|mail) (?:me|mij|ons) (?:liever |direct |rechtstreeks )*(?:op|hier|via)\b"
    r"|\bgebruik (?:liever |voortaan )?dit (?:e-?mail)?adres"
    r"|\bescreva(?:m)?-(?:me|nos) (?:antes |diretamente )?(?:para|aqui)\b|\busem? (?:antes )?este endereço"
    r"|(?<!inte )\bskriv (?:gärna |direkt )?till mig\b|(?<!ikke )\bskriv (?:heller |direkte )?til (?:meg"
    r"|mig)\b|(?<!nie )\bpisz\w* (?:bezpośrednio )?do mnie\b"
    r"|\bpište (?:raději |přímo )?(?:mně|mi)\b)",
    re.IGNORECASE,
)
"""They want what is sent to come to another address."""
_SEND_AGAIN = re.compile(
    rf"(?:{_IMPERATIVE}|\b(?:can|could|would|will) you (?:please )?)"
    r"send (?:it|them|that|this|those) (?:(?:over |to (?:me|us) )?again|once more)\b(?!\W{0,3}and\b)"
    r"|\b(?:schick|send)\w*(?: (?:sie|es|das|ihn|die|mir|uns|bitte)){1,4} (?:noch ?mal|noch einmal|erneut)"
    r"(?=\s*(?:[.!?]|$))"
    r"|\brenvoyez-(?:les?|la|moi|nous)\b"
    r"|(?<!\bno )\b(?:m[aá]nd|env[ií])[ae]n?(?:me|nos)?l[ao]s? (?:otra vez|de nuevo)\b(?!\W{0,3}[ye]\b)"
    r"|(?<!\bnon )(?<!\bse )\b(?:me|ce) l[oaie] (?:(?:mandi|invii) (?:di nuovo|ancora)|rimandi|reinvii)\b(?!\W{0,3}e\b)"
    r"|\bstuur (?:het|hem|die|deze|dat)(?: (?:me|mij|ons))? (?:nog een keer|nog eens|opnieuw)\b(?!\W{0,3}en\b)"
    r"|(?<!\bnão )(?<!\bcaso )\b(?:envie|mande)m?(?:-m?[oa]s?|-me)? (?:outra vez|de novo|novamente)\b(?!\W{0,3}e\b)",
    re.IGNORECASE,
)
"""What went astray; behind it "and" begins a threat."""
_CAME_BACK = re.compile(
    r"\b(?:by (?:mistake|accident)|second thoughts|accidentally|unintentionally|put (?:me|us) back"
    r"|start sending|re-?subscribe"
    r"|aus versehen|versehentlich|verklickt|wieder (?:eintragen|anmelden|aufnehmen)"
    r"|par (?:erreur|mégarde)|sans (?:le )?vouloir|réinscri\w+|ça nous manque|sin querer|por error|volver a dar de alta"
    r"|per (?:sbaglio|errore)|rimett\w+ dentro|per ongeluk|zet me er (?:maar )?weer op|por engano|engano meu"
    r"|voltem a inscrever"
    r"|i take (?:it|that|this) back|nehme (?:das|alles|es) zurück|je retire (?:tout|ce que)|retiro lo dicho"
    r"|ritiro (?:tutto|quanto)"
    r"|neem (?:dat|het|alles) terug|retiro o que disse|tar tillbaka det|tager det tilbage|beru (?:to )?zpět"
    r"|av misstag|ved en fejl|ved en feil|przez pomyłkę|omylem)\b",
    re.IGNORECASE,
)
"""They left without meaning to, or have thought better of it."""


def asks_for_more(text: str) -> bool:
    return any(one.search(text) for one in (_INVITES, _ELSEWHERE, _SEND_AGAIN, _CAME_BACK))
