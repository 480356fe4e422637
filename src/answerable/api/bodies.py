"""The body of a request: JSON, or a form with JSON and files."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any, Final, NoReturn

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.forms import ValidationError
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from answerable.api.problems import Problem
from answerable.desk.actions.files import NewFile
from answerable.desk.forms.writing import LARGEST_MESSAGE, FilesField

JSON: Final = "application/json"
MULTIPART: Final = "multipart/form-data"
LARGEST_JSON: Final = 2 * 1024 * 1024
LARGEST_MULTIPART: Final = LARGEST_MESSAGE + LARGEST_JSON
PART: Final = "message"
FILES: Final = "attachments"


def body_of(request: HttpRequest, *, takes_files: bool) -> tuple[Any, Sequence[NewFile]]:
    """What JSON says, not yet held against a schema, and the files. Raises Problem (400, 413, 415)."""
    kind = request.content_type
    if kind == MULTIPART and takes_files:
        return _parts(request)
    if kind != JSON:
        taken = f"{JSON}, {MULTIPART}" if takes_files else JSON
        detail = _("Send it as %(taken)s.") % {"taken": taken}
        raise Problem("media-type", detail, headers={"Accept": taken})
    _check_size(request, LARGEST_JSON)
    return parsed(request.body), ()


def digests_of(files: Sequence[NewFile]) -> list[list[str]]:
    """What tells files from others."""
    return [[file.name, file.content_type, hashlib.sha256(file.content).hexdigest()] for file in files]


def parsed(text: str | bytes) -> Any:
    """JSON as RFC 8259 has it. Raises Problem."""
    try:
        return json.loads(text.decode() if isinstance(text, bytes) else text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        place = f": {error}" if isinstance(error, json.JSONDecodeError) else "."
        raise Problem("invalid", _("The body is no JSON in UTF-8") + place) from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _parts(request: HttpRequest) -> tuple[Any, Sequence[NewFile]]:
    _check_size(request, LARGEST_MULTIPART)
    try:
        fields, files = request.POST, request.FILES
    except RequestDataTooBig:
        raise _too_large(LARGEST_JSON) from None
    except (MultiPartParserError, SuspiciousOperation) as error:
        raise Problem("invalid", _("The form can't be read.") + f" {error}") from None
    for name in [*fields, *files]:
        if name not in (PART, FILES) or (name == PART) != (name in fields):
            mistake = _("The form has a text “%(part)s” of JSON and files “%(files)s”.") % {
                "part": PART,
                "files": FILES,
            }
            raise Problem("invalid", mistake, errors=[(name, mistake)])
    if PART not in fields:
        raise Problem("invalid", _("The form lacks its “%(part)s”.") % {"part": PART}, errors=[(PART, "")])
    return parsed(fields[PART]), _files(files.getlist(FILES))


def _files(given: "list[UploadedFile[Any]]") -> Sequence[NewFile]:
    try:
        found: list[NewFile] = FilesField(required=False).clean(given)
    except ValidationError as error:
        raise Problem("too-large", error.messages[0], errors=[(FILES, error.messages[0])]) from None
    return found


def _check_size(request: HttpRequest, most: int) -> None:
    if int(request.META.get("CONTENT_LENGTH") or 0) > most:
        raise _too_large(most)


def _too_large(most: int) -> Problem:
    return Problem("too-large", _("It may have at most %(most)s bytes.") % {"most": most})
