"""Paragraphs of format=flowed put together again (RFC 3676, 4)."""


def unflow(text: str, delete_space: bool = False) -> str:
    """Join lines that end in a space with the next line of the same quote depth; undo space-stuffing.

    `delete_space` is the parameter DelSp=yes: the space at the end was added and goes.
    """
    lines: list[list[str]] = []
    depth_before, flowing = 0, False
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        joins = flowing and depth == depth_before and content != "-- "
        flowing = content.endswith(" ") and content != "-- "
        depth_before = depth
        kept = content[:-1] if flowing and delete_space else content
        if joins:
            lines[-1].append(kept)
        else:
            lines.append([f"{'>' * depth} " if depth else "", kept])
    return "\n".join("".join(pieces) for pieces in lines)
