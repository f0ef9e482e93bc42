"""Budgets and cost anomaly detection."""
from __future__ import annotations

from emulator_server.engine import NO_ERROR, Engine, Kind, Record
from emulator_server.kinds.arns import arn
from emulator_server.wire import Call

INCLUDED = ("Credit", "Discount", "OtherSubscription", "Recurring", "Refund", "Subscription", "Support", "Tax", "Upfront")
COST_TYPES = {**{f"Include{name}": True for name in INCLUDED}, "UseAmortized": False, "UseBlended": False}


def _notifications(engine: Engine, call: Call, budget: Record) -> None:
    """A budget is created together with its notifications, which are read one by one."""
    for item in budget.pop("NotificationsWithSubscribers", None) or []:
        owner = {"AccountId": budget["AccountId"], "BudgetName": budget["BudgetName"]}
        engine.create(call, NOTIFICATION, {**item["Notification"], **owner, "Subscribers": item.get("Subscribers") or []})


def _drop_notifications(engine: Engine, call: Call, budget: Record) -> None:
    bucket = engine.bucket(call, NOTIFICATION)
    for key in [key for key in bucket if key[1] == budget["BudgetName"]]:
        del bucket[key]


NOTIFICATION = Kind(
    "budgets",
    "Notification",
    identity=("AccountId", "BudgetName", "NotificationType", "ComparisonOperator", "Threshold"),
    operations={"DescribeNotificationsForBudget": "list", "DescribeSubscribersForNotification": "read"},
    defaults={"ThresholdType": "PERCENTAGE", "NotificationState": "OK"},
)
BUDGET = Kind(
    "budgets",
    "Budget",
    identity=("AccountId", "BudgetName"),
    tag_key="@arn",
    defaults={
        "@arn": arn("budgets", "budget/{BudgetName}", ""),
        "CalculatedSpend": {"ActualSpend": {"Amount": "0", "Unit": "USD"}},
    },
    derived={"CostTypes": lambda r: {**COST_TYPES, **(r.get("CostTypes") or {})}},
    after_write=_notifications,
    after_delete=_drop_notifications,
)

KINDS = (
    NOTIFICATION,
    BUDGET,
    Kind("ce", "AnomalyMonitor", defaults={"MonitorArn": arn("ce", "anomalymonitor/{uuid}", "")}, tag_key="MonitorArn"),
    Kind(
        "ce",
        "AnomalySubscription",
        tag_key="SubscriptionArn",
        not_found=NO_ERROR,
        defaults={"SubscriptionArn": arn("ce", "anomalysubscription/{uuid}", ""), "AccountId": "{account}"},
    ),
)
