"""Ordinary notes of absence with the day written in every ordinary way: the day is read from each."""

from __future__ import annotations

from datetime import date

import pytest

from inboxcrm.mail.absences import read_absence

MONDAY = date(2026, 5, 4)
BACK_ON = date(2026, 5, 18)
DAY_AFTER = date(2026, 5, 19)
"""What is meant where the day named is the last one away."""

NOTES = {
    "English": ([
        "I am out of the office until {d}.", "I will be out of office until {d} with limited access to email.",
        "I'm away until {d}.", "I'm on vacation until {d}.", "I am on annual leave and will be back on {d}.",
        "I will return on {d}.", "I'll be back in the office {d}.", "Returning {d}.", "Back {d}.",
        "I am currently on leave, returning on {d}.", "I'm on holiday from 4 May to {d}.",
        "Out of office 4 May - {d}", "I will respond when I return on {d}.",
        "I am travelling and back at my desk on {d}.", "I am out of the office through {d}.",
        "My first day back is {d}.", "I'll be available again from {d}.", "I will be reachable again on {d}.",
        "I'm OOO until {d}.", "I am away from my desk and will reply after {d}.", "I will be back at work on {d}.",
        "Our office is closed until {d}.", "We are closed and reopen on {d}.", "I am on parental leave until {d}.",
        "I'm on sick leave until {d}.",
    ], [
        "18 May", "18 May 2026", "May 18", "May 18th", "May 18, 2026", "Monday, 18 May", "Monday, May 18th",
        "Monday 18 May 2026", "Mon 18 May", "18th May", "the 18th of May", "18/05/2026", "2026-05-18", "18.05.2026",
        "5/18/2026", "18-05-2026", "Monday 18th", "Monday the 18th", "05/18",
    ]),
    "German": ([
        "Ich bin bis {d} nicht im Büro.", "Ich bin bis zum {d} im Urlaub.", "Ich bin ab {d} wieder erreichbar.",
        "Ab dem {d} bin ich wieder für Sie da.", "Ich bin am {d} wieder im Büro.", "Ich kehre am {d} zurück.",
        "Bis einschließlich {d} bin ich abwesend.",
        "Vielen Dank für Ihre Nachricht. Ich bin vom 4.5. bis {d} abwesend.", "Ab {d} lese ich meine Mails wieder.",
        "Ich bin erst am {d} wieder da.", "Rückkehr: {d}", "Ich bin derzeit nicht am Platz und am {d} zurück.",
        "Ich bin bis {d} in Elternzeit.", "Unser Büro ist bis {d} geschlossen.",
        "Am {d} bin ich wieder persönlich erreichbar.", "Wieder im Büro ab {d}.",
    ], [
        "18. Mai", "18. Mai 2026", "18.05.", "18.05.2026", "18.5.", "18.5.26", "Montag, 18. Mai",
        "Montag, den 18.05.2026", "Mo., 18.5.", "18.05.26", "Montag, dem 18. Mai",
    ]),
    "French": ([
        "Je suis absent jusqu'au {d}.", "Je suis en congés jusqu'au {d} inclus.", "Je serai de retour le {d}.",
        "De retour le {d}.", "Absente du bureau du 4 mai au {d}.", "Je reviens le {d}.",
        "Je serai à nouveau joignable à partir du {d}.", "Retour le {d}.",
        "Je suis actuellement en vacances et serai de retour au bureau le {d}.",
        "Notre bureau est fermé jusqu'au {d}.",
    ], [
        "18 mai", "lundi 18 mai", "18/05", "18/05/2026", "18 mai 2026", "lundi 18 mai 2026", "18/05/26",
        "18.05.2026",
    ]),
    "Spanish": ([
        "Estoy fuera de la oficina hasta el {d}.", "Estaré de vacaciones hasta el {d}.", "Vuelvo el {d}.",
        "Regreso el {d}.", "Estaré de vuelta el {d}.", "Estaré disponible a partir del {d}.",
        "Me reincorporo el {d}.", "Estaré ausente del 4 de mayo al {d}.",
        "Me encuentro fuera de la oficina y volveré el {d}.",
    ], [
        "18 de mayo", "lunes 18 de mayo", "lunes, 18 de mayo", "18/05/2026", "18 de mayo de 2026", "18/5",
        "18-05-2026",
    ]),
    "Italian": ([
        "Sono fuori ufficio fino al {d}.", "Sono in ferie fino al {d}.", "Rientro il {d}.",
        "Sarò di ritorno il {d}.", "Torno il {d}.", "Rientrerò in ufficio il {d}.",
        "Sarò assente dal 4 maggio al {d}.", "Sarò nuovamente disponibile dal {d}.", "Sarò fuori sede fino a {d}.",
    ], [
        "18 maggio", "lunedì 18 maggio", "18/05/2026", "18/05", "18 maggio 2026", "18.05.2026",
    ]),
    "Dutch": ([
        "Ik ben afwezig tot {d}.", "Ik ben met vakantie tot en met {d}.", "Ik ben op {d} weer aanwezig.",
        "Ik ben vanaf {d} weer bereikbaar.", "Terug op {d}.", "Ik ben afwezig van 4 mei tot {d}.",
        "Vanaf {d} ben ik er weer.",
    ], [
        "18 mei", "maandag 18 mei", "18-05-2026", "18/05", "18-5", "18 mei 2026",
    ]),
    "Portuguese": ([
        "Estou ausente até {d}.", "Estou de férias até ao dia {d}.", "Regresso a {d}.", "Volto no dia {d}.",
        "Estarei de volta em {d}.", "Estarei ausente de 4 de maio a {d}.", "Retorno em {d}.",
        "Estarei disponível a partir de {d}.",
    ], [
        "18 de maio", "segunda-feira, 18 de maio", "18/05/2026", "18/05", "18 de maio de 2026", "18-05-2026",
    ]),
}  # fmt: skip


@pytest.mark.parametrize("language", NOTES)
def test_the_day_is_read_however_it_is_written(language: str) -> None:
    frames, days = NOTES[language]
    wrong = {}
    for frame in frames:
        read = {day: day_back(frame.format(d=day)) for day in days}
        if set(read.values()) not in ({BACK_ON}, {DAY_AFTER}):
            wrong[frame] = read
    assert wrong == {}


@pytest.mark.parametrize(
    "note",
    [
        "I am out of the office through 18 May.", "Bis einschließlich 18. Mai bin ich abwesend.", "Je suis en congés jusqu'au 18 mai inclus.",
        "Ik ben met vakantie tot en met 18 mei.",
    ],
)  # fmt: skip
def test_behind_the_last_day_away_comes_the_day_after(note: str) -> None:
    assert day_back(note) == DAY_AFTER


@pytest.mark.parametrize(
    ("note", "back"),
    [
        ("We are back on the Tuesday after Easter.", date(2026, 4, 7)), ("I am away until after Easter.", date(2026, 4, 7)),
        ("Am Dienstag nach Ostern sind wir wieder für Sie da.", date(2026, 4, 7)), ("Wieder da ab Mittwoch nach Ostern.", date(2026, 4, 8)),
        ("De retour le mardi après Pâques.", date(2026, 4, 7)), ("Estaré de vuelta el martes después de Pascua.", date(2026, 4, 7)),
        ("Torno martedì dopo Pasqua.", date(2026, 4, 7)), ("Ik ben dinsdag na Pasen terug.", date(2026, 4, 7)),
        ("Estou de volta na terça-feira depois da Páscoa.", date(2026, 4, 7)), ("Ich bin nach Pfingsten wieder im Büro.", date(2026, 5, 26)),
        ("I will be back in the office after Christmas.", date(2026, 12, 27)), ("We reopen on the Monday after New Year.", date(2027, 1, 4)),
    ],
)  # fmt: skip
def test_after_a_feast_is_a_day_of_its_year(note: str, back: date) -> None:
    assert day_back(note, written=date(2026, 3, 27)) == back


def day_back(note: str, written: date = MONDAY) -> date | None:
    found = read_absence("Automatic reply: hello", f"Hello,\n\n{note}\n\nTom", written=written)
    return found.back_on if found else None


def test_a_weekday_before_a_date_in_numbers_takes_none_of_it() -> None:
    assert day_back("Do čtvrtka 13. 8. 2026 včetně čerpám dovolenou.") == date(2026, 8, 14)


@pytest.mark.parametrize("note", ["I am on leave from 15-May-2026 to 17-May-2026 (both days inclusive).", "Away until 17-May-2026 inclusive.", "Back on 18-May."])  # fmt: skip
def test_a_month_between_dashes_is_a_date(note: str) -> None:
    assert day_back(note) == BACK_ON


@pytest.mark.parametrize(
    ("note", "back"),
    [
        # MONDAY is 4 May
        ("I am out this week and next.", date(2026, 5, 18)), ("Diese und nächste Woche bin ich nicht da.", date(2026, 5, 18)),
        ("Je suis absente cette semaine et la semaine prochaine.", date(2026, 5, 18)), ("Esta semana y la próxima estoy de viaje.", date(2026, 5, 18)),
        ("Questa settimana e la prossima non sono in ufficio.", date(2026, 5, 18)), ("Esta semana e a próxima não estou no escritório.", date(2026, 5, 18)),
        ("Deze en volgende week ben ik er niet.", date(2026, 5, 18)),
        ("Estaré fuera el resto de la semana.", date(2026, 5, 11)), ("De rest van de week ben ik afwezig.", date(2026, 5, 11)),
        ("Sono fuori per il resto della settimana.", date(2026, 5, 11)), ("Je suis absent le reste de la semaine.", date(2026, 5, 11)),
        ("Am 5. und 6. Mai bin ich auf einer Schulung.", date(2026, 5, 7)), ("Je suis absent les 5 et 6 mai.", date(2026, 5, 7)),
        ("I am out of office on 5th and 6th May.", date(2026, 5, 7)), ("Op 5 en 6 mei ben ik afwezig.", date(2026, 5, 7)),
        ("Vandaag en morgen ben ik er niet.", date(2026, 5, 6)), ("Hoy y mañana no voy a estar en la oficina.", date(2026, 5, 6)),
        ("Solo oggi sono fuori sede. L'ufficio riceve il pubblico martedì e giovedì dalle 9.", date(2026, 5, 5)),
        ("Last day of leave: Friday 15 May 2026", date(2026, 5, 16)), ("Letzter Urlaubstag ist der 15. Mai.", date(2026, 5, 16)),
        ("I will be back at work ten days from today.", date(2026, 5, 14)), ("Retorno dez dias a contar de hoje.", date(2026, 5, 14)),
        ("I'll be back in the office a week on Tuesday.", date(2026, 5, 12)), ("Je suis en congé jusqu'en janvier 2027.", date(2027, 1, 1)),
        ("Ik ben t/m 24 mei afwezig. Bas is vanaf 18 mei weer bereikbaar.", date(2026, 5, 25)),
        ("Am 5. und 6. Mai bin ich auf einer Schulung. Angebote nehmen wir bis 11. Mai an.", date(2026, 5, 7)),
    ],
)  # fmt: skip
def test_what_else_people_say_of_their_days(note: str, back: date) -> None:
    assert day_back(note) == back


@pytest.mark.parametrize("size", ["op 9-5 kg", "18-5", "van 18-5-3 tot"])
def test_two_numbers_are_no_day_where_no_day_is_spoken_of(size: str) -> None:
    note = read_absence("Afwezig", f"Ik ben afwezig. De maat is {size}.", written=MONDAY)
    assert note is None or note.back_on is None


@pytest.mark.parametrize(
    "note",
    [
        "I am away until the end of the month.", "Ich bin bis Monatsende im Urlaub.", "Ich bin bis Ende des Monats nicht im Büro.",
        "Je m'absente jusqu'à la fin du mois.", "Estaré fuera hasta fin de mes.", "Sono in ferie fino alla fine del mese.",
        "Ik ben tot het einde van de maand afwezig.", "Estou de férias até ao fim do mês.",
    ],
)  # fmt: skip
def test_until_the_end_of_the_month_is_all_of_it(note: str) -> None:
    assert day_back(note) == date(2026, 6, 1)


@pytest.mark.parametrize(
    ("note", "back"),
    [
        # MONDAY is 4 May and in week 19
        ("In KW 19 und 20 bin ich nicht erreichbar.", BACK_ON), ("Ich bin in KW 19/20 im Urlaub.", BACK_ON), ("I am out of the office in weeks 19-20.", BACK_ON),
        ("Ik ben in week 19 en 20 afwezig.", BACK_ON), ("Je suis absent semaines 19 et 20.", BACK_ON), ("In KW 19 bin ich nicht im Büro.", date(2026, 5, 11)),
        ("I will have limited access to email until the week of May 18.", BACK_ON), ("Ich bin bis zur Woche vom 18. Mai unterwegs.", BACK_ON),
        ("I'm away from my desk for the rest of the day.", date(2026, 5, 5)), ("Ich bin den Rest des Tages nicht erreichbar.", date(2026, 5, 5)),
        ("Je ne travaille pas le lundi. Je traiterai votre mail dès demain.", date(2026, 5, 5)),
        ("Hoje o escritório está encerrado. Voltamos amanhã.", date(2026, 5, 5)), ("Estamos de vacaciones. Volvemos el 18 de mayo.", BACK_ON),
        ("Siamo chiusi per ferie. Torniamo il 18 maggio.", BACK_ON),
    ],
)  # fmt: skip
def test_weeks_by_number_and_rests_of_days(note: str, back: date) -> None:
    assert day_back(note) == back


@pytest.mark.parametrize("answer", ["I will answer on Monday, 18 May.", "I'll respond on May 18."])
def test_who_is_away_until_friday_and_answers_on_monday_is_back_on_monday(answer: str) -> None:
    assert day_back(f"I am away until Friday, 15 May. {answer}") == BACK_ON


def test_a_day_of_answers_far_behind_the_return_is_another_matter() -> None:
    assert day_back("I am away until 8 May. I will answer offers on 18 May.") == date(2026, 5, 8)


@pytest.mark.parametrize(
    ("note", "back"),
    [
        # MONDAY is 4 May
        ("Am Montag arbeite ich nicht. Dienstag lese ich Ihre Mail.", date(2026, 5, 5)), ("Op maandag ben ik vrij. Dinsdag lees ik uw mail.", date(2026, 5, 5)),
        ("Montag ist mein freier Tag. Ich melde mich am Dienstag.", date(2026, 5, 5)), ("Monday is my day off. I will get back to you on Tuesday.", date(2026, 5, 5)),
        ("I'm out of the office Monday, May 4 and Tuesday, May 5.", date(2026, 5, 6)), ("I am out of the office today, Monday 4 May.", date(2026, 5, 5)),
        ("Ich bin heute, Montag, nicht da.", date(2026, 5, 5)), ("Next Monday I am out of the office.", date(2026, 5, 12)),
        ("On the 11th I am out of the office.", date(2026, 5, 12)),
    ],
)  # fmt: skip
def test_a_weekday_off_is_this_one_where_it_is_today(note: str, back: date) -> None:
    assert day_back(note) == back


@pytest.mark.parametrize(
    ("note", "back"),
    [
        ("Out 8–12 May, back on Mon 18th.", BACK_ON), ("From tomorrow I'm away for two weeks.", date(2026, 5, 19)),
        ("Ab morgen bin ich zwei Wochen im Urlaub.", date(2026, 5, 19)), ("À partir de demain je suis absente pour deux semaines.", date(2026, 5, 19)),
        ("From 18 May I am back for two weeks.", BACK_ON),
    ],
)  # fmt: skip
def test_a_span_of_days_is_read_whole(note: str, back: date) -> None:
    assert day_back(note) == back


@pytest.mark.parametrize(
    "note",
    [
        "I am off until the new year.", "Ich bin bis Neujahr im Urlaub.", "I will be back in the new year.", "Im neuen Jahr bin ich wieder für Sie da.",
        "Je suis absent jusqu'au nouvel an.",
    ],
)  # fmt: skip
def test_the_new_year_is_a_day(note: str) -> None:
    assert day_back(note, written=date(2026, 12, 18)) == date(2027, 1, 2)
