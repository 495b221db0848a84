"""A request without its courtesies: "I would be grateful if you could kindly stop" asks what "please stop" asks.

What people wrap around a request stands at either end and between its words, in every language. It says nothing of
what is asked, so the request is looked for a second time where all of it is gone.
"""

from __future__ import annotations

import re

_COURTESY = (
    r"(?:please|pls|plz|kindly|politely|respectfully|immediately|asap|at once|right away|forthwith"
    r"|from now on|going forward|henceforth|just|simply|finally|once and for all|with immediate effect|promptly"
    r"|bitte|höflich\w*|freundlichst?|umgehend|sofort|unverzüglich|künftig|zukünftig|in zukunft|ab sofort|hiermit"
    r"|endlich|einfach|dringend"
    r"|s['’]il (?:vous|te) pla[iî]t|svp|stp|désormais|dorénavant|immédiatement|à l['’]avenir|définitivement"
    r"|por favor|inmediatamente|en adelante|en lo sucesivo|de inmediato"
    r"|per (?:favore|piacere|cortesia)|cortesemente|gentilmente|immediatamente|in futuro|d['’]ora in poi"
    r"|a\.u\.b\.?|aub|alstublieft|alsjeblieft|svp|voortaan|onmiddellijk|per direct|in de toekomst"
    r"|imediatamente|de futuro|doravante|gentileza"
    r"|vänligen|snälla|omedelbart|genast|i fortsättningen|venligst|straks|fremover|vennligst|heretter|umiddelbart"
    r"|proszę|uprzejmie|natychmiast|niezwłocznie|prosím|laskavě|okamžitě|ihned)\b"
)
_COURTESIES = re.compile(rf", ?{_COURTESY} ?,|,? ?\b{_COURTESY}(?=[\s.,!?;:]|$)", re.IGNORECASE)
_YOU_ASKED = (
    r"(?:i|we)(?:['’]d| would| should| must| have to| did)? (?:\w+ly |much )?(?:(?:like|want|need|ask|asked"
    r"|request|beg"
    r"|urge|told|expect) (?:(?:for|that) )?you(?: to)?"
    r"|(?:appreciate|be (?:\w+ )?(?:grateful|obliged|glad|happy|pleased))(?: it)?(?: very much| a lot)? if you"
    r"(?: would| could| can|['’]d)?)"
)
_FRAME = re.compile(
    rf"\b{_YOU_ASKED}\s+"
    r"|(?<!why )(?<!how )(?<!when )(?<!where )(?<!what )(?<!who )\b(?:could|can|would|will) you (?:guys |all )?"
    r"(?!mind\b|be\b|have\b)"
    r"|\byou (?:must|should|need to|have to|had better|are (?:asked|requested) to)\s+(?!know\b)"
    r"|\b(?:be so (?:kind|good) as to|be kind enough to|do me (?:a|the) favou?r and|make sure to|go ahead and)\s+"
    r"|\b(?:es|ich|wir) (?:wäre|würde|wüsste)n? (?:\w+ ){0,4}(?:nett|schön|gut|freundlich|dankbar|verbunden|froh|lieb"
    r"|freuen|begrüßen|schätzen),? wenn (?:sie|ihr|du)\s+"
    r"|\b(?:ik|wij|we|het) (?:zou|zouden) (?:het )?(?:\w+ )?(?:op prijs stellen|waarderen|fijn vinden|fijn zijn"
    r"|prettig zijn),? als (?:u|je|jullie)\s+"
    r"|\b(?:ayez|auriez-vous) l['’](?:obligeance|amabilité|gentillesse) (?:donc )?de\s+"
    r"|\b(?:hagan?|haced|tengan?) (?:el favor|la (?:bondad|amabilidad)) de\s+"
    r"|\b(?:abbiate|abbia|avrebbe) la (?:cortesia|gentilezza|bontà|compiacenza) di\s+"
    r"|\b(?:façam?|tenham?) (?:o favor|a (?:bondade|gentileza)) de\s+"
    r"|\b(?:je|nous) (?:vous|te) (?:prie|prions|demande|demandons|saurais gré"
    r"|serais reconnaissante?) (?:donc )?de\s+"
    r"(?:bien vouloir\s+)?"
    r"|\b(?:pourriez|pouvez|voulez|voudriez)-vous\s+(?:bien\s+)?|\b(?:veuillez|merci de bien vouloir|prière de)\s+"
    r"|\b(?:les?|os|te) (?:ruego|rogamos|pido|pedimos|solicito|agradecería|agradeceré|agradezco) (?:que\s+)?"
    r"|\b(?:podrían?|pueden?|podéis|podrías)\s+"
    r"|\b(?:vi|la|le|ti) (?:prego|preghiamo|chiedo|chiediamo|invito|invitiamo|pregherei) (?:di|a)\s+"
    r"|\b(?:potreste|potrebbe|potete|si prega di)\s+"
    r"|\b(?:kunt|kun|wilt|zoudt?) (?:u|je|jullie)\s+(?:willen\s+)?"
    r"|\b(?:peço|pedimos|solicito|agradeço|agradecia|agradeceria|gostaria)(?:-lhes?|-vos)?\s+(?:que|para que)\s+"
    r"|\b(?:poderiam?|podem?|podiam?)\s+"
    r"|\b(?:kan|vil|kunne) (?:i|du|dere|ni)\s+|\b(?:var|vær) (?:vänlig|snäll|så (?:venlig|vennlig|snill))"
    r" (?:och|at|å)\s+",
    re.IGNORECASE,
)
_YOU_DID_NOT = re.compile(
    r"\b(?:i|we)(?:['’]d| would) (?:rather|prefer(?: it)?)(?: that| if)? you (?:did ?n['’]t|did not|would ?n['’]t"
    r"|would not|do ?n['’]t|do not)\s+|(?<=please )(?:did ?n['’]t|did not|would ?n['’]t|would not)\s+"
    r"|\b(?:(?:there(?: is|['’]s) )?no need(?: for you)? to|you (?:do ?n['’]t|do not|need not|need ?n['’]t)"
    r"(?: need to| have to)?|do ?n['’]t (?:bother|trouble|you dare)(?: to)?)\s+"
    r"(?=[^.!?,\n]{3,30}\b(?:again|any ?more|any ?longer|further)\b(?=\s*[.!]|\s*$))",
    re.IGNORECASE,
)
_DID = {
    "stopped": "stop", "ceased": "cease", "removed": "remove", "deleted": "delete", "erased": "erase", "took": "take",
    "left": "leave", "unsubscribed": "unsubscribe", "refrained": "refrain from", "quit": "quit", "dropped": "drop",
}  # fmt: skip
_AS_IF = re.compile(rf"(?<=please )(?:{'|'.join(_DID)})\b", re.IGNORECASE)
"""Behind "I would be glad if you" the verb stands in its past."""


def plainly(sentence: str) -> str:
    """The sentence with every frame as "please " and no other courtesy; itself where it has none."""
    bid = _FRAME.sub("please ", _COURTESIES.sub(_pause, sentence).strip(" ,"))
    bid = _AS_IF.sub(lambda found: _DID[found[0].lower()], _YOU_DID_NOT.sub("please do not ", bid))
    return " ".join(bid.split())


def _pause(courtesy: re.Match[str]) -> str:
    """The comma before it stays where a clause begins there: "do not reply, just remove me"."""
    goes_on = courtesy.string[courtesy.end() : courtesy.end() + 1] == " "
    return "," if courtesy[0].startswith(",") and not courtesy[0].endswith(",") and goes_on else ""
