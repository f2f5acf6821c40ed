"""A chat platform in a process of its own that records posts, and often fails: late, lost, refused.

What it does to a request is drawn from a seed. By the name of a place it keeps what it has
(`look…`: posts can be looked up), knows a key again (`same…`: a second post under it is the first),
or does neither (`blind…`).
"""

import http.client
import json
import random
import threading
import time
from asyncio import to_thread
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode

from bot.answer import plain
from bot.chat import Receipt, Sought
from bot.errors import InDoubt, TryLater


class Handler(BaseHTTPRequestHandler):
    """Takes posts, and tells what it has taken."""

    protocol_version = "HTTP/1.0"
    server: "Server"

    def do_POST(self):
        posted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            fate = self.server.chance.random()
        if fate < 0.1:
            self._reply(429, {"after": 3})
        elif fate < 0.2:
            self._reply(503, {})
        else:
            if fate < 0.3:
                time.sleep(0.05)
            self.server.take(posted)
            if fate < 0.4:
                self.connection.close()  # taken, and nobody is told
            elif fate < 0.5:
                self._reply(503, {})
            else:
                self._reply(200, {"id": posted["key"]})

    def do_GET(self):
        with self.server.lock:
            log = [*self.server.log]
        self._reply(200, log)

    def _reply(self, status, body):
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_):
        """Keep standard error clean."""


class Server(ThreadingHTTPServer):
    """Keeps all that it has taken as (place, key), in the order in which it came."""

    daemon_threads = True

    def __init__(self, seed):
        super().__init__(("127.0.0.1", 0), Handler)
        self.chance = random.Random(seed)
        self.lock = threading.Lock()
        self.log = []

    def take(self, posted):
        row = [posted["place"], posted["key"]]
        with self.lock:
            if not (posted["place"].startswith("same") and row in self.log):
                self.log.append(row)

    def handle_error(self, *_):
        """What a killed bot leaves behind is no error here."""


def serve(seed, port):
    """Serve until the process is ended; the port is told through a connection."""
    server = Server(seed)
    port.send(server.server_port)
    server.serve_forever()


class Recorder:
    """The platform as the bot sees it; `wait` is how many seconds its requests may take."""

    name = "rec"

    def __init__(self, port, clock, wait):
        self.port, self.clock, self.wait = port, clock, wait

    async def post(self, place, answer, key):
        body = {"place": place.channel, "key": key, "text": plain(answer)}
        status, told = await to_thread(self._request, "POST", "/", json.dumps(body))
        if status == 429:
            raise TryLater(self.clock.seconds(told["after"]))
        if status != 200:
            raise InDoubt
        return Receipt(place, told["id"], self.clock())

    async def direct(self, person, answer, key):
        raise NotImplementedError

    async def look_up(self, place, key, since):
        if place.channel.startswith("blind"):
            return Sought.CANNOT_TELL
        if place.channel.startswith("same"):
            return Sought.ABSENT  # to post it again does no harm
        _, log = await to_thread(self._request, "GET", f"/?{urlencode({'key': key})}", None)
        found = [place.channel, key] in log
        return Receipt(place, key, self.clock()) if found else Sought.ABSENT

    def _request(self, method, path, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.wait)
        try:
            connection.request(method, path, body)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        except ConnectionRefusedError as error:
            raise TryLater from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise InDoubt from error
        finally:
            connection.close()


def log_of(port):
    """All that a server has taken."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/")
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()
