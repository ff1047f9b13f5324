"""Somebody at a terminal who signs in."""

from __future__ import annotations


class Terminal:
    """Answers in turn, and remembers what was said."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.secret: list[str] = []
        self.said: list[str] = []

    def ask(self, question: str, *, default: str = "", secret: bool = False) -> str:
        answer = self.answers.pop(0) or default
        self.secret += [answer] if secret else []
        return answer

    def say(self, text: str) -> None:
        self.said.append(text)
