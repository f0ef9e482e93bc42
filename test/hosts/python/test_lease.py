"""The conditions of the lease against DynamoDB as moto knows it."""
import unittest

import support
from moto import mock_aws
from tss_host import aws
from tss_host.lease import KEY, LeaseStore, Lost, Record


class LeaseTest(unittest.TestCase):
    def setUp(self):
        mock = mock_aws()
        mock.start()
        self.addCleanup(mock.stop)
        self.dynamodb = aws.client("dynamodb", "ap-northeast-1")
        support.create_table(self.dynamodb)
        self.a, self.b = (LeaseStore(self.dynamodb, "orders", owner, 60) for owner in ("a", "b"))

    def item(self):
        return self.dynamodb.get_item(TableName="orders", Key=KEY)["Item"]

    def test_the_first_acquisition_writes_the_item(self):
        self.assertIsNone(self.a.read())
        self.assertEqual(self.a.acquire(None), Record("a", 1, 1, 60))
        self.assertRegex(self.item().pop("last_updated_utc")["S"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(
            {key: value for key, value in self.item().items() if key != "last_updated_utc"},
            {**KEY, "item_type": {"S": "GlobalSetting"}, "owner": {"S": "a"}, "token": {"N": "1"}, "version": {"N": "1"}, "lease_seconds": {"N": "60"}},
        )

    def test_only_one_of_two_gets_what_both_saw(self):
        self.a.acquire(None)
        with self.assertRaises(Lost):
            self.b.acquire(None)
        seen = self.b.read()
        self.a.renew(seen)
        with self.assertRaises(Lost):
            self.b.acquire(seen)
        self.assertEqual(self.b.acquire(self.b.read()), Record("b", 2, 3, 60))

    def test_a_renewal_changes_the_version_alone_and_may_be_repeated(self):
        held = self.a.acquire(None)
        self.assertEqual(self.a.renew(held), Record("a", 1, 2, 60))
        self.assertEqual(self.a.renew(held), Record("a", 1, 3, 60))

    def test_who_lost_the_lease_neither_renews_nor_releases(self):
        held = self.a.acquire(None)
        taken = self.b.acquire(held)
        for change in (self.a.renew, self.a.release):
            with self.assertRaises(Lost):
                change(held)
            # Neither the owner alone will do, nor the token alone.
            with self.assertRaises(Lost):
                change(taken)
        again = self.a.acquire(self.a.read())
        for change in (self.a.renew, self.a.release):
            with self.assertRaises(Lost):
                change(held)
        self.assertEqual(self.a.read(), again)

    def test_tokens_go_on_after_a_release(self):
        self.a.release(self.a.acquire(None))
        free = self.b.read()
        self.assertEqual(free, Record("", 1, 2, 60))
        self.assertEqual(self.b.acquire(free), Record("b", 2, 3, 60))

    def test_a_deleted_item_is_not_renewed(self):
        held = self.a.acquire(None)
        self.dynamodb.delete_item(TableName="orders", Key=KEY)
        for change in (self.a.renew, self.a.release):
            with self.assertRaises(Lost):
                change(held)
        self.assertIsNone(self.a.read())

    def test_an_item_written_by_hand_is_refused(self):
        self.dynamodb.put_item(TableName="orders", Item={**KEY, "owner": {"S": "me"}})
        with self.assertRaisesRegex(ValueError, "is no lease"):
            self.a.read()

    def test_a_lease_may_be_a_fraction_of_seconds(self):
        store = LeaseStore(self.dynamodb, "orders", "c", 2.5)
        self.assertEqual(store.acquire(None).lease_seconds, 2.5)


if __name__ == "__main__":
    unittest.main()
