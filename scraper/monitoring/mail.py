"""Sends a mail through the operator's server, over TLS unless that server is this machine."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import PurePath

from scrapy.settings import BaseSettings

from scraper.address import is_loopback
from scraper.monitoring.delivery import PermanentFailure, RetryPolicy, TemporaryFailure, explain_error

_SECURITY = ("starttls", "ssl", "none")
_TYPES = {".html": "html", ".md": "markdown"}


def send_mail(
    title: str, text: str, files: Mapping[str, str], settings: BaseSettings, retries: RetryPolicy
) -> str | None:
    """Send a mail to ALERT_MAIL_TO with the files attached; None if the server accepts it, else a line with why not."""
    host, security = settings["ALERT_SMTP_HOST"], settings["ALERT_SMTP_SECURITY"]
    if security not in _SECURITY:
        return f"mail: ALERT_SMTP_SECURITY must be one of {', '.join(_SECURITY)}"
    is_here = is_loopback(f"[{host}]" if ":" in host else host)
    if settings["ALERT_SMTP_USER"] and security == "none" and not is_here:
        return f"mail to {host}: no password is sent unencrypted: set ALERT_SMTP_SECURITY to starttls or ssl"
    try:
        message = _build_message(title, text, files, settings)
    except ValueError:  # a line break in an address, for one
        return "mail: ALERT_MAIL_FROM or ALERT_MAIL_TO is not a mail address"
    return retries.run(f"mail by {host}", lambda: _send_message(message, settings, retries.timeout))


def _build_message(title: str, text: str, files: Mapping[str, str], settings: BaseSettings) -> EmailMessage:
    message = EmailMessage()
    receivers = settings.getlist("ALERT_MAIL_TO")
    message["Subject"] = " ".join(f"Brief archive: {title}".split())
    message["From"] = settings["ALERT_MAIL_FROM"] or receivers[0]
    message["To"] = ", ".join(receivers)
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain="brief-archive.invalid")  # keeps the name of the machine private
    message["Auto-Submitted"] = "auto-generated"  # no out-of-office replies
    message.set_content(_replace_surrogates(text))
    for name, content in files.items():
        subtype = _TYPES.get(PurePath(name).suffix, "plain")
        message.add_attachment(_replace_surrogates(content), subtype=subtype, filename=name)
    return message


def _send_message(message: EmailMessage, settings: BaseSettings, timeout: float) -> None:
    try:
        with _connect(settings, timeout) as server:
            if user := settings["ALERT_SMTP_USER"]:
                server.login(user, settings["ALERT_SMTP_PASSWORD"])
            refusals = server.send_message(message)
    except smtplib.SMTPRecipientsRefused:
        raise PermanentFailure("the server refuses all of ALERT_MAIL_TO") from None
    except smtplib.SMTPResponseException as error:
        kind = TemporaryFailure if 400 <= error.smtp_code < 500 else PermanentFailure
        raise kind(f"SMTP {error.smtp_code}") from None
    except smtplib.SMTPNotSupportedError:
        raise PermanentFailure("the server does not support ALERT_SMTP_SECURITY or ALERT_SMTP_USER") from None
    except ssl.SSLCertVerificationError:
        raise PermanentFailure("the server's certificate cannot be verified") from None
    except OSError as error:  # the base class of smtplib's other errors too
        raise TemporaryFailure(explain_error(error)) from None
    except ValueError:
        raise PermanentFailure("a setting ALERT_MAIL_* or ALERT_SMTP_* cannot be used") from None
    if refusals:
        raise PermanentFailure(f"the server refuses {len(refusals)} of ALERT_MAIL_TO")


def _connect(settings: BaseSettings, timeout: float) -> smtplib.SMTP:
    host, port = settings["ALERT_SMTP_HOST"], settings.getint("ALERT_SMTP_PORT")
    context = ssl.create_default_context()
    if settings["ALERT_SMTP_SECURITY"] == "ssl":
        return smtplib.SMTP_SSL(host, port or 465, timeout=timeout, context=context)
    server = smtplib.SMTP(host, port or 587, timeout=timeout)
    if settings["ALERT_SMTP_SECURITY"] == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


def _replace_surrogates(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
