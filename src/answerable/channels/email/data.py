"""The DATA command, read in blocks as they come: aiosmtpd reads line by line, which is half of what a mail costs it.

The end is CR LF . CR LF and nothing like it, so that no second mail can be smuggled in behind a bare line feed; a dot
that begins a line is taken off (RFC 5321, 4.1.1.4 and 4.5.2). Lines may be of any length: what is too long for other
servers (998 characters) is kept all the same.
"""

import sys

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, syntax

END = b"\r\n.\r\n"
BLOCK = 1 << 22
"""More bytes than asyncio ever holds for a reader, so that one read leaves nothing behind."""


class Blockwise(SMTP):
    """SMTP with a DATA command that takes what has come."""

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:
        """Take the message, and answer what the handler says to it."""
        if await self.check_helo_needed() or await self.check_auth_needed("DATA"):
            return
        assert self.envelope is not None
        if not self.envelope.rcpt_tos:
            await self.push("503 Error: need RCPT command")
        elif arg:
            await self.push("501 Syntax: DATA")
        else:
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            content = await self._message()
            if content is None:
                answer = "552 Error: Too much mail data"
            else:
                self.envelope.content = self.envelope.original_content = content
                answer = await self._call_handler_hook("DATA")
            self._set_post_data_state()  # type: ignore[no-untyped-call]
            await self.push(answer)

    async def _message(self) -> bytes | None:
        """The message without its end and the added dots; None when it is larger than we take."""
        data = bytearray(b"\r\n")  # an empty message is its end alone
        looked, limit, too_much = 0, self.data_size_limit or sys.maxsize, False
        while (end := data.find(END, looked)) < 0:
            looked = max(0, len(data) - len(END) + 1)
            if len(data) > limit:
                too_much = True
                del data[:looked]
                looked = 0
            block = await self._reader.read(BLOCK)
            if not block:
                raise ConnectionResetError
            self._reset_timeout()
            data += block
        self._reader.feed_data(bytes(data[end + len(END) :]))  # commands that were sent along
        if too_much or end > limit:
            return None
        return bytes(data[: end + 2]).replace(b"\r\n.", b"\r\n")[2:]


class BlockwiseLMTP(Blockwise, LMTP):
    """The same where LMTP is spoken."""
