"""Slack's Web API as the adapter uses it: paced, never repeated by itself, with errors of ours."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from datetime import timedelta
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack.settings import APP_TOKEN, BOT_TOKEN, Secrets
from bot.errors import BadConfig, InDoubt, Refused, TryLater


TIMEOUT: Final = 10  # seconds; a post is looked for only when this has passed

QUIET: Final = logging.getLogger("workshop_bot.slack.sdk")
"""Where the SDK writes: nowhere, as it would write addresses with tickets, and texts of people."""
QUIET.setLevel(logging.CRITICAL + 1)
QUIET.propagate = False

FATAL: Final = {
    "invalid_auth": "Slack doesn't know the token in {token}; copy it anew from the app's settings",
    "not_authed": "Slack got no token; set {token}",
    "token_revoked": "the token in {token} was revoked; install the app to the workspace anew",
    "token_expired": "the token in {token} has expired; copy it anew from the app's settings",
    "account_inactive": "the app was removed from the workspace, or switched off; install it anew",
    "not_allowed_token_type": "{token} holds a token of another kind; copy the right one",
    "missing_scope": "{token} lacks a scope; compare the app with deploy/slack-manifest.yaml",
    "no_permission": "the app may not do that; compare it with deploy/slack-manifest.yaml",
    "org_login_required": "the workspace is being moved; its owner has to say when it is back",
    "team_access_not_granted": "the app isn't approved for this workspace; ask its owner",
}
"""Errors after which no call will succeed, and what to do (docs.slack.dev: each method's errors)."""

_FIXES: Final = {
    "not_in_channel": "the bot isn't in the channel; invite it there: /invite @its-name",
    "user_not_in_channel": "the person isn't in the channel",
    "is_archived": "the channel is archived; name another one in bot.yaml",
    "channel_not_found": "there is no such channel, or it is private and the bot isn't in it",
    "channel_is_limited_access": "only some may post in the channel; let the bot",
    "restricted_action": "the workspace lets only some post there; ask its admins to let the bot",
    "user_not_found": "there is no such person in the workspace",
    "users_not_found": "there is no such person in the workspace",
    "user_disabled": "the person's account is switched off",
    "cannot_dm_bot": "that is a bot, which can't be written to",
    "message_not_found": "the message is gone",
    "cant_update_message": "the message isn't the bot's own",
    "cant_delete_message": "the message isn't the bot's own",
    "edit_window_closed": "the workspace lets nobody edit messages that old",
    "msg_too_long": "the message is too long for Slack",
    "msg_blocks_too_long": "the message is too long for Slack",
    "invalid_blocks": "Slack doesn't take the message's form; that is a bug of the bot",
}
_GONE: Final = frozenset({"invalid_auth", "token_revoked", "token_expired", "account_inactive"})
_AT_ONCE: Final = 100
_SOON: Final = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_PERHAPS: Final = frozenset(
    {"fatal_error", "internal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
)
_LONGEST_WAIT: Final = timedelta(minutes=10)


class Web:
    """The Web API with the bot's tokens, over connections that are kept open.

    Once Slack won't have the bot any more, `ended` is set and `why` says what to do.
    """

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._session: aiohttp.ClientSession | None = None
        self._client: AsyncWebClient | None = None
        self._gate = asyncio.Semaphore(_AT_ONCE)  # waiting here counts in no time limit
        self.ended = asyncio.Event()
        self.why: BadConfig | None = None

    @property
    def client(self) -> AsyncWebClient:
        """The SDK's client; it must be used inside a running loop."""
        if self._client is None or self._session is None or self._session.closed:
            limits = aiohttp.TCPConnector(limit=0)
            timeout = aiohttp.ClientTimeout(total=TIMEOUT)
            self._session = aiohttp.ClientSession(connector=limits, timeout=timeout)
            self._client = AsyncWebClient(
                self._secrets.bot,
                base_url=self._secrets.api,
                timeout=TIMEOUT,
                session=self._session,
                logger=QUIET,
            )
            # They repeat posts whose answers were lost.
            self._client.retry_handlers.clear()
        return self._client

    async def call(self, method: str, **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401
        """The answer of a method. Raises `TryLater`, `Refused`, `InDoubt`."""
        return await self._done(self.client.api_call(method, json=arguments))

    async def read(self, method: str, **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401
        """The same for a method that takes its arguments in the address, as those that read do."""
        return await self._done(self.client.api_call(method, http_verb="GET", params=arguments))

    async def _done(self, work: Coroutine[Any, Any, AsyncSlackResponse]) -> Mapping[str, Any]:
        try:
            async with self._gate:
                answer = await work
        except SlackApiError as error:
            self._look(error)
            raise said(error) from None
        except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError) as error:
            raise lost(error) from None
        return answer.data if isinstance(answer.data, dict) else {}

    def _look(self, error: SlackApiError) -> None:
        """Notice that no call will succeed any more."""
        code = str(error.response.get("error", "")) if hasattr(error.response, "get") else ""
        if code in _GONE:
            self.why = fatal(error)
            self.ended.set()

    async def respond(self, url: str, **message: Any) -> None:  # noqa: ANN401
        """Post to a response_url. Raises as `call` does."""
        hook = AsyncWebhookClient(
            url, TIMEOUT, session=self.client.session, logger=QUIET, retry_handlers=[]
        )
        try:
            async with self._gate:
                answer = await hook.send_dict(message)
        except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError) as error:
            raise lost(error) from None
        if answer.status_code == 429:
            raise TryLater(_after(answer.headers))
        if answer.status_code >= 500:
            raise InDoubt
        if answer.status_code != 200:
            raise Refused("the reply came too late for Slack", "expired_url")

    async def close(self) -> None:
        """Let go of all connections."""
        session, self._session, self._client = self._session, None, None
        if session is not None:
            await session.close()
            await asyncio.sleep(0)  # sockets close when the loop comes round


def said(error: SlackApiError) -> TryLater | Refused | InDoubt:
    """What an error means that Slack answered with."""
    answer = error.response
    code = str(answer.get("error", "")) if hasattr(answer, "get") else ""
    status: int = getattr(answer, "status_code", 0) or getattr(answer, "status", 0)
    if code in _SOON or status == 429:
        return TryLater(_after(answer.headers))
    if status >= 500 or code in _PERHAPS or not code:
        return InDoubt()
    return Refused(_fix(code, answer), code)


def _fix(code: str, answer: Any) -> str:  # noqa: ANN401 - the SDK's response
    if code == "missing_scope":
        needed = str(answer.get("needed", "")) or "one"
        return f"the app lacks the scope {needed}; add it under OAuth & Permissions and reinstall"
    fix = _FIXES.get(code) or FATAL.get(code, "").replace("{token}", BOT_TOKEN)
    return fix or f"Slack says {code}"


def fatal(error: SlackApiError, *, app: bool = False) -> BadConfig | None:
    """The sentence to end with, if no call will succeed any more; of the app's token, or the bot's."""
    code = str(error.response.get("error", "")) if hasattr(error.response, "get") else ""
    if code not in FATAL:
        return None
    return BadConfig(FATAL[code].replace("{token}", APP_TOKEN if app else BOT_TOKEN))


def lost(error: Exception) -> TryLater | InDoubt:
    """What an error means that came instead of an answer: if nothing was sent, it may be later."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return TryLater()
    return InDoubt()


def _after(headers: Mapping[str, str]) -> timedelta:
    """How long to wait; a second if nobody says."""
    found = {k.lower(): v for k, v in headers.items()}.get("retry-after", "1")
    seconds = int(found) if str(found).isdigit() else 1
    return min(timedelta(seconds=max(seconds, 1)), _LONGEST_WAIT)
