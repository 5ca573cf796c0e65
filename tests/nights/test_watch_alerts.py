"""Webhook, mail and ping against listeners that listen; what goes wrong is a line that gives nothing away."""

from __future__ import annotations

import json
import logging
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from scraper.errors import DOUBTFUL, OK, UNAVAILABLE, BadArgument
from scraper.monitoring.alerts import Notice, Watchdog, send_alerts
from scraper.monitoring.report import build_report
from tests.nights import night, settings, week
from tests.support.listening import Ear, Letters, certificate, listen_to_posts, receive_letters

SECRET = "T0-s3cret-p4th"
NO_PAUSE = {"ALERT_PAUSES": [0, 0, 0], "ALERT_TIMEOUT": 5, "ALERT_MAIL_TO": "", "ALERT_WEBHOOK": "", "ALERT_PING": ""}


@pytest.fixture(autouse=True)
def _nothing_secret_is_logged(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    with caplog.at_level(logging.DEBUG):
        yield
    out, err = capfd.readouterr()
    assert SECRET not in caplog.text + out + err


def notice() -> Notice:
    broken = night(8, counts={"coverage/body/found": 0, "skipped/<!channel>": 1})
    return Notice.from_report(build_report(broken, week(), settings()))


def tell(result: Notice | None = None, /, **known: object) -> list[str]:
    lines = send_alerts(result or notice(), settings(**(NO_PAUSE | known)))
    assert SECRET not in " ".join(lines)
    assert all(len(line.splitlines()) == 1 for line in lines)
    return lines


def test_a_webhook_gets_json_that_slack_understands() -> None:
    with listen_to_posts() as ear:
        assert tell(ALERT_WEBHOOK=f"{ear.url}/hooks/{SECRET}") == []
    (heard,) = ear.heard
    assert (heard.method, heard.path) == ("POST", f"/hooks/{SECRET}")
    assert heard.headers["Content-Type"] == "application/json"
    body = json.loads(heard.body)
    assert body["text"].startswith(
        "Run 8 of 2026-03-02: alarm, exit code 3\nalarm: FieldCoverageMonitor: body in 0 of 2"
    )
    assert "<" not in body["text"]
    assert (body["level"], body["exit_code"], body["report"]["run"]["id"]) == ("alarm", DOUBTFUL, 8)


@pytest.mark.parametrize(
    ("statuses", "asked", "line"),
    [
        ([503, 429, 200], 3, None),
        ([503] * 9, 4, "HTTP 503, 4 times"),
        ([404], 1, "HTTP 404"),
        ([302], 1, "HTTP 302"),
    ],
)
def test_what_may_pass_is_tried_again(statuses: list[int], asked: int, line: str | None) -> None:
    with listen_to_posts(statuses) as ear:
        lines = tell(ALERT_WEBHOOK=f"{ear.url}/{SECRET}")
    assert len(ear.heard) == asked
    assert bool(lines) == bool(line)
    assert (line or "") in "".join(lines)
    assert not lines or lines[0].startswith(f"webhook to {ear.url.removeprefix('http://')}: ")


@pytest.mark.parametrize(
    "address",
    [
        f"file:///etc/{SECRET}",
        f"ftp://127.0.0.1/{SECRET}",
        SECRET,
        "https://",
        f"http://[{SECRET}",
        f"http://127.0.0.1:x/{SECRET}",
        f"http://127.0.0.1:9/a b{SECRET}\n",
        f"http://me:{SECRET}@127.0.0.1:9/",
        f"http://127.0.0.1:9/\N{SNOWMAN}{SECRET}",
        f"http://127.0.0.1:1/{SECRET}",
    ],
)
def test_addresses_that_lead_nowhere_are_a_line_each(address: str) -> None:
    (webhook,) = tell(ALERT_WEBHOOK=address)
    assert webhook.startswith("webhook")
    dog = Watchdog.from_settings(settings(**(NO_PAUSE | {"ALERT_PING": address})))
    (ping,) = dog.report_start()
    assert ping.startswith("ping")
    assert SECRET not in ping


def test_a_listener_that_never_answers_is_waited_for_no_longer_than_said() -> None:
    with listen_to_posts([0]) as ear:
        (line,) = tell(ALERT_WEBHOOK=ear.url, ALERT_TIMEOUT=0.2, ALERT_PAUSES=[])
    assert "TimeoutError" in line


def test_only_what_is_asked_for_is_told() -> None:
    fine = Notice("all well", "all well", "ok", OK)
    failed = Notice("no answer", "no answer", "ok", UNAVAILABLE)
    doubt = Notice("a doubt", "a doubt", "warning", OK)
    with listen_to_posts() as ear:
        for on, expected in (("alarm", 1), ("warning", 2), ("ok", 3)):
            ear.heard.clear()
            for result in (fine, failed, doubt):
                assert tell(result, ALERT_WEBHOOK=ear.url, ALERT_ON=on) == []
            assert len(ear.heard) == expected
        assert "ALERT_ON" in tell(fine, ALERT_WEBHOOK=ear.url, ALERT_ON="always")[0]
    assert tell() == []


def test_a_watchdog_hears_the_beginning_and_the_end() -> None:
    with listen_to_posts() as ear:
        dog = Watchdog.from_settings(settings(ALERT_PING=f"{ear.url}/ping/{SECRET}/?create=1", ALERT_PAUSES=[0]))
        assert dog.report_start() == []
        assert dog.report_end(DOUBTFUL, "x" * 20_000 + "\nthe end") == []
        begun, ended = ear.heard
    assert begun.path == f"/ping/{SECRET}/start?create=1&rid={dog.ping_id}"
    assert ended.path == f"/ping/{SECRET}/3?create=1&rid={dog.ping_id}"
    assert (len(begun.body), len(ended.body)) == (0, 10_000)
    assert ended.body.endswith(b"\nthe end")
    silent = Watchdog.from_settings(settings(**NO_PAUSE))
    assert silent.report_start() == silent.report_end(0, "") == []
    with pytest.raises(BadArgument):
        Watchdog.from_settings(settings(ALERT_TIMEOUT="soon"))


def mail_settings(letters: Letters, **known: object) -> dict[str, object]:
    return {
        "ALERT_MAIL_TO": "desk@example.org, night@example.org",
        "ALERT_MAIL_FROM": "archive@example.org",
        "ALERT_SMTP_HOST": "localhost",
        "ALERT_SMTP_PORT": str(letters.port),
        "ALERT_SMTP_USER": "archive",
        "ALERT_SMTP_PASSWORD": SECRET,
        **known,
    }


@pytest.fixture
def trust_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for localhost that this process believes in."""
    files = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*files)
    return context


@pytest.mark.parametrize("security", ["starttls", "ssl"])
def test_a_mail_goes_out_over_tls(security: str, trust_server: ssl.SSLContext) -> None:
    with receive_letters(trust_server, security, password=SECRET) as letters:
        assert tell(**mail_settings(letters, ALERT_SMTP_SECURITY=security)) == []
    assert letters.logins == 1
    (letter,) = letters.read
    assert isinstance(letter, EmailMessage)
    assert letter["Subject"] == "Brief archive: Run 8 of 2026-03-02: alarm, exit code 3"
    assert (letter["From"], letter["To"]) == ("archive@example.org", "desk@example.org, night@example.org")
    body, *attached = letter.walk() if not letter.is_multipart() else list(letter.iter_parts())
    assert "FieldCoverageMonitor" in body.get_content()
    assert [part.get_filename() for part in attached] == ["report-8.html", "report-8.md"]
    assert attached[0].get_content().startswith("<!DOCTYPE html>")


def test_a_mail_in_clear_goes_only_to_this_machine_and_with_no_password_elsewhere() -> None:
    with receive_letters(None, "none") as letters:
        known = mail_settings(letters, ALERT_SMTP_SECURITY="none", ALERT_SMTP_USER="", ALERT_MAIL_FROM="")
        assert tell(**known) == []
        assert letters.read[0]["From"] == "desk@example.org"
        (line,) = tell(**mail_settings(letters, ALERT_SMTP_SECURITY="none", ALERT_SMTP_HOST="mail.example.org"))
        assert "no password is sent unencrypted" in line


def test_mail_that_cannot_go_is_a_line(trust_server: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    with receive_letters(trust_server, "starttls", password="another") as letters:
        assert "SMTP 535" in tell(**mail_settings(letters))[0]
    with receive_letters(trust_server, "starttls", password=SECRET, refused={"desk@example.org"}) as letters:
        assert "1 of ALERT_MAIL_TO" in tell(**mail_settings(letters))[0]
        assert len(letters.read) == 1
        assert "all of" in tell(**mail_settings(letters, ALERT_MAIL_TO="desk@example.org"))[0]
    with receive_letters(None, "none") as letters:
        assert "ALERT_SMTP_SECURITY" in tell(**mail_settings(letters))[0]
        for wrong in ({"ALERT_SMTP_SECURITY": "perhaps"}, {"ALERT_MAIL_FROM": f"a@b.example\nBcc: {SECRET}"}):
            assert tell(**mail_settings(letters, **wrong))[0].startswith("mail")
        assert not letters.read
    assert "4 times" in tell(**mail_settings(letters))[0]
    monkeypatch.delenv("SSL_CERT_FILE")
    with receive_letters(trust_server, "starttls", password=SECRET) as letters:
        assert "certificate" in tell(**mail_settings(letters))[0]
        assert not letters.read


def test_one_channel_that_fails_keeps_no_other_from_telling() -> None:
    with listen_to_posts([500]) as deaf, receive_letters(None, "none") as letters:
        known = mail_settings(letters, ALERT_SMTP_SECURITY="none", ALERT_SMTP_USER="")
        (line,) = tell(**(known | {"ALERT_WEBHOOK": deaf.url, "ALERT_PAUSES": []}))
    assert line.startswith("webhook")
    assert len(letters.read) == 1
    assert isinstance(deaf, Ear)
