"""The program as it leaves: its parts in their order and the stylesheet, in one scope of their own."""

import gzip
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PARTS = (
    "element.js",
    "keeping.js",
    "line.js",
    "talk.js",
    "pictures.js",
    "thread.js",
    "composer.js",
    "letters.js",
    "offers.js",
    "panel.js",
    "main.js",
)
FOLDER = Path(__file__).parent / "widget"


@dataclass(frozen=True)
class Program:
    plain: bytes
    compressed: bytes
    etag: str


@cache
def program() -> Program:
    """Read once a process."""
    look = json.dumps((FOLDER / "look.css").read_text("utf-8"), ensure_ascii=False)
    parts = "\n".join((FOLDER / name).read_text("utf-8") for name in PARTS)
    plain = f'(() => {{\n"use strict";\nconst LOOK = {look};\n{parts}}})();\n'.encode()
    digest = hashlib.sha256(plain).hexdigest()[:20]
    return Program(plain, gzip.compress(plain, 9, mtime=0), f'"{digest}"')
