"""What the words of a request mean, in twelve languages: the names that `opt_out_shapes` are written in.

Words stand as they are compared: in small letters, without accents, and in the forms people use. Who adds one looks
whether it is a word of another language too, and what an ordinary sentence there would be taken for.
"""

from __future__ import annotations

from inboxcrm.mail.opt_out_verbs import VERBS

WORDS = VERBS | {
    # not, never, no: what forbids
    "NOT": """
        ala aldri aldrig alkaa aucun aucune dont ej geen ikke ikkje inga ingen inget inte inutile jamais
        jamas kei kein keine keinem keinen keiner keinerlei mai n nada nadie nae nao ne ned nei neither nej
        nenhum nenhuma nessun nessuna nessuno never nic nicht nichts nie niemals niemand niente niet niets
        nigdy nikdy niks nimmer ninguem ningun ninguna ninguno nix no nobody non none nooit nor not nothing
        nulla nunca pas personne rien weder without zadnych
    """,
    # no, none: said of things
    "NO": """
        aucun aucune geen inga ingen inget kei kein keine keinem keinen keiner keinerlei nada nae nenhum
        nenhuma nessun nessuna nessuno nic nichts niente niets niks ningun ninguna ninguno nix no nothing
        nulla pas rien zadnych
    """,
    # not, never: said behind a verb
    "LATE_NOT": """
        aldrig geen ikke inte jamais keine mai mais mas nada nicht nichts nie niemals niet niets niks nooit
        pas piu plus rien
    """,
    # not, never, said of what is: forbids only behind "you"
    "ISNT": "arent cannot cant couldnt didnt doesnt hasnt havent isnt shouldnt wont wouldnt",
    # again, more, further
    "AGAIN": """
        additional adelante again agian altre altri altro anymore autre autres avenir back dalsi davantage
        desormais else enaa enempaa erneut ever fleire fler flere fortsattningen framover fremover further
        future futuro henceforth heretter igen igjen jamais jemals jinak jiz juz kunftig langer langre
        longer mai mair mais mas meer mehr mer mere more nada nadal nadale nimmer nochmal nochmals nogmaals
        nooit nouveau novamente nuevamente nuevo nunca nuovamente opnieuw otra otro otros piu plus priste
        przyszlosci ulteriori uz verdere vic voortaan weiter weitere weiteren weiterer weiterhin wiecej
        wieder zukunft
    """,
    # mail, and what it brings
    "MAIL": """
        aanbiedingen abordagem abordagens ads advertising adverts anfragen announcements anschreiben
        anuncios approaches aussendungen aviso avisos bericht berichten boletim boletin boletines campaigns
        campanhas circular circulars comms communication communications comunicacion comunicaciones
        comunicacoes comunicazioni contact contacto contato contatto correio correo correos correspondence
        courriel courriels email emails emaily envios envoi envois epost eposta eposter everything followups
        gemail henvendelse henvendelser informacao informacion informaciones informacoes informatie
        informazioni infos invio kontakt kontaktaufnahme kontaktaufnahmen kontaktu kontaktversuch
        kontaktversuche korespondenci korespondencji letter letters mail mailami mailer maili mailing
        mailings mailout mails mailshot mailtje mailtjes maily mainoksia mainontaa mainospostia marketing
        markkinointiviesteja material materiale meddelanden mejl mejli mensagem mensagens mensaje mensajes
        message messages messaggi messaggio myyntiviesteja nabidky nachricht nachrichten newsletter
        newslettern newsletters nieuwsbrief nieuwsbrieven ofert ofertas offers outreach pitches post posts
        promemoria promo promocao promociones promocoes promos promotion promotional promotions promozionale
        promozioni propaganda propostas proposte prospection pub pubblicita publicidad publicidade publicite
        publicites pubs reclame reclamemail reclamemails reklam reklame reklamemail reklamemails reklamer
        relances sahkoposteja sahkopostia sahkopostien schreiberei sdeleni solicitation solicitations
        sollicitation sollicitations toezending utsendelser utskick utskicken uutiskirje uutiskirjeita
        uutiskirjeitanne uutiskirjetta uutiskirjettanne viestej viesteja viestejanne viestia viestien
        werbemail werbemails werbepost werbeschreiben werbung wiadomosci yhteydenottoja yhteytta zpravy
        zuschrift zuschriften zusendung zusendungen
    """,
    # direct marketing
    "MARKETING": """
        acquisitie advert advertising comerciales commerciali directmarketing direktmarknadsforing
        direktwerbung markedsforing marketing marketingowych marketingu mercadotecnia promozionali
        prospection publicidad publicitarios reclame werbe werbezwecke werbezwecken werblichen werbung
    """,
    # a list, and what holds one
    "LIST": """
        adresdatei adressbestand adressdatei adressen archivi aussendungen automation automations base bases
        bazy bestand bestanden books cadence campagne campagnes campaign campaigns campanas campanhas
        contactos contacts contatos contatti crm database databases databaze datei dateien datenbank
        destinataire destinataires destinatari destinatario destinatarios directorio distribution drip
        elenchi elenco empfanger envios envois ficheiro ficheiros fichier fichiers funnel indirizzario invii
        kartei kontakty lijst lijsten list lista listan listas liste listen listes lists listy lsit mailing
        mailinglijst mailinglist mailingliste mailings maillijst mailout mailserver mailverteiler newsletter
        newsletters ontvanger prospects recipient records register registeret registers registret registro
        registros rejestru rozesilek rozesilky rubrica sandlista sandlistan sandlistor sequence sequences
        seznamu spreadsheet systeem system systemet tablettes thing utsendelser utskick utskicken verteiler
        verteilerliste workflow
    """,
    # a list of those who are left alone
    "BARRED": "ausschlussliste blacklist esclusione exclusao exclusion robinsonliste sperrliste suppression",
    # put on a list
    "ADD": """
        add adding adicionar adicionem aggiungere aggiungete agregar agreguen ajouter ajoutez anadan anadir aufnehmen
        dodawac dodawajcie eintragen hinzufugen put sign subscribe toevoegen
    """,
    # off a list, in one word
    "OFF_LIST": """
        jakelulistalta jakelulistaltanne jakelustanne listalta listaltanne listaltasi listoilta listoiltanne
        postituslistalta postituslistaltanne postituslistaltasi postituslistoilta postituslistoiltanne
        rekisterista rekisteristanne sahkopostilistalta sahkopostilistaltanne sahkopostilistaltasi
    """,
    # off
    "OFF": "ab af aus av bort eraf eruit fra heraus off op out raus ud uit ut vaek vekk weg",
    # away, said alone
    "AWAY": "fuori raus",
    # from
    "FROM": """
        af aus av da dagli dai dal dalla dalle das de des dessa dessas desse desta destas deste do dos du
        fra fran from od of off out uit ur van vom von z ze
    """,
    # I, we: who does something
    "I": "ejerzo eu i ich id ik im io ive ja jag je jeg noi nosotros nous vi we wij wir wnosze yo zglaszam",
    # me, us: whom something is done to
    "ME": """
        ci m me meg meidat meille meita mi mich mig mij minua minulle minut mir mne mnie moi myself nam nas
        nos nous ons os oss uns us
    """,
    # my, our
    "MY": """
        ma meho mein meine meinen meiner mem mes meu meus mi mia miei mijn min mina mine minha mio mis mitt
        moich moje mon my mych nos nossa nosso nostra nostri nostro notre nuestra nuestras nuestro nuestros
        onze our unser unsere unseren unserer vara vare vores
    """,
    # you, your
    "YOU": """
        deg dere deres dig din dit ditt er era eran eras ert euch eure euren eurer ihnen ihr ihre ihrem
        ihren ihrer je jer jeres jullie lei ni panstwa seu seus sie su sua suas sus sveho svuj svych te tes
        ton tu tua tue tuo tuoi tus u usted ustedes uw vas vase vc vcs vestro voce voces voi vos vosotros
        vossa vossas vosso vossos vostra vostre vostri vostro votre votri vous vuestro vuestros you your
        youre
    """,
    # others
    "OTHERS": """
        elas eles ellas elles ellos er gli haar he hem hen her him ihm ihn ils leur loro lui man people she
        somebody someone them they who ze zij
    """,
    # a house that is spoken for
    "HOUSE": """
        azienda bedrijf betrieb business charity church clinic clinica club colegio company council domain
        domaine domains domein dominio ecole empresa entreprise escola firm firma hospice hotel kanzlei
        mairie office organisation organization parish practice praxis school schule scuola societe studio
        team unternehmen verein vereniging
    """,
    # an address, a name, what is known of somebody
    "DATA": """
        abonnement address addresses adres adrese adress adressa adresse adressen adresses boite buzon caixa
        casella contact contacto contacts contato contatto coordonnees correo dados danych data daten dati
        datos details direccion direcciones donnees email emailadres emailadresse endereco enderecos
        epostadress gegevens id inbox indbakke indirizzi indirizzo info information innboks inscricao
        inscripcion iscrizione jmeno kontaktdaten mailadres mailadresse mailbox mejladress naam name namen
        namn navn nazwisko nom nombre nome nominativo oplysninger opplysninger osobnich osoitteemme
        osoitteeni persondata personendaten personopplysninger personuppgifter persoonsgegevens postfach
        postkasse registo registro sahkopostini sahkopostiosoitteeni subscricao subscription suscripcion
        tietomme tietoni udaje udaju uppgifter yhteystietomme yhteystietoni
    """,
    # of these, an address of mail
    "ADDRESS": """
        address addresses adres adrese adress adressa adresse adressen adresses adresy direccion direcciones
        email emailadres emailadresse endereco enderecos epostadress indirizzi indirizzo mailadres
        mailadresse mejladress
    """,
    # this, these, it, them
    "THIS": """
        any ca ce cela ces cette daarmee damit das dat denne det detta dette deze die dies diese diesen
        dieser dieses dit ermee eso esta este estes esto estos hiermee isso isto it presente questa queste
        questi questo sie solche such tego that them these this those tohle tych tymi
    """,
    # here, there
    "HERE": "ahi alli aqui daar dort here hertil hier hierher hit ici qui",
    # not wanted
    "UNWANTED": """
        indeseado indeseados indesejados indesirable indesirables ongewenst ongewenste sgradita sgradite
        unerwunscht unerwunschte unwanted unwelcome
    """,
    # please, could you
    "PLEASE": """
        abyste agradeceria alsjeblieft alstublieft aub bedes ber bite bitte bitten bittet can chiediamo
        chiedo cortesia could demande demandons ersuche favor favore fordere gelieve gentileza gider graag
        kan kiitos kindly kunt merci peco pedimos per pido please plese pls plse plz por porfa pourriez
        pregherei prego priere prosi prosim prosze pyydamme pyydan queiram richiedo rogamos ruego sff snalla
        snill solicitamos solicito stp svp uprzejmie vanlig vanligen venligst vennligst verzoek verzoeken
        veuillez vogliate wilt would xfa zou
    """,
    # a request
    "REQUEST": "antrag demand demande notice pedido request requested requests richiesta solicito",
    # consent
    "CONSENT": """
        accord autorisation autorizacao consenso consent consentement consentimento consentimiento
        einwilligung erlaubnis permiso permission samtycke samtykke souhlas toestemming zgode zustimmung
    """,
    # another, the next
    "NEXT": """
        another cinquieme cuarto dalsi deuxieme encore fifth fourth fresh funfte jeste kolejna kolejny mais
        nachste nachsten nachstes naeste nasta neste next noch nog otro prochain prochaine prossima prossimo
        proxima proximo quarto quatrieme quinto second sixth third troisieme ultimo vierde vierte vijfde
    """,
    # and
    "AND": "and e en et i och og oraz und y",
    # "de", "di"
    "DE": "de di",
    # what says little and may stand between the others
    "SMALL": """
        a aan about adesso against agora ahora al algunos all alla alle allen aller allt als also
        alstublieft alt am among an and any anything appear are as at att au aub auch auf aux av aven be
        been being bien bij bitte bli both by can ces cet cette cold comme commercial commerciele con
        constar contra contre contro cortesia could current d da dai dal dalla dalle dalsi damit dans das
        dass dat de degli dei del della delle dem den der deres des dessa dessas desse desta destas deste
        det deze di die diese diesem diesen dieser direct do doch donc dos dringend du een eens eigene ein
        eine einen einer einfach either el elke else em en endlich enkele entire entre envio er era es esa
        ese essas essere esses esta estando estar estas este estes estos etre euch eure euren eurer even
        ever favor favore figurar figurer five flere for four fra from further future ganze gar garna
        gebruik geen gegen gerne gesamte gjerne gli godt graag hand harmed hermed het hierbij hiermit i ihr
        ihre ihrem ihren ihrer il immediata immediately immer in irgendetwas irgendwas is it ja jede jedem
        jeder jemals jeres jetzt jullie just juz kannst kind kindly kinds kommenden konnen konnt konnten kun
        kunnen kunt l la las le les let leur lo longer los maar maintenant mais mal mas meer mehr met meteen
        mi mind mit more my na nada naprosto nel nella ningun ninguna no noch nog nou now nu nutzung o of og
        ogsa om on ook op or ora os other our own pa parmi pela per personal personales personali
        personenbezogenen personlichen personnelles persoonlijke pessoais peut peux piu plait please plus
        pode podeis podem poderiam podria podrian por potete pro processing proti puede pueden puedes puo
        que questa queste questi really s samtliche samtlichen samtlicher se sehr sein sell ser seus si sie
        simply so sobie sofort soort sort sorts sta staan stehen stp stunden su suas such sus sveho svoji
        svp svych tal tales te tegen that the then these this three tipo tipos to toch toda todas todo todos
        tornare tous toute toutes tra traitement tratamento tratamiento trattamento tu tus tutti tutto two
        type types u uit um uma umgehend un une up use uso ustedes utilisation uw uz va vaer vaere van vara
        venligst verarbeitung verder verwendung verwerking voi voltar volver vom von vos vossa vossas vosso
        vossos vostra vostre vostri vostro votre vous weitere weiteren weiterer werden whatever whole wiecej
        wirklich with wohl word worden would wszystkich wszystkie y ya yet your z zadne ze zijn zou zowel
        zpracovani zu
    """,
    # anyone
    "ANYONE": "anybody anyone anyones",
    # lawyers
    "LAWYER": "abogado advocaat advogado anwalt avocat avvocato lawyer lawyers solicitor solicitors",
    # who looks after mail and data
    "AUTHORITY": """
        abmahnung acm aepd anpd aufsichtsbehorde bundesnetzagentur cnil cnpd commissioner commissioners
        datatilsynet datenschutzbeauftragten datenschutzbehorde forbrukertilsynet ftc garante ico imy klacht
        landesbeauftragten plainte proteccion queixa rapporterar uodo uokik uoo uoou
    """,
    # these
    "THESE": """
        ces cette deze diese dieser dit esas esos estas estes esto estos isto queste questi solche such
        these those
    """,
    # in peace, alone
    "PEACE": """
        alone fred pace paix paz peace pokoj pokoji ruhe rust spokoj tranquil tranquila tranquile tranquille
        tranquilles tranquilli tranquillo tranquilo tranquilos
    """,
    # or, nor
    "OR": """
        ani czy eller en et hverken ne nebo neither nem ni noch nor o oder of or ou sowie und varken verken
        weder y
    """,
    # a domain, and whoever writes from it
    "DOMAIN": "domain domaine domains domein domena domenu domeny dominio",
}
