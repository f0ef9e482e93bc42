"""EC2: instances and launch templates."""
from __future__ import annotations

from copy import copy
from typing import Any

from moto.core.responses import ActionResult

from emulator_server.patches.replace import Method, add, wrap

#: size of every root volume that says nothing of its own, as moto's images have it
IMAGE_GIBIBYTES = 8


def monitoring() -> None:
    """Detailed monitoring can be switched on and off."""
    from moto.ec2.responses.monitoring import Monitoring

    def switch(state: str) -> Method:
        def respond(self: Any) -> ActionResult:
            ids = self._get_param("InstanceIds", []) or self._get_multi_param("InstanceId")
            for instance in ids:
                self.ec2_backend.get_instance(instance).monitoring_state = state
            return ActionResult({"InstanceMonitorings": [{"InstanceId": i, "Monitoring": {"State": state}} for i in ids]})

        return respond

    add(Monitoring, monitor_instances=switch("enabled"), unmonitor_instances=switch("disabled"))


def template_tags() -> None:
    """The tags of a launch template itself are no tags of what it launches, and they can change."""
    from moto.ec2.models.launch_templates import LaunchTemplate, LaunchTemplateVersion

    def version(original: Method) -> Method:
        def init(self: Any, template: Any, number: int, data: dict[str, Any], description: str) -> None:
            original(self, template, number, data, description)
            for key in ("TagSpecification", "TagSpecifications"):
                if isinstance(data.get(key), list):
                    data[key] = [tags for tags in data[key] if tags.get("ResourceType") != "launch-template"]

        return init

    wrap(LaunchTemplateVersion, "__init__", version)
    add(LaunchTemplate, tags=property(lambda self: self.get_tags(), lambda self, _: None))


def volume_figures() -> None:
    """An instance's volumes keep the iops and throughput they were asked for."""
    from moto.ec2.models.instances import InstanceBackend
    from moto.ec2.responses.instances import InstanceResponse

    def mapping(original: Method) -> Method:
        def parse(self: Any) -> Any:
            result = original(self)
            for parsed, sent in zip(result, self._get_param("BlockDeviceMappings", [])):
                parsed["Ebs"]["Throughput"] = sent.get("Ebs", {}).get("Throughput")
            return result

        return parse

    def run(original: Method) -> Method:
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


def launched_interfaces() -> None:
    """Network interfaces made at launch go with the instance, and its security groups are those of the first one."""
    from moto.ec2.models.instances import Instance, InstanceBackend

    def run(original: Method) -> Method:
        def run_instances(self: Any, *args: Any, **kwargs: Any) -> Any:
            reservation = original(self, *args, **kwargs)
            given = {str(nic.get("NetworkInterfaceId")) for nic in kwargs.get("nics") or []}
            kept = {int(nic["DeviceIndex"]) for nic in kwargs.get("nics") or [] if nic.get("DeleteOnTermination") is False}
            for instance in reservation.instances:
                for index, nic in instance.nics.items():
                    if nic.id not in given and int(index) not in kept:
                        nic.delete_on_termination = True
                if any(nic.get("Groups") for nic in kwargs.get("nics") or []):
                    instance.security_groups = list(instance.nics[0].group_set)
            return reservation

        return run_instances

    wrap(InstanceBackend, "run_instances", run)
    add(Instance, maintenance_options={"AutoRecovery": "default", "RebootMigration": "default"})


def image_sizes() -> None:
    """A volume without a size of its own takes that of its image, whose size is as invented as the image."""
    from moto.ec2.responses.instances import InstanceResponse

    def check(original: Method) -> Method:
        def validate(device_mapping: dict[str, Any]) -> None:
            ebs = device_mapping.get("Ebs")
            if ebs and not ebs.get("SnapshotId"):
                ebs.setdefault("VolumeSize", IMAGE_GIBIBYTES)
            original(device_mapping)

        return validate

    add(InstanceResponse, _validate_block_device_mapping=staticmethod(check(InstanceResponse._validate_block_device_mapping)))


def detached_interfaces() -> None:
    """A network interface that outlives its instance is free again once the instance is terminated."""
    from moto.ec2.models.instances import Instance

    def end(original: Method) -> Method:
        def terminate(self: Any) -> Any:
            staying = [nic for nic in self.nics.values() if not nic.delete_on_termination]
            state = original(self)
            for nic in staying:
                index, remembered = nic.device_index, copy(nic)
                self.detach_eni(nic)
                self.nics[index] = remembered  # what is terminated can still be described for a while
            return state

        return terminate

    wrap(Instance, "terminate", end)


#: what an instance keeps of how it stands to others -> member of its placement
PLACEMENT = {"group_name": "GroupName", "tenancy": "Tenancy", "partition_number": "PartitionNumber", "affinity": "Affinity"}


def launch_attributes() -> None:
    """An instance is protected from termination and stands where it was wanted from its launch on; one without a public address has no association, not an empty one."""
    from moto.ec2.models.elastic_network_interfaces import NetworkInterface
    from moto.ec2.responses.instances import InstanceResponse

    def run(original: Method) -> Method:
        def run_instances(self: Any) -> ActionResult:
            answer: ActionResult = original(self)
            for instance in answer.result.instances:
                instance.disable_api_termination = bool(self._get_param("DisableApiTermination"))
                for kept, sent in PLACEMENT.items():
                    setattr(instance.placement, kept, self._get_param(f"Placement.{sent}") or getattr(instance.placement, kept, None))
            return answer

        return run_instances

    empty = NetworkInterface.association.fget
    wrap(InstanceResponse, "run_instances", run)
    add(NetworkInterface, association=property(lambda self: empty(self) or None))


def capacity_reservations() -> None:
    """An instance can be put into another reservation; which one it has is remembered by a shadow."""
    from moto.ec2.responses.instances import InstanceResponse

    def modify(self: Any) -> ActionResult:
        self.ec2_backend.get_instance(self._get_param("InstanceId"))
        return ActionResult({"Return": True})

    add(InstanceResponse, modify_instance_capacity_reservation_attributes=modify)


#: burstable types that go beyond their credits unless told otherwise; the first of them, t2, do not
UNLIMITED = ("t3.", "t3a.", "t4g.")


def processor_credits() -> None:
    """An instance that may burst keeps how: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-unlimited-mode-concepts.html."""
    from moto.ec2.responses.instances import InstanceResponse

    def run(original: Method) -> Method:
        def run_instances(self: Any) -> ActionResult:
            answer: ActionResult = original(self)
            for instance in answer.result.instances:
                usual = "unlimited" if instance.instance_type.startswith(UNLIMITED) else "standard"
                instance.cpu_credits = self._get_param("CreditSpecification.CpuCredits") or usual
            return answer

        return run_instances

    def describe(self: Any) -> ActionResult:
        found = self.ec2_backend.describe_instance_credit_specifications(self._get_param("InstanceIds", []))
        credits = [{"InstanceId": one.id, "CpuCredits": getattr(one, "cpu_credits", "standard")} for one in found]
        return ActionResult({"InstanceCreditSpecifications": credits})

    def modify(self: Any) -> ActionResult:
        wanted = self._get_param("InstanceCreditSpecifications", [])
        for one in wanted:
            self.ec2_backend.get_instance(one["InstanceId"]).cpu_credits = one["CpuCredits"]
        return ActionResult({"SuccessfulInstanceCreditSpecifications": [{"InstanceId": one["InstanceId"]} for one in wanted]})

    wrap(InstanceResponse, "run_instances", run)
    add(InstanceResponse, describe_instance_credit_specifications=describe, modify_instance_credit_specification=modify)


def platforms() -> None:
    """What runs on an instance, in the words of a bill: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-info-fields.html."""
    from moto.ec2.models.instances import Instance

    add(Instance, platform_details=property(lambda self: "Windows" if self.platform == "windows" else "Linux/UNIX"))


PATCHES = (platforms, processor_credits, capacity_reservations, launch_attributes, monitoring, template_tags, volume_figures, launched_interfaces, image_sizes, detached_interfaces)
