"""Maintenance windows and patch baselines, as the provider makes, reads, changes and deletes them."""
from __future__ import annotations

from tests.support import EmulatorCase, shared

setUpModule, tearDownModule = shared()


class PatchingTest(EmulatorCase):
    def setUp(self) -> None:
        self.ssm = self.emulator.client("ssm")

    def test_a_window_is_read_as_it_was_made_and_changed(self) -> None:
        made = {"Name": "patching", "Schedule": "cron(0 17 ? * SAT *)", "ScheduleTimezone": "Etc/UTC", "Duration": 6, "Cutoff": 1, "AllowUnassociatedTargets": False}
        window = self.ssm.create_maintenance_window(**made, Tags=[{"Key": "Environment", "Value": "dev"}])["WindowId"]
        self.assertRegex(window, r"^mw-[0-9a-f]{17}$")
        read = self.ssm.get_maintenance_window(WindowId=window)
        self.assertEqual({key: read[key] for key in made}, made)
        self.assertTrue(read["Enabled"])
        self.ssm.update_maintenance_window(WindowId=window, Duration=3)
        self.assertEqual(self.ssm.get_maintenance_window(WindowId=window)["Duration"], 3)
        tags = self.ssm.list_tags_for_resource(ResourceType="MaintenanceWindow", ResourceId=window)["TagList"]
        self.assertEqual(tags, [{"Key": "Environment", "Value": "dev"}])
        self.ssm.delete_maintenance_window(WindowId=window)
        self.assert_refused("DoesNotExistException", self.ssm.get_maintenance_window, WindowId=window)

    def test_a_baseline_belongs_to_a_group_until_it_is_taken_away(self) -> None:
        rules = {"PatchRules": [{"PatchFilterGroup": {"PatchFilters": [{"Key": "PRODUCT", "Values": ["*"]}]}, "ApproveAfterDays": 7, "ComplianceLevel": "HIGH"}]}
        baseline = self.ssm.create_patch_baseline(Name="linux", OperatingSystem="AMAZON_LINUX_2023", ApprovalRules=rules)["BaselineId"]
        self.assertRegex(baseline, r"^pb-[0-9a-f]{17}$")
        read = self.ssm.get_patch_baseline(BaselineId=baseline)
        self.assertEqual(read["ApprovalRules"]["PatchRules"][0]["ApproveAfterDays"], 7)
        self.assertEqual(read["GlobalFilters"], {"PatchFilters": []})
        self.ssm.register_patch_baseline_for_patch_group(BaselineId=baseline, PatchGroup="linux-dev")
        groups = self.ssm.describe_patch_groups()["Mappings"]
        self.assertEqual([(one["PatchGroup"], one["BaselineIdentity"]["BaselineId"]) for one in groups], [("linux-dev", baseline)])
        self.ssm.deregister_patch_baseline_for_patch_group(BaselineId=baseline, PatchGroup="linux-dev")
        self.assertEqual(self.ssm.describe_patch_groups()["Mappings"], [])
        self.ssm.delete_patch_baseline(BaselineId=baseline)
