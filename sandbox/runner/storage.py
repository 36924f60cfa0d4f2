"""The checkpoint folder as a URI that the engine understands."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tempfile
from pathlib import Path

PLAIN = re.compile(r"[A-Za-z0-9_/.+~-]*")


def uri(storage: str) -> str:
    """`storage` itself, or a link to it under a plain name.

    Spark 4.2 looks for a checkpoint under the folder's name but writes it under the escaped one
    (`a b` and `a%20b`), so that a full refresh would find nothing to reset.
    """
    if "://" in storage:
        return storage
    if not PLAIN.fullmatch(storage):
        storage = str(_link(Path(storage)))
    return f"file://{storage}"


def _link(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    ours = Path(tempfile.gettempdir()) / f"orders-lakehouse-{os.getuid()}"
    ours.mkdir(mode=0o700, exist_ok=True)
    status = ours.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
        raise PermissionError(f"{ours} belongs to someone else")
    link = ours / hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    if not link.is_symlink() or link.readlink() != folder:
        link.unlink(missing_ok=True)
        link.symlink_to(folder)
    return link
