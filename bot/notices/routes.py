"""Where notices go: from the audiences that an event names to the places of a configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.notices.notice import Notice


ORGANIZERS: Final = "organizers"
"""The audience that is told what went wrong."""


@dataclass(frozen=True, slots=True)
class Routes:
    """The addresses of places by audience, such as `slack:C123`, and of people by their ids.

    The address of a person is that of a place in which they alone read: `slack:@U123`.
    """

    audiences: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)

    def places(self, notice: Notice) -> tuple[str, ...]:
        """Where a notice goes; nowhere if nobody has said where."""
        if notice.person:
            address = self.people.get(notice.person)
            return (address,) if address else ()
        found = (p for audience in notice.to for p in self.audiences.get(audience, ()))
        return tuple(dict.fromkeys(found))

    @property
    def organizers(self) -> tuple[str, ...]:
        """Where organizers are told what went wrong."""
        return self.audiences.get(ORGANIZERS, ())
