"""What an ingest tells when Ray does not start, or a cluster does not let it in."""

from __future__ import annotations

import re
import textwrap

from ingest.errors import SettingsError

_ERROR = re.compile(r"[\w.]*(Error|Exception|Exit|Interrupt|Timeout)\w*(:|$)")
_MAX_CHARS = 400


def unstartable(why: str) -> SettingsError:
    """Return what is told of a Ray of its own that does not start."""
    return SettingsError(
        f"Ray cannot start on this machine ({said(why)}); mend that, or leave --on out to ingest "
        "without Ray"
    )


def unusable(address: str, why: str) -> SettingsError:
    """Return what is told of a cluster that cannot be used."""
    return SettingsError(
        f"the Ray at {address!r} cannot be used ({said(why)}): it has to be of this version "
        "of Ray and Python, `HOST:PORT` is for machines of the cluster, and a cluster that wants "
        "tokens needs RAY_AUTH_MODE=token"
    )


def said(text: str) -> str:
    """Return what Ray says in one line: of a traceback the last error, with all of its lines."""
    lines = text.strip().splitlines()
    begins = [number for number, line in enumerate(lines) if _ERROR.match(line)]
    said = " ".join(lines[begins[-1] if begins else 0 :])
    return textwrap.shorten(said, _MAX_CHARS, placeholder=" …") or "it says no more"
