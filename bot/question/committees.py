"""The frame for committees: who organizes, who sits on one, and whether somebody does."""

from __future__ import annotations

from dataclasses import replace

from bot.event import Role
from bot.query import Ids, InCommittee, InRole, Of, Query, Ref, Want
from bot.question import cues
from bot.question.cues import Scene
from bot.question.slots import Slots
from bot.question.targets import all_ids, from_nowhere, ids, in_committees, said, sure_of, things
from bot.question.things import TALK_NOUNS


def _counted(s: Slots, ref: Ref) -> Ref:
    """As in "how many members": the chairs apart."""
    if Want.COUNT not in cues.wants(s) or not s.says(s.lists.members):
        return ref
    return replace(ref, filters=(*ref.filters, InRole(frozenset({Role.MEMBER}))))


def _from_there(s: Slots, scene: Scene) -> Ref | None:
    """As in "is anybody from Acme on the committee", for which any of its names will do."""
    spoken = s.pieces("committee") or any(t.noun == "committee" for t in things(s))
    if not spoken or s.pieces("person", "titled", "session") or s.has("milestone"):
        return None
    if nowhere := from_nowhere(s):
        return Ref(Of.ORGANIZATION, (Ids((), nowhere),))
    named = all_ids(s, "committee")
    if not s.pieces("org") or named or not s.has("origin"):
        return None
    return in_committees(s, scene.members, "committee")


def committee(s: Slots, scene: Scene) -> Query | None:
    """Who organizes, chairs, or sits on a committee."""
    asked = cues.wants(s)
    people = Want.COUNT if Want.COUNT in asked else Want.LIST
    if Want.AFFILIATION in asked:
        people = Want.AFFILIATION
    members = s.has("subject", "committee-members") and scene.members
    if scene.members and (ref := _from_there(s, scene)) is not None:
        return Query(people, ref, plural=True, polar=cues.polar(s))
    rows = s.pieces("titled", "session") or any(t.noun in TALK_NOUNS for t in things(s))
    busy = (sure_of(s, Of.TALK, Of.SESSION) and (rows or not members)) or s.has("milestone")
    if s.pieces("committee") and s.pieces("person") and cues.polar(s) and not busy:
        piece = s.pieces("committee")[0]
        claim = InCommittee(ids(piece), said(s, piece))
        return Query(
            Want.ROLES, Ref(Of.PERSON, (Ids(all_ids(s, "person")),)), claims=(claim,), polar=True
        )
    if s.pieces("committee") and not busy and not s.pieces("person"):
        words = said(s, s.pieces("committee")[0])
        return Query(
            people, _counted(s, in_committees(s, all_ids(s, "committee"), words)), plural=True
        )
    if busy or s.pieces("person"):
        return None
    if members:
        return Query(people, _counted(s, in_committees(s, scene.members, "committee")), plural=True)
    organize = s.has("subject", "organizers")
    if organize and scene.organizers:
        return Query(people, in_committees(s, scene.organizers, "committee"), plural=True)
    return None
