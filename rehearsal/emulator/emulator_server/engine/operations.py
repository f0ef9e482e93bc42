"""What an operation means, read from its name: which kind of resource, and what to do with it."""
from __future__ import annotations

import re

from emulator_server.engine.kind import Kind, Table
from emulator_server.wire import Call

ACTIONS = {
    "Create": "create",
    "Put": "create",
    "Register": "create",
    "Associate": "create",
    "Describe": "read",
    "Get": "read",
    "List": "read",
    "Update": "update",
    "Modify": "update",
    "Delete": "delete",
    "Deregister": "delete",
    "Disassociate": "delete",
}
VERB = re.compile(rf"({'|'.join(ACTIONS)})([A-Z].*)")
#: what follows a noun without being part of it: CreateDistributionWithTags, GetDistributionConfig
SUFFIX = re.compile(r"(WithTags|Config)$")
#: ListBackupPlansByX, DescribeNotificationsForBudget
QUALIFIER = re.compile(r"(?<=[a-z])(By|For|From|In)[A-Z].*$")


def singular(noun: str) -> str:
    """One of them: Policies -> Policy, Vaults -> Vault, Access -> Access."""
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun


class Operations:
    """The table's kinds by the operations that concern them."""

    def __init__(self, table: Table) -> None:
        self.kinds = {(kind.service, kind.noun): kind for kind in table.kinds}
        self.misrouted = table.misrouted
        self.named = {(kind.service, name): (kind, action) for kind in table.kinds for name, action in kind.operations.items()}

    def owned(self, call: Call) -> tuple[Kind, str] | None:
        """Kind and action of an operation on a kind that the table names."""
        if found := self.named.get((call.service, call.name)):
            return found
        match = VERB.fullmatch(call.name)
        if not match or (call.service, call.name) in self.misrouted:
            return None
        noun, action = match[2], ACTIONS[match[1]]
        for name in (noun, SUFFIX.sub("", noun)):
            for candidate in (name, singular(name)):
                if kind := self.kinds.get((call.service, candidate)):
                    plural = candidate != name
                    return kind, "list" if plural and action == "read" else action
        return None

    @staticmethod
    def inferred(call: Call) -> tuple[Kind, str] | None:
        """Kind and action of an operation that no table names: a guess, good for finding out what a new kind needs."""
        match = VERB.fullmatch(call.name)
        if not match:
            return None
        noun, action = QUALIFIER.sub("", match[2]), ACTIONS[match[1]]
        lists = action == "read" and singular(noun) != noun
        return Kind(call.service, singular(noun)), "list" if lists else action
