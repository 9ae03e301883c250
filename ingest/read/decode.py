"""Bytes of a file to text, whatever encoding it is in."""

from __future__ import annotations

import codecs
import os
import re
from pathlib import Path

from ingest.errors import ArticleError

_BOMS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"\x7fELF")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
# Those of the web. Of a few letters the code pages of old machines are guessed as readily.
_ENCODINGS = [
    *(f"cp{number}" for number in (866, 874, 932, 949, *range(1250, 1259))),
    *(f"iso8859_{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)),
    *("koi8_r", "koi8_u", "gb2312", "gbk", "gb18030", "big5", "big5hkscs", "shift_jis"),
    *("euc_jp", "euc_kr", "iso2022_jp", "iso2022_kr", "johab"),
]
_HEAD = 65_536
_MAX_CONTROL_SHARE = 0.02
_ARABIC_SHARE = 0.97
_NOT_TEXT = "is not a text file; convert it to .txt, .html or .jsonl first"


def decode(data: bytes, declared: str | None = None) -> str:
    """Return the text of a file, its byte order mark left out.

    Args:
        data: All of the file.
        declared: The encoding that the file or its server names; believed where the bytes are no
            UTF-8 and can be read so.

    Raises:
        ArticleError: The file is empty or not text.
    """
    if not data.strip(b" \t\r\n\0"):
        raise ArticleError("is empty; remove it or put an article in it")
    if data.startswith(_MAGIC):
        raise ArticleError(_NOT_TEXT)
    text = _with_known_encoding(data)
    if text is None:
        text = _as_declared(data, declared) or _guess(data)
    if _is_binary(text[:_HEAD]):
        raise ArticleError(_NOT_TEXT)
    return text


def encoding_of(head: bytes, declared: str | None = None) -> str:
    """Return the encoding of a file that is read piece by piece, as `decode` would find it.

    Args:
        head: Its first megabyte, or all of it; may end inside a character.
        declared: As for `decode`.

    Raises:
        ArticleError: The file is empty or not text.
    """
    text = decode(head, declared)
    wide = wide_encoding(head[:_HEAD])
    if wide:
        return wide
    for encoding in ("utf-8-sig", declared):
        if encoding and _as_declared(head, encoding) == text:
            return encoding
    return "utf-8-sig" if _damaged_utf8(head) is not None else _likeliest(head[:_HEAD])


def lenient(head: bytes) -> str:
    """Return the first bytes of a file as text, whatever they are: to tell what it is."""
    return head.decode(wide_encoding(head) or "utf-8-sig", errors="replace").lstrip("\ufeff")


def wide_encoding(head: bytes) -> str | None:
    """Return the UTF-16 or UTF-32 encoding that the first bytes of a file show, or None."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding if encoding != "utf-8-sig" else None
    return _utf16_without_mark(head)


def _with_known_encoding(data: bytes) -> str | None:
    encoding = wide_encoding(data[:_HEAD])
    if encoding:
        return data.decode(encoding, errors="replace").lstrip("\ufeff")
    if b"\0" in data[:_HEAD]:
        raise ArticleError(_NOT_TEXT)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _damaged_utf8(data)


def _utf16_without_mark(head: bytes) -> str | None:
    """Recognise Latin text in UTF-16: NULs in every second place, and only there."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) < max(1, len(head) // 8) or min(even, odd) * 20 > max(even, odd):
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _damaged_utf8(data: bytes) -> str | None:
    """Read UTF-8 with a few broken bytes (a cut file, a bad paste) as UTF-8, not as Latin-1."""
    text = data.decode("utf-8-sig", errors="replace")
    broken = text.count("\ufffd")
    sound = sum(1 for char in text if char > "\x7f") - broken
    return text if sound > 4 * broken else None


def _as_declared(data: bytes, declared: str | None) -> str | None:
    try:
        return data.decode(declared) if declared else None
    except (LookupError, UnicodeDecodeError, ValueError):
        return None


def _guess(data: bytes) -> str:
    return data.decode(_likeliest(data[:_HEAD]), errors="replace")


def _likeliest(head: bytes) -> str:
    from charset_normalizer import from_bytes

    if _is_arabic(head):
        return "cp1256"
    matches = from_bytes(head, cp_isolation=_ENCODINGS)
    best = matches.best()
    if best is None:
        raise ArticleError(_NOT_TEXT)
    # Short texts fit several code pages equally; then the commonest one is the likeliest.
    equals = {m.encoding for m in matches if (m.chaos, m.coherence) == (best.chaos, best.coherence)}
    return "cp1252" if "cp1252" in equals else best.encoding


def _is_arabic(head: bytes) -> bool:
    """Tell Arabic and Persian in cp1256, which guesses take for damage: joiners stand in words.

    Text of other scripts gives accented Latin letters as well when it is read so.
    """
    letters = [char for char in head.decode("cp1256", errors="replace") if char.isalpha()]
    wide = [char for char in letters if char > "\x7f"]
    arabic = sum("\u0600" <= char <= "\u06ff" for char in wide)
    return 2 * len(wide) > len(letters) and arabic >= _ARABIC_SHARE * len(wide)


def _is_binary(text: str) -> bool:
    return len(_CONTROLS.findall(text)) > _MAX_CONTROL_SHARE * len(text)


def path_text(path: Path) -> str:
    """Return a path as text; bytes of its name that are no UTF-8 as hex escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
