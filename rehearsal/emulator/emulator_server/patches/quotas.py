"""Quotas: those of EC2 and Lambda, which moto does not know, and that a wish for more of one is granted at once."""
from __future__ import annotations

import json
from typing import Any

from emulator_server.patches.replace import Method, add, wrap

#: AWS's defaults: https://docs.aws.amazon.com/general/latest/gr/ec2-service.html, …/lambda-service.html (which a new account may be below)
DEFAULTS = {
    ("ec2", "L-0263D0A3"): ("EC2-VPC Elastic IPs", 5.0),
    ("ec2", "L-1216C47A"): ("Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 5.0),
    ("lambda", "L-B99A9384"): ("Concurrent executions", 1000.0),
}


def service_quotas() -> None:
    """A quota that was never raised is known by its default alone, as AWS has it; nothing enforces any (`limits.py`)."""
    from moto.servicequotas.exceptions import NoSuchResource
    from moto.servicequotas.models import ServiceQuotasBackend
    from moto.servicequotas.responses import ServiceQuotasResponse

    def quota(service: str, code: str, name: str, value: float) -> dict[str, Any]:
        return {"ServiceCode": service, "QuotaCode": code, "QuotaName": name, "Value": value, "Unit": "None", "Adjustable": True, "GlobalQuota": False}

    def get(original: Method) -> Method:
        def get_service_quota(self: Any, service_code: str, quota_code: str) -> dict[str, Any]:
            raised: dict[Any, float] = vars(self).setdefault("raised", {})
            if (service_code, quota_code) in raised:
                return quota(service_code, quota_code, "raised", raised[service_code, quota_code])
            return dict(original(self, service_code, quota_code))

        return get_service_quota

    def members(self: Any) -> dict[str, Any]:
        return dict(json.loads(self.body))

    def default(self: Any) -> str:
        asked = members(self)["ServiceCode"], members(self)["QuotaCode"]
        if asked not in DEFAULTS:
            raise NoSuchResource
        return json.dumps({"Quota": quota(*asked, *DEFAULTS[asked])})

    def increase(self: Any) -> str:
        wish = members(self)
        vars(self.backend).setdefault("raised", {})[wish["ServiceCode"], wish["QuotaCode"]] = float(wish["DesiredValue"])
        return json.dumps({"RequestedQuota": {"Id": "granted", "Status": "APPROVED", **wish}})

    wrap(ServiceQuotasBackend, "get_service_quota", get)
    add(ServiceQuotasResponse, get_aws_default_service_quota=default, request_service_quota_increase=increase)


PATCHES = (service_quotas,)
