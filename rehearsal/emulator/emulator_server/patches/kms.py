"""KMS: keys whose material somebody brings, and keys of several regions."""
from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta, timezone
from typing import Any

from emulator_server.patches.replace import Method, add, wrap
from emulator_server.wire import Refusal

#: how long the parameters of an import are good for, and how far ahead material may expire: API_GetParametersForImport, API_ImportKeyMaterial
IMPORT_HOURS, LONGEST_DAYS = 24, 365
MARK = "EXTERNAL"


def imported_material() -> None:
    """A key of external origin waits for its material, works once it has come, and can lose it again."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from moto.kms.models import Key
    from moto.kms.responses import KmsResponse

    wrapping: list[bytes] = []

    def waits(key: Any) -> None:
        key.key_state, key.enabled, key.expires = "PendingImport", False, None

    def created(original: Method) -> Method:
        def init(self: Any, *args: Any, **kwargs: Any) -> None:
            original(self, *args, **kwargs)
            self.expires = None
            if self.origin == MARK:
                waits(self)

        return init

    def shown(original: Method) -> Method:
        def to_dict(self: Any) -> dict[str, Any]:
            found: dict[str, Any] = original(self)
            if self.origin == MARK and self.key_state != "PendingImport":
                expiry = {"ExpirationModel": "KEY_MATERIAL_EXPIRES", "ValidTo": self.expires} if self.expires else {"ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE"}
                found["KeyMetadata"] |= expiry
            return found

        return to_dict

    def subject(self: Any) -> Any:
        key_id = self._get_param("KeyId")
        self._validate_cmk_id(key_id)
        key = self.kms_backend.keys[self.kms_backend.get_key_id(key_id)]
        if key.origin != MARK:
            raise Refusal("UnsupportedOperationException", f"{key.arn} origin is {key.origin} which is not valid for this operation.")
        return key

    def parameters(self: Any) -> str:
        key = subject(self)
        if not wrapping:  # one for all: what is wrapped with it is never unwrapped here
            public = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
            wrapping.append(public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo))
        until = datetime.now(timezone.utc) + timedelta(hours=IMPORT_HOURS)
        answer = {"KeyId": key.arn, "ImportToken": base64.b64encode(key.id.encode()).decode(), "PublicKey": base64.b64encode(wrapping[0]).decode()}
        return json.dumps({**answer, "ParametersValidTo": until.timestamp()})

    def put(self: Any) -> str:
        key, expires = subject(self), self._get_param("ValidTo")
        if self._get_param("ExpirationModel", "KEY_MATERIAL_EXPIRES") == "KEY_MATERIAL_EXPIRES":
            ahead = float(expires or 0) - datetime.now(timezone.utc).timestamp()
            if not 0 < ahead <= timedelta(days=LONGEST_DAYS).total_seconds():
                raise Refusal("ValidationException", f"ValidTo must be in the future and at most {LONGEST_DAYS} days ahead.")
        key.key_state, key.enabled, key.expires = "Enabled", True, expires
        return json.dumps({"KeyId": key.arn})

    def remove(self: Any) -> str:
        key = subject(self)
        waits(key)
        return json.dumps({"KeyId": key.arn})

    wrap(Key, "__init__", created)
    wrap(Key, "to_dict", shown)
    add(KmsResponse, get_parameters_for_import=parameters, import_key_material=put, delete_imported_key_material=remove)


def replica_keys() -> None:
    """A replica has its own policy, description, tags, grants and names; its primary cannot go before it.

    https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-delete.html
    """
    from moto.kms.models import KmsBackend, kms_backends
    from moto.kms.responses import KmsResponse

    def of(original: Method) -> Method:
        def replicate_key(self: Any) -> str:
            backend, region = self.kms_backend, self._get_param("ReplicaRegion")
            primary = backend.keys[backend.get_key_id(self._get_param("KeyId"))]
            if not primary.multi_region:
                raise Refusal("UnsupportedOperationException", f"{primary.arn} is not a multi-Region key.")
            if any(replica["Region"] == region for replica in primary.multi_region_configuration["ReplicaKeys"]):
                raise Refusal("AlreadyExistsException", f"{primary.arn} already has a replica in {region}.")
            answer = json.loads(original(self))
            vars(backend).pop("multi_region_configuration", None)  # left behind by moto; nothing reads it
            key = kms_backends[backend.account_id][region].keys[primary.id]
            key.grants, key.aliases, key.description = {}, {}, self._get_param("Description") or ""
            key.multi_region_configuration = {**primary.multi_region_configuration, "MultiRegionKeyType": "REPLICA"}
            key.policy = self._get_param("Policy") or key.generate_default_policy()
            if key.origin == MARK:
                key.key_state, key.enabled = "PendingImport", False
            if tags := self._get_param("Tags"):
                kms_backends[backend.account_id][region].tagger.tag_resource(key.id, tags)
            return json.dumps({**answer, "ReplicaKeyMetadata": key.to_dict()["KeyMetadata"], "ReplicaPolicy": key.policy})

        return replicate_key

    def delete(original: Method) -> Method:
        def schedule_key_deletion(self: Any, key_id: str, *args: Any, **kwargs: Any) -> Any:
            answer = original(self, key_id, *args, **kwargs)
            key = self.keys[key_id]
            if key.multi_region and key.multi_region_configuration["MultiRegionKeyType"] == "PRIMARY" and key.multi_region_configuration["ReplicaKeys"]:
                key.key_state = "PendingReplicaDeletion"
            return answer

        return schedule_key_deletion

    wrap(KmsResponse, "replicate_key", of)
    wrap(KmsBackend, "schedule_key_deletion", delete)


PATCHES = (imported_material, replica_keys)
