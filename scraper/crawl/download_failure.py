"""Says in one line why no answer came, without the names of what failed inside this program."""

from __future__ import annotations

import re

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

_SENTENCES: tuple[tuple[type[Exception], str], ...] = (
    (DownloadTimeoutError, "no answer came in time"),
    (CannotResolveHostError, "the name of the host has no address"),
    (DownloadConnectionRefusedError, "the server refuses connections"),
    (DownloadCancelledError, "the answer is larger than DOWNLOAD_MAXSIZE"),
    (ResponseDataLossError, "the answer was cut off"),
)
_TLS = re.compile(r"SSL|TLS|certificate", re.IGNORECASE)


def describe_failure(error: BaseException) -> str:
    """Describe a download that failed; what a middleware of ours says stays as it is."""
    if isinstance(error, IgnoreRequest):
        return str(error)
    for kind, sentence in _SENTENCES:
        if isinstance(error, kind):
            return sentence
    if _TLS.search(f"{type(error).__name__} {error}"):
        return "no valid certificate, or no encryption that works on both sides"
    return "the connection broke, or what came is no answer of a web server"
