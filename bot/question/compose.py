"""Pieces -> Query: a row of frames, of which the first that fits gives the query."""

from __future__ import annotations

from collections.abc import Callable

from bot.query import Of, Query, Want
from bot.question import cues
from bot.question.account import names_lost, sessions_lost
from bot.question.committees import committee
from bot.question.comparisons import compared, ranked
from bot.question.cues import Phase, Scene
from bot.question.facts import (
    author_asks,
    earlier_fact,
    info,
    scoped_subject,
    short_follow_up,
    subject,
)
from bot.question.milestones import milestone
from bot.question.programs import program
from bot.question.slots import Slots
from bot.question.topics import scope
from bot.question.tracks import other_track


Frame = Callable[[Slots, Scene], Query | None]


def declined(s: Slots, scene: Scene) -> Query | None:
    """Instructions to the bot, jokes, and the rest of the world."""
    named = s.pieces("person", "session", "titled", "room", "org", "dated")
    if s.has("decline", "instruction") and not (cues.opens_with_wh(s) and named):
        return Query(Want.DECLINE)
    if s.has("decline", "joke") and not named:
        return Query(Want.DECLINE)
    own = named or s.pieces("thing", "event") or s.has("subject") or s.has("author_cue")
    if s.has("decline", "weather") and not own:
        return Query(Want.DECLINE)
    today = s.pieces("near", "on day") or _OF_THE_DAY & set(cues.wants(s))
    if s.has("decline", "elsewhere") and not (own or today) and len(s.in_talks) < 2:
        return Query(Want.DECLINE)
    return None


_OF_THE_DAY = frozenset({Want.OVER, Want.AGENDA, Want.START, Want.END})


def impossible(s: Slots, scene: Scene) -> Query | None:
    """A time of day or a date that can't be: "25:99", "February 30"."""
    found = s.pieces("impossible")
    said = tuple(" ".join(w.text for w in s.words[p.start : p.end]) for p in found)
    return Query(Want.IMPOSSIBLE, absent=said) if found else None


def social(s: Slots, scene: Scene) -> Query | None:
    """Greetings, thanks, goodbyes, and calls for help, if there is nothing else."""
    if s.width("help") > 1 and not s.pieces("thing", "person", "session", "titled"):
        return Query(Want.HELP)
    rest = s.pieces("thing", "person", "session", "titled", "org", "room", "in part", "pronoun")
    greeted = s.has("greeting") or s.has("thanks")
    if s.has("thanks") and scene.turns and (cues.details(s) or cues.polar(s)):
        return None
    content = [p for p in rest if not greeted or p.kind not in ("in part", "thing", "pronoun")]
    cues_ = s.has("subject") or s.has("milestone") or s.has("decline") or s.has("author_cue")
    if content or s.terms or cues_ or cues.wants(s) or (s.absent and not greeted):
        return None
    for kind, want in _SOCIAL:
        if s.has(kind):
            return Query(want)
    return None


_SOCIAL = (
    ("help", Want.HELP),
    ("thanks", Want.THANKS),
    ("bye", Want.BYE),
    ("greeting", Want.GREETING),
)

_FINAL: frozenset[Frame] = frozenset({declined, impossible, social})
"""Frames that need no name to be sure."""

FRAMES: tuple[Frame, ...] = (
    declined,
    impossible,
    social,
    other_track,
    committee,
    scoped_subject,
    milestone,
    ranked,
    compared,
    short_follow_up,
    scope,
    subject,
    info,
    author_asks,
    earlier_fact,
    program,
)


def _too_early(s: Slots, scene: Scene, query: Query) -> bool:
    """Whether all papers of the program would be told while papers are still called for.

    Who says "papers" then mostly means their own, unless all of them are asked for in so many words.
    """
    if scene.phase != Phase.CALL or query.ref.of != Of.TALK or not query.ref.bare:
        return False
    asked = set(cues.wants(s))
    plainly = s.has("which") or cues.exists(s) or asked & {Want.LIST, Want.COUNT, Want.WHO}
    return not plainly and not scene.turns and bool(s.light or s.absent or query.words or asked)


def _lost(s: Slots, scene: Scene, query: Query) -> int:
    """How many names of the question a query does nothing with.

    While a call is open, what a session is called may be a topic of work as well.
    """
    lost = names_lost(s, query)
    return lost + sessions_lost(s, query) if scene.phase == Phase.PROGRAM else lost


def compose(s: Slots, scene: Scene) -> tuple[str, Query]:
    """The name of the first frame that fits and uses every name of the question, and its query.

    If no frame does, the first that fits.
    """
    first: tuple[str, Query] | None = None
    for frame in FRAMES:
        query = frame(s, scene)
        if query is None or _too_early(s, scene, query):
            continue
        found = frame.__name__, query
        if frame in _FINAL or not _lost(s, scene, query):
            return found
        first = first or found
    return first or ("nothing", Query(Want.NOTHING, words=cues.stems(s), absent=cues.absent(s)))
