"""The engine: words are annotated with pieces, pieces combined by rules, the best cover chosen.

Knows nothing about workshops. A piece remembers the rule and the parts that it was made from, so
that a reading can be explained.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """Words [start, end) and what they mean: a kind, a value, and where that came from."""

    kind: str
    value: object
    start: int
    end: int
    rule: str
    parts: tuple[Piece, ...] = ()
    weight: float = 1.0

    @property
    def width(self) -> int:
        """How many words it stands on."""
        return self.end - self.start

    def holds(self, other: Piece) -> bool:
        """Whether it stands on all words of another."""
        return self.start <= other.start and other.end <= self.end

    def outweighs(self, other: Piece) -> bool:
        """Whether it stands on all words of another, and on more."""
        return self.holds(other) and (self.start < other.start or other.end < self.end)


@dataclass(frozen=True, slots=True)
class Rule:
    """Neighbouring pieces of these kinds make a new one; `make` may refuse by giving `None`.

    A kind in `pattern` may list alternatives: "ordinal|number". A tight rule lets no glue word
    stand between the pieces.
    """

    name: str
    pattern: tuple[str, ...]
    kind: str
    make: Callable[..., object | None]
    weight: float = 1.05
    tight: bool = False


def covered(pieces: Iterable[Piece]) -> set[int]:
    """The places of all words that the pieces stand on."""
    return {at for p in pieces for at in range(p.start, p.end)}


class Chart:
    """All pieces found so far, by the word they start at."""

    def __init__(
        self, pieces: Iterable[Piece], glue: Sequence[bool], apart: Sequence[bool]
    ) -> None:
        """Glue words (the, of …) may stand between two pieces that a rule joins.

        `apart` marks words before which a tight rule joins nothing.
        """
        self._apart = (*apart, True)
        self._starting: list[list[Piece]] = [[] for _ in range(len(glue) + 1)]
        self._seen: set[tuple[str, object, int, int]] = set()
        self._next = _skips(glue)
        for piece in pieces:
            self.add(piece)

    def add(self, piece: Piece) -> bool:
        """Add a piece unless the same one is there."""
        key = (piece.kind, piece.value, piece.start, piece.end)
        if key in self._seen:
            return False
        self._seen.add(key)
        self._starting[piece.start].append(piece)
        return True

    def pieces(self) -> list[Piece]:
        """All pieces, by start."""
        return [p for here in self._starting for p in here]

    def runs(
        self, first: Piece, pattern: Sequence[frozenset[str]], *, tight: bool
    ) -> Iterable[tuple[Piece, ...]]:
        """Every row of neighbours that begins with `first` and fits the rest of the pattern."""
        if not pattern:
            yield (first,)
            return
        if tight and self._apart[first.end]:
            return
        for position in self._next[first.end][: 1 if tight else None]:
            for piece in self._starting[position]:
                if piece.kind in pattern[0]:
                    for rest in self.runs(piece, pattern[1:], tight=tight):
                        yield (first, *rest)


def _skips(glue: Sequence[bool]) -> list[tuple[int, ...]]:
    """For each position, where a neighbour may begin: there, or behind glue words."""
    count = len(glue)
    skips: list[tuple[int, ...]] = [()] * (count + 1)
    for at in range(count - 1, -1, -1):
        skips[at] = (at, *skips[at + 1]) if glue[at] else (at,)
    return skips


class Grammar:
    """Rules in layers; each layer sees what the layers before it have made."""

    def __init__(self, layers: Sequence[Sequence[Rule]]) -> None:
        """Index each layer's rules by the kinds that may come first."""
        self._layers: list[dict[str, list[tuple[Rule, tuple[frozenset[str], ...]]]]] = []
        for rules in layers:
            by_first: dict[str, list[tuple[Rule, tuple[frozenset[str], ...]]]] = {}
            for rule in rules:
                pattern = tuple(frozenset(k.split("|")) for k in rule.pattern)
                for kind in pattern[0]:
                    by_first.setdefault(kind, []).append((rule, pattern[1:]))
            self._layers.append(by_first)

    def combine(self, chart: Chart) -> None:
        """Let every layer add its pieces to the chart, from right to left."""
        for by_first in self._layers:
            waiting = chart.pieces()
            while waiting:
                first = waiting.pop()
                for rule, rest in by_first.get(first.kind, ()):
                    for parts in list(chart.runs(first, rest, tight=rule.tight)):
                        value = rule.make(*(p.value for p in parts))
                        if value is not None:
                            made = _joined(rule, value, parts)
                            if chart.add(made):
                                waiting.append(made)


def _joined(rule: Rule, value: object, parts: tuple[Piece, ...]) -> Piece:
    return Piece(rule.kind, value, parts[0].start, parts[-1].end, rule.name, parts, rule.weight)


def cover(pieces: Iterable[Piece], count: int) -> tuple[Piece, ...]:
    """The pieces without overlap that explain the most words with the fewest, heaviest pieces."""
    ending: list[list[Piece]] = [[] for _ in range(count + 1)]
    for piece in pieces:
        ending[piece.end].append(piece)
    best: list[tuple[float, Piece | None]] = [(0.0, None)] * (count + 1)
    for at in range(1, count + 1):
        best[at] = (best[at - 1][0], None)
        for piece in ending[at]:
            width = piece.end - piece.start
            score = best[piece.start][0] + width * piece.weight + 0.5 * (width - 1)
            if score > best[at][0]:
                best[at] = (score, piece)
    chosen: list[Piece] = []
    at = count
    while at > 0:
        piece_here = best[at][1]
        if piece_here is None:
            at -= 1
        else:
            chosen.append(piece_here)
            at = piece_here.start
    return tuple(reversed(chosen))
