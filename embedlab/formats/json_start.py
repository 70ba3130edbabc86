"""JSON by its first bytes: told from vector text whose words look like it."""

import json
from typing import Literal

_CUT = 8  # characters of a value that was cut
_FIRST = 2  # characters in which a word may look like the start of JSON


def json_kind(head: bytes, whole: bool) -> Literal["json", "json-lines"] | None:
    """Whether a file is JSON, by its first bytes; `whole`: they are all of it.

    None for vector text whose words look like JSON.
    """
    text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").lstrip(" \t\r\n")
    if not text or text[0] not in "{[":
        return None
    first, end, rest = text.partition("\n")
    if end and _is_json(first, whole=True) and (rest.strip() or first[0] == "{"):
        if not rest.strip():
            return "json"
        return "json-lines" if rest.lstrip()[0] in "{[" else None  # an odd line is told of when it is read
    return "json" if _is_json(text, whole=whole) else None


def _is_json(text: str, *, whole: bool) -> bool:
    """Whether a text is JSON, or could become it if it went on."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" or (whole and error.pos <= _FIRST):
            return False
        # At its end: the rest is missing, in the part that was looked at or in the file.
        return error.msg.startswith("Unterminated string") or error.pos >= len(text.rstrip()) - _CUT
    except RecursionError:
        return True
    except ValueError:  # a whole number of thousands of digits
        return True
    return True
