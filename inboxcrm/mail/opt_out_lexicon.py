"""What the words of a request mean, in twelve languages: the names that `opt_out_shapes` are written in.

Words stand as they are compared: in small letters, without accents, and in the forms people use. Who adds one looks
whether it is a word of another language too, and what an ordinary sentence there would be taken for.
"""

from __future__ import annotations

WORDS = {
    # not, never, no: what forbids
    "NOT": """
        aldri aldrig aucun aucune dont ej geen ikke inga ingen inget inte inutile jamais jamas kein keine
        keinem keinen keiner keinerlei mai n nada nadie nae nao ne neither nenhum nenhuma nessun nessuna
        nessuno never nic nicht nichts nie niemals niemand niente niet niets nigdy nikdy niks ninguem ningun
        ninguna ninguno no nobody non none nooit nor not nothing nulla nunca pas personne rien weder without
        zadnych
    """,
    # no, none: said of things
    "NO": """
        aucun aucune geen inga ingen inget kein keine keinem keinen keiner keinerlei nada nae nenhum nenhuma
        nessun nessuna nessuno nic nichts niente niets niks ningun ninguna ninguno no nothing nulla pas rien
        zadnych
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
        additional adelante again altre altri altro anymore autre autres avenir back dalsi davantage
        desormais erneut ever fler flere further future futuro henceforth igen igjen jamais jemals jiz juz
        kunftig langer langre longer mai mair mais mas meer mehr mer mere more nada nochmal nochmals
        nogmaals nooit nouveau novamente nuevamente nuevo nunca nuovamente otra otro otros piu plus
        ulteriori uz verdere vic voortaan weiter weitere weiteren weiterer weiterhin wiecej wieder zukunft
    """,
    # stop, refrain
    "STOP": """
        absehen abstellen abstener abstenerse abstengan abstenganse abstengase abstuviera abstuvieran
        abzusehen arret arrete arreter arretez aufhoren aufhort cease cesar cese cesen cessare cessate cesse
        cessem cesser cessez corta corte corten deixar deixe deixem dejad dejar dejaran dejasen dejeis dejen
        desist discontinue einstellen einstellt enough evitare evitasse evitate genug gestaakt halt hou houd
        lad lade ophouden ophoudt parad parar pararem pare parem paren prestante przestan przestancie quit
        refrain schluss slut sluta smetta smettere smettete smettetela smetti smettila staakt staken stellen
        stop stopp stoppa stoppe stoppen stopper stoppez stopping stopt unterlass unterlasse unterlassen
        unterlasst
    """,
    # stop, said alone
    "HALT": "cease cesse cessez desist discontinue smetta smettetela",
    # leave off, before "de" alone: in French "déjà"
    "DEJA": "deja deje dejes",
    # spare
    "SPARE": """
        ahorren ahorrenme ahorrenos bespaar epargner epargnez ersparen erspart forskan poupe poupem
        risparmiate risparmiateci risparmiatemi spare sparen spart verschone verschonen verschont
    """,
    # write to, contact, bother
    "WRITE": """
        angeschrieben anmailen anschreiben anzuschreiben approach approached approaching badger behelligen
        belastigen belastigt benader benaderd benaderen bombarding bother bothered bothering chase chasing
        contact contactada contactado contactar contactarme contactarnos contacte contacted contacteer
        contacteis contactem contacten contacter contacteren contactez contacting contatada contatado
        contatar contate contatem contattarci contattare contattarmi contattata contattate contattateci
        contattatemi contattati contattato contatti demarcher demarchez deranger derangez dirigirse dirijan
        disturb disturbare disturbarmi disturbate disturbatemi ecrire ecris ecrit ecrivez email emailed
        emailing encher escreva escrevam escrevas escrever escriba escribais escriban escribas escribiendo
        escribir escribirle escribirme escribirnos gemaild harass harassing hassle henvende hound incomodar
        incomode incomodem kontakt kontakta kontakte kontaktiere kontaktieren kontaktiert kontaktovat
        kontaktowac lastigvallen mail maila mailed mailen mailing mailt mejla melde melden meldet messaged
        messages messaging molestar molestarme moleste molesten nachfassen nachzufassen nerven nervt nudge
        nudging pester pestered pestering ping pis pisac piste pisz piszcie pitch pitching poke psat
        recontacter recontactez relancer relancez ricontattarci ricontattarmi ricontattatemi riscrivermi
        riscrivetemi schreib schreibe schreiben schreibt schrijf schrijft schrijven scriva scriverci
        scrivere scrivermi scrivete scriveteci scrivetemi scrivi skriv skriva skrive solicit soliciting
        solliciter sollicitez spam spammed spamming touching write writing
    """,
    # send: what is sent has to be mail
    "SEND": """
        adresser adressez enviando enviandome enviar enviarem enviarme enviarnos envie enviem envien envoie
        envoyer envoyez geschickt inviarci inviare inviarmi inviate inviateci inviatemi invii inviino make
        making mandando mandandome mandar mandarci mandare mandarem mandarme mandarmi mandarnos mandate
        mandateci mandatemi mande mandeis mandem manden mandi posilat posilejte przysylac przysylajcie sand
        sanda schick schicke schicken schickt send sende senden sendet sending sendng sendt sent skicka
        skickar sturen stuur stuurt toegestuurd toesturen wysylac wysylajcie zugesandt zugeschickt zukommen
        zumailen zuschicken zusenden zuzusenden
    """,
    # go on, come again
    "GO_ON": """
        blijf blijven carry coming continuare continuate continue continuer continuez keep seguir siga sigan
        sigas tornare volta voltar voltasse voltassem volte voltem volvais volver volviera volvierais
        volvieran volvieras vuelva vuelvan vuelvas vuelve
    """,
    # get, hear
    "GET": """
        bekommen dostavat dostawac empfangen erhalten fa get getting haben hear hebben horen kriegen krijgen
        motta ontvangen otrzymywac recebendo receber receive receiving receving recevoir recibiendo recibir
        recieve recieved recieving ricevere
    """,
    # mail, and what it brings
    "MAIL": """
        aanbiedingen ads advertising adverts anfragen announcements anschreiben anuncios approaches
        aussendungen aviso avisos bericht berichten boletim boletin boletines campaigns campanhas circular
        circulars comms communication communications comunicacion comunicaciones comunicacoes comunicazioni
        contact contacto contato contatto correo correos correspondence courriel courriels email emails
        emaily envios envoi envois epost everything followups gemail henvendelser kontakt letter letters
        mail maili mailing mailings mails mailtje mailtjes maily marketing material materiale meddelanden
        mejl mejli mensagem mensagens mensaje mensajes message messages messaggi messaggio nabidky nachricht
        nachrichten newsletter newslettern newsletters nieuwsbrief nieuwsbrieven offers outreach pitches
        post posts promo promociones promocoes promos promotion promotional promotions promozionale
        promozioni propaganda prospection pub pubblicita publicidad publicidade publicite publicites pubs
        reclame reclamemail reclamemails reklam reklame reklamemail reklamemails relances schreiberei
        solicitation solicitations sollicitation sollicitations toezending utsendelser utskick werbemail
        werbemails werbepost werbeschreiben werbung wiadomosci zpravy zuschrift zuschriften zusendung
        zusendungen
    """,
    # direct marketing
    "MARKETING": """
        advert advertising comerciales commerciali directmarketing direktwerbung marketing marketingowych
        mercadotecnia promozionali prospection publicidad publicitarios reclame werbe werbezwecke
        werbezwecken werbung
    """,
    # a list, and what holds one
    "LIST": """
        adressbestand adressen aussendungen automation automations base bases bazy bestand bestanden books
        cadence campagne campagnes campaign campaigns campanas campanhas contactos contacts contatti crm
        database databases databaze datenbank destinataire destinataires destinatari destinatario
        destinatarios distribution drip elenchi elenco empfanger envios envois fichier fichiers funnel
        indirizzario invii kartei lijst lijsten list lista listan listas liste listen listes lists listy
        lsit mailing mailinglijst mailinglist mailingliste mailings maillijst mailserver mailverteiler
        newsletter newsletters ontvanger prospects recipient records register registeret registers registret
        registro registros rejestru rubrica sequence sequences seznamu spreadsheet system tablettes thing
        utsendelser utskick verteiler verteilerliste workflow
    """,
    # a list of those who are left alone
    "BARRED": "ausschlussliste blacklist esclusione exclusao exclusion robinsonliste sperrliste suppression",
    # remove, delete
    "REMOVE": """
        annuler annulez anular apagar apague apaguem borrad borrar borraran borrarme borre borreme borren
        borrenme cancel cancelar cancelarem cancele cancelem cancelen cancellarci cancellare cancellarmi
        cancellate cancellateci cancellatemi cancellazione cancelli delete deleted deleting deletion delist
        depennarci depennare depennarmi depennate depennatemi dimentica dimenticate dimentichi drop dropped
        ecarter efface effacer effacez eliminacion eliminad eliminar eliminaran eliminare eliminarem
        eliminarlo eliminarme eliminarmi eliminasen eliminate eliminatemi elimine eliminem elimineme
        eliminen eliminenme enleve enlever enlevez entferne entfernen entfernt entfernung erase erased
        escludere escludete esqueca esquecam esquece exclua excluam exclude excluded excluir excluirem
        exclure exclusao fjern fjerne forget glem glom gooi haal haalt halen herausnehmen kill levate
        levatemi loesche loeschen losche loschen loscht loschung lose nahmen nehme nehmen odstrante olvidad
        olvide olviden olvidense olvidese omit oter otez oublie oublier oubliez purge quitadme quitame
        quitar quitaran quitarme quitas quiteme quiten quitenme quitennos radera raderar radier radiez
        rausnehmen rayer rayez remocao remova removal removam removam-me remove removed remover removerem
        removing remuevan retirar retire retirem retiren retirer retirez rimozione rimuovere rimuovermi
        rimuovete rimuovetemi sacad sacame sacar sacaran sacaras sacarme saque saqueme saquen saquenme
        schrap schrappen scrub slet slett slette slettes smazat smazte sors sortez sortir streiche streichen
        streicht strike struck suppress suppression supprime supprimer supprimez supresion supriman suprimir
        taken tirar tire tirem togliere togliete toglieteci toglietemi tolga tolgiete uitgeschreven
        unsubscribed usunac usuncie vergeet vergessen vergesst vergiss verwijder verwijderen verwijdering
        verwijdert vire virer virez vymazte weggooien wipe wissen zapomente zapomnij
    """,
    # remove me: the verb names who is meant
    "REMOVE_ME": """
        borradme borrame borreme borrenme borrenos cancellami cancellarci cancellarmi cancellateci
        cancellatemi depennarci depennarmi depennateci depennatemi desuscribanme desuscribirme disiscriverci
        disiscrivermi disiscriveteci disiscrivetemi disiscrivimi eliminadme eliminami eliminateci
        eliminatemi elimineme eliminenme eliminenos escludetemi levatemi quitadme quitame quiteme quitenme
        quitennos remuevanme retireme retirenme rimuoverci rimuovermi rimuoveteci rimuovetemi rimuovimi
        sacadme sacame saqueme saquenme saquennos toglieteci toglietemi toglimi
    """,
    # unsubscribe: means a mailing by itself
    "UNSUBSCRIBE": """
        abbestellen abmelden abmeldung abzumelden afmeld afmelden austragen austragt austragung avanmal
        avmeld avregistrera avregistrere baja deregister desabonnement desabonner desabonnez descadastra
        descadastramento descadastrar descadastre descadastrem desinscription desinscrire desinscrivez
        desuscribanme desuscribir desuscribirme disiscriverci disiscrivere disiscrivermi disiscrivete
        disiscriveteci disiscrivetemi disiscrizione herausnehmen odhlasit odhlaste optout rausnehmen
        uitschrijven unsub unsubscribe wypisac wypiszcie
    """,
    # verbs that remove with a word behind them
    "TAKE": """
        bestelle bestellen come cross dadme dar darme darnos deme denme dennos dieran doy get getting haal
        haalt halen hou houd keep kick kicking knock leave meld melden meldet nehmen nehmt nemt nimm opt
        pull schrijf schrijft sehen seht switch ta tag take taking tar trag tragen tragt turn
    """,
    # that word
    "OFF": "ab af aus av bort eraf eruit fra heraus off op out raus uit",
    # away, said alone
    "AWAY": "fuori raus",
    # from
    "FROM": """
        af aus av da dagli dai dal dalla dalle das de des do dos du fra fran from of off out uit ur van vom
        von z ze
    """,
    # I, we: who does something
    "I": "ejerzo eu i ich id ik im io ive ja jag je jeg noi nosotros nous vi we wij wir wnosze yo zglaszam",
    # me, us: whom something is done to
    "ME": "ci m me meg mi mich mig mij mir mne mnie moi myself nam nas nos nous ons os oss uns us",
    # my, our
    "MY": """
        ma mein meine meinen meiner mes meu meus mi mia miei mijn min minha mio mis mitt moich moje mon my
        nos nossa nosso nostra nostri nostro notre nuestra nuestras nuestro nuestros onze our unser unsere
        unseren unserer vores
    """,
    # you, your
    "YOU": """
        dere er era euch eure euren eurer ihnen ihr ihre ihrem ihren ihrer je jer jeres jullie lei ni
        panstwa seu seus sie su sua suas sus te tes ton tu u usted ustedes uw vas vase voce voces voi vos
        vosotros vossa vossas vosso vossos vostra vostre vostri vostro votre vous vuestro vuestros you your
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
        abonnement address addresses adres adress adressa adresse adressen adresses boite buzon casella
        contact contacts coordonnees correo dados danych data daten dati datos details direccion direcciones
        donnees email emailadres emailadresse endereco enderecos gegevens inbox indirizzi indirizzo info
        information inscricao inscripcion iscrizione jmeno kontaktdaten mailadresse mailbox naam name namen
        namn navn nazwisko nom nombre nome nominativo personendaten persoonsgegevens postfach subscricao
        subscription suscripcion udaje
    """,
    # of these, an address of mail
    "ADDRESS": """
        address addresses adres adress adressa adresse adressen adresses direccion direcciones email
        emailadres emailadresse endereco enderecos indirizzi indirizzo mailadresse
    """,
    # this, these, it, them
    "THIS": """
        any ca ce cela ces cette daarmee damit das dat denne det detta dette deze die dies diese diesen
        dieser dieses dit ermee eso esta este estes esto estos hiermee isto it questa queste questi questo
        sie solche such that them these this those
    """,
    # here, there
    "HERE": "ahi alli aqui daar dort here hier hierher hit ici qui",
    # want, wish, accept
    "WANT": """
        accepte accepteert acceptons accepts accetta accettiamo aceita acepta aceptamos acepto akzeptieren
        akzeptiert appreciate autorizamos autorizo brauche brauchen care chce chceme chci dankbar desea
        deseamos deseja desejamos desejo deseo desidera desideriamo desidero desire desirons erwunscht froh
        gewunscht glad gostaria gradita gradite grateful happy like love mochte mochten necesito onskar
        onsker pleased prefer prefererais preferia preferiamos preferimos preferirei preferiremmo preferiria
        preferons preferred prefiero pretende pretendemos pretendo queremos quero quiero quisiera rather
        souhaite souhaiterais souhaitons veux vil vill vogliamo voglio vorrei vorremmo voudrais voudrions
        voulons want wants welcome wens wensen wil willen wish wishes woll wollen wunsche wunschen
    """,
    # not wanted
    "UNWANTED": """
        indeseado indeseados indesejados indesirable indesirables ongewenst ongewenste sgradita sgradite
        unerwunscht unerwunschte unwanted unwelcome
    """,
    # please, could you
    "PLEASE": """
        agradeceria alsjeblieft alstublieft aub bite bitte bitten bittet can chiediamo chiedo cortesia could
        favor favore gelieve gider graag kan kindly kunt merci peco pedimos per please plese pls plse plz
        por porfa pourriez pregherei prego priere prosim prosze rogamos ruego snalla stp svp vanligen
        venligst vennligst verzoek veuillez wilt would xfa
    """,
    # a request
    "REQUEST": "antrag demand notice request requests",
    # consent
    "CONSENT": """
        accord autorisation autorizacao consenso consent consentement consentimento consentimiento
        einwilligung erlaubnis permiso permission samtycke samtykke souhlas toestemming zgode zustimmung
    """,
    # withdraw
    "WITHDRAW": """
        aterkallar herroep intrekken odvolavam retiramos retire retiro retirons retract revocamos revochiamo
        revoco revogamos revogo revoke revoking revoque ritiriamo ritiro traekker trek trekken trekker
        widerrufe widerrufen withdraw withdrawing wycofuje ziehe
    """,
    # I withdraw
    "I_WITHDRAW": """
        herroep odvolavam retiramos retiro revocamos revochiamo revoco revogamos revogo ritiriamo ritiro
        widerrufe widerrufen wycofuje
    """,
    # object
    "OBJECT": """
        bezwaar namietam object objecting objection opomos oponemos opongo oponho oposicao oposicion oppongo
        opponiamo oppose opposing opposition opposizione opposons sprzeciw widerspreche widersprechen
        widerspruch
    """,
    # another, the next
    "NEXT": """
        another cinquieme cuarto dalsi deuxieme encore fifth fourth fresh funfte jeste kolejna kolejny mais
        nachste nachsten nachstes naeste nasta neste next noch nog otro prossima prossimo proxima proximo
        quarto quatrieme quinto second sixth third troisieme vierde vierte vijfde
    """,
    # tells how things are
    "IS": "are est habe had has hat have heb is ist sind sont there war was were",
    # and
    "AND": "and e en et i och og oraz und y",
    # "de", "di"
    "DE": "de di",
    # let do
    "LET": "lassen",
    # what says little and may stand between the others
    "SMALL": """
        a aan about adesso against agora ahora al algunos all alla allen als also alstublieft am among an
        and any appear are as at au aub auch auf aux av be been being bien bij bitte bli both by can ces cet
        cette cold comme commercial constar contra contre contro cortesia could d da dai dal dalla dalle
        dalsi damit das dat de degli dei del della delle dem den der deres des det deze di die diese diesem
        diesen dieser direct do doch donc dos dringend du een eens eigene ein eine einen einer einfach
        either el else em en endlich enkele entire entre envio er era esa ese essas essere esses esta
        estando estar estas este estes estos etre euch eure euren eurer even ever favor favore figurar
        figurer flere for fra from further future ganze gar garna gebruik geen gegen gerne gesamte gjerne
        gli godt graag hand het i ihr ihre ihrem ihren ihrer il immediately immer in is it ja jemals jeres
        jetzt jullie just juz kannst kind kindly kinds konnen konnt konnten kun kunnen kunt l la las le les
        let leur lo longer los maar maintenant mais mal mas meer mehr met meteen mi mind mit more my nada
        nel nella ningun ninguna no noch nog nou now nu nutzung o of og on op or ora os other our own pa
        parmi pela per personal personales personali personenbezogenen personlichen personnelles
        persoonlijke pessoais peut peux piu plait please plus pode podeis podem poderiam podria podrian por
        potete processing puede pueden puedes puo que questa queste questi really s se sehr sein sell ser
        seus si sie simply so sofort soort sort sorts sta staan stehen stp stunden su suas such sus svp tal
        tales te tegen that the then these this tipo tipos to tornare tous toutes tra traitement tratamento
        tratamiento trattamento tu tus type types u uit um uma umgehend un une up use uso ustedes
        utilisation uw uz va vaer vaere van vara venligst verarbeitung verder verwendung verwerking voi
        voltar volver vom von vos vossa vossas vosso vossos vostra vostre vostri vostro votre vous weitere
        weiteren weiterer werden whatever whole wiecej wirklich with wohl word worden would wszystkich y ya
        yet your z zadne ze zijn zu
    """,
    # use
    "USE": """
        benutzen gebruik gebruiken nutzen nutzt usar usare use usem usen using utilicen utiliser utilisez
        utilizar utilizem utilizzare utilizzarla verwenden verwendet
    """,
    # anyone
    "ANYONE": "anybody anyone anyones",
    # do: before "not" it hides who does it
    "DO": "did do does",
    # lawyers
    "LAWYER": "abogado advocaat advogado anwalt avocat avvocato lawyer lawyers solicitor solicitors",
    # I report, we will sue
    "THREATEN": """
        abmahnen anmaler anmelder anmeldes anmeldt anzeige anzeigen denuncia denunciar denunciare denunciere
        denuncio mahnen nahlasim saisis segnalato segnalo signale zglosze
    """,
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
    # written to, contacted
    "WRITTEN": """
        angeschrieben approached behelligt belastigt benaderd bothered contactada contactado contactados
        contacte contacted contactee contactees contactes contatada contatado contattata contattati
        contattato demarche demarchee demarches emailed gemaild genervt gestort kontaktiert kontaktowany
        lastiggevallen mailed messaged obtezovan otravovan pestered relance relancee relances sollicite
        sollicitee sollicitees sollicites spammed
    """,
    # forget
    "FORGET": """
        dimentica dimenticate dimenticatevi dimentichi esqueca esquecam esquece esquecei forget glem glom
        olvida olvidad olvide olviden olvidense olvidese oublie oublier oubliez oubliiez vergeet vergessen
        vergesst vergiss zapomen zapomente zapomnij zapomnijcie
    """,
    # exist: as somebody who is written to
    "EXIST": """
        besta bestaan eksisterer esistiamo esisto exist exista existe existiere existieren existimos existo
        finns
    """,
    # leave, before "in peace"
    "LEAVE": """
        dajcie deixa deixe deixem dej deja dejad dejame dejanos deje dejeme dejen dejenme dejennos dejenos
        fiche fichez fous foutez la laat lad laisse laissez lasci lascia lasciami lasciate lasciateci
        lasciatemi lass lassen lasst lat laten leave nech nechte
    """,
    # in peace, alone
    "PEACE": """
        alone fred pace paix paz peace pokoj pokoji ruhe rust spokoj tranquil tranquila tranquile tranquille
        tranquilles tranquilli tranquillo tranquilo tranquilos
    """,
    # do not write, in one word
    "NOT_WRITE": "nekontaktujte neobtezujte neoslovujte neotravujte neozyvejte nepis nepiste nevolejte",
    # do not send, in one word
    "NOT_SEND": "neposilat neposilej neposilejte nezasilat nezasilejte",
    # withdrawn
    "WITHDRAWN": """
        aterkallad aterkallat herroepen ingetrokken odvolan odvolany retirada retirado retire revocada
        revocado revocata revocato revogada revogado revoked revoque tilbagetrukket trukket widerrufen
        withdrawn wycofana wycofane
    """,
}
