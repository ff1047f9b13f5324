"""What the people of the quarter say day by day, in their own words."""

from __future__ import annotations

DONE = {
    "mia": [
        "Talked to three harbours about the season",
        "Signed the contract with the ferry line",
        "Went through the prices with finance",
        "Wrote the plan for the spring fair",
        "Two interviews for the open role",
        "Answered the letters of the port office",
        "Prepared the review of the quarter",
    ],
    "sam": [
        "Imported the harbours of the east coast",
        "Rewrote the sign-up form (#KR1)",
        "Fixed the double bookings",
        "Load test with 400 users",
        "Paired with Ana on the seat map",
        "Cleaned up the import of last year",
        "Moved the newsletter to the new sender",
    ],
    "ana": [
        "Drew the new seat map",
        "Talked to five customers",
        "Tested the checkout on old phones",
        "Finished the pictures for the fair",
        "Sorted the feedback of January",
        "Wrote the texts of the help pages",
    ],
    "ines": [
        "Translated the order pages",
        "Answered 40 tickets",
        "Set up the survey for small harbours",
        "Called back everybody who gave up at the payment",
        "Cut the answer time to five hours",
        "Wrote three answers for the help pages",
    ],
    "tom": [
        "Built the invoice export",
        "Repaired the nightly report",
        "Moved two customers to the new plan",
        "Reviewed Sam's import",
        "Wrote down how invoices work",
    ],
    "lena": [
        "Wartungsfenster mit dem Rechenzentrum vereinbart",
        "Das neue Netz für die Waage geplant",
        "Bewerbungen gelesen, zwei Gespräche geführt",
        "Kosten der Server geprüft, 8 % gespart",
        "Notfallplan überarbeitet",
    ],
    "ravi": [
        "Moved the database to the new host",
        "Added alerts for slow queries",
        "Restored a backup as a test",
        "Brought the deploy down to six minutes",
        "Cleared out old certificates",
        "Fixed the flaky test of the payment",
    ],
    "jonas": [
        "Logs of the ferry gateway sorted",
        "New staging machine is up",
        "Patched the mail server",
        "Wrote the runbook for outages",
        "Measured the start page: 1.4 s",
    ],
    "zoe": [
        "Read myself through the help pages",
        "First fix is live, a date on the invoice",
        "Sat with Ines on the tickets",
        "Built the filter for small harbours",
        "Added tests for the seat map",
    ],
}
NEXT = {
    "mia": ["Fair plan with Ana", "Numbers for the board", "The second harbour contract", "Interviews"],
    "sam": ["The next coast", "Finish the form", "Review for Tom", "Load test again"],
    "ana": ["Seat map on phones", "Two more customer talks", "Pictures for the site"],
    "ines": ["Tickets, then the survey", "Spanish pages", "Call the port of Vigo"],
    "tom": ["Invoices for ferries", "The report again", "Pair with Zoe"],
    "lena": ["Netzplan abschließen", "Gespräch mit dem Rechenzentrum", "Budget für das zweite Quartal"],
    "ravi": ["Second database", "Alert texts", "Faster tests"],
    "jonas": ["Staging for the payment team", "Patches", "Alarm drill"],
    "zoe": ["Tests for the filter", "Pair with Tom", "The help pages for invoices"],
}
IN_THE_WAY = {
    "sam": [
        "The staging database is down",
        "Waiting for the test accounts of the ferry line, needs 20 minutes with Ravi",
    ],
    "ines": ["I cannot see the payment logs"],
    "jonas": ["The data centre does not answer"],
    "lena": ["Die Freigabe vom Einkauf fehlt"],
    "zoe": ["My account for the ticket system does not work"],
}
POINTS = {
    "mia": ["How the season is planned", "Who looks after the newcomers", "Your wishes for the next months"],
    "sam": ["More time for the import", "A course in statistics", "Who answers on weekends"],
    "ana": ["My move to four days", "A second designer", "The conference in May"],
    "ines": ["Too many tickets on Mondays", "Learning more about payments", "The tone with the port office"],
    "tom": ["What comes after the invoices", "Handing over the report", "Working from Hamburg in summer"],
    "lena": ["Bereitschaft am Wochenende", "Das Budget für Server", "Eine Stelle mehr im Herbst"],
    "ravi": ["On-call every third week", "A talk at the database meeting", "Growing into a lead"],
    "jonas": ["The old mail server", "Training in security", "My holidays in June"],
    "zoe": ["How I am doing so far", "A bigger piece of work", "Reviews take long"],
}
KEPT = ["Trying it for four weeks", "We look at it again next time", "Short notes are enough"]
ACTIONS = [
    "{me}: write down how we answer on weekends by Friday",
    "{me}: ask finance about the course",
    "{me}: show the numbers to the team by next Wednesday",
]
ACTIONS_DE = ["{me}: die Bereitschaft neu einteilen bis Freitag", "{me}: das Budget prüfen"]
PULSE = ["8, good people around me", "7", "9, the fair was fun", "8", "6, a lot at once", "8, calm weeks"]
PROUD = {
    "mia": ["The contract with the ferry line"],
    "sam": ["The import of the whole coast"],
    "ana": ["The seat map"],
    "ines": ["Five hours to the first answer"],
    "lena": ["Drei Übungen ohne Panne"],
    "ravi": ["The new database host"],
    "jonas": ["Only two outages"],
    "zoe": ["My first filter is live"],
}
LEARNED = {name: ["Ask earlier"] for name in PROUD} | {
    "lena": ["Weniger planen, mehr üben"],
    "sam": ["Adverts bring nobody, fairs do"],
    "zoe": ["What a berth is"],
}
CELEBRATE = {name: ["Sam, for the import"] for name in PROUD} | {
    "lena": ["Ravi für den Umzug der Datenbank"],
    "ravi": ["Jonas, for the runbook"],
    "jonas": ["Ravi, for calm nights"],
    "sam": ["Ana, for the seat map"],
    "zoe": ["Ines, who had an answer to everything"],
}
GOODBYE = {
    "mia": ["Tom, thank you for five years. The invoices will miss you, and so will I."],
    "sam": ["You taught me to read other people's code. Thank you."],
    "ana": ["I will miss our lunches. Come by when you are in Madrid."],
    "ines": ["Nobody explained invoices as well as you."],
    "zoe": ["Thank you for six good weeks."],
}
