"""A program and what it was started by: it ends when its starter does, whatever ends that."""
import ctypes
import os
import signal
import subprocess
import sys
from typing import Mapping, Optional, Sequence

PR_SET_PDEATHSIG = 1


class ChildProcess:
    def __init__(self, command: Sequence[str], owner: Optional[str] = None) -> None:
        """`owner` of a lease, if one is held while the program runs."""
        self._command = list(command)
        self._owner = owner
        self._process: Optional["subprocess.Popen[bytes]"] = None

    def start(self, token: Optional[int] = None) -> None:
        """Raises OSError when there is no such program. The token is that of the lease."""
        lease = {} if token is None or self._owner is None else {"TSS_FENCING_TOKEN": str(token), "TSS_LEADER_OWNER": self._owner}
        environment = {**os.environ, **lease}
        if os.name == "nt":
            self._start_on_windows(environment)
        else:
            self._process = subprocess.Popen(self._command, env=environment, start_new_session=True, preexec_fn=_die_with_parent())

    def poll(self) -> Optional[int]:
        """Exit code, as a shell reports it; None while it runs."""
        process = self._process
        assert process is not None
        if os.name == "nt":
            return process.poll()
        if process.returncode is None and hasattr(os, "waitid"):
            # Left unreaped until its group is gone too: until then nobody else can get the group's number.
            if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
                return None
            self._signal(signal.SIGKILL)
        code = process.poll()
        return 128 - code if code is not None and code < 0 else code

    def terminate(self) -> None:
        if os.name != "nt":
            self._signal(signal.SIGTERM)
            return
        try:
            os.kill(self._process.pid, signal.CTRL_BREAK_EVENT)
        except OSError:
            # A task without a console has nothing to break: it is killed.
            self.kill()

    def kill(self) -> None:
        if os.name == "nt":
            self._job.terminate()
        else:
            self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            pass

    def _start_on_windows(self, environment: Mapping[str, str]) -> None:
        from .windows_job import Job

        self._job = Job()
        self._process = subprocess.Popen(self._command, env=environment, creationflags=subprocess.CREATE_NEW_PROCESS_GROUP)
        try:
            self._job.add(int(self._process._handle))
        except OSError:
            self._process.kill()
            raise


def _die_with_parent():
    """On Linux the kernel kills the program when its starter dies, so that no orphan trades on."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    starter = os.getpid()

    def prepare() -> None:
        if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0 or os.getppid() != starter:
            os._exit(126)

    return prepare
