"""Settings, kill switch, metrics, health, owner, and the commands around them."""
import contextlib
import io
import json
import os
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from unittest import mock

import support
from moto import mock_aws
from tss_host import aws, health, kill_switch, metrics, settings
from tss_host.__main__ import main
from tss_host.owner import owner


class HostTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.use(support.write_settings(self.folder))
        mocked = mock_aws()
        mocked.start()
        self.addCleanup(mocked.stop)
        self.dynamodb = aws.client("dynamodb", "ap-northeast-1")
        support.create_table(self.dynamodb)

    def use(self, path):
        patch = mock.patch.dict(os.environ, {"TSS_SETTINGS": str(path)})
        patch.start()
        self.addCleanup(patch.stop)

    def command(self, *arguments):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(list(arguments))
        return code, out.getvalue() + err.getvalue()


class SettingsTest(HostTest):
    def test_reads_the_file_that_the_environment_names(self):
        loaded = settings.load()
        self.assertEqual((loaded.table, loaded.cache.tls, loaded.leader_guard.lease_seconds), ("orders", True, 60))

    def test_says_what_is_wrong_and_where(self):
        path = self.folder / "settings.json"
        content = support.SETTINGS
        for change, message in (
            (None, "No such file"),
            ("{", "no JSON"),
            ("[]", "environment is missing"),
            ({**content, "table": 5}, "table has the wrong type: 5"),
            ({**content, "cache": {"host": "h", "port": 6379, "tls": True}}, "cache.clusterMode is missing"),
            ({**content, "cache": {**content["cache"], "port": True}}, "cache.port has the wrong type: true"),
            ({**content, "leaderGuard": {"leaseSeconds": 60}}, "leaderGuard.renewSeconds is missing"),
        ):
            with self.subTest(message=message):
                path.unlink(missing_ok=True)
                if change is not None:
                    path.write_text(change if isinstance(change, str) else json.dumps(change), encoding="utf-8")
                with self.assertRaises(settings.SettingsError) as raised:
                    settings.load()
                self.assertIn(str(path), str(raised.exception))
                self.assertIn(message, str(raised.exception))

    def test_bears_a_byte_order_mark(self):
        path = self.folder / "settings.json"
        path.write_text(path.read_text(), encoding="utf-8-sig")
        self.assertEqual(settings.load().host, "windows")


class KillSwitchTest(HostTest):
    def put(self, **attributes):
        self.dynamodb.put_item(TableName="orders", Item={**kill_switch.KEY, **attributes})

    def test_exit_codes(self):
        self.assertEqual(self.command("kill-switch"), (0, "kill switch: inactive (never set)\n"))
        self.put(active={"BOOL": True}, reason={"S": "drill"})
        self.assertEqual(self.command("kill-switch"), (10, "kill switch: active: drill\n"))
        self.put(active={"BOOL": False})
        self.assertEqual(self.command("kill-switch"), (0, "kill switch: inactive\n"))
        self.put(active={"S": "false"})
        self.assertEqual(self.command("kill-switch")[0], 11)
        self.put()
        self.assertEqual(self.command("kill-switch")[0], 11)
        self.dynamodb.delete_table(TableName="orders")
        self.assertEqual(self.command("kill-switch")[0], 11)
        self.use(self.folder / "none.json")
        self.assertEqual(self.command("kill-switch")[0], 11)


class MetricsTest(HostTest):
    def published(self):
        cloudwatch = aws.client("cloudwatch", "ap-northeast-1")
        dimensions = [{"Name": "Environment", "Value": "dev"}, {"Name": "Host", "Value": "windows"}]
        return {metric["MetricName"] for metric in cloudwatch.list_metrics(Namespace="AXIA/TradingSystem", Dimensions=dimensions)["Metrics"]}

    def test_publishes_with_both_dimensions(self):
        self.assertEqual(self.command("metrics", "Heartbeat=1", "MT5ConnectionStatus=0"), (0, ""))
        self.assertEqual(self.published(), {"Heartbeat", "MT5ConnectionStatus"})

    def test_the_documented_helper(self):
        with mock.patch.object(metrics, "_metrics", None):
            metrics.put_custom_metrics("ActivePositions", 3)
        self.assertEqual(self.published(), {"ActivePositions"})

    def test_sends_name_value_unit_and_utc_time(self):
        cloudwatch = mock.Mock()
        metrics.Metrics(settings.load(), cloudwatch).put([("CurrentProfitLoss", -1.5)], "None")
        sent = cloudwatch.put_metric_data.call_args.kwargs
        datum = sent["MetricData"][0]
        self.assertEqual((sent["Namespace"], datum["MetricName"], datum["Value"], datum["Unit"]), ("AXIA/TradingSystem", "CurrentProfitLoss", -1.5, "None"))
        self.assertEqual(datum["Timestamp"].utcoffset().total_seconds(), 0)

    def test_refuses_what_is_no_number(self):
        for argument in ("Heartbeat", "=1", "Heartbeat=", "Heartbeat=nan", "Heartbeat=many"):
            code, output = self.command("metrics", argument)
            self.assertEqual(code, 2)
            self.assertIn(repr(argument), output)


class HealthTest(HostTest):
    def check(self, clients=None, host="windows", **probes):
        self.use(support.write_settings(self.folder, host=host))
        redis = mock.Mock()
        redis.ping.return_value = True
        probes = {"redis_client": lambda cache: redis, "mt5": lambda: True, **probes}
        with contextlib.redirect_stderr(io.StringIO()):
            return health.SystemHealthChecker(settings.load(), clients or (lambda _: mock.Mock()), **probes).check_all_services()

    def test_all_answer(self):
        self.assertEqual(self.check(), {"dynamodb": True, "redis": True, "mt5": True, "sqs": True, "s3": True})

    def test_the_terminal_is_asked_for_on_windows_only(self):
        self.assertEqual(self.check(host="engine"), {"dynamodb": True, "redis": True, "sqs": True, "s3": True})

    def test_exceptions_mean_false(self):
        def fail(*_, **__):
            raise OSError("down")

        self.assertEqual(set(self.check(clients=fail, redis_client=fail, mt5=fail).values()), {False})

    def test_asks_what_exists(self):
        buckets, queue = aws.client("s3", "ap-northeast-1"), aws.client("sqs", "ap-northeast-1")
        services = {"dynamodb": self.dynamodb, "s3": buckets, "sqs": queue}
        self.assertEqual(self.check(services.get), {"dynamodb": True, "redis": True, "mt5": True, "sqs": False, "s3": False})
        place = {"LocationConstraint": "ap-northeast-1"}
        for bucket in support.SETTINGS["buckets"].values():
            buckets.create_bucket(Bucket=bucket, CreateBucketConfiguration=place)
        with mock.patch.dict(support.SETTINGS, orderQueueUrl=queue.create_queue(QueueName="orders")["QueueUrl"]):
            self.assertEqual(set(self.check(services.get).values()), {True})

    def test_redis_is_asked_as_the_settings_say(self):
        for cluster, kind in ((False, "Redis"), (True, "RedisCluster")):
            redis = mock.Mock()
            with mock.patch.dict("sys.modules", redis=redis):
                health.connect_redis(settings.Cache("h", 6380, True, cluster))
            getattr(redis, kind).assert_called_once_with(host="h", port=6380, ssl=True, socket_timeout=3.0, socket_connect_timeout=3.0)

    def test_command(self):
        with mock.patch.object(health.SystemHealthChecker, "check_all_services", return_value={"redis": False}):
            self.assertEqual(self.command("health"), (1, '{"redis": false}\n'))


class GuardCommandTest(HostTest):
    def test_refuses_settings_it_cannot_guard_with(self):
        self.use(support.write_settings(self.folder, leaderGuard={"leaseSeconds": 30, "renewSeconds": 15}))
        code, output = self.command("guard", "--", "true")
        self.assertEqual(code, 78)
        self.assertIn("less than half of leaseSeconds", output)
        self.use(support.write_settings(self.folder, leaderGuard=None))
        self.assertEqual(self.command("guard", "--", "true")[0], 78)
        self.assertEqual(self.command("guard")[0], 2)


class OwnerTest(unittest.TestCase):
    def test_names_the_instance_and_this_start(self):
        class Metadata(BaseHTTPRequestHandler):
            def do_PUT(self):
                self.reply("secret" if self.headers.get("X-aws-ec2-metadata-token-ttl-seconds") else "")

            def do_GET(self):
                self.reply("i-0123456789abcdef0" if self.headers.get("X-aws-ec2-metadata-token") == "secret" else "")

            def reply(self, text):
                self.send_response(200 if text else 401)
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_):
                pass

        server = HTTPServer(("127.0.0.1", 0), Metadata)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        address = f"http://127.0.0.1:{server.server_port}"
        self.assertRegex(owner(address), rf"^i-0123456789abcdef0/{os.getpid()}-[0-9a-f]{{8}}$")
        self.assertNotEqual(owner(address), owner(address))
        self.assertRegex(owner("http://127.0.0.1:1"), rf"^[^/]+/{os.getpid()}-")


if __name__ == "__main__":
    unittest.main()
