"""A desk behind a reception that keeps everything in memory, as a terminal has it."""

import asyncio
from typing import Any

from bot.reception import AtDesk, Reception


class Front:
    """Where things are said, each at its own moment, and answered if they come for the first time."""

    def __init__(self, desk):
        self.desk = desk
        self.now: Any = None
        self.reception = Reception({desk.event.id: AtDesk(desk)}, lambda: self.now)

    @property
    def event(self):
        return self.desk.event

    async def heard(self, question):
        self.now = question.at
        taken = await self.reception.take(question)
        said = await self.reception.hear(question) if taken else None
        return said and said.answer

    def hear(self, question):
        return asyncio.run(self.heard(question))
