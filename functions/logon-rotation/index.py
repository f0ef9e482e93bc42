"""Rotates the password with which the Windows hosts log their Administrator on (SEC-056): one step of Secrets Manager's protocol a call.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
Hosts read the new version by themselves; what they are told takes no parameter, so that a password stands in no command. Each step may come
again. What fails is raised: AWSCURRENT stays what it was, which the hosts' next converge sets again, Secrets Manager tries anew, and an
alarm tells people.
"""
import json
import os
import secrets
import string
import time

import boto3
from botocore.config import Config

SETTINGS = json.loads(os.environ["SETTINGS"])
#: Seconds until which a host must have taken a command; Systems Manager takes no less.
DELIVERY_SECONDS = 30
#: Beside them, what the command's step itself is given.
WAIT_SECONDS = DELIVERY_SECONDS + SETTINGS["stepSeconds"]
LENGTH = 32
KINDS = (string.ascii_uppercase, string.ascii_lowercase, string.digits)

QUICK = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 3})
manager, ssm, ec2 = (boto3.client(service, config=QUICK) for service in ("secretsmanager", "ssm", "ec2"))


def value(secret, **which):
    """None where that version holds none."""
    try:
        return json.loads(manager.get_secret_value(SecretId=secret, **which)["SecretString"])
    except manager.exceptions.ResourceNotFoundException:
        return None


def current(secret):
    return value(secret, VersionStage="AWSCURRENT")


def pending(secret, version):
    return value(secret, VersionId=version, VersionStage="AWSPENDING")


def password():
    """Of three kinds of character, as Windows asks for."""
    while True:
        made = "".join(secrets.choice("".join(KINDS) + "-_") for _ in range(LENGTH))
        if all(set(made) & set(kind) for kind in KINDS):
            return made


def hosts():
    """Ids of the machines that log on; every one of them must run, or one would come back with a password that nobody has any more."""
    filters = [
        {"Name": f"tag:{SETTINGS['tag']}", "Values": [SETTINGS["host"]]},
        {"Name": "instance-state-name", "Values": ["pending", "running", "stopping", "stopped"]},
    ]
    pages = ec2.get_paginator("describe_instances").paginate(Filters=filters)
    machines = [machine for page in pages for reservation in page["Reservations"] for machine in reservation["Instances"]]
    if not machines:
        raise RuntimeError(f"there is no host {SETTINGS['host']}")
    if still := [machine["InstanceId"] for machine in machines if machine["State"]["Name"] != "running"]:
        raise RuntimeError(f"{', '.join(still)} does not run")
    return sorted(machine["InstanceId"] for machine in machines)


def outcome(command, machine):
    """What a host made of a command, and the last that it said; None while there is nothing."""
    try:
        found = ssm.get_command_invocation(CommandId=command, InstanceId=machine, PluginName=SETTINGS["step"])
    except ssm.exceptions.InvocationDoesNotExist:
        return None
    if found["Status"] in ("Pending", "InProgress", "Delayed"):
        return None
    return found["Status"], (found["StandardOutputContent"].strip() or found["StandardErrorContent"].strip()).split("\n")[-1]


def tell(what):
    """Every host does it, or this raises."""
    document = SETTINGS["documents"][what]
    waiting = hosts()
    end = time.monotonic() + WAIT_SECONDS
    command = ssm.send_command(DocumentName=document, InstanceIds=waiting, TimeoutSeconds=DELIVERY_SECONDS)["Command"]["CommandId"]
    while waiting:
        if time.monotonic() > end:
            raise RuntimeError(f"{document}: no answer of {', '.join(waiting)} within {WAIT_SECONDS} s")
        time.sleep(SETTINGS.get("pauseSeconds", 1))
        answers = {machine: outcome(command, machine) for machine in waiting}
        for machine, answer in answers.items():
            if answer and answer[0] != "Success":
                raise RuntimeError(f"{document} on {machine}: {answer[0]}: {answer[1]}")
        waiting = [machine for machine, answer in answers.items() if answer is None]


def create(secret, version):
    held = current(secret)
    if held is None:
        raise RuntimeError("the secret holds no value yet: a person fills it in first")
    # Another one at each try would leave a host with a password that stands nowhere.
    if pending(secret, version) is None:
        made = json.dumps({**held, "password": password()})
        manager.put_secret_value(SecretId=secret, ClientRequestToken=version, SecretString=made, VersionStages=["AWSPENDING"])


def test(secret, version):
    # A rotation that is only set up has this step called with a version that nobody made: there is nothing to prove, and a first deploy has no host yet.
    if pending(secret, version) not in (None, current(secret)):
        tell("test")


def finish(secret, version):
    stages = manager.describe_secret(SecretId=secret)["VersionIdsToStages"]
    before = next(one for one, labels in stages.items() if "AWSCURRENT" in labels)
    manager.update_secret_version_stage(SecretId=secret, VersionStage="AWSCURRENT", MoveToVersionId=version, RemoveFromVersionId=before)


STEPS = {"createSecret": create, "setSecret": lambda secret, version: tell("set"), "testSecret": test, "finishSecret": finish}


def handler(event, context):
    secret, version = event["SecretId"], event["ClientRequestToken"]
    labels = manager.describe_secret(SecretId=secret).get("VersionIdsToStages", {}).get(version, [])
    # After the last step: it has come again.
    if "AWSCURRENT" in labels:
        return
    if "AWSPENDING" not in labels:
        raise RuntimeError(f"version {version} of the secret is not the one that is to be")
    STEPS[event["Step"]](secret, version)
    print(json.dumps({"step": event["Step"], "version": version, "outcome": "done"}))
