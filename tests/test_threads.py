"""A provider that hangs holds up nobody but itself; when it comes back nothing is lost and nothing doubled."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant import config
from assistant.daemon import Daemon
from assistant.store import outbox
from assistant.wiring import open_house
from tests.journeys import day
from tests.stepped import MINUTE, NINE, OTHER, Office, working
from tests.test_daemon import CONFIG


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with working(tmp_path) as made:
        yield made


def test_while_one_account_hangs_mail_of_the_other_is_answered_and_timers_fire(office: Office) -> None:
    office.other.gate.shut = {"fetch"}
    office.until(lambda: "account other, reading" in office.daemon.network.under_way())
    office.write(OTHER, "while-it-hung")
    office.write(day.ADA, "meanwhile")
    office.until(lambda: office.received(day.SAM, "help") == 1)
    office.now = NINE + 2 * MINUTE
    office.until(lambda: office.received(day.MIA, "check-in") == 1)
    assert "account other, reading" in office.daemon.network.under_way()

    office.other.gate.open()
    office.until(lambda: office.rows("SELECT 1 FROM inbound WHERE provider_id = 'while-it-hung' AND state = 'applied'"))
    office.settle()
    assert office.rows("SELECT count(*), count(DISTINCT sha256) FROM inbound") == [(2, 2)]
    assert office.received(day.MIA, "check-in") == 1


def test_a_mail_whose_server_hangs_is_in_flight_once_and_not_looked_for_meanwhile(office: Office) -> None:
    office.main.gate.shut = {"send"}
    office.write(day.ADA, "first")
    office.until(lambda: "send" in office.main.gate.calls)
    office.now += 10 * MINUTE
    office.settle()
    assert office.main.gate.calls.count("send") == 1
    assert "find_sent" not in office.main.gate.calls
    (on_disk,) = office.rows("SELECT count(*) FROM outbox WHERE state = 'submitting'")
    assert on_disk == (1,), "the one that is being handed over, nothing else"

    office.main.gate.open()
    office.until(lambda: office.received(day.SAM, "help") == 1)
    office.settle()
    ids = [str(mail["Message-ID"]) for who in day.PEOPLE for mail in day.mails(office.house.config.data, who)]
    assert len(ids) == len(set(ids)) == office.main.gate.calls.count("send")
    assert office.rows("SELECT DISTINCT state FROM outbox") == [("sent",)]


def test_what_is_noted_after_a_long_call_has_the_time_of_its_answer(office: Office) -> None:
    office.main.gate.shut = {"send"}
    office.write(day.ADA, "first")
    office.until(lambda: "send" in office.main.gate.calls)
    office.now += 10 * MINUTE
    office.main.gate.open()
    office.until(lambda: office.received(day.SAM, "help") == 1)
    office.settle()
    (first,) = office.rows("SELECT sent_at FROM outbox ORDER BY id LIMIT 1")
    assert first == (office.now.strftime("%Y-%m-%dT%H:%M:%SZ"),)


def test_while_the_calendar_hangs_mail_goes_on_and_then_each_meeting_stands_once(office: Office) -> None:
    office.calendar.gate.shut = {"free_busy"}
    office.now = NINE
    office.until(lambda: "calendar main, reading" in office.daemon.network.under_way())
    office.write(day.ADA, "meanwhile")
    office.until(lambda: office.received(day.SAM, "help") == 1)
    office.settle()
    assert office.calendar.gate.calls.count("free_busy") == 1

    office.calendar.gate.open()
    office.until(lambda: office.rows("SELECT 1 FROM calendar_outbox WHERE state = 'done'"))
    office.settle()
    series = len(office.house.desk.setup.series)
    assert office.rows("SELECT count(*), count(DISTINCT series) FROM calendar_outbox") == [(series, series)]
    assert office.calendar.gate.calls.count("upsert") == series


def test_nothing_is_planned_on_what_another_team_needed_to_know(office: Office) -> None:
    """Somebody joins a meeting while the server is asked who is free: it is asked again before anything is placed."""
    office.calendar.gate.shut = {"free_busy"}
    office.now = NINE
    office.until(lambda: "free_busy" in office.calendar.gate.calls)
    text = office.house.config.path.read_text(encoding="utf-8")
    new = "  - {name: Ana Ruiz, email: ana@example.com, zone: UTC, team: product}\nrounds:"
    office.house.config.path.write_text(text.replace("rounds:", new), encoding="utf-8")
    office.daemon._reload(office.house, office.now, lambda _: nullcontext())
    office.house.calendars = {"main": office.calendar}
    office.calendar.gate.open()
    office.until(lambda: office.rows("SELECT 1 FROM calendar_outbox WHERE series LIKE '%ana%'"))
    assert office.calendar.gate.calls.count("free_busy") >= 2


def test_a_new_configuration_waits_for_what_is_under_way_and_then_has_its_own_adapters(office: Office) -> None:
    office.main.gate.shut = {"send"}
    office.write(day.ADA, "first")
    office.until(lambda: "send" in office.main.gate.calls)
    with office.house.config.path.open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    office.until(lambda: office.house.mail["main"] is not office.main)
    office.settle()
    assert "sent" not in outbox.counts(office.house.db), "the old one may still be handing over"
    office.main.gate.open()
    office.until(lambda: office.received(day.SAM, "help") == 1)
    office.write(day.ADA, "second", day.MIA)
    office.until(lambda: office.received(day.MIA, "help") == 1)
    assert office.main.gate.calls.count("send") == 1, "what came after went the new way"


HANGING = """
import sys, threading
from pathlib import Path
from assistant import config
from assistant.adapters.local import LocalMail
from assistant.daemon import Daemon, log_to_stderr
from assistant import clock
from assistant.wiring import open_house

class Hanging(LocalMail):
    def send(self, mail):
        Path(sys.argv[2]).touch()
        threading.Event().wait()

settings = config.load(Path(sys.argv[1]))
log_to_stderr()
with open_house(settings, clock.now()) as house:
    house.mail = {"main": Hanging(settings.data, "ada@example.com")}
    Daemon(house).run()
"""


@contextmanager
def hanging(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A daemon whose first mail hangs on its way out."""
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    words = [sys.executable, "-c", HANGING, str(folder / "config.yaml"), str(folder / "sending")]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(600):
            if (folder / "sending").exists():
                break
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait()


def test_sigterm_ends_a_daemon_whose_server_hangs_and_the_mail_is_in_doubt_then(tmp_path: Path) -> None:
    with hanging(tmp_path) as process:
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=10)
        assert process.returncode == 0
        assert "account main, sending" in errors.splitlines()[-1]
    known = config.load(tmp_path / "config.yaml")
    with open_house(known, day.SUNDAY) as house:
        counts = outbox.counts(house.db)
        assert counts["submitting"] == 1
        assert set(counts) == {"submitting", "ready"}
        made = Daemon(house, lambda: datetime.now(UTC).replace(microsecond=0))  # noqa: TID251 - as the one that was stopped
        made.start()
        for _ in range(400):
            if set(outbox.counts(house.db)) == {"sent"}:
                break
            made.step(0.05)
        made.network.close()
        assert outbox.counts(house.db) == {"sent": sum(counts.values())}
    ids = [str(mail["Message-ID"]) for who in day.PEOPLE for mail in day.mails(known.data, who)]
    assert len(ids) == len(set(ids)) == sum(counts.values())


def test_stopping_in_a_burst_leaves_no_mail_in_doubt_that_never_left(office: Office) -> None:
    office.main.gate.shut = {"send"}
    office.now = NINE + MINUTE
    office.until(lambda: "send" in office.main.gate.calls)
    office.settle()
    assert outbox.counts(office.house.db)["ready"] >= 2, "a burst"
    office.daemon.network.close()
    office.main.gate.open()
    for _ in range(100):
        if not office.daemon.network.under_way():
            break
        office.daemon.step(0.05)
    counts = outbox.counts(office.house.db)
    assert counts["sent"] == 1 and "submitting" not in counts
    assert office.main.gate.calls.count("send") == 1
