# The kill switch's item in the orders table, read and written as `npm run kill-switch` does it. Run by Systems Manager.
import datetime

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

# Nobody who throws a kill switch waits longer for a table.
QUICK = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 2})
PARTITION, SORT = {"S": "GLOBALCONFIG"}, {"S": "SETTING#KILL_SWITCH"}
KEY = dict(pk=PARTITION, sk=SORT)
NO_VERSION = "none"
UPDATE = "SET active = :active, reason = :reason, updated_by = :by, updated_at = :at, #version = :version"
dynamodb = boto3.client("dynamodb", config=QUICK)


def read(table):
    return dynamodb.get_item(TableName=table, Key=KEY, ConsistentRead=True).get("Item")


def state(item):
    """Whatever is no clear "off" counts as on."""
    if item is None:
        return "unset"
    return {True: "active", False: "inactive"}.get(item.get("active", {}).get("BOOL"), "unclear")


def version(item):
    return (item or {}).get("version", {}).get("N", NO_VERSION)


def shown(item, note=""):
    said = [f"{name} {list(item[name].values())[0]}" for name in ("updated_at", "updated_by", "reason") if item and name in item]
    words = ", ".join([f"the kill switch is {state(item)}", *said, f"version {version(item)}"])
    return {"state": state(item), "version": version(item), "text": f"{words}. {note}".strip()}


def starter(run):
    """Who started the run; a run without a name is better than a switch that is not thrown."""
    try:
        found = boto3.client("ssm", config=QUICK).get_automation_execution(AutomationExecutionId=run)
        return found["AutomationExecution"]["ExecutedBy"]
    except (BotoCoreError, ClientError, KeyError):
        return f"automation {run}"


def write(events, active, next_version, condition=None, read_version=NO_VERSION):
    at = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    by = starter(events["run"])
    values = {":active": dict(BOOL=active), ":reason": dict(S=events["reason"]), ":by": dict(S=by), ":at": dict(S=at), ":version": dict(N=next_version)}
    if read_version != NO_VERSION:
        values[":read"] = dict(N=read_version)
    conditional = dict(ConditionExpression=condition) if condition else {}
    written = dict(active=dict(BOOL=active), reason=dict(S=events["reason"]), updated_by=dict(S=by), updated_at=dict(S=at), version=dict(N=next_version))
    try:
        dynamodb.update_item(TableName=events["table"], Key=KEY, UpdateExpression=UPDATE, ExpressionAttributeNames={"#version": "version"}, ExpressionAttributeValues=values, **conditional)
    except dynamodb.exceptions.ConditionalCheckFailedException:
        now = read(events["table"]) or {}
        # The answer to a first attempt got lost on its way, and the second met what the first had written.
        is_own = all(now.get(name) == written[name] for name in ("version", "updated_at", "updated_by"))
        if not is_own and active and state(now) == "active":
            return shown(now, "It was on already, and nothing was overwritten.")
        if not is_own:
            raise RuntimeError(f"it was changed by somebody else at the same moment, and nothing was overwritten: {shown(now)['text']}") from None
    return shown(written)


def write_over(events, active, read_state, read_version):
    """Over what was read, if it is still that (DAT-032)."""
    if read_version != NO_VERSION:
        return write(events, active, str(int(read_version) + 1), "#version = :read", read_version)
    unversioned = "attribute_not_exists(pk)" if read_state == "unset" else "attribute_exists(pk) AND attribute_not_exists(#version)"
    return write(events, active, "1", unversioned)


def on(events):
    try:
        item = read(events["table"])
        if state(item) == "active":
            return shown(item, "It was on already; reason and time are those of the first, and nothing was overwritten.")
        return write_over(events, True, state(item), version(item))
    except (BotoCoreError, ClientError) as error:
        raise RuntimeError(f"the kill switch is NOT on, and no host was told anything: {error}. With Emergency=yes the hosts are stopped without the table") from None


def emergency(events):
    """Whatever the item holds. Its version is the time in milliseconds, which nobody has read (OPS-001)."""
    return write(events, True, str(int(datetime.datetime.now(datetime.timezone.utc).timestamp() * 1000)))


def off(events):
    """Over what was shown to whoever approved."""
    item = read(events["table"])
    if (state(item), version(item)) != (events["state"], events["version"]):
        raise RuntimeError(f"it was changed since it was shown, and nothing was overwritten: {shown(item)['text']}")
    if state(item) in ("inactive", "unset"):
        return shown(item, "It was off already.")
    return write_over(events, False, events["state"], events["version"])


def look(events):
    return shown(read(events["table"]))


def is_on(events):
    """Fails if it is not."""
    item = read(events["table"])
    if state(item) in ("inactive", "unset"):
        raise RuntimeError(f"the item does not say on, so a host that starts anew trades: {shown(item)['text']}")
    return shown(item)


def handler(events, context):
    does = {"look": look, "on": on, "emergency": emergency, "off": off, "isOn": is_on}
    return does[events["do"]](events)
