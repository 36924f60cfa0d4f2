"""Whether what went wrong is a full disk."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

FULL: dict[str, Any] = {
    "kind": "user",
    "code": "disk-full",
    "message": "The disk of Spark is full.",
    "hint": "Make room and run again: what was done stays, the rest is made up for.",
}
# With less than this nothing can be written, whatever the engine says of it.
LEAST = 1024 * 1024


def tells(error: BaseException) -> bool:
    """The engine passes the reason on only as text."""
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return full or said(str(error))


def said(text: str) -> bool:
    return "No space left on device" in text


def is_full(folder: Path) -> bool:
    """Of a folder, or the nearest that is there; False where it cannot be told."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        status = os.statvfs(folder)
    except OSError:
        return False
    return status.f_bavail * status.f_frsize < LEAST
