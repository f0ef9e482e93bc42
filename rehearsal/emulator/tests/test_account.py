"""What an account has once: settings that always exist, the block of public buckets, and the detector's features."""
from __future__ import annotations

import boto3
from botocore.config import Config

from tests.support import ACCOUNT, REGION, EmulatorCase, shared

setUpModule, tearDownModule = shared()


class SettingsTest(EmulatorCase):
    """Settings of a region: they say how they are before anybody has set them, and again afterwards."""

    def test_sharing_of_snapshots_and_images(self) -> None:
        ec2 = self.emulator.client("ec2")
        shown = lambda: (  # noqa: E731
            ec2.get_snapshot_block_public_access_state()["State"],
            ec2.get_image_block_public_access_state()["ImageBlockPublicAccessState"],
        )
        self.assertEqual(shown(), ("unblocked", "unblocked"))
        ec2.enable_snapshot_block_public_access(State="block-all-sharing")
        ec2.enable_image_block_public_access(ImageBlockPublicAccessState="block-new-sharing")
        self.assertEqual(shown(), ("block-all-sharing", "block-new-sharing"))
        self.assertEqual(self.emulator.client("ec2", region="ap-northeast-3").get_snapshot_block_public_access_state()["State"], "unblocked")
        # Terraform's destroy takes the first back and forgets the second, which then stays as it is.
        self.assertEqual(list(self.emulator.inventory()["ec2"][REGION]), ["SnapshotBlockPublicAccess"])
        ec2.disable_snapshot_block_public_access()
        ec2.disable_image_block_public_access()
        self.assertEqual(shown(), ("unblocked", "unblocked"))

    def test_defaults_of_the_metadata_service(self) -> None:
        ec2 = self.emulator.client("ec2")
        shown = lambda: ec2.get_instance_metadata_defaults().get("AccountLevel", {})  # noqa: E731
        self.assertEqual(shown(), {})
        ec2.modify_instance_metadata_defaults(HttpTokens="required", HttpPutResponseHopLimit=-1)
        self.assertEqual(shown(), {"HttpTokens": "required"})
        ec2.modify_instance_metadata_defaults(HttpTokens="no-preference", HttpPutResponseHopLimit=-1)
        self.assertEqual(shown(), {})

    def test_settings_of_systems_manager(self) -> None:
        ssm, setting = self.emulator.client("ssm"), {"SettingId": "/ssm/documents/console/public-sharing-permission"}
        shown = lambda: [ssm.get_service_setting(**setting)["ServiceSetting"][name] for name in ("SettingValue", "Status")]  # noqa: E731
        self.assertEqual(shown(), ["Enable", "Default"])
        ssm.update_service_setting(**setting, SettingValue="Disable")
        self.assertEqual(shown(), ["Disable", "Customized"])
        ssm.reset_service_setting(**setting)
        self.assertEqual(shown(), ["Enable", "Default"])

    def test_public_buckets_by_way_of_a_proxy(self) -> None:
        """The client puts the account before the host's name, which nobody can look up: it asks the emulator as a proxy."""
        here = f"http://127.0.0.1:{self.emulator.port}"
        control = boto3.client(
            "s3control", region_name=REGION, endpoint_url=here, aws_access_key_id=ACCOUNT, aws_secret_access_key="secret",
            config=Config(proxies={"http": here}, retries={"total_max_attempts": 1}),
        )
        missing = "NoSuchPublicAccessBlockConfiguration"
        self.assert_refused(missing, control.get_public_access_block, AccountId=ACCOUNT)
        block = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}
        control.put_public_access_block(AccountId=ACCOUNT, PublicAccessBlockConfiguration=block)
        self.assertEqual(control.get_public_access_block(AccountId=ACCOUNT)["PublicAccessBlockConfiguration"], block)
        control.delete_public_access_block(AccountId=ACCOUNT)
        self.assert_refused(missing, control.get_public_access_block, AccountId=ACCOUNT)


class DetectorTest(EmulatorCase):
    def test_a_change_names_some_features(self) -> None:
        guardduty = self.emulator.client("guardduty")
        detector = guardduty.create_detector(Enable=True)["DetectorId"]
        shown = lambda: {feature["Name"]: feature["Status"] for feature in guardduty.get_detector(DetectorId=detector)["Features"]}  # noqa: E731
        self.assertEqual(set(shown().values()), {"ENABLED"})
        guardduty.update_detector(DetectorId=detector, Features=[{"Name": "EKS_AUDIT_LOGS", "Status": "DISABLED"}])
        self.assertEqual([name for name, status in shown().items() if status == "DISABLED"], ["EKS_AUDIT_LOGS"])
        self.assertEqual(len(shown()), 5)
