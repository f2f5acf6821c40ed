"""Small looks at a question's slots that several frames share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.query import Of, Query, Ref, Want
from bot.question.context import Turn
from bot.question.grammar import Piece, covered
from bot.question.slots import Slots


class Phase(StrEnum):
    """How far the event is; it breaks ties between the call and the program."""

    CALL = "call"
    BETWEEN = "between"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class Scene:
    """What the reading needs to know of the event and of the conversation.

    `organizers` and `members` are the ids of the committees of either kind.
    """

    phase: Phase
    subjects: frozenset[str]
    has_call: bool = True
    has_program: bool = True
    cycles: tuple[str, ...] = ()
    organizers: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()

    @property
    def turn(self) -> Turn | None:
        """The turn right before the question."""
        return self.turns[-1] if self.turns else None


_STRENGTH = (
    Want.CHAIR,
    Want.COAUTHORS,
    Want.SECTOR,
    Want.AUTHORS,
    Want.AFFILIATION,
    Want.SPEAKER,
    Want.UNTIL,
    Want.DURATION,
    Want.WHERE,
    Want.END,
    Want.START,
    Want.WHEN,
    Want.COUNT,
    Want.TITLE,
    Want.ABSTRACT,
    Want.BIO,
    Want.SESSION,
    Want.ABOUT,
    Want.ROLES,
    Want.WHO,
    Want.AGENDA,
    Want.LIST,
)
"""Of several wants, the earlier here is the one that is meant first; those missing come before."""

_WANTS = {
    "when": Want.WHEN,
    "clock": Want.START,
    "start": Want.START,
    "end": Want.END,
    "duration": Want.DURATION,
    "until": Want.UNTIL,
    "over": Want.OVER,
    "past": Want.PAST,
    "where": Want.WHERE,
    "rooms": Want.ROOMS,
    "who": Want.WHO,
    "authors": Want.AUTHORS,
    "coauthors": Want.COAUTHORS,
    "speaker": Want.SPEAKER,
    "chair": Want.CHAIR,
    "affiliation": Want.AFFILIATION,
    "sector": Want.SECTOR,
    "roles": Want.ROLES,
    "bio": Want.BIO,
    "title": Want.TITLE,
    "list": Want.LIST,
    "count": Want.COUNT,
    "about": Want.ABOUT,
    "abstract": Want.ABSTRACT,
    "agenda": Want.AGENDA,
    "session": Want.SESSION,
    "day": Want.DAY,
    "longer": Want.LONGER,
    "shorter": Want.SHORTER,
    "earlier": Want.EARLIER,
    "gap": Want.GAP,
    "both": Want.BOTH,
}


_BARE = 4
"""A bare topic has at most so many words."""


def wants(s: Slots) -> list[Want]:
    """What is asked, strongest first; a wider cue for content swallows a narrower want."""
    wide = [p for p in s.soft if p.kind in ("detail", "subject", "milestone") and p.width > 1]
    found = [
        _WANTS[str(p.value)]
        for p in s.pieces("want")
        if str(p.value) in _WANTS and not any(w.outweighs(p) for w in wide) and not _idle(s, p)
    ]
    if not found and s.words and s.words[-1].folded in s.lists.up_to:  # "she goes until?"
        found = [Want.END]
    if Want.OVER in found and {Want.START, Want.WHEN} & set(found) and not polar(s):
        found = [Want.END, *(w for w in found if w not in (Want.OVER, Want.START))]
    return sorted(dict.fromkeys(found), key=lambda w: _STRENGTH.index(w) if w in _STRENGTH else -1)


def times_asked(s: Slots) -> frozenset[Want]:
    """The wants for a time, or for how much of it."""
    return _TIMES.intersection(wants(s))


_TIMES = frozenset({Want.DAY, Want.WHEN, Want.UNTIL, Want.DURATION, Want.START, Want.END})


def _idle(s: Slots, p: Piece) -> bool:
    """Whether a word that can ask does not: "the bottleneck when it scales", "over RDMA"."""
    if p.width > 1:
        return False
    if p.value == "over":
        done = s.words[p.start].folded in s.lists.finished
        asks = opens_with_wh(s) and not s.says(s.lists.asking_when)
        behind = p.start - 1 in s.places and asks  # "what is it built over"
        return ((done or behind) and not polar(s)) or (
            p.end < len(s.words)
            and not s.words[p.end].opens
            and s.words[p.end].folded not in s.lists.by_now
        )
    if p.value == "clock" and p.start - 1 in s.places:  # "cpu time"
        return True
    return s.words[p.start].folded in s.lists.clause_words and _subordinate(s, p.start)


def _subordinate(s: Slots, at: int) -> bool:
    """Whether a word such as "when" opens a clause that asks nothing: "how bad is it when cores are shared"."""
    others, follows = _other_questions(s)
    if s.words[at].opens:
        return follows
    if s.words[at - 1].folded in s.lists.joining:
        return False
    return others < at or (polar(s) and at - 1 in s.places)


@lru_cache(maxsize=16)
def _other_questions(s: Slots) -> tuple[int, bool]:
    """Where the first question word stands, and whether one follows without a mark.

    Words that may open a clause ("when") are left aside.
    """
    asking, joining = s.lists.question_words - s.lists.clause_words, s.lists.joining
    places = [i for i, w in enumerate(s.words) if w.folded in asking]
    follows = any(s.words[i - 1].folded not in joining and not s.words[i].apart for i in places)
    return (places[0] if places else len(s.words)), follows


def exists(s: Slots) -> bool:
    """Whether a sentence opens by asking if there is something, or asks for any of a thing."""
    for p in s.pieces("exists"):
        start = p.start
        back = 0
        while start > 0 and not s.words[start].apart and back < 2:
            start, back = start - 1, back + 1
        if s.words[start].apart:
            return True
    return False


@lru_cache(maxsize=16)
def polar(s: Slots) -> bool:
    """Whether a sentence of the question asks for yes or no."""
    leads = covered(p for p in s.soft if p.kind in ("leaning", "greeting", "thanks"))
    for p in s.soft:
        if p.kind != "polar":
            continue
        start = p.start
        while start > 0 and not s.words[start].apart and start - 1 in leads:
            start -= 1
        if s.words[start].apart:
            return True
    tagged = bool(s.words) and s.words[-1].folded in s.lists.tags
    return tagged and not s.says(s.lists.question_words)


def stems(s: Slots) -> tuple[str, ...]:
    """The stems of all content words."""
    return tuple(dict.fromkeys(w.stem for w in s.terms))


def spoken(s: Slots) -> tuple[str, ...]:
    """The content words as typed."""
    return tuple(dict.fromkeys(w.text for w in s.terms))


def details(s: Slots) -> tuple[str, ...]:
    """The sides of a record that are asked for."""
    return tuple(str(v) for v in s.values("detail"))


def side_words(s: Slots) -> tuple[str, ...]:
    """The stems of words that only say which side of a record is asked for."""
    pieces = s.pieces("detail")
    return tuple(dict.fromkeys(w.stem for p in pieces for w in s.words[p.start : p.end]))


def absent(s: Slots) -> tuple[str, ...]:
    """Words as typed that nothing knows."""
    return tuple(w.text for w in s.absent)


def leans(s: Slots) -> bool:
    """Whether the question opens like the second half of another."""
    return any(p.kind == "leaning" and s.words[p.start].opens for p in s.soft)


def pronoun(s: Slots) -> str:
    """The pronoun that reaches back farthest: a person's before "it"."""
    values = [str(v) for v in s.values("pronoun")]
    return next((v for v in ("he", "she", "they", "it") if v in values), "")


def bare_topic(s: Slots) -> bool:
    """Whether nothing but a topic is said: "NFV?"."""
    asks = wants(s) or polar(s) or exists(s) or leans(s) or pronoun(s)
    others = [p for p in s.firm if p.kind not in ("term", "titled", "relation")]
    return bool(s.terms) and len(s.words) <= _BARE and not asks and not others


def opens_with_wh(s: Slots) -> bool:
    """Whether it opens with a question word."""
    first = [w.folded for w in s.words[:2]]
    if first[:1] and first[0] in s.lists.leading:
        first = first[1:]
    return bool(first) and first[0] in s.lists.question_words


def ordinals(s: Slots) -> list[int]:
    """Places in an order that stand alone."""
    return [n for v in s.values("ordinal") if abs(n := int(str(v))) <= 12]


def amount(s: Slots) -> tuple[int, str] | None:
    """A number with its unit; "6 + 1 page" is seven."""
    for p in s.pieces("quantity"):
        if isinstance(p.value, tuple):
            more = s.words[p.start - 1].folded if p.start and s.words[p.start].apart else ""
            added = int(more) if more.isdigit() else 0
            return int(p.value[0]) + added, str(p.value[1])
    return None


def counted(s: Slots) -> str:
    """The stem of a content word that "how many" counts, if it isn't a kind of row."""
    for p in s.pieces("want"):
        much = any(w.folded in s.lists.much for w in s.words[p.start : p.end])
        if p.value == "count" and p.end in s.places and not much:
            return s.words[p.end].stem
    return ""


def either(s: Slots) -> bool:
    """Whether "or" stands between two content words."""
    places = set(s.places)
    return any(
        p.value in ("or", "versus") and p.start - 1 in places and p.end in places
        for p in s.pieces("relation")
    )


def content_of_talks(s: Slots) -> int:
    """How many content words the talks use, besides those of weak subjects."""
    inside = covered(p for p in s.soft if p.kind == "subject")
    return len({s.words[i].stem for i in s.places if i not in inside} & s.in_talks)


def query(
    s: Slots, asked: list[Want], ref: Ref | None = None, *, words: tuple[str, ...] = ()
) -> Query:
    """A query of the strongest want, with all that the slots hold for it."""
    return Query(
        asked[0] if asked else Want.OVERVIEW,
        ref or Ref(Of.EVENT),
        also=tuple(asked[1:3]),
        words=words,
        details=details(s),
        cues=side_words(s),
        hints=s.hints,
        polar=polar(s),
        still=s.says(s.lists.going_on),
        amount=amount(s),
        counted=counted(s),
        absent=absent(s),
    )
