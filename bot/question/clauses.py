"""The part of a text that asks, where the rest only tells: "my bus leaves at 6, when is it over?"."""

from __future__ import annotations

from collections.abc import Callable

from bot.question import cues
from bot.question.slots import Slots
from bot.question.targets import target, thing
from bot.question.words import Word


_SHORTEST = 3
"""Words that a clause needs to be read by itself, or to be left aside."""

_MOST_CUTS = 4
"""So many places to cut are tried, from the end."""

_NAMES = ("person", "org", "session", "titled", "room", "track", "dated", "committee")
_OWN = ("author_cue", "milestone", "scope", "decline")


def asking(words: tuple[Word, ...], take: Callable[[tuple[Word, ...]], Slots]) -> tuple[Word, ...]:
    """The clause that asks, if it can be understood alone and the other one only tells.

    Otherwise all the words.
    """
    cuts = [at for at, w in enumerate(words) if w.apart and at >= _SHORTEST]
    for at in reversed(cuts[-_MOST_CUTS:]):
        head, tail = words[:at], words[at:]
        if len(tail) < _SHORTEST:
            continue
        behind = take(tail)
        if _asks(behind) or (words[at].opens and cues.wants(behind)):
            return tail if _alone(behind) and _tells(take(head)) else words
        before = take(head)
        if words[at].opens and _asks(before) and _alone(before) and _tells_of_me(behind):
            return head
    return words


def _asks(s: Slots) -> bool:
    return cues.opens_with_wh(s) or cues.polar(s) or cues.exists(s)


def _alone(s: Slots) -> bool:
    """Whether a clause says itself what it asks about."""
    if cues.pronoun(s) or cues.leans(s):
        return False
    own = target(s)
    named = s.pieces("near", "info", *_NAMES) or s.has("subject") or s.has("milestone")
    if own is not None and (own.sure or cues.wants(s)):
        return True
    return bool(named) or s.has("author_cue") or s.has("decline")


def _tells(s: Slots) -> bool:
    """Whether a clause asks nothing and names nothing that the question could be about."""
    if _asks(s):
        return False
    named = s.pieces(*_NAMES) or any(s.has(kind) for kind in _OWN)
    described = any(not thing(p).bare for p in s.pieces("thing"))
    if s.width("subject") > 1:
        return False
    return _in_first_person(s) or not (named or described or s.in_talks)


def _in_first_person(s: Slots) -> bool:
    return bool(s.words) and s.words[0].folded in s.lists.mine


def _tells_of_me(s: Slots) -> bool:
    return not _asks(s) and s.says(s.lists.me)
