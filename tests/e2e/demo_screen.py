# SPDX-License-Identifier: GPL-3.0-or-later
"""What the demo prints: 80 columns, colours only on a terminal that wants them."""
import contextlib
import os
import re
import sys
import textwrap
import time
import unicodedata

WIDTH = 80
COLOURS = {"title": "1;36", "good": "32", "bad": "1;31", "wait": "33", "quiet": "2", "ours": "36", "bold": "1"}
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def _coloured():
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def paint(text, kind):
    return f"\x1b[{COLOURS[kind]}m{text}\x1b[0m" if kind and _coloured() else text


def columns(text):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def cut(text, width):
    """text in at most width columns."""
    if columns(text) <= width:
        return text
    while columns(text) > width - 1:
        text = text[:-1]
    return text + "…"


def pad(text, width):
    text = cut(text, width)
    return text + " " * (width - columns(text))


def say(text="", kind=None):
    print(paint(text, kind), flush=True)


def title(number, text):
    say()
    head = f"{number}. {text} "
    say(head + "─" * max(0, WIDTH - columns(head)), "title")


def explain(text, indent="  "):
    for line in textwrap.wrap(" ".join(text.split()), WIDTH - len(indent), break_on_hyphens=False):
        say(indent + line)


@contextlib.contextmanager
def step(text, width=60):
    """One line that says what is being done, then how long it took."""
    print("  " + pad(text + " ...", width), end="", flush=True)
    start = time.monotonic()
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    say(f" {time.monotonic() - start:6.2f} s", "quiet")


def block(lines, mark="│", kind=None, most=None):
    """Lines of somebody else's text, set off by a mark; at most so many."""
    lines = [ESCAPES.sub("", line).rstrip() for line in lines]
    while lines and not lines[-1]:
        lines.pop()
    shown = lines if most is None or len(lines) <= most + 1 else lines[:most]
    for line in shown:
        indent = " " * (len(line) - len(line.lstrip()) + 4)
        for piece in textwrap.wrap(line, WIDTH - 4, subsequent_indent=indent, break_on_hyphens=False) or [""]:
            say(("  " + paint(mark, kind) + " " + piece.strip("\n")).rstrip())
    if len(shown) < len(lines):
        say(f"  {paint(mark, kind)} " + paint(f"({len(lines) - len(shown)} more lines)", "quiet"))
