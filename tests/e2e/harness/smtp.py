# SPDX-License-Identifier: GPL-3.0-or-later
"""A real SMTP server in this process: TLS, AUTH, everything it took is kept, faults on request."""
import asyncio
import base64
import dataclasses
import logging
import threading
import time
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

from . import proc
from .letter import Letter

logging.getLogger("mail.log").setLevel(logging.CRITICAL)

USER = "zapisy@rcwip.example"
PASSWORD = "tajne-haslo-do-wysylki"


@dataclasses.dataclass
class Accepted:
    """One message the server answered for with 250 (or dropped after its final dot)."""
    sender: str
    recipients: list
    raw: bytes
    tls: bool
    login: str
    dropped: bool = False
    when: float = dataclasses.field(default_factory=time.monotonic)

    @property
    def letter(self):
        return Letter(self.raw)


@dataclasses.dataclass
class Fault:
    """times: how often it strikes; recipient: only for that one, or for all."""
    step: str
    reply: str
    times: int
    recipient: str
    seconds: float = 0.0


class SmtpServer:
    """Ports: `tls` (implicit TLS) and `starttls` (which takes no mail and no password without it).
    deliver(recipient, raw) is called for each accepted message, in the server's thread."""

    def __init__(self, authority, cert="good", deliver=None, users=None):
        self.authority, self.cert, self.deliver = authority, cert, deliver
        self.host, self.user, self.password = "localhost", USER, PASSWORD
        self.users = users or {USER: PASSWORD}
        self.token_server = None  # whose tokens it takes (XOAUTH2)
        self.says_why = False     # of a token it refuses, as Google does: 334 first
        self.messages = []
        self.connections = 0
        self.tls = self.starttls = 0
        self._faults = []
        self._lock = threading.Lock()
        self._thread = self._loop = None
        self._servers = []
        self._stripped = False

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    # --- its life

    def start(self):
        """Returns when both ports answer. Keeps its ports after a stop()."""
        ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        if not ready.wait(20) or not self._servers:
            raise proc.Timeout("the SMTP server does not start")

    def stop(self):
        if self._thread:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(20)
            self._thread = None

    def _run(self, ready):
        asyncio.set_event_loop(self._loop)
        try:
            self._servers = self._loop.run_until_complete(self._listen())
            ready.set()
            self._loop.run_forever()
            self._loop.run_until_complete(self._shut())
        finally:
            ready.set()
            self._loop.close()

    async def _listen(self):
        context = self.authority.server_context(self.cert)
        implicit = await self._loop.create_server(lambda: self._protocol(None), "127.0.0.1", self.tls, ssl=context)
        upgrade = await self._loop.create_server(lambda: self._protocol(context), "127.0.0.1", self.starttls)
        self.tls = implicit.sockets[0].getsockname()[1]
        self.starttls = upgrade.sockets[0].getsockname()[1]
        return [implicit, upgrade]

    async def _shut(self):
        for server in self._servers:
            server.close()
        self._servers = []
        tasks = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def without_starttls(self):
        """From now on the STARTTLS port does not offer it and takes passwords in the open."""
        self._stripped = True

    def _protocol(self, context):
        with self._lock:
            self.connections += 1
        context = None if self._stripped else context
        with warnings.catch_warnings():
            # On the implicit-TLS port it does not see the TLS below it.
            warnings.filterwarnings("ignore", "Requiring AUTH while not requiring TLS", UserWarning)
            return SMTP(_Handler(self), loop=self._loop, hostname="smtp.rcwip.example", tls_context=context,
                        require_starttls=context is not None, authenticator=self._login, auth_required=True,
                        auth_require_tls=context is not None, data_size_limit=64 << 20, decode_data=False)

    # --- what it took

    def letters(self):
        """What it answered for, in order of arrival."""
        return [m.letter for m in self.messages if not m.dropped]

    def letters_to(self, address):
        return [m.letter for m in self.messages if not m.dropped and address in m.recipients]

    # --- faults

    def fault(self, step, reply, times=1, recipient="", seconds=0.0):
        """step: login, sender, recipient, data (the answer to the final dot) or drop (no answer to it)."""
        with self._lock:
            self._faults.append(Fault(step, reply, times, recipient.lower(), seconds))

    def drop_after_dot(self, times=1, recipient="", keep=True):
        """Takes the bytes and cuts the line instead of answering; keep: it is kept as taken."""
        self.fault("drop", "keep" if keep else "", times, recipient)

    def delay(self, seconds, times=1):
        """Answers the final dot late."""
        self.fault("delay", "", times, seconds=seconds)

    def heal(self):
        with self._lock:
            self._faults.clear()

    def strike(self, step, recipients=()):
        """The fault for this step, if one is due; counts it."""
        with self._lock:
            for fault in self._faults:
                if fault.step == step and fault.times > 0 and (
                        not fault.recipient or fault.recipient in [r.lower() for r in recipients]):
                    fault.times -= 1
                    return fault
        return None

    def _login(self, _server, _session, _envelope, _mechanism, data):
        fault = self.strike("login")
        if fault:
            return AuthResult(success=False, handled=False, message=fault.reply)
        name, password = data.login.decode(), data.password.decode()
        good = self.users.get(name) == password
        return AuthResult(success=good, handled=False, auth_data=name if good else None)


class _Handler:
    """aiosmtpd's hooks."""

    def __init__(self, owner):
        self.owner = owner

    async def auth_XOAUTH2(self, server, args):
        owner = self.owner
        if not owner.token_server:
            return AuthResult(success=False, handled=False)
        raw = base64.b64decode(args[1]) if len(args) > 1 else await server.challenge_auth("")
        user, _, rest = raw.decode().removeprefix("user=").partition("\x01auth=Bearer ")
        if owner.token_server.is_good(user, rest.removesuffix("\x01\x01")):
            return AuthResult(success=True, handled=False, auth_data=user)
        if owner.says_why:
            await server.challenge_auth('{"status":"400","schemes":"Bearer"}')
        return AuthResult(success=False, handled=False)

    async def handle_MAIL(self, _server, _session, envelope, address, options):
        fault = self.owner.strike("sender")
        if fault:
            return fault.reply
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(self, _server, _session, envelope, address, options):
        fault = self.owner.strike("recipient", [address])
        if fault:
            return fault.reply
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        owner, recipients = self.owner, list(envelope.rcpt_tos)
        late = owner.strike("delay", recipients)
        if late:
            await asyncio.sleep(late.seconds)
        fault = owner.strike("data", recipients)
        if fault:
            return fault.reply
        taken = Accepted(envelope.mail_from, recipients, envelope.original_content,
                         session.ssl is not None or server.transport.get_extra_info("ssl_object") is not None,
                         session.auth_data or "")
        drop = owner.strike("drop", recipients)
        if drop:
            if drop.reply:
                taken.dropped = True
                owner.messages.append(taken)
            server.transport.abort()
            raise asyncio.CancelledError
        if owner.deliver:
            for recipient in recipients:
                await asyncio.get_running_loop().run_in_executor(None, owner.deliver, recipient, taken.raw)
        owner.messages.append(taken)
        return "250 2.0.0 OK queued"
