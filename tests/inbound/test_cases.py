"""Replies to our own prompts, by every mail program and in many ways of writing, are read exactly, or asked about."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.inbound.casebook import cases, expanded, judge, programs, raw_mail, read

EXACT = 0.97
LEAST = 400


def test_replies_to_our_prompts_are_read_exactly_and_nothing_is_put_where_it_was_not_said() -> None:
    read_right = mails = wrong = expected = right = 0
    misses: list[str] = []
    for case, program in expanded():
        _, found, acts = read(case, raw_mail(case, program))
        result = judge(case, found, acts)
        mails += 1
        wrong += len(result.wrong)
        if not case.doubtful:
            expected += len(case.answers)
            right += result.right
        if result.missing or result.wrong:
            misses.append(f"{case.name} by {program}: missing {result.missing}, wrong {result.wrong}")
        else:
            read_right += 1
    print(f"{mails} replies, {read_right} exact; {right} of {expected} answers exact; {wrong} wrong above the floor")
    print(*misses, sep="\n")
    assert mails >= LEAST
    assert wrong == 0, "\n".join(misses)
    assert read_right >= EXACT * mails, "\n".join(misses)
    assert right >= EXACT * expected


def test_every_program_of_the_book_sends_some_reply() -> None:
    used = Counter(program for _, program in expanded())
    assert set(programs(False)) == set(used)


@pytest.mark.parametrize("kind", ["check-in", "weekly-update", "agenda-call", "meeting-notes", "meeting-feedback"])
def test_every_kind_of_prompt_has_replies_written_by_hand(kind: str) -> None:
    assert sum(kind in case.prompt for case in cases()) >= 10
