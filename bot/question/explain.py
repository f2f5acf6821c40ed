"""How a question was read, line by line, for whoever wants to know why it was answered so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from bot.question import Reading
from bot.question.grammar import Piece


def explained(reading: Reading) -> Iterator[str]:
    """The query, its frame, and each piece with the rule that made it."""
    yield f"read as: {reading.query}"
    if reading.second is not None:
        yield f"and as: {reading.second}"
    yield f"frame: {reading.frame}"
    for typed, meant in reading.mended:
        yield f"mended: {typed} -> {meant}"
    for piece in sorted(reading.pieces, key=lambda p: (p.start, -p.end)):
        yield from _piece(reading, piece, 1)
    if reading.unread:
        yield f"unread: {', '.join(reading.unread)}"


def _piece(reading: Reading, piece: Piece, depth: int) -> Iterator[str]:
    """A piece with its words and rule, then the pieces that it was made from."""
    words = " ".join(w.text for w in reading.words[piece.start : piece.end])
    yield f"{'  ' * depth}“{words}” {piece.kind}: {_value(piece.value)} (rule: {piece.rule})"
    for part in piece.parts:
        yield from _piece(reading, part, depth + 1)


def _value(value: object) -> str:
    """A value as it says itself, or by the fields of it that aren't left at their defaults."""
    if not is_dataclass(value) or type(value).__str__ is not object.__str__:
        return str(value)
    said = {f.name: getattr(value, f.name) for f in fields(value)}
    kept = [f for f in fields(value) if said[f.name] != f.default]
    return ", ".join(f"{f.name} {said[f.name]}" for f in kept)
