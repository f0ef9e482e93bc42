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


def _each(engine: Engine, call: Call, members: Record) -> None:
    """A call says of several keys what they are; what is left of it is about the last of them."""
    *others, last = members.pop("CostAllocationTagsStatus", None) or [{}]
    for entry in others:
        engine.create(call, ALLOCATION_TAG, entry)
    members.update(last)


def _forget(engine: Engine, call: Call, tag: Record) -> None:
    """AWS goes on listing a key that is no longer active; here nothing else is known of one, so it is as if nothing had ever carried it."""
    if tag["Status"] == "Inactive":
        del engine.bucket(call, ALLOCATION_TAG)[(tag["TagKey"],)]


ALLOCATION_TAG = Kind(
    "ce",
    "CostAllocationTag",
    identity=("TagKey",),
    operations={"UpdateCostAllocationTagsStatus": "create", "ListCostAllocationTags": "list"},
    tag_key="@none",
    defaults={"Type": "UserDefined"},
    check=_each,
    after_write=_forget,
    not_found=NO_ERROR,
)

KINDS = (
    ALLOCATION_TAG,
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
