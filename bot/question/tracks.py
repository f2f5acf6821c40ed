"""The tracks and cycles of the call: those that a question names, and "and in autumn?"."""

from __future__ import annotations

from dataclasses import replace

from bot.query import Filter, Of, Query, Track
from bot.question import cues
from bot.question.cues import Scene
from bot.question.slots import Slots
from bot.question.targets import all_ids, said


def in_tracks(s: Slots, scene: Scene | None = None) -> list[Filter]:
    """The tracks and cycles named; in a follow-up that names none, those of the turn before."""
    pieces = s.pieces("track")
    if pieces:
        return [Track(all_ids(s, "track"), " ".join(said(s, p) for p in pieces))]
    turn = scene.turn if scene else None
    if turn is None or turn.of not in (Of.MILESTONE, Of.FACT) or len(s.words) > 8:
        return []
    return [f for f in turn.query.ref.filters if isinstance(f, Track)]


def other_track(s: Slots, scene: Scene) -> Query | None:
    """As in "and in autumn?": the question before, for another track or cycle."""
    turn = scene.turn
    if turn is None or turn.of not in (Of.MILESTONE, Of.FACT) or not s.pieces("track"):
        return None
    asks = s.has("subject") or s.has("milestone") or s.has("call") or cues.wants(s)
    if asks or len(s.words) > 8:
        return None
    before = turn.query
    old = before.ref.first(Track)
    new = in_tracks(s)[0]
    assert isinstance(new, Track)
    if old is not None and len(new.ids) == 1:
        kept = tuple(i for i in old.ids if i.split("-")[0] != new.ids[0].split("-")[0])
        new = Track((*new.ids, *_other_dimension(kept, new.ids, scene)), new.words)
    filters = tuple(f for f in before.ref.filters if not isinstance(f, Track))
    return replace(before, ref=replace(before.ref, filters=(*filters, new)), claims=())


def _other_dimension(old: tuple[str, ...], new: tuple[str, ...], scene: Scene) -> tuple[str, ...]:
    """Of the old tracks and cycles, those of the kind that the new ones are not."""
    cycles = set(scene.cycles)
    return tuple(i for i in old if (i in cycles) != (new[0] in cycles))
