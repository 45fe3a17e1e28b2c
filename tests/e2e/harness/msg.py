# SPDX-License-Identifier: GPL-3.0-or-later
"""A mail as Outlook saves it ([MS-OXMSG]), and the compound file around it ([MS-CFB])."""
import struct

SECTOR, MINI, CUTOFF = 512, 64, 4096
END, FREE, FAT, NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF


def _chains(contents, unit):
    """The units of all contents, one after the other: (bytes, allocation table, where each begins)."""
    body, table, starts = b"", [], []
    for content in contents:
        count = -(-len(content) // unit)
        starts.append(len(table) if count else END)
        table += [len(table) + i + 1 for i in range(count - 1)] + ([END] if count else [])
        body += content + bytes(count * unit - len(content))
    return body, table, starts


class _Entry:
    def __init__(self, name, content, kind):
        self.name, self.content, self.kind = name, content, kind
        self.child = self.right = NONE
        self.start = END

    def pack(self):
        name = self.name.encode("utf-16-le") + b"\0\0"
        size = len(self.content) if self.kind != 1 else 0
        return (name.ljust(64, b"\0") + struct.pack("<HBBIII", len(name), self.kind, 1, NONE, self.right, self.child) +
                bytes(36) + struct.pack("<IQ", self.start, size))


def _list(entries, tree, parent):
    """The children of a storage as a list to the right, in the order that directories keep."""
    before = None
    for name in sorted(tree, key=lambda n: (len(n), n.upper())):
        inside = isinstance(tree[name], dict)
        entry = _Entry(name, b"" if inside else tree[name], 1 if inside else 2)
        entries.append(entry)
        number = len(entries) - 1
        if before:
            before.right = number
        else:
            parent.child = number
        before = entry
        if inside:
            _list(entries, tree[name], entry)


def compound(tree):
    """tree: name -> bytes (a stream) or another such dict (a storage)."""
    root = _Entry("Root Entry", b"", 5)
    entries = [root]
    _list(entries, tree, root)
    small = [e for e in entries if e.kind == 2 and len(e.content) < CUTOFF]
    large = [e for e in entries if e.kind == 2 and len(e.content) >= CUTOFF]
    root.content, mini_table, starts = _chains([e.content for e in small], MINI)
    for entry, start in zip(small, starts):
        entry.start = start
    mini = b"".join(struct.pack("<I", n) for n in mini_table)
    mini += b"\xff" * (-len(mini) % SECTOR)
    entries_size = -(-len(entries) * 128 // SECTOR) * SECTOR
    body, table, starts = _chains([bytes(entries_size), mini, root.content] + [e.content for e in large], SECTOR)
    root.start = starts[2]
    for entry, start in zip(large, starts[3:]):
        entry.start = start
    fats = 1
    while fats * SECTOR // 4 < len(table) + fats:
        fats += 1
    assert fats <= 109, "too large for a test"
    first = len(table)
    table += [FAT] * fats
    table += [FREE] * (fats * SECTOR // 4 - len(table))
    directory = b"".join(e.pack() for e in entries).ljust(entries_size, b"\0")
    header = (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6) +
              struct.pack("<IIIIIIIII", 0, fats, starts[0], 0, CUTOFF, starts[1], len(mini) // SECTOR, END, 0) +
              b"".join(struct.pack("<I", first + i if i < fats else FREE) for i in range(109)))
    return header + directory + body[entries_size:] + b"".join(struct.pack("<I", n) for n in table)


# ---- properties

def _fixed(head, numbers):
    return bytes(head) + b"".join(struct.pack("<HHIQ", kind, identity, 6, value) for kind, identity, value in numbers)


def _text(tree, identity, value, unicode_text, charset="cp1250"):
    if value is None:
        return
    kind, data = ("001F", value.encode("utf-16-le")) if unicode_text else ("001E", value.encode(charset))
    tree[f"__substg1.0_{identity:04X}{kind}"] = data


def packed_rtf(rtf):
    """Rich text that is only stored ([MS-OXRTFCP] 2.1.3.1)."""
    return struct.pack("<IIII", len(rtf) + 12, len(rtf), 0x414C454D, 0) + rtf


def attachment(name, content, kind=None, content_id=None, unicode_text=True):
    tree = {"__properties_version1.0": _fixed(8, [(3, 0x3705, 1)]), "__substg1.0_37010102": content}
    _text(tree, 0x3707, name, unicode_text)
    _text(tree, 0x3704, "ZGOSZE~1.DOC", unicode_text)
    _text(tree, 0x370E, kind, unicode_text)
    _text(tree, 0x3712, content_id, unicode_text)
    return tree


def attached_mail(tree):
    """tree: of message_tree(..., top=False)."""
    return {"__properties_version1.0": _fixed(8, [(3, 0x3705, 5)]), "__substg1.0_3701000D": tree}


def message_tree(text=None, html=None, rtf=None, subject="Ankieta zgłoszeniowa", sender=("Jan Wróbel", "jan@example.org"),
                 headers=None, attachments=(), unicode_text=True, kind="IPM.Note", top=True):
    numbers = [(3, 0x3FFD, 1250), (3, 0x3FDE, 1250), (0x40, 0x0039, 129717936000000000)]
    tree = {"__properties_version1.0": _fixed(32 if top else 24, numbers)}
    for identity, value in ((0x001A, kind), (0x0037, subject), (0x0C1A, sender[0]), (0x0C1F, sender[1]),
                            (0x007D, headers), (0x1000, text)):
        _text(tree, identity, value, unicode_text)
    if html is not None:
        tree["__substg1.0_10130102"] = html.encode("cp1250")
    if rtf is not None:
        tree["__substg1.0_10090102"] = packed_rtf(rtf)
    for i, one in enumerate(attachments):
        tree[f"__attach_version1.0_#{i:08X}"] = one
    if top:
        tree["__nameid_version1.0"] = {"__substg1.0_00020102": b"", "__substg1.0_00030102": b"", "__substg1.0_00040102": b""}
    return tree


def message(*args, **more):
    return compound(message_tree(*args, **more))
