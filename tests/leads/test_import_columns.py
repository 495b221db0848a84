"""Columns are known by their headings in several languages, by what they hold, or by what a person says."""

from __future__ import annotations

import pytest

from inboxcrm.leads.fields import FieldKind, LeadField
from inboxcrm.leads.import_columns import FIELDS, map_columns

BUDGET = LeadField("budget-2026", "Budget", FieldKind.NUMBER)


def fields_of(*headings, samples=(), fields=(), said=None):
    columns, problems = map_columns(headings, samples, fields, said)
    assert problems == []
    return [one.field for one in columns]


@pytest.mark.parametrize(
    "headings",
    [
        ("First Name", "Last Name", "E-mail 1 - Value", "Company", "Phone 1 - Value"),
        ("Vorname", "Nachname", "E-Mail-Adresse", "Firma", "Telefon"),
        ("Prénom", "Nom", "Adresse e-mail", "Société", "Téléphone"),
        ("Nombre de pila", "Apellidos", "Correo electrónico", "Empresa", "Teléfono"),
        ("forename", "COGNOME", "Indirizzo e-mail", "Azienda", "cellulare"),
        ("Voornaam", "Achternaam", "E-mailadres", "Bedrijf", "Telefoonnummer"),
        ("Nome próprio", "Sobrenome", "Endereço de e-mail", "Empresa", "Telefone"),
        ("first_name", "last_name", "email_address", "company_name", "phone_number"),
    ],
)
def test_headings_of_seven_languages_are_known(headings):
    assert fields_of(*headings) == ["first_name", "last_name", "address", "organization", "phone"]


def test_our_own_export_is_known():
    found = fields_of(
        "id", "name", "address", "organization", "stage", "owner", "value", "currency"
    )
    assert found == ["", "name", "address", "organization", "stage", "owner", "value", "currency"]


def test_every_fixed_field_is_known_by_its_own_name():
    assert fields_of(*FIELDS) == list(FIELDS)


def test_fields_of_the_house_go_before_all_others():
    declared = LeadField("tier", "Company", FieldKind.TEXT)
    assert fields_of("email", "Budget", "Company", fields=(BUDGET, declared)) == [
        "address",
        "custom.budget-2026",
        "custom.tier",
    ]


def test_a_column_full_of_addresses_is_found_under_any_heading():
    samples = [
        ["Bob", "bob@kitaura.example", "x"],
        ["Erin", "", "y"],
        ["Carol", "carol@optout.example", "z"],
    ]
    assert fields_of("Who", "Reach", "Note", samples=samples) == ["", "address", ""]


def test_a_person_says_otherwise_by_heading_or_number_or_leaves_out():
    said = {"e mail": "", "2": "address", "Sum": "budget-2026"}
    found = fields_of("E-Mail", "Other", "Sum", fields=(BUDGET,), said=said)
    assert found == ["", "address", "custom.budget-2026"]


def test_everything_that_is_wrong_is_said_at_once():
    _, problems = map_columns(
        ("E-Mail", "Other"), [], (), {"Othr": "name", "E-Mail": "mood", "9": "name"}
    )
    texts = [str(one) for one in problems]
    assert len(texts) == 3
    assert 'no column "Othr"; did you mean "Other"?' in texts[0]
    assert 'no field "mood"' in texts[1]
    assert 'no column "9"' in texts[2]


def test_without_addresses_and_without_headings_nothing_is_guessed():
    assert "no column holds mail addresses" in str(map_columns(("Name",), [["Bob"]])[1][0])
    problem = map_columns(("Bob", "bob@kitaura.example"), [["Erin", "erin@away.example"]])[1][0]
    assert str(problem) == "line 1: it holds an address, and no headings"
