"""Fakes that keep what the ports promise."""

from dataclasses import replace
from datetime import timedelta

from bot.errors import Overtaken
from bot.ports import Kept, Unfinished


class MemoryEditions:
    """Editions, inbox and notes in memory."""

    def __init__(self):
        self.rows = {}
        self.inbox = {}
        self.notes = {}

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
        if number != len(rows) + 1 or (not rows and row[0] != "files"):
            raise Overtaken
        rows.append(row)

    async def begin(self, event, item, payload, at):
        if (event, item) in self.inbox:
            return False
        self.inbox[event, item] = Unfinished(item, payload, at)
        return True

    async def done(self, event, item):
        self.inbox[event, item] = replace(self.inbox[event, item], payload=None)

    async def unfinished(self, event, before):
        mine = [u for (e, _), u in self.inbox.items() if e == event and u.payload is not None]
        return sorted((u for u in mine if u.at < before), key=lambda u: u.at)

    async def note(self, event, kind, key, payload, until):
        self.notes[event, kind, key] = (payload, until)

    async def noted(self, event, kind, key, now):
        payload, until = self.notes.get((event, kind, key), (None, now))
        return payload if until > now else None

    async def sweep(self, now):
        self.notes = {k: v for k, v in self.notes.items() if v[1] > now}
        late = now - timedelta(hours=48)
        kept = {k: u for k, u in self.inbox.items() if u.payload is not None or u.at >= late}
        self.inbox = kept

    async def close(self):
        pass
