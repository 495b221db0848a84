"""What the verbs of a request mean: a part of `opt_out_lexicon`, which says how words stand here."""

from __future__ import annotations

VERBS = {
    # stop, refrain
    "STOP": """
        absehen abstellen abstener abstenerse abstengan abstenganse abstengase abstuviera abstuvieran
        abzusehen arret arrete arreter arretez aufhoren aufhort cease cesar cese cesen cessare cessate cesse
        cessem cesser cessez corta corte corten deixar deixe deixem dejad dejar dejaran dejasen dejeis dejen
        desist discontinue einstellen einstellt enough evitare evitasse evitate eviti genug gestaakt halt
        hold holde hou houd lad lade lopeta lopettakaa ophouden ophoudt parad parar pararem pare parem paren
        prestante prestat przestan przestancie quit refrain schluss slut sluta smetta smettere smettete
        smettetela smetti smettila staakt staken stellen stop stopp stoppa stoppe stoppen stopper stoppez
        stopping stopt unterlass unterlasse unterlassen unterlasst upphor zaprzestac zaprzestanie
    """,
    # stop, said alone
    "HALT": "cease cesse cessez desist discontinue parad parar pare parem paren smetta smettetela stopp",
    # leave off, before "de" alone: in French "déjà"
    "DEJA": "deja deje dejes para",
    # spare
    "SPARE": """
        ahorren ahorrenme ahorrenos bespaar epargner epargnez ersparen erspart forskan frabeder frabedes
        poupe poupem risparmiate risparmiateci risparmiatemi spare sparen spart undanber verschone
        verschonen verschont
    """,
    # leave, before "in peace"
    "LEAVE": """
        dajcie deixa deixe deixem dej deja dejad dejame dejanos deje dejeme dejen dejenme dejennos dejenos
        fiche fichez fous foutez la laat lad laisse laissez lasci lascia lasciami lasciate lasciateci
        lasciatemi lass lassen lasst lat laten leave nech nechte
    """,
    # forget
    "FORGET": """
        dimentica dimenticate dimenticatevi dimentichi esqueca esquecam esquece esquecei forget glem glom
        olvida olvidad olvide olviden olvidense olvidese oublie oublier oubliez oubliiez vergeet vergessen
        vergesst vergiss zapomen zapomente zapomnij zapomnijcie
    """,
    # write to, contact, bother
    "WRITE": """
        angeschrieben anmailen anschreiben anzuschreiben approach approached approaching badger behelligen
        belastigen belastigt benader benaderd benaderen bombarding bother bothered bothering bump bumped
        bumping cercarci cercarmi cercate cercateci cercatemi cerchi cerchiate chase chasing clogging
        cluttering contact contactada contactado contactar contactaran contactarme contactarnos
        contactasen contactassem contacte contacted contacteer contacteis contactem contacten contacter
        contacteren contactez contacting contatada contatado contatar contate contatem contattarci
        contattare contattarmi contattassero contattata contattate contattateci contattatemi contattati
        contattato contatti demarcher demarchez deranger derangez dirigirse dirijan disturb disturbare
        disturbarmi disturbate disturbatemi ecrire ecris ecrit ecrivez email emailed emailing encher
        escreva escrevam escrevas escrever escrevessem escriba escribais escriban escribas escribiendo
        escribieran escribiesen escribir escribirle escribirme escribirnos filling flooding followingup
        followup gemaild harass harassing hassle henvende hound incomodar incomode incomodem insista
        insistan insistas insistir kirjoita kirjoittako kontakt kontakta kontaktar kontakte kontakter
        kontaktiere kontaktieren kontaktiert kontaktovat kontaktowac lastigvallen mail maila mailed mailen
        mailer mailing mailt mejla melde melden meldet messaged messages messaging molestar molestarme
        moleste molesten nachfassen nachzufassen nerven nervt nudge nudging ottako pester pestered
        pestering ping pis pisac piste pisz piszcie pitch pitching poke polluting psat reachingout
        reachout recontacter recontactez reecrire relancer relancez ricontattarci ricontattarmi
        ricontattatemi riscrivermi riscrivetemi schreib schreibe schreiben schreibt schrijf schrijft
        schrijven scriva scriverci scrivere scrivermi scrivessero scrivete scriveteci scrivetemi scrivi
        skriv skriva skrive skriver solicit soliciting solliciter sollicitez spam spammed spamming
        touching write writing
    """,
    # written to, contacted
    "WRITTEN": """
        angeschrieben approached behelligt belastigt benaderd bothered contactada contactado contactados
        contacte contacted contactee contactees contactes contatada contatado contattata contattati
        contattato demarche demarchee demarches emailed gemaild genervt gestort kontaktad kontaktet
        kontaktiert kontaktowany lastiggevallen mailed messaged obtezovan otravovan pestered relance
        relancee relances sollicite sollicitee sollicitees sollicites spammed
    """,
    # call
    "CALL": """
        angerufen anrufe anrufen anrufst appel appeler appelez appels bel bellen belletje call calling calls
        chiamare chiamata chiamate chiami dzwoncie dzwonic ligacoes ligar ligue liguem llamadas llamar llame
        llamen llames phone phoning ring ringa ringe telefonar telefonare telefonate telefonaten telefonen
        telefoner telefoneren volat volejte
    """,
    # send: what is sent has to be mail
    "SEND": """
        adresser adressez enviando enviandome enviar enviara enviaran enviarem enviarme enviarnos enviase
        enviasen enviasse enviassem envie enviem envien envies envio envoie envoyer envoyez geschickt
        inviarci inviare inviarmi inviasse inviassero inviate inviateci inviatemi invii inviino invio laheta
        lahettaa lahettako lahettamasta lahettaminen lahettamista make making mandando mandandome mandar
        mandaran mandarci mandare mandarem mandarme mandarmi mandarnos mandasen mandasse mandassem
        mandassero mandate mandateci mandatemi mande mandeis mandem manden mandes mandi posilat posilejte
        przesylac przesylania przysylac przysylajcie sand sanda schick schicke schicken schickt send sende
        senden sendet sending sendng sendt sent skicka skickar sturen stuur stuurt toegestuurd toesturen
        wysylac wysylajcie zasilani zasilat zugesandt zugeschickt zukommen zumailen zuschicken zusenden
        zuzusenden
    """,
    # do not write, in one word
    "NOT_WRITE": """
        nekontaktovat nekontaktujte neobtezujte neoslovujte neotravujte neozyvejte nepis nepiste nepsat
        nevolat nevolejte
    """,
    # do not send, in one word
    "NOT_SEND": "neposilat neposilej neposilejte nezasilat nezasilejte",
    # go on, come again
    "GO_ON": """
        blijf blijven carry coming continuare continuate continue continuer continuez keep seguir siga sigan
        sigas tornare volta voltar voltasse voltassem volte voltem volvais volver volviera volvierais
        volvieran volvieras vuelva vuelvan vuelvas vuelve
    """,
    # get, hear
    "GET": """
        bekommen dostavam dostavat dostawac empfangen erhalten fa far get getting haben hear hebben hoor
        horen kriegen krijg krijgen modta modtage motta ontvangen otrzymywac recebendo receber receive
        receiving receving recevoir recibiendo recibir recieve recieved recieving ricevere saada
        vastaanottaa
    """,
    # remove, delete
    "REMOVE": """
        annuler annulez anular apagar apague apaguem borrad borrar borraran borrarme borre borreme borren
        borrenme borrennos cancel cancelar cancelarem cancele cancelem cancelen cancellarci cancellare
        cancellarmi cancellate cancellateci cancellatemi cancellazione cancelli delete deleted deleting
        deletion delist depennarci depennare depennarmi depennate depennatemi dimentica dimenticate
        dimentichi drop dropped ecarter efface effacer effacez eliminacion eliminad eliminar eliminaran
        eliminare eliminarem eliminarlo eliminarme eliminarmi eliminasen eliminate eliminatemi elimine
        eliminem elimineme eliminen eliminenme enleve enlever enlevez entferne entfernen entfernt entfernung
        erase erased escludere escludete esqueca esquecam esquece exclua excluam exclude excluded excluir
        excluirem exclure exclusao fjern fjerne fjerner forget geloescht geloscht geschrapt gestrichen glem
        glom gooi haal haalt halen herausnehmen kill levate levatemi loesche loeschen losche loschen loscht
        loschung lose nahmen nehme nehmen odstrante olvidad olvide olviden olvidense olvidese omit oter otez
        oublie oublier oubliez plocka poista poistaa poistaisitko poistaisitteko poistakaa poistamaan
        poistattehan poistettavan purge quitadme quitame quitar quitaran quitarme quitas quiteme quiten
        quitenme quitennos radera raderar radier radiez rausloschen rausnehmen rayer rayez remocao remova
        removal removam removam-me remove removed remover removerem removing remuevan retirar retire retirem
        retiren retirer retirez rimozione rimuovere rimuovermi rimuovete rimuovetemi risquem runterloschen
        runternehmen sacad sacame sacar sacaran sacaras sacarme sacarnos sacarte saque saqueme saquen
        saquenme schrap schrappen scrub slet slett slettar slette sletter slettes slettet smaz smazat smazte
        sors sortez sortir sperren sperrt streiche streichen streicht streichung strike struck stryg stryk
        stryker strykes suppress suppression supprime supprimer supprimez supresion supriman suprimir taken
        tar tira tirar tire tirem tiren toglierci togliere togliermi togliete toglieteci toglietemi tolga
        tolgiete uitgeschreven unsubscribed usun usunac usuncie usuniecia usuniecie vergeet vergessen
        vergesst vergiss verwijder verwijderd verwijderen verwijdering verwijdert vire virer virez vymazat
        vymazte vynechte vyrad vyradit vyradte vyskrtnete vyskrtnout weggooien wipe wis wissen wykreslcie
        wykreslic zapomente zapomnij
    """,
    # remove me: the verb names who is meant
    "REMOVE_ME": """
        borradme borradnos borrame borranos borrarme borrarnos borreme borrenme borrennos borrenos
        cancellaci cancellami cancellarci cancellarmi cancellateci cancellatemi cancellici cancellimi
        cancellinoci cancellinomi depennaci depennami depennarci depennarmi depennateci depennatemi
        desuscribame desuscribanme desuscribannos desuscribanos desuscribeme desuscribenos desuscribidme
        desuscribidnos desuscribirme desuscribirnos disiscrivaci disiscrivami disiscriverci disiscrivermi
        disiscriveteci disiscrivetemi disiscrivici disiscrivimi eliminaci eliminadme eliminadnos eliminame
        eliminami eliminanos eliminarci eliminarme eliminarmi eliminarnos eliminateci eliminatemi elimineme
        eliminenme eliminennos eliminenos eliminiateci eliminiatemi eliminici eliminimi escluderci
        escludermi escludeteci escludetemi escludici escludimi excluidme excluidnos excluirme excluirnos
        excluyame excluyanme excluyannos excluyanos excluyeme excluyenos levaci levami levarci levarmi
        levateci levatemi levici levimi quitadme quitadnos quitame quitanos quitarme quitarnos quiteme
        quitenme quitennos quitenos removerme removernos remuevame remuevanme remuevannos remuevanos
        remueveme remuevenos retiradme retiradnos retirame retiranos retirarme retirarnos retireme retirenme
        retirennos retirenos rimuovaci rimuovami rimuoverci rimuovermi rimuoveteci rimuovetemi rimuoviateci
        rimuoviatemi rimuovici rimuovimi sacadme sacadnos sacame sacanos sacarme sacarnos saqueme saquenme
        saquennos saquenos suprimame suprimanme suprimannos suprimanos suprimeme suprimenos suprimidme
        suprimidnos suprimirme suprimirnos tireme tirenme togliateci togliatemi toglici toglierci togliermi
        toglieteci toglietemi toglimi tolgaci tolgami
    """,
    # unsubscribe: means a mailing by itself
    "UNSUBSCRIBE": """
        abbestellen abbestellung abmelden abmeldung abzumelden afmeld afmelden austragen austragt austragung
        avanmal avmeld avregistrera avregistrere baja depennare deregister desabonnement desabonner
        desabonnez descadastra descadastramento descadastrar descadastre descadastrem desinscription
        desinscrire desinscrivez desuscribanme desuscribir desuscribirme disiscriverci disiscrivere
        disiscrivermi disiscrivete disiscriveteci disiscrivetelo disiscrivetemi disiscrizione herausnehmen
        odhlasit odhlaste optout rausnehmen uitschrijven unenrol unenroll unlist unsub unsubscribe wypisac
        wypiszcie
    """,
    # verbs that remove with a word behind them
    "TAKE": """
        bestelle bestellen come cross dadme dar darme darnos deme denme dennos dieran doy get getting haal
        haalt halen hou houd keep kick kicking knock leave meld melden meldet nehmen nehmt nemt nimm opt
        pull schrijf schrijft sehen seht switch ta tag take taking tar trag tragen tragt turn
    """,
    # want, wish, accept
    "WANT": """
        accepte accepteert acceptons accepts accetta accettiamo aceita acepta aceptamos acepto akzeptieren
        akzeptiert appreciate autorizamos autorizo brauche brauchen care chce chceme chci dankbar desea
        deseamos deseja desejamos desejo deseo desidera desideriamo desidero desire desirons erwunscht froh
        gewunscht glad gostaria gradita gradite grateful haluaisin haluan happy like love mochte mochten
        necesito onskar onsker pleased prefer prefererais preferia preferiamos preferimos preferirei
        preferiremmo preferiria preferons preferred prefiero pretende pretendemos pretendo queremos quero
        quiero quisiera rather souhaite souhaiterais souhaitons trenger veut veux vil vill vogliamo voglio
        vorrei vorremmo voudrais voudrions voulons want wants welcome wens wensen wil willen wish wishes
        woll wollen wunsche wunschen zycze zyczymy
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
    # withdrawn
    "WITHDRAWN": """
        aterkallad aterkallat herroepen ingetrokken odvolan odvolany retirada retirado retire revocada
        revocado revocata revocato revogada revogado revoked revoque tilbagetrukket trukket widerrufen
        withdrawn wycofana wycofane
    """,
    # object
    "OBJECT": """
        bezwaar motsatter namietam namitka namitku object objecting objection opomos oponemos opongo oponho
        oposicao oposicion oppone opponemos oppongo opponiamo oppose opposing opposition opposizione
        opposons protesterer sprzeciw widerspreche widersprechen widerspruch
    """,
    # use
    "USE": """
        benutzen gebruik gebruiken nepouzivejte nutzen nutzt usar usare use usem usen using utilicen
        utiliser utilisez utilizar utilizem utilizzare utilizzarla uzywac verwenden verwendet
    """,
    # I report, we will sue
    "THREATEN": """
        abmahnen anmaler anmelder anmeldes anmeldt anzeige anzeigen denuncia denunciar denunciare denunciere
        denuncio mahnen nahlasim saisis segnalato segnalo signale zglosze
    """,
    # exist: as somebody who is written to
    "EXIST": """
        besta bestaan eksisterer esistiamo esisto exist exista existe existiere existieren existimos existo
        finns
    """,
    # tells how things are
    "IS": "are est habe had has hat have heb is ist sind sont there war was were",
    # do: before "not" it hides who does it
    "DO": "did do does",
    # let do
    "LET": "lassen",
    # do not want, in one word
    "NOT_WANT": "halua nechceme nechci neprejeme nepreji nestojim nestojime",
}
