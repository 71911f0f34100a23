"""Following what is done to users elsewhere: a password that was changed is not good for a moment longer."""

from __future__ import annotations

import logging
import threading
import time

from api.errors import StorageUnavailable
from api.storage.users import Users
from api.web.sign_in import SignIn

_log = logging.getLogger(__name__)

LOOK_EVERY = 0.5


def follow_users(sign_in: SignIn, users: Users) -> None:
    """Have `sign_in` forget whom it remembers within half a second of any change, until the process ends."""
    threading.Thread(target=_follow, args=(sign_in, users), name="follow-users", daemon=True).start()


def _follow(sign_in: SignIn, users: Users) -> None:
    seen: int | None = None
    trouble = False
    while True:
        try:
            newest = users.newest()
            if newest != seen:
                sign_in.forget()
            seen, trouble = newest, False
        except StorageUnavailable as error:
            # Said once, not twice a second. While the database is away nobody can change users either.
            if not trouble:
                _log.warning("changes of users are not followed now: %s", error.reason)
            trouble = True
        time.sleep(LOOK_EVERY)
