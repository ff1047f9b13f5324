"""Zones by what people call them: "Europe/Lisbon", "Lisbon", "New York", "Lissabon", "CET"."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from assistant.inbound.clocks import ABBREVIATIONS, cities
from assistant.inbound.words.fold import words

_ALSO = {
    "Europe/Berlin": "munich münchen hamburg cologne köln frankfurt stuttgart leipzig dresden berlino berlim berlijn",
    "Europe/Vienna": "wien vienne viena wenen graz salzburg linz",
    "Europe/Zurich": "zürich geneva genf genève basel bern berne lausanne zurigo ginevra",
    "Europe/Paris": "lyon marseille toulouse nantes bordeaux lille nice strasbourg parigi parijs",
    "Europe/London": "londres londra londen manchester edinburgh birmingham leeds bristol glasgow cambridge oxford",
    "Europe/Lisbon": "lissabon lisbonne lisboa lisbona porto oporto",
    "Europe/Madrid": "barcelona valencia sevilla seville málaga bilbao",
    "Europe/Rome": "rom roma milan milano mailand turin torino naples napoli florence firenze bologna venice venezia",
    "Europe/Amsterdam": "rotterdam utrecht eindhoven haag",
    "Europe/Brussels": "brüssel bruxelles brussel antwerp antwerpen gent ghent bruselas",
    "Europe/Prague": "prag praga praha brno",
    "Europe/Warsaw": "warschau varsovie warszawa kraków krakow krakau gdansk wroclaw varsovia",
    "Europe/Copenhagen": "kopenhagen copenhague københavn aarhus",
    "Europe/Stockholm": "gothenburg göteborg malmö stoccolma",
    "Europe/Athens": "athen athènes atenas atene",
    "Europe/Bucharest": "bukarest bucarest cluj",
    "Europe/Moscow": "moskau moscou mosca",
    "Europe/Kyiv": "kiev kiew lviv",
    "Europe/Istanbul": "ankara izmir estambul",
    "America/New_York": "boston washington miami philadelphia atlanta nyc",
    "America/Los_Angeles": "seattle portland oakland la",
    "America/Chicago": "austin dallas houston minneapolis",
    "America/Denver": "boulder",
    "America/Toronto": "ottawa",
    "America/Sao_Paulo": "rio brasilia curitiba campinas",
    "America/Argentina/Buenos_Aires": "cordoba",
    "Asia/Kolkata": "bangalore bengaluru mumbai delhi chennai hyderabad pune calcutta",
    "Asia/Shanghai": "beijing peking pékin shenzhen guangzhou",
    "Asia/Tokyo": "osaka kyoto tokio",
    "Asia/Jerusalem": "haifa",
    "Asia/Singapore": "singapur singapour singapura",
    "Asia/Ho_Chi_Minh": "hanoi saigon",
    "Africa/Johannesburg": "pretoria durban",
    "Australia/Sydney": "canberra",
}
_PHRASES = {
    "America/Los_Angeles": "san francisco|san diego|silicon valley|los ángeles",
    "America/New_York": "nueva york|nova iorque|nova york|new york city",
    "Asia/Kolkata": "new delhi",
    "Africa/Johannesburg": "cape town|kapstadt",
    "Europe/Amsterdam": "the hague|den haag",
    "Asia/Jerusalem": "tel aviv",
}
_COUNTRIES = {
    "portugal": "Europe/Lisbon",
    "germany": "Europe/Berlin",
    "deutschland": "Europe/Berlin",
    "france": "Europe/Paris",
    "italy": "Europe/Rome",
    "italien": "Europe/Rome",
    "italia": "Europe/Rome",
    "spain": "Europe/Madrid",
    "spanien": "Europe/Madrid",
    "austria": "Europe/Vienna",
    "österreich": "Europe/Vienna",
    "switzerland": "Europe/Zurich",
    "schweiz": "Europe/Zurich",
    "japan": "Asia/Tokyo",
    "india": "Asia/Kolkata",
    "indien": "Asia/Kolkata",
    "uk": "Europe/London",
    "england": "Europe/London",
    "ireland": "Europe/Dublin",
    "poland": "Europe/Warsaw",
    "polen": "Europe/Warsaw",
    "greece": "Europe/Athens",
    "netherlands": "Europe/Amsterdam",
}
"""Countries of one zone, but for islands."""


@cache
def _names() -> dict[tuple[str, ...], str]:
    known = {words(name): name for name in sorted(available_timezones()) if "/" in name and not name.startswith("Etc")}
    for city, name in cities().items():
        known.setdefault(words(city), name)
    for table, separator in ((_ALSO, " "), (_PHRASES, "|")):
        for name, written in table.items():
            known.update({words(word): name for word in written.split(separator)})
    known.update({words(word): name for word, name in _COUNTRIES.items()})
    return {**known, ("utc",): "UTC", ("gmt",): "UTC"}


def zone_of(text: str) -> str | None:
    """The zone that a text names and nothing else."""
    said = text.strip(" .,;:()!\"'")
    return ABBREVIATIONS.get(said) or _names().get(words(said.replace("_", " ")))
