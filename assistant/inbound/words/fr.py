"""French."""

from assistant.inbound.words.asks_fr import ASKS
from assistant.inbound.words.model import Words

WORDS = Words(
    code="fr",
    labels={
        "done": "hier|fait|terminé|fini|réalisé|accompli|la semaine dernière|semaine dernière|cette semaine|"
        "avancement|réalisations|ce que j'ai fait|depuis hier|faits",
        "next": "aujourd'hui|prévu|plan|à faire|la semaine prochaine|semaine prochaine|demain|ensuite|en cours|"
        "prochaines étapes|pour aujourd'hui|au programme|suite|à venir|priorités|objectif du jour",
        "blockers": "blocages|blocage|bloquants|bloquant|obstacles|obstacle|problèmes|problème|bloqué|difficultés|"
        "freins|points bloquants|point bloquant|risques|points de blocage|point de blocage",
        "decisions": "décisions|décision|décidé",
        "actions": "actions|à faire|tâches|tâche",
        "takeaways": "points clés|notes|résumé|compte rendu|à retenir",
        "topics": "sujets|ordre du jour|points|sujet",
        "mood": "humeur|moral|énergie",
        "goals": "objectifs|objectif",
        "learned": "appris|leçons",
        "comment": "commentaire|commentaires|autre|divers|remarque|ps|p s",
    },
    negatives="aucun|aucune|rien|non|pas|néant|nul|sans|ras|nada|zéro|personne",
    obstacles="blocage|blocages|bloquant|bloquants|obstacle|obstacles|problème|problèmes|souci|soucis|difficulté|"
    "difficultés|frein|freins|bloqué|bloquée|point bloquant|risque|risques",
    fillers="pour|le|moment|l'instant|l|instant|de|mon|ma|côté|ce|jour|à|a|signaler|aujourd'hui|merci|moi|actuellement|"
    "particulier|d|en|du|tout|de mon côté|il|n|y|je|ne|suis|est|c|j|ai|cette|semaine|spécial|point|points|nouveau|"
    "nouveaux|encore|heureusement|qui|me|bloque|bloquer|bloquent|déclarer|majeur|là|pas|sinon|à part ça",
    nothing="tout va bien|tout est ok|tout roule|ça roule|tout va|ras|r a s|rien à signaler|tout est bon|nickel|"
    "tout est clair|rien de nouveau|la voie est libre|ok pour moi|tout baigne",
    settled="résolu|réglé|c'est réglé|c'est résolu|débloqué|plus maintenant",
    troubles="mais|sauf|seulement|uniquement|juste|cependant|toutefois|hormis|besoin|attends|attend|attente|manque|"
    "manquent|bloqué|bloquée|lent|panne|retard|pas|problème|aide|urgent|peut-être|faut|faudrait|"
    "impossible|aucun|aucune",
    same="comme hier|pareil qu'hier|idem|la même chose|même chose|même chose qu'hier|inchangé|pareil|idem qu'hier|"
    "comme la dernière fois|comme la semaine dernière|sans changement|pas de changement|identique|idem hier|"
    "la même chose qu'hier|toujours pareil|comme vendredi|voir hier|comme avant",
    yes="je pense que oui|je crois que oui|je pense|tout à fait|"
    "oui|ouais|bien sûr|d'accord|certainement|absolument|tout à fait|exactement|volontiers|ok|oui merci|"
    "avec plaisir|parfait|oui tout à fait|évidemment|effectivement",
    no="je ne pense pas|je ne crois pas|bien sûr que non|pas vraiment|"
    "non|pas encore|pas vraiment|pas du tout|jamais|non merci|plutôt non|malheureusement non|plutôt pas|"
    "malheureusement pas|pas tout à fait",
    greetings="bonjour|salut|coucou|bonsoir|hello|cher|chère|chers|re|bjr|bonjour à toi",
    closings="merci|merci beaucoup|cordialement|bien cordialement|bien à toi|bien à vous|à bientôt|à demain|"
    "amicalement|"
    "bonne journée|bonne soirée|bises|salutations|à plus|bon week-end|bon weekend|cdlt|cdt|merci d'avance|"
    "meilleures salutations|bonne fin de journée|belle journée|à plus tard|merci et bonne journée|sincèrement|"
    "merci bien|très cordialement|à lundi|mille mercis|c'est tout|c'est tout pour moi|ciao|bonne semaine",
    everybody="tous|à tous|à toutes|l'équipe|équipe|tout le monde|toutes|toi|vous|les amis|à toutes et à tous|tout|le|"
    "monde|et|l",
    intros="voici mes réponses|mes réponses|voir ci-dessous|réponses ci-dessous|voici mon point|voici mes nouvelles|"
    "ci-dessous mes réponses|mes réponses ci-dessous|voici|mon point|désolé pour le retard|désolée pour le retard|"
    "j'espère que tu vas bien|j'espère que vous allez bien|comment vas-tu",
    minutes="minutes|minute|min|mn|m",
    hours="heures|heure|h",
    half_hour="une demi-heure|demi-heure|demi heure",
    numbers=(
        "zéro",
        "un|une",
        "deux",
        "trois",
        "quatre",
        "cinq",
        "six",
        "sept",
        "huit",
        "neuf",
        "dix",
        "onze",
        "douze",
    ),
    weekdays=("lundi|lun", "mardi|mar", "mercredi|mer", "jeudi|jeu", "vendredi|ven", "samedi|sam", "dimanche|dim"),
    months=(
        "janvier|janv|jan",
        "février|févr|fév",
        "mars",
        "avril|avr",
        "mai",
        "juin",
        "juillet|juil",
        "août",
        "septembre|sept|sep",
        "octobre|oct",
        "novembre|nov",
        "décembre|déc",
    ),
    days={
        -1: "hier",
        0: "aujourd'hui|ce matin|cet après-midi|ce soir",
        1: "demain",
        2: "après-demain|après demain",
        14: "dans quinze jours|d'ici quinze jours",
    },
    parts={
        "morning": "matin|matinée|le matin|dans la matinée|ce matin",
        "noon": "midi|à midi|déjeuner|le déjeuner|pause déjeuner",
        "afternoon": "après-midi|après midi|l'après-midi|dans l'après-midi|aprèm|cet après-midi",
        "evening": "soir|soirée|le soir|en soirée|ce soir",
        "day-end": "fin de journée|fin de la journée|en fin de journée|fin d'après-midi",
    },
    units={
        "day": "jour|jours",
        "week": "semaine|semaines",
        "month": "mois",
        "weekend": "week-end|weekend",
        "workday": "jours ouvrés|jour ouvré|jours ouvrables",
    },
    modifiers={
        "next": "prochain|prochaine|suivant|suivante",
        "this": "ce|cette|cet|courant",
        "early": "début|début de|en début de|au début de|le début de",
        "mid": "milieu de|au milieu de|en milieu de",
        "end": "fin|fin de|fin du|fin de la|la fin de|la fin du|la fin de la|la fin",
        "in": "dans|d'ici|sous|en",
        "ago": "il y a",
        "week-end": "fin de semaine|fin de la semaine|la fin de la semaine",
        "month-end": "fin de mois|fin du mois|la fin du mois",
        "later": "plus tard",
        "week-on": "en huit|d'en huit",
    },
    relations={
        "by": "avant le|pour le|au plus tard|au plus tard le|d'ici|d'ici à|d'ici le|échéance|pour",
        "until": "jusqu'à|jusqu'au|jusqu'en|jusque",
        "through": "jusqu'au inclus",
        "before": "avant",
        "after": "après|à partir de",
        "from": "du|de|dès|depuis|à partir du|à compter du",
        "to": "au|à",
        "or": "ou|sinon",
        "between": "entre",
        "and": "et",
        "at": "à|vers",
    },
    clock={
        "hour": "h|heures|heure",
        "am": "",
        "pm": "",
        "half": "",
        "zone": "heure de|heure",
        "and-30": "et demie|et demi",
        "and-15": "et quart",
        "less-15": "moins le quart|moins quart",
        "onwards": "ou plus tard|ou après",
    },
    noise="idéalement|de préférence|le|la|les|à|au|de|du|en|vers|dans|un|l|d",
    denials="pas|ne|impossible|indisponible|malheureusement",
    instead="sauf|plutôt que|au lieu de|au lieu du|à la place de|à la place du",
    contrasts="mais|plutôt|par contre|cependant|sinon|en revanche",
    moves="déplacer|reporter|décaler|bouger|repousser|avancer|déplace|décale|reporte",
    commands={
        "help": "aide|aidez-moi|aide-moi|commandes|comment ça marche",
        "skip": "passer|sauter|pas aujourd'hui|je passe|passe|sauter aujourd'hui|pas cette fois|pas cette semaine|"
        "ignorer",
        "stop": "arrêter|arrête|arrêtez|désabonner|me désabonner|désinscription|arrêt|désabonnement|suspendre|cesser|"
        "désinscrire",
        "resume": "reprendre|recommencer|redémarrer|réabonner|reprends|reprenez|continuer|de retour|"
        "je suis de retour|commencer",
        "done": "fait|terminé|fini|terminée|faite|terminés|j'ai terminé|j'ai fini|finie|c'est fait|terminées",
        "why": "pourquoi|pourquoi moi|pourquoi est-ce que je reçois ça|pourquoi est-ce que je reçois ce mail|"
        "pourquoi ce mail|pourquoi ai-je reçu ça|pourquoi ai-je reçu ce mail|pourquoi je reçois ça",
        "yes": "oui|ok|d'accord|bien sûr|confirmer|confirmé|ouais|oui merci|volontiers",
        "no": "non|annuler|refuser|non merci",
        "away": "absent|absente|en congé|en congés|congé|congés|en vacances|vacances|pas là|pas disponible|"
        "indisponible|"
        "en déplacement|en rtt|rtt|en repos|hors du bureau|pas au bureau|en congé parental",
        "returning": "de retour|retour|je reviens|je serai de retour|reviens|je rentre|de retour au bureau|"
        "reprise|je reprends",
        "sick": "malade|en arrêt maladie|arrêt maladie|souffrant|souffrante|en arrêt",
        "reminders": "rappels|rappel|rappelle-moi|relances|relance",
        "never": "jamais|aucun|pas de|non|aucune|pas",
        "once": "une fois|un|1|un seul|une",
        "twice": "deux fois|deux|2",
        "inclusive": "inclus|compris|y compris|inclusivement",
        "option": "option|numéro|choix|réponse|la|le|n",
        "of": "tâche|tâches|point|points|numéro|la|le|les",
    },
    asks=ASKS,
    kinds={
        "check-in": "check-in|check-ins|checkin|point quotidien|points quotidiens|quotidien|questions quotidiennes",
        "weekly-update": "point hebdo|point hebdomadaire|hebdo|rapport hebdomadaire",
        "monthly-update": "point mensuel|mensuel|rapport mensuel",
        "quarterly-recap": "bilan trimestriel|trimestriel",
        "one-on-one": "1:1|tête-à-tête|entretien|entretiens",
        "review": "revue|revues",
        "agenda": "ordre du jour|agenda",
        "meeting-notes": "compte rendu|comptes rendus|notes",
        "feedback": "feedback|retours|retour",
        "refinement": "affinage",
        "introduction": "présentation|présentations",
        "retrospective": "rétrospective|rétrospectives|rétro",
        "announcement": "annonce|annonces",
        "poll": "sondage|sondages",
        "pulse": "pouls|baromètre",
        "digest": "digest|récapitulatif",
        "rollup": "bilan hebdomadaire|récap hebdo|rollup",
        "summary": "résumé|résumés",
        "reminders": "rappels|rappel|relances",
        "": "tout|tous|tous les mails|mails|ces mails|e-mails|ces e-mails|ça|les mails",
    },
    politeness="s'il te plaît|s'il vous plaît|stp|svp|merci|bonjour|salut|les|le|la|l|me|moi|maintenant|de|des|du|"
    "m'envoyer|envoyer|d",
    myself="je suis|suis|je serai|serai|je|en|j'ai|je prends|nous sommes|je vais être|encore|toujours",
)
