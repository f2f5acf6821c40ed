"""Fakes that keep what the ports promise."""

from bot.errors import Overtaken
from bot.ports import Kept


class MemoryEditions:
    """Editions in memory."""

    def __init__(self):
        self.rows = {}

    async def events(self):
        return sorted(self.rows)

    async def latest(self, event):
        rows = self.rows.get(event, [])
        starts = [at for at, (kind, _) in enumerate(rows) if kind == "files"]
        if not starts:
            return None
        files, log = rows[starts[-1]][1]
        return Kept(len(rows), files, (*log, *(p for _, p in rows[starts[-1] + 1 :])))

    async def accept(self, event, number, files, log, at):
        self._keep(event, number, ("files", (dict(files), list(log))))

    async def amend(self, event, number, amendment, at):
        self._keep(event, number, ("amendment", amendment))

    def _keep(self, event, number, row):
        rows = self.rows.setdefault(event, [])
        if number != len(rows) + 1:
            raise Overtaken
        rows.append(row)

    async def close(self):
        pass
