"""CloudWatch and its logs: alarms of alarms, saved queries, detectors, and dashboards that can be shown."""
from __future__ import annotations

import json
from typing import Any

from tests.support import ACCOUNT, REGION, EmulatorCase, shared

setUpModule, tearDownModule = shared()

METRIC = {"Namespace": "n", "MetricName": "m", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold", "Threshold": 1.0}


class AlarmsTest(EmulatorCase):
    def setUp(self) -> None:
        self.cloudwatch = self.emulator.client("cloudwatch")

    def alarm(self, name: str) -> None:
        self.cloudwatch.put_metric_alarm(AlarmName=name, **METRIC)

    def composite(self, name: str, rule: str, **more: Any) -> dict[str, Any]:
        self.cloudwatch.put_composite_alarm(AlarmName=name, AlarmRule=rule, **more)
        [found] = self.cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
        return dict(found)

    def test_a_composite_keeps_its_suppressor_until_it_is_put_without(self) -> None:
        self.alarm("a")
        given = {"ActionsSuppressor": "a", "ActionsSuppressorWaitPeriod": 20, "ActionsSuppressorExtensionPeriod": 10}
        self.assertLessEqual(given.items(), self.composite("quiet", "ALARM(a)", **given).items())
        self.assertNotIn("ActionsSuppressor", self.composite("quiet", "ALARM(a)"))

    def test_rules(self) -> None:
        self.alarm("a")
        self.alarm("with space/and slash")
        arn = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:a"
        for rule in ("ALARM(a)", "OK(a)", "INSUFFICIENT_DATA(a)", 'ALARM("with space/and slash")', f"ALARM({arn})", f'ALARM("{arn}")', "TRUE", "(ALARM(a) OR NOT (OK(a) AND FALSE))\n"):
            with self.subTest(rule=rule):
                self.composite("ruled", rule)

    def test_rules_that_are_none(self) -> None:
        self.alarm("a")
        for rule in ("()", "ALARM(a) OK(a)", "ALARM(a) OR", "AND ALARM(a)", "(ALARM(a)", "ALARM(a))", "a", "BROKEN(a)", "ALARM(a) && OK(a)"):
            with self.subTest(rule=rule):
                self.assert_refused("ValidationError", self.composite, name="ruled", rule=rule)

    def test_alarms_of_a_rule_exist_before_it_and_as_long(self) -> None:
        refused = self.assert_refused("ValidationError", self.composite, name="early", rule="ALARM(late) OR ALARM(later)")
        self.assertIn("alarms [late, later] in the alarm rule do not exist", str(refused))
        for name in ("late", "later"):
            self.alarm(name)
        self.composite("early", "ALARM(late) OR ALARM(later)")
        refused = self.assert_refused("ValidationError", self.cloudwatch.delete_alarms, AlarmNames=["late", "later"])
        self.assertIn("Cannot delete late,later as there are composite alarm(s) depending on them.", str(refused))
        self.composite("early", "ALARM(late)")
        self.cloudwatch.delete_alarms(AlarmNames=["later"])
        self.cloudwatch.delete_alarms(AlarmNames=["early"])
        self.cloudwatch.delete_alarms(AlarmNames=["late"])

    def test_queries_of_other_accounts_and_bands(self) -> None:
        metric = {"Metric": {"Namespace": "n", "MetricName": "m"}, "Period": 60, "Stat": "Average"}
        queries = [
            {"Id": "m1", "MetricStat": metric, "ReturnData": True, "AccountId": "222233334444"},
            {"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(m1, 2)", "ReturnData": True},
        ]
        self.cloudwatch.put_metric_alarm(
            AlarmName="band", EvaluationPeriods=1, ThresholdMetricId="band", ComparisonOperator="LessThanLowerOrGreaterThanUpperThreshold", Metrics=queries)  # fmt: skip
        [found] = self.cloudwatch.describe_alarms(AlarmNames=["band"])["MetricAlarms"]
        self.assertEqual((found["ThresholdMetricId"], found["Metrics"][0]["AccountId"]), ("band", "222233334444"))
        self.assertNotIn("AccountId", found["Metrics"][1])

    def test_statistics(self) -> None:
        plain = {name: value for name, value in METRIC.items() if name != "Statistic"}
        for statistic in ("p99.9", "tm90", "IQM", "TM(2%:98%)", "PR(:300)"):
            with self.subTest(statistic=statistic):
                self.cloudwatch.put_metric_alarm(AlarmName="s", ExtendedStatistic=statistic, **plain)
                [found] = self.cloudwatch.describe_alarms(AlarmNames=["s"])["MetricAlarms"]
                self.assertEqual(found["ExtendedStatistic"], statistic)
        self.assert_refused("InvalidParameterValue", self.cloudwatch.put_metric_alarm, AlarmName="s", ExtendedStatistic="xx9", **plain)

    def test_how_far_back_an_alarm_looks(self) -> None:
        for period, most in ((60, 1440), (3600, 168)):
            with self.subTest(period=period):
                span = {**METRIC, "AlarmName": "long", "Period": period}
                self.cloudwatch.put_metric_alarm(**{**span, "EvaluationPeriods": most})
                self.assert_refused("ValidationError", self.cloudwatch.put_metric_alarm, **{**span, "EvaluationPeriods": most + 1})


class LogsTest(EmulatorCase):
    def test_a_saved_query_is_changed_as_a_whole_by_its_id(self) -> None:
        logs = self.emulator.client("logs")
        made = logs.put_query_definition(name="a", queryString="fields x", logGroupNames=["g"])["queryDefinitionId"]
        logs.put_query_definition(name="b", queryString="fields x", queryDefinitionId=made)
        [found] = logs.describe_query_definitions(queryDefinitionNamePrefix="b")["queryDefinitions"]
        self.assertEqual((found["name"], found["queryDefinitionId"]), ("b", made))
        self.assertNotIn("logGroupNames", found)
        self.assertEqual(logs.describe_query_definitions(queryDefinitionNamePrefix="a")["queryDefinitions"], [])
        self.assert_refused("ResourceNotFoundException", logs.put_query_definition, name="c", queryString="f", queryDefinitionId="0" * 36)
        self.assertTrue(logs.delete_query_definition(queryDefinitionId=made)["success"])

    def test_a_detector_pauses(self) -> None:
        logs = self.emulator.client("logs")
        group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:g"
        made = {"anomalyDetectorArn": logs.create_log_anomaly_detector(logGroupArnList=[group], tags={"a": "1"})["anomalyDetectorArn"]}
        self.assertEqual(logs.get_log_anomaly_detector(**made)["anomalyDetectorStatus"], "TRAINING")
        logs.update_log_anomaly_detector(**made, enabled=False)
        self.assertEqual(logs.get_log_anomaly_detector(**made)["anomalyDetectorStatus"], "PAUSED")
        self.assertEqual(logs.list_tags_for_resource(resourceArn=made["anomalyDetectorArn"])["tags"], {"a": "1"})
        logs.delete_log_anomaly_detector(**made)

    def test_a_log_group_gets_a_key_and_loses_it(self) -> None:
        logs = self.emulator.client("logs")
        logs.create_log_group(logGroupName="/keyed/g")
        key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0d1e2f3a-0000-0000-0000-000000000000"

        def shown() -> Any:
            return logs.describe_log_groups(logGroupNamePrefix="/keyed/")["logGroups"][0].get("kmsKeyId")

        logs.associate_kms_key(logGroupName="/keyed/g", kmsKeyId=key)
        self.assertEqual(shown(), key)
        logs.disassociate_kms_key(resourceIdentifier=f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/keyed/g")
        self.assertIsNone(shown())
        self.assert_refused("ResourceNotFoundException", logs.associate_kms_key, logGroupName="none", kmsKeyId=key)

    def test_what_masks_a_log_groups_data_goes_with_it(self) -> None:
        logs = self.emulator.client("logs")
        logs.create_log_group(logGroupName="masked")
        read = lambda: logs.get_data_protection_policy(logGroupIdentifier="masked").get("policyDocument")  # noqa: E731
        self.assertIsNone(read())
        logs.put_data_protection_policy(logGroupIdentifier="masked", policyDocument="{}")
        self.assertEqual(read(), "{}")
        logs.delete_log_group(logGroupName="masked")
        self.assertIsNone(read())


def metrics(*rows: Any, **more: Any) -> dict[str, Any]:
    return {"type": "metric", "properties": {"region": REGION, "metrics": list(rows), **more}}


class DashboardsTest(EmulatorCase):
    def put(self, widgets: list[Any], **more: Any) -> Any:
        body = json.dumps({"widgets": widgets, **more})
        return self.emulator.client("cloudwatch").put_dashboard(DashboardName="d", DashboardBody=body)

    def test_what_can_be_shown(self) -> None:
        for widget in (
            metrics(["n", "m"], ["n", "m", "d", "v"], [".", "m2", ".", "."], ["...", "w"], ["n", "m", {"stat": "Sum", "color": "#ff0000"}], [{"expression": "1", "id": "e", "visible": False}]),
            metrics(view="gauge", yAxis={"left": {"min": 0, "max": 1}}),
            {"type": "metric", "x": 0, "y": 900, "width": 24, "height": 1000, "properties": {"region": REGION, "annotations": {"alarms": ["arn"]}}},
            {"type": "log", "properties": {"region": REGION, "query": "SOURCE 'g' | fields x", "view": "pie"}},
            {"type": "text", "properties": {"markdown": "m"}},
            {"type": "alarm", "properties": {"alarms": ["arn"]}},
            {"type": "custom", "properties": {"endpoint": "arn"}},
        ):
            with self.subTest(widget=widget):
                self.assertEqual(self.put([widget])["DashboardValidationMessages"], [])
        self.put([], periodOverride="inherit")

    def test_what_cannot(self) -> None:
        for widget, where, why in (
            ({"type": "graph", "properties": {}}, "/widgets/0/type", "Should be equal to one of the allowed values"),
            ({"type": "text"}, "/widgets/0", "Should have required property 'properties'"),
            ({"type": "text", "properties": {}}, "/widgets/0/properties", "Should have required property 'markdown'"),
            ({"type": "log", "properties": {"region": REGION}}, "/widgets/0/properties", "Should have required property 'query'"),
            ({"type": "alarm", "properties": {"alarms": []}}, "/widgets/0/properties/alarms", "Should NOT have less than 1 items"),
            ({**metrics(["n", "m"]), "width": 25}, "/widgets/0/width", "Should be <= 24"),
            ({**metrics(["n", "m"]), "x": 1.5}, "/widgets/0/x", "Should be integer"),
            (metrics(["n", "m"], view="line"), "/widgets/0/properties/view", "Should be equal to one of the allowed values"),
            (metrics({"expression": "1"}), "/widgets/0/properties/metrics/0", "Should be array"),
            (metrics(["n", "m", "d", ""]), "/widgets/0/properties/metrics/0/3", 'Invalid metric field type, only "String" type is allowed'),
            (metrics(["n", "m", {"stat": "Sum"}, {"d": "v"}]), "/widgets/0/properties/metrics/0/2", 'Invalid metric field type, only "String" type is allowed'),
            (metrics(["n", "m", {"color": "red"}]), "/widgets/0/properties/metrics/0", "Should NOT have more than 2 items"),
            (metrics(["n", "m", {"dimensions": {}}]), "/widgets/0/properties/metrics/0", "Should NOT have more than 2 items"),
            (metrics(["n", "m", "d"]), "/widgets/0/properties/metrics/0", "Should NOT have more than 2 items"),
            (metrics(["n"]), "/widgets/0/properties/metrics/0", "Should NOT have less than 2 items"),
            (metrics([".", "m", ".", "v"]), "/widgets/0/properties/metrics/0", "Should NOT have more than 4 items"),
            (metrics(*[["n", "m"]] * 501), "/widgets/0/properties/metrics", "Should NOT have more than 500 items"),
        ):
            with self.subTest(widget=str(widget)[:200]):
                refused = self.assert_refused("InvalidParameterInput", self.put, widgets=[widget])
                found = json.loads(refused.response["Error"]["Message"].split("errors:")[1])
                self.assertIn({"dataPath": where, "message": why}, found)

    def test_a_widget_that_shows_nothing(self) -> None:
        refused = self.assert_refused("InvalidParameterInput", self.put, widgets=[{"type": "metric", "properties": {"region": REGION}}])
        self.assertIn("there are 3 validation errors", str(refused))

    def test_bodies_that_are_none(self) -> None:
        client = self.emulator.client("cloudwatch")
        for body, why in (("{", "must be a valid JSON object"), ("[]", "must be a valid JSON object"), ("{}", "required property 'widgets'")):
            with self.subTest(body=body):
                refused = self.assert_refused("InvalidParameterInput", client.put_dashboard, DashboardName="d", DashboardBody=body)
                self.assertIn(why, str(refused))
