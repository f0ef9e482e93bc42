/** Every rule over several fields but those of services and clusters, which service-rules.test.ts and kubernetes-rules.test.ts hold. */
import { architectureOf, RULES } from "../../environments/rules";
import { KUBERNETES_RULES } from "../../environments/rules/kubernetes";
import { SERVICE_RULES } from "../../environments/rules/services";
import { edited, findingsOf, GONE, LITERALS, messageOf, WITHOUT_DATABASE } from "./edits";
import { testRules, type Case } from "./rule-cases";

const NAT = "network.nat";
const natInstance = { kind: "instance", instanceType: "t4g.nano", image: { ssmParameter: "/aws/service/al2023-arm64", architecture: "arm64" } };
const ports = (count: number) => [443, ...Array.from({ length: count - 1 }, (_, index) => 1000 + index)];
const networks = (count: number, second = 0) => Array.from({ length: count }, (_, index) => `203.${second}.${index}.0/24`);
const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag${index}`, "x"]));
const names = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const index = (name: string, projectedAttributes: string[] = ["side"]) => ({ name, partitionKey: "ipk", sortKey: "isk", projectedAttributes });
const indexes = (count: number, attributes: number) => names("Index", count).map((name) => index(name, names("attribute", attributes)));
const furtherQueue = (name: string, end = "") => ({
  name: `${name}${end}`, fifo: false, visibilityTimeoutSeconds: 60, messageRetentionSeconds: 345_600, receiveWaitTimeSeconds: 20,
  deadLetter: { name: `${name}_DLQ${end}`, maxReceiveCount: 3, visibilityTimeoutSeconds: 60, messageRetentionSeconds: 1_209_600 },
});
const SCALING = { min: 1, max: 3, desired: 1 };
const CERTIFICATE = "arn:aws:acm:ap-northeast-1:777788889999:certificate/0a1b2c3d-4e5f-4a6b-8c7d-000000000003";
const GSI = "data.table.globalSecondaryIndexes";
const RAW = "data.buckets.rawMarketData";
const DIGEST = `sha256:${"0".repeat(64)}`;
const serviceSecret = (name: string) => ({ name, description: "Key of the market data's provider", keys: ["key"] });
const HOSTS_AND_IMAGES = ["ssm", "ssmmessages", "ec2messages", "ecr.api", "ecr.dkr", "logs"];
const ecsWithoutNat = (interfaceEndpoints: string[]) => ({ [NAT]: { kind: "none" }, platform: "ecs", "network.interfaceEndpoints": interfaceEndpoints });
const vpc = (cidr: string, thirdOctetsOf: string) => ({
  "network.cidr": cidr,
  "network.subnets": Object.fromEntries(["public", "private", "database", "containers"].map((tier, tierIndex) => [tier, [0, 1].map((zone) => `${thirdOctetsOf}.${tierIndex * 2 + zone}.0/24`)])),
  "linuxEngine.privateAddresses": GONE,
});

const CASES: readonly Case[] = [
  // --- names ---
  { rule: "the suffix of names fits stage and name", base: "prod", refused: { nameSuffix: "-prod" }, path: "nameSuffix", allowed: '"", because stage is production', accepted: { nameSuffix: "" } },
  { rule: "the suffix of names fits stage and name", base: "dev", refused: { nameSuffix: "-devel" }, path: "nameSuffix", allowed: '"-dev", because stage is development and name is dev', accepted: { nameSuffix: "-dev" } },
  { rule: "the suffix of names does not look like that of a secret's ARN", base: "dev", refused: { name: "canary" }, path: "name", allowed: /^a name of more or fewer than six characters/, accepted: {} },
  { rule: "physical names end with the environment's suffix", base: "staging", refused: { "events.systemEventsTopic": "TSS_SystemEventsTopic" }, path: "events.systemEventsTopic", allowed: "a topic name that ends with nameSuffix -staging", accepted: { "events.systemEventsTopic": "Another-staging" } },
  {
    rule: "physical names end with the environment's suffix", base: "staging", path: "events.orderQueue.name", allowed: "a queue name that ends with nameSuffix -staging",
    refused: { "events.orderQueue.fifo": true, "events.orderQueue.name": "Orders.fifo", "events.orderQueue.deadLetter.name": "Orders_DLQ-staging.fifo" },
    accepted: { "events.orderQueue.fifo": true, "events.orderQueue.name": "Orders-staging.fifo", "events.orderQueue.deadLetter.name": "Orders_DLQ-staging.fifo" },
  },
  { rule: "physical names end with the environment's suffix", base: "staging", refused: { "data.rds.id": "tss-database" }, path: "data.rds.id", allowed: "a database name that ends with nameSuffix -staging", accepted: { "data.rds.id": "other-staging" } },
  { rule: "physical names end with the environment's suffix", base: "staging", refused: { "cluster.name": "day-trade-production" }, path: "cluster.name", allowed: "a cluster name that ends with nameSuffix -staging", accepted: { "cluster.name": "other-staging" } },
  // The tag is no part of the repository's name.
  { rule: "physical names end with the environment's suffix", base: "staging", refused: { "services.ml.image": "day-trade-ml:1-staging" }, path: "services.ml.image", allowed: "a repository name that ends with nameSuffix -staging", accepted: { "services.ml.image": "ml-staging:1" } },
  { rule: "physical names end with the environment's suffix", base: "dev", refused: { "services.ml.image": `day-trade-ml-staging@${DIGEST}` }, path: "services.ml.image", allowed: "a repository name that ends with nameSuffix -dev", accepted: { "services.ml.image": `day-trade-ml-dev@${DIGEST}` } },
  { rule: "physical names end with the environment's suffix", base: "staging", refused: { "data.serviceSecrets.api": serviceSecret("TSS/api") }, path: "data.serviceSecrets.api.name", allowed: "a secret name that ends with nameSuffix -staging", accepted: { "data.serviceSecrets.api": serviceSecret("TSS/api-staging") } },
  { rule: "no physical name stands twice", base: "prod", refused: { "events.systemAlertsTopic": "TSS_SystemEventsTopic" }, path: "events.systemAlertsTopic", allowed: "a topic name other than that of events.systemEventsTopic", accepted: { "events.systemAlertsTopic": "TSS_OrderRequestQueue" } },
  { rule: "no physical name stands twice", base: "prod", refused: { "events.orderQueue.deadLetter.name": "TSS_OrderRequestQueue" }, path: "events.orderQueue.deadLetter.name", allowed: "a queue name other than that of events.orderQueue.name", accepted: { "events.orderQueue.deadLetter.name": "TSS_OrderRequestQueue_DLQ2" } },
  { rule: "no physical name stands twice", base: "prod", refused: { stateBucket: "tss-access-logs-777788889999" }, path: "data.accessLogBucket.name", allowed: "a bucket name other than that of stateBucket", accepted: { stateBucket: "tss-states-777788889999" } },
  { rule: "no physical name stands twice", base: "prod", refused: { "services.data.image": "day-trade-ml:2" }, path: "services.data.image", allowed: "a repository name other than that of services.ml.image", accepted: { "services.data.image": "day-trade-ml2:0.1.0" } },
  { rule: "no physical name stands twice", base: "prod", refused: { "data.serviceSecrets.api": serviceSecret("TSS/mt5/live") }, path: "data.serviceSecrets.api.name", allowed: "a secret name other than that of data.secrets.mt5.name", accepted: { "data.serviceSecrets.api": serviceSecret("day-trade-production") } },
  { rule: "no physical name stands twice", base: "prod", refused: { "data.serviceSecrets": { api: serviceSecret("TSS/api"), news: serviceSecret("TSS/api") } }, path: "data.serviceSecrets.news.name", allowed: "a secret name other than that of data.serviceSecrets.api.name", accepted: { "data.serviceSecrets": { api: serviceSecret("TSS/api"), news: serviceSecret("TSS/news") } } },
  { rule: "bucket names carry no other account's id", base: "prod", refused: { [`${RAW}.name`]: "tss-raw-market-data-111122223333" }, path: `${RAW}.name`, allowed: "a name with account 777788889999 in place of 111122223333, or with no account id", accepted: { [`${RAW}.name`]: "tss-raw-market-data-1234567890123" } },
  { rule: "bucket names carry no other account's id", base: "prod", refused: { stateBucket: "tss-terraform-state-444455556666" }, path: "stateBucket", allowed: "a name with account 777788889999 in place of 444455556666, or with no account id", accepted: { stateBucket: "tss-terraform-state", "events.systemEventsTopic": "Events-111122223333" } },
  { rule: "the tags leave AWS and the stacks their own", base: "prod", refused: { tags: tags(9) }, path: "tags", allowed: /^8 tags at the most/, accepted: { tags: tags(8) } },
  { rule: "the tags leave AWS and the stacks their own", base: "prod", refused: { "tags.environment": "prod" }, path: "tags.environment", allowed: /^no such tag: Environment, ManagedBy and Name/, accepted: { "tags.environments": "prod" } },
  { rule: "the tags leave AWS and the stacks their own", base: "prod", refused: { 'tags["cost center"]': "1", 'tags["Cost Center"]': "2" }, path: 'tags["Cost Center"]', allowed: /^a tag key that differs from "cost center" in more than/, accepted: { 'tags["cost center"]': "1", 'tags["Cost Centre"]': "2" } },
  { rule: "bootstrap knows its own environment, each once", base: "prod", refused: { "bootstrap.environments": ["staging"] }, path: "bootstrap.environments", allowed: "a list with prod itself", accepted: { "bootstrap.environments": ["staging", "prod"] } },
  { rule: "bootstrap knows its own environment, each once", base: "prod", refused: { "bootstrap.environments": ["prod", "prod"] }, path: "bootstrap.environments[1]", allowed: /^an entry that the list does not hold yet/, accepted: { "bootstrap.environments": ["prod", "prod2"] } },

  // --- network ---
  { rule: "only development stands in the default VPC", base: "prod", refused: { network: { kind: "default" } }, path: "network.kind", allowed: '"dedicated", because stage is production', accepted: {} },
  { rule: "the VPC is a private network of a size that AWS takes", base: "prod", refused: { "network.cidr": "10.0.0.0/15" }, path: "network.cidr", allowed: "a mask from /16 to /28", accepted: { "network.cidr": "10.0.0.0/16" } },
  { rule: "the VPC is a private network of a size that AWS takes", base: "prod", refused: { "network.cidr": "10.0.0.0/29" }, path: "network.cidr", allowed: "a mask from /16 to /28", accepted: { "network.cidr": "10.0.0.0/19" } },
  { rule: "the VPC is a private network of a size that AWS takes", base: "prod", refused: vpc("172.32.0.0/16", "172.32"), path: "network.cidr", allowed: /^a private network, inside one of 10\.0\.0\.0\/8/, accepted: vpc("172.31.0.0/16", "172.31") },
  { rule: "subnets have a size that AWS takes", base: "prod", refused: { "network.subnets.private[0]": "10.0.2.0/29" }, path: "network.subnets.private[0]", allowed: "a mask from /16 to /28", accepted: { "network.subnets.private[0]": "10.0.2.0/28" } },
  { rule: "subnets have a size that AWS takes", base: "prod", refused: { "network.subnets.public[1]": "10.0.4.0/28" }, path: "network.subnets.public[1]", allowed: /^a mask of \/27 or wider/, accepted: { "network.subnets.public[1]": "10.0.4.0/27" } },
  { rule: "subnets lie inside the VPC", base: "prod", refused: { "network.subnets.database[1]": "10.1.6.0/24" }, path: "network.subnets.database[1]", allowed: "a network inside network.cidr 10.0.0.0/16", accepted: { "network.subnets.database[1]": "10.0.255.0/24" } },
  { rule: "subnets lie inside the VPC", base: "prod", refused: { "network.cidr": "10.0.0.0/17", "network.subnets.containers[1]": "10.0.0.0/16" }, path: "network.subnets.containers[1]", allowed: "a network inside network.cidr 10.0.0.0/17", accepted: { "network.cidr": "10.0.0.0/17", "network.subnets.containers[1]": "10.0.64.0/18" } },
  { rule: "subnets do not overlap", base: "prod", refused: { "network.subnets.containers[1]": "10.0.5.0/24" }, path: "network.subnets.containers[1]", allowed: "a network apart from network.subnets.private[1] 10.0.5.0/24", accepted: { "network.subnets.containers[1]": "10.0.21.0/24" } },
  { rule: "subnets do not overlap", base: "prod", refused: { "network.subnets.containers[0]": "10.0.0.0/20" }, path: "network.subnets.containers[0]", allowed: "a network apart from network.subnets.public[0] 10.0.1.0/24", accepted: { "network.subnets.containers[0]": "10.0.32.0/20" } },
  {
    rule: "there are two zones, each once", base: "prod", path: "network.zones", allowed: /^two or more different zones/, accepted: {},
    refused: { "network.zones": ["ap-northeast-1a"], "network.subnets": { public: ["10.0.1.0/24"], private: ["10.0.2.0/24"], database: ["10.0.3.0/24"], containers: ["10.0.10.0/24"] } },
  },
  { rule: "there are two zones, each once", base: "prod", refused: { "network.zones[1]": "ap-northeast-1a" }, path: "network.zones[1]", allowed: /^an entry that the list does not hold yet/, accepted: { "network.zones[1]": "ap-northeast-1d" } },
  { rule: "zones belong to the region", base: "prod", refused: { "network.zones[1]": "ap-northeast-3c" }, path: "network.zones[1]", allowed: "a zone of region ap-northeast-1, such as ap-northeast-1a", accepted: { "network.zones[1]": "ap-northeast-1d" } },
  { rule: "every tier has a subnet in every zone", base: "prod", refused: { "network.subnets.database": ["10.0.3.0/24"] }, path: "network.subnets.database", allowed: "2 networks, one for each of network.zones", accepted: { "network.subnets.database": ["10.0.3.0/24", "10.0.7.0/24"] } },
  { rule: "every tier has a subnet in every zone", base: "prod", refused: { "network.subnets.database[2]": "10.0.7.0/24" }, path: "network.subnets.database", allowed: "2 networks, one for each of network.zones", accepted: {} },
  {
    rule: "without NAT, hosts are reached through endpoints", base: "prod", path: "network.interfaceEndpoints", allowed: /^a list with ec2messages, because network\.nat\.kind is none/,
    refused: { [NAT]: { kind: "none" }, platform: "none", "network.interfaceEndpoints": ["ssm", "ssmmessages"] },
    accepted: { [NAT]: { kind: "none" }, platform: "none", "network.interfaceEndpoints": ["ssm", "ssmmessages", "ec2messages"] },
  },
  ...["ecr.api", "ecr.dkr", "logs"].map((endpoint): Case => ({
    rule: "without NAT, ECS works through endpoints", base: "prod", path: "network.interfaceEndpoints", allowed: `a list with ${endpoint}, because network.nat.kind is none and platform is ecs`,
    refused: ecsWithoutNat(HOSTS_AND_IMAGES.filter((other) => other !== endpoint)), accepted: ecsWithoutNat(HOSTS_AND_IMAGES),
  })),
  {
    rule: "without NAT, ECS works through endpoints", base: "prod", path: "network.interfaceEndpoints", allowed: "a list with secretsmanager, because network.nat.kind is none and platform is ecs",
    refused: { ...ecsWithoutNat(HOSTS_AND_IMAGES), "services.data.secrets": { LOGIN: { secret: "mt5", key: "login" } } },
    accepted: { ...ecsWithoutNat([...HOSTS_AND_IMAGES, "secretsmanager"]), "services.data.secrets": { LOGIN: { secret: "mt5", key: "login" } } },
  },
  {
    rule: "without NAT, ECS works through endpoints", base: "prod", path: "network.interfaceEndpoints", allowed: "a list with ssmmessages, because network.nat.kind is none and platform is ecs",
    refused: { ...ecsWithoutNat(HOSTS_AND_IMAGES.filter((other) => other !== "ssmmessages")), "cluster.executeCommand": true }, accepted: { ...ecsWithoutNat(HOSTS_AND_IMAGES), "cluster.executeCommand": true },
  },
  {
    rule: "EKS has NAT", base: "prod", path: "network.nat.kind", allowed: /^"instance" or "gateway": EKS nodes/,
    refused: { [NAT]: { kind: "none" }, "network.interfaceEndpoints": ["ssm", "ssmmessages", "ec2messages", "ecr.api", "ecr.dkr", "logs"] },
    accepted: { [NAT]: { kind: "gateway", perZone: false } },
  },
  { rule: "the hosts reach HTTPS, each port once", base: "staging", refused: { "mt5.egressPorts": [80, 993] }, path: "mt5.egressPorts", allowed: /^a list with 443/, accepted: { "mt5.egressPorts": [443] } },
  { rule: "the hosts reach HTTPS, each port once", base: "dev", refused: { "mt5.egressPorts": [443, 443] }, path: "mt5.egressPorts[1]", allowed: /^an entry that the list does not hold yet/, accepted: { "mt5.egressPorts": [443, 444] } },
  { rule: "each interface endpoint stands once", base: "prod", refused: { "network.interfaceEndpoints": ["sqs", "sns", "sqs"] }, path: "network.interfaceEndpoints[2]", allowed: /^an entry that the list does not hold yet; "sqs"/, accepted: { "network.interfaceEndpoints": ["sqs", "sns"] } },
  { rule: "a NAT instance's security group is not full", base: "prod", refused: { [NAT]: natInstance, "mt5.egressPorts": ports(16) }, path: "mt5.egressPorts", allowed: /^15 ports at the most with 2 zones/, accepted: { [NAT]: natInstance, "mt5.egressPorts": ports(15) } },
  { rule: "the private network ACL is not full", base: "prod", refused: { "windows.adminCidrs": networks(17) }, path: "windows.adminCidrs", allowed: /^16 different networks at the most together with windows\.uiCidrs, beside 3 outbound ports/, accepted: { "windows.adminCidrs": networks(16), "windows.uiCidrs": networks(25, 1) } },
  { rule: "the private network ACL is not full", base: "dev", refused: { network: LITERALS.prod.network, "mt5.egressPorts": ports(10), "windows.adminCidrs": [], "windows.uiCidrs": networks(10) }, path: "windows.uiCidrs", allowed: /^9 different networks at the most together with windows\.adminCidrs, beside 10 outbound ports/, accepted: { network: LITERALS.prod.network, "mt5.egressPorts": ports(10), "windows.adminCidrs": [], "windows.uiCidrs": networks(9) } },

  // --- hosts ---
  { rule: "instance type and image architecture agree: windows", base: "dev", refused: { "windows.image.architecture": "arm64" }, path: "windows.image.architecture", allowed: /^"x86_64", the architecture of windows\.instanceType t3\.small/, accepted: { "windows.instanceType": "g4dn.xlarge" } },
  {
    rule: "instance type and image architecture agree: linuxEngine", base: "prod", path: "linuxEngine.image.architecture", allowed: /^"arm64", the architecture of linuxEngine\.instanceType t4g\.small/,
    refused: { linuxEngine: { securityGroup: "engine", instanceType: "t4g.small", image: { id: "ami-0dafcef159b1fc745", architecture: "x86_64" } } },
    accepted: { linuxEngine: { securityGroup: "engine", instanceType: "t3.small", image: { id: "ami-0dafcef159b1fc745", architecture: "x86_64" } } },
  },
  { rule: "instance type and image architecture agree: network", base: "staging", refused: { [`${NAT}.instanceType`]: "t3.nano" }, path: `${NAT}.image.architecture`, allowed: /^"x86_64", the architecture of network\.nat\.instanceType t3\.nano/, accepted: { [`${NAT}.instanceType`]: "c7gn.medium" } },
  { rule: "image parameter and architecture agree: windows", base: "prod", refused: { "windows.image": { ssmParameter: "/aws/windows-arm64", architecture: "x86_64" } }, path: "windows.image.ssmParameter", allowed: "the parameter of an x86_64 image, as windows.image.architecture says", accepted: { "windows.image": { ssmParameter: "/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base", architecture: "x86_64" } } },
  {
    rule: "image parameter and architecture agree: linuxEngine", base: "prod", path: "linuxEngine.image.ssmParameter", allowed: "the parameter of an arm64 image, as linuxEngine.image.architecture says",
    refused: { linuxEngine: { securityGroup: "engine", instanceType: "t4g.small", image: { ssmParameter: "/aws/al2023-x86_64", architecture: "arm64" } } },
    accepted: { linuxEngine: { securityGroup: "engine", instanceType: "t4g.small", image: { ssmParameter: "/aws/al2023-arm64", architecture: "arm64" } } },
  },
  // NET-017.
  ...([
    ["10.0.2.3", "10.0.2.4"], ["10.0.2.255", "10.0.2.254"], ["10.0.5.10", "10.0.2.10"], ["10.0.1.255", "10.0.2.99"],
  ] as const).map(([refused, accepted]) => ({
    rule: "fixed addresses of engine and worker can be had", base: "prod", path: "linuxEngine.privateAddresses.engine", allowed: /^an address in network\.subnets\.private\[0\] 10\.0\.2\.0\/24, without the first four and the last/,
    refused: { "linuxEngine.privateAddresses.engine": refused }, accepted: { "linuxEngine.privateAddresses.engine": accepted },
  } as const)),
  { rule: "fixed addresses of engine and worker can be had", base: "prod", path: "linuxEngine.privateAddresses.worker", allowed: "another address than linuxEngine.privateAddresses.engine", refused: { "linuxEngine.privateAddresses.worker": "10.0.2.10" }, accepted: { "linuxEngine.privateAddresses.worker": "10.0.2.12" } },
  { rule: "fixed addresses of engine and worker can be had", base: "prod", path: "linuxEngine.worker", allowed: "true, because linuxEngine.privateAddresses.worker is 10.0.2.11", refused: { "linuxEngine.worker": false }, accepted: { "linuxEngine.worker": false, "linuxEngine.privateAddresses": { engine: "10.0.2.10" } } },
  {
    rule: "fixed addresses of engine and worker can be had", base: "dev", path: "linuxEngine.privateAddresses", allowed: "nothing, because network.kind is default: its subnets are not known here",
    refused: { linuxEngine: { ...LITERALS.prod.linuxEngine!, securityGroup: "engine-dev" } }, accepted: { linuxEngine: { ...LITERALS.staging.linuxEngine!, securityGroup: "engine-dev", privateAddresses: undefined } },
  },
  {
    rule: "image parameter and architecture agree: network", base: "staging", path: `${NAT}.image.ssmParameter`, allowed: "the parameter of an x86_64 image, as network.nat.image.architecture says",
    refused: { [`${NAT}.instanceType`]: "t3.nano", [`${NAT}.image.architecture`]: "x86_64" },
    accepted: { [`${NAT}.instanceType`]: "t3.nano", [`${NAT}.image`]: { ssmParameter: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64", architecture: "x86_64" } },
  },
  { rule: "the Windows host is an x86_64 machine", base: "prod", refused: { "windows.instanceType": "t4g.medium", "windows.image": { id: "ami-0dafcef159b1fc745", architecture: "arm64" } }, path: "windows.instanceType", allowed: /^an x86_64 type such as t3\.medium/, accepted: { "windows.instanceType": "t3a.medium" } },
  { rule: "only development is open to the world", base: "prod", refused: { "windows.adminCidrs": ["203.0.113.0/24", "0.0.0.0/0"] }, path: "windows.adminCidrs[1]", allowed: /^a network of \/8 or narrower, because stage is production: a few wider ones are the whole Internet$/, accepted: { "windows.adminCidrs": ["203.0.113.0/24", "10.0.0.0/8"] } },
  { rule: "only development is open to the world", base: "staging", refused: { "windows.uiCidrs": ["128.0.0.0/1"] }, path: "windows.uiCidrs[0]", allowed: /because stage is staging/, accepted: { "windows.uiCidrs": ["128.0.0.0/8"] } },
  { rule: "only development is open to the world", base: "prod", refused: { "windows.uiCidrs": ["12.0.0.0/7"] }, path: "windows.uiCidrs[0]", allowed: /^a network of \/8 or narrower/, accepted: { "windows.uiCidrs": ["12.0.0.0/8"] } },
  { rule: "each client network stands once", base: "dev", refused: { "windows.adminCidrs": ["0.0.0.0/0", "0.0.0.0/0"] }, path: "windows.adminCidrs[1]", allowed: /^an entry that the list does not hold yet/, accepted: { "windows.adminCidrs": ["0.0.0.0/0", "0.0.0.0/1"] } },
  { rule: "each client network stands once", base: "prod", refused: { "windows.uiCidrs": ["203.0.113.7/32", "203.0.113.7/32"] }, path: "windows.uiCidrs[1]", allowed: /windows\.uiCidrs\[0\]$/, accepted: { "windows.uiCidrs": ["203.0.113.7/32"], "windows.adminCidrs": ["203.0.113.7/32"] } },
  { rule: "hosts that scale have the trading leader guard", base: "dev", refused: { "windows.scaling": SCALING, "windows.schedule": GONE }, path: "windows.leaderGuard", allowed: /^\{ leaseSeconds, renewSeconds \}, because windows\.scaling\.max is 3/, accepted: { "windows.scaling": { ...SCALING, max: 1 }, "windows.schedule": GONE } },
  { rule: "scaling goes from min over desired to max", base: "prod", refused: { "windows.scaling": { min: 3, max: 2, desired: 2 } }, path: "windows.scaling.min", allowed: "at most windows.scaling.max 2", accepted: { "windows.scaling": { min: 2, max: 2, desired: 2 } } },
  { rule: "scaling goes from min over desired to max", base: "prod", refused: { "windows.scaling": { min: 1, max: 2, desired: 3 } }, path: "windows.scaling.desired", allowed: "from windows.scaling.min 1 to windows.scaling.max 2", accepted: { "windows.scaling": { min: 1, max: 2, desired: 2 } } },
  { rule: "scaling goes from min over desired to max", base: "prod", refused: { "windows.scaling": { ...SCALING, removeBelowCpuPercent: 70 } }, path: "windows.scaling.removeBelowCpuPercent", allowed: /^less than windows\.scaling\.addAboveCpuPercent 70/, accepted: { "windows.scaling": { ...SCALING, removeBelowCpuPercent: 69 } } },
  { rule: "hosts that scale have no schedule", base: "staging", refused: { "windows.scaling": SCALING }, path: "windows.schedule", allowed: /^no schedule beside windows\.scaling/, accepted: { "windows.scaling": SCALING, "windows.schedule": GONE } },
  { rule: "the leader guard renews its lease in time", base: "prod", refused: { "windows.leaderGuard": { leaseSeconds: 60, renewSeconds: 30 } }, path: "windows.leaderGuard.renewSeconds", allowed: /^less than half of windows\.leaderGuard\.leaseSeconds 60/, accepted: { "windows.leaderGuard": { leaseSeconds: 60, renewSeconds: 29 } } },
  { rule: "a schedule stops and starts at different times", base: "dev", refused: { "windows.schedule": { stop: "0 23 * * FRI", start: "0 23 * * FRI" } }, path: "windows.schedule.start", allowed: "another time than windows.schedule.stop 0 23 * * FRI", accepted: { "windows.schedule": { stop: "0 23 * * FRI", start: "1 23 * * FRI" } } },
  { rule: "the UI's certificate is the environment's own", base: "prod", refused: { "windows.uiLoadBalancer.certificateArn": CERTIFICATE.replace("ap-northeast-1", "us-east-1") }, path: "windows.uiLoadBalancer.certificateArn", allowed: "a certificate of region ap-northeast-1 and account 777788889999", accepted: { "windows.uiLoadBalancer.certificateArn": CERTIFICATE } },
  { rule: "the UI's certificate is the environment's own", base: "prod", refused: { "windows.uiLoadBalancer.certificateArn": CERTIFICATE.replace("777788889999", "444455556666") }, path: "windows.uiLoadBalancer.certificateArn", allowed: "a certificate of region ap-northeast-1 and account 777788889999", accepted: { "windows.uiLoadBalancer.certificateArn": CERTIFICATE } },
  { rule: "outside development the UI has TLS", base: "prod", refused: { "windows.uiLoadBalancer": GONE }, path: "windows.uiLoadBalancer", allowed: /^\{ certificateArn \}, because stage is production/, accepted: { "windows.uiLoadBalancer": GONE, "windows.uiCidrs": [] } },

  // --- messaging ---
  { rule: "the names of queues say whether they are FIFO", base: "prod", refused: { "events.orderQueue.name": "Orders.fifo" }, path: "events.orderQueue.name", allowed: "a name without .fifo, because events.orderQueue.fifo is false", accepted: { "events.orderQueue.name": "Orders-fifo" } },
  { rule: "the names of queues say whether they are FIFO", base: "prod", refused: { "events.orderQueue.fifo": true, "events.orderQueue.name": "Orders.fifo" }, path: "events.orderQueue.deadLetter.name", allowed: "a name ending in .fifo, because events.orderQueue.fifo is true", accepted: { "events.orderQueue.fifo": true, "events.orderQueue.name": "Orders.fifo", "events.orderQueue.deadLetter.name": "Orders_DLQ.fifo" } },
  { rule: "the names of queues say whether they are FIFO", base: "prod", refused: { "events.alertProcessingQueue.deadLetter.name": "Alerts.fifo" }, path: "events.alertProcessingQueue.deadLetter.name", allowed: "a name without .fifo, because events.alertProcessingQueue.fifo is false", accepted: { "events.alertProcessingQueue.deadLetter.name": "Alerts" } },
  { rule: "dead letters stay at least as long as messages", base: "prod", refused: { "events.orderQueue.deadLetter.messageRetentionSeconds": 345_599 }, path: "events.orderQueue.deadLetter.messageRetentionSeconds", allowed: /^at least events\.orderQueue\.messageRetentionSeconds 345600/, accepted: { "events.orderQueue.deadLetter.messageRetentionSeconds": 345_600 } },
  {
    // A FIFO queue's message gets a new time stamp, so there the rule does not hold.
    rule: "dead letters stay at least as long as messages", base: "prod", path: "events.alertProcessingQueue.deadLetter.messageRetentionSeconds", allowed: /^at least events\.alertProcessingQueue\./,
    refused: { "events.alertProcessingQueue.deadLetter.messageRetentionSeconds": 60 },
    accepted: { "events.orderQueue.fifo": true, "events.orderQueue.name": "Orders.fifo", "events.orderQueue.deadLetter.name": "Orders_DLQ.fifo", "events.orderQueue.deadLetter.messageRetentionSeconds": 60 },
  },
  { rule: "messages live until they are dead letters", base: "prod", refused: { "events.orderQueue.messageRetentionSeconds": 180 }, path: "events.orderQueue.messageRetentionSeconds", allowed: /^more than 180, events\.orderQueue\.deadLetter\.maxReceiveCount 3 times events\.orderQueue\.visibilityTimeoutSeconds 60/, accepted: { "events.orderQueue.messageRetentionSeconds": 181 } },
  // Every queue is held to the rules, wherever it stands.
  { rule: "physical names end with the environment's suffix", base: "staging", refused: { "events.queues.reports": furtherQueue("Reports") }, path: "events.queues.reports.name", allowed: "a queue name that ends with nameSuffix -staging", accepted: { "events.queues.reports": furtherQueue("Reports", "-staging") } },
  { rule: "no physical name stands twice", base: "prod", refused: { "events.queues.reports": { ...furtherQueue("Reports"), name: "TSS_OrderRequestQueue" } }, path: "events.queues.reports.name", allowed: "a queue name other than that of events.orderQueue.name", accepted: { "events.queues.reports": furtherQueue("Reports") } },
  { rule: "no physical name stands twice", base: "prod", refused: { "events.queues": { reports: furtherQueue("Reports"), other: furtherQueue("Reports") } }, path: "events.queues.other.deadLetter.name", allowed: "a queue name other than that of events.queues.reports.deadLetter.name", accepted: { "events.queues": { reports: furtherQueue("Reports"), other: furtherQueue("Other") } } },
  { rule: "the names of queues say whether they are FIFO", base: "prod", refused: { "events.queues.reports": { ...furtherQueue("Reports"), fifo: true } }, path: "events.queues.reports.deadLetter.name", allowed: "a name ending in .fifo, because events.queues.reports.fifo is true", accepted: { "events.queues.reports": { ...furtherQueue("Reports", ".fifo"), fifo: true } } },
  { rule: "dead letters stay at least as long as messages", base: "prod", refused: { "events.queues.reports": furtherQueue("Reports"), "events.queues.reports.deadLetter.messageRetentionSeconds": 60 }, path: "events.queues.reports.deadLetter.messageRetentionSeconds", allowed: /^at least events\.queues\.reports\.messageRetentionSeconds 345600/, accepted: { "events.queues.reports": furtherQueue("Reports") } },
  { rule: "messages live until they are dead letters", base: "prod", refused: { "events.queues.reports": { ...furtherQueue("Reports"), messageRetentionSeconds: 180 } }, path: "events.queues.reports.messageRetentionSeconds", allowed: /^more than 180/, accepted: { "events.queues.reports": { ...furtherQueue("Reports"), messageRetentionSeconds: 181 } } },
  { rule: "each queue is told by a variable of its own", base: "prod", refused: { "events.queues": { ab1C: furtherQueue("A"), ab1c: furtherQueue("B") } }, path: "events.queues.ab1c", allowed: "another key: services would be told of it by AB1C_QUEUE_URL, which is that of events.queues.ab1C", accepted: { "events.queues": { abC: furtherQueue("A"), abc: furtherQueue("B") } } },
  { rule: "each queue is told by a variable of its own", base: "prod", refused: { "events.queues": { order: furtherQueue("A") } }, path: "events.queues.order", allowed: /by ORDER_QUEUE_URL, which is that of events\.orderQueue$/, accepted: { "events.queues": { orders: furtherQueue("A") } } },
  { rule: "the topic's subscriber is a standard queue", base: "prod", refused: { "events.alertProcessingQueue.fifo": true, "events.alertProcessingQueue.name": "Alerts.fifo", "events.alertProcessingQueue.deadLetter.name": "Alerts_DLQ.fifo" }, path: "events.alertProcessingQueue.fifo", allowed: "false: a standard topic cannot deliver to a FIFO queue", accepted: { "events.alertProcessingQueue": GONE } },
  { rule: "outside development somebody hears the alarms", base: "prod", refused: { "events.alertSubscriptions": GONE }, path: "events.alertSubscriptions", allowed: "at least one subscription, because stage is production", accepted: { "events.alertSubscriptions": [{ protocol: "https", endpoint: "https://alerts.example.com/hook" }] } },
  {
    rule: "each address is told once", base: "prod", path: "events.alertSubscriptions[1].endpoint", allowed: /^an address that differs from events\.alertSubscriptions\[0\]\.endpoint in more than case and punctuation$/,
    refused: { "events.alertSubscriptions[1]": { protocol: "email", endpoint: "Trading.Ops@example.com" } },
    accepted: { "events.alertSubscriptions[1]": { protocol: "email", endpoint: "trading-ops2@example.com" } },
  },

  // --- data ---
  { rule: "transitions follow each other", base: "prod", refused: { [`${RAW}.transitions[2].days`]: 90 }, path: `${RAW}.transitions[2].days`, allowed: "more than the 90 days of the transition before it", accepted: { [`${RAW}.transitions[2].days`]: 91 } },
  { rule: "objects are 30 days old when they move to STANDARD_IA", base: "prod", refused: { [`${RAW}.transitions[0].days`]: 29 }, path: `${RAW}.transitions[0].days`, allowed: "30 or more for STANDARD_IA", accepted: { [`${RAW}.transitions[0].days`]: 31 } },
  { rule: "objects are 30 days old when they move to STANDARD_IA", base: "prod", refused: { [`${RAW}.transitions`]: [{ days: 0, storageClass: "STANDARD_IA" }] }, path: `${RAW}.transitions[0].days`, allowed: "30 or more for STANDARD_IA", accepted: { [`${RAW}.transitions`]: [{ days: 0, storageClass: "INTELLIGENT_TIERING" }] } },
  { rule: "objects stay in STANDARD_IA for 30 days", base: "prod", refused: { [`${RAW}.transitions[1].days`]: 59 }, path: `${RAW}.transitions[1].days`, allowed: "60 or more: objects stay in STANDARD_IA for 30 days, from day 30 on", accepted: { [`${RAW}.transitions[1].days`]: 60 } },
  { rule: "transitions lead to colder classes", base: "prod", refused: { [`${RAW}.transitions[2].storageClass`]: "INTELLIGENT_TIERING" }, path: `${RAW}.transitions[2].storageClass`, allowed: /^a colder class than GLACIER_IR, which stands before it/, accepted: { [`${RAW}.transitions[2].storageClass`]: "GLACIER" } },
  { rule: "copies stand in another region", base: "prod", refused: { "data.replication.region": "ap-northeast-1" }, path: "data.replication.region", allowed: "a region other than the environment's own", accepted: { "data.replication.region": "ap-northeast-2" } },
  { rule: "the names of copies fit in 63 characters", base: "prod", refused: { [`${RAW}.name`]: "b".repeat(58) }, path: `${RAW}.name`, allowed: /^57 characters at the most, so that the copy's name b{58}-osaka fits in 63$/, accepted: { [`${RAW}.name`]: "b".repeat(57) } },
  { rule: "the names of copies fit in 63 characters", base: "prod", refused: { "data.accessLogBucket.name": "l".repeat(58) }, path: "data.accessLogBucket.name", allowed: /^57 characters at the most/, accepted: { "data.accessLogBucket.name": "l".repeat(57) } },
  { rule: "the names of copies are free", base: "prod", refused: { "data.accessLogBucket.name": "tss-raw-market-data-777788889999-osaka" }, path: "data.accessLogBucket.name", allowed: /^a name other than that of a bucket with data\.replication\.bucketSuffix/, accepted: { "data.accessLogBucket.name": "tss-raw-market-data-777788889999-logs" } },
  { rule: "the names of copies are free", base: "prod", refused: { "data.softwareBucket.name": "tss-backtest-results-777788889999-osaka" }, path: "data.softwareBucket.name", allowed: /^a name other than that of a bucket with data\.replication\.bucketSuffix/, accepted: { "data.softwareBucket.name": "tss-software-777788889999-osaka" } },
  { rule: "a table has 20 indexes at the most", base: "prod", refused: { [GSI]: indexes(21, 1) }, path: GSI, allowed: "20 indexes at the most", accepted: { [GSI]: indexes(20, 1) } },
  { rule: "indexes project 100 attributes at the most", base: "prod", refused: { [GSI]: [...indexes(5, 20), index("IndexX")] }, path: GSI, allowed: "100 projected attributes at the most, over all indexes", accepted: { [GSI]: indexes(5, 20) } },
  { rule: "each index has a name of its own", base: "prod", refused: { [`${GSI}[4].name`]: "GSI2" }, path: `${GSI}[4].name`, allowed: `a name other than that of ${GSI}[1]`, accepted: { [`${GSI}[4].name`]: "gsi2" } },
  { rule: "the keys of an index are two attributes", base: "prod", refused: { [`${GSI}[0].sortKey`]: "gs1pk" }, path: `${GSI}[0].sortKey`, allowed: "an attribute other than partitionKey gs1pk", accepted: { [`${GSI}[0].sortKey`]: "gs2pk" } },
  { rule: "the time to live is no key", base: "prod", refused: { [`${GSI}[0].sortKey`]: "ttl" }, path: `${GSI}[0].sortKey`, allowed: "an attribute other than ttl, which is a number", accepted: { [`${GSI}[0].projectedAttributes`]: ["ttl"] } },
  { rule: "an index projects each attribute once, and no keys", base: "prod", refused: { [`${GSI}[1].projectedAttributes`]: ["side", "side"] }, path: `${GSI}[1].projectedAttributes[1]`, allowed: /^an entry that the list does not hold yet/, accepted: { [`${GSI}[1].projectedAttributes`]: ["side", "status"] } },
  { rule: "an index projects each attribute once, and no keys", base: "prod", refused: { [`${GSI}[1].projectedAttributes`]: ["side", "sk"] }, path: `${GSI}[1].projectedAttributes[1]`, allowed: /^an attribute that is no key/, accepted: { [`${GSI}[1].projectedAttributes`]: ["side", "gs1sk"] } },
  { rule: "a Multi-AZ cache has replicas", base: "prod", refused: { "data.cache.replicasPerShard": 0 }, path: "data.cache.replicasPerShard", allowed: "1 or more, because data.cache.multiAz is true", accepted: { "data.cache.replicasPerShard": 5 } },
  { rule: "a cache cluster has 500 nodes at the most", base: "prod", refused: { "data.cache.shards": 251 }, path: "data.cache.shards", allowed: /^250 at the most with data\.cache\.replicasPerShard 1: ElastiCache takes 500 nodes$/, accepted: { "data.cache.shards": 250 } },
  { rule: "an encrypted cache has nodes that can encrypt", base: "prod", refused: { "data.cache.nodeType": "cache.t2.micro" }, path: "data.cache.nodeType", allowed: /^a type of the current generation/, accepted: { "data.cache.nodeType": "cache.t4g.micro" } },
  { rule: "an encrypted cache has nodes that can encrypt", base: "staging", refused: { "data.cache.nodeType": "cache.m3.medium" }, path: "data.cache.nodeType", allowed: /^a type of the current generation/, accepted: { "data.cache.nodeType": "cache.m4.large" } },
  { rule: "cache windows last 60 minutes or more", base: "prod", refused: { "data.cache.snapshotWindow": "03:00-03:59" }, path: "data.cache.snapshotWindow", allowed: "a window of 60 minutes or more", accepted: { "data.cache.snapshotWindow": "23:30-00:30" } },
  { rule: "cache windows last 60 minutes or more", base: "prod", refused: { "data.cache.maintenanceWindow": "sun:05:00-sun:05:59" }, path: "data.cache.maintenanceWindow", allowed: "a window of 60 minutes or more", accepted: { "data.cache.maintenanceWindow": "sun:23:30-mon:00:30" } },
  { rule: "cache maintenance and snapshots do not overlap", base: "prod", refused: { "data.cache.maintenanceWindow": "sun:04:59-sun:06:00" }, path: "data.cache.maintenanceWindow", allowed: /^a window apart from data\.cache\.snapshotWindow 03:00-05:00/, accepted: { "data.cache.maintenanceWindow": "sun:02:00-sun:03:00" } },
  { rule: "cache maintenance and snapshots do not overlap", base: "prod", refused: { "data.cache.maintenanceWindow": "sat:23:00-sun:03:01" }, path: "data.cache.maintenanceWindow", allowed: /^a window apart/, accepted: { "data.cache.maintenanceWindow": "sat:23:00-sun:03:00" } },
  { rule: "cache maintenance and snapshots do not overlap", base: "prod", refused: { "data.cache.snapshotWindow": "23:00-06:00" }, path: "data.cache.maintenanceWindow", allowed: /^a window apart from data\.cache\.snapshotWindow 23:00-06:00/, accepted: { "data.cache.snapshotWindow": "23:00-05:00" } },
  { rule: "cache parameters have values that Redis takes", base: "prod", refused: { 'data.cache.parameters["maxmemory-policy"]': "allkeys-lrv" }, path: 'data.cache.parameters["maxmemory-policy"]', allowed: /"allkeys-lru"/, accepted: { 'data.cache.parameters["maxmemory-policy"]': "volatile-ttl" } },
  { rule: "cache parameters have values that Redis takes", base: "prod", refused: { "data.cache.parameters.timeout": "19" }, path: "data.cache.parameters.timeout", allowed: /20 and more$/, accepted: { "data.cache.parameters.timeout": "20" } },
  { rule: "cache parameters have values that Redis takes", base: "prod", refused: { 'data.cache.parameters["tcp-keepalive"]': "-1" }, path: 'data.cache.parameters["tcp-keepalive"]', allowed: "seconds between probes, 0 for none", accepted: { 'data.cache.parameters["tcp-keepalive"]': "0" } },
  { rule: "cache parameters have values that Redis takes", base: "prod", refused: { 'data.cache.parameters["cluster-enabled"]': "no" }, path: 'data.cache.parameters["cluster-enabled"]', allowed: "no such parameter: data.cache.kind says it", accepted: { "data.cache.parameters.databases": "16" } },
  { rule: "only development has an unencrypted cache", base: "staging", refused: { "data.cache.encryption": false }, path: "data.cache.encryption", allowed: "true, because stage is staging", accepted: { "data.cache.encryption": true } },
  {
    rule: "production's cache survives a zone", base: "prod", path: "data.cache.kind", allowed: '"cluster", because stage is production',
    refused: { "data.cache.kind": "single", "data.cache.shards": GONE, "data.cache.replicasPerShard": GONE }, accepted: { "data.cache.shards": 2 },
  },
  { rule: "production's cache survives a zone", base: "prod", refused: { "data.cache.multiAz": false }, path: "data.cache.multiAz", allowed: "true, because stage is production", accepted: { "data.cache.multiAz": true } },

  // --- database ---
  { rule: "the database is described exactly when it is RDS", base: "prod", refused: { "data.rds": GONE }, path: "data.rds", allowed: 'an object, because database is "rds"', accepted: WITHOUT_DATABASE },
  { rule: "the database is described exactly when it is RDS", base: "prod", refused: { database: "none" }, path: "database", allowed: '"rds", because data.rds describes one; or leave data.rds out', accepted: { database: "rds" } },
  { rule: "the database is described exactly when it is RDS", base: "staging", refused: { database: "in-cluster" }, path: "database", allowed: /^"rds", because data\.rds describes one/, accepted: { "data.rds": GONE, database: "in-cluster" } },
  { rule: "production's database survives a zone", base: "prod", refused: { "data.rds.multiAz": false }, path: "data.rds.multiAz", allowed: "true, because stage is production", accepted: { "data.rds.multiAz": GONE } },
  { rule: "the database's storage can grow", base: "prod", refused: { "data.rds.maxAllocatedStorageGigabytes": 109 }, path: "data.rds.maxAllocatedStorageGigabytes", allowed: /^110 or more: a tenth above data\.rds\.allocatedStorageGigabytes 100/, accepted: { "data.rds.maxAllocatedStorageGigabytes": 110 } },
  { rule: "the database's storage can grow", base: "staging", refused: { "data.rds.allocatedStorageGigabytes": 21, "data.rds.maxAllocatedStorageGigabytes": 23 }, path: "data.rds.maxAllocatedStorageGigabytes", allowed: /^24 or more/, accepted: { "data.rds.allocatedStorageGigabytes": 21, "data.rds.maxAllocatedStorageGigabytes": 24 } },
  { rule: "database windows last 30 minutes or more", base: "prod", refused: { "data.rds.backupWindow": "18:00-18:29" }, path: "data.rds.backupWindow", allowed: "a window of 30 minutes or more", accepted: { "data.rds.backupWindow": "23:45-00:15" } },
  { rule: "database windows last 30 minutes or more", base: "prod", refused: { "data.rds.maintenanceWindow": "sun:06:00-sun:06:29" }, path: "data.rds.maintenanceWindow", allowed: "a window of 30 minutes or more", accepted: { "data.rds.maintenanceWindow": "sun:23:45-mon:00:15" } },
  { rule: "database maintenance and backups do not overlap", base: "prod", refused: { "data.rds.maintenanceWindow": "sun:17:01-sun:18:01" }, path: "data.rds.maintenanceWindow", allowed: /^a window apart from data\.rds\.backupWindow 18:00-19:00/, accepted: { "data.rds.maintenanceWindow": "sun:17:00-sun:18:00" } },
  { rule: "database maintenance and backups do not overlap", base: "staging", refused: { "data.rds.backupWindow": "06:59-07:59" }, path: "data.rds.maintenanceWindow", allowed: /^a window apart from data\.rds\.backupWindow 06:59-07:59/, accepted: { "data.rds.backupWindow": "07:00-08:00" } },
  { rule: "nothing is imported twice", base: "prod", refused: { imports: ["data.table", "data.softwareBucket", "data.table"] }, path: "imports[2]", allowed: /^an entry that the list does not hold yet/, accepted: { imports: ["data.table", "data.softwareBucket"] } },
  { rule: "a secret holds each key once", base: "prod", refused: { "data.secrets.mt5.keys": ["login", "login"] }, path: "data.secrets.mt5.keys[1]", allowed: /^an entry that the list does not hold yet/, accepted: { "data.secrets.mt5.keys": ["login"] } },

  // --- platform and stage ---
  { rule: "an in-cluster database has a cluster", base: "prod", refused: { platform: "ecs", database: "in-cluster" }, path: "database", allowed: /^"none" or "rds": an in-cluster database needs platform eks or kubernetes, not ecs/, accepted: { platform: "eks", database: "in-cluster", "data.rds": GONE } },
  { rule: "an in-cluster database has a cluster", base: "dev", refused: { platform: "none", database: "in-cluster" }, path: "database", allowed: /not none$/, accepted: { platform: { kind: "kubernetes", kubeconfig: "~/.kube/config", context: "k3s" }, database: "in-cluster" } },
  { rule: "an in-cluster cache has a cluster", base: "prod", refused: { platform: "none", servicesCache: "in-cluster" }, path: "servicesCache", allowed: /^"shared": an in-cluster cache needs platform eks or kubernetes, not none/, accepted: { platform: "eks", servicesCache: "in-cluster" } },
  { rule: "RDS has database subnets", base: "dev", refused: { database: "rds" }, path: "database", allowed: /^"none" or "in-cluster": RDS stands in the database subnets/, accepted: { database: "none" } },
  { rule: "only development lets data be deleted", base: "prod", refused: { deletionProtection: false }, path: "deletionProtection", allowed: "true, because stage is production", accepted: { deletionProtection: true } },
  { rule: "only development goes without keys of its own", base: "staging", refused: { customerManagedKeys: false }, path: "customerManagedKeys", allowed: "true, because stage is staging", accepted: { customerManagedKeys: true } },
];

describe("rules over several fields", () => {
  testRules(RULES.filter((rule) => ![...SERVICE_RULES, ...KUBERNETES_RULES].includes(rule)), CASES);

  it("takes a VPC of /28 for one of AWS's sizes, small as it is", () => {
    const masks = (cidr: string) => findingsOf(edited("prod", { "network.cidr": cidr })).filter(({ path, allowed }) => path === "network.cidr" && allowed.startsWith("a mask")).length;
    expect(["10.0.0.0/15", "10.0.0.0/16", "10.0.0.0/28", "10.0.0.0/29"].map(masks)).toEqual([1, 0, 0, 1]);
  });

  it.each([
    ["t4g.nano", "arm64"], ["c7gn.medium", "arm64"], ["im4gn.large", "arm64"], ["m7gd.2xlarge", "arm64"], ["a1.large", "arm64"], ["g5g.xlarge", "arm64"], ["mac2-m2.metal", "arm64"],
    ["t3.small", "x86_64"], ["g4dn.xlarge", "x86_64"], ["m7i-flex.large", "x86_64"], ["g6.xlarge", "x86_64"], ["u-6tb1.metal", "x86_64"], ["mac1.metal", "x86_64"],
  ])("knows that %s is %s", (instanceType, architecture) => expect(architectureOf(instanceType)).toBe(architecture));

  it("has no name that two rules share", () => expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length));

  it("runs a rule whenever the keys that it reads are well formed, however broken the rest is", () => {
    const literal = edited("prod", { name: 5, events: null, "network.subnets.private[1]": "10.9.5.0/24", platform: "ecs", database: "in-cluster", "data.rds": GONE });
    expect(findingsOf(literal).map(({ path }) => path)).toEqual(["name", "events", "network.subnets.private[1]", "database"]);
  });

  it("shows what stands there", () => {
    expect(messageOf(edited("prod", { "network.subnets.database[1]": "10.1.6.0/24" })))
      .toBe("environments/test.ts has 1 problem:\n  network.subnets.database[1] = \"10.1.6.0/24\"\n    allowed: a network inside network.cidr 10.0.0.0/16");
  });
});
