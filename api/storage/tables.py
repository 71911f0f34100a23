"""The tables."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, String, Table

METADATA = MetaData()

# Everything that was done to a model's versions, in order. The newest row that enables a version says
# which one answers, and the newest row of all says whether anything changed since one last looked.
VERSION_EVENTS = Table(
    "version_events",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("model", String(64), nullable=False),
    Column("version", String(20), nullable=False),
    Column("what", String(16), nullable=False),
    Column("at", String(32), nullable=False),
    Column("by", String(200), nullable=False),
)
