"""Those who are told of a night, for tests: a web server that takes notes, a mail server, their own certificate."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import default
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.waiting import LIMIT
from tests.support.web_server import Quiet, at_work


@dataclass(frozen=True)
class HeardRequest:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Ear:
    """What the web server was told; `statuses` are its answers, the last one for ever, 0 for silence."""

    statuses: Sequence[int]
    url: str = ""
    heard: list[HeardRequest] = field(default_factory=list)


@contextmanager
def listen_to_posts(statuses: Sequence[int] = (200,)) -> Iterator[Ear]:
    ear, over = Ear(statuses), threading.Event()

    class Handler(Quiet):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            ear.heard.append(HeardRequest(self.command, self.path, dict(self.headers.items()), body))
            status = ear.statuses[min(len(ear.heard), len(ear.statuses)) - 1]
            if not status:
                over.wait(LIMIT)
                return
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"OK")

    with at_work(Handler) as ear.url:
        try:
            yield ear
        finally:
            over.set()


@dataclass
class Letters:
    """What the mail server took."""

    refused: Collection[str]
    port: int = 0
    logins: int = 0
    read: list[Message] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.read.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@contextmanager
def receive_letters(
    context: ssl.SSLContext | None, security: str, *, password: str | None = None, refused: Collection[str] = ()
) -> Iterator[Letters]:
    """A mail server on loopback: in clear, with STARTTLS demanded, or in TLS at once; with a password or without."""

    def allowed(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object) -> AuthResult:
        fits = isinstance(given, LoginPassword) and given.password == (password or "").encode()
        letters.logins += fits
        return AuthResult(success=fits, handled=False)

    letters, starttls = Letters(refused), security == "starttls"
    loop = asyncio.new_event_loop()

    def speaker() -> SMTP:
        return SMTP(
            letters,
            hostname="localhost",
            loop=loop,
            tls_context=context if starttls else None,
            require_starttls=starttls,
            authenticator=allowed,
            auth_required=starttls and password is not None,
            auth_require_tls=starttls,  # over TLS from the first byte aiosmtpd does not know that there is TLS
        )

    server = loop.run_until_complete(
        loop.create_server(speaker, "127.0.0.1", 0, ssl=context if security == "ssl" else None)
    )
    letters.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield letters
    finally:
        asyncio.run_coroutine_threadsafe(_hang_up(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _hang_up(server: asyncio.Server) -> None:
    """No more calls are taken, and those at work are ended."""
    server.close()
    await server.wait_closed()
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of localhost signed by itself, and its key, as PEM files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "cert.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files
