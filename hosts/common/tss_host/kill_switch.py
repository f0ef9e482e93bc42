"""The kill switch: an item of the orders table (DAT-014); DynamoDB is what counts, not the cache's copy (C-22)."""
from enum import Enum
from typing import Any, Tuple

KEY = {"pk": {"S": "GLOBALCONFIG"}, "sk": {"S": "SETTING#KILL_SWITCH"}}


class State(Enum):
    """The value is the exit code of the command."""

    INACTIVE = 0
    ACTIVE = 10
    UNKNOWN = 11


def read(dynamodb: Any, table: str) -> Tuple[State, str]:
    """The state and a line for the log. Whatever is not a clear answer is unknown, and nobody may trade on it."""
    try:
        item = dynamodb.get_item(TableName=table, Key=KEY, ConsistentRead=True).get("Item")
    except Exception as error:  # the network, rights, a missing table: all the same to who asks
        return State.UNKNOWN, f"kill switch: unknown: {type(error).__name__}: {error}"
    if item is None:
        # An answer too: nobody has ever used the switch of this environment.
        return State.INACTIVE, "kill switch: inactive (never set)"
    active = item.get("active", {}).get("BOOL")
    if active is True:
        return State.ACTIVE, f"kill switch: active: {item.get('reason', {}).get('S', 'no reason given')}"
    if active is False:
        return State.INACTIVE, "kill switch: inactive"
    return State.UNKNOWN, f"kill switch: unknown: attribute active of the item in {table} is no BOOL"
