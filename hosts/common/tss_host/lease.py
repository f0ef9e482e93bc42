"""The lease of the trading leader: one item of the orders table, changed by conditional updates only (C-62)."""
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Mapping, Optional

KEY = {"pk": {"S": "GLOBALCONFIG"}, "sk": {"S": "SETTING#TRADING_LEADER"}}
# Owner and token are reserved words of DynamoDB, so that every attribute goes by a placeholder.
NAMES = {
    "#type": "item_type",
    "#owner": "owner",
    "#token": "token",
    "#version": "version",
    "#updated": "last_updated_utc",
    "#lease": "lease_seconds",
}
# The version counts every change of the item, so that one that stands still means that nobody is at work.
TOUCH = "#version = if_not_exists(#version, :zero) + :one, #updated = :now"
CLAIM = f"SET #type = :type, #owner = :owner, #token = if_not_exists(#token, :zero) + :one, #lease = :lease, {TOUCH}"


class Lost(Exception):
    """The condition did not hold: somebody else changed the item."""


@dataclass(frozen=True)
class Record:
    # Empty: released.
    owner: str
    # Fencing token: grows with every acquisition, for the application's own conditional writes.
    token: int
    version: int
    lease_seconds: float


class LeaseStore:
    """DynamoDB's side of the lease. No method waits longer than the client's timeouts; any may raise what boto3 raises."""

    def __init__(self, dynamodb: Any, table: str, owner: str, lease_seconds: float) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._owner = owner
        self._lease_seconds = lease_seconds

    def read(self) -> Optional[Record]:
        item = self._dynamodb.get_item(TableName=self._table, Key=KEY, ConsistentRead=True).get("Item")
        return None if item is None else _record(item)

    def acquire(self, seen: Optional[Record]) -> Record:
        """Becomes the owner, if the item is still as it was seen. Raises Lost if not."""
        condition = "attribute_not_exists(pk)" if seen is None else "#version = :seen"
        values = {
            ":type": {"S": "GlobalSetting"},
            ":owner": {"S": self._owner},
            ":lease": {"N": f"{self._lease_seconds:g}"},
            ":zero": {"N": "0"},
        }
        if seen is not None:
            values[":seen"] = {"N": str(seen.version)}
        return self._update(CLAIM, condition, values)

    def renew(self, held: Record) -> Record:
        """Raises Lost if the lease is another's. A renewal whose answer got lost may be repeated."""
        return self._update(f"SET {TOUCH}", "#owner = :owner AND #token = :token", self._mine(held))

    def release(self, held: Record) -> None:
        """The next host need not wait. Raises Lost if the lease is another's."""
        self._update(f"SET #owner = :nobody, {TOUCH}", "#owner = :owner AND #token = :token", {**self._mine(held), ":nobody": {"S": ""}})

    def _mine(self, held: Record) -> Mapping[str, Any]:
        return {":owner": {"S": self._owner}, ":token": {"N": str(held.token)}, ":zero": {"N": "0"}}

    def _update(self, update: str, condition: str, values: Mapping[str, Any]) -> Record:
        try:
            response = self._dynamodb.update_item(
                TableName=self._table,
                Key=KEY,
                UpdateExpression=update,
                ConditionExpression=condition,
                # DynamoDB refuses names that no expression uses.
                ExpressionAttributeNames={short: name for short, name in NAMES.items() if short in update + condition},
                ExpressionAttributeValues={**values, ":one": {"N": "1"}, ":now": {"S": _now()}},
                ReturnValues="ALL_NEW",
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException as error:
            raise Lost(f"{condition} does not hold") from error
        return _record(response["Attributes"])


def _record(item: Mapping[str, Any]) -> Record:
    try:
        return Record(
            owner=item["owner"]["S"],
            token=int(item["token"]["N"]),
            version=int(item["version"]["N"]),
            lease_seconds=float(item["lease_seconds"]["N"]),
        )
    except (KeyError, ValueError) as error:
        # Somebody wrote it by hand. Nobody trades until it is as it should be, or deleted.
        raise ValueError(f"item GLOBALCONFIG / SETTING#TRADING_LEADER is no lease: {error!r} in {dict(item)}") from error


def _now() -> str:
    # For people only: no decision reads it, the clocks of two hosts differ.
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
