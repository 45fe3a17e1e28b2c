# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads libconfig files as far as events are written in them: groups, lists, texts, numbers, comments."""
import ast
import re

TOKEN = re.compile(r'\s+|//[^\n]*|#[^\n]*|/\*.*?\*/|("(?:[^"\\]|\\.)*")|([-+]?\d+\.\d+|[-+]?\d+)|([A-Za-z*][\w*-]*)|([{}()\[\]=:;,])',
                   re.S)


def tokens(text):
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise ValueError(f"not libconfig: {text[at:at + 30]!r}")
        at = match.end()
        if match.lastindex:
            yield match.group(match.lastindex)
    yield ""


class Parser:
    def __init__(self, text):
        self.tokens = tokens(text)
        self.next = next(self.tokens)

    def take(self):
        token, self.next = self.next, next(self.tokens, "")
        return token

    def group(self, end):
        found = {}
        while self.next != end:
            name = self.take()
            self.take()  # "=" or ":"
            found[name] = self.value()
            while self.next in (";", ","):
                self.take()
        self.take()
        return found

    def items(self, end):
        found = []
        while self.next != end:
            found.append(self.value())
            if self.next == ",":
                self.take()
        self.take()
        return found

    def value(self):
        token = self.take()
        if token == "{":
            return self.group("}")
        if token in "([":
            return self.items(")" if token == "(" else "]")
        if token.startswith('"'):
            text = ast.literal_eval(token)
            while self.next.startswith('"'):  # pieces of one text
                text += ast.literal_eval(self.take())
            return text
        return {"true": True, "false": False}[token.lower()] if token[0].isalpha() else ast.literal_eval(token)


def load(path):
    return Parser(path.read_text(encoding="utf-8")).group("")
