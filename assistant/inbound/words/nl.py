"""Dutch."""

from assistant.inbound.words.asks_nl import ASKS
from assistant.inbound.words.model import Words

WORDS = Words(
    code="nl",
    labels={
        "done": "gisteren|gedaan|klaar|afgerond|afgelopen week|vorige week|deze week|bereikt|voltooid|voortgang|"
        "behaald",
        "next": "vandaag|plan|plannen|gepland|volgende|volgende week|morgen|te doen|planning|volgende stappen|"
        "voor vandaag|mee bezig|focus|prioriteiten",
        "blockers": "blokkades|blokkade|blockers|blocker|geblokkeerd|obstakels|obstakel|belemmeringen|belemmering|"
        "problemen|probleem|hindernissen|risico's|knelpunten|knelpunt|in de weg",
        "decisions": "besluiten|besluit|beslissingen|besloten",
        "actions": "acties|actiepunten|taken|te doen",
        "takeaways": "conclusies|notities|samenvatting|besproken",
        "topics": "onderwerpen|agenda|punten|agendapunten",
        "mood": "stemming|energie|gevoel",
        "goals": "doelen|doel",
        "learned": "geleerd|lessen",
        "comment": "opmerking|opmerkingen|overig|overige|ps",
    },
    negatives="geen|niets|niks|nee|niet|zonder|nul|nihil|nvt|niemand|nop|noppes|n v t",
    obstacles="blokkades|blokkade|blockers|blocker|geblokkeerd|obstakels|obstakel|belemmeringen|belemmering|problemen|"
    "probleem|hindernissen|risico's|knelpunten|issues|bijzonderheden",
    fillers="op|dit|moment|momenteel|nu|van|mijn|kant|vandaag|bedankt|dank|tot|zover|voor|mij|te|melden|er|zijn|is|ik|"
    "heb|ben|de|in|weg|het|bij|ons|deze|week|nieuwe|nieuws|nog|gelukkig|aan|bijzonders|staat|me|verder|toe|voegen|"
    "zie|voor de rest",
    nothing="alles goed|alles in orde|alles oké|alles ok|alles prima|alles duidelijk|loopt lekker|geen nieuws|"
    "alles loopt|gaat goed|alles gaat goed|er is niets dat me tegenhoudt|niets houdt me tegen|"
    "verder loopt alles|alles loopt|niets dat me tegenhoudt",
    settled="opgelost|geregeld|niet meer|gefixt|is opgelost",
    troubles="maar|alleen|behalve|echter|hoewel|wacht|wachten|wachtend|nodig|mist|ontbreekt|geblokkeerd|traag|"
    "kapot|vertraging|niet|geen|probleem|hulp|dringend|misschien|helaas|moet|moeten",
    same="zelfde als gisteren|hetzelfde als gisteren|zoals gisteren|net als gisteren|hetzelfde|zelfde|idem|ongewijzigd|"
    "geen verandering|zelfde als vorige keer|zelfde als vorige week|zie gisteren|idem als gisteren|dito|"
    "hetzelfde als vorige week|zelfde als vrijdag|nog steeds hetzelfde",
    yes="ik denk het wel|denk het wel|zeker weten|"
    "ja|jazeker|zeker|natuurlijk|klopt|akkoord|prima|inderdaad|ja graag|ja hoor|absoluut|oké|ok|jep|tuurlijk|graag",
    no="ik denk het niet|denk het niet|ik denk van niet|zeker niet|"
    "nee|nog niet|niet echt|helemaal niet|nee bedankt|nooit|nee hoor|absoluut niet|helaas niet|liever niet|"
    "nee dank je",
    greetings="hallo|hoi|hey|goedemorgen|goedemiddag|goedenavond|goedendag|beste|dag|ha|hi|heej|morgen|geachte",
    closings="bedankt|dank je|dank je wel|dankjewel|dank|groet|groeten|groetjes|met vriendelijke groet|"
    "vriendelijke groet|"
    "mvg|gr|hartelijke groet|tot morgen|tot later|fijne dag|fijn weekend|dank u|alvast bedankt|vriendelijke groeten|"
    "met vriendelijke groeten|hartelijke groeten|prettige dag|veel dank|dat was het|dat is alles|grtz|"
    "fijne dag verder|fijne avond|werkse",
    everybody="allemaal|team|iedereen|allen|jullie|collega's|beiden",
    intros="hier mijn antwoorden|mijn antwoorden|zie hieronder|antwoorden hieronder|hier mijn update|mijn update|"
    "hierbij mijn antwoorden|hierbij mijn update|zie onder|hierbij|sorry voor de late reactie|"
    "ik hoop dat alles goed gaat|hoop dat het goed gaat|hoe gaat het",
    minutes="minuten|minuut|min|m",
    hours="uur|uren|u|h",
    half_hour="een half uur|half uur|halfuur|een halfuur",
    numbers=(
        "nul",
        "een|één",
        "twee",
        "drie",
        "vier",
        "vijf",
        "zes",
        "zeven",
        "acht",
        "negen",
        "tien",
        "elf",
        "twaalf",
    ),
    weekdays=(
        "maandag|ma",
        "dinsdag|di",
        "woensdag|wo",
        "donderdag|do",
        "vrijdag|vr",
        "zaterdag|za",
        "zondag|zo",
    ),
    months=(
        "januari|jan",
        "februari|feb",
        "maart|mrt",
        "april|apr",
        "mei",
        "juni|jun",
        "juli|jul",
        "augustus|aug",
        "september|sep|sept",
        "oktober|okt",
        "november|nov",
        "december|dec",
    ),
    days={
        -1: "gisteren",
        0: "vandaag|vanochtend|vanmiddag|vanavond",
        1: "morgen|morgenochtend|morgenmiddag|morgenavond",
        2: "overmorgen",
    },
    parts={
        "morning": "ochtend|'s ochtends|s ochtends|vroeg|voormiddag|in de ochtend|s morgens|vanochtend|morgenochtend",
        "noon": "tussen de middag|12 uur 's middags|lunch|lunch|de lunch|middageten",
        "afternoon": "middag|'s middags|s middags|namiddag|in de middag|vanmiddag|morgenmiddag",
        "evening": "avond|'s avonds|s avonds|in de avond|vanavond|morgenavond",
        "day-end": "einde dag|einde van de dag|eind van de dag|einde werkdag",
    },
    units={
        "day": "dag|dagen",
        "week": "week|weken",
        "month": "maand|maanden",
        "weekend": "weekend",
        "workday": "werkdagen|werkdag",
    },
    modifiers={
        "next": "volgende|aanstaande over een",
        "this": "deze|dit|komende|aanstaande|aankomende",
        "early": "begin|begin van|begin van de",
        "mid": "midden|midden in|halverwege",
        "end": "eind|einde|einde van|eind van|einde van de|eind van de",
        "in": "over|binnen|in",
        "ago": "geleden",
        "week-end": "einde van de week|eind van de week|einde week",
        "month-end": "einde van de maand|eind van de maand|einde maand|eind deze maand|maandeinde",
        "later": "later",
        "week-2": "over twee weken in de week|de week na volgende week|week na volgende week",
    },
    relations={
        "by": "uiterlijk|voor het einde|deadline|tegen|uiterlijk op|vóór",
        "until": "tot|totdat|tot aan",
        "through": "tot en met|t/m|t m",
        "before": "voor|vóór|eerder dan",
        "after": "na|later dan",
        "from": "vanaf|van|sinds",
        "to": "naar",
        "or": "of|anders",
        "between": "tussen",
        "and": "en",
        "at": "om|rond",
    },
    clock={
        "hour": "uur|u|h",
        "am": "",
        "pm": "",
        "half": "half",
        "zone": "tijd",
        "plus-15": "kwart over",
        "minus-15": "kwart voor",
        "onwards": "of later|en later|of daarna",
    },
    noise="bij voorkeur|het liefst|de|het|op|om|rond|in|een|van|ergens|aan",
    denials="niet|geen|onmogelijk|helaas",
    instead="behalve|in plaats van",
    contrasts="maar|echter|liever|wel",
    moves="verplaatsen|verzetten|verschuiven|verzet|verplaats|verschuif",
    commands={
        "help": "hulp|commando's|hoe werkt dit",
        "skip": "overslaan|sla over|vandaag niet|deze keer niet|pas|vandaag overslaan|deze week niet",
        "stop": "stoppen|afmelden|uitschrijven|opzeggen|pauzeren|pauzeer",
        "resume": "hervatten|hervat|doorgaan|weer starten|starten|aanmelden|ik ben terug|ben weer terug|weer terug|"
        "terug",
        "done": "klaar|gedaan|afgerond|voltooid|af|afgevinkt|afvinken|gereed",
        "why": "waarom|waarom ik|waarom krijg ik dit|waarom krijg ik deze mail|waarom ontvang ik dit",
        "yes": "ja|ok|oké|akkoord|bevestigen|bevestigd|ja graag|prima",
        "no": "nee|annuleren|afwijzen|nee bedankt",
        "away": "weg|afwezig|op vakantie|met vakantie|vakantie|vrij|niet aanwezig|niet op kantoor|met verlof|verlof|"
        "niet beschikbaar|op reis|er niet|buiten kantoor",
        "returning": "terug|weer terug|weer aanwezig|weer op kantoor|ben ik weer terug|ben ik terug|"
        "ben terug|ben weer terug|weer",
        "sick": "ziek|ziekgemeld|ziek gemeld",
        "reminders": "herinneringen|herinnering|herinner me|herinner mij",
        "never": "nooit|geen|uit|nul",
        "once": "een keer|eenmaal|één|1|een",
        "twice": "twee keer|tweemaal|twee|aan|2",
        "inclusive": "inbegrepen|inclusief",
        "option": "optie|nummer|antwoord|keuze|de|nr",
        "of": "taak|taken|punt|punten|nummer|nr",
    },
    asks=ASKS,
    kinds={
        "check-in": "check-in|check-ins|checkin|dagelijkse vragen|dagelijks|stand-up",
        "weekly-update": "weekbericht|weekrapport|wekelijks|weekupdate",
        "monthly-update": "maandbericht|maandrapport",
        "quarterly-recap": "kwartaaloverzicht|kwartaalbericht",
        "one-on-one": "1:1|een-op-een",
        "review": "review|reviews",
        "agenda": "agenda|agenda's",
        "meeting-notes": "notities|notulen",
        "feedback": "feedback|terugkoppeling",
        "refinement": "refinement",
        "introduction": "introductie|introducties",
        "retrospective": "retrospective|retro|terugblik",
        "announcement": "aankondiging|aankondigingen",
        "poll": "peiling|peilingen|poll|polls",
        "pulse": "pols|polsmeting",
        "digest": "digest|dagoverzicht|overzicht",
        "rollup": "rollup|weekoverzicht",
        "summary": "samenvatting|samenvattingen",
        "reminders": "herinneringen|herinnering",
        "": "alles|alle mails|mails|deze mails|alle e-mails|dit|e-mails",
    },
    politeness="alsjeblieft|alstublieft|aub|ajb|graag|bedankt|hallo|hoi|de|het|nu|me|mij|met|sturen|weer",
    myself="ik ben|ben|ik|ik heb|heb|we zijn|nog|ik neem|neem|zal|ik zal",
)
