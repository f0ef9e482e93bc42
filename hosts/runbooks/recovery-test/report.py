# The report of a run, whatever became of it, as JSON and Markdown; the step fails if the test is not passed, so that somebody is told.
ssm = boto3.client("ssm")

# RPO and RTO, in minutes (OPS-017, OPS-018).
LOSS, RECOVERY = 60, 240
# From what to what it takes to have a part back. The cache fills itself again from the table.
PARTS = {"table": ("restorable", "verify"), "objects": ("objects", "objects"), "host": ("recoveryHost", "functions"), "all": ("host", "functions")}


def minutes(steps, first, last):
    """None if it did not come so far."""
    begin, end = steps.get(first), steps.get(last)
    if not begin or not end or end["StepStatus"] != "Success":
        return None
    return round((end["ExecutionEndTime"] - begin["ExecutionStartTime"]).total_seconds() / 60, 2)


def said(steps, name):
    """What a host said, in one line of JSON, whatever stands around it; None if it was not reached."""
    step = steps.get(name)
    if not step or step["StepStatus"] != "Success":
        return None
    return json.loads([line for line in step["Outputs"]["Output"][0].splitlines() if line.startswith("{")][-1])


def judge(events, steps):
    captured, verified, functions, cleaned = (load(events, name) for name in ("captured", "verified", "functions", "cleaned"))
    restorable, host = load(events, "restorable"), said(steps, "functions")
    wrong = [f"step {name}: {step.get('FailureMessage', step['StepStatus'])}" for name, step in steps.items() if step["StepStatus"] in ("Failed", "TimedOut", "Cancelled") and name not in ("host", "keys")]
    for part, found in (verified or {}).items():
        wrong += [f"{part}: {kind}: {one['count']}: {', '.join(one['keys'])}" for kind, one in found.items() if isinstance(one, dict) and one["count"]]
    wrong += (functions or {}).get("failed", [])
    wrong += [f"recovered host: {name} does not answer" for name, well in (host or {}).get("answers", {}).items() if not well]
    loss = restorable and round(restorable["seconds"] / 60, 2)
    if loss is not None and loss > LOSS:
        wrong.append(f"table: {loss} minutes of changes lost, and not {LOSS} at the most")
    times = {part: minutes(steps, *between) for part, between in PARTS.items()}
    wrong += [f"{part}: back after {time} minutes, and not {RECOVERY}" for part, time in times.items() if time is not None and time > RECOVERY]
    wrong += [f"{part}: not recovered" for part, time in times.items() if time is None]
    keys = said(steps, "keys")
    return {
        "run": events["run"],
        "environment": events["environment"],
        "passed": not wrong,
        "wrong": wrong,
        "moment": captured and captured["moment"],
        "captured": captured and {"items": len(captured["items"]), "buckets": [{**one, "sample": len(one["sample"])} for one in captured["buckets"]]},
        "cacheKeys": {"before": keys and keys["keys"], "after": host and host["keys"]},
        "verified": verified,
        "milliseconds": (functions or {}).get("milliseconds"),
        "minutesLost": {"table": loss, "objects": 0 if verified else None},
        "minutesToRecover": times,
        "limits": {"minutesLost": LOSS, "minutesToRecover": RECOVERY},
        "cleaned": cleaned,
    }


def shown(value):
    return "not known" if value is None else str(value)


def markdown(found):
    lines = [
        f"# Recovery test of {found['environment']}: {'passed' if found['passed'] else 'NOT passed'}",
        "",
        f"Run {found['run']}; all was lost, so it was assumed, at {shown(found['moment'])}.",
        "",
        *([*(f"- {one}" for one in found["wrong"]), ""] if found["wrong"] else []),
        "| part | minutes lost | at the most | minutes to recover | at the most |",
        "| --- | --- | --- | --- | --- |",
    ]
    for part, time in found["minutesToRecover"].items():
        loss = shown(found["minutesLost"][part]) if part in found["minutesLost"] else "–"
        lines.append(f"| {part} | {loss} | {LOSS} | {shown(time)} | {RECOVERY} |")
    for part, one in (found["verified"] or {}).items():
        lines += ["", f"{part}: {one['compared']} compared; " + ", ".join(f"{kind} {of['count']}" for kind, of in one.items() if isinstance(of, dict))]
    keys = found["cacheKeys"]
    lines += ["", f"Keys of the cache, which is not recovered but fills itself again: {shown(keys['before'])} before, {shown(keys['after'])} seen by the recovered host."]
    lines += ["", "Milliseconds: " + ", ".join(f"{name} {value}" for name, value in (found["milliseconds"] or {}).items())]
    deleted = (found["cleaned"] or {}).get("deleted", {})
    lines += ["", "Deleted afterwards: " + (", ".join(f"{len(names)} {name}" for name, names in deleted.items()) or "nothing is known to be")]
    return "\n".join(lines) + "\n"


def handler(events, context):
    steps = {step["StepName"]: step for step in ssm.get_automation_execution(AutomationExecutionId=events["run"])["AutomationExecution"]["StepExecutions"]}
    found = judge(events, {name: step for name, step in steps.items() if name != "report"})
    place = f"reports/{found['moment'] or 'unknown'}-{events['run']}"
    s3.put_object(Bucket=events["bucket"], Key=f"{place}.json", Body=json.dumps(found, indent=2), ContentType="application/json")
    s3.put_object(Bucket=events["bucket"], Key=f"{place}.md", Body=markdown(found).encode(), ContentType="text/markdown; charset=utf-8")
    if not found["passed"]:
        raise Exception(f"the test is not passed, see s3://{events['bucket']}/{place}.md: " + "; ".join(found["wrong"]))
    return {"report": f"s3://{events['bucket']}/{place}.md"}
