"""Sending one message out: how long to try, and why it failed in words that hold no secret."""

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

_ENOUGH = 1000  # bytes of an answer that nobody reads


class Refused(Exception):
    """It will not work the next time either; its text is for people and holds no secret."""


class NotNow(Exception):
    """It may work in a moment; its text is for people and holds no secret."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a night waits for those it tells: a job is not to fail because of its news."""

    timeout: float  # seconds
    pauses: tuple[float, ...]  # seconds before each further attempt

    @classmethod
    def read(cls, settings: BaseSettings) -> Self:
        """Raises BadArgument for a value that is no number."""
        try:
            return cls(settings.getfloat("ALERT_TIMEOUT"), tuple(map(float, settings.getlist("ALERT_PAUSES"))))
        except (TypeError, ValueError) as error:
            raise BadArgument("ALERT_TIMEOUT and ALERT_PAUSES are seconds: give numbers") from error

    def attempt(self, what: str, action: Callable[[], None]) -> str | None:
        """Do it, again after each pause if it does not work now; None if it was done, else a line with the reason."""
        for pause in (*self.pauses, None):
            try:
                action()
                return None
            except Refused as refused:
                return f"{what}: {refused}"
            except NotNow as trouble:
                if pause is None:
                    return f"{what}: {trouble}, {len(self.pauses) + 1} times; look at the address and at the network"
                time.sleep(pause)
        return None


class _NoRedirects(HTTPRedirectHandler):
    """What goes to one address is not for another one."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> Request | None:
        return None


def post(channel: str, address: str, body: bytes, content_type: str, patience: Patience) -> str | None:
    """POST to an http or https address; None if it was taken, else a line that names the host alone.

    The path is left out of the line: with chats and watchdogs it is the password.
    """
    try:
        parts = urlsplit(address)
        host = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    except ValueError:
        return f"{channel}: its address cannot be read; it must be like https://host/path"
    if parts.scheme not in ("http", "https") or not host:
        return f"{channel}: its address must begin with https:// or http:// and a host"
    headers = {"Content-Type": content_type, "User-Agent": "BriefArchive"}
    request = Request(address, body, headers, method="POST")  # noqa: S310  the scheme was looked at
    return patience.attempt(f"{channel} to {host}", lambda: _send(request, patience.timeout))


def reason(error: BaseException) -> str:
    """What the system or the network says, without what was sent."""
    cause = error.reason if isinstance(error, URLError) and isinstance(error.reason, BaseException) else error
    return (cause.strerror if isinstance(cause, OSError) else None) or type(cause).__name__


def _send(request: Request, timeout: float) -> None:
    try:
        with build_opener(_NoRedirects).open(request, timeout=timeout) as answer:
            answer.read(_ENOUGH)
    except HTTPError as error:
        error.close()
        kind = NotNow if error.code == 429 or error.code >= 500 else Refused
        raise kind(f"HTTP {error.code}") from None
    except (ValueError, InvalidURL):
        raise Refused("its address cannot be used") from None
    except (OSError, HTTPException) as error:
        raise NotNow(reason(error)) from None
