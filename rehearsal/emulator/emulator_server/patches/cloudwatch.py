"""CloudWatch and its logs: keys of log groups, composite alarms that know what they are made of, queries of other accounts, and dashboards that can be shown."""
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from emulator_server import dashboards
from emulator_server.patches.replace import Method, add, wrap
from emulator_server.wire import Refusal

#: one token of a rule: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
TOKEN = re.compile(
    r"""\s* (?:
        (?P<state> (?:ALARM|OK|INSUFFICIENT_DATA) \s* \( \s* (?: "(?P<quoted>[^"]+)" | (?P<plain>[^\s()",]+) ) \s* \) )
        | (?P<word> (?:AND|OR|NOT|TRUE|FALSE)\b )
        | (?P<sign> [()] )
    )""",
    re.VERBOSE,
)


def _alarms_in(rule: str) -> Iterator[str]:
    """The names of the alarms that a rule asks for, or the refusal of a rule that is none."""
    position, depth, wants_operand = 0, 0, True
    rule = rule.rstrip()
    while position < len(rule):
        token = TOKEN.match(rule, position)
        text = token[0].strip() if token else rule[position:].split()[0]
        is_operand = token is not None and (bool(token["state"]) or text in ("TRUE", "FALSE"))
        opens = text in ("(", "NOT")
        depth += {"(": 1, ")": -1}.get(text, 0)
        if token is None or depth < 0 or wants_operand != (is_operand or opens):
            raise Refusal("ValidationError", f"Error in AlarmRule [Unsupported token '{text}' at char {rule.index(text, position)}]")
        if token["state"]:
            name = token["quoted"] or token["plain"]
            yield name.split(":", 6)[-1] if name.startswith("arn:") else name
        wants_operand = not is_operand and text != ")"
        position = token.end()
    if wants_operand or depth:
        raise Refusal("ValidationError", f"Error in AlarmRule [Unexpected end of the rule at char {len(rule)}]")


def composite_alarms() -> None:
    """moto's metric alarm reads a composite's members too, but has no operation for it.

    The alarms of a rule exist before it (https://github.com/aws/aws-cdk/issues/12662) and as long as it does
    (https://github.com/hashicorp/terraform-provider-aws/issues/34807).
    """
    from moto.cloudwatch.models import CloudWatchBackend
    from moto.cloudwatch.responses import CloudWatchResponse

    def put_composite_alarm(self: Any) -> Any:
        known = self.cloudwatch_backend.alarms
        missing = sorted({name for name in _alarms_in(self._get_param("AlarmRule")) if name not in known})
        if missing:
            raise Refusal("ValidationError", f"Could not save the composite alarm as alarms [{', '.join(missing)}] in the alarm rule do not exist")
        return self.put_metric_alarm()

    def delete(original: Method) -> Method:
        def delete_alarms(self: Any, alarm_names: list[str]) -> None:
            staying = {name: alarm for name, alarm in self.alarms.items() if name not in alarm_names}
            needed = {name for alarm in staying.values() if alarm.rule for name in _alarms_in(alarm.rule)}
            if held := [name for name in alarm_names if name in needed]:
                them = "it" if len(held) == 1 else "them"
                raise Refusal("ValidationError", f"Cannot delete {','.join(held)} as there are composite alarm(s) depending on {them}.")
            original(self, alarm_names)

        return delete_alarms

    add(CloudWatchResponse, put_composite_alarm=put_composite_alarm)
    wrap(CloudWatchBackend, "delete_alarms", delete)


def queries_of_accounts() -> None:
    """A query of an alarm keeps the account whose metric it asks for."""
    from moto.cloudwatch.responses import CloudWatchResponse

    def put(original: Method) -> Method:
        def put_metric_alarm(self: Any) -> Any:
            answer = original(self)
            sent = {query["Id"]: query.get("AccountId") for query in self._get_param("Metrics", [])}
            for query in self.cloudwatch_backend.alarms[self._get_param("AlarmName")].metric_data_queries:
                query.account_id = sent[query.id]
            return answer

        return put_metric_alarm

    wrap(CloudWatchResponse, "put_metric_alarm", put)


#: statistics beside percentiles: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
TRIMMED = re.compile(r"(tm|wm|tc|ts)\d{1,2}(\.\d{1,10})?|IQM|(TM|WM|TC|TS|PR)\([^()]*:[^()]*\)")
#: seconds that all periods of an alarm may cover, with periods below an hour and from there on: API_PutMetricAlarm, EvaluationPeriods
DAY, WEEK, HOUR = 86_400, 604_800, 3_600


def metric_alarms() -> None:
    """An alarm may look at a trimmed statistic too, where moto knows percentiles only, and not further back than CloudWatch does."""
    from moto.cloudwatch.models import CloudWatchBackend

    def put(original: Method) -> Method:
        def put_metric_alarm(self: Any, **members: Any) -> Any:
            period, periods = members.get("period"), members.get("evaluation_periods")
            if period and periods and period * periods > (most := WEEK if period >= HOUR else DAY):
                across = "a day" if most == DAY else "a week"
                raise Refusal("ValidationError", f"Metrics cannot be checked across more than {across} (EvaluationPeriods * Period must be <= {most})")
            statistic = members.get("extended_statistic")
            if not statistic or not TRIMMED.fullmatch(statistic):
                return original(self, **members)
            alarm = original(self, **{**members, "extended_statistic": None})
            alarm.extended_statistic = statistic
            return alarm

        return put_metric_alarm

    wrap(CloudWatchBackend, "put_metric_alarm", put)


def dashboard_bodies() -> None:
    """moto takes every body that is JSON."""
    from moto.cloudwatch.responses import CloudWatchResponse

    def put(original: Method) -> Method:
        def put_dashboard(self: Any) -> Any:
            if reason := dashboards.refusal(self._get_param("DashboardBody")):
                raise Refusal("InvalidParameterInput", reason)
            return original(self)

        return put_dashboard

    wrap(CloudWatchResponse, "put_dashboard", put)


def log_group_keys() -> None:
    """A log group that stands gets another key, or none."""
    from moto.core.responses import EmptyResult
    from moto.logs.exceptions import ResourceNotFoundException
    from moto.logs.responses import LogsResponse

    def change(self: Any) -> EmptyResult:
        name = self._get_param("logGroupName") or self._get_param("resourceIdentifier", "").split(":log-group:")[-1].removesuffix(":*")
        if name not in self.logs_backend.groups:
            raise ResourceNotFoundException()
        self.logs_backend.groups[name].kms_key_id = self._get_param("kmsKeyId")
        return EmptyResult()

    add(LogsResponse, associate_kms_key=change, disassociate_kms_key=change)


PATCHES = (log_group_keys, metric_alarms, queries_of_accounts, composite_alarms, dashboard_bodies)
