"""Stand-ins for the agents of Systems Manager: a command to an instance runs a program of the machine's stand-in, a real process.

A folder of `--machines` that is called as the instance's tag `Name` holds one: `agent` is run as `agent ACTION SCRIPT` for each step of a document, in that
folder; `platform` says Linux (as without it) or Windows; while there is a file `offline`, commands wait for it, as long as they are delivered.
Without a folder no agent has registered, as on every instance that an emulator does not boot, and AWS's own refusal is the answer.
"""
from __future__ import annotations

import json
import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

#: where the stand-ins are; None: there are none
folder: Path | None = None

ENDED = ("Success", "Failed", "TimedOut", "DeliveryTimedOut")


def stand_in(name: str | None) -> Path | None:
    """The folder of a machine's stand-in."""
    if folder is None or not name or "/" in name or name in (".", ".."):
        return None
    found = folder / name
    return found if (found / "agent").is_file() else None


def steps_for(content: str, platform: str) -> Iterator[dict[str, Any]]:
    """The steps of a document (schema 2.2, JSON) that are for a platform."""
    for step in json.loads(content)["mainSteps"]:
        wanted = step.get("precondition", {}).get("StringEquals")
        if not wanted or wanted == ["platformType", platform]:
            yield step


def filled(content: str, given: dict[str, list[str]]) -> str:
    """A document with its parameters (text ones) filled in. @raises ValueError: one is unknown, missing, or not as the document allows"""
    document = json.loads(content)
    declared: dict[str, Any] = document.get("parameters", {})
    if unknown := sorted(set(given) - set(declared)):
        raise ValueError(f"Parameters {unknown} are not supported for document")
    steps = json.dumps(document["mainSteps"])
    for name, parameter in declared.items():
        value = given[name][0] if name in given else parameter.get("default")
        if value is None:
            raise ValueError(f"Parameter {name} is required")
        if not re.fullmatch(parameter.get("allowedPattern", "(?s).*"), value):
            raise ValueError(f"Parameter {name}: {value} does not match pattern {parameter['allowedPattern']}")
        steps = re.sub(r"\{\{ *" + re.escape(name) + r" *\}\}", lambda _, value=value: json.dumps(value)[1:-1], steps)  # type: ignore[misc]
    return json.dumps({**document, "mainSteps": json.loads(steps)})


def run(content: str, machine: Path, delivery_seconds: int, note: Any) -> None:
    """Run a document on a machine, in a thread; `note(step, status, code, output, error)` hears of each step's beginning and end."""
    platform_file = machine / "platform"
    platform = platform_file.read_text(encoding="utf-8").strip() if platform_file.exists() else "Linux"
    steps = list(steps_for(content, platform))
    end = time.monotonic() + delivery_seconds

    def work() -> None:
        while (machine / "offline").exists():
            if time.monotonic() > end:
                note(steps[0]["name"], "DeliveryTimedOut", -1, "", "")
                return
            time.sleep(0.1)
        for step in steps:
            note(step["name"], "InProgress", -1, "", "")
            ended = _step(step, machine)
            note(step["name"], *ended)
            if ended[0] != "Success":
                return

    threading.Thread(target=work, daemon=True).start()


def _step(step: dict[str, Any], machine: Path) -> tuple[str, int, str, str]:
    with tempfile.NamedTemporaryFile("w", suffix=".script", encoding="utf-8") as script:
        script.write("\n".join(step["inputs"]["runCommand"]) + "\n")
        script.flush()
        try:
            ended = subprocess.run(
                [str(machine / "agent"), step["action"], script.name],
                cwd=machine,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=int(step["inputs"].get("timeoutSeconds", 3600)),
                check=False,
            )
        except subprocess.TimeoutExpired:
            return "TimedOut", -1, "", ""
        except OSError as error:
            return "Failed", 1, "", str(error)
    return "Success" if ended.returncode == 0 else "Failed", ended.returncode, ended.stdout[-24000:], ended.stderr[-8000:]
