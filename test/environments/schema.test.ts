/** Every field that has limits: the values just outside are refused, those just inside accepted. */
import { pathTo } from "../../environments/rules/finding";
import { edited, findingsOf, GONE, WITHOUT_DATABASE, type Base, type Edits } from "./edits";

interface Field {
  readonly path: string;
  /** Part of what the message says is allowed. */
  readonly allowed: string;
  readonly refused: readonly unknown[];
  readonly accepted: readonly unknown[];
  /** @default "prod" */
  readonly base?: Base;
  /** What must fit the value elsewhere in the literal. */
  readonly with?: Edits;
}

const characters = (count: number, text = "a") => text.repeat(count);
const ML = "services.ml";
const BALANCER = "cluster.loadBalancer";
/** The least that a service says, a secret, and a value of a schedule. */
const SERVICE = { image: "other:1", cpu: 256, memory: 512 };
const SECRET = { name: "TSS/other", description: "Another", keys: ["key"] };
const MORNING = { cron: "0 23 * * SUN-THU", min: 5 };
const MINUTES = (count: number) => Array.from({ length: count }, (_, index) => ({ ...MORNING, cron: `${index} 23 * * *` }));
const DIGEST = characters(64, "0");
const SERVICE_NAME = "1 to 15 of a-z, 0-9 and single hyphens, a letter first";
const PORT_NAME = "1 to 15 of a-z, 0-9 and single hyphens, a letter first, not http (that is `port`)";
const VARIABLE = "1 to 128 of A-Z, 0-9 and _, a letter first, not beginning with AWS_ or ECS_ (the platform's own)";
const IMAGE = "a repository (a letter first, no registry before it) and a version: <repository>:<tag> with a tag other than latest, or <repository>@sha256:<64 hexadecimal digits>, such as day-trade-ml:1.4.2";
const PATH_PATTERN = "a path pattern of at most 128 characters such as /ml/*: a slash, then letters, digits, _-.$/~\"'@:+& and the wildcards * and ?";
const HOST_PATTERN = "a host name of at most 128 characters such as ml.example.com, with the wildcards * and ?";
const RAW = "data.buckets.rawMarketData";
const ORDERS = "events.orderQueue";
const GSI = "data.table.globalSecondaryIndexes";
const ADDRESS = "events.alertSubscriptions[0]";
/** Values of which no text is one. */
const NO_TEXT = [undefined, null, 5, true, [], {}, ["a"]];
const NO_NUMBER = [undefined, null, "60", NaN, Infinity, 1.5, 1e400, true, []];

const FIELDS: readonly Field[] = [
  { path: "name", allowed: "2 to 12 of a-z and 0-9", refused: [...NO_TEXT, "", "p", "Prod", "1prod", "prod-1", characters(13)], accepted: ["pr", characters(12), "prod2"], with: { bootstrap: GONE } },
  { path: "stage", allowed: 'one of "development", "staging", "production"', refused: [...NO_TEXT, "prod", "Production"], accepted: ["production"] },
  { path: "account", allowed: "twelve digits", refused: [...NO_TEXT, 777788889999, "77778888999", "7777888899990", "7777-8888-9999"], accepted: ["777788889999"] },
  { path: "region", allowed: "an AWS region such as ap-northeast-1", refused: [...NO_TEXT, "ap-northeast-9", "tokyo", "ap-northeast-1a", "cn-north-1", "us-gov-west-1"], accepted: ["ap-northeast-1"] },
  { path: "nameSuffix", allowed: "the end of names", refused: [...NO_TEXT, "-", "prod", "-Prod", "-prod-1"], accepted: [""] },
  { path: "tags", allowed: "an object of names and values", refused: [null, "a", 5, [], [{ Key: "a", Value: "b" }]], accepted: [undefined, {}, { Owner: "ops" }] },
  { path: "tags.Owner", allowed: "a tag value", refused: [null, 5, characters(257), "${x}", "a;b", "a\nb"], accepted: ["", characters(256), "トレード 1", "a_b.c:d/e=f+g-h@i"] },
  { path: "deletionProtection", allowed: "true or false, without quotes", refused: [null, "true", 1, []], accepted: [undefined, true] },
  { path: "customerManagedKeys", allowed: "true or false, without quotes", refused: [null, "false", 0], accepted: [undefined, true] },
  { path: "stateBucket", allowed: "3 to 63 of a-z, 0-9 and -", refused: [...NO_TEXT, "ab", characters(64), "Bucket", "a_b", "a.b", "-ab", "ab-", "xn--abc", "sthree-abc", "amzn-s3-demo-abc", "abc-s3alias", "abc--ol-s3", "abc--x-s3", "abc--table-s3"], accepted: ["abc", characters(63), "1-a", "s3alias"] },
  { path: "bootstrap", allowed: "an object with the keys githubRepository, environments", refused: [null, "a", true, []], accepted: [undefined] },
  { path: "bootstrap.githubRepository", allowed: "owner/name of a GitHub repository", refused: [...NO_TEXT, "name", "a/b/c", "-a/b", "a-/b", "a b/c", `${characters(61)}/b`, `a/${characters(121)}`, "a@b/c", "https://github.com/a/b"], accepted: ["a/b", "example-org/some.name_1", "example-org@1234/name@5678", "example-org-1234/name-5678", `${characters(60)}/${characters(120)}`] },
  { path: "bootstrap.environments", allowed: "a list", refused: [undefined, null, "prod", [], {}], accepted: [["prod"]] },
  { path: "bootstrap.environments[0]", allowed: "2 to 12 of a-z and 0-9", refused: ["Prod", "", 5], accepted: ["prod"] },
  { path: "bootstrap.noncurrentVersionDays", allowed: "a whole number of days from 1 to 36500", refused: [...NO_NUMBER.slice(1), 0, 36_501], accepted: [undefined, 1, 36_500] },

  // --- network ---
  { path: "network", allowed: 'an object whose kind is one of "default", "dedicated"', refused: [undefined, null, "dedicated", 5, []], accepted: [] },
  { path: "network.kind", allowed: 'one of "default", "dedicated"', refused: [undefined, null, "own", ["dedicated"]], accepted: ["dedicated"] },
  { path: "network.cidr", allowed: "an IPv4 network in its shortest form", refused: [...NO_TEXT, "10.0.0.0", "10.0.0.1/16", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0/16", "010.0.0.0/16", "10.0.0.0/016", "256.0.0.0/16", "10.0.0.0/16 ", "0.0.0.0/0/0", "fd00::/8", "10.0.0.0/1e1"], accepted: ["10.0.0.0/16"] },
  { path: "network.zones", allowed: "a list", refused: [undefined, null, "ap-northeast-1a", { 0: "ap-northeast-1a" }], accepted: [["ap-northeast-1a", "ap-northeast-1d"]] },
  { path: "network.zones", allowed: "a list of 6 at the most", refused: [["a", "b", "c", "d", "e", "f", "g"].map((letter) => `ap-northeast-1${letter}`)], accepted: [] },
  { path: "network.zones[0]", allowed: "an availability zone such as ap-northeast-1a", refused: ["ap-northeast-1", "a", "apne1-az1", 1, null], accepted: ["ap-northeast-1d"] },
  { path: "network.subnets", allowed: "an object with the keys public, private, database, containers", refused: [undefined, null, [], "10.0.0.0/24"], accepted: [] },
  { path: "network.subnets.public", allowed: "a list", refused: [undefined, null, "10.0.1.0/24"], accepted: [["10.0.1.0/24", "10.0.4.0/24"]] },
  { path: "network.subnets.private[1]", allowed: "an IPv4 network", refused: ["10.0.5.1/24", "10.0.5.0", null, 5], accepted: ["10.0.7.0/24"] },
  { path: "network.nat", allowed: 'an object whose kind is one of "none", "instance", "gateway"', refused: [undefined, null, "gateway", false], accepted: [{ kind: "gateway" }] },
  { path: "network.nat.kind", allowed: 'one of "none", "instance", "gateway"', refused: ["nat", undefined, true], accepted: ["gateway"] },
  { path: "network.nat.perZone", allowed: "true or false, without quotes", refused: [null, "no", 0], accepted: [undefined, true, false] },
  { base: "staging", path: "mt5.egressPorts", allowed: "a list", refused: [undefined, null, 443, []], accepted: [[443]] },
  { base: "staging", path: "mt5.egressPorts[0]", with: { "mt5.egressPorts[1]": 443 }, allowed: "a TCP port: a whole number from 1 to 65535", refused: [0, 65_536, -1, "443", 1.5, NaN], accepted: [1, 65_535] },
  { path: "network.interfaceEndpoints", allowed: "a list", refused: [null, "sqs", {}], accepted: [undefined, [], ["sqs"]] },
  { path: "network.interfaceEndpoints[0]", allowed: 'one of "ec2messages"', refused: ["s3", "SQS", 5, null], accepted: ["kms", "sts"] },
  { path: "network.flowLogRetentionDays", allowed: "one of 1, 3, 5, 7", refused: [null, 0, 2, 31, "30", 3654], accepted: [undefined, 1, 30, 3653] },

  // --- events ---
  { path: "events", allowed: "an object with the keys orderQueue, systemEventsTopic, systemAlertsTopic", refused: [undefined, null, [], "a"], accepted: [] },
  { path: ORDERS, allowed: "an object with the keys name, visibilityTimeoutSeconds, messageRetentionSeconds, deadLetter", refused: [undefined, null, []], accepted: [] },
  { path: `${ORDERS}.name`, allowed: "1 to 80 of A-Z, a-z, 0-9, _ and -", refused: [...NO_TEXT, "", characters(81), "a.b", "a b", ".fifo", "a.FIFO"], accepted: ["a", characters(80)] },
  { path: `${ORDERS}.name`, allowed: "1 to 80", refused: [`${characters(76)}.fifo`], accepted: [`${characters(75)}.fifo`], with: { [`${ORDERS}.fifo`]: true, [`${ORDERS}.deadLetter.name`]: "b.fifo" } },
  { path: `${ORDERS}.fifo`, allowed: "true or false, without quotes", refused: [null, "no"], accepted: [undefined, false] },
  { path: `${ORDERS}.visibilityTimeoutSeconds`, allowed: "a whole number of seconds from 0 to 43200", refused: [...NO_NUMBER, -1, 43_201], accepted: [0, 43_200] },
  { path: `${ORDERS}.messageRetentionSeconds`, allowed: "a whole number of seconds from 60 to 1209600", refused: [...NO_NUMBER, 59, 1_209_601], accepted: [60, 1_209_600], with: { [`${ORDERS}.visibilityTimeoutSeconds`]: 10 } },
  { path: `${ORDERS}.receiveWaitTimeSeconds`, allowed: "a whole number of seconds from 0 to 20", refused: [null, -1, 21, "20"], accepted: [undefined, 0, 20] },
  { path: `${ORDERS}.deadLetter`, allowed: "an object with the keys name, maxReceiveCount, visibilityTimeoutSeconds", refused: [undefined, null, "DLQ"], accepted: [] },
  { path: `${ORDERS}.deadLetter.maxReceiveCount`, allowed: "a whole number of receives from 1 to 1000", refused: [...NO_NUMBER, 0, 1001], accepted: [1, 1000] },
  { path: `${ORDERS}.deadLetter.messageRetentionSeconds`, allowed: "a whole number of seconds from 60 to 1209600", refused: [null, 59, 1_209_601], accepted: [undefined, 1_209_600] },
  { path: `${ORDERS}.deadLetter.visibilityTimeoutSeconds`, allowed: "a whole number of seconds from 0 to 43200", refused: [...NO_NUMBER, -1, 43_201], accepted: [0, 43_200] },
  { path: "events.systemEventsTopic", allowed: "1 to 256 of A-Z, a-z, 0-9, _ and -", refused: [...NO_TEXT, "", characters(257), "a.b", "a.fifo"], accepted: ["a", characters(256)] },
  { path: "events.systemAlertsTopic", allowed: "1 to 256 of A-Z, a-z, 0-9, _ and -", refused: ["a b", 5], accepted: ["a_b-c"] },
  { path: "events.alertSubscriptions", allowed: "a list", refused: [null, "ops@example.com", {}], accepted: [] },
  { path: ADDRESS, allowed: 'an object whose protocol is one of "email", "https"', refused: ["ops@example.com", null, 5], accepted: [] },
  { path: `${ADDRESS}.protocol`, allowed: 'one of "email", "https"', refused: ["sms", "http", undefined], accepted: ["email"] },
  { path: `${ADDRESS}.endpoint`, allowed: "an e-mail address", refused: [...NO_TEXT, "", "ops", "ops@", "@example.com", "ops@example", "ops @example.com", "a,b@example.com", "Ops <ops@example.com>", `${characters(250)}@example.com`], accepted: ["a@b.co", "a.b+c@example.com"] },
  {
    path: `${ADDRESS}.endpoint`, allowed: "an https address", with: { [`${ADDRESS}.protocol`]: "https" },
    refused: ["ops@example.com", "http://example.com", "https:example.com", "https://user:secret@example.com/", "https://example.com/#a", "https://example.com/${a}", "https://", "https://a b"],
    accepted: ["https://example.com", "https://example.com:8443/a?b=c"],
  },
  { path: "events.deadLetterAlarmPeriodSeconds", allowed: "one of 60, 300", refused: [null, 0, 120, "60"], accepted: [undefined, 60, 300] },

  // --- data ---
  { path: `${RAW}.name`, allowed: "3 to 63 of a-z, 0-9 and -", refused: [undefined, "TSS-raw", "a..b", "192.168.5.4"], accepted: ["abc"] },
  { path: `${RAW}.documentedName`, allowed: "a tag value", refused: [null, 5, characters(257), "a\tb"], accepted: [undefined, "tss-raw-data", characters(256)] },
  { path: `${RAW}.transitions[0].days`, allowed: "a whole number of days from 0 to 36500", refused: [...NO_NUMBER, -1, 36_501], accepted: [30, 60] },
  { path: `${RAW}.transitions[0].storageClass`, allowed: 'one of "STANDARD_IA"', refused: [undefined, "STANDARD", "ONEZONE_IA", "standard_ia"], accepted: ["INTELLIGENT_TIERING"] },
  { path: `${RAW}.noncurrentVersionDays`, allowed: "a whole number of days from 1 to 36500", refused: [null, 0, 36_501], accepted: [undefined, 1, 36_500] },
  { path: "data.accessLogBucket.expirationDays", allowed: "a whole number of days from 1 to 36500", refused: [...NO_NUMBER, 0, 36_501], accepted: [1, 36_500] },
  { path: "data.table.name", allowed: "3 to 255 of A-Z, a-z, 0-9, _, . and -", refused: [...NO_TEXT, "ab", characters(256), "a b"], accepted: ["abc", "a.b", characters(255)] },
  { path: "data.table.recoveryPeriodDays", allowed: "a whole number of days from 1 to 35", refused: [null, 0, 36], accepted: [undefined, 1, 35] },
  { path: `${GSI}[0].name`, allowed: "3 to 255", refused: ["G1", characters(256), undefined], accepted: ["GS1", characters(255)] },
  { path: `${GSI}[0].partitionKey`, allowed: "1 to 255", refused: ["", characters(256), undefined, "a b"], accepted: ["a", characters(255)] },
  { path: `${GSI}[0].sortKey`, allowed: "1 to 255", refused: ["", null], accepted: ["a"] },
  { path: `${GSI}[0].projectedAttributes`, allowed: "a list", refused: [undefined, null, [], Array.from({ length: 21 }, (_, index) => `a${index}`)], accepted: [["side"], Array.from({ length: 20 }, (_, index) => `a${index}`)] },
  { path: "data.cache", allowed: 'an object whose kind is one of "single", "cluster"', refused: [undefined, null, "cluster"], accepted: [] },
  { path: "data.cache.id", allowed: "1 to 40 of a-z, 0-9 and -, a letter first", refused: [...NO_TEXT, "", "1a", "A", "a--b", "a-", "-a", characters(41), "a_b"], accepted: ["a", "a-1", characters(40)] },
  { path: "data.cache.nodeType", allowed: "an ElastiCache node type", refused: [...NO_TEXT, "t3.micro", "cache.t3", "cache.t3.nano", "cache.t3.micro "], accepted: ["cache.t4g.micro", "cache.r7g.16xlarge"] },
  { path: "data.cache.maintenanceWindow", allowed: "ddd:hh:mm-ddd:hh:mm in UTC", refused: [...NO_TEXT, "05:00-06:00", "Sun:05:00-Sun:06:00", "sun:24:00-mon:01:00", "sun:5:00-sun:6:00", "sun:05:60-sun:06:60"], accepted: ["mon:00:00-mon:01:00"] },
  { path: "data.cache.snapshotWindow", allowed: "hh:mm-hh:mm in UTC", refused: [...NO_TEXT, "3:00-5:00", "24:00-01:00", "sun:03:00-sun:05:00", "03:00"], accepted: ["00:00-01:00"] },
  { path: "data.cache.snapshotRetentionDays", allowed: "a whole number of days from 0 to 35", refused: [...NO_NUMBER, -1, 36], accepted: [0, 35] },
  { path: "data.cache.parameters", allowed: "an object of names and values", refused: [undefined, null, [], "timeout=300"], accepted: [{}] },
  { path: "data.cache.parameters.timeout", allowed: "the parameter's value as text", refused: [300, null, "${a}"], accepted: ["300"] },
  { path: 'data.cache.parameters["Max Memory"]', allowed: "a Redis parameter such as maxmemory-policy", refused: ["1"], accepted: [] },
  { path: "data.cache.shards", allowed: "a whole number of shards from 1 to 500", refused: [...NO_NUMBER, 0, 501], accepted: [1, 250] },
  { path: "data.cache.replicasPerShard", allowed: "a whole number of replicas from 0 to 5", refused: [...NO_NUMBER, -1, 6], accepted: [1, 5] },
  { path: "data.cache.multiAz", allowed: "true or false, without quotes", refused: [null, "yes"], accepted: [undefined, true] },
  { base: "staging", path: "data.cache.encryption", allowed: "true or false, without quotes", refused: [null, "yes"], accepted: [undefined, true] },
  { path: "data.throttleAlarmThreshold", allowed: "a whole number of events from 0 to 1000000", refused: [null, -1, 1_000_001], accepted: [undefined, 0, 1_000_000] },
  { path: "data.cacheFreeableMemoryAlarmMegabytes", allowed: "a whole number of MB from 1 to 1000000", refused: [null, 0, 1_000_001], accepted: [undefined, 1, 1_000_000] },
  { path: "data.secrets", allowed: "an object with the keys mt5, slackWebhook", refused: [undefined, null, []], accepted: [] },
  { path: "data.secrets.mt5.name", allowed: "1 to 512 of A-Z, a-z, 0-9 and /_+=.@-", refused: [...NO_TEXT, "", characters(513), "a b", "TSS/mt5/live-abcdef"], accepted: ["a", characters(512), "TSS/mt5/live-abcde", "TSS/mt5/live-abcdefg"] },
  { path: "data.secrets.mt5.description", allowed: "1 to 2048 characters on one line, without ${ and %{", refused: [...NO_TEXT, "", characters(2049), "a\nb", "a ${b}", "100%{"], accepted: ["a", characters(2048), "costs $5, 100 % {sure}"] },
  { path: "data.secrets.mt5.keys", allowed: "a list", refused: [undefined, null, "login", []], accepted: [["login"]] },
  { path: "data.secrets.mt5.keys[0]", allowed: "1 to 64 of A-Z, a-z, 0-9 and _", refused: ["", "1a", "a-b", characters(65)], accepted: ["a", characters(64)] },
  { path: "data.rds", allowed: "an object", refused: [undefined, null, true, []], accepted: [] },
  { path: "data.rds", allowed: "an object with the keys id, instanceClass", refused: [null, "rds"], accepted: [undefined], with: WITHOUT_DATABASE },
  { path: "data.rds.id", allowed: "1 to 63 of a-z, 0-9 and -, a letter first", refused: [...NO_TEXT, "", "1a", "A", "a--b", "a-", "a_b", characters(64)], accepted: ["a", "a-1", characters(63)] },
  { path: "data.rds.instanceClass", allowed: "an RDS instance class of a known memory", refused: [...NO_TEXT, "t3.medium", "db.t3", "db.t3.nano", "db.t2.micro", "db.x2g.large", "db.t3.medium "], accepted: ["db.t3.micro", "db.t4g.2xlarge", "db.m7g.large", "db.r6g.4xlarge"] },
  { path: "data.rds.allocatedStorageGigabytes", allowed: "a whole number of GB from 20 to 65536", refused: [...NO_NUMBER, 19, 65_537], accepted: [20, 59_578], with: { "data.rds.maxAllocatedStorageGigabytes": 65_536 } },
  { path: "data.rds.maxAllocatedStorageGigabytes", allowed: "a whole number of GB from 20 to 65536", refused: [...NO_NUMBER, 19, 65_537], accepted: [22, 65_536], with: { "data.rds.allocatedStorageGigabytes": 20 } },
  { path: "data.rds.engineVersion", allowed: 'one of "15", "16", "17"', refused: [undefined, null, 15, "15.18", "14", "18"], accepted: ["15", "17"] },
  { path: "data.rds.multiAz", allowed: "true or false, without quotes", refused: [null, "yes"], accepted: [undefined, true] },
  { base: "staging", path: "data.rds.multiAz", allowed: "true or false, without quotes", refused: [0], accepted: [false] },
  { path: "data.rds.backupRetentionDays", allowed: "a whole number of days from 7 to 35", refused: [...NO_NUMBER, 0, 6, 36], accepted: [7, 35] },
  { path: "data.rds.backupWindow", allowed: "hh:mm-hh:mm in UTC", refused: [...NO_TEXT, "3:00-5:00", "sun:03:00-sun:05:00"], accepted: ["00:00-01:00"] },
  { path: "data.rds.maintenanceWindow", allowed: "ddd:hh:mm-ddd:hh:mm in UTC", refused: [...NO_TEXT, "05:00-06:00", "Sun:05:00-Sun:06:00"], accepted: ["mon:00:00-mon:01:00"] },
  { path: "data.rds.databaseName", allowed: "1 to 63 of a-z, 0-9 and _, a letter first", refused: [...NO_TEXT, "", "1a", "_a", "A", "a-b", "default", "db", "pg_a", "rds_a", characters(64)], accepted: ["a", "defaults", "trading_1", characters(63)] },
  { path: "data.rds.username", allowed: "no reserved word such as admin or user", refused: [...NO_TEXT, "admin", "rdsadmin", "user", "public", "pg_monitor"], accepted: ["administrator", "postgres", "tss"] },
  { path: "data.rds.performanceInsights", allowed: "true or false, without quotes", refused: [null, "yes"], accepted: [undefined, true, false] },
  { path: "data.rds.logRetentionDays", allowed: "one of 1, 3, 5, 7", refused: [null, 31], accepted: [undefined, 90] },
  { path: "data.rds.connectionAlarmPercent", allowed: "a whole number of percent from 1 to 99", refused: [null, 0, 100], accepted: [undefined, 1, 99] },
  { path: "data.replication", allowed: "an object with the keys region, bucketSuffix", refused: [null, true, "ap-northeast-3"], accepted: [undefined] },
  { path: "data.replication.region", allowed: "an AWS region", refused: [undefined, "osaka"], accepted: ["ap-northeast-2"] },
  { path: "data.replication.bucketSuffix", allowed: "a hyphen and 1 to 12 of a-z, 0-9", refused: ["", "-", "osaka", "-osaka-", "-a--b", "-Osaka", `-${characters(13)}`], accepted: ["-a", "-a-b", `-${characters(12)}`] },

  // --- hosts and platform ---
  { path: "windows", allowed: "an object with the keys instanceType, image, securityGroup", refused: [undefined, null, []], accepted: [] },
  { path: "windows.instanceType", allowed: "an EC2 instance type such as t3.small", refused: [...NO_TEXT, "t3", "small", "t3.tiny", "T3.small", "t3.small "], accepted: ["m7i-flex.large", "u-6tb1.metal", "c5.18xlarge"] },
  { path: "windows.image", allowed: "{ id, architecture } or { ssmParameter, architecture }", refused: [undefined, null, "ami-0dafcef159b1fc745", { architecture: "x86_64" }, { id: "ami-0dafcef159b1fc745", ssmParameter: "/a", architecture: "x86_64" }], accepted: [{ id: "ami-0dafcef1", architecture: "x86_64" }] },
  { path: "windows.image.id", allowed: "an image id such as ami-0dafcef159b1fc745", refused: ["ami-xxxxxxxxx", "ami-123", 5, "AMI-0dafcef1"], accepted: ["ami-0dafcef1"] },
  { path: "windows.image.architecture", allowed: 'one of "x86_64", "arm64"', refused: [undefined, "x86", "amd64"], accepted: ["x86_64"] },
  { base: "staging", path: "network.nat.image.ssmParameter", allowed: "the path of an SSM parameter", refused: ["aws/al2023", "/", "/a//b", "/a b"], accepted: ["/a/b-c_d.e"] },
  { path: "windows.securityGroup", allowed: "not beginning with sg- (reserved by AWS, C-11)", refused: [...NO_TEXT, "", "sg-axia-ec2", "SG-axia", "default", " axia", "axia ", characters(256), "axia|ec2", "${axia}"], accepted: ["axia-sg-ec2", characters(255), "default-axia", "$axia"] },
  { path: "windows.adminCidrs", allowed: "a list", refused: [null, "203.0.113.0/24", Array.from({ length: 26 }, (_, index) => `203.0.${index}.0/24`)], accepted: [undefined, [], ["203.0.113.0/24"]] },
  { path: "windows.adminCidrs[0]", allowed: "an IPv4 network", refused: ["203.0.113.7", "0.0.0.0/00", "0.0.0.0/0/0", "000.0.0.0/0", "::/0", null], accepted: ["203.0.113.7/32"] },
  { path: "windows.uiCidrs[0]", allowed: "an IPv4 network", refused: ["203.0.113.7/24", "any"], accepted: ["203.0.113.0/24"] },
  { path: "windows.rootVolumeGigabytes", allowed: "a whole number of GB from 8 to 16384", refused: [null, 7, 16_385, "30"], accepted: [undefined, 8, 16_384] },
  { path: "windows.programs.orderManager", allowed: "a path of Windows such as", refused: [null, "", "/usr/bin/python", "src\\", "C:", "a:b", 'a"b', "a\\\\b", "${a}"], accepted: [undefined, "main.py", "C:\\Order Manager\\main.py", "src\\a b\\main.py"] },
  { path: "windows.uiLoadBalancer.certificateArn", allowed: "the ARN of a certificate in AWS Certificate Manager", refused: [...NO_TEXT, "arn:aws:iam::777788889999:server-certificate/a", "arn:aws:acm:ap-northeast-1:777788889999:certificate/a"], accepted: ["arn:aws:acm:ap-northeast-1:777788889999:certificate/01234567-89ab-cdef-0123-456789abcdef"] },
  { path: "windows.uiLoadBalancer.requestsPerFiveMinutes", allowed: "a whole number of requests from 10 to 2000000000", refused: [null, 9, 2_000_000_001], accepted: [undefined, 10, 2_000_000_000] },
  { path: "windows.scaling.min", allowed: "a whole number of hosts from 0 to 3", refused: [undefined, -1, 4], accepted: [0, 1], with: { "windows.scaling.max": 3, "windows.scaling.desired": 1 } },
  { path: "windows.scaling.max", allowed: "a whole number of hosts from 1 to 3", refused: [undefined, 0, 4], accepted: [1, 3], with: { "windows.scaling.min": 0, "windows.scaling.desired": 1 } },
  { path: "windows.scaling.desired", allowed: "a whole number of hosts from 0 to 3", refused: [undefined, -1, 4], accepted: [0, 3], with: { "windows.scaling.min": 0, "windows.scaling.max": 3 } },
  { path: "windows.leaderGuard.leaseSeconds", allowed: "a whole number of seconds from 15 to 3600", refused: [null, 14, 3601], accepted: [undefined, 15, 3600], with: { "windows.leaderGuard.renewSeconds": 5 } },
  { path: "windows.leaderGuard.renewSeconds", allowed: "a whole number of seconds from 1 to 1799", refused: [null, 0, 1800], accepted: [undefined, 1, 1799], with: { "windows.leaderGuard.leaseSeconds": 3600 } },
  { base: "staging", path: "windows.schedule.stop", allowed: 'minute, hour, *, * and days of the week, UTC: "0 22 * * MON-FRI"', refused: [...NO_TEXT, "", "0 23 * * 5", "0 24 * * FRI", "60 23 * * FRI", "0 23 1 * FRI", "0 23 * * fri", "0 23 * * MON-", "*/5 23 * * FRI"], accepted: ["0 23 * * *", "59 0 * * FRI-MON", "5 09 * * SAT,SUN"] },
  { path: "windows.watchdogIntervalSeconds", allowed: "a whole number of seconds from 60 to 3600", refused: [null, 59, 3601], accepted: [undefined, 60, 3600] },
  { path: "windows.logRetentionDays.system", allowed: "one of 1, 3, 5, 7", refused: [null, 2, "7"], accepted: [undefined, 1, 3653] },
  { path: "linuxEngine.rootVolumeGigabytes", allowed: "a whole number of GB from 8 to 16384", refused: [null, 7], accepted: [undefined, 8] },
  { path: "linuxEngine.worker", allowed: "true or false, without quotes", refused: [null, "yes"], accepted: [undefined, false] },
  { path: "linuxEngine.nightlyBackup", allowed: "minute, hour, *, *", refused: [null, "daily"], accepted: [undefined, "30 3 * * *"] },
  { path: "linuxEngine.logRetentionDays", allowed: "one of 1, 3, 5, 7", refused: [null, 31], accepted: [undefined, 90] },
  { path: "collector.cron", allowed: "minute, hour, *, *", refused: [null, "22:00"], accepted: [undefined, "0 21 * * MON-FRI"] },
  { path: "metricNamespace", allowed: "1 to 255 of A-Z, a-z, 0-9 and ._/#-, not beginning with AWS/", refused: [null, "", "AWS/EC2", "a b", characters(256)], accepted: [undefined, "AWSome/Trading", characters(255)] },
  { path: "alarms.cpu.percent", allowed: "a whole number of percent from 1 to 99", refused: [null, 0, 100], accepted: [undefined, 1, 99] },
  { path: "alarms.cpu.periods", allowed: "a whole number of periods from 1 to 12", refused: [null, 0, 13], accepted: [undefined, 1, 12] },
  { path: "alarms.diskPercent", allowed: "a whole number of percent from 1 to 99", refused: [0, 100], accepted: [undefined, 99] },
  { path: "alarms.memoryPercent", allowed: "a whole number of percent from 1 to 99", refused: [0, 100], accepted: [undefined, 99] },
  { path: "application.cacheExpiry.ohlcv", allowed: '"new-york-close", or a whole number of seconds', refused: ["never", "60", {}], accepted: [undefined, null, 86_400, "new-york-close"] },
  { path: "application.cacheExpiry.positionsSeconds", allowed: "a whole number of seconds from 1 to 31536000", refused: [0, "300", 31_536_001], accepted: [undefined, null, 1] },
  { path: "application.retentionDays.closedPositions", allowed: "a whole number of days from 1 to 36500", refused: [null, 0], accepted: [undefined, 365] },

  // --- services ---
  { path: "cluster", allowed: "an object with the keys name", refused: [undefined, null, [], "day-trade"], accepted: [] },
  { path: "cluster.name", allowed: "1 to 100 of A-Z, a-z, 0-9, _ and -, a letter or digit first", refused: [...NO_TEXT, "", "-a", "_a", "a.b", "a b", "${a}", characters(101)], accepted: ["a", "1-a_B", characters(100)] },
  { path: "cluster.containerInsights", allowed: 'one of "enhanced", "enabled"', refused: [null, "disabled", true], accepted: [undefined, "enhanced", "enabled"] },
  { path: "cluster.executeCommand", allowed: "true or false, without quotes", refused: [null, "yes", 1], accepted: [undefined, true, false] },
  { path: "cluster.logRetentionDays", allowed: "one of 1, 3, 5, 7", refused: [null, 0, 31, "30"], accepted: [undefined, 1, 3653] },
  { path: BALANCER, allowed: "an object with the keys certificateArn, clientCidrs", refused: [null, true, []], accepted: [] },
  { path: `${BALANCER}.certificateArn`, allowed: "the ARN of a certificate in AWS Certificate Manager", refused: [...NO_TEXT, "arn:aws:acm:ap-northeast-1:777788889999:certificate/a"], accepted: ["arn:aws:acm:ap-northeast-1:777788889999:certificate/01234567-89ab-cdef-0123-456789abcdef"] },
  { path: `${BALANCER}.clientCidrs`, allowed: "a list", refused: [undefined, null, "203.0.113.0/24", []], accepted: [["203.0.113.0/24"], Array.from({ length: 25 }, (_, index) => `203.0.${index}.0/24`)] },
  { path: `${BALANCER}.clientCidrs`, allowed: "a list of 25 at the most", refused: [Array.from({ length: 26 }, (_, index) => `203.0.${index}.0/24`)], accepted: [] },
  { path: `${BALANCER}.clientCidrs[0]`, allowed: "an IPv4 network", refused: ["203.0.113.7", "any", "::/0"], accepted: ["203.0.113.7/32"] },
  { path: `${BALANCER}.requestsPerFiveMinutes`, allowed: "a whole number of requests from 10 to 2000000000", refused: [null, 9, 2_000_000_001], accepted: [undefined, 10, 2_000_000_000] },
  { path: "services", allowed: "an object of", refused: [undefined, null, [], "ml", 5], accepted: [] },
  { path: ML, allowed: "an object with the keys image, cpu, memory", refused: [null, "day-trade-ml:1", []], accepted: [] },
  ...["ML", "1ml", "m_l", "ml-", "-ml", "m--l", "", characters(16)].map((name): Field => ({ path: pathTo("services", name), allowed: SERVICE_NAME, refused: [SERVICE], accepted: [] })),
  ...["m", "data-api-2", "constructor", characters(15)].map((name): Field => ({ path: pathTo("services", name), allowed: "an object with the keys image, cpu, memory", refused: [null], accepted: [undefined, SERVICE] })),
  {
    path: `${ML}.image`, allowed: IMAGE,
    refused: [
      ...NO_TEXT, "", "day-trade-ml", "day-trade-ml:", "day-trade-ml:latest", "day-trade-ml@", "day-trade-ml@1.4.2", `day-trade-ml@sha256:${DIGEST.slice(1)}`, `day-trade-ml@sha256:${DIGEST}0`, `day-trade-ml@sha256:${characters(64, "A")}`,
      `day-trade-ml@sha512:${DIGEST}`, `day-trade-ml:1.4.2@sha256:${DIGEST}`, `:1`, "m:1", `${characters(257)}:1`, "1ml:1", "111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/ml:1", "Day-trade:1", "day--trade:1", "-day:1", "day-:1", "/day:1", "day:1:2", "day trade:1", "day:1 ", "day:-1", "day:.1", `day:${characters(129)}`, "day:${tag}",
    ],
    accepted: ["ml:1", "ml:latest-1", "ml:1.latest", "team/ml_a.b:V1.4.2_rc-1", `ml:${characters(128)}`, `ml@sha256:${DIGEST}`, `${characters(256)}:1`],
  },
  { path: `${ML}.architecture`, allowed: 'one of "x86_64", "arm64"', refused: [null, "amd64", "X86_64"], accepted: [undefined, "x86_64", "arm64"] },
  { path: `${ML}.cpu`, allowed: "one of 256, 512, 1024, 2048, 4096, 8192, 16384", refused: [undefined, null, 0, 128, 3072, 32_768, "1024", 1024.5], accepted: [1024, 2048, 4096], with: { [`${ML}.memory`]: 8192 } },
  { path: `${ML}.cpu`, allowed: "one of 256, 512", refused: [257], accepted: [256, 512], with: { [`${ML}.memory`]: 2048 } },
  { path: `${ML}.cpu`, allowed: "one of 256, 512", refused: [12_288], accepted: [8192, 16_384], with: { [`${ML}.memory`]: 40_960 } },
  { path: `${ML}.memory`, allowed: "a whole number of MiB from 512 to 122880", refused: [...NO_NUMBER, 511, 122_881], accepted: [122_880], with: { [`${ML}.cpu`]: 16_384 } },
  { path: `${ML}.memory`, allowed: "a whole number of MiB from 512 to 122880", refused: ["4 GB"], accepted: [512], with: { [`${ML}.cpu`]: 256 } },
  { path: `${ML}.port`, allowed: "a TCP port: a whole number from 1 to 65535", refused: [null, 0, 65_536, "8000"], accepted: [undefined, 1, 65_535] },
  { path: `${ML}.ports`, allowed: "an object of", refused: [null, 50_051, [50_051]], accepted: [undefined, {}, { grpc: 50_051 }] },
  { path: `${ML}.ports.grpc`, allowed: "a TCP port: a whole number from 1 to 65535", refused: [null, 0, 65_536, "50051"], accepted: [undefined, 1, 65_535] },
  ...["http", "GRPC", "1a", "a_b", "a--b", "a-", characters(16)].map((name): Field => ({ path: pathTo(`${ML}.ports`, name), allowed: PORT_NAME, refused: [50_051], accepted: [] })),
  ...["https", "http-2", "a", characters(15)].map((name): Field => ({ path: pathTo(`${ML}.ports`, name), allowed: "a TCP port", refused: [0], accepted: [50_051] })),
  ...["healthPath", "readyPath"].map((key): Field => ({ path: `${ML}.${key}`, allowed: "a path of a URL such as /health: a slash, then letters, digits and _.~/-", refused: [null, "", "health", "/a b", "/a?b=c", "/a#b", "/${a}", "/a%20b", `/${characters(1024)}`], accepted: [undefined, "/", "/a/b_c.d~e-F9", `/${characters(1023)}`] })),
  { path: `${ML}.healthCommand`, allowed: "a list", refused: [null, "true", {}], accepted: [undefined, ["true"], ["curl", "-f", "http://localhost:8000/health"]] },
  { path: `${ML}.healthCommand`, allowed: "a list of 1 or more", refused: [[]], accepted: [] },
  { path: `${ML}.healthCommand[0]`, allowed: "1 to 1024 characters on one line, without ${ and %{", refused: ["", 5, null, "a\nb", "echo ${HOME}", characters(1025)], accepted: ["$HOME/healthy", characters(1024)] },
  { path: `${ML}.startSeconds`, allowed: "a whole number of seconds from 0 to 300", refused: [null, -1, 301], accepted: [undefined, 0, 300] },
  { path: `${ML}.stopSeconds`, allowed: "a whole number of seconds from 1 to 120", refused: [null, 0, 121], accepted: [undefined, 1, 120] },
  { base: "dev", path: `${ML}.replicas`, allowed: "a whole number of tasks from 0 to 1000", refused: [null, -1, 1001, "2"], accepted: [undefined, 0, 1000] },
  { base: "dev", path: `${ML}.scaling`, allowed: "an object", refused: [null, true, 3, []], accepted: [undefined, {}] },
  { path: `${ML}.scaling.min`, allowed: "a whole number of tasks from 1 to 1000", refused: [null, 0, 1001], accepted: [undefined, 1, 1000], with: { [`${ML}.scaling.max`]: 1000 } },
  { path: `${ML}.scaling.max`, allowed: "a whole number of tasks from 1 to 1000", refused: [null, 0, 1001], accepted: [undefined, 1, 1000], with: { [`${ML}.scaling.min`]: 1 } },
  { path: `${ML}.scaling.cpuPercent`, allowed: "a whole number of percent from 1 to 100", refused: [null, 0, 101], accepted: [undefined, 1, 84] },
  { path: `${ML}.scaling.memoryPercent`, allowed: "a whole number of percent from 1 to 100", refused: [null, 0, 101], accepted: [undefined, 1, 89] },
  { path: `${ML}.scaling.queue`, allowed: "an object with the keys name, messagesPerTask", refused: [null, "orderQueue"], accepted: [undefined] },
  { path: `${ML}.scaling.queue.name`, allowed: 'one of "orderQueue", "alertProcessingQueue"', refused: [undefined, "TSS_OrderRequestQueue"], accepted: ["orderQueue", "alertProcessingQueue"], with: { [`${ML}.scaling.queue.messagesPerTask`]: 1 } },
  { path: `${ML}.scaling.queue.messagesPerTask`, allowed: "a whole number of messages from 1 to 1000000", refused: [undefined, 0, 1_000_001], accepted: [1, 1_000_000], with: { [`${ML}.scaling.queue.name`]: "orderQueue" } },
  { path: `${ML}.scaling.schedule`, allowed: "a list", refused: [null, MORNING, "0 23 * * *"], accepted: [undefined, [], [MORNING], MINUTES(20)] },
  { path: `${ML}.scaling.schedule`, allowed: "a list of 20 at the most", refused: [MINUTES(21)], accepted: [] },
  { path: `${ML}.scaling.schedule[0]`, allowed: "an object with the keys cron, min", refused: [null, "0 23 * * *"], accepted: [MORNING, { ...MORNING, max: 5 }] },
  { path: `${ML}.scaling.schedule[0].cron`, allowed: "minute, hour, *, *", refused: [undefined, "23:00", "0 23 * * 5"], accepted: ["0 23 * * *"], with: { [`${ML}.scaling.schedule[0].min`]: 1 } },
  { path: `${ML}.scaling.schedule[0].min`, allowed: "a whole number of tasks from 1 to 1000", refused: [undefined, 0, 1001], accepted: [1, 20], with: { [`${ML}.scaling.schedule[0].cron`]: "0 23 * * *" } },
  { path: `${ML}.scaling.schedule[0].max`, allowed: "a whole number of tasks from 1 to 1000", refused: [null, 0, 1001], accepted: [undefined, 5, 1000], with: { [`${ML}.scaling.schedule[0].cron`]: "0 23 * * *", [`${ML}.scaling.schedule[0].min`]: 5 } },
  { base: "dev", path: `${ML}.strategy`, allowed: 'one of "rolling", "recreate"', refused: [null, "Recreate", "blue-green"], accepted: [undefined, "rolling", "recreate"] },
  { path: `${ML}.spot`, allowed: "an object with the keys onDemandBase", refused: [null, true, []], accepted: [undefined, { onDemandBase: 1 }] },
  { path: `${ML}.spot.onDemandBase`, allowed: "a whole number of tasks from 1 to 1000", refused: [null, 0, 1001], accepted: [1, 1000] },
  { path: `${ML}.spot.spotPerOnDemand`, allowed: "a whole number of tasks from 1 to 100", refused: [null, 0, 101], accepted: [undefined, 1, 100], with: { [`${ML}.spot.onDemandBase`]: 1 } },
  { path: `${ML}.scratchGigabytes`, allowed: "a whole number of GB from 21 to 200", refused: [null, 20, 201], accepted: [undefined, 21, 200] },
  { path: `${ML}.route`, allowed: "an object with the keys priority", refused: [null, "/ml/*", []], accepted: [undefined] },
  { path: `${ML}.route.priority`, allowed: "a whole number of the listener's order from 1 to 50000", refused: [undefined, null, 0, 50_001, "100"], accepted: [1, 50_000] },
  { path: `${ML}.route.paths`, allowed: "a list", refused: [null, "/ml/*"], accepted: [["/ml/*"]] },
  { path: `${ML}.route.paths[0]`, allowed: PATH_PATTERN, refused: ["", "ml/*", 5, null, "/a b", "/a,b", "/${a}", "/%61", "/a#b", `/${characters(128)}`], accepted: ["/", "/*", "/ml/*/v?", "/a_b-c.d$e/~\"'@:+&", `/${characters(127)}`] },
  { path: `${ML}.route.hosts`, allowed: "a list", refused: [null, "ml.example.com"], accepted: [undefined, [], ["ml.example.com"]] },
  { path: `${ML}.route.hosts[0]`, allowed: HOST_PATTERN, refused: ["", "localhost", "*", 5, null, "ml.example.com.", ".example.com", "a..com", "ml.example.c0m", "ml.*", "https://ml.example.com", "ml.example.com:443", "m_l.example.com", `${characters(125)}.com`], accepted: ["ml.example.com", "*.example.com", "m?.Example.com", `${characters(124)}.com`] },
  { path: `${ML}.calls`, allowed: "a list", refused: [null, "data"], accepted: [undefined, [], ["data"]] },
  { path: `${ML}.calls[0]`, allowed: SERVICE_NAME, refused: ["", "Data", 5, null, "http://data:8000"], accepted: ["data"] },
  { path: `${ML}.environment`, allowed: "an object of names and values", refused: [null, [], "A=b", [{ name: "A", value: "b" }]], accepted: [undefined, {}, { A: "b" }] },
  { path: `${ML}.environment.LOG_LEVEL`, allowed: "1 to 4096 characters on one line, without ${ and %{", refused: [null, 5, true, "", "a\nb", "${HOME}", "%{a}", characters(4097)], accepted: [undefined, "info", "$HOME", characters(4096)] },
  ...["AWS_REGION", "ECS_ENABLE", "log_level", "1A", "_A", "A-B", "A.B", "", characters(129, "A")].map((name): Field => ({ path: pathTo(`${ML}.environment`, name), allowed: VARIABLE, refused: ["a"], accepted: [] })),
  ...["AWS_", "ECS_AGENT", "a"].map((name): Field => ({ path: pathTo(`${ML}.secrets`, name), allowed: VARIABLE, refused: [{ secret: "mt5", key: "login" }], accepted: [] })),
  ...["A", "AWS", "AWSOME_1", "ECSTASY", characters(128, "A")].map((name): Field => ({ path: pathTo(`${ML}.environment`, name), allowed: "1 to 4096 characters", refused: [5], accepted: ["a"] })),
  { path: `${ML}.secrets`, allowed: "an object of", refused: [null, [], "mt5"], accepted: [undefined, {}, { LOGIN: { secret: "mt5", key: "login" } }] },
  { path: `${ML}.secrets.LOGIN`, allowed: "an object with the keys secret, key", refused: [null, "mt5", "arn:aws:secretsmanager:ap-northeast-1:777788889999:secret:a"], accepted: [{ secret: "mt5", key: "login" }] },
  { path: `${ML}.secrets.LOGIN.secret`, allowed: "1 to 64 characters", refused: [undefined, "", characters(65)], accepted: ["mt5"], with: { [`${ML}.secrets.LOGIN.key`]: "login" } },
  { path: `${ML}.secrets.LOGIN.key`, allowed: "1 to 64 characters", refused: [undefined, "", characters(65)], accepted: ["login"], with: { [`${ML}.secrets.LOGIN.secret`]: "mt5" } },
  { path: `${ML}.grants`, allowed: "a list", refused: [null, "cache.connect", {}], accepted: [undefined, [], ["cache.connect"]] },
  { path: `${ML}.grants[0]`, allowed: 'one of "rawMarketData.read", "rawMarketData.readWrite"', refused: ["rawMarketData", "rawMarketData.write", "s3:*", null, "orderQueue.readWrite"], accepted: ["rawMarketData.read", "orderQueue.consume", "systemEvents.publish", "database.connect"], with: { [`${ML}.grants`]: [] } },
  { path: "data.serviceSecrets", allowed: "an object of", refused: [null, [], "TSS/api"], accepted: [undefined, {}, { marketDataApi: SECRET }] },
  ...["MarketData", "1a", "market-data", "market_data", "", characters(65)].map((id): Field => ({ path: pathTo("data.serviceSecrets", id), allowed: "1 to 64 letters and digits, a small letter first, such as marketDataApi", refused: [SECRET], accepted: [] })),
  ...["a", "marketDataApi2", characters(64)].map((id): Field => ({ path: pathTo("data.serviceSecrets", id), allowed: "an object with the keys name, description, keys", refused: [null, "TSS/api"], accepted: [undefined, SECRET] })),
  { path: "data.serviceSecrets.api.name", allowed: "1 to 512 of A-Z, a-z, 0-9 and /_+=.@-", refused: [undefined, "", "TSS/api-abcdef"], accepted: ["TSS/api"], with: { "data.serviceSecrets.api": { ...SECRET } } },
  ...(["cpuPercent", "memoryPercent"] as const).map((key): Field => ({ path: `alarms.services.${key}`, allowed: "a whole number of percent from 1 to 99", refused: [null, 0, 100], accepted: [undefined, 2, 99], with: { [`${ML}.scaling.${key}`]: 1, [`services.data.scaling.${key}`]: 1 } })),
  { path: "alarms.services.errorPercent", allowed: "a whole number of percent from 1 to 99", refused: [null, 0, 100], accepted: [undefined, 1, 99] },

  // --- platform ---
  { path: "linuxEngine", allowed: "an object with the keys instanceType, image", refused: [null, "t4g.small", true], accepted: [undefined] },
  { path: "platform", allowed: '"none", "ecs", "eks" or { kind: "kubernetes", kubeconfig, context }', refused: [undefined, null, "fargate", 5, ["eks"]], accepted: ["eks", "none", { kind: "kubernetes", kubeconfig: "~/.kube/config", context: "k3s" }] },
  { path: "platform.context", allowed: "1 to 253 characters", refused: [undefined, "", 5, characters(254)], accepted: ["k3s"], with: { platform: { kind: "kubernetes", kubeconfig: "~/.kube/config" } } },
  { path: "platform.kubeconfig", allowed: "1 to 1024 characters", refused: [undefined, ""], accepted: ["~/.kube/config"], with: { platform: { kind: "kubernetes", context: "k3s" } } },
  { path: "platform.kind", allowed: '"kubernetes"', refused: ["k8s", undefined], accepted: ["kubernetes"], with: { platform: { kubeconfig: "~/.kube/config", context: "k3s" } } },
  { path: "database", allowed: 'one of "none", "rds", "in-cluster"', refused: [undefined, null, "postgres", ["rds", "in-cluster"], { rds: true }], accepted: ["rds"] },
  { path: "database", allowed: 'one of "none", "rds", "in-cluster"', refused: [null], accepted: ["none", "in-cluster"], with: WITHOUT_DATABASE },
  { path: "servicesCache", allowed: 'one of "shared", "in-cluster"', refused: [undefined, null, "none", ["shared", "in-cluster"]], accepted: ["shared", "in-cluster"] },
];

/** No value: the key is missing. */
const edits = (field: Field, value: unknown): Edits => ({ ...field.with, [field.path]: value === undefined ? GONE : value });
const shown = (value: unknown) => (typeof value === "string" && value.length > 40 ? `${value.slice(0, 20)}… (${value.length})` : value === undefined ? "nothing" : typeof value === "number" ? String(value) : JSON.stringify(value).slice(0, 60));

describe("fields", () => {
  it.each(FIELDS.flatMap((field) => field.refused.map((value) => [field.path, shown(value), field, value] as const)))("%s refuses %s", (_, __, field, value) => {
    const findings = findingsOf(edited(field.base ?? "prod", edits(field, value)));
    const finding = findings.find(({ path, allowed }) => path === field.path && allowed.includes(field.allowed)) ?? findings;
    expect(finding).toEqual({ path: field.path, value, allowed: expect.stringContaining(field.allowed) as string });
  });

  it.each(FIELDS.flatMap((field) => field.accepted.map((value) => [field.path, shown(value), field, value] as const)))("%s accepts %s", (_, __, field, value) => {
    expect(findingsOf(edited(field.base ?? "prod", edits(field, value)))).toEqual([]);
  });
});
