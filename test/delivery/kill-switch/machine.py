"""Stands for a trading host of an emulator: its agent (machine.py agent ACTION SCRIPT), its systemctl, its Task Scheduler, its watchdog.

What runs are real processes: a program that trades appends the time to `trades` twenty times a second. Whether it may start, the hosts' own code says
(tss_host.kill_switch), of the emulator's table. A folder of its own for each machine, the current one of the agent.
Linux: the project's own script is run. Windows: PowerShell is not at hand, so the agent does to the tasks what kill-switch.ps1 says it does.
"""
import contextlib
import fcntl
import functools
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
UNITS = {"trading-engine.service": True, "data-collector.service": False}
TASKS = ("AXIA_Monitor", "AXIA_Order_Manager", "AXIA_MT5")
STOP = HERE / "root" / "etc" / "tss" / "stop"


@functools.cache
def table():
    from tss_host import aws
    from tss_host.settings import load

    settings = load()
    return aws.client("dynamodb", settings.region), settings.table


def may_start():
    from tss_host import kill_switch

    return kill_switch.read(*table())[0] is kill_switch.State.INACTIVE


@contextlib.contextmanager
def turn(name="lock"):
    """One at a time starts or ends something, as a service manager does."""
    with (HERE / name).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def spawn(*arguments):
    process = subprocess.Popen([sys.executable, __file__, *arguments], start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return process.pid


def pid_of(name):
    try:
        pid = int((HERE / f"{name}.pid").read_text())
        os.kill(pid, 0)
        # A child that has ended and that nobody has waited for is none.
        return pid if " Z " not in Path(f"/proc/{pid}/stat").read_text() else None
    except (OSError, ValueError):
        return None


def begin(name, *arguments):
    with turn():
        if not pid_of(name) and not (HERE / f"{name}.disabled").exists():
            (HERE / f"{name}.pid").write_text(str(spawn(*arguments)))


def end(name):
    with turn():
        pid = pid_of(name)
        if pid:
            os.killpg(pid, signal.SIGKILL)
            while pid_of(name):
                time.sleep(0.01)


def end_all():
    for name in (*TASKS, *UNITS):
        end(name)


def enable_all():
    for name in TASKS:
        (HERE / f"{name}.disabled").unlink(missing_ok=True)


def start_all():
    """As a boot does."""
    if (HERE / "platform").exists():
        for name in reversed(TASKS):
            start_task(name)
    else:
        systemctl("start", *UNITS)


def trade():
    while True:
        with (HERE / "trades").open("a") as trades:
            trades.write(f"{time.time() * 1000:.0f}\n")
        time.sleep(0.05)


def order_manager():
    """As its task: tss_host run looks at every start, whoever starts it."""
    if not STOP.exists() and may_start():
        trade()


def supervise(unit):
    """As systemd: ConditionPathExists, ExecStartPre, ExecStart, Restart=always."""
    while not STOP.exists():
        if not UNITS[unit] or may_start():
            trade() if UNITS[unit] else time.sleep(3600)
        time.sleep(0.1)


def systemctl(verb, *words):
    units = [word for word in words if not word.startswith("--")]
    for unit in units:
        if verb == "is-active":
            print("active" if pid_of(unit) else "inactive")
            return 0 if pid_of(unit) else 3
        if verb == "start":
            begin(unit, "supervise", unit)
        if verb == "stop" and not (HERE / "stubborn").exists():
            end(unit)
    return 0


def watch():
    """As monitor_services.ps1, with a round of a tenth of a second in place of five minutes."""
    while True:
        for name in TASKS[1:]:
            if not pid_of(name) and not STOP.exists() and may_start():  # Get-StartRefusal
                start_task(name)
        time.sleep(0.1)


def start_task(name):
    begin(name, *{"AXIA_Monitor": ["watch"], "AXIA_Order_Manager": ["order-manager"], "AXIA_MT5": ["idle"]}[name])


def running():
    return [name for name in TASKS if pid_of(name)]


def windows(action):
    listed = HERE / "listed"
    if action == "stop":
        STOP.parent.mkdir(parents=True, exist_ok=True)
        STOP.exists() or STOP.write_text("kill switch")
        names = listed.read_text().split() if listed.exists() else []
        listed.write_text("\n".join(dict.fromkeys(names + [name for name in TASKS if not (HERE / f"{name}.disabled").exists()])))
        for name in TASKS:
            (HERE / f"{name}.disabled").touch()
        for name in TASKS:
            end(name)
        print(f"still runs: {', '.join(running())}" if running() else "stands still")
        return 1 if running() else 0
    if action == "ready":
        if STOP.exists() and STOP.read_text() == "kill switch":
            STOP.unlink()
        for name in listed.read_text().split() if listed.exists() else []:
            (HERE / f"{name}.disabled").unlink(missing_ok=True)
        listed.unlink(missing_ok=True)
        start_task("AXIA_Monitor")
        print("ready")
        return 0
    print(f"runs: {', '.join(running())}" if running() else "stands still")
    return 0


def agent(action, script):
    if (HERE / "hangs").exists():
        # No longer than its test.
        while (HERE / "hangs").exists():
            time.sleep(0.2)
        return 1
    if action == "aws:runPowerShellScript":
        with turn("switch-lock"):  # Invoke-InTurn
            return windows(re.search(r"^\} -Action '(\w+)'$", Path(script).read_text(), re.MULTILINE)[1])
    environment = {**os.environ, "PATH": f"{HERE / 'bin'}:{os.environ['PATH']}", "TSS_ROOT": str(HERE / "root")}
    return subprocess.run(["sh", script], env=environment, check=False).returncode


def main(verb, *arguments):
    if verb == "idle":
        time.sleep(3600)
    roles = {"agent": agent, "systemctl": systemctl, "supervise": supervise, "watch": watch, "order-manager": order_manager, "enable-all": enable_all, "start-all": start_all, "end": end, "end-all": end_all}
    return roles[verb](*arguments) or 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
