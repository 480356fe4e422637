"""Chart specifications into SVG or PNG, by vl-convert in a short-lived process of its own.

vl-convert carries a JavaScript engine that keeps some 80 MB in whatever process has drawn once. So the
process that serves pages never loads it: what is not in the cache is drawn by a child that draws all that is
asked for and ends (docs/adr). Only the fonts shipped here are used, the same on every machine.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

FONTS = Path(__file__).parent / "fonts"
TIMEOUT_SECONDS = 60
Form = Literal["svg", "png"]

_VEGA_LITE = "6.4"
_UNSAFE = re.compile(r"<script|<foreignObject|<style|\sstyle=|\son\w+=|href=\"(?!#)", re.IGNORECASE)


class DrawingError(RuntimeError):
    """A chart could not be drawn; the message says why. The chart's table still holds every number."""


def family(text: str) -> str:
    """The fonts for a chart with this text in it. Noto Sans has no Georgian; Noto Sans Georgian has Latin too,
    so it goes first where Georgian is written: else the drawer takes whole lines from any font it finds."""
    georgian = any("\u10a0" <= letter <= "\u10ff" for letter in text)
    return "Noto Sans Georgian, Noto Sans" if georgian else "Noto Sans, Noto Sans Georgian"


def draw(specs: Sequence[dict[str, Any]], *, cache: Path | None = None, form: Form = "svg") -> list[bytes]:
    """Each Vega-Lite specification as SVG (UTF-8) or PNG, in order.

    `cache` is a directory, made if absent, where drawings are kept under a hash of their specification;
    one that cannot be written is a DrawingError too. What is missing is drawn in one child process.
    """
    names = [_name(spec, form) for spec in specs]
    drawn: dict[str, bytes] = {}
    for name in set(names):
        if cache is not None and (cache / name).is_file():
            drawn[name] = (cache / name).read_bytes()
    missing = {name: spec for name, spec in zip(names, specs, strict=True) if name not in drawn}
    if missing:
        fresh = _in_a_child(list(missing.values()), form)
        for name, picture in zip(missing, fresh, strict=True):
            drawn[name] = picture
            if cache is not None:
                _keep(cache, name, picture)
    return [drawn[name] for name in names]


def inline(svg: bytes) -> str:
    """An SVG to stand inside a page: no XML namespace noise, the page's font, its colours by CSS variables.

    Raises DrawingError if there is anything in it that our content security policy forbids.
    """
    text = svg.decode()
    if found := _UNSAFE.search(text):
        raise DrawingError(f"The drawing holds {found.group().strip()!r}, which a page may not.")
    text = re.sub(r'\sfont-family="[^"]*"', "", text)
    return re.sub(r"^<svg ([^>]*)>", _flexible, text, count=1)


def _flexible(match: re.Match[str]) -> str:
    """The root element, decorative (its table speaks), as wide as its place."""
    kept = re.sub(r'\s?(class|xmlns:xlink|version)="[^"]*"', "", match.group(1))
    return f'<svg class="chart" aria-hidden="true" focusable="false" {kept.strip()}>'


def _name(spec: dict[str, Any], form: Form) -> str:
    """The cached file of a specification: what it says, and by which version it is drawn."""
    said = json.dumps([spec, version("vl-convert-python"), _VEGA_LITE], sort_keys=True, ensure_ascii=False)
    return f"{hashlib.sha256(said.encode()).hexdigest()[:32]}.{form}"


def _keep(cache: Path, name: str, picture: bytes) -> None:
    """Write a drawing so that a reader sees all of it or nothing."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        half = cache / f"{name}.{os.getpid()}"
        half.write_bytes(picture)
        half.replace(cache / name)
    except OSError as error:
        raise DrawingError(f"Drawings cannot be kept in {cache}: {error.strerror}.") from error


def _in_a_child(specs: list[dict[str, Any]], form: Form) -> list[bytes]:
    """Have a child process draw, and wait for it."""
    command = [sys.executable, "-m", "answerable.measure.drawing"]
    paths = os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    try:
        child = subprocess.run(
            command,
            input=json.dumps({"form": form, "specs": specs}).encode(),
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            env={**os.environ, "PYTHONPATH": paths},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DrawingError(f"Drawing took longer than {TIMEOUT_SECONDS} s.") from error
    if child.returncode:
        last = child.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no reason given"]
        raise DrawingError(f"Drawing failed: {last[0]}")
    return [base64.b64decode(picture) for picture in json.loads(child.stdout)]


def main() -> None:
    """Draw what standard input asks for; run by `draw` in a child."""
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    asked = json.load(sys.stdin)
    pictures = []
    for spec in asked["specs"]:
        if asked["form"] == "png":
            picture = vl_convert.vegalite_to_png(spec, vl_version=_VEGA_LITE, scale=2, allowed_base_urls=[])
        else:
            picture = vl_convert.vegalite_to_svg(spec, vl_version=_VEGA_LITE, allowed_base_urls=[]).encode()
        pictures.append(base64.b64encode(picture).decode())
    json.dump(pictures, sys.stdout)


if __name__ == "__main__":
    main()
