"""Sends one message: how often to try, and why it failed, without secrets in the text."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException, InvalidURL
from typing import IO, Self
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from scrapy.settings import BaseSettings

from scraper.errors import BadArgument

_MAX_ANSWER = 1000  # bytes; the answer is read only to end the request properly


class PermanentFailure(Exception):
    """Trying again will not help. Its text is for users and holds no secret."""


class TemporaryFailure(Exception):
    """Trying again may help. Its text is for users and holds no secret."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long a night waits for those it alerts: a night must not fail because an alert does."""

    timeout: float  # seconds
    pauses: tuple[float, ...]  # seconds before each further attempt

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Read the settings. Raises BadArgument for a value that is not a number."""
        try:
            return cls(settings.getfloat("ALERT_TIMEOUT"), tuple(map(float, settings.getlist("ALERT_PAUSES"))))
        except (TypeError, ValueError) as error:
            raise BadArgument("ALERT_TIMEOUT and ALERT_PAUSES are seconds: give numbers") from error

    def run(self, name: str, action: Callable[[], None]) -> str | None:
        """Run the action, again after each pause if it fails; None if it worked, else a line with the reason."""
        for pause in (*self.pauses, None):
            try:
                action()
                return None
            except PermanentFailure as failure:
                return f"{name}: {failure}"
            except TemporaryFailure as failure:
                if pause is None:
                    return f"{name}: {failure}, {len(self.pauses) + 1} times; look at the address and at the network"
                time.sleep(pause)
        return None


class _NoRedirects(HTTPRedirectHandler):
    """Follows no redirects: a message may hold secrets of the one address it was meant for."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> Request | None:
        return None


def post_message(channel: str, address: str, body: bytes, content_type: str, retries: RetryPolicy) -> str | None:
    """POST to an http or https address; None if it was accepted, else a line that names only the host.

    The line leaves out the path, which is the password of chats and watchdogs.
    """
    try:
        parts = urlsplit(address)
        host = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    except ValueError:
        return f"{channel}: its address cannot be parsed; it must be like https://host/path"
    if parts.scheme not in ("http", "https") or not host:
        return f"{channel}: its address must begin with https:// or http:// and a host"
    headers = {"Content-Type": content_type, "User-Agent": "BriefArchive"}
    request = Request(address, body, headers, method="POST")  # noqa: S310 - the scheme was checked above
    return retries.run(f"{channel} to {host}", lambda: _send_request(request, retries.timeout))


def explain_error(error: BaseException) -> str:
    """Say what the system or the network reports, without what was sent."""
    cause = error.reason if isinstance(error, URLError) and isinstance(error.reason, BaseException) else error
    return (cause.strerror if isinstance(cause, OSError) else None) or type(cause).__name__


def _send_request(request: Request, timeout: float) -> None:
    try:
        with build_opener(_NoRedirects).open(request, timeout=timeout) as answer:
            answer.read(_MAX_ANSWER)
    except HTTPError as error:
        error.close()
        kind = TemporaryFailure if error.code == 429 or error.code >= 500 else PermanentFailure
        raise kind(f"HTTP {error.code}") from None
    except (ValueError, InvalidURL):
        raise PermanentFailure("its address cannot be used") from None
    except (OSError, HTTPException) as error:
        raise TemporaryFailure(explain_error(error)) from None
