"""Pairs: what a machine sent in one more documented format, and the human mail that speaks of the same thing.

All of it is invented, like what lies in `returned`; each pair stands for a rule, not for its sentence.
"""

from __future__ import annotations

from datetime import date

from tests.mail.returned import (
    DELAYED,
    FAILED,
    GAVE_UP,
    GONE,
    POSTFIX,
    POSTFIX_TEXT,
    REFUSED,
    Case,
    fields,
    mail,
    person,
    report,
)

DAEMON = "Mail Delivery System <mailer-daemon@mx.acme.example>"
AUTO = "Auto-Submitted: auto-replied"
ANSWER = "In-Reply-To: <sent-1@own.example>"
PARK = ("automatic", "auto_submitted", "park")
SAYS_SO = ("automatic", "says_automatic", "stop unclear")
NOTHING = ("automatic", "auto_submitted", "nothing")
LEFT = ("automatic", "has_left", "stop unclear")


def bounced(
    name: str,
    text: str,
    verdict: tuple[str, str, str],
    *headers: str,
    subject: str = "Mail delivery failed",
) -> Case:
    return Case(
        name, mail("Return-Path: <>", *headers, sender=DAEMON, subject=subject, body=text), *verdict
    )


def diagnosed(
    name: str, status: str, diagnostic: str, verdict: tuple[str, str, str], action: str = "failed"
) -> Case:
    raw = report(
        *fields(status, diagnostic, action),
        sender=POSTFIX,
        subject="Undelivered Mail Returned to Sender",
        text=POSTFIX_TEXT,
    )
    return Case(name, raw, *verdict)


def note(
    name: str,
    text: str,
    verdict: tuple[str, str, str] = PARK,
    back_on: date | None = None,
    subject: str = "Re: A word, Bob",
) -> Case:
    return Case(name, mail(AUTO, body=text, subject=subject), *verdict, back_on=back_on)


PAIRS = (
    # --- failures -----------------------------------------------------------------------------
    (bounced("gmx: the reason is broken over two lines",
             "This message was created automatically by mail delivery software.\n\nThe following address failed:\n\nbob@acme.example:\nSMTP error from remote server for RCPT TO "
             "command, host: mx.acme.example reason: 550 Requested action not taken: mailbox\nunavailable", GONE),
     person("a mailbox that is unavailable, said by a person", "The shared mailbox\nunavailable since Monday is back, please write to me again.", subject="Mailbox")),
    (diagnosed("a domain that takes no mail (RFC 7505)", "5.1.0", "X-Postfix; Domain acme.example does not accept mail (nullMX)", GONE),
     person("a domain that takes no mail, said by a person", "Our old domain does not accept mail any more (nullMX), so write to me here.")),
    (diagnosed("an unknown user under a code of policy", "5.7.1", "smtp; 550 5.7.1 No such user!", GONE),
     diagnosed("a sender's domain that does not exist is said of us", "5.7.1", "smtp; 550 5.7.1 Sender rejected: domain of sender does not exist", REFUSED)),
    (diagnosed("a user deactivated", "5.0.0", "smtp; 554 the account bob@acme.example is deactivated", GONE),
     diagnosed("what is invalid is our record", "5.0.0", "smtp; 554 mail for this user rejected, invalid SPF record", REFUSED)),
    (diagnosed("a recipient's address not known", "5.0.0", "smtp; 550 address not known here", GONE),
     diagnosed("our server's address is not known", "5.0.0", "smtp; 550 IP address 192.0.2.9 unknown, no PTR", FAILED)),
    (bounced("german, without a code, the noun first", "Ihre E-Mail an bob@acme.example konnte nicht zugestellt werden, da der Empfänger unbekannt ist.", GONE, subject="Zustellung fehlgeschlagen"),
     person("an unknown recipient, said by a person", "Der Empfänger unserer Lieferung ist unbekannt verzogen, bitte fragen Sie bei mir an.", subject="Zustellung fehlgeschlagen?")),
    (bounced("french, the noun first", "Votre message à bob@acme.example n'a pas pu être remis : cette boîte aux lettres n'est plus active.", GONE, subject="Échec de la remise"),
     person("a box that is no longer active, said by a person", "La boîte de vitesses n'est plus active, envoyez quelqu'un.")),
    (bounced("russian, in words", "К сожалению, письмо не может быть доставлено.\n\nbob@acme.example: пользователь не найден", GONE, subject="Недоставленное сообщение"),
     person("a letter that cannot be delivered, said by a person", "Письмо не доставлено, адрес не найден. Позвоните мне.", subject="Доставка")),
    # --- mail systems and people who look after them ---------------------------------------------
    (Case("a postmaster's machine nobody can read", mail("Return-Path: <>", sender="postmaster@acme.example", subject="Notice 4711", body="See the portal."),
          "automatic", "mail_system", "stop unclear"),
     Case("the person who is the postmaster answers", mail("Return-Path: <postmaster@acme.example>", ANSWER, sender="Paula Post <postmaster@acme.example>", body="Yes, call me tomorrow."),
          "human", "person", "stop reply")),
    (bounced("swedish, told by its code", "Meddelandet når inte fram till bob@acme.example.\n\nMottagaren är okänd. 550 5.1.1", GONE, subject="Leveransproblem"),
     person("swedish, a person", "Mottagaren är okänd på adressen, ring mig.", subject="Leveransproblem")),
    (Case("mercury: the addressee is not known", mail("Return-Path: <>", sender="Electronic Postmaster <postmaster@acme.example>", subject="Postmaster Notify: Delivery Failure.",
          body="With respect to the message you sent:\n\nThe following addressee could not be found on this system:\n\n   'bob'  -  Address not known at this site."), *GONE),
     person("an address not known to a person", "Address not known at this site, says the courier. Where shall it go?", subject="Parcel")),
    # --- absences -------------------------------------------------------------------------------
    (note("an answer tomorrow", "I am out of the office today and will respond tomorrow.", back_on=date(2026, 5, 5)),
     person("a person answers tomorrow", "I am out of the office today and will respond tomorrow. Is the price firm?")),
    (note("french: mon is no Monday", "Je suis en congés du 4 au 15 mai inclus. Je traiterai votre message à mon retour.", back_on=date(2026, 5, 16)),
     person("french: a person's return", "Je traiterai votre offre à mon retour, appelez-moi le 15 mai.")),
    (note("german: Guten Morgen is no tomorrow", "Guten Morgen, ich bin nicht im Büro und am 18. Mai wieder erreichbar.", back_on=date(2026, 5, 18)),
     person("german: a person wishes a good morning", "Guten Morgen, ich bin am 18. Mai wieder erreichbar, Angebot gern vorher.")),
    (note("german: Guten Morgen alone says no day", "Guten Morgen, ich bin zurzeit nicht im Büro, aber bald wieder für Sie da."),
     person("german: soon back, a person", "Guten Morgen, bald bin ich wieder da. Was kostet es?")),
    (Case("a note without a field, told by its subject", mail(body="I am out of the office until 18 May.", subject="Automatic reply: A word, Bob"), "automatic", "away_subject", "park", back_on=date(2026, 5, 18)),
     person("who speaks of our note is a person", "Got your autoreply. Call me when you are back on the 18th.", subject="Autoreply")),
    (note("german: a holiday beside its date", "Ich bin bis einschl. Pfingstmontag, 25.5., nicht da.", back_on=date(2026, 5, 26)),
     person("german: a person names a holiday", "Geht es auch nach Pfingstmontag, 25.5.?")),
    (note("german: from when on they read", "Ich habe Urlaub. Ab Montag, dem 18. Mai, lese ich Ihre Mail.", back_on=date(2026, 5, 18)),
     person("german: a person reads from Monday on", "Ab Montag, dem 18. Mai, lese ich den Vertrag.")),
    (note("the days somebody works are no return", "I only work Monday to Wednesday. I am not at my desk and will reply on my next working day."),
     person("the days a person works", "I only work Monday to Wednesday, so call me tomorrow.")),
    (Case("a note without a field, in french", mail(body="Je suis en congés jusqu'au 15 mai.", subject="Absence : Re: A word, Bob"), "automatic", "away_subject", "park", back_on=date(2026, 5, 15)),
     person("a person asks about an absence", "Erin est en congés jusqu'au 15 mai. Pouvez-vous m'envoyer le devis ?", subject="Absence : Erin")),
    # --- tickets, receipts, guards ---------------------------------------------------------------
    (note("a ticket's answer is no absence", "This message has been automatically generated in response to your ticket. No need to reply.", NOTHING, subject="[acme #4711] AutoReply: A word, Bob"),
     person("a person speaks of a ticket", "Your ticket [own #4711] got an autoreply and no answer. Can you help?", subject="Re: [own #4711] A word")),
    (note("a guarded inbox is no absence", "Your message was waitlisted. Add yourself to Bob's guest list so it gets through.", NOTHING, subject="Re: A word, Bob [Auto-Reply]"),
     person("a person speaks of a guest list", "Put me on the guest list for Friday, and I will bring Erin.")),
    (Case("an answer that says of itself that a machine wrote it", mail(ANSWER, body="Thank you for your message.\n\nThis is an automated response. We will come back to you in two days.", sender="info@acme.example"), *SAYS_SO),
     person("a person asks about automated answers", "Is this an automated response, or are you a person? This is an automatic pump, so I need manuals.", ANSWER)),
    (Case("the same in german", mail(ANSWER, body="Vielen Dank für Ihre Anfrage.\n\nDies ist eine automatisch erzeugte Eingangsbestätigung.", sender="info@acme.example"), *SAYS_SO),
     person("german: an automatic machine", "Dies ist eine automatische Anlage aus 1998, dafür suchen wir Ersatz.", ANSWER)),
    (Case("the same in french, told by its subject", mail(body="Nous avons bien reçu votre message. Ceci est un message automatique, merci de ne pas y répondre.", subject="Accusé de réception", sender="contact@acme.example"), *SAYS_SO),
     person("a form of a website that says so is no answer", "This message was sent automatically from the contact form.\n\nName: Bob\nMessage: Please call me.", subject="New enquiry", sender="web@acme.example")),
    (Case("the same in spanish, italian, dutch and portuguese", mail(ANSWER, body="Este es un mensaje automático.\nQuesta è una risposta automatica.\nDit is een automatisch bericht.\nEsta é uma mensagem automática."), *SAYS_SO),
     person("a person passes on what a machine wrote", "Was that you?\n\n> This is an automated response.", ANSWER)),
    (Case("an answer that a machine wrote, over no question", mail(ANSWER, body="Your mail was received.\n\n(This is an automatically generated message, please do not reply.)"), *SAYS_SO),
     person("a person says that no machine wrote", "This is not an automated reply, I read your mail myself.", ANSWER)),
    (Case("a mail sent by a robot", mail(ANSWER, body="This message was generated automatically by our system."), *SAYS_SO),
     person("a person hurries", "This is a short reply as I'm boarding; automatically yes to everything.", ANSWER)),
    (Case("a mail sent by a robot, in french", mail(ANSWER, body="Ce message a été généré automatiquement."), *SAYS_SO),
     person("german: a message and what is automatic", "Dies ist eine gute Nachricht: wir bestellen automatisch jedes Quartal.", ANSWER)),
    (Case("a sieve's answer", mail(ANSWER, body="Gone fishing.", subject="Auto: A word, Bob"), "automatic", "away_subject", "park"),
     person("a person asks about a car", "Ich bin im Urlaub erreichbar. Was kostet es?", ANSWER, subject="Auto: neues Fahrzeug")),
    (Case("a note under three letters", mail(body="I am on leave until 18 May.", subject="OOO: A word, Bob"), "automatic", "away_subject", "park", back_on=date(2026, 5, 18)),
     person("three letters and a broken pump", "All three are out of order. Help!", subject="OOO: pumps out of order")),
    (bounced("exim: a domain without a mail server", "A message that you sent could not be delivered to one or more of its recipients.\n\n  bob@acme.example\n    all relevant MX records point to non-existent hosts", GONE),
     person("a person says so", "All relevant MX records point to non-existent hosts, so call me.", subject="DNS")),
    (Case("once more a robot", mail(ANSWER, body="This e-mail was sent automatically."), *SAYS_SO),
     person("a person jokes about robots", "This message was generated automatically? No, by me.", ANSWER)),
    # --- gone for good -----------------------------------------------------------------------------
    (note("portuguese: no longer in this company", "A Bob já não trabalha nesta empresa. Contacte a Erin.", LEFT),
     person("portuguese: a person says who left", "O Dave já não trabalha nesta empresa, agora sou eu. Qual é o preço?")),
    (note("a last day", "My last day at Acme was 30 April. Please write to Erin.", LEFT),
     person("a person's last day", "My last day at Acme was 30 April. I am at Newco now, send me the offer here.")),
    (note("somebody died", "With great sadness we inform you that Bob passed away in April.", LEFT),
     person("a person tells of a death", "Bob passed away in April, I took over. Please send the offer to me.")),
    # --- requests ------------------------------------------------------------------------------------
    (person("marks nobody sees do not hide a request", "Please unsub\u200bscribe me\u202c.\n\nBob", opt_out=True),
     person("marks nobody sees make none", "Please send\u200b me the list\u202c.\n\nBob")),
    # --- failures that are none ----------------------------------------------------------------------
    (diagnosed("a delay under a code of failure", "4.4.1", "X-Postfix; connect to mx.acme.example: Connection timed out", DELAYED, "delayed"),
     person("a delay, said by a person", "Delivery is delayed, still being retried by our forwarder. Is that fine?", subject="Delayed delivery")),
    (diagnosed("a failure without a reason", "5.0.0", "smtp; 554 Transaction failed", FAILED),
     person("a failed transaction, said by a person", "The card transaction failed, 554 euros. Can we pay by invoice?")),
    # --- whoever only moved ----------------------------------------------------------------------------
    (diagnosed("rfc 5321 3.4: not local, try another", "5.1.1", "smtp; 551 5.1.1 User not local; please try <bob@newco.example>", FAILED),
     diagnosed("not local, and nobody says where", "5.1.1", "smtp; 550 5.1.1 User unknown in local recipient table", GONE)),
    (diagnosed("rfc 3463: the mailbox has moved", "5.1.6", "smtp; 550 5.1.6 Mailbox has moved to bob@newco.example", FAILED),
     diagnosed("rfc 3463: moved, no forwarding address", "5.1.6", "smtp; 550 5.1.6 Recipient no longer on server", GONE)),
    (diagnosed("too many unknown users is said of us", "5.0.0", "smtp; 550 refused, too many unknown users from your IP, blocked", REFUSED),
     diagnosed("one unknown user is said of them", "5.0.0", "smtp; 550 refused, unknown user", GONE)),
    (bounced("moved, in prose", "Your message could not be delivered:\n\nbob@acme.example\n  550 unknown user, account moved to bob@newco.example", FAILED),
     person("a person moved", "My account moved to bob@newco.example, so mail to the old one may return. Send the offer there.")),
    (note("another department", "I have moved to another department and no longer buy.\n\nErin", LEFT),
     note("another building, and away", "Acme has moved to a new building. I am on leave until 18 May.", PARK, date(2026, 5, 18))),
    (note("left by name", "Please note that Bob left Acme in April.", LEFT),
     note("left for a holiday", "Bob left Berlin for a holiday and is out of office until 18 May.", PARK, date(2026, 5, 18))),
    (note("retired", "I retired at the end of April. Please write to Erin.", LEFT),
     person("a person speaks of who retired", "Dave retired at the end of April, so you have me now. What do you sell?")),
    (note("an address not in use any longer", "This mailbox is not monitored any longer, write to office@acme.example.", LEFT),
     person("an address not in use, said by a person", "That mailbox is not monitored any longer, but I read this one. Go on.")),
    (note("polish: no longer here", "Bob nie pracuje już w Acme.", LEFT),
     person("polish: a person says who left", "Dave nie pracuje już w Acme, teraz ja kupuję. Jaka jest cena?")),
    (note("swedish: no longer here", "Bob har slutat på Acme.", LEFT),
     person("swedish: a person says who left", "Dave har slutat på Acme, skriv till mig. Vad kostar det?")),
    # --- a failure under a name of its own -------------------------------------------------------------
    (Case("mdaemon: under its own name", mail("Auto-Submitted: auto-generated", sender="MDaemon at acme.example <MDaemon@acme.example>", subject="Permanent Delivery Failure",
          body="The attached message had PERMANENT fatal delivery errors!\n\nFailed address: bob@acme.example\n\n<-- 550 5.1.1 <bob@acme.example>, Recipient unknown"), *GONE),
     Case("a ticket about a delivery that failed", mail(AUTO, ANSWER, subject="Delivery failed: order 4711", body="We received your request and look into it. Ticket 4711."), *NOTHING)),
    (bounced("french, without its accents", "Votre message\n\nn'a pas été remis à :\n\nbob@acme.example\n\nLa boîte du destinataire est pleine", REFUSED, subject="ECHEC DE REMISE"),
     person("french: a person, of a parcel", "Le colis n'a pas été remis à Dave. Pouvez-vous le renvoyer ?", subject="Remise")),
    # --- days ----------------------------------------------------------------------------------------
    (note("a week by its number", "Ich bin in Urlaub und ab KW 21 wieder da.", PARK, date(2026, 5, 18), subject="Abwesenheit: A word"),
     person("a person names a week", "Ab KW 21 bin ich wieder da, rufen Sie dann an.")),
    (note("until a week is over", "I am out of office until week 20.", PARK, date(2026, 5, 18)),
     note("a week that is a number of things", "I am out of office. Week 20 of the project is at 60%.", PARK)),
    (note("a weekday behind next, with its date", "I am out of office till next Monday, 11 May.", PARK, date(2026, 5, 11)),
     note("a weekday behind next, said in the same week", "Out of office, back next Friday.", PARK, date(2026, 5, 15))),
    (note("mail is read again", "Away. I shall be reading mail again on Monday, 18 May.", PARK, date(2026, 5, 18), subject="Out of office"),
     note("a day of something else", "Away. I shall be at the fair on Monday, 18 May.", PARK, subject="Out of office")),
    (note("a month without a day", "I am on parental leave and back in August.", PARK, date(2026, 8, 1)),
     note("a month of something else", "I am on parental leave. In August we move.", PARK)),
    (note("a month and its year", "Bin in Elternzeit und ab Februar 2027 wieder da.", PARK, date(2027, 2, 1), subject="Abwesenheit: A word"),
     note("until a month is over", "On leave until end of August.", PARK, date(2026, 8, 31))),
    (note("until after a day", "Out of the office until after 14 May.", PARK, date(2026, 5, 15)),
     note("until a day", "Out of the office until 14 May.", PARK, date(2026, 5, 14))),
    (note("open from day to day, by the clock", "Thank you for your mail. We are open Mon-Fri 9am to 5pm.", NOTHING),
     note("away from day to day", "Out of office Tuesday to Thursday.", PARK, date(2026, 5, 8))),
    (note("polish: until", "Jestem na urlopie do 20 maja 2026 r.", PARK, date(2026, 5, 20), subject="Automatyczna odpowiedź"),
     person("polish: a person away", "Jestem na urlopie do 20 maja, proszę o ofertę po powrocie.")),
    (note("czech: back", "Jsem mimo kancelář, vrátím se v pondělí 18. května.", PARK, date(2026, 5, 18), subject="Automatická odpověď"),
     note("czech: until", "Jsem na dovolené do 15. 5. 2026.", PARK, date(2026, 5, 15), subject="Automatická odpověď")),
    (note("swedish: back", "Jag är på semester och åter onsdag 20 maj.", PARK, date(2026, 5, 20), subject="Autosvar: Hej"),
     note("swedish: the last day", "Jag är ledig t.o.m. 19 maj.", PARK, date(2026, 5, 20), subject="Autosvar: Hej")),
    (note("danish: back", "Jeg holder ferie og er tilbage mandag d. 18. maj.", PARK, date(2026, 5, 18), subject="Automatisk svar: Hej"),
     person("danish: a person away", "Jeg holder ferie, men send endelig tilbuddet.")),
    (note("a weekday and its number", "First day back: Friday the 22nd.", PARK, date(2026, 5, 22), subject="Out of office"),
     note("a weekday and a number of something else", "Out of office, back Friday 9 o'clock.", PARK, date(2026, 5, 8))),
    (note("german: a weekday and its number", "Ich habe Urlaub und bin Mittwoch, den 20., wieder im Haus.", PARK, date(2026, 5, 20)),
     note("french: a weekday and its number", "En congés, de retour mercredi 20.", PARK, date(2026, 5, 20))),
    (note("a number with its article", "On leave. Back at my desk on the 21st.", PARK, date(2026, 5, 21)),
     note("a number with its article, of something else", "On leave. My desk is on the 21st floor.", PARK)),
    (note("an office opens again", "Nous sommes fermés, réouverture le 18 mai.", PARK, date(2026, 5, 18), subject="Réponse automatique"),
     person("a person's shop opens again", "Réouverture le 18 mai, passez nous voir.")),
    (note("mail is dealt with from a day on", "I am away. I will deal with your mail from Monday, 18 May.", PARK, date(2026, 5, 18)),
     person("a person deals with it", "I will deal with your mail from Monday, 18 May.")),
    (note("somebody comes back to the other", "I am away and will come back to you on 19 May.", PARK, date(2026, 5, 19)),
     note("somebody comes back to the other soon", "I am away and will come back to you soon. Our fair is on 19 May.", PARK)),
    (note("the week that runs", "Out of office for the rest of this week.", PARK, date(2026, 5, 11)),
     note("the week that runs, and a day", "Out of office all week, returning on 13 May.", PARK, date(2026, 5, 13))),
    (note("a span in words", "I am on holiday between 4 and 15 May.", PARK, date(2026, 5, 16)),
     note("a span in words, in italian", "Sono in ferie tra il 4 e il 15 maggio.", PARK, date(2026, 5, 16))),
    (note("the day after tomorrow", "Ich bin außer Haus und übermorgen wieder erreichbar.", PARK, date(2026, 5, 6)),
     person("a person, the day after tomorrow", "Ich bin übermorgen wieder erreichbar, bis dann!")),
    (note("polish: reachable from a day on", "Jestem nieobecny, będę dostępny od 18 maja.", PARK, date(2026, 5, 18), subject="Automatyczna odpowiedź"),
     note("swedish: a week by its letter", "Jag är ledig och åter v. 21.", PARK, date(2026, 5, 18), subject="Autosvar: Hej")),
    (note("italian: answers from a day on", "Sono in viaggio e rispondo dal 18 maggio.", PARK, date(2026, 5, 18)),
     person("italian: a person answers from a day on", "Rispondo dal 18 maggio, va bene?")),
    (note("german: at hand from a day on", "Nicht im Büro. Ab Montag stehe ich Ihnen zur Verfügung.", PARK, date(2026, 5, 11)),
     note("german: another is at hand from a day on", "Nicht im Büro. Ab Montag gilt der neue Tarif.", PARK)),
    (note("portuguese: until the end of a month", "Estou de férias até final de maio.", PARK, date(2026, 5, 31)),
     note("portuguese: the end of a project", "Estou de férias, final de projeto.", PARK)),
    (note("the weekday behind a date", "Off until Friday 15 May, returning the following Tuesday.", PARK, date(2026, 5, 19)),
     note("german: the weekday behind a date", "Im Urlaub bis 15. Mai, Dienstag darauf wieder da.", PARK, date(2026, 5, 19))),
    (note("portuguese: answers on a weekday", "Fora do escritório, respondo na sexta-feira.", PARK, date(2026, 5, 8)),
     person("portuguese: a person answers on a weekday", "Respondo na sexta-feira, pode ser?")),
    # --- given up, in words -------------------------------------------------------------------------------
    (note("an account was closed", "This mail account was closed. Write to office@acme.example.", LEFT),
     note("an inbox is closed for some days", "Our mailbox is closed until 18 May.", PARK, date(2026, 5, 18), subject="Out of office")),
    (note("german: an account was closed", "Dieses Konto wurde stillgelegt.", LEFT),
     note("german: what comes meanwhile is deleted", "Ich bin im Urlaub. Mails an diese Adresse werden solange gelöscht.", PARK)),
    (note("french: a box was closed", "Cette boîte a été définitivement clôturée.", LEFT),
     note("italian: a box was closed", "Questa casella è stata dismessa.", LEFT)),
    # --- failures in words --------------------------------------------------------------------------------
    (bounced("not recognised", "Your message was not delivered.\n\nThe recipient bob@acme.example was not recognised.", GONE),
     person("a person was not recognised", "The recipient was not recognised at the gate, so send it again.", subject="Parcel")),
    (bounced("german: not delivered yet", "Ihre Nachricht an bob@acme.example wurde noch nicht zugestellt. Weitere Versuche folgen.", DELAYED, subject="Hinweis zu Ihrer Nachricht"),
     person("german: a parcel not delivered yet", "Das Paket wurde noch nicht zugestellt, wo bleibt es?", subject="Hinweis zu Ihrer Nachricht")),
    # --- receipts in words ------------------------------------------------------------------------------
    (Case("a receipt in words", mail(ANSWER, body="Your message\n\n   To: Bob Stone\n   Subject: A word, Bob\n   Sent: 4 May 2026\n\nwas read on 4 May 2026 10:02.", subject="Read: A word, Bob"), "automatic", "read_receipt", "nothing"),
     person("a person read it", "Your message was read by all of us, call me.", ANSWER, subject="Read: A word, Bob")),
    (Case("a receipt in words, deleted, in german", mail(body="Ihre Nachricht\n\n   An: Bob Stone\n   Betreff: A word, Bob\n\nwurde ungelesen gelöscht.", subject="Ungelesen: A word, Bob"), "automatic", "read_receipt", "nothing"),
     person("german: a person read it", "Ihre Nachricht habe ich gelesen, rufen Sie an.", ANSWER, subject="Gelesen: A word, Bob")),
    (Case("a desk says that a machine wrote", mail(body="Wir haben Ihre Nachricht erhalten.\n\nDies ist eine automatisch erstellte Nachricht.", subject="Ihre Anfrage 4711", sender="service@acme.example"), *SAYS_SO),
     person("a form that says so, under a subject of its own", "Dies ist eine automatisch erstellte Nachricht.\n\nName: Bob\nNachricht: Bitte anrufen.", subject="Neue Anfrage", sender="web@acme.example")),
    # --- notes without a field, days counted, words of illness ------------------------------------
    (Case("a mark at the top and no field", mail(body="[Message automatique]\n\nBonjour, je suis absente jusqu'au 12 mai.", subject="Un mot"), "automatic", "auto_reply_mark", "park", back_on=date(2026, 5, 12)),
     person("the same words in a sentence", "Message automatique ou pas, je suis absente jusqu'au 12 mai. On se parle après ?")),
    (Case("a mark at the top, and of absence no word", mail(body="(risposta automatica)\nOggi pomeriggio ci sono le consegne.", subject="Consegne"), "automatic", "auto_reply_mark", "stop unclear"),
     person("an automatic reply spoken of", "La risposta automatica non arriva, provi il telefono.")),
    (note("back in two weeks", "On my holidays, no laptop with me. I'm back in two weeks.", back_on=date(2026, 5, 18)),
     person("two weeks of something else", "We need it in two weeks, can you do that?")),
    (note("open again tomorrow", "It's a bank holiday, so nobody is here today. We open again tomorrow.", back_on=date(2026, 5, 5)),
     person("open tomorrow, said by a person", "We open again tomorrow, come and see us.")),
    (note("a week by its resumption", "Nous sommes en vacances pour deux semaines. Reprise le 18/05.", back_on=date(2026, 5, 18)),
     person("a resumption of a talk", "Reprise le 18/05 ? Cela me va.")),
    (note("ill, without a day", "Sono in malattia e non leggo la posta."), person("ill, said by a person", "Ero in malattia, scusi il ritardo. Ne parliamo giovedì?")),
    (note("ill, in Dutch", "Wegens ziekte kan ik uw mail op dit moment niet beantwoorden."), person("illness as news", "Wegens ziekte van onze chauffeur komt de levering morgen.")),
    (diagnosed("nobody of that name under a code of policy", "5.7.17", "smtp; 550 sorry, no mailbox here by that name (#5.7.17)", GONE),
     person("a mailbox spoken of by a person", "There is no mailbox by that name on the drawing, is it the one at the gate?")),
    (note("weeks counted from a day", "I will be out of the office for two weeks from Wednesday, 6 May.", back_on=date(2026, 5, 20)),
     person("weeks of delivery counted from a day", "It takes two weeks from 6 May, is that all right?")),
    (note("weeks counted from a day that is past", "Ich bin seit Freitag weg: zwei Wochen ab dem 1. Mai im Urlaub.", back_on=date(2026, 5, 15)),
     note("a day past and no weeks", "Ich bin ab dem 1. Mai im Urlaub.")),
    (note("a day, and for how long", "Je suis en congé à partir du 6 mai pour deux semaines.", back_on=date(2026, 5, 20)),
     note("weeks that something else takes", "Je suis en congé. La réponse prend deux semaines à compter du 6 mai.")),
    (note("french: left for good", "Bob Stone a quitté définitivement la société.", LEFT),
     person("french: somebody left the table", "Bob a quitté définitivement la table des négociations, appelez-moi.")),
    (bounced("nobody could be connected to", "Your message did not reach some of the recipients.\n\nbob@acme.example\n   Could not connect to any of the mail servers of the recipient.\n   Tried 4 time(s)", GAVE_UP, subject="Message undeliverable: A word, Bob"),
     person("a person could not connect", "I could not connect to your call, tried 4 times.")),
    (Case("a machine says that it sent this", mail(ANSWER, body="We have your mail.\n\nThis message was automatically sent.", subject="Re: A word, Bob"), *SAYS_SO),
     person("a gateway says that it looked at this", "Wrong person, try Gemma.\n\nThis message was automatically scanned and archived.", ANSWER, subject="Re: A word, Bob")),
)  # fmt: skip
