"""From an event's folder to the event: all of it, checked, or all that is wrong with it.

`files` finds and reads the files, `door` lets their records in one by one, `ids` knows what may be
pointed at; then there is a module for each file: `event`, `people`, `program` (with `when` for its
times, `clashes` and `hours`), `call` (with `milestones`), `info` and `reminders`.
"""

from bot.load.loading import load, load_with_warnings


__all__ = ["load", "load_with_warnings"]
