"""Who asks: what the record says of a request beside its rows and their answers."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from api.ids import new_time_uuid


@dataclass(frozen=True, slots=True)
class Asking:
    """One request: its user, the route it came by, an id of its own, and when it came (seconds, UTC)."""

    user: str
    route: str
    id: str = field(default_factory=new_time_uuid)
    at: float = field(default_factory=time.time)
