# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing libconfig, and changing single settings of an event's file."""
import re


def libconfig(value):
    """A Python value as libconfig writes it: dict a group, list an array, tuple a list."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if isinstance(value, dict):
        return "{ " + " ".join(f"{k} = {libconfig(v)};" for k, v in value.items()) + " }"
    inside = ", ".join(libconfig(v) for v in value)
    return f"[ {inside} ]" if isinstance(value, list) else f"( {inside} )"


def document(settings):
    """A whole file, one setting a line, so that an error's line says which."""
    lines = []
    for key, value in settings.items():
        if isinstance(value, dict):
            lines += [f"{key} : {{", *(f"  {k} = {libconfig(v)};" for k, v in value.items()), "};"]
        else:
            lines.append(f"{key} = {libconfig(value)};")
    return "\n".join(lines) + "\n"


def merged(base, changes):
    """base with changes laid over it, group by group."""
    result = dict(base)
    for key, value in changes.items():
        both_groups = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = merged(result[key], value) if both_groups else value
    return result


_TOKEN = re.compile(r'(?P<skip>\s+|//[^\n]*|#[^\n]*|/\*.*?\*/)|(?P<string>"(?:[^"\\]|\\.)*")'
                    r"|(?P<word>[A-Za-z*][A-Za-z0-9_*-]*)|(?P<open>[({\[])|(?P<close>[)}\]])|(?P<other>.)", re.S)


def _settings(text):
    """(key, start, end) of each top-level setting, its closing semicolon included."""
    depth, key, start = 0, None, 0
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "skip":
            continue
        if key is None and kind == "word":
            key, start = token.group(), token.start()
        depth += (kind == "open") - (kind == "close")
        if depth == 0 and token.group() == ";" and key:
            yield key, start, token.end()
            key = None


def override(text, changes):
    """text with these top-level settings replaced, or appended where it has none."""
    for key, value in changes.items():
        line = f"{key} = {libconfig(value)};"
        place = next(((start, end) for name, start, end in _settings(text) if name == key), None)
        text = text[:place[0]] + line + text[place[1]:] if place else text.rstrip() + "\n" + line + "\n"
    return text
