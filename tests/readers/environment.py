"""A virtual environment with pinned packages, for whatever here is written in Python."""

import re
import subprocess
import sys
import venv
from pathlib import Path

# What pip says when it got no answer, as opposed to one that it did not like.
UNREACHABLE = re.compile(
    "NewConnectionError|ConnectTimeoutError|ReadTimeoutError|NameResolutionError|ProxyError|Network is unreachable"
)


def environment(folder: Path, requirements: list[Path]) -> Path | None:
    """The Python of a virtual environment with these packages; None if no index answers."""
    wanted = {path: path.read_text() for path in requirements}
    python, stamp = folder / "bin" / "python", folder / "installed.txt"
    if stamp.exists() and stamp.read_text() == "".join(wanted.values()):
        return python
    venv.create(folder, with_pip=True, clear=True)
    for path in wanted:
        bare = ["--no-deps"] if "bare" in path.name else []
        command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *bare, "-r", path]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            if UNREACHABLE.search(done.stderr):
                return None
            sys.exit(f"{path.parent.name}: the packages cannot be installed:\n{done.stderr}")
    stamp.write_text("".join(wanted.values()))
    return python
