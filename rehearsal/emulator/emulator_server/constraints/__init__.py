"""Requests are held against the constraints of botocore's models, and refused as AWS refuses them."""
from __future__ import annotations

from emulator_server.constraints.checks import violations
from emulator_server.constraints.errors import code_of
from emulator_server.constraints.exempt import EXEMPT
from emulator_server.wire import Call, Response


def refusal(call: Call) -> Response | None:
    """The refusal of a request with members that break their constraints, all of them told at once; None where there is none."""
    exempt = EXEMPT.get(call.service, frozenset())
    broken = list(violations(call.operation.input_shape, call.params, exempt, shows_empty=call.protocol not in ("query", "ec2")))
    if not broken:
        return None
    detected = "1 validation error detected" if len(broken) == 1 else f"{len(broken)} validation errors detected"
    return call.refuse(code_of(call), f"{detected}: {'; '.join(broken)}")


__all__ = ["refusal"]
