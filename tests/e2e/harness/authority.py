# SPDX-License-Identifier: GPL-3.0-or-later
"""A private certificate authority with good and bad server certificates."""
import datetime
import ipaddress
import os
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

KINDS = ("good", "self-signed", "wrong-host", "expired")


def _name(common):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


class Authority:
    """Files in folder: ca.pem, and KIND.pem and KIND.key for each of KINDS."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._subject = _name("zapisyd test authority")
        self.ca_file = os.path.join(folder, "ca.pem")
        self._write(self.ca_file, self._certificate(self._subject, self._key, ca=True))
        self._leaf("good")
        self._leaf("self-signed", own=True)
        self._leaf("wrong-host", hosts=("mail.example.org",))
        self._leaf("expired", days=(-20, -10))

    def cert(self, kind):
        return os.path.join(self.folder, kind + ".pem")

    def key(self, kind):
        return os.path.join(self.folder, kind + ".key")

    def server_context(self, kind="good"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert(kind), self.key(kind))
        return context

    def client_context(self):
        return ssl.create_default_context(cafile=self.ca_file)

    def _leaf(self, kind, hosts=("localhost", "127.0.0.1"), days=(-1, 3650), own=False):
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _name(hosts[0])
        cert = self._certificate(subject, key, signer=key if own else None, hosts=hosts, days=days)
        self._write(self.cert(kind), cert)
        with open(self.key(kind), "wb") as f:
            f.write(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                      serialization.NoEncryption()))

    def _certificate(self, subject, key, signer=None, hosts=(), days=(-1, 3650), ca=False):
        now = datetime.datetime.utcnow()
        builder = (x509.CertificateBuilder().subject_name(subject)
                   .issuer_name(subject if signer else self._subject)
                   .public_key(key.public_key()).serial_number(x509.random_serial_number())
                   .not_valid_before(now + datetime.timedelta(days=days[0]))
                   .not_valid_after(now + datetime.timedelta(days=days[1]))
                   .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True))
        if hosts:
            builder = builder.add_extension(x509.SubjectAlternativeName([_alt(h) for h in hosts]), critical=False)
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        return builder.sign(signer or self._key, hashes.SHA256())

    @staticmethod
    def _write(path, certificate):
        with open(path, "wb") as f:
            f.write(certificate.public_bytes(serialization.Encoding.PEM))


def _alt(host):
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
