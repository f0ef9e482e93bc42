"""A call that is repeated because its answer got lost."""
from __future__ import annotations

from typing import Any

from tests.support import EmulatorCase, shared

setUpModule, tearDownModule = shared()


class RetriesTest(EmulatorCase):
    def setUp(self) -> None:
        self.ec2 = self.emulator.client("ec2", "333355556666")
        self.headers: dict[str, str] = {}

        def send(request: Any, **_: Any) -> None:
            for name, value in self.headers.items():
                request.headers[name] = value

        self.ec2.meta.events.register("before-send.ec2", send)

    def attempt(self, number: int, invocation: str) -> None:
        self.headers = {"amz-sdk-invocation-id": invocation, "amz-sdk-request": f"attempt={number}; max=25"}

    def allow(self, group: str) -> str:
        permission = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
        answer = self.ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[permission])
        return str(answer["SecurityGroupRules"][0]["SecurityGroupRuleId"])

    def test_what_succeeded_is_not_done_again(self) -> None:
        group = self.ec2.create_security_group(GroupName="retries", Description="retries")["GroupId"]
        self.attempt(1, "a")
        rule = self.allow(group)
        self.attempt(2, "a")
        self.assertEqual(self.allow(group), rule)
        self.attempt(1, "b")  # another call, not another attempt
        self.assert_refused("InvalidPermission.Duplicate", self.allow, group=group)

    def test_what_failed_is_done_again(self) -> None:
        self.attempt(1, "c")
        self.assert_refused("InvalidGroup.NotFound", self.ec2.describe_security_groups, GroupIds=["sg-0123456789abcdef0"])
        self.attempt(2, "c")
        self.assert_refused("InvalidGroup.NotFound", self.ec2.describe_security_groups, GroupIds=["sg-0123456789abcdef0"])
        self.assertEqual(len(self.ec2.describe_security_groups(GroupNames=["default"])["SecurityGroups"]), 1)
