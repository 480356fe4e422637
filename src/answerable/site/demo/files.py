"""Small files that come with the demo's messages, made here: a photograph of one colour, a page of one line."""

import struct
import zlib
from random import Random

from answerable.desk.actions.files import NewFile

SIDE = 48  # pixels
COLOURS = ((120, 60, 40), (40, 70, 110), (60, 100, 70), (150, 120, 60), (90, 50, 90))


def photograph(random: Random) -> NewFile:
    """A book's cover, seen from very near."""
    red, green, blue = random.choice(COLOURS)
    rows = b"".join(
        b"\0" + b"".join(bytes((red + x // 2, green + y // 2, blue)) for x in range(SIDE)) for y in range(SIDE)
    )
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)  # eight bits of red, green and blue (PNG, 11.2.2)
    content = (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")
    )
    return NewFile("IMG_2041.png", "image/png", content)


def page(name: str, line: str) -> NewFile:
    """A PDF of one page with one line in Latin letters (ISO 32000-1, 7.5)."""
    drawing = f"BT /F1 16 Tf 60 760 Td ({line}) Tj ET".encode("ascii")
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawing), drawing),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(content))
    return NewFile(name, "application/pdf", content + table + trailer)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
