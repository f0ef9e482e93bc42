"""Judges manifests by Kubernetes's own schemas: reads a list of them as JSON, answers with a list of errors, and with the kinds that are not Kubernetes's own."""
import json
import sys

import kubernetes_validate

version = sys.argv[1]
errors, unknown = [], []
for manifest in json.load(sys.stdin):
    kind = f"{manifest['apiVersion']} {manifest['kind']}"
    try:
        kubernetes_validate.validate(manifest, version, strict=True)
    except kubernetes_validate.ValidationError as error:
        errors.append(f"{kind} {manifest['metadata']['name']}: {'.'.join(map(str, error.path))}: {error.message}")
    except kubernetes_validate.SchemaNotFoundError:
        unknown.append(kind)
json.dump({"errors": errors, "unknown": sorted(set(unknown))}, sys.stdout)
