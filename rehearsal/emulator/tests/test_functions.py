"""Lambda functions: all about them but that they run."""
from __future__ import annotations

import io
import zipfile
from typing import Any

from tests.support import ACCOUNT, EmulatorCase, shared

start, tearDownModule = shared()

ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"


def setUpModule() -> None:
    start()
    EmulatorCase.emulator.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")


def make(functions: Any, name: str, **more: Any) -> None:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.js", "")
    functions.create_function(FunctionName=name, Runtime="nodejs22.x", Role=ROLE, Handler="index.handler", Code={"ZipFile": code.getvalue()}, **more)


class AsynchronousCallsTest(EmulatorCase):
    def setUp(self) -> None:
        self.functions = self.emulator.client("lambda")
        make(self.functions, "f", Publish=True)
        self.addCleanup(self.functions.delete_function, FunctionName="f")

    def attempts(self, **of: str) -> int:
        return int(self.functions.get_function_event_invoke_config(FunctionName="f", **of)["MaximumRetryAttempts"])

    def test_a_later_one_takes_the_place_of_an_earlier_one(self) -> None:
        for attempts in (2, 1):
            self.functions.put_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=attempts, MaximumEventAgeInSeconds=60)
            self.assertEqual(self.attempts(), attempts)
        self.functions.update_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=0)
        found = self.functions.get_function_event_invoke_config(FunctionName="f")
        self.assertEqual((found["MaximumRetryAttempts"], found["MaximumEventAgeInSeconds"]), (0, 60))
        self.functions.delete_function_event_invoke_config(FunctionName="f")
        self.assert_refused("ResourceNotFoundException", self.attempts)

    def test_a_version_has_its_own(self) -> None:
        self.functions.put_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=2)
        self.functions.put_function_event_invoke_config(FunctionName="f", Qualifier="1", MaximumRetryAttempts=1)
        self.assertEqual((self.attempts(), self.attempts(Qualifier="1")), (2, 1))
        listed = self.functions.list_function_event_invoke_configs(FunctionName="f")["FunctionEventInvokeConfigs"]
        self.assertEqual(sorted(config["FunctionArn"].rpartition(":")[2] for config in listed), ["$LATEST", "1"])


class RotationTest(EmulatorCase):
    def test_a_secret_keeps_its_rotations_rule(self) -> None:
        secrets = self.emulator.client("secretsmanager")
        make(self.emulator.client("lambda"), "rotates")
        function = self.emulator.client("lambda").get_function_configuration(FunctionName="rotates")["FunctionArn"]
        secrets.create_secret(Name="s", SecretString="x")
        for rules in ({"ScheduleExpression": "rate(6 hours)", "Duration": "2h"}, {"AutomaticallyAfterDays": 30}):
            secrets.rotate_secret(SecretId="s", RotationLambdaARN=function, RotationRules=rules, RotateImmediately=False)
            shown = secrets.describe_secret(SecretId="s")
            self.assertEqual((shown["RotationEnabled"], shown["RotationRules"], shown["RotationLambdaARN"]), (True, rules, function))
        secrets.create_secret(Name="empty")
        rules = {"ScheduleExpression": "cron(0 2 ? * SUN#1 *)", "Duration": "2h"}
        secrets.rotate_secret(SecretId="empty", RotationLambdaARN=function, RotationRules=rules, RotateImmediately=False)
        shown = secrets.describe_secret(SecretId="empty")
        self.assertEqual((shown["RotationEnabled"], shown["RotationRules"], shown["RotationLambdaARN"]), (True, rules, function))
        self.assert_refused("ResourceNotFoundException", secrets.get_secret_value, SecretId="empty")
        secrets.cancel_rotate_secret(SecretId="s")
        self.assertFalse(secrets.describe_secret(SecretId="s")["RotationEnabled"])
