"""What is done about a delivery when its turn comes: posted in these words, or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.answer import Answer, Status
from bot.find import Calendar
from bot.notices.due import missed, superseded
from bot.notices.mend import mend
from bot.notices.notice import CORRECTION, SAMPLE, TROUBLE, Delivery, Notice, State
from bot.notices.post import Post, post, put_right
from bot.notices.timeline import Timeline, superseding
from bot.told import Told


@dataclass(frozen=True, slots=True)
class Not:
    """That nothing is posted: the state that it is left in, and why."""

    state: State
    reason: str


def decide(
    delivery: Delivery,
    line: Timeline,
    here: Sequence[Notice],
    world: Calendar,
    told: Mapping[str, Told],
) -> Post | Not:
    """What becomes of a delivery at the world's moment.

    `line` is what the event brings, `here` what of it is open for the delivery's place, `told` what
    is believed there.
    """
    rule = delivery.key.rule
    if world.now >= delivery.expires and rule in (CORRECTION, TROUBLE, SAMPLE):
        return Not(State.SKIPPED, missed(delivery.reason))
    if rule == CORRECTION:
        changes = mend(world.event, told.values(), world.now)
        if changes:
            return put_right(changes, world)
        return Not(State.CANCELLED, "what was told is right by now")
    if rule in (TROUBLE, SAMPLE):
        return Post(Answer(Status.ANSWERED, (delivery.text,)), ())
    notice = line.find(delivery.key)
    if notice is None:
        return Not(State.CANCELLED, "the event has changed, and it isn't due any more")
    if world.now >= notice.expires:
        return Not(State.SKIPPED, missed(delivery.reason))
    later = superseding(here).get(notice.key)
    if later is not None:
        return Not(State.SUPERSEDED, superseded(later))
    return post(notice, world, told)
