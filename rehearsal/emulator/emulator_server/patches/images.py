"""Images that AWS publishes and moto does not know: by their usual names, by the public parameters that name them, and by a pinned id."""
from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from emulator_server.patches.replace import Method, wrap

#: owner of images that were asked for by their id; the inventory leaves them out
ASSUMED = "amazon"

AMAZON, CANONICAL = "801119661308", "099720109477"
WINDOWS = tuple(f"Windows_Server-{year}-English-{edition}-Base" for year in (2016, 2019, 2022, 2025) for edition in ("Full", "Core"))
WINDOWS += tuple(f"Windows_Server-{year}-Japanese-Full-Base" for year in (2019, 2022))
UBUNTU = {"22.04": ("jammy", "hvm-ssd"), "24.04": ("noble", "hvm-ssd-gp3")}
ARCHITECTURES = {"amd64": "x86_64", "arm64": "arm64"}
DATE = "2025.06.11"


def image_id(region: str, name: str) -> str:
    """An id of its own in each region, and the same one in every run."""
    return f"ami-{hashlib.sha256(f'{region}/{name}'.encode()).hexdigest()[:17]}"


def _images(region: str) -> Iterator[dict[str, Any]]:
    common = {"image_type": "machine", "public": True, "state": "available", "root_device_type": "ebs", "root_device_name": "/dev/sda1"}
    common |= {"virtualization_type": "hvm", "hypervisor": "xen", "sriov": "simple"}
    for name in WINDOWS:
        own = {"name": f"{name}-{DATE}", "owner_id": AMAZON, "owner_alias": "amazon", "platform": "windows", "architecture": "x86_64"}
        yield {**common, **own, "ami_id": image_id(region, name), "description": f"Microsoft {name}"}
    for version, (code, storage) in UBUNTU.items():
        for spelling, architecture in ARCHITECTURES.items():
            name = f"ubuntu/images/{storage}/ubuntu-{code}-{version}-{spelling}-server-{DATE.replace('.', '')}"
            own = {"name": name, "owner_id": CANONICAL, "platform": None, "architecture": architecture}
            yield {**common, **own, "ami_id": image_id(region, f"{version}/{spelling}"), "description": f"Canonical, Ubuntu, {version}"}


def _parameters(region: str) -> Iterator[tuple[str, str]]:
    for name in WINDOWS:
        yield f"/aws/service/ami-windows-latest/{name}", image_id(region, name)
    for version in UBUNTU:
        for spelling in ARCHITECTURES:
            kind = UBUNTU[version][1].replace("hvm-ssd", "ebs-gp2").replace("ebs-gp2-gp3", "ebs-gp3")
            path = f"/aws/service/canonical/ubuntu/server/{version}/stable/current/{spelling}/hvm/{kind}/ami-id"
            yield path, image_id(region, f"{version}/{spelling}")


def published_images() -> None:
    """Windows and Ubuntu images exist in every region."""
    from moto.ec2.models.amis import Ami, AmiBackend

    def load(original: Method) -> Method:
        def load_amis(self: Any) -> None:
            original(self)
            for image in _images(self.region_name):
                self.amis[image["ami_id"]] = Ami(self, **image)

        return load_amis

    wrap(AmiBackend, "_load_amis", load)


def published_parameters() -> None:
    """Systems Manager's public parameters name them."""
    from moto.ssm.models import Parameter, ParameterDict

    def check(original: Method) -> Method:
        def check_loading_status(self: Any, key: str) -> None:
            original(self, key)
            if not str(key or "").startswith(("/aws/service/ami-windows-latest", "/aws/service/canonical")):
                return
            for name, value in _parameters(self.region_name):
                if not dict.__contains__(self, name):
                    settings = {"parameter_type": "String", "description": None, "allowed_pattern": None, "keyid": None}
                    parameter = Parameter(
                        account_id=self.account_id, name=name, value=value, last_modified_date=1749600000.0, version=1,
                        data_type="aws:ec2:image", **settings,
                    )  # fmt: skip
                    dict.__setitem__(self, name, [parameter])

        return check_loading_status

    wrap(ParameterDict, "_check_loading_status", check)


def pinned_images() -> None:
    """Somebody who pins an image by its id has looked it up: whether it exists, only AWS can tell (`limits.py` says so)."""
    from moto.ec2.models.amis import Ami, AmiBackend

    def describe(original: Method) -> Method:
        def describe_images(self: Any, ami_ids: list[str] | None = None, *args: Any, **kwargs: Any) -> Any:
            for ami_id in ami_ids or []:
                if re.fullmatch(r"ami-([0-9a-f]{8}|[0-9a-f]{17})", ami_id) and ami_id not in self.amis and ami_id not in self.deleted_amis:
                    common = {"ami_id": ami_id, "name": f"pinned-{ami_id}", "description": "pinned by its id", "owner_id": AMAZON, "owner_alias": ASSUMED}
                    common |= {"image_type": "machine", "public": True, "state": "available", "architecture": "x86_64", "virtualization_type": "hvm"}
                    self.amis[ami_id] = Ami(self, **common, root_device_type="ebs", root_device_name="/dev/sda1", hypervisor="xen", sriov="simple")
            return original(self, ami_ids, *args, **kwargs)

        return describe_images

    wrap(AmiBackend, "describe_images", describe)


PATCHES = (published_images, published_parameters, pinned_images)
