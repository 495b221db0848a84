"""Which field of a lead a column of a table is: by its heading, and by its cells where no heading says address.

Headings are compared without capitals, accents and marks, in seven languages and as the exports of other programs write
them. Several columns may be one field: all addresses are the lead's, of the others the first that holds something
counts. Whatever is guessed a person can say otherwise.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from inboxcrm.errors import Problem
from inboxcrm.leads.fields import LeadField
from inboxcrm.mail.addresses import match_key

ADDRESS = "address"
CUSTOM = "custom."
LEFT_OUT = ""
"""The field of a column that is not imported."""

FIELDS: Mapping[str, str] = {  # with what people read
    ADDRESS: "mail address",
    "name": "whole name",
    "first_name": "first name",
    "last_name": "last name",
    "organization": "organization, by its name",
    "domain": "organization, by its web domain",
    "phone": "telephone number",
    "value": "value, as in 1200 or 1,200.50",
    "currency": "currency, as in EUR",
    "close": "day it is expected to be won",
    "source": "where the lead came from",
    "stage": "stage; of new leads only",
    "reason": "why it was lost; of new leads only",
    "owner": "owner, by name or sign-in address",
    "tags": "tags, with commas between them",
}

_WORDS = {
    ADDRESS: """
        address email emails mail emailaddress mailaddress primaryemail workemail businessemail email1value
        email2value email3value email2 email3 email2address email3address secondaryemail additionalemails
        emailadresse mailadresse epost epostadresse adressemail adresseemail adresseelectronique courriel
        mel correo correoelectronico direcciondecorreo direcciondeemail indirizzoemail indirizzomail
        postaelettronica emailadres mailadres enderecodeemail correioeletronico leademail
    """,
    "name": """
        name fullname displayname leadname personname vollername vollstandigername nomcomplet nombrecompleto
        nomecompleto volledigenaam naam nombre nome
    """,
    "first_name": """
        firstname givenname fname forename vorname prenom nombredepila primernombre nomeproprio voornaam primeironome
    """,
    "last_name": """
        lastname surname familyname lname nachname familienname nom nomdefamille apellido apellidos cognome achternaam
        sobrenome apelido
    """,
    "organization": """
        organization organisation company companyname organizationname organization1name account accountname
        firma firmenname unternehmen organisationsname societe entreprise raisonsociale empresa compania azienda
        societa ragionesociale bedrijf bedrijfsnaam organisatie employer
    """,
    "domain": """
        domain website websiteurl companydomain companydomainname organizationdomain web webseite internetseite site
        siteweb sitio sitioweb paginaweb sito sitointernet url webadresse website1value dominio
    """,
    "phone": """
        phone phonenumber telephone telephonenumber tel mobile mobilephone cell cellphone businessphone workphone
        directphone phone1value phone2value telefon telefonnummer handy mobil mobiltelefon festnetz telephonemobile
        portable numerodetelephone telefono numerodetelefono movil celular cellulare telefoon telefoonnummer mobiel
        telefone telemovel
    """,
    "value": """
        value amount dealvalue leadvalue opportunityvalue wert betrag auftragswert valeur montant valor importe
        valore importo waarde bedrag
    """,
    "currency": "currency currencycode wahrung devise moneda valuta moeda",
    "close": "close closedate closeon expectedclose expectedclosedate abschlussdatum datedecloture fechadecierre",
    "source": """
        source leadsource originalsource utmsource quelle herkunft leadquelle origine origen fuente fonte bron
        herkomst origem
    """,
    "stage": """
        stage leadstage dealstage lifecyclestage pipelinestage phase etape fase etapa stadium verkaufsphase
    """,
    "reason": """
        reason lostreason lossreason closedlostreason stagereason verlustgrund motifdeperte motivodeperdida
        motivodiperdita redenvanverlies motivodaperda
    """,
    "owner": """
        owner leadowner recordowner accountowner assignedto besitzer zustandig proprietaire responsable proprietario
        propietario responsabile eigenaar responsavel
    """,
    "tags": """
        tag tags labels groups groupmembership categories schlagworter schlagworte etiketten etiquettes etiquetas
        etichette markierungen
    """,
}
_BY_WORD = {word: field for field, words in _WORDS.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class Column:
    """`field` is a key of FIELDS, `custom.KEY`, or LEFT_OUT. `is_guessed`: from its heading or cells, by us."""

    name: str
    field: str = LEFT_OUT
    is_guessed: bool = True


def folded_heading(heading: str) -> str:
    """Letters and digits alone: "E-Mail Adresse" and "e_mail-adresse" are one."""
    plain = unicodedata.normalize("NFKD", heading).casefold()
    return re.sub(r"[\W_]+", "", "".join(one for one in plain if not unicodedata.combining(one)))


def known_columns(fields: Iterable[LeadField]) -> dict[str, str]:
    """Every field there is with what it is called, those a house declares after the fixed ones."""
    return {**FIELDS, **{f"{CUSTOM}{one.key}": one.label for one in fields}}


def map_columns(
    columns: Sequence[str],
    samples: Sequence[Sequence[str]],
    fields: Sequence[LeadField] = (),
    said: Mapping[str, str] | None = None,
) -> tuple[tuple[Column, ...], list[Problem]]:
    """A column each, in the table's order, and what is wrong with the table's heading or with what a person `said`.

    `samples` are some rows. `said`: column -> field, a column by heading or by its number from 1, a field as in
    `known_columns` or "" to leave the column out. A custom field may be said without its "custom.".
    """
    chosen, problems = _chosen(columns, fields, said or {})
    mapped = []
    for number, name in enumerate(columns):
        if number in chosen:
            mapped.append(Column(name, chosen[number], is_guessed=False))
        else:
            mapped.append(Column(name, guessed_field(name, fields)))
    if not any(one.field == ADDRESS for one in mapped):
        at = _column_of_addresses(samples, len(columns), set(chosen))
        if at is not None:
            mapped[at] = Column(columns[at], ADDRESS)
    if any(match_key(name) for name in columns):
        problems.append(Problem("line 1", "it holds an address, and no headings"))
    elif not problems and not any(one.field == ADDRESS for one in mapped):
        problems.append(
            Problem("", "no column holds mail addresses; name one as in --map 3=address")
        )
    return tuple(mapped), problems


def guessed_field(heading: str, fields: Sequence[LeadField] = ()) -> str:
    """A field the house declares goes first: its label is the house's own word."""
    folded = folded_heading(heading)
    if not folded:
        return LEFT_OUT
    for one in fields:
        if folded in {
            folded_heading(one.key),
            folded_heading(one.label),
            folded_heading(f"{CUSTOM}{one.key}"),
        }:
            return f"{CUSTOM}{one.key}"
    return _BY_WORD.get(folded, LEFT_OUT)


def _chosen(
    columns: Sequence[str], fields: Sequence[LeadField], said: Mapping[str, str]
) -> tuple[dict[int, str], list[Problem]]:
    known = known_columns(fields)
    chosen: dict[int, str] = {}
    problems: list[Problem] = []
    for name, field in said.items():
        place = f'--map "{name[:60]}={field[:60]}"'
        number = _column_named(columns, name)
        if number is None:
            like = get_close_matches(name, columns, n=1)
            hint = f'; did you mean "{like[0]}"?' if like else ""
            problems.append(Problem(place, f'there is no column "{name[:60]}"{hint}'))
            continue
        wanted = field.strip()
        key = (
            wanted
            if wanted in known
            else f"{CUSTOM}{wanted}"
            if f"{CUSTOM}{wanted}" in known
            else ""
        )
        if wanted and not key:
            problems.append(
                Problem(place, f'there is no field "{wanted[:60]}"; fields are {", ".join(known)}')
            )
            continue
        chosen[number] = key
    return chosen, problems


def _column_named(columns: Sequence[str], name: str) -> int | None:
    if name in columns:
        return columns.index(name)
    folded = folded_heading(name)
    alike = [at for at, one in enumerate(columns) if folded and folded_heading(one) == folded]
    if len(alike) == 1:
        return alike[0]
    if name.isascii() and name.isdigit() and 1 <= int(name[:6]) <= len(columns):
        return int(name) - 1
    return None


def _column_of_addresses(
    samples: Sequence[Sequence[str]], width: int, taken: set[int]
) -> int | None:
    """The one whose cells are mostly addresses."""
    best, most = None, 0
    for at in range(width):
        cells = [row[at] for row in samples if at < len(row) and row[at].strip()]
        found = sum(1 for cell in cells if match_key(cell))
        if at not in taken and found > most and found * 2 > len(cells):
            best, most = at, found
    return best
