"""Changes to an event while it runs: verbs -> effects; effects x event -> event. All pure.

`effects` is what a change does and how it is done and taken back, `verbs` are the changes that an
organizer can name, `wave` moves what follows a delay, `clashes` finds what no longer fits, `log`
is the event as it stands: the accepted files and all that was changed since.
"""

from bot.amend.clashes import Clash, clashes
from bot.amend.effects import Change, Effect, Key, Kind, applied, record
from bot.amend.log import (
    Amendment,
    Edition,
    Met,
    Undone,
    amended,
    meeting,
    replayed,
    standing,
    undoing,
)


__all__ = [
    "Amendment",
    "Change",
    "Clash",
    "Edition",
    "Effect",
    "Key",
    "Kind",
    "Met",
    "Undone",
    "amended",
    "applied",
    "clashes",
    "meeting",
    "record",
    "replayed",
    "standing",
    "undoing",
]
