"""German."""

from assistant.inbound.words.asks_de import ASKS
from assistant.inbound.words.model import Words

WORDS = Words(
    code="de",
    labels={
        "done": "gestern|erledigt|geschafft|gemacht|fertig|abgeschlossen|letzte woche|diese woche|erreicht|"
        "fortschritt|seit gestern|seit freitag|zuletzt|was ich gemacht habe|was ich geschafft habe|vorgestern|"
        "erfolge|gearbeitet an",
        "next": "heute|offen|noch offen|geplant|plan|pläne|als nächstes|nächstes|nächste woche|morgen|"
        "nächste schritte|to do|todo|"
        "für heute|heute geplant|vorhaben|in arbeit|fokus|plan für heute|prioritäten|was heute ansteht|"
        "was ansteht|steht an|heute steht an",
        "thanks": "dank an|dank geht an|danke an|lob|lob an|großes lob",
        "blockers": "blocker|hindernisse|hindernis|probleme|problem|blockiert|im weg|impediments|risiken|"
        "schwierigkeiten|hürden|blockaden|blockade|hilfe|offene punkte|stolpersteine|was im weg steht|"
        "was mir im weg steht|was mich blockiert|"
        "hänge an|warte auf|brauche hilfe bei",
        "decisions": "entscheidungen|entscheidung|entschieden|beschlossen|beschlüsse|beschluss",
        "actions": "aufgaben|aufgabe|nächste schritte|to do|todo|todos|zu tun|maßnahmen",
        "takeaways": "sonstiges|anderes|diverses|"
        "erkenntnisse|notizen|zusammenfassung|besprochen|ergebnisse|kernpunkte|protokoll",
        "topics": "themen|thema|tagesordnung|agenda|punkte",
        "mood": "stimmung|laune|energie|gefühl",
        "goals": "ziele|ziel",
        "learned": "gelernt|erkenntnisse|gelerntes",
        "comment": "kommentar|sonstiges|anmerkung|anmerkungen|ps|p s",
    },
    negatives="keine|keinen|kein|keiner|nichts|nein|nix|nö|nee|nicht|ohne|null|nüscht|keines|keins|k a|entfällt",
    obstacles="blocker|blockern|blockiert|hindernis|hindernisse|probleme|problem|schwierigkeiten|hürden|blockaden|"
    "impediments|risiken|sorgen|stolpersteine|issues|hemmnisse|blockierendes",
    fillers="im|moment|momentan|zur zeit|derzeit|aktuell|gerade|von|mir|meiner|seite|meinerseits|bisher|heute|danke|"
    "mich|für|mehr|weg|im weg|steht|bei|uns|es|gibt|ich|bin|habe|hab|neuen|neue|neues|zu|berichten|bekannt|"
    "weiter|weiteren|hier|so|weit|soweit|ist|mich|zum|glück|erfreulicherweise|da|noch|auch|diese|woche|großen|"
    "besonderes|hindert|blockiert|anstehend|an|sehe|melden|ansteht|ansonsten|sonst|im übrigen|weiterhin|"
    "nach wie vor|immer noch",
    nothing="alles gut|alles klar|alles in ordnung|alles bestens|alles ok|alles im grünen bereich|läuft|läuft alles|"
    "passt|passt alles|alles okay|keine neuigkeiten|alles im plan|im plan|nichts neues|alles super|alles fein|"
    "alles läuft|alles prima|freie bahn",
    settled="erledigt|hat sich erledigt|gelöst|geklärt|hat sich geklärt|behoben|ist gelöst|nicht mehr|hinfällig",
    troubles="aber|nur|außer|bis auf|allerdings|jedoch|obwohl|sofern|solange|weiterhin|immer noch|brauche|bräuchte|"
    "brauchen|benötige|benötigen|warte|warten|wartet|fehlt|fehlen|hängt|hänge|kaputt|verspätet|langsam|"
    "unklar|nicht|kein|keine|keinen|problem|probleme|hilfe|bitte|dringend|vielleicht|leider|müsste|müssen|"
    "muss|sollte|blockiert|verzögert|höchstens",
    same="wie gestern|dasselbe wie gestern|das gleiche wie gestern|gleich wie gestern|wie letztes mal|"
    "wie letzte woche|wie vorher|wie zuvor|dito|unverändert|dasselbe|das gleiche|gleiches wie gestern|"
    "siehe gestern|keine änderung|wie am freitag|wie freitag|immer noch wie gestern|gleiche wie gestern|"
    "wie beim letzten mal|s o|s gestern",
    yes="denke schon|ich denke schon|glaube schon|ich glaube schon|denke ja|ich denke ja|auf jeden fall|"
    "ja|jo|jep|jawohl|klar|natürlich|sicher|genau|gerne|gern|auf jeden fall|unbedingt|stimmt|richtig|einverstanden|"
    "passt|ja bitte|ja gerne|definitiv|absolut|jup|selbstverständlich",
    no="denke nicht|ich denke nicht|glaube nicht|ich glaube nicht|eher nicht|auf keinen fall|natürlich nicht|"
    "nein|nö|nee|ne|noch nicht|nicht wirklich|keineswegs|auf keinen fall|nein danke|leider nicht|eher nicht|"
    "leider nein|gar nicht|überhaupt nicht|lieber nicht|niemals|kaum|nicht ganz",
    greetings="hallo|hi|hey|moin|moin moin|guten morgen|guten tag|guten abend|servus|grüß gott|grüezi|liebe|lieber|"
    "sehr geehrte|sehr geehrter|tach|morgen|hallöchen|mahlzeit|grüß dich|hoi|gude",
    closings="danke|vielen dank|dank|lg|vg|mfg|gruß|grüße|viele grüße|liebe grüße|beste grüße|schöne grüße|"
    "mit freundlichen grüßen|mit freundlichem gruß|freundliche grüße|herzliche grüße|besten dank|danke dir|"
    "danke euch|bis dann|bis morgen|bis später|schönen tag|schönes wochenende|ciao|tschüss|bg|hg|schöne woche|"
    "mit besten grüßen|herzlichen gruß|liebe grüsse|viele grüsse|gruss|danke und gruß|danke und viele grüße|"
    "danke und lg|einen schönen tag|schönen feierabend|schönen tag noch|beste grüsse|lieben gruß|"
    "danke im voraus|danke der nachfrage|danke für die erinnerung|danke für die nachfrage|das wars|das war's|"
    "das war alles|servus|schönen gruß",
    everybody="zusammen|team|alle|allerseits|ihr lieben|leute|in die runde|ihr|an alle|kollegen|ihr beiden",
    intros="hier meine antworten|meine antworten|siehe unten|antworten unten|hier mein update|mein update|"
    "antworten siehe unten|anbei meine antworten|meine antworten unten|hier kommt mein update|"
    "antworten im text|mein stand|status|hier mein stand|hier sind meine antworten|hier ist meins|hier meins|s u|"
    "mein status|"
    "sorry für die späte antwort|entschuldigt die späte antwort|entschuldige die verspätung|"
    "hoffe dir geht es gut|ich hoffe dir geht es gut|ich hoffe es geht dir gut|hoffe es geht dir gut|wie geht's|"
    "ich hoffe du hattest ein schönes wochenende",
    minutes="minuten|minute|min|m",
    hours="stunden|stunde|std|h",
    half_hour="eine halbe stunde|halbe stunde|halben stunde|einer halben stunde|ne halbe stunde",
    numbers=(
        "null",
        "eins|ein|eine|einen|einem|einer",
        "zwei",
        "drei",
        "vier",
        "fünf",
        "sechs",
        "sieben",
        "acht",
        "neun",
        "zehn",
        "elf",
        "zwölf",
    ),
    weekdays=(
        "montag|mo|montags",
        "dienstag|di|dienstags",
        "mittwoch|mi|mittwochs",
        "donnerstag|do|donnerstags",
        "freitag|fr|freitags",
        "samstag|sa|sonnabend|samstags",
        "sonntag|so|sonntags",
    ),
    months=(
        "januar|jan|jänner",
        "februar|feb|feber",
        "märz|mrz|mär",
        "april|apr",
        "mai",
        "juni|jun",
        "juli|jul",
        "august|aug",
        "september|sep|sept",
        "oktober|okt",
        "november|nov",
        "dezember|dez",
    ),
    days={-1: "gestern", 0: "heute", 1: "morgen", 2: "übermorgen"},
    parts={
        "morning": "früh|vormittag|vormittags|morgens|am morgen|am vormittag|in der früh|am frühen morgen|"
        "dienstagmorgen",
        "noon": "mittag|mittags|am mittag|zu mittag|mittagessen|mittagspause|dem mittagessen|der mittagspause",
        "afternoon": "nachmittag|nachmittags|am nachmittag",
        "evening": "abend|abends|am abend",
        "day-end": "feierabend|tagesende|ende des tages|dienstschluss|büroschluss|geschäftsschluss|zum feierabend",
    },
    units={
        "day": "tag|tage|tagen",
        "week": "woche|wochen",
        "month": "monat|monate|monaten|monats",
        "weekend": "wochenende|wochenendes",
        "workday": "arbeitstag|arbeitstage|arbeitstagen|werktage|werktagen",
    },
    modifiers={
        "next": "nächste|nächsten|nächster|nächstes|nächstem|kommender woche|folgende|folgenden",
        "this": "diese|diesen|dieser|dieses|diesem|kommende|kommenden|kommender|kommendes|kommendem",
        "early": "anfang|anfang der|anfangs",
        "mid": "mitte|mitte der",
        "end": "ende|ende der|ende des",
        "in": "in|innerhalb von|binnen",
        "ago": "vor",
        "week-end": "ende der woche|wochenschluss|ende dieser woche",
        "month-end": "monatsende|ende des monats",
        "later": "später",
        "week-2": "übernächste woche|übernächster woche|übernächsten woche",
    },
    relations={
        "by": "bis spätestens|spätestens|bis zum spätestens|fällig|fällig am|frist|deadline",
        "until": "bis|bis zum|bis zur|bis am",
        "through": "bis einschließlich|bis inklusive|bis inkl|bis und mit|bis einschließlich zum",
        "before": "vor|vor dem|früher als",
        "after": "nach|nach dem|später als",
        "from": "ab|von|vom|seit|ab dem",
        "to": "auf|auf den",
        "or": "oder|bzw|alternativ",
        "between": "zwischen",
        "and": "und",
        "at": "um|gegen|ca|so um",
    },
    clock={
        "hour": "uhr|h",
        "am": "",
        "pm": "",
        "half": "halb",
        "zone": "zeit|ortszeit",
        "plus-15": "viertel nach",
        "minus-15": "viertel vor|dreiviertel",
        "onwards": "oder später|und später|oder danach",
    },
    noise="am|an|den|dem|der|die|das|im|um|gegen|zu|zum|bereits|schon|gerne|auch|irgendwann|mal|"
    "am liebsten|vorzugsweise|idealerweise",
    denials="nicht|kein|keine|leider|unmöglich|verhindert|weg",
    instead="statt|anstatt|anstelle von|außer|nur nicht|bloß nicht",
    contrasts="aber|lieber|besser|sondern|jedoch|dafür|stattdessen|dann",
    moves="verschieben|verschiebe|verlegen|verlege|verschoben|verschiebt|schieben|umziehen",
    commands={
        "help": "hilfe|befehle|hilf mir|wie geht das|was kannst du|anleitung",
        "skip": "überspringen|überspringe|auslassen|aussetzen|skippen|heute nicht|diesmal nicht|passe|heute aussetzen|"
        "heute überspringen|diese woche nicht|diesmal aussetzen|weiter",
        "stop": "stopp|abmelden|abbestellen|beenden|aufhören|keine mails mehr|pausieren|abmeldung|austragen|stoppe|"
        "keine mehr",
        "resume": "fortsetzen|weitermachen|wieder starten|starten|starte|anmelden|wieder aufnehmen|wieder da|"
        "bin wieder da|ich bin wieder da|weiterführen|fortfahren|zurück|bin zurück",
        "done": "erledigt|fertig|abgeschlossen|gemacht|abgehakt|abhaken|hake ab|hak ab|hab ich erledigt|erledige|"
        "hake als erledigt ab|geschafft",
        "why": "warum|wieso|weshalb|warum ich|warum bekomme ich das|warum habe ich das bekommen|wieso bekomme ich das|"
        "warum bekomme ich diese mail|warum erhalte ich das|warum erhalte ich diese mail|wieso erhalte ich das",
        "yes": "ja|jo|jep|klar|ok|okay|gerne|bestätigt|bestätigen|ja bitte|einverstanden|passt|ja gerne|genau",
        "no": "nein|nö|nee|ablehnen|abbrechen|nein danke|falsch",
        "away": "weg|abwesend|im urlaub|in urlaub|urlaub|nicht da|frei|verreist|außer haus|nicht im büro|elternzeit|"
        "in elternzeit|auf reisen|abwesenheit|nicht verfügbar|nicht erreichbar|habe frei|auf dienstreise|dienstreise|"
        "habe urlaub|hab frei|hab urlaub|unterwegs",
        "returning": "zurück|wieder da|wieder im büro|wieder zurück|bin wieder da|bin wieder im büro|"
        "bin zurück|wieder erreichbar|wieder hier|bin ich wieder da|bin ich wieder im büro|"
        "bin ich zurück|bin ich wieder erreichbar|wieder",
        "sick": "krank|krankgeschrieben|krank heute|krankmeldung|erkrankt|krank gemeldet|krankgemeldet",
        "reminders": "erinnerungen|erinnerung|erinnere mich|erinnern|reminder",
        "never": "nie|niemals|keine|aus|null|nicht",
        "once": "einmal|einmalig|eine|1",
        "twice": "zweimal|zwei|an|2",
        "inclusive": "einschließlich|inklusive|inkl|einschl",
        "option": "option|nummer|nr|antwort|wahl|variante|die",
        "of": "aufgabe|aufgaben|punkt|punkte|nummer|nr",
    },
    asks=ASKS,
    kinds={
        "check-in": "check-in|check-ins|checkin|checkins|täglich|tägliche fragen|tagesfragen|standup|standups",
        "weekly-update": "wochenbericht|wochenberichte|wochenupdate|wöchentlich|weekly|wochenupdates",
        "monthly-update": "monatsbericht|monatsberichte|monatsupdate|monatlich",
        "quarterly-recap": "quartalsbericht|quartalsrückblick|quartalsberichte",
        "one-on-one": "1:1|1:1s|einzelgespräch|einzelgespräche|jour fixe|vier-augen-gespräch",
        "review": "review|reviews|besprechung",
        "agenda": "agenda|agenden|tagesordnung|tagesordnungen",
        "meeting-notes": "notizen|protokoll|protokolle",
        "feedback": "feedback|rückmeldung|rückmeldungen",
        "refinement": "refinement",
        "sprint": "sprint|sprints",
        "celebration": "feier|feiern",
        "meeting-review": "besprechungsfrage|besprechungsfragen",
        "growth-plan": "entwicklungsplan|entwicklungspläne",
        "onboarding": "onboarding|einarbeitung",
        "introduction": "vorstellung|vorstellungen",
        "retrospective": "retrospektive|retrospektiven|retro|rückblick",
        "announcement": "ankündigung|ankündigungen",
        "poll": "umfrage|umfragen|abstimmung|abstimmungen",
        "pulse": "puls|pulsumfrage",
        "digest": "digest|übersicht|übersichten|tagesübersicht",
        "rollup": "rollup|rollups|wochenübersicht|wochenzusammenfassung|wochenrückblick",
        "summary": "zusammenfassung|zusammenfassungen",
        "reminders": "erinnerungen|erinnerung",
        "": "alle|alles|alle mails|mails|diese mails|e-mails|alle e-mails",
    },
    politeness="bitte|danke|hallo|hi|mal|jetzt|doch|mir|mich|die|den|das|wieder|mit|noch|gleich|einfach|senden|"
    "schicken",
    myself="ich|bin|ich bin|bin ich|habe|ich habe|hab|melde mich|ich melde mich|leider|nehme|ich nehme|wir sind|"
    "noch|dann|ab sofort|auch|mache|ich mache",
)
