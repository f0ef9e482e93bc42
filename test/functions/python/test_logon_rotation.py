"""functions/logon-rotation on the emulator: the whole of Secrets Manager's protocol, with hosts whose stand-ins read the secret by themselves.

From the repository's root: .venv/bin/python -m unittest discover -s test/functions/python
"""
import contextlib
import importlib.util
import io
import json
import os
import sys
import tempfile
import unittest
import uuid
import zipfile
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "rehearsal" / "emulator"))
sys.dont_write_bytecode = True

from tests.support import ACCOUNT, REGION, Emulator  # noqa: E402

SECRET, HOST = "TSS/windows/logon-dev", "axia-windows-dev"
SETTINGS = {
    "documents": {"set": "tss-dev.logon-set", "test": "tss-dev.logon-test"},
    "tag": "Converge",
    "host": HOST,
    "step": "windows",
    "stepSeconds": 5,
    "pauseSeconds": 0.05,
}
STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
#: What hosts/windows/rotate-logon.ps1 does, without Windows: the account is a file, the automatic logon another one.
AGENT = """#!{python}
import pathlib, sys
import boto3
script = pathlib.Path(sys.argv[2]).read_text()
if pathlib.Path("broken").exists():
    sys.exit(print("not done: Windows refuses") or 1)
secrets = boto3.client("secretsmanager", region_name="{region}", endpoint_url="{endpoint}", aws_access_key_id="{account}", aws_secret_access_key="x")
wanted = secrets.get_secret_value(SecretId="{secret}", VersionStage="AWSPENDING")["SecretString"]
account = pathlib.Path("account")
if script.strip() == "set":
    if not pathlib.Path("deaf").exists():
        account.write_text(wanted)
elif account.read_text() != wanted:
    sys.exit(print("not done: the password that is to be is not that of: account") or 1)
"""


class LogonRotationTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.emulator = Emulator("--machines", cls.folder.name).wait_until_ready()
        cls.manager, cls.ssm, cls.ec2 = (cls.emulator.client(service) for service in ("secretsmanager", "ssm", "ec2"))
        for action, name in SETTINGS["documents"].items():
            step = {"action": "aws:runPowerShellScript", "name": "windows", "inputs": {"runCommand": [action], "timeoutSeconds": "60"}}
            content = json.dumps({"schemaVersion": "2.2", "description": "d", "mainSteps": [step]})
            cls.ssm.create_document(Name=name, DocumentType="Command", DocumentFormat="JSON", Content=content)
        cls.arn = cls.made_function()
        endpoint = f"http://127.0.0.1:{cls.emulator.port}"
        cls.host = Path(cls.folder.name) / HOST
        cls.host.mkdir()
        (cls.host / "agent").write_text(AGENT.format(python=sys.executable, region=REGION, endpoint=endpoint, account=ACCOUNT, secret=SECRET))
        (cls.host / "agent").chmod(0o755)
        variables = {"SETTINGS": json.dumps(SETTINGS), "AWS_ENDPOINT_URL": endpoint, "AWS_DEFAULT_REGION": REGION}
        with mock.patch.dict(os.environ, {**variables, "AWS_ACCESS_KEY_ID": ACCOUNT, "AWS_SECRET_ACCESS_KEY": "x"}):
            spec = importlib.util.spec_from_file_location("logon_rotation", ROOT / "functions" / "logon-rotation" / "index.py")
            cls.function = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(cls.function)

    @classmethod
    def made_function(cls):
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.write(ROOT / "functions" / "logon-rotation" / "index.py", "index.py")
        role = cls.emulator.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        named = {"FunctionName": "rotates", "Runtime": "python3.13", "Role": role, "Handler": "index.handler"}
        return cls.emulator.client("lambda").create_function(**named, Code={"ZipFile": code.getvalue()})["FunctionArn"]

    @classmethod
    def tearDownClass(cls):
        cls.emulator.stop()
        cls.folder.cleanup()

    def setUp(self):
        self.manager.create_secret(Name=SECRET, SecretString='{"password": "of a person", "note": "kept"}')
        self.addCleanup(self.manager.delete_secret, SecretId=SECRET, ForceDeleteWithoutRecovery=True)
        (self.host / "account").write_text(self.value())
        self.first = self.labelled("AWSCURRENT")
        self.instance = self.machine()
        self.token = self.begun()

    def tearDown(self):
        for name in ("broken", "deaf", "offline"):
            (self.host / name).unlink(missing_ok=True)
        found = self.ec2.describe_instances(Filters=[{"Name": "tag:Converge", "Values": [HOST]}])["Reservations"]
        self.ec2.delete_tags(Resources=[machine["InstanceId"] for one in found for machine in one["Instances"]], Tags=[{"Key": "Converge"}])

    def machine(self, name=HOST):
        tags = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name}, {"Key": "Converge", "Value": HOST}]}]
        return self.ec2.run_instances(ImageId="ami-12345678", MinCount=1, MaxCount=1, TagSpecifications=tags)["Instances"][0]["InstanceId"]

    def begun(self):
        """As Secrets Manager begins: a version with a label and no value. The emulator runs no function, so that the steps come from the tests."""
        return self.manager.rotate_secret(SecretId=SECRET, RotationLambdaARN=self.arn, ClientRequestToken=str(uuid.uuid4()))["VersionId"]

    def value(self, stage="AWSCURRENT"):
        return self.manager.get_secret_value(SecretId=SECRET, VersionStage=stage)["SecretString"]

    def labelled(self, label):
        stages = self.manager.describe_secret(SecretId=SECRET)["VersionIdsToStages"]
        return next((version for version, labels in stages.items() if label in labels), None)

    def run_step(self, step, token=None):
        with contextlib.redirect_stdout(io.StringIO()) as output:
            self.function.handler({"SecretId": SECRET, "ClientRequestToken": token or self.token, "Step": step}, None)
        return output.getvalue()

    def rotate(self, *steps):
        return "".join(self.run_step(step) for step in steps or STEPS)

    def assert_nothing_current_changed(self):
        self.assertEqual((self.labelled("AWSCURRENT"), json.loads(self.value())["password"]), (self.first, "of a person"))

    def test_all_steps_change_the_secret_and_the_host_and_nobody_says_the_password(self):
        said = self.rotate()
        held = json.loads(self.value())
        self.assertEqual((self.labelled("AWSCURRENT"), self.labelled("AWSPREVIOUS")), (self.token, self.first))
        self.assertEqual(json.loads((self.host / "account").read_text()), held)
        self.assertEqual((held["note"], len(held["password"])), ("kept", 32))
        self.assertRegex(held["password"], r"^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[A-Za-z0-9_-]+$")
        commands = json.dumps(self.ssm.list_commands()["Commands"], default=str)
        for text in (said, commands):
            self.assertNotIn(held["password"], text)
        self.assertIn("tss-dev.logon-set", commands)

    def test_every_step_may_come_twice_and_all_again_at_the_end(self):
        self.rotate("createSecret", "createSecret", "setSecret", "setSecret", "testSecret", "testSecret", "finishSecret", "finishSecret")
        held = self.value()
        self.rotate()
        self.assertEqual((self.value(), (self.host / "account").read_text()), (held, held))

    def test_no_two_passwords_are_the_same(self):
        self.assertEqual(len({self.function.password() for _ in range(100)}), 100)

    def test_a_host_that_does_not_run_changes_nothing_and_a_later_try_goes_on(self):
        self.rotate("createSecret")
        wanted = self.value("AWSPENDING")
        self.ec2.stop_instances(InstanceIds=[self.instance])
        with self.assertRaisesRegex(RuntimeError, f"{self.instance} does not run"):
            self.rotate("setSecret")
        self.assert_nothing_current_changed()
        self.ec2.start_instances(InstanceIds=[self.instance])
        self.rotate()
        self.assertEqual((self.value(), (self.host / "account").read_text()), (wanted, wanted))

    def test_no_host_at_all_is_told(self):
        self.ec2.terminate_instances(InstanceIds=[self.instance])
        with self.assertRaisesRegex(RuntimeError, "there is no host axia-windows-dev"):
            self.rotate("createSecret", "setSecret")

    def test_one_of_two_hosts_that_does_not_run_leaves_the_other_alone(self):
        other = self.machine()
        self.ec2.stop_instances(InstanceIds=[other])
        with self.assertRaisesRegex(RuntimeError, f"{other} does not run"):
            self.rotate("createSecret", "setSecret")
        self.assertEqual(json.loads((self.host / "account").read_text())["password"], "of a person")

    def test_a_host_that_refuses_is_named_with_what_it_said(self):
        (self.host / "broken").touch()
        with self.assertRaisesRegex(RuntimeError, f"tss-dev.logon-set on {self.instance}: Failed: not done: Windows refuses"):
            self.rotate("createSecret", "setSecret")
        self.assert_nothing_current_changed()

    def test_a_host_that_says_it_is_set_and_has_another_one_is_found_by_the_test(self):
        (self.host / "deaf").touch()
        with self.assertRaisesRegex(RuntimeError, "tss-dev.logon-test on i-.*: not done: the password that is to be is not that of: account"):
            self.rotate("createSecret", "setSecret", "testSecret")
        self.assert_nothing_current_changed()

    def test_an_agent_that_is_silent_is_given_up(self):
        (self.host / "offline").touch()
        with mock.patch.object(self.function, "WAIT_SECONDS", 1), self.assertRaisesRegex(RuntimeError, f"no answer of {self.instance} within 1 s"):
            self.rotate("createSecret", "setSecret")
        self.assert_nothing_current_changed()

    def test_an_agent_that_never_registered_is_refused(self):
        (self.host / "agent").rename(self.host / "gone")
        self.addCleanup((self.host / "gone").rename, self.host / "agent")
        with self.assertRaisesRegex(Exception, "InvalidInstanceId"):
            self.rotate("createSecret", "setSecret")

    def test_a_rotation_that_is_only_set_up_asks_no_host(self):
        (self.host / "broken").touch()
        self.rotate("testSecret")  # the version holds nothing
        self.manager.put_secret_value(SecretId=SECRET, ClientRequestToken=self.token, SecretString=self.value(), VersionStages=["AWSPENDING"])
        self.rotate("testSecret")  # the version holds what is current
        self.assert_nothing_current_changed()

    def test_a_version_that_is_no_longer_to_be_is_refused(self):
        self.manager.update_secret_version_stage(SecretId=SECRET, VersionStage="AWSPENDING", RemoveFromVersionId=self.token)
        with self.assertRaisesRegex(RuntimeError, "is not the one that is to be"):
            self.rotate("createSecret")

    def test_a_secret_that_nobody_filled_in_is_told(self):
        with mock.patch.object(self.function, "current", return_value=None), self.assertRaisesRegex(RuntimeError, "a person fills it in first"):
            self.rotate("createSecret")


if __name__ == "__main__":
    unittest.main()
