"""What follows from a series alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import series as rules
from assistant.domain.cadence import Cadence, Frequency
from assistant.domain.calendar import Attendee, Event, Period
from assistant.domain.people import Absence, Person, Team
from assistant.domain.setup import Assistant, Documentarian, Series, Setup

BERLIN = ZoneInfo("Europe/Berlin")
MIA, SAM, ANA = "mia@example.com", "sam@example.com", "ana@example.com"
PEOPLE = {
    MIA: Person(MIA, "Mia", BERLIN),
    SAM: Person(SAM, "Sam", BERLIN, aliases=("samuel@example.com",)),
    ANA: Person(ANA, "Ana", BERLIN),
}
PAIR = Series(
    f"one-on-one.{MIA}.{SAM}", "one-on-one", MIA, (MIA, SAM), Cadence(Frequency.WEEKLY), timedelta(minutes=30)
)
REVIEW = Series(
    "review.product-review", "review", MIA, (MIA, SAM, ANA), Cadence(Frequency.MONTHLY), timedelta(hours=1),
    title="Product review", team="product",
)  # fmt: skip
SETUP = Setup(
    assistant=Assistant("Ada", "ada@example.com", "op@example.com", BERLIN),
    people=PEOPLE,
    teams={"product": Team("product", "Product", (MIA, SAM, ANA), MIA)},
    rounds=(),
    series=(PAIR, REVIEW),
)


def event(*people: str, summary: str = "Catch-up", rrule: str | None = "FREQ=WEEKLY", uid: str = "theirs") -> Event:
    start = datetime(2026, 11, 24, 14, tzinfo=BERLIN)
    return Event(uid, start, timedelta(hours=1), summary, people[0], tuple(map(Attendee, people[1:])), rrule=rrule)


def test_a_uid_is_stable_differs_between_series_and_ends_in_our_domain() -> None:
    uid = rules.uid(PAIR.name, "ada@example.com", b"secret")
    assert uid == rules.uid(PAIR.name, "ada@example.com", b"secret")
    assert uid != rules.uid(REVIEW.name, "ada@example.com", b"secret")
    assert uid.endswith("@example.com")


def test_a_uid_cannot_be_told_from_the_name_of_a_series() -> None:
    assert rules.uid(PAIR.name, "ada@example.com", b"one") != rules.uid(PAIR.name, "ada@example.com", b"another")


def test_a_meeting_is_named_by_the_day_it_first_stood_on() -> None:
    assert rules.meeting_key("x", datetime(2026, 11, 24, 0, 30, tzinfo=BERLIN)) == "meeting/x/2026-11-24"


def test_the_documentarian_rotates_and_passes_over_who_is_away() -> None:
    order, previous = [], None
    for _ in range(4):
        previous = rules.documentarian(REVIEW, previous, set())
        order.append(previous)
    assert order == [MIA, SAM, ANA, MIA]
    assert rules.documentarian(REVIEW, MIA, {SAM}) == ANA
    assert rules.documentarian(REVIEW, MIA, {MIA, SAM, ANA}) is None


def test_the_report_or_the_lead_writes_where_that_was_chosen() -> None:
    def writing(how: Documentarian) -> Series:
        return Series(PAIR.name, PAIR.kind, MIA, (MIA, SAM), PAIR.cadence, PAIR.length, documentarian=how)

    assert rules.documentarian(writing(Documentarian.REPORT), SAM, set()) == SAM
    assert rules.documentarian(writing(Documentarian.LEAD), MIA, set()) == MIA
    assert rules.documentarian(writing(Documentarian.LEAD), MIA, {MIA}) == SAM


@given(st.lists(st.sampled_from("abcde"), min_size=6, max_size=20), st.integers(1, 3))
def test_suggestions_are_never_those_of_the_time_before(groups: list[str], count: int) -> None:
    before: list[int] = []
    for _ in range(8):
        offered = rules.suggest(groups, count, before)
        assert len(offered) == count
        assert not set(offered) & set(before)
        before = offered


def test_three_suggestions_come_from_three_groups_and_all_get_their_turn() -> None:
    groups = [group for group in "abcde" for _ in range(3)]
    seen: set[int] = set()
    before: list[int] = []
    for _ in range(5):
        before = rules.suggest(groups, 3, before)
        assert len({groups[index] for index in before}) == 3
        seen |= set(before)
    assert len(seen) == 15


def test_the_agenda_call_waits_for_the_end_of_the_previous_meeting() -> None:
    start = datetime(2026, 12, 1, 13, tzinfo=UTC)
    assert rules.call_at(start, None) == start - timedelta(days=7)
    assert rules.call_at(start, start - timedelta(days=8)) == start - timedelta(days=7)
    assert rules.call_at(start, start - timedelta(days=6)) == start - timedelta(days=6)


def test_a_nudge_for_a_monday_morning_comes_on_the_friday() -> None:
    monday = datetime(2026, 11, 30, 9, tzinfo=BERLIN)
    wanted, latest = monday - timedelta(hours=24), monday - timedelta(hours=2)
    assert rules.nudge_at(PEOPLE[MIA], wanted, latest, []) == datetime(2026, 11, 27, 16, tzinfo=BERLIN)
    away = [Absence(MIA, date(2026, 11, 27), date(2026, 11, 27))]
    assert rules.nudge_at(PEOPLE[MIA], wanted, latest, away) == datetime(2026, 11, 26, 16, tzinfo=BERLIN)


def test_an_occurrence_may_move_within_its_week_month_or_quarter() -> None:
    day = datetime(2026, 11, 25, 14, tzinfo=BERLIN)

    def room(cadence: Cadence) -> tuple[date, date]:
        period = rules.room_to_move(cadence, day)
        return period.start.astimezone(BERLIN).date(), period.end.astimezone(BERLIN).date()

    assert room(Cadence(Frequency.WEEKLY)) == (date(2026, 11, 23), date(2026, 11, 30))
    assert room(Cadence(Frequency.WEEKLY, 2)) == (date(2026, 11, 23), date(2026, 12, 7))
    assert room(Cadence(Frequency.MONTHLY)) == (date(2026, 11, 1), date(2026, 12, 1))
    assert room(Cadence(Frequency.QUARTERLY)) == (date(2026, 10, 1), date(2027, 1, 1))


def test_what_recurs_keeps_its_wall_clock() -> None:
    start = datetime(2026, 3, 23, 14, tzinfo=BERLIN)
    period = Period(datetime(2026, 3, 23, tzinfo=UTC), datetime(2026, 4, 7, tzinfo=UTC))
    found = list(rules.recurs(start, "FREQ=WEEKLY;BYDAY=MO", period))
    assert [moment.hour for moment in found] == [14, 14, 14]
    assert list(rules.recurs(start, None, period)) == [start]


def test_a_meeting_of_exactly_the_two_is_adopted_under_any_address() -> None:
    third = event(MIA, SAM, ANA)
    once = event(MIA, SAM, rrule=None)
    theirs = event(MIA, "samuel@example.com")
    found = rules.Adoptable([third, once, theirs], SETUP)
    assert found.take(PAIR) == theirs
    assert found.take(PAIR) is None, "each is taken once"
    assert rules.Adoptable([theirs], SETUP, {"theirs"}).take(PAIR) is None


def test_a_review_is_adopted_by_its_title_or_by_team_and_people() -> None:
    def adopted(one: Event) -> bool:
        return rules.Adoptable([one], SETUP).take(REVIEW) is not None

    assert adopted(event(MIA, SAM, summary="product REVIEW"))
    assert adopted(event(MIA, SAM, ANA, summary="Monthly review of product"))
    assert not adopted(event(MIA, SAM, ANA, summary="Lunch"))
    assert not adopted(event("x@example.org", summary="Product review"))
    assert not adopted(event("ada@example.com", MIA, SAM, ANA, summary="Product review"))
