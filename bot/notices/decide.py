"""What is done about a delivery when its turn comes: posted in these words, or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.answer import Answer, Status
from bot.find import Calendar
from bot.notices.due import Board, missed, superseded
from bot.notices.mend import mend
from bot.notices.notice import CORRECTION, SAMPLE, TROUBLE, Delivery, Notice, State
from bot.notices.post import Post, post, put_right
from bot.notices.timeline import superseding
from bot.told import Beliefs


@dataclass(frozen=True, slots=True)
class Not:
    """That nothing is posted: the state that it is left in, and why."""

    state: State
    reason: str


def decide(
    delivery: Delivery,
    board: Board,
    beside: Iterable[tuple[Notice, datetime]],
    world: Calendar,
    told: Beliefs,
) -> Post | Not:
    """What becomes of a delivery at the world's moment.

    `beside` is what of the board counts in the delivery's place, `told` what is believed there.
    """
    rule = delivery.key.rule
    if world.now >= delivery.expires:
        return Not(State.SKIPPED, missed(delivery.reason))
    if rule == CORRECTION:
        changes = mend(world.event, told.values(), world.now)
        if any(not c.implied for c in changes):
            return put_right(changes, world)
        return Not(State.CANCELLED, "what was told is right by now")
    if rule in (TROUBLE, SAMPLE):
        return Post(Answer(Status.ANSWERED, (delivery.text,)), ())
    notice = board.line.find(delivery.key)
    if notice is None:
        return Not(State.CANCELLED, "the event has changed, and it isn't due any more")
    if delivery.place not in board.places(notice):
        return Not(State.CANCELLED, "it doesn't go to this place any more")
    later = superseding(beside).get(notice.key)
    if later is not None:
        return Not(State.SUPERSEDED, superseded(later))
    return post(replace(notice, due=max(notice.due, delivery.due)), world, told)
