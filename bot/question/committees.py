"""The frame for committees: who organizes, who sits on one, and whether somebody does."""

from __future__ import annotations

from dataclasses import replace

from bot.event import Role
from bot.query import Ids, InCommittee, InRole, Of, Query, Ref, Want
from bot.question import cues
from bot.question.cues import Scene
from bot.question.slots import Slots
from bot.question.targets import all_ids, ids, in_committees, said, sure_of, things
from bot.question.things import TALK_NOUNS


def committee(s: Slots, scene: Scene) -> Query | None:
    """Who organizes, chairs, or sits on a committee."""
    asked = cues.wants(s)
    people = Want.COUNT if Want.COUNT in asked else Want.LIST
    if Want.AFFILIATION in asked:
        people = Want.AFFILIATION
    members = s.has("subject", "committee-members") and scene.members
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
        return Query(people, in_committees(s, all_ids(s, "committee"), words), plural=True)
    if busy or s.pieces("person"):
        return None
    if members:
        ref = in_committees(s, scene.members, "committee")
        if Want.COUNT in asked and s.says(s.lists.members):
            ref = replace(ref, filters=(*ref.filters, InRole(frozenset({Role.MEMBER}))))
        return Query(people, ref, plural=True)
    organize = s.has("subject", "organizers")
    if organize and scene.organizers:
        return Query(people, in_committees(s, scene.organizers, "committee"), plural=True)
    return None
