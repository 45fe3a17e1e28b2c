# SPDX-License-Identifier: GPL-3.0-or-later
"""Wrappings that mails come in: S/MIME and OpenPGP (openssl, and text made by hand), uuencode, mails in mails."""
import binascii
import functools
import pathlib
import struct
import subprocess
import tempfile


@functools.cache
def _identity():
    """A key and its certificate, made once a run."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="zapisy-smime-"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / "key.pem", "-out",
                    folder / "cert.pem", "-subj", "/CN=Jan Nowak", "-days", "3650"], check=True, capture_output=True)
    return folder


def cms(entity, *options):
    """The CMS object (DER) that openssl makes of a MIME entity."""
    folder = _identity()
    keys = ["-signer", folder / "cert.pem", "-inkey", folder / "key.pem"] if "-sign" in options else []
    last = [folder / "cert.pem"] if "-encrypt" in options else []
    return subprocess.run(["openssl", "cms", *options, "-binary", "-outform", "DER", *keys, *last], input=entity,
                          check=True, capture_output=True).stdout


def base64_part(kind, content, more=""):
    body = binascii.b2a_base64(content, newline=False)
    lines = b"\r\n".join(body[i:i + 76] for i in range(0, len(body), 76))
    return f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n{more}\r\n".encode() + lines + b"\r\n"


def opaque(entity, kind="application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", streamed=False):
    """S/MIME with the content inside the signature."""
    signed = cms(entity, "-sign", "-nodetach", *(["-stream", "-indef"] if streamed else []))
    return base64_part(kind, signed, 'Content-Disposition: attachment; filename="smime.p7m"\r\n')


def enveloped(entity):
    return base64_part("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", cms(entity, "-encrypt"),
                       'Content-Disposition: attachment; filename="smime.p7m"\r\n')


def clear_signed(text):
    escaped = "".join("- " + line if line.startswith("-") else line for line in text.splitlines(keepends=True))
    return ("-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\n" + escaped + "-----BEGIN PGP SIGNATURE-----\r\n"
            "Version: GnuPG v1.4.11 (MingW32)\r\n\r\niQEcBAEBCAAGBQJPGXxJAAoJEJ0e\r\n=Zm9v\r\n"
            "-----END PGP SIGNATURE-----\r\n")


ENCRYPTED = ("-----BEGIN PGP MESSAGE-----\r\nVersion: GnuPG v1\r\n\r\nhQEMA8aVxq3xGqkJAQf/W2\r\n=abcd\r\n"
             "-----END PGP MESSAGE-----\r\n")


def uuencoded(content, name, mode="644"):
    lines = [binascii.b2a_uu(content[i:i + 45], backtick=True) for i in range(0, len(content), 45)]
    return (f"begin {mode} {name}\n".encode() + b"".join(lines) + b"`\nend\n").replace(b"\n", b"\r\n")


def message_part(mail, more=""):
    """A mail attached to another."""
    return f"Content-Type: message/rfc822\r\n{more}\r\n".encode() + mail


# ---- winmail.dat ([MS-OXTNEF])

def _attribute(level, identity, data):
    return struct.pack("<BII", level, identity, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def _property(kind, identity, value):
    """kind: 0x1F Unicode text, 0x1E text of the code page, 0x102 bytes, 0x0D an object, 3 a number."""
    if kind == 3:
        return struct.pack("<HHI", kind, identity, value)
    if kind == 0x1F:
        value = value.encode("utf-16-le") + b"\0\0"
    elif kind == 0x1E:
        value = value.encode("cp1250") + b"\0"
    return struct.pack("<HHII", kind, identity, 1, len(value)) + value + bytes(-len(value) % 4)


def _properties(*properties):
    return struct.pack("<I", len(properties)) + b"".join(properties)


def tnef(files=(), html=None, text=None, embedded=None, unicode_names=True, rtf=None):
    """files: (name, content) pairs; embedded: another such file, attached as a mail; rtf: packed."""
    out = struct.pack("<IH", 0x223E9F78, 1) + _attribute(1, 0x00089006, struct.pack("<I", 0x10000))
    out += _attribute(1, 0x00069007, struct.pack("<II", 1250, 0)) + _attribute(1, 0x00078008, b"IPM.Microsoft Mail.Note\0")
    message = ([_property(0x102, 0x1013, html.encode("cp1250"))] if html else []) + \
        ([_property(0x1F, 0x1000, text)] if text else []) + ([_property(0x102, 0x1009, rtf)] if rtf else [])
    if message:
        out += _attribute(1, 0x00069003, _properties(*message))
    kind = 0x1F if unicode_names else 0x1E
    for name, content in files:
        out += _attribute(2, 0x00069002, bytes(14)) + _attribute(2, 0x00018010, b"ZGOSZE~1.DOC\0")
        out += _attribute(2, 0x0006800F, content)
        out += _attribute(2, 0x00069005, _properties(_property(kind, 0x3707, name), _property(3, 0x3705, 1)))
    if embedded:
        out += _attribute(2, 0x00069002, bytes(14)) + _attribute(2, 0x00018010, b"mail\0")
        out += _attribute(2, 0x00069005, _properties(_property(0x0D, 0x3701, bytes(16) + embedded), _property(3, 0x3705, 5)))
    return out
