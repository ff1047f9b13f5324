"""Italian."""

from assistant.inbound.words.asks_it import ASKS
from assistant.inbound.words.model import Words

WORDS = Words(
    code="it",
    labels={
        "done": "ieri|fatto|finito|completato|terminato|la settimana scorsa|settimana scorsa|questa settimana|"
        "risultati|progressi|realizzato|svolto|fatti",
        "next": "oggi|piano|piani|prossimo|prossimi passi|la prossima settimana|prossima settimana|"
        "la settimana prossima|settimana prossima|domani|da fare|in corso|previsto|programma|per oggi|priorità",
        "blockers": "blocchi|blocco|bloccato|impedimenti|impedimento|ostacoli|ostacolo|problemi|problema|difficoltà|"
        "rischi|bloccanti|criticità",
        "decisions": "decisioni|decisione|deciso",
        "actions": "azioni|attività|compiti|da fare",
        "takeaways": "conclusioni|note|riassunto|sintesi|punti chiave",
        "topics": "argomenti|ordine del giorno|punti|temi",
        "mood": "umore|energia",
        "goals": "obiettivi|obiettivo",
        "learned": "imparato|lezioni",
        "comment": "commento|commenti|altro|varie|nota|ps",
    },
    negatives="nessuno|nessuna|nessun|niente|nulla|no|non|senza|zero|nada|n/a",
    obstacles="blocco|blocchi|bloccato|bloccata|impedimento|impedimenti|ostacolo|ostacoli|problema|problemi|"
    "difficoltà|rischi|bloccanti|bloccante|intoppi|intoppo|criticità|novità",
    fillers="per il resto|altrimenti|per|il|momento|ora|adesso|al|da|parte|mia|oggi|grazie|finora|di|segnalare|"
    "particolare|me|ci|sono|ho|che|"
    "mi|blocca|blocchi|questa|settimana|nuovo|nuovi|ancora|attualmente|a|riportare|fortunatamente|in|dire|c|è|più|"
    "ostacola|intralcio|del",
    nothing="tutto bene|tutto ok|tutto a posto|tutto apposto|tutto in ordine|tutto chiaro|nessuna novità|tutto liscio|"
    "via libera|tutto regolare",
    settled="risolto|sistemato|non più|tutto risolto",
    troubles="ma|solo|soltanto|tranne|eccetto|però|anche se|aspetto|aspettando|attesa|serve|servono|bisogno|manca|"
    "mancano|bloccato|bloccata|lento|ritardo|non|problema|aiuto|urgente|forse|purtroppo|senza",
    same="come ieri|uguale a ieri|lo stesso di ieri|stesso di ieri|lo stesso|uguale|idem|come sopra ieri|invariato|"
    "nessun cambiamento|come la settimana scorsa|come l'altra volta|stessa cosa|stessa cosa di ieri|"
    "le stesse cose di ieri|come venerdì|vedi ieri|come prima",
    yes="credo di sì|penso di sì|certo che sì|"
    "sì|si|certo|certamente|ovviamente|d'accordo|va bene|esatto|assolutamente|ok|sì grazie|perfetto|volentieri|"
    "sì certo|certo che sì|senz'altro",
    no="credo di no|penso di no|certo che no|non credo|"
    "no|non ancora|non proprio|per niente|no grazie|mai|non molto|assolutamente no|affatto|purtroppo no|"
    "certo che no",
    greetings="ciao|salve|buongiorno|buonasera|buon pomeriggio|buon giorno|caro|cara|gentile|ehi|buondì|cari",
    closings="grazie|grazie mille|molte grazie|saluti|cordiali saluti|un saluto|distinti saluti|a presto|a domani|"
    "buona giornata|buon lavoro|buona serata|ciao|un abbraccio|buon weekend|buon fine settimana|grazie e saluti|"
    "cari saluti|grazie in anticipo|a dopo|baci|questo è tutto|è tutto|tanti saluti|un caro saluto",
    everybody="a tutti|tutti|team|ragazzi|a|a tutte|squadra|e",
    intros="ecco le mie risposte|le mie risposte|vedi sotto|risposte sotto|ecco il mio aggiornamento|"
    "il mio aggiornamento|di seguito le mie risposte|ecco|aggiornamento|scusa il ritardo|scusate il ritardo|"
    "spero che tu stia bene|spero tutto bene|come stai",
    minutes="minuti|minuto|min|m",
    hours="ore|ora|h",
    half_hour="mezz'ora|mezzora|mezza ora",
    numbers=(
        "zero",
        "uno|un|una",
        "due",
        "tre",
        "quattro",
        "cinque",
        "sei",
        "sette",
        "otto",
        "nove",
        "dieci",
        "undici",
        "dodici",
    ),
    weekdays=("lunedì|lun", "martedì|mar", "mercoledì|mer", "giovedì|gio", "venerdì|ven", "sabato|sab", "domenica|dom"),
    months=(
        "gennaio|gen",
        "febbraio|feb",
        "marzo",
        "aprile|apr",
        "maggio|mag",
        "giugno|giu",
        "luglio|lug",
        "agosto|ago",
        "settembre|set|sett",
        "ottobre|ott",
        "novembre|nov",
        "dicembre|dic",
    ),
    days={
        -1: "ieri",
        0: "oggi|stamattina|questa mattina|questo pomeriggio|stasera|questa sera",
        1: "domani",
        2: "dopodomani",
        14: "tra quindici giorni|fra quindici giorni",
    },
    parts={
        "morning": "mattina|mattino|la mattina|di mattina|al mattino|in mattinata|mattinata|stamattina|questa mattina",
        "noon": "mezzogiorno|a mezzogiorno|pranzo|a pranzo|pranzo|il pranzo",
        "afternoon": "pomeriggio|nel pomeriggio|di pomeriggio|del pomeriggio|questo pomeriggio",
        "evening": "sera|di sera|la sera|serata|in serata|stasera|questa sera",
        "day-end": "fine giornata|fine giorno",
    },
    units={
        "day": "giorno|giorni",
        "week": "settimana|settimane",
        "month": "mese|mesi",
        "weekend": "weekend|fine settimana",
        "workday": "giorni lavorativi|giorno lavorativo",
    },
    modifiers={
        "next": "prossimo|prossima|seguente|successivo|successiva",
        "this": "questo|questa|quest",
        "early": "all'inizio di|inizio|inizio di|all'inizio della",
        "mid": "metà|a metà|metà di",
        "end": "fine|fine di|la fine di|fine del|fine della|la fine del|la fine della",
        "in": "tra|fra|entro|in",
        "ago": "fa",
        "week-end": "fine della settimana|la fine della settimana",
        "month-end": "fine mese|fine del mese|la fine del mese",
        "later": "dopo",
    },
    relations={
        "by": "entro|entro il|per|per il|entro e non oltre|scadenza|al più tardi",
        "until": "fino a|fino al|fino alla|sino al",
        "through": "fino a compreso",
        "before": "prima di|prima delle|prima del",
        "after": "dopo|dopo le|a partire dalle",
        "from": "da|dal|dalla|dalle|a partire da|a partire dal",
        "to": "a|al|alla|alle",
        "or": "o|oppure",
        "between": "tra|fra",
        "and": "e|ed",
        "at": "alle|all|verso le|ore|intorno alle",
    },
    clock={
        "hour": "h|ore",
        "am": "am",
        "pm": "pm",
        "half": "",
        "zone": "ora di|ora",
        "and-30": "e mezza|e mezzo|e trenta",
        "and-15": "e un quarto|e quindici",
        "less-15": "meno un quarto",
        "onwards": "o più tardi|in poi|o dopo",
    },
    noise="preferibilmente|idealmente|il|la|lo|le|l|i|alle|al|alla|di|del|della|nel|in|verso|un|per",
    denials="non|impossibile|purtroppo",
    instead="tranne|eccetto|invece di|invece del|invece della|anziché|al posto di",
    contrasts="ma|però|bensì|piuttosto|meglio|invece",
    moves="spostare|spostiamo|rimandare|sposta|anticipare|posticipare|rinviare|spostarlo",
    commands={
        "help": "aiuto|aiutami|comandi|come funziona",
        "skip": "salta|saltare|oggi no|passo|salto|salta oggi|stavolta no|questa volta no|questa settimana no",
        "stop": "ferma|fermare|annulla iscrizione|disiscrivi|disiscrivimi|cancellami|basta|sospendi|smetti|disattiva",
        "resume": "riprendi|riprendere|ricomincia|riparti|continua|riattiva|sono tornato|sono tornata|inizia|"
        "sono di ritorno|di ritorno",
        "done": "fatto|finito|completato|fatta|completata|terminato|finita|ho finito|terminata|chiusa|chiuso",
        "why": "perché|perché io|perché ricevo questo|perché ho ricevuto questo|perché ricevo questa mail|"
        "perché mi arriva questo",
        "yes": "sì|si|ok|va bene|certo|conferma|confermato|sì grazie|d'accordo",
        "no": "no|annulla|rifiuta|no grazie",
        "away": "assente|in ferie|ferie|in vacanza|vacanza|fuori|fuori ufficio|non disponibile|in permesso|permesso|"
        "in viaggio|in congedo|in trasferta|via",
        "returning": "di ritorno|torno|rientro|di nuovo in ufficio|sarò di ritorno|sono di nuovo in ufficio",
        "sick": "malato|malata|in malattia|malattia|ammalato|ammalata",
        "reminders": "promemoria|solleciti|sollecito|ricordami",
        "never": "mai|nessuno|no|nessun|zero",
        "once": "una volta|uno|1|una",
        "twice": "due volte|due|2",
        "inclusive": "compreso|incluso|inclusa|compresa",
        "option": "opzione|numero|risposta|la|il|n",
        "of": "attività|compito|compiti|punto|punti|numero|la|il|le",
    },
    asks=ASKS,
    kinds={
        "check-in": "check-in|checkin|domande giornaliere|giornaliero",
        "weekly-update": "rapporto settimanale|settimanale|aggiornamento settimanale",
        "monthly-update": "rapporto mensile|mensile",
        "quarterly-recap": "riepilogo trimestrale|trimestrale",
        "one-on-one": "1:1|uno a uno",
        "review": "revisione|revisioni",
        "agenda": "agenda|ordine del giorno",
        "meeting-notes": "note|verbale|verbali",
        "feedback": "feedback|riscontri",
        "refinement": "rifinitura",
        "introduction": "presentazione|presentazioni",
        "retrospective": "retrospettiva|retrospettive",
        "announcement": "annuncio|annunci",
        "poll": "sondaggio|sondaggi",
        "pulse": "polso|clima",
        "digest": "digest|riepilogo",
        "rollup": "riepilogo settimanale|rollup",
        "summary": "riassunto|riassunti|sintesi",
        "reminders": "promemoria|solleciti",
        "": "tutto|tutti|tutte le mail|mail|email|queste mail|questo|le mail",
    },
    politeness="per favore|grazie|ciao|i|le|il|la|ora|mi|di|per cortesia|inviare|inviarmi|gli",
    myself="sono|sarò|io|starò|ho|mi prendo|prendo|siamo|ancora",
)
