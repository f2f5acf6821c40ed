"""What the bot posts by itself: which notices an edition brings, what each says, what to correct.

All pure: `timeline` are the notices in the order of time, `post` what one says at a moment, `mend`
what a place was told that isn't so any more, `notice` the values that all of them speak in.
"""

from bot.notices.decide import Not, decide
from bot.notices.due import Board, Tick, corrections, fresh, in_place, judged, sample, trouble
from bot.notices.mend import Change, believed, mend, withdrawn
from bot.notices.notice import OPEN, Delivery, Key, Notice, State
from bot.notices.plan import Difference, Planned, differences, plan
from bot.notices.post import Post, post, put_right
from bot.notices.routes import ORGANIZERS, Routes
from bot.notices.timeline import Timeline, dated, superseding, timeline


__all__ = [
    "OPEN",
    "ORGANIZERS",
    "Board",
    "Change",
    "Delivery",
    "Difference",
    "Key",
    "Not",
    "Notice",
    "Planned",
    "Post",
    "Routes",
    "State",
    "Tick",
    "Timeline",
    "believed",
    "corrections",
    "dated",
    "decide",
    "differences",
    "fresh",
    "in_place",
    "judged",
    "mend",
    "plan",
    "post",
    "put_right",
    "sample",
    "superseding",
    "timeline",
    "trouble",
    "withdrawn",
]
