"""A mail through a server of the operator's, over TLS unless the server is this machine."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from ipaddress import ip_address
from pathlib import PurePath

from scrapy.settings import BaseSettings

from scraper.monitoring.delivery import NotNow, Patience, Refused, reason

_SECURITY = ("starttls", "ssl", "none")
_TYPES = {".html": "html", ".md": "markdown"}


def mail(title: str, text: str, files: Mapping[str, str], settings: BaseSettings, patience: Patience) -> str | None:
    """Send a mail to ALERT_MAIL_TO with the files attached; None if the server took it, else a line with the reason."""
    host, security = settings["ALERT_SMTP_HOST"], settings["ALERT_SMTP_SECURITY"]
    if security not in _SECURITY:
        return f"mail: ALERT_SMTP_SECURITY must be one of {', '.join(_SECURITY)}"
    if settings["ALERT_SMTP_USER"] and security == "none" and not _is_here(host):
        return f"mail to {host}: a password is not sent in clear: set ALERT_SMTP_SECURITY to starttls or ssl"
    try:
        message = _message(title, text, files, settings)
    except ValueError:  # a line break in an address, for one
        return "mail: ALERT_MAIL_FROM or ALERT_MAIL_TO is no address"
    return patience.attempt(f"mail by {host}", lambda: _deliver(message, settings, patience.timeout))


def _message(title: str, text: str, files: Mapping[str, str], settings: BaseSettings) -> EmailMessage:
    message = EmailMessage()
    receivers = settings.getlist("ALERT_MAIL_TO")
    message["Subject"] = " ".join(f"Brief archive: {title}".split())
    message["From"] = settings["ALERT_MAIL_FROM"] or receivers[0]
    message["To"] = ", ".join(receivers)
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain="brief-archive.invalid")  # the machine's own name is nobody's business
    message["Auto-Submitted"] = "auto-generated"  # no out-of-office replies
    message.set_content(_encodable(text))
    for name, content in files.items():
        message.add_attachment(_encodable(content), subtype=_TYPES.get(PurePath(name).suffix, "plain"), filename=name)
    return message


def _deliver(message: EmailMessage, settings: BaseSettings, timeout: float) -> None:
    try:
        with _connected(settings, timeout) as server:
            if user := settings["ALERT_SMTP_USER"]:
                server.login(user, settings["ALERT_SMTP_PASSWORD"])
            refused = server.send_message(message)
    except smtplib.SMTPRecipientsRefused:
        raise Refused("the server refuses all of ALERT_MAIL_TO") from None
    except smtplib.SMTPResponseException as error:
        kind = NotNow if 400 <= error.smtp_code < 500 else Refused
        raise kind(f"SMTP {error.smtp_code}") from None
    except smtplib.SMTPNotSupportedError:
        raise Refused("the server lacks what is set: see ALERT_SMTP_SECURITY and ALERT_SMTP_USER") from None
    except ssl.SSLCertVerificationError:
        raise Refused("the server's certificate does not hold") from None
    except OSError as error:  # smtplib's others are among them
        raise NotNow(reason(error)) from None
    except ValueError:
        raise Refused("a setting ALERT_MAIL_* or ALERT_SMTP_* cannot be used") from None
    if refused:
        raise Refused(f"taken, but not for {len(refused)} of ALERT_MAIL_TO")


def _connected(settings: BaseSettings, timeout: float) -> smtplib.SMTP:
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


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
