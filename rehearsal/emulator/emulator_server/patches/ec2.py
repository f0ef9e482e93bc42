"""EC2: instances and launch templates."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult

from emulator_server.patches.replace import add, wrap


def ec2_instances() -> None:
    """Monitoring can be switched; volumes of instances keep iops and throughput; templates keep their own tags apart."""
    from moto.ec2.models.instances import InstanceBackend
    from moto.ec2.models.launch_templates import LaunchTemplateVersion
    from moto.ec2.responses.instances import InstanceResponse
    from moto.ec2.responses.monitoring import Monitoring

    def switch(state: str) -> Callable[[Any], ActionResult]:
        def respond(self: Any) -> ActionResult:
            ids = self._get_param("InstanceIds", []) or self._get_multi_param("InstanceId")
            for i in ids:
                self.ec2_backend.get_instance(i).monitoring_state = state
            return ActionResult({"InstanceMonitorings": [{"InstanceId": i, "Monitoring": {"State": state}} for i in ids]})

        return respond

    add(Monitoring, monitor_instances=switch("enabled"), unmonitor_instances=switch("disabled"))

    def version(original: Callable[..., None]) -> Callable[..., None]:
        def init(self: Any, template: Any, number: int, data: dict[str, Any], description: str) -> None:
            original(self, template, number, data, description)
            for key in ("TagSpecification", "TagSpecifications"):
                if isinstance(data.get(key), list):
                    data[key] = [t for t in data[key] if t.get("ResourceType") != "launch-template"]

        return init

    def mapping(original: Callable[..., Any]) -> Callable[..., Any]:
        def parse(self: Any) -> Any:
            result = original(self)
            for parsed, sent in zip(result, self._get_param("BlockDeviceMappings", []), strict=True):
                parsed["Ebs"]["Throughput"] = sent.get("Ebs", {}).get("Throughput")
            return result

        return parse

    def run(original: Callable[..., Any]) -> Callable[..., Any]:
        def run_instances(self: Any, *args: Any, **kwargs: Any) -> Any:
            reservation = original(self, *args, **kwargs)
            sent = kwargs.get("block_device_mappings")
            if not sent and kwargs.get("launch_template"):
                sent = self._get_template_from_args(kwargs["launch_template"]).data.get("BlockDeviceMappings")
            for instance in reservation.instances:
                for item in sent or []:
                    device, ebs = instance.block_device_mapping.get(item["DeviceName"]), item.get("Ebs", {})
                    if device:
                        volume = self.get_volume(device.volume_id)
                        volume.iops = ebs.get("Iops") or volume.iops
                        volume.throughput = ebs.get("Throughput") or (125 if volume.volume_type == "gp3" else None)
            return reservation

        return run_instances

    wrap(InstanceResponse, "_parse_block_device_mapping", mapping)
    wrap(InstanceBackend, "run_instances", run)
    wrap(LaunchTemplateVersion, "__init__", version)
