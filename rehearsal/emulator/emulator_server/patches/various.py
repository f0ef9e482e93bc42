"""Small defects of several services."""
from __future__ import annotations

import re
import secrets
from typing import Any

from emulator_server.patches.replace import Method, wrap


def scaling_policies() -> None:
    """A new scaling policy is enabled, and is predictive only if it says so."""
    from moto.autoscaling.models import FakeScalingPolicy

    def policy(original: Method) -> Method:
        def init(self: Any, *args: Any, **kwargs: Any) -> None:
            original(self, *args, **kwargs)
            self.enabled = True
            self.predictive_scaling_configuration = self.predictive_scaling_configuration or None

        return init

    wrap(FakeScalingPolicy, "__init__", policy)


def group_deletion() -> None:
    """A group's lifecycle hooks go with it."""
    from moto.autoscaling.models import AutoScalingBackend

    def delete(original: Method) -> Method:
        def delete_auto_scaling_group(self: Any, group_name: str) -> None:
            original(self, group_name)
            for key in [key for key, hook in self.lifecycle_hooks.items() if hook.auto_scaling_group_name == group_name]:
                del self.lifecycle_hooks[key]

        return delete_auto_scaling_group

    wrap(AutoScalingBackend, "delete_auto_scaling_group", delete)


def database_parameters() -> None:
    """A parameter that a user set reads back as set by a user; the provider takes any other for a default."""
    from moto.rds.models import DBParameterGroup

    def parameters(original: Method) -> Method:
        def update(self: Any, new: Any) -> None:
            new = list(new)
            original(self, new)
            for item in new:
                self.parameters[item["ParameterName"]]["Source"] = "user"

        return update

    wrap(DBParameterGroup, "update_parameters", parameters)


def database_minor_versions() -> None:
    """A database that is asked for by its major version runs a minor one, and says so; which one is made up."""
    from moto.rds.models import DBInstance

    asked: Any = DBInstance.engine_version

    def run(self: Any, version: str) -> None:
        is_major = self.engine == "postgres" and "." not in version
        asked.fset(self, f"{version}.1" if is_major else version)

    setattr(DBInstance, "engine_version", property(asked.fget, run))


def database_resource_ids() -> None:
    """Every database has an id of its own, by which the provider looks for it; moto gives all of them the same."""
    from moto.rds.models import DBInstance

    def create(original: Method) -> Method:
        def init(self: Any, *args: Any, **kwargs: Any) -> None:
            original(self, *args, **kwargs)
            self.dbi_resource_id = f"db-{secrets.token_hex(13).upper()}"

        return init

    wrap(DBInstance, "__init__", create)


def adjoining_windows() -> None:
    """A database's maintenance may begin when its backup ends: windows that touch do not overlap."""
    from moto.rds import utils

    def overlap(original: Method) -> Method:
        return lambda *ranges: original(*ranges) or -1

    wrap(utils, "get_overlap_between_two_date_ranges", overlap)


def trail_deletion() -> None:
    """A trail can be deleted by its ARN too; moto then says that it did so and keeps it."""
    from moto.cloudtrail.models import CloudTrailBackend

    def delete(original: Method) -> Method:
        return lambda self, name: original(self, name.rpartition("/")[2])

    wrap(CloudTrailBackend, "delete_trail", delete)


def named_certificates() -> None:
    """A listener takes a certificate of its own account and region that a literal names by its ARN; whether it exists, only AWS can tell."""
    from moto.acm.models import AWSCertificateManagerBackend
    from moto.elbv2.models import ELBv2Backend

    def is_own(backend: Any, arn: str) -> bool:
        return re.fullmatch(rf"arn:aws:acm:{backend.region_name}:{backend.account_id}:certificate/[0-9a-f-]{{36}}", arn) is not None

    def use(original: Method) -> Method:
        def set_certificate_in_use_by(self: Any, arn: str, load_balancer_name: str) -> None:
            if arn in self._certificates or not is_own(self, arn):
                original(self, arn, load_balancer_name)

        return set_certificate_in_use_by

    def exists(original: Method) -> Method:
        return lambda self, certificate_arn: is_own(self, certificate_arn) or original(self, certificate_arn)

    wrap(AWSCertificateManagerBackend, "set_certificate_in_use_by", use)
    wrap(ELBv2Backend, "_certificate_exists", exists)


def protected_load_balancers() -> None:
    """A load balancer that is protected against deletion is deleted all the same."""
    from moto.elbv2.exceptions import ELBClientError
    from moto.elbv2.models import ELBv2Backend

    def delete(original: Method) -> Method:
        def delete_load_balancer(self: Any, arn: str) -> None:
            balancer = self.load_balancers.get(arn)
            if balancer and balancer.attrs.get("deletion_protection.enabled") == "true":
                raise ELBClientError("OperationNotPermitted", f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled")
            original(self, arn)

        return delete_load_balancer

    wrap(ELBv2Backend, "delete_load_balancer", delete)


def table_encryption() -> None:
    """A table that stands gets a key; moto takes one only when a table is made, so that the encryption of an imported table would never come."""
    from moto.dynamodb.responses import DynamoHandler

    def update(original: Method) -> Method:
        def update_table(self: Any) -> Any:
            wanted = self.body.get("SSESpecification")
            if wanted is not None:
                table = self.dynamodb_backend.get_table(self.body["TableName"])
                key = wanted.get("KMSMasterKeyId") or table._get_default_encryption_key(self.current_account, self.region)
                table.sse_specification = {**wanted, "KMSMasterKeyId": key} if wanted.get("Enabled") else None
            return original(self)

        return update_table

    wrap(DynamoHandler, "update_table", update)


def parameter_data_types() -> None:
    """A parameter may hold what an integration of Systems Manager asks for, the third of the three types that there are."""
    from moto.ssm import models

    wrap(models, "_valid_parameter_data_type", lambda original: lambda data_type: data_type == "aws:ssm:integration" or original(data_type))


PATCHES = (parameter_data_types, named_certificates, protected_load_balancers, table_encryption, scaling_policies, group_deletion, database_parameters, database_minor_versions, database_resource_ids, adjoining_windows, trail_deletion)
