"""What Bob wrote this time, apart from what he quotes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.mail.message import Message
from inboxcrm.mail.reply import html_to_text, snippet, split_quoted

ATTRIBUTIONS = [
    # Gmail
    "On Thu, Aug 22, 2002 at 3:15 PM Alice <alice@own.example> wrote:",
    "On Thu, Aug 22, 2002 at 3:15 PM Alice Longname-Withmanyparts\n<alice@own.example> wrote:",
    "Am Do., 22. Aug. 2002 um 15:15 Uhr schrieb Alice <alice@own.example>:",
    "Le jeu. 22 août 2002 à 15:15, Alice <alice@own.example> a écrit :",
    "El jue, 22 ago 2002 a las 15:15, Alice (<alice@own.example>)\nescribió:",
    "Il giorno gio 22 ago 2002 alle ore 15:15 Alice <alice@own.example> ha scritto:",
    "Op do 22 aug. 2002 om 15:15 schreef Alice <alice@own.example>:",
    "Em qui., 22 de ago. de 2002 às 15:15, Alice <alice@own.example>\nescreveu:",
    "2002年8月22日(木) 15:15 Alice <alice@own.example>:",
    # Apple Mail
    "On 22 Aug 2002, at 15:15, Alice <alice@own.example> wrote:",
    "Am 22.08.2002 um 15:15 schrieb Alice <alice@own.example>:",
    "Le 22 août 2002 à 15:15, Alice <alice@own.example> a écrit :",
    "El 22 ago 2002, a las 15:15, Alice <alice@own.example> escribió:",
    "Il giorno 22 ago 2002, alle ore 15:15, Alice <alice@own.example> ha scritto:",
    "Op 22 aug. 2002, om 15:15 heeft Alice <alice@own.example> het volgende geschreven:",
    "No dia 22/08/2002, às 15:15, Alice <alice@own.example> escreveu:",
    "2002/08/22 15:15、Alice <alice@own.example>のメール:",
    # Thunderbird
    "Am 22.08.02 um 15:15 schrieb Alice:",
    "Il 22/08/2002 15:15, Alice ha scritto:",
]
SEPARATORS = [
    "-----Original Message-----\nFrom: Alice\nSent: Thursday",
    "-----Ursprüngliche Nachricht-----\nVon: Alice",
    "-----Message d'origine-----\nDe : Alice",
    "-----Mensaje original-----\nDe: Alice",
    "-----Messaggio originale-----\nDa: Alice",
    "-----Oorspronkelijk bericht-----\nVan: Alice",
    "-----Mensagem original-----\nDe: Alice",
    "-----元のメッセージ-----\n差出人: Alice",
    "________________________________\nFrom: Alice <alice@own.example>\nSent: Thursday, August 22, 2002 3:15 PM\nTo: Bob\nSubject: Offer",
    ">>> Alice <alice@own.example> 22/08/2002 15:15 >>>",
    "From: Alice <alice@own.example>\nDate: Thursday, 22 August 2002 at 15:15\nTo: Bob\nSubject: Offer",
    "Von: Alice\nGesendet: Donnerstag, 22. August 2002 15:15\nAn: Bob\nBetreff: Angebot",
    "De : Alice\nEnvoyé : jeudi 22 août 2002 15:15\nÀ : Bob\nObjet : Offre",
    "De: Alice\nEnviado el: jueves, 22 de agosto de 2002 15:15\nPara: Bob\nAsunto: Oferta",
    "Da: Alice\nInviato: giovedì 22 agosto 2002 15:15\nA: Bob\nOggetto: Offerta",
    "Van: Alice\nVerzonden: donderdag 22 augustus 2002 15:15\nAan: Bob\nOnderwerp: Aanbod",
    "De: Alice\nEnviada em: quinta-feira, 22 de agosto de 2002 15:15\nPara: Bob\nAssunto: Oferta",
    "Från: Alice\nSkickat: den 22 augusti 2002 15:15\nTill: Bob\nÄmne: Erbjudande",
    "Fra: Alice\nSendt: 22. august 2002 15:15\nTil: Bob\nEmne: Tilbud",
    "Lähettäjä: Alice\nLähetetty: torstai 22. elokuuta 2002 15.15\nVastaanottaja: Bob\nAihe: Tarjous",
    "Od: Alice\nWysłano: czwartek, 22 sierpnia 2002 15:15\nDo: Bob\nTemat: Oferta",
    "Od: Alice\nOdesláno: čtvrtek 22. srpna 2002 15:15\nKomu: Bob\nPředmět: Nabídka",
    "От: Alice\nОтправлено: 22 августа 2002 г. 15:15\nКому: Bob\nТема: Предложение",
    "Gönderen: Alice\nGönderildi: 22 Ağustos 2002 15:15\nKime: Bob\nKonu: Teklif",
    "보낸 사람: Alice\n보낸 날짜: 2002년 8월 22일\n받는 사람: Bob\n제목: 견적",
    "差出人: Alice\n送信日時: 2002年8月22日 15:15\n宛先: Bob\n件名: 見積",
    "*From:* Alice <alice@own.example>\n*Sent:* Thursday\n*To:* Bob\n*Subject:* Offer",
    "---------- Forwarded message ---------\nFrom: Alice\nDate: Thu\nSubject: Offer\nTo: Bob",
    "Begin forwarded message:\n\nFrom: Alice",
    "Anfang der weitergeleiteten Nachricht:\n\nVon: Alice",
    "Début du message réexpédié :\n\nDe: Alice",
    "Inicio del mensaje reenviado:\n\nDe: Alice",
    "Inizio messaggio inoltrato:\n\nDa: Alice",
    "Begin doorgestuurd bericht:\n\nVan: Alice",
    "Início da mensagem reencaminhada:\n\nDe: Alice",
    "転送されたメッセージ:\n\n差出人: Alice",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_quoted_lines_go_with_their_attribution(attribution):
    visible, quoted = split_quoted(
        f"Yes please.\n\n-- \nBob\n\n{attribution}\n\n> Do you want it?\n> Alice\n"
    )

    assert visible == "Yes please.\n\n-- \nBob"
    assert quoted.startswith(attribution)
    assert quoted.endswith("> Alice")


@pytest.mark.parametrize("opening", [*ATTRIBUTIONS, *SEPARATORS])
def test_the_unmarked_past_goes_from_its_opening_on(opening):
    visible, quoted = split_quoted(f"Yes please.\n\nBob\n\n{opening}\n\nDo you want it?\n\nAlice\n")

    assert visible == "Yes please.\n\nBob"
    assert quoted.startswith(opening)
    assert quoted.endswith("Alice")


def test_answers_between_the_quoted_lines_stay():
    text = "On Thu, 22 Aug 2002, Alice wrote:\n> How many?\nThree.\n\n> When?\nMonday.\n"

    assert split_quoted(text) == (
        "Three.\n\nMonday.",
        "On Thu, 22 Aug 2002, Alice wrote:\n> How many?\n> When?",
    )


@pytest.mark.parametrize(
    "text",
    [
        "As I wrote:\nwe need three.",
        "From: our point of view\nthis is fine",
        "From: Hamburg\nTo: Berlin\nthree boxes, please",
        "On Monday we wrote:\nthe new list is out",
        "Prices\n-------\nten each",
        "The original message is this: buy.",
        "a > b\nand b < c",
        "Please answer:\n\nYes or no?",
    ],
)
def test_text_that_only_looks_like_a_quote_stays(text):
    assert split_quoted(text) == (text, "")


def test_a_bare_forward_has_no_words_of_its_own_and_its_snippet_shows_the_forwarded_ones():
    text = "---------- Forwarded message ---------\nFrom: Bob\n\nWe want ten."

    assert split_quoted(text)[0] == ""
    assert snippet(Message(text=text)).endswith("We want ten.")


def test_a_snippet_is_one_short_line_of_what_is_new():
    text = "Yes,\n  " + "please " * 60 + "\n\nOn 22 Aug 2002 Alice wrote:\n> secret past"
    line = snippet(Message(text=text), 40)

    assert line.startswith("Yes, please please")
    assert len(line) <= 40
    assert line.endswith("…")
    assert snippet(Message(text="\n \n" * 400 + "late")) == "late"


@given(st.text("ab>\n:- wrote2002@", max_size=300) | st.text(max_size=200))
def test_nothing_is_lost_between_visible_and_quoted(text):
    visible, quoted = split_quoted(text)

    assert sorted("".join((visible + quoted).split())) == sorted("".join(text.split()))


@pytest.mark.parametrize(
    "unit", ["\n>", ":\n", "On 2002 wrote:\n", "From: a\n", "---\n", "\n\n", "> a\nb\n", "-- "]
)
def test_a_hostile_text_ends(unit):
    split_quoted(unit * 60_000)


def test_html_becomes_lines_cells_and_quotes():
    markup = (
        "<html><head><title>no</title><style>p{}</style></head><body><!-- no --><p>Hello&nbsp;Alice</p><table><tr><td>a</td>"
        "<td>b</td></tr></table><ul><li>one<li>two</ul>1 &lt; 2<br/>x < y<blockquote>old<br>words</blockquote>new"
        "<script>no()</script></body></html>"
    )

    assert (
        html_to_text(markup)
        == "Hello Alice\n\na b\n\none\ntwo\n1 < 2\nx < y\n\n> old\n> words\n\nnew"
    )


def test_line_breaks_in_preformatted_text_stay():
    assert html_to_text("<pre>a\nb</pre>c\nd") == "a\nb\nc d"


def test_the_past_in_an_html_answer_is_told_apart():
    text = html_to_text(
        "<div>Yes</div><div>On Thu, 22 Aug 2002 at 15:15 Alice &lt;alice@own.example&gt; wrote:<br></div><blockquote>Do you?</blockquote>"
    )

    assert split_quoted(text)[0] == "Yes"


@pytest.mark.parametrize(
    "unit",
    ["<", "<!--", "<style>", "<a ", "&", "<pre>", "<blockquote>", "</style><style ", "&#1114112;"],
)
def test_hostile_html_ends(unit):
    html_to_text(unit * 60_000).encode("utf-8", "replace")
