"""What the shell asks of JSON files; runs on the machine's own Python."""
import json
import sys


def value(path, key, default=None):
    """A value of a JSON file by its dotted key: text as it is, anything else as JSON."""
    with open(path, encoding="utf-8") as file:
        found = json.load(file)
    for part in key.split("."):
        if not isinstance(found, dict) or part not in found:
            if default is not None:
                return default
            sys.exit(f"{path}: {key} is missing")
        found = found[part]
    return found if isinstance(found, str) else json.dumps(found, indent=2)


def lines(path, key):
    """A list of texts, a line each; none where it is missing."""
    return "\n".join(json.loads(value(path, key, "[]")))


def entry(path, name, key):
    """A value of a software entry, `null` if it is that."""
    with open(path, encoding="utf-8") as file:
        found = [one for one in json.load(file)["entries"] if one["name"] == name]
    if len(found) != 1:
        sys.exit(f"{path}: {len(found)} entries with name {name}, one is needed")
    return found[0][key] or "null"


def files(path):
    """What a lock file holds, a line each: SHA-256 and file."""
    with open(path, encoding="utf-8") as file:
        return "\n".join(f"{one['sha256']} {one['file']}" for one in json.load(file)["entries"])


def fill(path, manifest):
    """A template with {environment}, {host}, {metricNamespace} and {applicationLogGroup}; the agent's own placeholders stay."""
    values = {name: value(manifest, f"settings.{key}") for name, key in (
        ("environment", "environment"), ("host", "host"), ("metricNamespace", "metricNamespace"), ("applicationLogGroup", "logGroups.application"),
    )}
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for name, found in values.items():
        text = text.replace("{" + name + "}", json.dumps(found)[1:-1])
    return text.rstrip("\n")


if __name__ == "__main__":
    print({"value": value, "lines": lines, "entry": entry, "files": files, "fill": fill}[sys.argv[1]](*sys.argv[2:]))
