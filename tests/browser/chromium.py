"""Finds the browser of this machine, or gets it from Debian's packages when that is possible."""

from __future__ import annotations

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Quiet: no updates, no syncing, and no name but this machine's is looked up.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
]


class NoBrowser(Exception):
    """There is no browser to test with; the text says in one line how to get one."""


def find_or_install() -> str:
    """The path of a Chromium; installs it when it is missing and this is root on Debian."""
    path = _find()
    if path is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["apt-get", "update"], ["apt-get", "install", "--yes", "chromium"]):
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
        path = _find()
    if path is None:
        raise NoBrowser("The browser tests need Chromium: sudo apt-get install chromium")
    return path


def _find() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)
