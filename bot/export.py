"""The event as it stands, written back into its files (ruamel.yaml keeps comments and order)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import Any, Final, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from bot.amend.effects import Kind
from bot.amend.verbs import FIELDS
from bot.event import (
    Appearance,
    Event,
    Info,
    Milestone,
    Occurrence,
    Person,
    Role,
    Rule,
    Session,
    Status,
    Talk,
)


Node: TypeAlias = Any
"""A map of a file, as ruamel.yaml holds it."""

_KINDS: Final = {
    Session: Kind.SESSION,
    Talk: Kind.TALK,
    Person: Kind.PERSON,
    Milestone: Kind.MILESTONE,
    Rule: Kind.RULE,
    Info: Kind.INFO,
}
_ROLES: Final = {
    Role.AUTHOR: "authors",
    Role.PRESENTER: "presenters",
    Role.KEYNOTE: "speakers",
    Role.PANELIST: "panelists",
    Role.MODERATOR: "moderators",
}


def exported(files: Mapping[str, str], accepted: Event, event: Event) -> dict[str, str]:
    """The files with all by which an event differs from the one that they were accepted as.

    A file in which nothing changes stays as it is, to the byte.
    """
    pages = {name: _Page(text) for name, text in files.items()}
    for part, key in (("people", "people"), ("info", "info")):
        if not any(key in p.root for p in pages.values()):
            pages[f"{part}.yaml"] = _Page(f"{key}: []\n")
    roots = [p.root for p in pages.values()]
    _program(_by_id(roots, "sessions"), accepted, event)
    _people(roots, _by_id(roots, "people"), accepted, event)
    _call(roots, accepted, event)
    _infos(roots, accepted, event)
    kept = {n: page for n, page in pages.items() if n in files or any(page.root.values())}
    return {name: page.text() for name, page in kept.items()}


class _Page:
    """A file: its text, and its root to be changed."""

    def __init__(self, text: str) -> None:
        self._yaml = YAML()
        self._yaml.preserve_quotes = True
        self._yaml.width = 4096  # long lines are the file's own affair
        self._yaml.indent(mapping=2, sequence=4, offset=2)
        self._text = text
        self.root: Node = self._yaml.load(text) or CommentedMap()
        self._before = self._dumped()

    def text(self) -> str:
        after = self._dumped()
        return self._text if after == self._before else after

    def _dumped(self) -> str:
        out = StringIO()
        self._yaml.dump(self.root, out)
        return out.getvalue()


def _by_id(roots: Sequence[Node], key: str) -> dict[str, Node]:
    return {str(node["id"]): node for root in roots for node in root.get(key) or ()}


# -- the program -----------------------------------------------------------------------------


def _program(nodes: Mapping[str, Node], accepted: Event, event: Event) -> None:
    talks = {str(t["id"]): t for node in nodes.values() for t in node.get("talks") or ()}
    for session in event.sessions:
        node, old = nodes[session.id], accepted.session_by_id[session.id]
        _row(node, old, session, ())
        if session.chairs != old.chairs:
            node["chairs"] = _entries(session.chairs)
        if session.talks != old.talks:
            _reordered(node, [talks[t] for t in session.talks])
        for talk_id in session.talks:
            talk, was = event.talk_by_id[talk_id], accepted.talk_by_id[talk_id]
            rooms = session.occurrences[0].rooms if session.occurrences else ()
            _row(talks[talk_id], was, talk, rooms)
            if talk.people != was.people:
                _cast(talks[talk_id], was, talk)


def _reordered(node: Node, order: Sequence[Node]) -> None:
    """Other talks in a session's list, which keeps the comment that stands before it."""
    listed = node.get("talks")
    if listed is None or len(listed) != len(order):
        node["talks"] = CommentedSeq(order)
        return
    for place, talk in enumerate(order):
        listed[place] = talk


def _row(node: Node, old: Session | Talk, new: Session | Talk, rooms: tuple[str, ...]) -> None:
    """Times, status and texts of a session or talk; `rooms` are meant if none are named."""
    if new.occurrences != old.occurrences:
        _times(node, old.occurrences, new.occurrences, rooms)
    if new.status != old.status:
        _put(node, "status", new.status.value)
        if new.status == Status.PLANNED:
            del node["status"]
    if new.trace is not None and new.status == Status.MOVED and not new.note:
        pairs = zip(new.trace.was, new.occurrences, strict=False)
        begins = [f"{was.start:%H:%M}" for was, now in pairs if was.start != now.start]
        if begins:
            _put(node, "note", f"moved from {', '.join(begins)}")
    _texts(node, old, new)


_FIRST: Final = ("id", "label", "title", "kind", "day", "start", "end", "status")


def _put(node: Node, key: str, value: str) -> None:
    """Set a key; a new one stands behind the first ones, so that no comment comes before it."""
    if key in node:
        node[key] = value
        return
    keys = list(node)
    behind = max(keys.index(k) for k in _FIRST if k in node) + 1
    node.insert(behind, key, value)


def _times(
    node: Node,
    old: tuple[Occurrence, ...],
    new: tuple[Occurrence, ...],
    rooms: tuple[str, ...],
) -> None:
    if "times" in node or len(new) != 1:
        for key in ("day", "start", "end", "end_day", "rooms"):
            node.pop(key, None)
        node["times"] = CommentedSeq([_slot(o) for o in new])
        if not new:
            del node["times"]
        return
    (o,) = new
    was = old[0] if old else None
    if "day" in node or (was is not None and was.start.date() != o.start.date()):
        node["day"] = o.start.date()
    node["start"] = f"{o.start:%H:%M}"
    if o.end is not None:
        node["end"] = f"{o.end:%H:%M}"
        if "end_day" in node or o.end.date() != o.start.date():
            node["end_day"] = o.end.date()
    if was is None or o.rooms != was.rooms:
        if "rooms" in node or o.rooms != rooms:
            node["rooms"] = CommentedSeq(o.rooms)


def _slot(o: Occurrence) -> Node:
    slot = CommentedMap(day=o.start.date(), start=f"{o.start:%H:%M}")
    if o.end is not None:
        slot["end"] = f"{o.end:%H:%M}"
        if o.end.date() != o.start.date():
            slot["end_day"] = o.end.date()
    if o.rooms:
        slot["rooms"] = CommentedSeq(o.rooms)
    return slot


def _texts(node: Node, old: object, new: object) -> None:
    for field in FIELDS[_KINDS[type(new)]]:
        if getattr(old, field) != getattr(new, field):
            node[field] = getattr(new, field)


def _cast(node: Node, old: Talk, new: Talk) -> None:
    """The people of a talk, by the keys of the roles that changed."""
    for role, key in _ROLES.items():
        was = [a for a in old.people if a.role == role]
        now = [a for a in new.people if a.role == role]
        if was != now:
            invited = role == Role.PRESENTER and "speakers" in node  # they present what is no paper
            node["speakers" if invited else key] = _entries(now)


def _entries(people: Sequence[Appearance]) -> Node:
    entries = []
    for a in people:
        entry = CommentedMap(person=a.person)
        if a.affiliations:
            several = len(a.affiliations) > 1
            entry["affiliation"] = CommentedSeq(a.affiliations) if several else a.affiliations[0]
        entry.fa.set_flow_style()
        entries.append(entry)
    return CommentedSeq(entries)


# -- people, call, infos ---------------------------------------------------------------------


def _people(
    roots: Sequence[Node], nodes: Mapping[str, Node], accepted: Event, event: Event
) -> None:
    for person in event.people:
        old = accepted.person_by_id.get(person.id)
        if old is not None:
            _texts(nodes[person.id], old, person)
            continue
        _last_list(roots, "people").append(CommentedMap(id=person.id, name=person.name))


def _call(roots: Sequence[Node], accepted: Event, event: Event) -> None:
    if accepted.call is None or event.call is None:
        return
    nodes = _by_id(roots, "milestones")
    for old, new in zip(accepted.call.milestones, event.call.milestones, strict=True):
        _texts(nodes[new.id], old, new)
        for moment in new.history[len(old.history) :]:
            entry = CommentedMap(date=moment.date)
            if moment.time is not None:
                entry["time"] = f"{moment.time:%H:%M}"
            if moment.zone:
                entry["zone"] = moment.zone
            if moment.note:
                entry["note"] = moment.note
            entry.fa.set_flow_style()
            nodes[new.id]["dates"].append(entry)
    rules = _by_id(roots, "rules")
    for rule, fresh in zip(accepted.call.rules, event.call.rules, strict=True):
        if rule != fresh:
            _texts(rules[fresh.id], rule, fresh)


def _infos(roots: Sequence[Node], accepted: Event, event: Event) -> None:
    old = {i.id: i for i in accepted.infos}
    nodes = {str(node["id"]): node for root in roots for node in _every_info(root)}
    for info in event.infos:
        if info.id not in old:
            _last_list(roots, "info").append(_info(info))
            continue
        _texts(nodes[info.id], old[info.id], info)


def _every_info(node: Node) -> Iterator[Node]:
    for child in node.get("info") or ():
        yield child
        yield from _every_info(child)


def _last_list(roots: Sequence[Node], key: str) -> Node:
    """The list that a new record joins: that of the last file with such records."""
    return [root[key] for root in roots if key in root][-1]


def _info(info: Info) -> Node:
    node = CommentedMap(id=info.id, title=info.title)
    if info.about:
        node["about"] = CommentedSeq(info.about)
    node["text"] = info.text
    return node
