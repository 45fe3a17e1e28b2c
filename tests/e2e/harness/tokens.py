# SPDX-License-Identifier: GPL-3.0-or-later
"""A token server of one's own (RFC 6749, 7636, 7662, 8628): it gives tokens, tells Dovecot whose they are, and can be
told to misbehave."""
import base64
import hashlib
import http.server
import json
import secrets
import threading
import time
import urllib.parse

CLIENT, SECRET = "zapisyd-client", "tajemnica-klienta"


class TokenServer:
    """`requests`: the forms that came to /token and /device. `fault(answer, times)`: what the next requests to /token
    get instead: (status, body), or a function(handler)."""

    def __init__(self, authority=None, cert="good"):
        self.life, self.rotate = 3600, True
        self.access, self.refresh, self.codes, self.devices = {}, {}, {}, {}
        self.requests, self.given = [], []
        self.device_answers = []
        self.interval = 1
        self.device_life = 900
        self._faults = []
        self._lock = threading.Lock()
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.scheme = "http"
        if authority:
            self.scheme = "https"
            self._server.socket = authority.server_context(cert).wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def url(self, path, host="localhost"):
        return f"{self.scheme}://{host}:{self.port}/{path}"

    # --- what it knows

    def new_access(self, user, life=None):
        token = "at." + secrets.token_urlsafe(60)
        self.access[token] = (user, time.time() + (self.life if life is None else life))
        self.given.append(token)
        return token

    def new_refresh(self, user):
        token = "rt." + secrets.token_urlsafe(40)
        self.refresh[token] = user
        self.given.append(token)
        return token

    def is_good(self, user, token):
        owner, end = self.access.get(token, (None, 0))
        return owner == user and time.time() < end

    def revoke(self, user, access=True, refresh=True):
        for kept, wanted in ((self.access, access), (self.refresh, refresh)):
            for token in [t for t, owner in kept.items() if owner == user or owner[0] == user]:
                if wanted:
                    del kept[token]

    def asked(self, grant, user=None):
        """How often that grant_type was asked for, with tokens of that user."""
        return len([r for r in self.requests if r.get("grant_type", "").endswith(grant) and
                    (user is None or r["user"] == user)])

    def fault(self, answer, times=1):
        with self._lock:
            self._faults += [answer] * times

    def heal(self):
        with self._lock:
            self._faults.clear()

    def _strike(self):
        with self._lock:
            return self._faults.pop(0) if self._faults else None

    # --- what it answers

    def _handler(self):
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def say(self, status, body, **headers):
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)),
                                    **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def do_POST(self):
                size = int(self.headers.get("Content-Length", 0))
                form = dict(urllib.parse.parse_qsl(self.rfile.read(size).decode(), keep_blank_values=True))
                try:
                    getattr(owner, "_" + self.path.strip("/"))(self, form)
                except (BrokenPipeError, ConnectionResetError):
                    pass

        return Handler

    def _introspect(self, handler, form):
        user, end = self.access.get(form.get("token"), (None, 0))
        active = time.time() < end
        handler.say(200, {"active": active, **({"username": user} if active else {})})

    def _device(self, handler, form):
        self.requests.append({**form, "user": None})
        if form.get("client_id") != CLIENT:
            return handler.say(401, {"error": "invalid_client"})
        code = "dc." + secrets.token_urlsafe(30)
        self.devices[code] = list(self.device_answers)
        self.given.append(code)
        return handler.say(200, {"device_code": code, "user_code": "WDJB-MJHT", "verification_uri":
                                 "https://login.example.org/device", "expires_in": self.device_life,
                                 "interval": self.interval})

    def _token(self, handler, form):
        token = form.get("refresh_token") or form.get("code") or ""
        self.requests.append({**form, "user": self.refresh.get(token), "when": time.monotonic()})
        fault = self._strike()
        if callable(fault):
            return fault(handler)
        if fault:
            return handler.say(*fault)
        if (form.get("client_id"), form.get("client_secret", SECRET)) != (CLIENT, SECRET):
            return handler.say(401, {"error": "invalid_client"})
        kind = form.get("grant_type", "").rpartition(":")[2]
        return getattr(self, "_by_" + kind, self._by_nothing)(handler, form)

    @staticmethod
    def _by_nothing(handler, _form):
        handler.say(400, {"error": "unsupported_grant_type"})

    def _give(self, handler, user, rotate=True):
        answer = {"access_token": self.new_access(user), "token_type": "Bearer", "expires_in": self.life}
        if rotate:
            answer["refresh_token"] = self.new_refresh(user)
        handler.say(200, answer)

    def _by_refresh_token(self, handler, form):
        user = self.refresh.get(form.get("refresh_token"))
        if not user:
            return handler.say(400, {"error": "invalid_grant", "error_description": "AADSTS70008: " + str(form)})
        if self.rotate:  # strictly: the old one is worth nothing from now on
            del self.refresh[form["refresh_token"]]
        return self._give(handler, user, self.rotate)

    def _by_device_code(self, handler, form):
        answers = self.devices.get(form.get("device_code"))
        if answers is None:
            return handler.say(400, {"error": "expired_token"})
        answer = answers.pop(0) if answers else "authorization_pending"
        if answer.startswith("user:"):
            return self._give(handler, answer[5:])
        return handler.say(400, {"error": answer})

    def _by_authorization_code(self, handler, form):
        user, challenge, redirect = self.codes.pop(form.get("code"), (None, None, None))
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if not user or proof != challenge or form.get("redirect_uri") != redirect:
            return handler.say(400, {"error": "invalid_grant"})
        return self._give(handler, user)

    def agree(self, address, user):
        """What the person and her browser do with the shown address; returns where the browser is sent."""
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))
        assert query["code_challenge_method"] == "S256" and query["response_type"] == "code", query
        code = "4/0A" + secrets.token_urlsafe(30)
        self.given.append(code)
        self.codes[code] = (user, query["code_challenge"], query["redirect_uri"])
        return query["redirect_uri"] + "?" + urllib.parse.urlencode({"state": query["state"], "code": code})
