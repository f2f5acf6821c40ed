"""How events come in: through a socket that is watched and renewed, or by HTTP where Slack calls."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.web import QUIET, fatal
from bot.errors import BadConfig


PATH: Final = "/slack/events"

_PING: Final = 5  # seconds; a dead connection is noticed within four of them
_LOOK: Final = 1.0
_PATIENCE: Final = 30.0
_LONGEST_BREAK: Final = 60.0
_LARGEST: Final = 1_000_000  # bytes; the largest events are some kB

_log = logging.getLogger("workshop_bot.slack")


class Socket(SocketModeClient):
    """A socket that remembers why there can't be one, instead of trying for ever."""

    def __init__(self, app: AsyncApp, app_token: str, client: AsyncWebClient) -> None:
        super().__init__(app_token, QUIET, client, ping_interval=_PING)
        self.fatal: BadConfig | None = None
        self._app = app
        self.socket_mode_request_listeners.append(self._came)

    async def issue_new_wss_url(self) -> str:
        try:
            return await super().issue_new_wss_url()
        except SlackApiError as error:
            self.fatal = fatal(error, app=True)
            if self.fatal is not None:
                self.closed = True  # ends the SDK's own loops
            raise

    async def _came(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        answer = await run_async_bolt_app(self._app, request)
        await send_async_response(client, request, answer, 0)


async def by_socket(app: AsyncApp, app_token: str, client: AsyncWebClient) -> None:
    """Let events come through a socket for good. Raises `BadConfig` if Slack won't have one.

    The SDK reconnects, but to an address that is good for once only; where it doesn't succeed in a
    while, all of it is made anew.
    """
    pause = 1.0
    while True:
        socket = Socket(app, app_token, client)
        try:
            async with asyncio.timeout(_PATIENCE):
                await socket.connect_to_new_endpoint()
            _log.info("connected to Slack")
            pause = 1.0
            await _watched(socket)
        except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError) as error:
            if socket.fatal is None:
                _log.warning("Slack can't be reached (%s)", type(error).__name__)
        finally:
            await socket.close()  # type: ignore[no-untyped-call]
        if socket.fatal is not None:
            raise socket.fatal
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_BREAK)


async def _watched(socket: Socket) -> None:
    """Come back when a socket has been without a connection for too long, or can't have one."""
    loop = asyncio.get_running_loop()
    since: float | None = None
    while socket.fatal is None:
        await asyncio.sleep(_LOOK)
        if await socket.is_connected():
            since = None
        elif since is None:
            since = loop.time()
            _log.warning("the connection to Slack is lost; connecting again")
        elif loop.time() - since > _PATIENCE:
            return


async def by_http(app: AsyncApp, signing_secret: str, host: str, port: int) -> None:
    """Let events come by HTTP for good. Raises `BadConfig` if nothing can listen there.

    What isn't signed is refused before anything looks into it.
    """
    verifier = SignatureVerifier(signing_secret)

    async def came(request: web.Request) -> web.Response:
        raw = await request.read()
        if not _is_signed(verifier, raw, request.headers):
            return web.Response(status=401)
        body = _parsed(raw, request.content_type)
        if body is None:
            return web.Response(status=400)
        headers: dict[str, str | Sequence[str]] = {**request.headers}
        # As a socket's, for which Bolt neither parses nor checks anything again.
        made = AsyncBoltRequest(mode="socket_mode", body=body, headers=headers)
        return await to_aiohttp_response(await app.async_dispatch(made))

    server = web.Application(client_max_size=_LARGEST)
    server.router.add_post(PATH, came)
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        _log.info("listening for Slack on %s:%s", host, port)
        await asyncio.Event().wait()
    except OSError as error:
        why = error.strerror or "it is in use"
        raise BadConfig(f"slack.listen: nothing can listen on {host}:{port} ({why})") from None
    finally:
        await runner.cleanup()


def _is_signed(verifier: SignatureVerifier, raw: bytes, headers: Mapping[str, str]) -> bool:
    """Whether Slack has signed a request, not long ago (docs.slack.dev: verifying requests)."""
    timestamp = headers.get("X-Slack-Request-Timestamp", "")
    signature = headers.get("X-Slack-Signature", "")
    if not re.fullmatch("[0-9]{1,12}", timestamp) or not signature.isascii():
        return False
    return verifier.is_valid(raw, timestamp, signature)


def _parsed(raw: bytes, kind: str) -> dict[str, Any] | None:
    """The payload of a request; `None` if there is none in it."""
    try:
        if kind == "application/x-www-form-urlencoded":
            form = dict(parse_qsl(raw.decode(), keep_blank_values=True))
            if "command" in form:
                return form
            body = json.loads(form["payload"])
        else:
            body = json.loads(raw)
    except (ValueError, KeyError, RecursionError):
        return None
    return body if isinstance(body, dict) else None
