"""An AWS emulator for rehearsals: moto, plus an engine that serves what moto lacks from botocore's service models."""
import os

# read by moto when its modules are imported, so set before any of ours imports one: AWS's own policies exist, and certificates are issued at once
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
os.environ.setdefault("MOTO_ACM_VALIDATION_WAIT", "1")
