"""Loading an event as a whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.errors import BadData, Mistake
from bot.event import Event
from bot.load import call, event, info, people, program, reminders
from bot.load.door import Door
from bot.load.files import find
from bot.load.ids import Ids


def load(folder: Path) -> Event:
    """The event whose files are in `folder`.

    Raises `BadData` with every mistake of every file, in the order of files and lines; nothing is
    ever loaded in part.
    """
    return load_with_warnings(folder, {})[0]


def load_with_warnings(folder: Path, subjects: dict[str, str]) -> tuple[Event, tuple[Mistake, ...]]:
    """The event, and the warnings of all its files; raises as `load` does, warnings included.

    `subjects` are those of the language: by id, what each is called.
    """
    files = find(folder)
    tops = files.tops
    door = Door(event.language(tops["event"]), files.mistakes, subjects)
    ids = Ids(files, door)
    frame, calendar = event.read(door, tops["event"])
    folk = people.read(door, ids, tops["people"])
    schedule = program.read(door, ids, calendar, tops["program"])
    papers = call.read(door, ids, tops["call"])
    infos = tuple(info.read(door, tops["info"]))
    rules = tuple(reminders.read(door, tops["reminders"]))
    found = sorted(set(door.mistakes))
    if frame is None or not all(mistake.warning for mistake in found):
        raise BadData(found)
    whole = replace(
        frame,
        organizations=folk.organizations,
        people=folk.people,
        committees=folk.committees,
        sessions=schedule.sessions,
        talks=schedule.talks,
        call=papers,
        infos=infos,
        reminders=rules,
    )
    return whole, tuple(found)
