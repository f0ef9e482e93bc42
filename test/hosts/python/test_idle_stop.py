"""hosts/research: whether the notebook is stopped, against a Jupyter that is none, over TLS with a certificate of its own, and an `aws` that writes down its calls."""
import json
import os
import ssl
import stat
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PROGRAM = Path(__file__).resolve().parents[3] / "hosts" / "research" / "idle_stop.py"
SETTINGS = {
    "notebook": "tss-research",
    "environment": "prod",
    "host": "notebook",
    "region": "ap-northeast-1",
    "softwareBucket": "software",
    "logGroup": "/aws/sagemaker/NotebookInstances",
    "metricNamespace": "AXIA/TradingSystem",
    "idleMinutes": 60,
}
AWS = """#!/bin/sh
for one in "$@"; do printf '%s\\n' "$one"; done >>"$FAKE/calls"
echo -- >>"$FAKE/calls"
case "$1 $2" in
  "logs create-log-stream") [ ! -e "$FAKE/stream" ] || { echo "An error occurred (ResourceAlreadyExistsException)" >&2; exit 254; }; touch "$FAKE/stream" ;;
  "sagemaker stop-notebook-instance") [ ! -e "$FAKE/refuse" ] || { echo "An error occurred (AccessDeniedException)" >&2; exit 254; } ;;
esac
"""


def ago(minutes):
    return (datetime.now(timezone.utc) - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def certificate(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "notebook")])
    now = datetime.now(timezone.utc)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = Path(folder) / "certificate.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


class Jupyter:
    """As Jupyter Server answers: https://jupyter-server.readthedocs.io/en/latest/developers/rest-api.html"""

    def __init__(self, folder):
        self.started, self.kernels, self.terminals, self.answers, self.asked = ago(600), [], [], True, []
        jupyter = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                address = urlsplit(self.path)
                jupyter.asked.append(address)
                found = jupyter.answer(address.path)
                self.send_response(200 if found is not None else 404)
                self.end_headers()
                self.wfile.write(json.dumps(found).encode())

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(folder))
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"https://localhost:{self.server.server_port}"

    def answer(self, path):
        if not self.answers:
            return None
        # A page that is open in a browser asks all the time: that is what last_activity of the status says.
        status = {"started": self.started, "last_activity": ago(0), "connections": 1, "kernels": len(self.kernels)}
        return {"/api/status": status, "/api/kernels": self.kernels, "/api/terminals": self.terminals}.get(path)

    def kernel(self, minutes, state="idle"):
        self.kernels.append({"id": "1", "name": "research", "execution_state": state, "last_activity": ago(minutes), "connections": 1})

    def terminal(self, minutes):
        self.terminals.append({"name": "1", "last_activity": ago(minutes)})


class IdleStopTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "opt" / "tss").mkdir(parents=True)
        (self.folder / "opt" / "tss" / "notebook.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
        aws = self.folder / "bin" / "aws"
        aws.parent.mkdir()
        aws.write_text(AWS, encoding="utf-8")
        aws.chmod(aws.stat().st_mode | stat.S_IXUSR)
        self.jupyter = Jupyter(folder.name)
        self.addCleanup(self.jupyter.server.server_close)
        self.addCleanup(self.jupyter.server.shutdown)

    def run_once(self, exit_code=0):
        """One run of the program, as cron starts it; the calls of AWS that it made."""
        calls = self.folder / "calls"
        calls.unlink(missing_ok=True)
        environment = {
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "FAKE": str(self.folder),
            "TSS_ROOT": str(self.folder),
            "TSS_JUPYTER": self.jupyter.address,
            "PYTHONDONTWRITEBYTECODE": "1",
            # What a user's settings of a proxy would do to a call of one's own machine.
            "https_proxy": "http://127.0.0.1:9",
        }
        done = subprocess.run([sys.executable, str(PROGRAM)], env=environment, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, exit_code, done.stderr)
        return [call.strip("\n").split("\n") for call in calls.read_text(encoding="utf-8").split("--\n") if call] if calls.exists() else []

    @staticmethod
    def stopped(calls):
        return [call for call in calls if call[:2] == ["sagemaker", "stop-notebook-instance"]]

    @staticmethod
    def reported(calls):
        lines = [json.loads(call[call.index("--log-events") + 1]) for call in calls if call[:2] == ["logs", "put-log-events"]]
        return [json.loads(event["message"]) for events in lines for event in events]

    def assert_runs_on(self):
        self.assertEqual(self.stopped(self.run_once()), [])

    def assert_stops(self):
        self.assertEqual(
            self.stopped(self.run_once()),
            [["sagemaker", "stop-notebook-instance", "--notebook-instance-name", "tss-research", "--region", "ap-northeast-1"]],
        )

    def test_idle_with_a_terminal_open_runs_on_and_stops_once_it_is_long_closed(self):
        self.jupyter.kernel(minutes=300)
        self.jupyter.terminal(minutes=300)
        self.assert_runs_on()
        self.jupyter.terminals.clear()
        # Closed a moment ago: an hour from now on.
        self.assert_runs_on()
        state = self.folder / "opt" / "tss" / "idle-stop.json"
        state.write_text(json.dumps({"lastUsed": time.time() - 59 * 60}), encoding="utf-8")
        self.assert_runs_on()
        state.write_text(json.dumps({"lastUsed": time.time() - 61 * 60}), encoding="utf-8")
        self.assert_stops()

    def test_idle_without_a_terminal_is_stopped(self):
        self.jupyter.kernel(minutes=61)
        self.assert_stops()

    def test_not_before_the_hour_is_over(self):
        self.jupyter.kernel(minutes=59)
        self.assert_runs_on()

    def test_one_kernel_in_use_is_enough(self):
        self.jupyter.kernel(minutes=300)
        self.jupyter.kernel(minutes=5)
        self.assert_runs_on()

    def test_a_kernel_that_computes_for_hours_is_in_use(self):
        for state in ("busy", "starting", "restarting"):
            self.jupyter.kernels.clear()
            self.jupyter.kernel(minutes=300, state=state)
            self.assert_runs_on()

    def test_a_dead_kernel_is_not_in_use(self):
        self.jupyter.kernel(minutes=300, state="dead")
        self.assert_stops()

    def test_nothing_was_ever_opened(self):
        self.jupyter.started = ago(59)
        self.assert_runs_on()
        self.jupyter.started = ago(61)
        (self.folder / "opt" / "tss" / "idle-stop.json").unlink()
        self.assert_stops()

    def test_what_was_used_before_a_stop_counts_for_nothing_after_the_start(self):
        (self.folder / "opt" / "tss" / "idle-stop.json").write_text(json.dumps({"lastUsed": time.time() - 9 * 3600}), encoding="utf-8")
        self.jupyter.started = ago(1)
        self.assert_runs_on()

    def test_a_broken_state_is_no_state(self):
        (self.folder / "opt" / "tss" / "idle-stop.json").write_text("{", encoding="utf-8")
        self.jupyter.kernel(minutes=61)
        self.assert_stops()

    def test_jupyter_without_terminals(self):
        self.jupyter.terminals = None
        self.jupyter.kernel(minutes=61)
        self.assert_stops()

    def test_asking_is_no_activity(self):
        self.run_once()
        self.assertEqual({address.path for address in self.jupyter.asked}, {"/api/status", "/api/kernels", "/api/terminals"})
        for address in self.jupyter.asked:
            self.assertEqual(parse_qs(address.query), {"no_track_activity": ["1"]})

    def test_what_cannot_be_seen_is_never_stopped_and_told_once_it_lasts(self):
        self.jupyter.kernel(minutes=300)
        self.jupyter.answers = False
        self.assertEqual(self.run_once(), [])
        self.assertEqual(self.run_once(), [])
        calls = self.run_once()
        self.assertEqual(self.stopped(calls), [])
        self.assertEqual([line["NotebookFaults"] for line in self.reported(calls)], [1])
        self.jupyter.answers = True
        self.assert_stops()

    def test_a_stop_that_aws_refuses_is_told_with_its_reason(self):
        (self.folder / "refuse").touch()
        self.jupyter.kernel(minutes=61)
        told = self.reported(self.run_once(exit_code=1))
        self.assertEqual(told[-1]["NotebookFaults"], 1)
        self.assertIn("AccessDeniedException", told[-1]["message"])

    def test_the_metric_has_the_form_that_cloudwatch_reads(self):
        self.jupyter.kernel(minutes=42)
        for _ in range(2):  # the second time its stream is there
            [line] = self.reported(self.run_once())
            self.assertEqual(line["NotebookIdleMinutes"], 42)
            [directive] = line["_aws"]["CloudWatchMetrics"]
            self.assertEqual(
                directive,
                {
                    "Namespace": "AXIA/TradingSystem",
                    "Dimensions": [["Environment", "Host"]],
                    "Metrics": [{"Name": "NotebookIdleMinutes", "Unit": "Count"}],
                },
            )
            self.assertEqual((line["Environment"], line["Host"]), ("prod", "notebook"))
            self.assertAlmostEqual(line["_aws"]["Timestamp"], time.time() * 1000, delta=60_000)


if __name__ == "__main__":
    unittest.main()
