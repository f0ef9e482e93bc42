"""Stops the notebook that nobody has used for the minutes that its settings say (RES-003). Cron runs it every five minutes, as root.

In use is a notebook with a terminal open, whatever runs in it, or with a kernel that computes; apart from these, a kernel's last activity counts.
A page that is open in a browser asks all the time, so that it says nothing. What cannot be seen is never taken for idle: then the weekend's
stop ends it, and an alarm is told.
"""
import json
import os
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import datetime, timezone
from typing import Any, Dict, List, Sequence

import notebook

STATE = os.environ.get("TSS_ROOT", "") + "/opt/tss/idle-stop.json"
#: Where SageMaker's Jupyter listens, for this machine alone and without a login.
JUPYTER = os.environ.get("TSS_JUPYTER", "https://localhost:8443")
TIMEOUT_SECONDS = 10
#: Jupyter starts after the first run of this program; of so many silent ones in a row the alarm is told.
PATIENCE = 3

Answer = List[Dict[str, Any]]


def ask(path: str) -> Any:
    """Raises OSError or ValueError where Jupyter gives no answer of JSON."""
    # It signs its certificate itself, and what is asked never leaves the machine.
    unverified = ssl.create_default_context()
    unverified.check_hostname = False
    unverified.verify_mode = ssl.CERT_NONE
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=unverified))
    # Else asking would itself be an activity.
    with opener.open(JUPYTER + path + "?no_track_activity=1", timeout=TIMEOUT_SECONDS) as response:
        return json.load(response)


def terminals() -> Answer:
    try:
        found: Answer = ask("/api/terminals")
        return found
    except urllib.error.HTTPError as error:
        if error.code == 404:  # Jupyter was started without terminals
            return []
        raise


def seconds(text: str) -> float:
    """Of Jupyter's times, such as 2026-11-30T03:00:00.000000Z."""
    pattern = "%Y-%m-%dT%H:%M:%S.%fZ" if "." in text else "%Y-%m-%dT%H:%M:%SZ"
    return datetime.strptime(text, pattern).replace(tzinfo=timezone.utc).timestamp()


def last_used(kernels: Answer, open_terminals: Answer, known: Sequence[float], now: float) -> float:
    """When somebody last used it, as far as can be seen; `known` are moments at which it was in use for certain, at least one."""
    if open_terminals or any(kernel["execution_state"] not in ("idle", "dead") for kernel in kernels):
        return now
    return min(now, max([*known, *(seconds(kernel["last_activity"]) for kernel in kernels)]))


def load() -> Dict[str, float]:
    try:
        with open(STATE, encoding="utf-8") as file:
            state: Dict[str, float] = json.load(file)
            return state
    except (OSError, ValueError):
        return {}


def save(state: Dict[str, float]) -> None:
    with open(STATE + ".new", "w", encoding="utf-8") as file:
        json.dump(state, file)
    os.replace(STATE + ".new", STATE)


def run(now: float) -> None:
    own, state = notebook.settings(), load()
    try:
        started = seconds(ask("/api/status")["started"])
        used = last_used(ask("/api/kernels"), terminals(), [started, state.get("lastUsed", started)], now)
    except (OSError, ValueError, KeyError, TypeError) as error:
        silent = state.get("silent", 0) + 1
        save({**state, "silent": silent})
        if silent >= PATIENCE:
            notebook.fault(own, f"Jupyter does not say whether it is used: {error!r}")
        return
    save({"lastUsed": used})
    idle = int(now - used) // 60
    notebook.report(own, {"NotebookIdleMinutes": idle}, f"idle for {idle} minutes")
    if idle >= own["idleMinutes"]:
        notebook.aws(own, "sagemaker", "stop-notebook-instance", "--notebook-instance-name", own["notebook"])


if __name__ == "__main__":
    try:
        run(time.time())
    except (subprocess.SubprocessError, OSError) as error:
        words = f"{error!r} {getattr(error, 'stderr', '') or ''}".strip()
        print(words, file=sys.stderr)
        notebook.fault(notebook.settings(), f"idle_stop.py: {words}")
        sys.exit(1)
