"""Bytes to text: which charset is believed, and what is done when the declared one is wrong or unknown.

Order of belief for bytes outside ASCII:
- the declared charset first where its bytes cannot pass for UTF-8 by luck or are plain ASCII bytes (ISO-2022, UTF-16,
  the double-byte sets of China, Japan and Korea);
- UTF-8 first where a single-byte charset, none or an unknown one is declared: real text in such a charset is next to
  never valid UTF-8, while UTF-8 declared as "iso-8859-1" or "us-ascii" arrives every day. That reading is certain, so
  it is no defect (and a provider that hands out UTF-8 under the old declaration gives the same message);
- then windows-1252 (a superset of what "iso-8859-1" mails mean), then latin-1, which fits everything.
"""

from __future__ import annotations

import codecs
import re
from enum import Enum
from functools import lru_cache


class _Manner(Enum):
    UTF8 = 1
    SINGLE = 2
    DOUBLE = 3
    STATEFUL = 4
    UNKNOWN = 5


# Names people declare, and the wider codec that reads what they send.
_WIDER = {
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis_620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "hz",
    "shift_jis": "cp932",
    "shift_jisx0213": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "iso2022_jp": "iso2022_jp_ext",
    "iso2022_jp_1": "iso2022_jp_ext",
    "iso2022_jp_2": "iso2022_jp_2",
}
_ALIASES = {
    "x-sjis": "cp932",
    "x-ms-cp932": "cp932",
    "windows-31j": "cp932",
    "ms932": "cp932",
    "cp50220": "iso2022_jp_ext",
    "cp50221": "iso2022_jp_ext",
    "cp50222": "iso2022_jp_ext",
    "iso-2022-jp-ms": "iso2022_jp_ext",
    "x-gbk": "gb18030",
    "x-euc-jp": "euc_jp",
    "x-euc-kr": "cp949",
    "ks_c_5601": "cp949",
    "x-windows-949": "cp949",
    "windows-874": "cp874",
    "x-mac-roman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "utf": "utf-8",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "x-cp1252": "cp1252",
    "x-cp1251": "cp1251",
    "windows1252": "cp1252",
    "win-1251": "cp1251",
}
_DOUBLE = {
    "gb18030", "big5hkscs", "cp950", "cp932", "cp949", "johab", "euc_jp", "euc_jis_2004", "euc_jisx0213",
    "shift_jis_2004",
}  # fmt: skip
_STATEFUL = {
    "hz", "utf-7", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "iso2022_jp_ext",
    "iso2022_jp_2", "iso2022_jp_3", "iso2022_jp_2004", "iso2022_kr",
}  # fmt: skip
_EBCDIC_OR_ODD = re.compile(
    r"^(idna|punycode|undefined|mbcs|oem|unicode.escape|raw.unicode.escape|cp037|cp273|cp424|cp500|cp875|"
    r"cp1026|cp1140|utf-8-sig)$"
)
_JAPANESE = ("iso2022_jp_ext", "iso2022_jp_2", "iso2022_jp_3", "iso2022_jp_2004")
_MEANS_NOTHING = {"", "unknown", "x-unknown", "unknown-8bit", "default", "none", "binary", "8bit"}
_BAD_CHARACTER = re.compile("[\x00\ud800-\udfff]")

REPLACED = "Some characters could not be read and were replaced."
NUL_REMOVED = "Zero bytes were removed from the text."


@lru_cache(maxsize=512)
def _plan(charset: str) -> tuple[str, _Manner]:
    name = charset.strip().strip("'\"").lower()
    if name in _MEANS_NOTHING or len(name) > 40:
        return "", _Manner.SINGLE if name in _MEANS_NOTHING else _Manner.UNKNOWN
    try:
        info = codecs.lookup(_ALIASES.get(name, name))
    except (LookupError, ValueError):
        return "", _Manner.UNKNOWN
    if not getattr(info, "_is_text_encoding", True) or _EBCDIC_OR_ODD.match(info.name):
        return "", _Manner.UTF8 if info.name == "utf-8-sig" else _Manner.UNKNOWN
    if info.name == "ascii":
        return "", _Manner.SINGLE
    codec = _WIDER.get(info.name, info.name)
    if codec == "utf-8":
        return codec, _Manner.UTF8
    if codec in _STATEFUL:
        return codec, _Manner.STATEFUL
    return codec, _Manner.DOUBLE if codec in _DOUBLE else _Manner.SINGLE


def decode_bytes(
    data: bytes, charset: str = "", *, was_transcoded: bool = False
) -> tuple[str, str]:
    """The text and a defect or "". `was_transcoded`: the provider may have turned the bytes into UTF-8 already
    while the declaration still names the old charset.
    """
    codec, manner = _plan(charset)
    if manner is _Manner.STATEFUL:
        text = _read_stateful(data, codec)
        if text is not None:
            return text, ""
    if data.isascii():
        return data.decode("ascii"), ""
    if manner is _Manner.DOUBLE and not was_transcoded:
        text = _strict(data, codec)
        if text is not None:
            return text, ""
    text = _strict(data, "utf-8")
    if text is not None:
        return text, _declared_wrong(charset, "UTF-8") if manner is _Manner.UNKNOWN else ""
    if manner in (_Manner.SINGLE, _Manner.DOUBLE) and codec:
        text = _strict(data, codec)
        if text is not None:
            return text, ""
        if manner is _Manner.DOUBLE or codec == "cp1252":
            fallback = codec if manner is _Manner.DOUBLE else "latin-1"
            return data.decode(fallback, "replace"), REPLACED if fallback == codec else ""
    if manner is _Manner.UTF8:
        # A few broken bytes in long UTF-8 text are replaced; text that is mostly not UTF-8 is another charset.
        text = data.decode("utf-8", "replace")
        if text.count("\ufffd") * 8 < sum(map(len, re.findall(rb"[\x80-\xff]+", data[:200_000]))):
            return text, REPLACED
    text = _strict(data, "cp1252")
    if text is None:
        text = data.decode("latin-1")
    return text, _declared_wrong(charset, "windows-1252", is_known=manner is not _Manner.UNKNOWN)


def clean_text(text: str) -> tuple[str, str]:
    """LF line ends, no NUL, no lone surrogate. The text and a defect or ""."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" not in text and (text.isascii() or not _has_surrogate(text)):
        return text, ""
    defect = NUL_REMOVED if "\0" in text else REPLACED
    return _BAD_CHARACTER.sub(lambda found: "" if found[0] == "\0" else "\ufffd", text), defect


def _has_surrogate(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _read_stateful(data: bytes, codec: str) -> str | None:
    if codec.startswith("utf-"):
        if codec != "utf-7" and b"\0" not in data:
            return None  # ASCII or UTF-8 under a wrong flag
        return _strict(data, codec)
    if not data.isascii():
        return None
    for name in _JAPANESE if codec in _JAPANESE else (codec,):
        text = _strict(data, name)
        if text is not None:
            return text
    return data.decode(codec, "replace")


def _declared_wrong(charset: str, used: str, *, is_known: bool = False) -> str:
    if not charset:
        return f"No charset is declared; the text was read as {used}."
    fault = "is not what the text is written in" if is_known else "is unknown"
    return f'The charset "{charset[:40]}" {fault}; it was read as {used}.'
