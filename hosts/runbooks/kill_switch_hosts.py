# Tells every trading host of an environment what the kill switch wants, each by itself, and waits for what it says. Run by Systems Manager.
import time
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

QUICK = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 3}, max_pool_connections=50)
# A host that wakes up within the hour still stops; what would start one is not kept.
DELIVERY_SECONDS = {"stop": 3600, "ready": 30, "status": 30}
ec2, ssm = boto3.client("ec2", config=QUICK), boto3.client("ssm", config=QUICK)


def hosts(tag, names):
    filters = [{"Name": f"tag:{tag}", "Values": names}, {"Name": "instance-state-name", "Values": ["pending", "running", "stopping", "stopped"]}]
    pages = ec2.get_paginator("describe_instances").paginate(Filters=filters)
    machines = [machine for page in pages for reservation in page["Reservations"] for machine in reservation["Instances"]]
    named = [(next(one["Value"] for one in machine["Tags"] if one["Key"] == tag), machine["InstanceId"], machine["State"]["Name"]) for machine in machines]
    return sorted(named)


def answer(command, machine, step):
    """None while there is none."""
    try:
        found = ssm.get_command_invocation(CommandId=command, InstanceId=machine, PluginName=step)
    except ssm.exceptions.InvocationDoesNotExist:
        return None
    if found["Status"] in ("Pending", "InProgress", "Delayed"):
        return None
    said = (found["StandardOutputContent"].strip() or found["StandardErrorContent"].strip()).split("\n")[-1]
    if found["Status"] == "Success":
        return "answered", said
    if found["StatusDetails"].replace(" ", "") in ("DeliveryTimedOut", "Undeliverable"):
        return "NO ANSWER", found["StatusDetails"]
    return "FAILED", said or found["StatusDetails"]


def tell(machine, name, state, events):
    """Whatever goes wrong is that host's report."""
    if state == "stopped":
        return "not running", "the machine is stopped"
    step = "windows" if name == events["windows"] else "linux"
    end = time.monotonic() + int(events["wait"])
    try:
        command = ssm.send_command(DocumentName=events["document"], InstanceIds=[machine], TimeoutSeconds=DELIVERY_SECONDS[events["do"]])["Command"]["CommandId"]
        while time.monotonic() < end:
            if found := answer(command, machine, step):
                return found
            time.sleep(0.5)
        return "NO ANSWER", f"none within {events['wait']} s"
    except ssm.exceptions.InvalidInstanceId:
        return "NO ANSWER", f"Systems Manager does not reach it (the machine is {state})"
    except (BotoCoreError, ClientError) as error:
        return "FAILED", str(error)


def handler(events, context):
    found = hosts(events["tag"], events["names"].split(","))
    without = [] if events["without"] == "none" else events["without"].split(",")
    if strangers := sorted(set(without) - {machine for _, machine, _ in found}):
        raise RuntimeError(f"{', '.join(strangers)} is no host of this environment; its hosts are {', '.join(machine for _, machine, _ in found) or 'none'}")
    asked = [one for one in found if one[1] not in without]
    with ThreadPoolExecutor(max_workers=max(1, len(asked))) as pool:
        outcomes = list(pool.map(lambda one: tell(one[1], one[0], one[2], events), asked))
    lines = [f"{name} ({machine}): {outcome}, {said}" for (name, machine, _), (outcome, said) in zip(asked, outcomes)]
    amiss = [line for line, (outcome, _) in zip(lines, outcomes) if outcome in ("FAILED", "NO ANSWER")]
    return {"hosts": lines or ["no host was told anything: there is none, or all were left out"], "amiss": "; ".join(amiss) or "none"}
