"""KMS keys whose material somebody brings, and keys of several regions."""
from __future__ import annotations

import time
from typing import Any

from tests.support import EmulatorCase, shared

setUpModule, tearDownModule = shared()


class ImportedMaterialTest(EmulatorCase):
    def setUp(self) -> None:
        self.kms = self.emulator.client("kms")
        self.key = {"KeyId": self.kms.create_key(Origin="EXTERNAL")["KeyMetadata"]["KeyId"]}

    def shown(self) -> dict[str, Any]:
        found: dict[str, Any] = self.kms.describe_key(**self.key)["KeyMetadata"]
        return found

    def bring(self, **more: Any) -> None:
        wanted = self.kms.get_parameters_for_import(**self.key, WrappingAlgorithm="RSAES_OAEP_SHA_256", WrappingKeySpec="RSA_2048")
        self.kms.import_key_material(**self.key, ImportToken=wanted["ImportToken"], EncryptedKeyMaterial=b"x" * 256, **more)

    def test_a_key_waits_for_its_material(self) -> None:
        self.assertEqual((self.shown()["KeyState"], self.shown()["Enabled"]), ("PendingImport", False))
        self.bring(ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE")
        self.assertEqual((self.shown()["KeyState"], self.shown()["ExpirationModel"]), ("Enabled", "KEY_MATERIAL_DOES_NOT_EXPIRE"))
        self.kms.delete_imported_key_material(**self.key)
        self.assertEqual(self.shown()["KeyState"], "PendingImport")

    def test_material_expires_in_the_year_that_comes(self) -> None:
        now, day = time.time(), 86_400
        self.bring(ValidTo=now + 364 * day)
        self.assertEqual(self.shown()["ExpirationModel"], "KEY_MATERIAL_EXPIRES")
        for moment in (now - day, now + 366 * day):
            self.assert_refused("ValidationException", self.bring, ValidTo=moment)

    def test_aws_keys_take_none(self) -> None:
        self.key = {"KeyId": self.kms.create_key()["KeyMetadata"]["KeyId"]}
        self.assert_refused("UnsupportedOperationException", self.bring)


class ReplicasTest(EmulatorCase):
    def test_a_replica_has_its_own_life(self) -> None:
        account = "333344445555"
        here, there = (self.emulator.client("kms", account, region) for region in ("eu-west-1", "eu-west-2"))
        key = {"KeyId": here.create_key(MultiRegion=True, Description="first")["KeyMetadata"]["KeyId"]}
        here.create_alias(AliasName="alias/first", TargetKeyId=key["KeyId"])
        made = here.replicate_key(**key, ReplicaRegion="eu-west-2", Description="second", Policy='{"Version": "2012-10-17"}', Tags=[{"TagKey": "a", "TagValue": "1"}])
        self.assertEqual(made["ReplicaKeyMetadata"]["Description"], "second")
        self.assertEqual(there.list_resource_tags(**key)["Tags"], [{"TagKey": "a", "TagValue": "1"}])
        self.assertEqual(there.get_key_policy(**key, PolicyName="default")["Policy"], '{"Version": "2012-10-17"}')
        self.assertEqual(there.list_aliases(**key)["Aliases"], [])
        kinds = [client.describe_key(**key)["KeyMetadata"]["MultiRegionConfiguration"]["MultiRegionKeyType"] for client in (there, here)]
        self.assertEqual(kinds, ["REPLICA", "PRIMARY"])
        self.assert_refused("AlreadyExistsException", here.replicate_key, **key, ReplicaRegion="eu-west-2")
        there.schedule_key_deletion(**key, PendingWindowInDays=7)
        here.delete_alias(AliasName="alias/first")
        here.schedule_key_deletion(**key, PendingWindowInDays=7)
        self.assertEqual(here.describe_key(**key)["KeyMetadata"]["KeyState"], "PendingReplicaDeletion")
        self.assertEqual(self.emulator.inventory(account), {})

    def test_an_ordinary_key_has_none(self) -> None:
        kms = self.emulator.client("kms")
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        self.assert_refused("UnsupportedOperationException", kms.replicate_key, KeyId=key, ReplicaRegion="eu-west-2")

    def test_external_material_is_brought_to_each(self) -> None:
        kms = self.emulator.client("kms", region="eu-west-1")
        key = kms.create_key(MultiRegion=True, Origin="EXTERNAL")["KeyMetadata"]["KeyId"]
        kms.import_key_material(KeyId=key, ImportToken=b"t", EncryptedKeyMaterial=b"x", ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE")
        self.assertEqual(kms.replicate_key(KeyId=key, ReplicaRegion="eu-west-2")["ReplicaKeyMetadata"]["KeyState"], "PendingImport")
