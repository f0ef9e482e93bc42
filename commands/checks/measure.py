"""Runs a command and writes what it cost: `python measure.py REPORT COMMAND [ARGUMENT…]`.

Node does not tell the processor time of what it starts; the kernel does, of every process that was waited for. What a check leaves to
itself (an emulator that detached) nobody waits for: on Linux this process takes the place of init for its descendants and does. Elsewhere
such orphans are missing, as everywhere is what still runs when the command has ended.
"""
import ctypes
import json
import os
import resource
import signal
import sys

PR_SET_CHILD_SUBREAPER = 36
SIGNALS = [signal.SIGINT, signal.SIGTERM]


def main(report: str, command: list[str]) -> int:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    # Whoever ends this process before it knows the command is heard once it does.
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    child = os.posix_spawnp(command[0], command, os.environ, setsigmask=[])
    # A terminal interrupts the command as well as this process; whoever ends this process alone means the command.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGTERM))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    ended, status = os.wait()
    while ended != child:
        ended, status = os.wait()
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        pass
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(report, "w", encoding="utf-8") as file:
        json.dump({"processorSeconds": used.ru_utime + used.ru_stime}, file)
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
