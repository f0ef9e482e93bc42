"""SNS: what a topic does with personal data."""
from __future__ import annotations

from emulator_server.engine import Engine, Kind, Record
from emulator_server.wire import Call


def _drop_empty(engine: Engine, call: Call, record: Record) -> None:
    """An empty policy is none: that is how one is taken away."""
    if not record["DataProtectionPolicy"]:
        engine.remove(call, DATA_PROTECTION, record)


DATA_PROTECTION = Kind(
    "sns",
    "DataProtectionPolicy",
    identity=("ResourceArn",),
    tag_key="@none",
    absent={"DataProtectionPolicy": ""},
    after_write=_drop_empty,
)

KINDS = (DATA_PROTECTION,)
