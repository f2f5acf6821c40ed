"""Which ids there are, and whether those that records point at are among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.load.door import Door
from bot.load.files import Files
from bot.load.values import shown, slug
from bot.source import Mapping, Scalar, Sequence


_LISTS = {
    "event": {"rooms": "room"},
    "people": {"organizations": "organization", "people": "person", "committees": "committee"},
    "program": {"sessions": "session"},
    "call": {
        "tracks": "track",
        "cycles": "cycle",
        "milestones": "milestone",
        "topics": "topic",
        "rules": "rule",
    },
    "info": {"info": "info"},
    "reminders": {"reminders": "reminder"},
}
_INSIDE = {"session": {"talks": "talk"}, "info": {"info": "info"}}
_HOME = {kind: part for part, lists in _LISTS.items() for kind in lists.values()}


class Ids:
    """All ids of an event, taken from the files before any record is let in.

    So a record that is refused for another reason is still known to those that point at it. An id
    is unique within its part of the event, over all files of that part, whatever it names: a
    record is called `program.yaml#id`, and that must say which one is meant.
    """

    def __init__(self, files: Files, door: Door) -> None:
        self._door = door
        self._broken = files.broken
        self._known: dict[str, set[str]] = {}
        for part, tops in files.tops.items():
            first: dict[str, Scalar] = {}
            for top in tops:
                for kind, found in _walk(top, _LISTS[part]):
                    self._claim(kind, found, first)

    def refer(self, kind: str, to: Scalar) -> str:
        """The id as plain text; a mistake is noted if nothing of that kind has it."""
        known = self._known.get(kind, set())
        home = _HOME[kind]
        if to not in known and home not in self._broken:
            near = self._door.adviser.suggest(slug(to) or to, known)
            article = "an" if kind == "organization" else "a"
            expected = f"the id of {article} {kind} from {home}.yaml"
            self._door.refuse(to, f"unknown {kind} {shown(to)}{near}", expected)
        return str(to)

    def refer_all(self, kind: str, to: Iterable[Scalar]) -> tuple[str, ...]:
        """Several ids at once, in their order."""
        return tuple([self.refer(kind, each) for each in to])

    def _claim(self, kind: str, found: Scalar, first: dict[str, Scalar]) -> None:
        self._known.setdefault(kind, set()).add(found)
        holder = first.setdefault(found, found)
        if holder is not found:
            what = f'id "{found}" is already used in {holder.file}:{holder.line}'
            self._door.refuse(found, what, "an id of its own")


def _walk(node: Mapping, lists: dict[str, str]) -> Iterator[tuple[str, Scalar]]:
    """Every id in the lists of a mapping and in those below, with the kind of what it names."""
    for key, kind in lists.items():
        children = node.get(key)
        for child in children if isinstance(children, Sequence) else ():
            if not isinstance(child, Mapping):
                continue
            found = child.get("id")
            if isinstance(found, Scalar) and found:
                yield kind, found
            if kind in _INSIDE:
                yield from _walk(child, _INSIDE[kind])
