"""German phrases of the commands about meetings, tasks, goals, polls, feedback and search."""

ASKS = {
    "task": "aufgabe|neue aufgabe|aufgabe anlegen|aufgabe hinzufügen|todo|to-do",
    "project": "projekt|neues projekt|starte projekt|projekt starten",
    "new_kpi": "neue kpi|neuer kpi|neue kennzahl|kennzahl anlegen|kpi anlegen|neue messgröße",
    "kpis": "kpis|meine kpis|kennzahlen|unsere kennzahlen|zeige kennzahlen|meine kennzahlen|kennzahl",
    "kpis_of": "kpis von|kennzahlen von|kpis für|kennzahlen für",
    "drop": "verwerfen|streichen|streiche|verwerfe|entfällt|löschen|lösche|fallen lassen|hinfällig|vergiss|gestrichen",
    "doing": "in arbeit|mache|beginne|begonnen|angefangen|fange an|starte|bin dran|läuft|arbeite an|beginnen|starten",
    "reopen": "wieder öffnen|wieder offen|nicht erledigt|doch nicht|doch nicht erledigt|wiedereröffnen|wieder auf",
    "blocked": "blockiert|gesperrt|hängt|wartet|steckt fest|ist blockiert|blockiere",
    "blocked_by": "durch|von|wegen|auf|an",
    "move_task": "verschieben|verschiebe|verlege|verlegen|schiebe|fällig|vertage|vertagen|aufschieben|schieb|"
    "verschieb|schieben|schiebt",
    "to": "auf|bis|zum|auf den|bis zum|am|fällig|fällig am|nach|bis am",
    "assign": "zuweisen|weise|gib|übergib|übergebe|zuteilen|vergib|weiterreichen|übergeben|abgeben|gebe",
    "spent": "gebraucht|aufgewendet|aufgewandt|gearbeitet|aufwand|verbraucht|habe gebraucht|zeit",
    "estimate": "schätzung|schätze|geschätzt|dauert|aufwand ca|braucht|schätzen|geschätzter aufwand",
    "my_tasks": "aufgaben|meine aufgaben|aufgabenliste|offene aufgaben|meine offenen aufgaben|zeige meine aufgaben|"
    "zeig mir meine aufgaben|was sind meine aufgaben|meine todos|"
    "was muss ich tun|was muss ich noch tun|was habe ich zu tun|was steht bei mir an|was ist überfällig",
    "team_tasks": "aufgaben des teams|unsere aufgaben|teamaufgaben|aufgaben vom team",
    "tasks_of": "aufgaben von|aufgaben für|offene aufgaben von|zeige aufgaben von",
    "priority": "priorität|prio",
    "low": "niedrig|niedrige priorität|gering|unwichtig|nicht dringend|niedrige prio",
    "normal": "normal|mittel|normale priorität|mittlere priorität",
    "high": "hoch|hohe priorität|wichtig|hohe prio",
    "urgent": "dringend|eilig|sehr dringend|kritisch|höchste priorität|sofort|sehr hoch",
    "owner": "für|zuweisen an|zugewiesen an|verantwortlich|zuständig|übernimmt",
    "every": "jeden|jede|jedes|alle|immer am",
    "daily": "täglich|jeden tag",
    "workdays": "jeden werktag|werktags|jeden arbeitstag|werktäglich",
    "weekly": "wöchentlich|jede woche",
    "biweekly": "alle zwei wochen|alle 2 wochen|jede zweite woche|zweiwöchentlich|14-tägig",
    "monthly": "monatlich|jeden monat",
    "quarterly": "vierteljährlich|jedes quartal|quartalsweise",
    "yearly": "jährlich|jedes jahr",
    "after": "nach|hängt ab von|wartet auf|sobald",
    "under": "unter|teil von|unteraufgabe von|gehört zu|unterhalb von",
    "and": "und",
    "point": "agenda|agendapunkt|tagesordnung|tagesordnungspunkt|punkt|für die agenda|auf die agenda|zur agenda|"
    "agendapunkt hinzufügen|thema für die agenda|neuer agendapunkt",
    "point_for": "agenda für|agenda fürs|agendapunkt für|agenda des|punkt für|agenda für das|agenda für den|"
    "agenda für die",
    "add": "nimm|setze|setz|bitte|füge|pack|schreib|nehmen|bitte setze|bitte nimm",
    "to_agenda": "auf die agenda|zur agenda|auf die tagesordnung|zur agenda hinzu|auf die agenda setzen|"
    "in die agenda auf",
    "announce": "ankündigung|mitteilung|ankündigen|bekanntgabe|an alle|info an alle|sag allen|bekanntmachung",
    "seen": "gelesen|habe ich gelesen|zur kenntnis genommen|hab ich gelesen|gelesen und verstanden|verstanden|gesehen",
    "decide": "entscheidung|entschieden|beschluss|beschlossen|wir haben entschieden|festgelegt",
    "ask_decision": "entscheidung nötig|entscheidung gesucht|bitte entscheiden|entscheidung gebraucht|"
    "entscheidung erforderlich|brauche eine entscheidung|entscheidungsbedarf|entscheidungsanfrage|"
    "bitte um entscheidung",
    "confidence": "zuversicht|konfidenz|sicherheit|zuversichtlich",
    "is_now": "ist|bei|jetzt|jetzt bei|liegt bei|steht bei|auf|ist jetzt|nun|nun bei|ist bei|ist auf|gestiegen auf|"
    "gesunken auf|aktuell|aktuell bei|stand|erreicht|derzeit|wert|gestiegen|gesunken",
    "from": "von",
    "target": "ziel|zielwert|neues ziel|ziel ist|neuer zielwert|ziel jetzt",
    "target_of": "ziel von|zielwert von|ziel für|zielwert für|neues ziel für",
    "track": "weiter verfolgen|weiterverfolgen|beibehalten|auf kurs bleiben|dranbleiben|behalten|weiter so",
    "revise": "überarbeiten|anpassen|ändern|revidieren|überarbeite|ändere",
    "replace": "ersetzen|ersetze|austauschen|tausche",
    "goals": "ziele|meine ziele|okrs|zeige meine ziele|zeig mir meine ziele|meine okrs|wie stehen meine ziele|"
    "unsere ziele|wie stehen unsere ziele|wie steht es um unsere ziele|wie laufen unsere ziele|stand der ziele",
    "goals_of": "ziele von|okrs von|zeige ziele von|ziele für",
    "history": "verlauf|historie|entwicklung",
    "history_of": "verlauf von|historie von|entwicklung von|geschichte von|zeige verlauf von",
    "objective": "ziel|neues ziel|objective|zielentwurf|mein ziel",
    "measured_by": "gemessen an|gemessen durch|gemessen mit|messbar an|woran man es merkt",
    "kpi": "kpi|kennzahl|messgröße|metrik",
    "poll": "umfrage|abstimmung|neue umfrage|starte umfrage|starte eine umfrage|bitte abstimmen|neue abstimmung",
    "secret": "geheim|anonym|geheime|geheime abstimmung|anonyme|anonyme umfrage",
    "open": "offen|offene|öffentlich|nicht geheim",
    "several": "mehrere|mehrfach|mehrfachauswahl|mehrere möglich|mehrere antworten|mehrfachnennung|"
    "mehrfachnennungen möglich|mehrere wählbar|mehrere auswählen|mehrfachnennung möglich",
    "ranked": "rangfolge|reihenfolge|nach reihenfolge|ordnen|bitte ordnen|mit rangfolge|sortieren|rangliste|"
    "in reihenfolge",
    "single": "eine auswählen|nur eine|einfachauswahl|eine antwort|nur eine antwort",
    "poll_until": "bis|endet|endet am|schließt am|schluss|schließt|offen bis|frist",
    "vote": "stimme|ich stimme für|stimme für|meine stimme|meine wahl|ich wähle|wähle|ich bin für|votum|"
    "meine stimme für|meine stimmen|ich nehme",
    "close_poll": "umfrage schließen|umfrage beenden|abstimmung schließen|abstimmung beenden|schließe die umfrage|"
    "beende die umfrage",
    "then": "dann|vor|danach",
    "feedback_for": "feedback für|feedback an|rückmeldung für|rückmeldung an|feedback zu|feedback über",
    "feedback_from": "feedback von|rückmeldung von|bitte um feedback von|ich hätte gern feedback von|"
    "hätte gern feedback von|ich möchte feedback von|ich wünsche mir feedback von|"
    "ich möchte feedback von|hol feedback von|hole feedback von|besorge feedback von",
    "ask": "bitte|frage|frag|bitten",
    "for_feedback": "um feedback|nach feedback|um rückmeldung|um ein feedback|nach einem feedback",
    "about": "zu|zum|zur|über|für|bezüglich|wegen",
    "private": "privat|vertraulich|privates|persönlich|nur für dich|unter uns|vertrauliches",
    "public": "öffentlich|öffentliches|offen|für alle",
    "praise": "lob|lob für|lob an|danke an|dank an|vielen dank an|großes lob an|kudos an|ein lob an|großer dank an|"
    "ein dank an|ein großes dankeschön an|dankeschön an|großes danke an",
    "because": "für|weil|wegen",
    "win": "erfolg|kleiner erfolg|erfolge|gute nachricht|großer erfolg|mein erfolg",
    "search": "suche|suche nach|such|such nach|finde|suchen|bitte suche|suchen nach|finde alles zu|wo ist",
    "did_i": "was habe ich gemacht|was hab ich gemacht|was habe ich getan|woran habe ich gearbeitet|"
    "was habe ich geschafft|was habe ich",
    "did_we": "was haben wir gemacht|was haben wir geschafft|was haben wir getan|woran haben wir gearbeitet",
    "did": "was hat|woran hat",
    "do": "gemacht|getan|geschafft|gearbeitet",
    "decided": "was haben wir entschieden|was wurde entschieden|was haben wir beschlossen|was wurde beschlossen|"
    "entscheidungen|entscheidungen zu|beschlüsse|entscheidungen über|beschlüsse zu|welche entscheidungen",
    "decided_tail": "was haben wir|was wurde|was haben wir uns",
    "decided_end": "entschieden|beschlossen|vereinbart|festgelegt|abgemacht",
    "faq": "faq|häufige fragen",
    "keep_faq": "als faq behalten|als faq merken|in die faq|zur faq hinzufügen|merk dir das|als faq speichern|"
    "in die faq aufnehmen|als faq aufnehmen",
    "quarter": "quartal|q",
    "year": "jahr",
    "hours": "arbeitszeit|arbeitszeiten|meine arbeitszeit|meine arbeitszeiten|ich arbeite|arbeitsstunden|stunden|"
    "meine arbeitszeit ist|arbeite",
    "now_on": "ab jetzt|ab sofort|künftig|immer|in zukunft|täglich|jeden tag|dauerhaft|von jetzt an|zukünftig|"
    "ab morgen",
    "ask_at": "frag mich|frage mich|schick mir|schicke mir|sende mir|schreib mir|sende|schick|frag|bitte frag mich",
    "zone": "zone|zeitzone|meine zeitzone|zeitzone ist|meine zeitzone ist",
    "i_am_in": "ich bin in|bin in|ich bin jetzt in|bin jetzt in|ich arbeite von|ich bin ab jetzt in|ich ziehe nach|"
    "ich wohne in|ich arbeite in|bin ab jetzt in|ich lebe in|arbeite aus|ich arbeite aus|ich bin in der zeitzone",
    "now": "jetzt|derzeit|zurzeit|momentan|gerade|ab jetzt|ab sofort|im moment",
    "language": "sprache|auf|meine sprache|schreib mir auf|schreibe mir auf|bitte auf|in|schreib auf|bitte schreib auf",
    "cancel": "absagen|sag ab|sage ab|streichen|entfallen lassen|fällt aus|ausfallen lassen|abgesagt|streiche|"
    "bitte absagen|sag|lass uns absagen|absage|entfällt|können wir absagen|cancel|storniere",
    "meeting": "termin|den termin|das treffen|treffen|besprechung|die besprechung|meeting|das meeting|ihn|es|diesmal|"
    "diesen termin|der termin|unser treffen|call|den call|das gespräch|gespräch|dieses mal",
    "accept": "annehmen|zusagen|zusage|angenommen|ich nehme an|passt|passt mir|bin dabei|ich bin dabei|ich komme|"
    "nehme an|ich sage zu|sage zu|passt für mich|geht klar|das passt|passt gut",
    "decline": "ablehnen|absage|abgelehnt|ich lehne ab|kann nicht|ich kann nicht|ich kann nicht kommen|"
    "schaffe es nicht|ich schaffe es nicht|kann nicht kommen|lehne ab|ich sage ab|ich kann leider nicht|"
    "kann leider nicht|ich muss absagen|muss leider absagen|ich muss leider absagen|passt nicht|passt mir nicht|"
    "passt leider nicht|geht nicht|muss absagen|das passt nicht|passt mir leider nicht",
    "later": "später|später bitte|ein anderer termin|anderer termin|anderes mal|ein anderes mal|neuer termin|"
    "zu einem anderen zeitpunkt|bitte verschieben|verschieben|etwas später|können wir verschieben|verlegen|"
    "können wir das verschieben|bitte später|anderer zeitpunkt",
    "later_by": "später|nach hinten",
    "earlier_by": "früher|vorher|nach vorne|eher",
    "move_talk": "können|könnten|wir|es|das|den|termin|auf|verschieben|verlegen|verschiebe|verlege|bitte|lieber|"
    "stattdessen|besser|wäre|geht|ginge|passt|passen|mir|uns|am|um|statt|dann|würde|gehen|machen|auch|oder|und|für|"
    "mich|ist|wie|treffen|die|der|möglich|schieben|vorziehen|nach|vom|von|zu|zum|ich|hätte|zeit|kannst|du|vielleicht|"
    "eventuell|mal|gut|würden|schlage|vor|vorschlag|meeting|besprechung|ginge es|sein|lass|lasst|ihn|sie|was|haltet|"
    "hältst|einen|ein|im|in|hab|habe|könnte|anfangen|beginnen|starten",
    "own_feedback": "feedback|feedback für mich|ich möchte feedback|ich hätte gern feedback|rückmeldung",
    "never": "nie|niemals|gar nicht|keins|keines|aus",
    "share_it": "öffentlich|das team darf es lesen|das team darf das lesen|du darfst es teilen|"
    "darfst du teilen|gern öffentlich",
    "my_plan": "mein plan|mein entwicklungsplan|entwicklungsplan|zeig meinen plan",
    "plan_of": "plan von|entwicklungsplan von",
    "plan_step": "plan schritt|plan schritte|entwicklungsschritt|entwicklungsschritte|entwicklungsplan|mein plan",
    "plan_aspiration": "plan ziel|plan wunsch|berufsziel|karriereziel|berufliches ziel",
    "plan_skill": "plan können|plan fähigkeit|plan fähigkeiten|plan stärke|plan stärken",
    "plan_gap": "plan lücke|plan lücken|wissenslücke|wissenslücken",
    "request": "könntest du|kannst du|könnten sie|können sie|würdest du|würden sie|magst du|ich möchte|"
    "ich würde gern|ich würde gerne|können wir|könnten wir|mal|du kannst|außerdem|wärst du so lieb und|"
    "ich habe|ich hab|habe",
    "request_end": "bitte|danke|vielen dank|danke dir|besten dank|bitte schön|wenn möglich|für mich|danke schön|"
    "dankeschön",
    "show": "zeig mir|zeige mir|zeig|zeige|liste|schick mir|sende mir|was sind|gib mir|welche sind",
    "mark": "markiere|setze|hake|hak|kreuze|stelle|mach|markieren|kennzeichnen|setzen|stellen",
    "as_state": "als|ist|sind|auf|wurde|jetzt|ab|schon|habe ich|ich habe|bereits|hab ich|ich hab|wurden|nun|beide|alle",
    "any_more": "mehr",
    "none_of": "keine|kein|schick keine|sende keine",
    "set_value": "aktualisiere|setze|setz|stelle|ändere|trage|trag",
    "regret": "leider|sorry|entschuldigung|tut mir leid",
    "never_more": "schick keine|sende keine",
}
