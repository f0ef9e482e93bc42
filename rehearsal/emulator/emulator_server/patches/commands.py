"""Systems Manager's Run Command: what an instance is told is done by its stand-in, or refused."""
from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult

from emulator_server import machines
from emulator_server.patches.replace import Method, add, wrap


def machine_of(backend: Any, instance_id: str) -> Any:
    """The stand-in of an instance that runs; None: there is none, so that no agent has registered."""
    from moto.ec2 import ec2_backends

    instances = ec2_backends[backend.account_id][backend.region_name].all_instances()
    instance = next((one for one in instances if one.id == instance_id), None)
    if instance is None or instance._state.name != "running":
        return None
    return machines.stand_in(next((tag["value"] for tag in instance.get_tags() if tag["key"] == "Name"), None))


def run_command() -> None:
    """moto calls every command of every instance a success at once, though nothing has run and nobody may be there."""
    from moto.ssm.exceptions import SSMException
    from moto.ssm.models import SimpleSystemManagerBackend

    def sending(original: Method) -> Method:
        def send_command(self: Any, **members: Any) -> Any:
            name = str(members["document_name"])
            content = self._get_documents(name.split("/")[-1]).get_default_version().content
            try:
                content = machines.filled(content, members.get("parameters") or {})
            except ValueError as error:
                raise SSMException("InvalidParameters", str(error)) from error
            for instance_id in members["instance_ids"]:
                if machine_of(self, instance_id) is None:
                    raise SSMException("InvalidInstanceId", f"Instances [[{instance_id}]] not in a valid state for account {self.account_id}")
            command = original(self, **members)
            command.invocations = []
            command.status = "InProgress"
            for instance_id in command.instance_ids:
                machine = machine_of(self, instance_id)
                if machine is None:  # a target by its tag, whose agent has not registered
                    continue

                def note(step: str, status: str, code: int, output: str, error: str, instance_id: str = instance_id) -> None:
                    known = next((one for one in command.invocations if (one["InstanceId"], one["PluginName"]) == (instance_id, step)), None)
                    if known is None:
                        known = command.invocation_response(instance_id, step)
                        command.invocations.append(known)
                    known.update(
                        Status="TimedOut" if status == "DeliveryTimedOut" else status,
                        StatusDetails=status,
                        ResponseCode=code,
                        StandardOutputContent=output,
                        StandardErrorContent=error,
                    )
                    if status in machines.ENDED and command.status in ("InProgress", "Success"):
                        command.status = status

                machines.run(content, machine, command.timeout_seconds, note)
            return command

        return send_command

    wrap(SimpleSystemManagerBackend, "send_command", sending)


def registered_machines() -> None:
    """moto does not know which instances have an agent: those whose stand-in is there and not offline. Asked for by ids only."""
    from moto.ssm.responses import SimpleSystemManagerResponse

    def describe(self: Any) -> ActionResult:
        filters = self._get_param("Filters") or []
        asked = [value for one in filters if one["Key"] == "InstanceIds" for value in one["Values"]]
        there = [(one, machine_of(self.ssm_backend, one)) for one in asked]
        return ActionResult(
            {
                "InstanceInformationList": [
                    {"InstanceId": one, "PingStatus": "ConnectionLost" if (machine / "offline").exists() else "Online", "ResourceType": "EC2Instance"}
                    for one, machine in there
                    if machine is not None
                ]
            }
        )

    add(SimpleSystemManagerResponse, describe_instance_information=describe)


PATCHES = (run_command, registered_machines)
