"""Patterns of AWS's models, which are Java's, as Python's."""
from __future__ import annotations

import re
import sys
import unicodedata
from functools import lru_cache

#: classes that are no category of Unicode; https://docs.oracle.com/javase/8/docs/api/java/util/regex/Pattern.html
POSIX = {"ASCII": r"\x00-\x7f", "Alnum": "0-9A-Za-z", "Alpha": "A-Za-z", "Digit": "0-9", "Lower": "a-z", "Print": r"\x20-\x7e", "Upper": "A-Z"}
PROPERTY = re.compile(r"\\p\{(\w+)\}")
#: characters beyond the first 65,536, which Java's patterns write as two halves
PAIRS = re.compile(r"\\uD800\\uDC00-\\uDBFF\\uDFFF", re.IGNORECASE)
#: a hyphen after a class within brackets: itself, to Java; Python wants it escaped
AFTER_CLASS = re.compile(r"(\\[dsw])-(?=[^\]])")


@lru_cache(maxsize=None)
def _ranges(category: str) -> str:
    """The characters of a category of Unicode, as they stand within brackets."""
    members = [code for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)).startswith(category)]
    if not members:
        raise re.error(f"Unicode has no category {category}")
    found: list[list[int]] = []
    for code in members:
        if found and code == found[-1][1] + 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in found)


def _translate(pattern: str) -> str:
    def members(match: re.Match[str]) -> str:
        ranges = POSIX.get(match[1]) or _ranges(match[1])
        before = pattern[: match.start()].replace("\\[", "").replace("\\]", "")
        return ranges if before.rfind("[") > before.rfind("]") else f"[{ranges}]"

    pattern = AFTER_CLASS.sub(r"\1\\-", pattern)
    return PROPERTY.sub(members, PAIRS.sub(r"\\U00010000-\\U0010ffff", pattern).replace("(?i)", ""))


@lru_cache(maxsize=None)
def compiled(pattern: str) -> re.Pattern[str] | None:
    """None where Python cannot express it; nothing is refused then."""
    try:
        return re.compile(_translate(pattern), re.ASCII | (re.IGNORECASE if "(?i)" in pattern else 0))
    except re.error:
        return None


def satisfies(pattern: str, value: str) -> bool:
    """Whether a value is as the pattern wants it: all of it, unless the pattern says itself where it begins or ends."""
    known = compiled(pattern)
    if known is None:
        return True
    anchored = pattern.startswith("^") or pattern.endswith("$")
    return bool(known.search(value) if anchored else known.fullmatch(value))
