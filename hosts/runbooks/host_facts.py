# What a host is: one of the environment's own, and no member of a group, which makes its members anew by itself. Run by Systems Manager.
import boto3

ec2 = boto3.client("ec2")
GROUP = "aws:autoscaling:groupName"


def handler(events, context):
    machine = events["instance"]
    filters = [{"Name": "tag:Environment", "Values": [events["environment"]]}, {"Name": "instance-id", "Values": [machine]}]
    found = [one for reservation in ec2.describe_instances(Filters=filters)["Reservations"] for one in reservation["Instances"]]
    if not found:
        raise RuntimeError(f"{machine} is no machine of {events['environment']}")
    tags = {tag["Key"]: tag["Value"] for tag in found[0]["Tags"]}
    if GROUP in tags:
        raise RuntimeError(f"{machine} is a member of {tags[GROUP]}, which makes a new one in its place: aws autoscaling set-instance-health --instance-id {machine} --health-status Unhealthy")
    state = found[0]["State"]["Name"]
    if state not in ("running", "stopped"):
        raise RuntimeError(f"{machine} is {state}, and not running or stopped")
    return {"state": state, "name": tags.get(events["tag"], "none")}
