/** What can go wrong on a Monday morning: one bad edit to production's literal, and the one message that follows. */
import { shapeFindings } from "../../environments/reading/issues";
import { edited, findingsOf, GONE, messageOf, type Edits } from "./edits";

const RAW = "data.buckets.rawMarketData";

/** Edit → the path that the message names, the value as it shows it, and words of what is allowed. */
const BROKEN: readonly (readonly [what: string, edits: Edits, path: string, value: string, allowed: string])[] = [
  // --- the environment as a whole ---
  ["another environment's name", { name: "production1" }, "bootstrap.environments", "[ 'prod' ]", "a list with production1 itself"],
  ["a name with a hyphen", { name: "prod-eu" }, "name", '"prod-eu"', "2 to 12 of a-z and 0-9"],
  ["a stage that is none", { stage: "live" }, "stage", '"live"', '"production"'],
  ["the account as a number", { account: 777788889999 }, "account", "777788889999", "twelve digits, in quotes"],
  ["the account with hyphens", { account: "7777-8888-9999" }, "account", '"7777-8888-9999"', "twelve digits"],
  ["a region with a typo", { region: "ap-norteast-1" }, "region", '"ap-norteast-1"', 'did you mean "ap-northeast-1"?'],
  ["a zone as the region", { region: "ap-northeast-1a" }, "region", '"ap-northeast-1a"', 'did you mean "ap-northeast-1"?'],
  ["a suffix", { nameSuffix: "-prod" }, "nameSuffix", '"-prod"', '"", because stage is production'],
  ["a tag of AWS's own", { 'tags["aws:owner"]': "ops" }, 'tags["aws:owner"]', '"ops"', "not beginning with aws:"],
  ["a tag that the stacks set", { "tags.Environment": "live" }, "tags.Environment", '"live"', "no such tag"],
  ["a number as a tag", { "tags.CostCenter": 4711 }, "tags.CostCenter", "4711", "a tag value"],
  ["data that may be deleted", { deletionProtection: false }, "deletionProtection", "false", "true, because stage is production"],
  ["no keys of its own", { customerManagedKeys: false }, "customerManagedKeys", "false", "true, because stage is production"],
  ["true in quotes", { deletionProtection: "true" }, "deletionProtection", '"true"', "true or false, without quotes"],
  [
    "a state bucket in capitals",
    { stateBucket: "TSS-terraform-state" },
    "stateBucket",
    '"TSS-terraform-state"',
    "3 to 63 of a-z, 0-9 and -",
  ],
  [
    "development's state bucket",
    { stateBucket: "tss-terraform-state-111122223333" },
    "stateBucket",
    '"tss-terraform-state-111122223333"',
    "account 777788889999 in place of 111122223333",
  ],
  [
    "a repository's address",
    { "bootstrap.githubRepository": "https://github.com/example-org/infrastructure" },
    "bootstrap.githubRepository",
    '"https://github.com/example-org/infrastructure"',
    "owner/name of a GitHub repository",
  ],
  [
    "a bootstrap without this environment",
    { "bootstrap.environments": ["dev"] },
    "bootstrap.environments",
    "[ 'dev' ]",
    "a list with prod itself",
  ],
  ["a key with a typo", { deletionProtecton: true }, "deletionProtecton", "true", "did you mean deletionProtection?"],

  // --- network ---
  [
    "the default VPC",
    { network: { kind: "default", zones: ["ap-northeast-1a", "ap-northeast-1c"] }, platform: "ecs", database: "none" },
    "network.kind",
    '"default"',
    '"dedicated", because stage is production',
  ],
  ["a kind of network with a typo", { "network.kind": "dedicate" }, "network.kind", '"dedicate"', 'did you mean "dedicated"?'],
  ["a VPC that is too wide", { "network.cidr": "10.0.0.0/8" }, "network.cidr", '"10.0.0.0/8"', "a mask from /16 to /28"],
  ["a VPC with host bits", { "network.cidr": "10.0.1.0/16" }, "network.cidr", '"10.0.1.0/16"', "no host bits set"],
  [
    "a subnet outside the VPC",
    { "network.subnets.private[1]": "10.1.5.0/24" },
    "network.subnets.private[1]",
    '"10.1.5.0/24"',
    "a network inside network.cidr 10.0.0.0/16",
  ],
  [
    "two subnets that overlap",
    { "network.subnets.database[0]": "10.0.2.128/25" },
    "network.subnets.database[0]",
    '"10.0.2.128/25"',
    "apart from network.subnets.private[0] 10.0.2.0/24",
  ],
  [
    "the documents' second public subnet (C-07)",
    { "network.subnets.public[1]": "10.0.2.0/24" },
    "network.subnets.private[0]",
    '"10.0.2.0/24"',
    "apart from network.subnets.public[1] 10.0.2.0/24",
  ],
  [
    "one subnet of a tier",
    { "network.subnets.database": ["10.0.3.0/24"] },
    "network.subnets.database",
    "[ '10.0.3.0/24' ]",
    "2 networks, one for each of network.zones",
  ],
  ["a tier too little", { "network.subnets.containers": GONE }, "network.subnets.containers", "(missing)", "a list"],
  [
    "a public subnet too small for a load balancer",
    { "network.subnets.public[0]": "10.0.1.0/28" },
    "network.subnets.public[0]",
    '"10.0.1.0/28"',
    "a mask of /27 or wider",
  ],
  [
    "the same zone twice",
    { "network.zones": ["ap-northeast-1a", "ap-northeast-1a"] },
    "network.zones",
    "[ 'ap-northeast-1a', 'ap-northeast-1a' ]",
    "two or more different zones",
  ],
  [
    "a zone of another region",
    { "network.zones[0]": "ap-northeast-3a" },
    "network.zones[0]",
    '"ap-northeast-3a"',
    "a zone of region ap-northeast-1",
  ],
  [
    "a third zone without subnets",
    { "network.zones[2]": "ap-northeast-1d" },
    "network.subnets.public",
    "[ '10.0.1.0/24', '10.0.4.0/24' ]",
    "3 networks",
  ],
  ["no NAT", { "network.nat": { kind: "none" } }, "network.nat.kind", '"none"', '"instance" or "gateway": EKS nodes'],
  [
    "a NAT instance of the wrong architecture",
    { "network.nat": { kind: "instance", instanceType: "t4g.nano", image: { id: "ami-0dafcef159b1fc745", architecture: "x86_64" } } },
    "network.nat.image.architecture",
    '"x86_64"',
    '"arm64", the architecture of network.nat.instanceType t4g.nano',
  ],
  [
    "a NAT instance's type at a gateway",
    { "network.nat.instanceType": "t4g.nano" },
    "network.nat.instanceType",
    '"t4g.nano"',
    "no such key",
  ],
  ["an endpoint that there is not", { "network.interfaceEndpoints": ["s3"] }, "network.interfaceEndpoints[0]", '"s3"', '"sqs"'],
  [
    "an endpoint twice",
    { "network.interfaceEndpoints": ["sqs", "sqs"] },
    "network.interfaceEndpoints[1]",
    '"sqs"',
    "network.interfaceEndpoints[0]",
  ],
  [
    "a retention that CloudWatch does not offer",
    { "network.flowLogRetentionDays": 45 },
    "network.flowLogRetentionDays",
    "45",
    "one of 1, 3, 5, 7, 14, 30, 60, 90",
  ],

  // --- messaging ---
  ["a queue's name with a dot", { "events.orderQueue.name": "TSS.Orders" }, "events.orderQueue.name", '"TSS.Orders"', "1 to 80 of A-Z"],
  [
    "a FIFO queue without .fifo",
    { "events.orderQueue.fifo": true, "events.orderQueue.deadLetter.name": "Orders_DLQ.fifo" },
    "events.orderQueue.name",
    '"TSS_OrderRequestQueue"',
    "ending in .fifo, because events.orderQueue.fifo is true",
  ],
  [
    "a standard dead-letter queue of a FIFO queue",
    { "events.orderQueue.fifo": true, "events.orderQueue.name": "Orders.fifo" },
    "events.orderQueue.deadLetter.name",
    '"TSS_OrderRequestQueue_DLQ"',
    "ending in .fifo, because events.orderQueue.fifo is true",
  ],
  [
    "a queue that is its own dead-letter queue",
    { "events.orderQueue.deadLetter.name": "TSS_OrderRequestQueue" },
    "events.orderQueue.deadLetter.name",
    '"TSS_OrderRequestQueue"',
    "other than that of events.orderQueue.name",
  ],
  [
    "a visibility timeout of a day",
    { "events.orderQueue.visibilityTimeoutSeconds": 86_400 },
    "events.orderQueue.visibilityTimeoutSeconds",
    "86400",
    "from 0 to 43200",
  ],
  [
    "a visibility timeout in quotes",
    { "events.orderQueue.visibilityTimeoutSeconds": "60" },
    "events.orderQueue.visibilityTimeoutSeconds",
    '"60"',
    "a whole number of seconds",
  ],
  [
    "a retention of fifteen days",
    { "events.orderQueue.messageRetentionSeconds": 15 * 86_400 },
    "events.orderQueue.messageRetentionSeconds",
    "1296000",
    "from 60 to 1209600",
  ],
  [
    "a retention in days",
    { "events.orderQueue.messageRetentionSeconds": 4 },
    "events.orderQueue.messageRetentionSeconds",
    "4",
    "seconds from 60",
  ],
  [
    "half a second of polling",
    { "events.orderQueue.receiveWaitTimeSeconds": 0.5 },
    "events.orderQueue.receiveWaitTimeSeconds",
    "0.5",
    "a whole number of seconds from 0 to 20",
  ],
  [
    "dead letters that expire first",
    { "events.orderQueue.deadLetter.messageRetentionSeconds": 86_400 },
    "events.orderQueue.deadLetter.messageRetentionSeconds",
    "86400",
    "at least events.orderQueue.messageRetentionSeconds 345600",
  ],
  [
    "messages that expire before they are moved",
    { "events.orderQueue.deadLetter.maxReceiveCount": 1000, "events.orderQueue.visibilityTimeoutSeconds": 3600 },
    "events.orderQueue.messageRetentionSeconds",
    "345600",
    "more than 3600000",
  ],
  [
    "no receive at all",
    { "events.orderQueue.deadLetter.maxReceiveCount": 0 },
    "events.orderQueue.deadLetter.maxReceiveCount",
    "0",
    "from 1 to 1000",
  ],
  [
    "a queue without dead letters",
    { "events.orderQueue.deadLetter": GONE },
    "events.orderQueue.deadLetter",
    "(missing)",
    "an object with the keys name, maxReceiveCount, visibilityTimeoutSeconds",
  ],
  [
    "one name for both topics",
    { "events.systemAlertsTopic": "TSS_SystemEventsTopic" },
    "events.systemAlertsTopic",
    '"TSS_SystemEventsTopic"',
    "other than that of events.systemEventsTopic",
  ],
  [
    "an alarm address that is none",
    { "events.alertSubscriptions[0].endpoint": "trading-ops" },
    "events.alertSubscriptions[0].endpoint",
    '"trading-ops"',
    "an e-mail address",
  ],
  [
    "an address without TLS",
    { "events.alertSubscriptions[0]": { protocol: "https", endpoint: "http://alerts.example.com" } },
    "events.alertSubscriptions[0].endpoint",
    '"http://alerts.example.com"',
    "an https address",
  ],
  [
    "a password in an address",
    { "events.alertSubscriptions[0]": { protocol: "https", endpoint: "https://ops:secret@example.com" } },
    "events.alertSubscriptions[0].endpoint",
    '"https://ops:secret@example.com"',
    "without user name, password",
  ],
  [
    "nobody to tell",
    { "events.alertSubscriptions": [] },
    "events.alertSubscriptions",
    "[]",
    "at least one subscription, because stage is production",
  ],
  [
    "an SMS",
    { "events.alertSubscriptions[0].protocol": "sms" },
    "events.alertSubscriptions[0].protocol",
    '"sms"',
    'one of "email", "https"',
  ],

  // --- data ---
  [
    "a bucket's name with an underscore",
    { [`${RAW}.name`]: "tss_raw_market_data" },
    `${RAW}.name`,
    '"tss_raw_market_data"',
    "3 to 63 of a-z, 0-9 and -",
  ],
  [
    "a bucket's name that is too long for its copy",
    { [`${RAW}.name`]: `tss-${"raw-".repeat(13)}data-1` },
    `${RAW}.name`,
    `"tss-${"raw-".repeat(13)}data-1"`,
    "57 characters at the most",
  ],
  [
    "staging's bucket",
    { [`${RAW}.name`]: "tss-raw-market-data-444455556666-staging" },
    `${RAW}.name`,
    '"tss-raw-market-data-444455556666-staging"',
    "account 777788889999 in place of 444455556666",
  ],
  [
    "two buckets of one name",
    { [`${RAW}.name`]: "tss-backtest-results-777788889999" },
    "data.buckets.backtestResults.name",
    '"tss-backtest-results-777788889999"',
    "other than that of data.buckets.rawMarketData.name",
  ],
  ["a move to IA within the month", { [`${RAW}.transitions[0].days`]: 7 }, `${RAW}.transitions[0].days`, "7", "30 or more for STANDARD_IA"],
  [
    "a move back to a warmer class",
    { [`${RAW}.transitions[1].storageClass`]: "STANDARD_IA" },
    `${RAW}.transitions[1].storageClass`,
    '"STANDARD_IA"',
    "a colder class than STANDARD_IA",
  ],
  [
    "a class that S3 does not have",
    { [`${RAW}.transitions[1].storageClass`]: "GLACIER_INSTANT" },
    `${RAW}.transitions[1].storageClass`,
    '"GLACIER_INSTANT"',
    '"GLACIER_IR"',
  ],
  ["more recovery than DynamoDB offers", { "data.table.recoveryPeriodDays": 90 }, "data.table.recoveryPeriodDays", "90", "from 1 to 35"],
  [
    "an index twice",
    { "data.table.globalSecondaryIndexes[1].name": "GSI1" },
    "data.table.globalSecondaryIndexes[1].name",
    '"GSI1"',
    "other than that of data.table.globalSecondaryIndexes[0]",
  ],
  [
    "a projected key",
    { "data.table.globalSecondaryIndexes[0].projectedAttributes[0]": "pk" },
    "data.table.globalSecondaryIndexes[0].projectedAttributes[0]",
    '"pk"',
    "an attribute that is no key",
  ],
  ["a cache id in capitals", { "data.cache.id": "AXIA-redis" }, "data.cache.id", '"AXIA-redis"', "1 to 40 of a-z, 0-9 and -"],
  ["a node type without cache.", { "data.cache.nodeType": "t3.micro" }, "data.cache.nodeType", '"t3.micro"', "such as cache.t3.micro"],
  [
    "a window in local words",
    { "data.cache.maintenanceWindow": "Sunday 05:00-06:00" },
    "data.cache.maintenanceWindow",
    '"Sunday 05:00-06:00"',
    "ddd:hh:mm-ddd:hh:mm in UTC",
  ],
  [
    "windows that overlap",
    { "data.cache.maintenanceWindow": "sun:04:00-sun:05:00" },
    "data.cache.maintenanceWindow",
    '"sun:04:00-sun:05:00"',
    "apart from data.cache.snapshotWindow 03:00-05:00",
  ],
  [
    "a parameter as a number",
    { "data.cache.parameters.timeout": 300 },
    "data.cache.parameters.timeout",
    "300",
    'the parameter\'s value as text, such as "300"',
  ],
  [
    "a cache without replicas",
    { "data.cache.replicasPerShard": 0 },
    "data.cache.replicasPerShard",
    "0",
    "1 or more, because data.cache.multiAz is true",
  ],
  ["a single zone's cache", { "data.cache.multiAz": false }, "data.cache.multiAz", "false", "true, because stage is production"],
  ["encryption switched off", { "data.cache.encryption": false }, "data.cache.encryption", "false", "no such key"],
  [
    "a secret's name with a suffix like AWS's",
    { "data.secrets.mt5.name": "TSS/mt5-live42" },
    "data.secrets.mt5.name",
    '"TSS/mt5-live42"',
    "not ending in - and six characters",
  ],
  [
    "a copy in the same region",
    { "data.replication.region": "ap-northeast-1" },
    "data.replication.region",
    '"ap-northeast-1"',
    "other than the environment's own",
  ],
  [
    "a suffix without its hyphen",
    { "data.replication.bucketSuffix": "osaka" },
    "data.replication.bucketSuffix",
    '"osaka"',
    "a hyphen and 1 to 12",
  ],

  // --- hosts and platform ---
  [
    "RDP open to the world",
    { "windows.adminCidrs": ["0.0.0.0/0"] },
    "windows.adminCidrs[0]",
    '"0.0.0.0/0"',
    "/8 or narrower, because stage is production",
  ],
  ["the UI open to half of the world", { "windows.uiCidrs": ["128.0.0.0/1"] }, "windows.uiCidrs[0]", '"128.0.0.0/1"', "the whole Internet"],
  [
    "an address in place of a network",
    { "windows.adminCidrs": ["203.0.113.7"] },
    "windows.adminCidrs[0]",
    '"203.0.113.7"',
    "an IPv4 network",
  ],
  [
    "a Graviton Windows",
    { "windows.instanceType": "t4g.medium" },
    "windows.instanceType",
    '"t4g.medium"',
    "an x86_64 type such as t3.medium",
  ],
  ["an instance type without its size", { "windows.instanceType": "t3" }, "windows.instanceType", '"t3"', "such as t3.small"],
  [
    "the documents' placeholder image (C-03)",
    { "windows.image": { id: "ami-xxxxxxxxx", architecture: "x86_64" } },
    "windows.image.id",
    '"ami-xxxxxxxxx"',
    "such as ami-0dafcef159b1fc745",
  ],
  [
    "the documents' security group (C-11)",
    { "windows.securityGroup": "sg-axia-ec2" },
    "windows.securityGroup",
    '"sg-axia-ec2"',
    "not beginning with sg-",
  ],
  [
    "an engine of the wrong architecture",
    { "linuxEngine.image": { id: "ami-0dafcef159b1fc745", architecture: "x86_64" } },
    "linuxEngine.image.architecture",
    '"x86_64"',
    '"arm64"',
  ],
  // --- services ---
  [
    "an image without a version",
    { "services.ml.image": "day-trade-ml" },
    "services.ml.image",
    '"day-trade-ml"',
    "<repository>:<tag> with a tag other than latest",
  ],
  [
    "whatever image is the latest",
    { "services.ml.image": "day-trade-ml:latest" },
    "services.ml.image",
    '"day-trade-ml:latest"',
    "a tag other than latest",
  ],
  [
    "two services of one repository",
    { "services.data.image": "day-trade-ml:0.1.0" },
    "services.data.image",
    '"day-trade-ml"',
    "a repository name other than that of services.ml.image",
  ],
  [
    "a service in capitals",
    { "services.ML": { image: "other:1", cpu: 256, memory: 512 } },
    "services.ML",
    "{ image: 'other:1', cpu: 256, memory: 512 }",
    "1 to 15 of a-z, 0-9 and single hyphens",
  ],
  ["memory that Fargate does not have", { "services.ml.memory": 4000 }, "services.ml.memory", "4000", "with cpu 2048 one of 4096, 5120"],
  ["memory as Kubernetes writes it", { "services.ml.memory": "4Gi" }, "services.ml.memory", '"4Gi"', "a whole number of MiB"],
  ["vCPUs for CPU units", { "services.ml.cpu": 2 }, "services.ml.cpu", "2", "one of 256, 512, 1024, 2048"],
  [
    "replicas of a service that scales",
    { "services.ml.replicas": 3 },
    "services.ml.replicas",
    "3",
    "no replicas beside scaling, which begins with its min 3",
  ],
  [
    "more tasks at the least than at the most",
    { "services.ml.scaling": { min: 30, max: 20 } },
    "services.ml.scaling.min",
    "30",
    "at most services.ml.scaling.max 20",
  ],
  [
    "a second scheduler (CON-010)",
    { "services.scheduler.replicas": 2 },
    "services.scheduler.replicas",
    "2",
    "0 or 1, because strategy is recreate",
  ],
  [
    "scaling that holds the alarm",
    { "services.ml.scaling.cpuPercent": 90 },
    "services.ml.scaling.cpuPercent",
    "90",
    "less than alarms.services.cpuPercent 85",
  ],
  [
    "a call of a service that is not there",
    { "services.ml.calls": ["dta"] },
    "services.ml.calls[0]",
    '"dta"',
    "another service of the environment: data, scheduler",
  ],
  ["services that call each other", { "services.data.calls": ["ml"] }, "services.data.calls", "[ 'ml' ]", "services that do not call data"],
  ["a path without its slash", { "services.ml.route.paths[0]": "ml/*" }, "services.ml.route.paths[0]", '"ml/*"', "such as /ml/*"],
  [
    "one priority for two routes",
    { "services.data.route.priority": 100 },
    "services.data.route.priority",
    "100",
    "other than that of services.ml.route.priority",
  ],
  [
    "services open to the world",
    { "cluster.loadBalancer.clientCidrs": ["0.0.0.0/0"] },
    "cluster.loadBalancer.clientCidrs[0]",
    '"0.0.0.0/0"',
    "/8 or narrower, because stage is production",
  ],
  [
    "staging's certificate",
    { "cluster.loadBalancer.certificateArn": "arn:aws:acm:ap-northeast-1:444455556666:certificate/0a1b2c3d-4e5f-4a6b-8c7d-000000000012" },
    "cluster.loadBalancer.certificateArn",
    '"arn:aws:acm:ap-northeast-1:444455556666:certificate/0a1b2c3d-4e5f-4a6b-8c7d-000000000012"',
    "a certificate of region ap-northeast-1 and account 777788889999",
  ],
  [
    "routes and nothing that serves them",
    { "cluster.loadBalancer": GONE },
    "cluster.loadBalancer",
    "(missing)",
    "an object, because services.ml.route sends requests through it",
  ],
  [
    "a variable of AWS's own",
    { "services.ml.environment": { AWS_REGION: "us-east-1" } },
    "services.ml.environment.AWS_REGION",
    '"us-east-1"',
    "not beginning with AWS_ or ECS_",
  ],
  [
    "a variable that the infrastructure sets",
    { "services.ml.environment": { DATA_URL: "http://data" } },
    "services.ml.environment.DATA_URL",
    '"http://data"',
    "no such variable",
  ],
  ["a number as a variable", { "services.ml.environment": { WORKERS: 4 } }, "services.ml.environment.WORKERS", "4", "1 to 4096 characters"],
  [
    "a key that the secret does not hold",
    { "services.ml.secrets.LOGIN": { secret: "mt5", key: "user" } },
    "services.ml.secrets.LOGIN.key",
    '"user"',
    "a key of that secret: login, password, server",
  ],
  [
    "the Administrator's password for a service",
    { "services.ml.secrets.LOGIN": { secret: "windowsLogon", key: "password" } },
    "services.ml.secrets.LOGIN.secret",
    '"windowsLogon"',
    "a secret that a stack owns: mt5, slackWebhook",
  ],
  [
    "a right that there is not",
    { "services.ml.grants[0]": "processedMarketData.write" },
    "services.ml.grants[0]",
    '"processedMarketData.write"',
    '"processedMarketData.readWrite"',
  ],
  [
    "a right that another holds",
    { "services.ml.grants[1]": "processedMarketData.readWrite" },
    "services.ml.grants[0]",
    '"processedMarketData.read"',
    "no processedMarketData.read beside processedMarketData.readWrite",
  ],
  [
    "a service that connects to no database",
    { database: "none", "data.rds": GONE },
    "services.ml.grants[4]",
    '"database.connect"',
    'no database.connect, because database is "none"',
  ],
  ["no services", { services: GONE }, "services", "(missing)", "an object of"],
  ["a platform that is none", { platform: "fargate" }, "platform", '"fargate"', '"none", "ecs", "eks" or { kind: "kubernetes"'],
  [
    "a Kubernetes platform without a context",
    { platform: { kind: "kubernetes", kubeconfig: "~/.kube/config" } },
    "platform.context",
    "(missing)",
    "1 to 253 characters",
  ],
  [
    "an in-cluster database without a cluster",
    { platform: "ecs", database: "in-cluster", "data.rds": GONE },
    "database",
    '"in-cluster"',
    "needs platform eks or kubernetes, not ecs",
  ],
  ["RDS that nothing describes", { "data.rds": GONE }, "data.rds", "(missing)", 'an object, because database is "rds"'],
  ["a database that is described and not there", { database: "none" }, "database", '"none"', '"rds", because data.rds describes one'],
  ["a database in one zone", { "data.rds.multiAz": false }, "data.rds.multiAz", "false", "true, because stage is production"],
  [
    "a database of a class that RDS does not have",
    { "data.rds.instanceClass": "t3.medium" },
    "data.rds.instanceClass",
    '"t3.medium"',
    "an RDS instance class",
  ],
  ["both databases", { database: ["rds", "in-cluster"] }, "database", "[ 'rds', 'in-cluster' ]", 'one of "none", "rds", "in-cluster"'],
  [
    "both caches of the services",
    { servicesCache: ["shared", "in-cluster"] },
    "servicesCache",
    "[ 'shared', 'in-cluster' ]",
    'one of "shared", "in-cluster"',
  ],
  ["no word on the database", { database: GONE }, "database", "(missing)", 'one of "none", "rds", "in-cluster"'],
  ["no windows", { windows: GONE }, "windows", "(missing)", "an object with the keys instanceType, image, securityGroup"],
];

it("there are well over forty ways", () => expect(new Set(BROKEN.map(([what]) => what)).size).toBeGreaterThanOrEqual(60));

it.each(BROKEN)("prod with %s", (_, edits, path, value, allowed) => {
  const message = messageOf(edited("prod", edits));
  const said = message.split("\n").findIndex((line) => line === `  ${path} = ${value}`);
  // The line below names what is allowed; the whole message stands here so that a failure shows it.
  expect(said > 0 ? message.split("\n")[said + 1] : message).toContain(allowed);
  expect(message.split("\n")[said + 1]).toMatch(/^ {4}allowed: /);
});

it("all at once are all reported, as far as the schema alone can tell", () => {
  const related = (path: string, other: string) =>
    path === other || [".", "["].some((end) => path.startsWith(other + end) || other.startsWith(path + end));
  const chosen: [path: string, value: unknown][] = [];
  for (const [, edits, path] of BROKEN) {
    // Without its kind nobody knows what a block may hold.
    if (!(path in edits) || /\.(kind|protocol)$/.test(path) || chosen.some(([other]) => related(path, other))) continue;
    if (shapeFindings(edited("prod", { [path]: edits[path] })).some((finding) => finding.path === path)) chosen.push([path, edits[path]]);
  }
  expect(chosen.length).toBeGreaterThan(30);
  const reported = findingsOf(edited("prod", Object.fromEntries(chosen))).map(({ path }) => path);
  expect(reported).toEqual(expect.arrayContaining(chosen.map(([path]) => path)));
});

it("one mistake in each part is reported with those of the others", () => {
  const edits: Edits = {
    deletionProtection: false,
    "tags.Name": "x",
    "network.subnets.private[0]": "10.1.0.0/24",
    "network.zones[0]": "ap-northeast-1d",
    "network.nat.kind": "gateway",
    "events.orderQueue.deadLetter.messageRetentionSeconds": 60,
    "events.alertSubscriptions": [],
    "data.replication.region": "ap-northeast-1",
    [`${RAW}.transitions[0].days`]: 1,
    "data.cache.multiAz": false,
    "data.rds.multiAz": false,
    "windows.uiCidrs": ["0.0.0.0/0"],
    platform: "none",
    servicesCache: "in-cluster",
  };
  expect(
    findingsOf(edited("prod", edits))
      .map(({ path }) => path)
      .sort(),
  ).toEqual([
    "backup.lock",
    "data.buckets.rawMarketData.transitions[0].days",
    "data.cache.multiAz",
    "data.rds.multiAz",
    "data.replication.region",
    "deletionProtection",
    "events.alertSubscriptions",
    "events.orderQueue.deadLetter.messageRetentionSeconds",
    "linuxEngine.privateAddresses.engine",
    "linuxEngine.privateAddresses.worker",
    "network.subnets.private[0]",
    "servicesCache",
    "tags.Name",
    "windows.uiCidrs[0]",
  ]);
});

it("a broken part hides no mistake in another one, nor an unknown key one beside it", () => {
  const edits: Edits = {
    "data.secrets": null,
    "data.cache.parameters.timeout": 300,
    "data.buckets.rawMarketData.transitions[0].days": 7,
    "data.table.globalSecondaryIndexes[1].name": "GSI1",
    "events.systemEventsTopic": "a.b",
    "events.orderQueue.name": "Orders.fifo",
    "windows.image": null,
    "windows.adminCidrs": ["0.0.0.0/0"],
    "network.natt": {},
    "network.subnets.private[0]": "10.1.0.0/24",
  };
  expect(
    findingsOf(edited("prod", edits))
      .map(({ path }) => path)
      .sort(),
  ).toEqual([
    "data.buckets.rawMarketData.transitions[0].days",
    "data.cache.parameters.timeout",
    "data.secrets",
    "data.table.globalSecondaryIndexes[1].name",
    "events.orderQueue.name",
    "events.systemEventsTopic",
    "linuxEngine.privateAddresses.engine",
    "linuxEngine.privateAddresses.worker",
    "network.natt",
    "network.subnets.private[0]",
    "windows.adminCidrs[0]",
    "windows.image",
  ]);
});
