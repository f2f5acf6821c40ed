"""Guessing which known word a mistyped one was meant to be."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


def nearest(word: str, known: Collection[str], at_least: float = 0.6) -> str:
    """The known word that comes nearest, or the empty text if none is alike `at_least` so much."""
    import difflib  # noqa: PLC0415 - only needed when something is misspelt

    return next(iter(difflib.get_close_matches(word[:80], known, 1, at_least)), "")


def suggest(word: str, known: Collection[str]) -> str:
    """The nearest known word as the tail of a sentence, or nothing."""
    near = nearest(word, known)
    return f' (did you mean "{near}"?)' if near else ""


@dataclass(slots=True)
class Adviser:
    """Gives suggestions while patience lasts: one missing file can make 40,000 ids unknown."""

    patience: int = 100_000  # in words compared, at some 20 µs each

    def nearest(self, word: str, known: Collection[str]) -> str:
        """As `nearest`, or the empty text once too many words have been compared."""
        self.patience -= len(known)
        return nearest(word, known) if self.patience >= 0 else ""

    def suggest(self, word: str, known: Collection[str]) -> str:
        """As `suggest`, or nothing once too many words have been compared."""
        self.patience -= len(known)
        return suggest(word, known) if self.patience >= 0 else ""
