"""What the words of a question hold, sorted: the cover of firm pieces, and soft cues beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.question import things, times
from bot.question.grammar import Chart, Grammar, Piece, cover, covered
from bot.question.language import MEANING, Language, WordLists
from bot.question.names import Names
from bot.question.words import Word


SOFT = frozenset(
    [
        "subject",
        "detail",
        "author_cue",
        "call",
        "milestone",
        "scope",
        "decline",
        "help",
        "greeting",
        "thanks",
        "bye",
        "leaning",
        "proviso",
        "gives",
        "correction",
        "running",
        "superlative",
        "polar",
        "only",
        "origin",
        "pronoun",
        "other",
        "track",
    ]
)
"""Cues that may share their words with others; all but those inside a longer one count."""

_GRAMMAR = Grammar(
    (
        times.FIRST_RULES,
        times.SECOND_RULES,
        things.THING_RULES,
        things.NUMBER_RULES,
        things.BEFORE_RULES,
        things.BEHIND_RULES,
        things.MORE_RULES,
        things.BESIDE_RULES,
    )
)
_PHRASES = frozenset(
    {"want", "near", "exists", "which", "time", "from now", "quantity", "in part", "on day"}
)
_NAMES = frozenset({"person", "org", "room", "event", "track"})
"""Names whose words are no content words."""

_PARTS = frozenset({"once", "ended", "edge"})
"""Pieces that mean something only inside a wider one."""

_CONTENT = frozenset({"subject", "detail", "author_cue", "milestone", "call", "scope", "decline"})


@dataclass(frozen=True, eq=False)
class Slots:
    """A question taken apart.

    `terms` are content words that the records use (at `places`), those of them that talks use are
    `in_talks`, and those that titles use `in_titles`; `absent` are words that neither the records nor the language know, `light` those
    that are common words and no more.
    """

    words: tuple[Word, ...]
    language: Language
    firm: tuple[Piece, ...]
    soft: tuple[Piece, ...]
    terms: tuple[Word, ...]
    absent: tuple[Word, ...]
    light: tuple[Word, ...] = ()
    places: tuple[int, ...] = ()
    in_talks: frozenset[str] = frozenset()
    in_titles: frozenset[str] = frozenset()
    hints: tuple[str, ...] = ()

    @cached_property
    def lists(self) -> WordLists:
        """The plain words of the question's language."""
        return self.language.lists

    @cached_property
    def _folded(self) -> frozenset[str]:
        return frozenset(w.folded for w in self.words)

    def says(self, words: frozenset[str]) -> bool:
        """Whether one of these words stands in the question."""
        return not words.isdisjoint(self._folded)

    @cached_property
    def _by_kind(self) -> dict[str, list[Piece]]:
        found: dict[str, list[Piece]] = {}
        for p in (*self.firm, *self.soft):
            found.setdefault(p.kind, []).append(p)
        return found

    def values(self, kind: str) -> list[object]:
        """The values of the pieces of a kind, in order, each once."""
        return list(dict.fromkeys(p.value for p in self._by_kind.get(kind, ())))

    def has(self, kind: str, *values: object) -> bool:
        """Whether a piece of the kind (with one of the values, if given) is there."""
        here = self._by_kind.get(kind, ())
        return any(p.value in values for p in here) if values else bool(here)

    def width(self, kind: str) -> int:
        """The words of the widest piece of a kind; 0 if there is none."""
        return max((p.end - p.start for p in self._by_kind.get(kind, ())), default=0)

    def outside(self, *kinds: str) -> tuple[Word, ...]:
        """The terms that stand outside all firm pieces of these kinds."""
        inside = covered(self.pieces(*kinds))
        return tuple(self.words[i] for i in self.places if i not in inside)

    def pieces(self, *kinds: str) -> list[Piece]:
        """The pieces of these kinds, in order."""
        if len(kinds) == 1:
            return self._by_kind.get(kinds[0], [])
        found = [p for kind in kinds for p in self._by_kind.get(kind, ())]
        return sorted(found, key=lambda p: p.start)


def slots(words: tuple[Word, ...], language: Language, names: Names) -> Slots:
    """Annotate, combine and cover."""
    phrases = [p for p in language.annotate(words) if not _asks_itself(p, words, language)]
    named = list(names.annotate(words))
    firm_words = covered(p for p in phrases if p.kind not in SOFT and p.width == 1)
    named_words = covered(p for p in named if p.kind in _NAMES)
    known = [names.knows(w) for w in words]
    sides = covered(
        p
        for p in phrases
        if p.kind == "detail" and (p.value in language.musts or p.value == MEANING)
    )
    is_term = [
        known[i]
        and i not in sides
        and i not in firm_words
        and i not in named_words
        and not _plain(w, language)
        and not w.folded.isdigit()
        for i, w in enumerate(words)
    ]
    glue = [w.base in language.glue for w in words]
    chart = Chart(
        [
            *(p for p in (*phrases, *named) if p.kind not in SOFT),
            *times.annotate(words, language.lists),
            *things.annotate(words, is_term),
        ],
        glue,
        [w.apart for w in words],
    )
    _GRAMMAR.combine(chart)
    firm = cover((p for p in chart.pieces() if p.kind not in _PARTS), len(words))
    coded = covered(p for p in firm if p.kind != "code")
    phrased = covered(p for p in firm if p.kind in _PHRASES)
    soft = _widest([p for p in (*phrases, *named) if p.kind in SOFT], firm)
    places = tuple(i for i, yes in enumerate(is_term) if yes and i not in phrased)
    hints = {
        i: w.stem
        for i, w in enumerate(words)
        if not known[i]
        and not _plain(w, language)
        and not names.talk_stems.isdisjoint(language.alike.get(w.stem, ()))
    }
    return Slots(
        words=words,
        language=language,
        firm=firm,
        soft=soft,
        terms=tuple(words[i] for i in places),
        absent=tuple(
            w
            for i, w in enumerate(words)
            if not known[i]
            and i not in hints
            and _is_absent(w, language)
            and not (w.folded[0].isdigit() and i in coded)
        ),
        light=tuple(
            w
            for i, w in enumerate(words)
            if not known[i] and w.base in language.common and w.base not in language.words
        ),
        places=places,
        in_talks=frozenset(words[i].stem for i in places if words[i].stem in names.talk_stems),
        in_titles=frozenset(words[i].stem for i in places if words[i].stem in names.title_stems),
        hints=tuple(dict.fromkeys(hints.values())),
    )


def _asks_itself(p: Piece, words: tuple[Word, ...], language: Language) -> bool:
    """Whether "when" asks for a time by itself: no other question word stands behind it."""
    asking = language.lists
    if p.kind != "once" or words[p.end - 1].folded not in asking.clause_words or p.width > 1:
        return False
    others = asking.question_words - asking.clause_words
    return not any(w.folded in others for w in words[p.end :])


def _plain(w: Word, language: Language) -> bool:
    return w.base in language.filler or w.folded in language.filler


def _is_absent(w: Word, language: Language) -> bool:
    if len(w.folded) < 2:
        return False
    known = language.words
    return not (w.base in known or w.base in language.common or w.folded in language.filler)


def _widest(pieces: Sequence[Piece], firm: Sequence[Piece]) -> tuple[Piece, ...]:
    """The soft cues that don't lie inside a wider cue: one of their kind, or a firm phrase."""
    wide = [p for p in pieces if p.kind in _CONTENT and p.width > 1]
    phrases = [p for p in firm if p.kind in _PHRASES and p.kind != "quantity" and p.width > 1]
    tracks = [p for p in pieces if p.kind == "track"]
    kept = [
        p
        for p in pieces
        if not any(w.outweighs(p) for w in wide if w.kind == p.kind)
        and not (p.kind in _CONTENT and any(w.outweighs(p) for w in phrases))
        and not (p.kind == "subject" and any(t.holds(p) for t in tracks))
    ]
    return tuple(sorted(kept, key=lambda p: p.start))
