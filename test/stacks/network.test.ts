import { ElasticacheSubnetGroup } from "@cdktf/provider-aws/lib/elasticache-subnet-group";
import { App, Testing } from "cdktf";
import { Construct } from "constructs";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SecurityGroup } from "../../constructs/network/security-group";
import { dev } from "../fixtures/environments/dev";
import { contains } from "../../environments/facts/cidr";
import { parseEnvironment } from "../../environments/reading/parse";
import { prod } from "../fixtures/environments/prod";
import type { EnvironmentLiteral } from "../../environments/schema";
import { staging } from "../fixtures/environments/staging";
import { EnvironmentStack } from "../../stacks/base";
import { NetworkStack } from "../../stacks/network";
import { onlyResource, policyOf, resourcesOf, type Block, type StackJson } from "../helpers/synth";

type Literal = Extract<EnvironmentLiteral["network"], { kind: "dedicated" }>;

const context = { excludeStackIdFromLogicalIds: "true", allowSepCharsInLogicalIds: "true" };
const propsOf = (literal: EnvironmentLiteral) => ({ environment: parseEnvironment(literal, "test"), target: { kind: "aws" } }) as const;
const synth = (literal: EnvironmentLiteral): StackJson => JSON.parse(Testing.synth(new NetworkStack(Testing.app({ context }), propsOf(literal)), true)) as StackJson;
const withNetwork = (literal: EnvironmentLiteral, change: Partial<Literal>): EnvironmentLiteral => ({ ...literal, network: { ...(literal.network as Literal), ...change } });

/** `${aws_route_table.network_private-a-routes_50F44BFF.id}` → `private-a-routes`. */
const nameOf = (reference: unknown) => /\.(?:network_)?([a-z0-9_-]+)_[0-9A-F]{8}\./.exec(String(reference))?.[1] ?? String(reference);
const tagOf = (block: Block) => (block.tags as { Name: string }).Name;

/** Route table → where 0.0.0.0/0 leads. */
const internetRoutes = (json: StackJson) => Object.fromEntries(resourcesOf(json, "aws_route").map((route) => {
  expect(route.destination_cidr_block).toBe("0.0.0.0/0");
  return [nameOf(route.route_table_id), nameOf(route.gateway_id ?? route.nat_gateway_id ?? route.network_interface_id)];
}));

const INSTANCE: EnvironmentLiteral = staging;
const GATEWAYS: EnvironmentLiteral = prod;
const SHARED = withNetwork(prod, { nat: { kind: "gateway", perZone: false } });
const NONE = withNetwork({ ...staging, platform: "none" }, { nat: { kind: "none" }, interfaceEndpoints: ["ssm", "ssmmessages", "ec2messages"] });

describe("dedicated network", () => {
  const json = synth(GATEWAYS);

  it("is a VPC with names in it (NET-013)", () => {
    expect(onlyResource(json, "aws_vpc")).toEqual({ cidr_block: "10.0.0.0/16", enable_dns_support: true, enable_dns_hostnames: true, tags: { Name: "trading" } });
  });

  it("has a subnet for each tier and zone, none of which hands out public addresses (NET-014 … NET-016, NET-024, C-07)", () => {
    const subnets = resourcesOf(json, "aws_subnet").map((subnet) => [tagOf(subnet), subnet.cidr_block, subnet.availability_zone, subnet.map_public_ip_on_launch]);
    expect(subnets.sort()).toEqual([
      ["trading-containers-a", "10.0.10.0/24", "ap-northeast-1a", false],
      ["trading-containers-c", "10.0.20.0/24", "ap-northeast-1c", false],
      ["trading-database-a", "10.0.3.0/24", "ap-northeast-1a", false],
      ["trading-database-c", "10.0.6.0/24", "ap-northeast-1c", false],
      ["trading-private-a", "10.0.2.0/24", "ap-northeast-1a", false],
      ["trading-private-c", "10.0.5.0/24", "ap-northeast-1c", false],
      ["trading-public-a", "10.0.1.0/24", "ap-northeast-1a", false],
      ["trading-public-c", "10.0.4.0/24", "ap-northeast-1c", false],
    ]);
  });

  it("ends its names with the environment's suffix outside production", () => {
    const tags = Object.values(synth(staging).resource ?? {}).flatMap((resources) => Object.values(resources)).filter(({ tags: own }) => own).map(tagOf);
    // The documented names of security groups are the same everywhere (C-11).
    expect(tags.filter((name) => !name.endsWith("-staging")).sort()).toEqual(["sg-nat-instance", "sg-vpc-endpoints"]);
  });

  it("ties every subnet to the table of its own tier", () => {
    const associations = resourcesOf(json, "aws_route_table_association").map(({ subnet_id, route_table_id }) => [nameOf(subnet_id), nameOf(route_table_id)]);
    expect(Object.fromEntries(associations)).toEqual({
      "public-a": "public-routes", "public-c": "public-routes",
      "private-a": "private-a-routes", "private-c": "private-c-routes",
      "containers-a": "containers-a-routes", "containers-c": "containers-c-routes",
      "database-a": "database-routes", "database-c": "database-routes",
    });
    expect(associations).toHaveLength(8);
  });

  it.each<[string, EnvironmentLiteral, Record<string, string>]>([
    ["a gateway in each zone (NET-018)", GATEWAYS, { "private-a-routes": "nat_gateway-a", "containers-a-routes": "nat_gateway-a", "private-c-routes": "nat_gateway-c", "containers-c-routes": "nat_gateway-c" }],
    ["one gateway for all", SHARED, { "private-a-routes": "nat_gateway-a", "containers-a-routes": "nat_gateway-a", "private-c-routes": "nat_gateway-a", "containers-c-routes": "nat_gateway-a" }],
    ["a NAT instance (NET-019)", INSTANCE, { "private-a-routes": "nat_network-interface", "containers-a-routes": "nat_network-interface", "private-c-routes": "nat_network-interface", "containers-c-routes": "nat_network-interface" }],
    ["no NAT (NET-028)", NONE, {}],
  ])("leads to the Internet from the public tier and, with %s, from private ones; never from the database tier", (_, literal, outbound) => {
    const variant = synth(literal);
    expect(internetRoutes(variant)).toEqual({ "public-routes": "internet-gateway", ...outbound });
    for (const table of resourcesOf(variant, "aws_route_table")) expect(table).not.toHaveProperty("route");
  });

  it.each<[string, EnvironmentLiteral, string[]]>([["per zone", GATEWAYS, ["public-a", "public-c"]], ["shared", SHARED, ["public-a"]], ["instance", INSTANCE, []], ["none", NONE, []]])(
    "has gateways with an address each in the public subnets: %s", (_, literal, places) => {
      const gateways = resourcesOf(synth(literal), "aws_nat_gateway");
      expect(gateways.map(({ subnet_id }) => nameOf(subnet_id))).toEqual(places);
      expect(gateways.map(({ allocation_id }) => nameOf(allocation_id))).toEqual(places.map((place) => `nat_address-${place.slice(-1)}`));
      for (const gateway of gateways) expect(gateway.depends_on).toEqual([expect.stringContaining("public-internet-route")]);
    });

  it("reaches S3 and DynamoDB past NAT from every table, with every NAT (NET-032, NET-034)", () => {
    for (const literal of [GATEWAYS, SHARED, INSTANCE, NONE]) {
      const endpoints = resourcesOf(synth(literal), "aws_vpc_endpoint").filter(({ vpc_endpoint_type }) => vpc_endpoint_type === "Gateway");
      expect(endpoints.map(({ service_name }) => service_name)).toEqual(["com.amazonaws.ap-northeast-1.dynamodb", "com.amazonaws.ap-northeast-1.s3"]);
      for (const { route_table_ids } of endpoints) {
        expect((route_table_ids as string[]).map(nameOf).sort()).toEqual(["containers-a-routes", "containers-c-routes", "database-routes", "private-a-routes", "private-c-routes", "public-routes"]);
      }
    }
  });

  it("has the interface endpoints of its list, in private subnets, for callers inside the VPC (NET-034, NET-035)", () => {
    const endpoints = resourcesOf(json, "aws_vpc_endpoint").filter(({ vpc_endpoint_type }) => vpc_endpoint_type === "Interface");
    expect(endpoints.map(({ service_name }) => String(service_name).replace("com.amazonaws.ap-northeast-1.", "")).sort()).toEqual(["ecr.api", "ecr.dkr", "logs", "secretsmanager", "sns", "sqs"]);
    for (const endpoint of endpoints) {
      expect(endpoint).toMatchObject({ private_dns_enabled: true, security_group_ids: [expect.stringContaining("endpoints_security-group")] });
      expect((endpoint.subnet_ids as string[]).map(nameOf)).toEqual(["private-a", "private-c"]);
    }
    expect(onlyResource(json, "aws_vpc_security_group_ingress_rule")).toMatchObject({ cidr_ipv4: "10.0.0.0/16", from_port: 443, to_port: 443, ip_protocol: "tcp" });
    expect(resourcesOf(json, "aws_vpc_security_group_egress_rule")).toEqual([]);
    expect(resourcesOf(synth(withNetwork(prod, { interfaceEndpoints: [] })), "aws_security_group")).toEqual([]);
  });

  it("empties the default group and the default ACL", () => {
    const group = onlyResource(json, "aws_default_security_group");
    expect(group).toEqual({ vpc_id: expect.stringContaining("network_vpc"), tags: { Name: "trading-default-closed" } });
    const acl = onlyResource(json, "aws_default_network_acl");
    expect(acl).toEqual({ default_network_acl_id: expect.stringContaining("default_network_acl_id"), tags: { Name: "trading-default-closed" }, depends_on: expect.any(Array) });
    expect(acl.depends_on).toHaveLength(4);
  });

  it("writes no inline rules anywhere (design 9)", () => {
    for (const literal of [GATEWAYS, INSTANCE, NONE]) {
      const variant = synth(literal);
      for (const type of ["aws_security_group", "aws_default_security_group", "aws_network_acl", "aws_default_network_acl"]) {
        for (const block of resourcesOf(variant, type)) {
          expect(block).not.toHaveProperty("ingress");
          expect(block).not.toHaveProperty("egress");
        }
      }
      expect(variant.resource).not.toHaveProperty("aws_security_group_rule");
    }
  });
});

describe("flow log (SEC-028)", () => {
  const json = synth(prod);

  it("takes in all traffic, for as long as the literal says, under the stack's key", () => {
    expect(onlyResource(json, "aws_flow_log")).toMatchObject({ traffic_type: "ALL", log_destination_type: "cloud-watch-logs", max_aggregation_interval: 600, log_destination: expect.stringContaining("flow-log_log-group") });
    expect(onlyResource(json, "aws_cloudwatch_log_group")).toEqual({ name: "/aws/vpc/trading/flow-log", retention_in_days: 90, kms_key_id: expect.stringContaining("aws_kms_key.key_") });
    expect(onlyResource(synth(staging), "aws_cloudwatch_log_group")).toMatchObject({ name: "/aws/vpc/trading-staging/flow-log", retention_in_days: 30 });
  });

  it("gives its writer exact actions, and its role to the service of this account only", () => {
    const role = onlyResource(json, "aws_iam_role");
    expect(policyOf(role, "assume_role_policy").Statement).toEqual([{
      Effect: "Allow", Principal: { Service: "vpc-flow-logs.amazonaws.com" }, Action: "sts:AssumeRole", Condition: { StringEquals: { "aws:SourceAccount": "777788889999" } },
    }]);
    expect(policyOf(onlyResource(json, "aws_iam_role_policy"), "policy").Statement).toEqual([
      { Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"], Resource: expect.stringMatching(/log-group_[0-9A-F]+\.arn}:\*$/) },
      { Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: "*" },
    ]);
  });

  it("lets CloudWatch Logs use the key for this one log group (C-74)", () => {
    expect(policyOf(onlyResource(json, "aws_kms_key"), "policy").Statement[1]).toEqual({
      Sid: "LogGroups", Effect: "Allow", Principal: { Service: "logs.ap-northeast-1.amazonaws.com" }, Resource: "*",
      Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey"],
      Condition: { ArnEquals: { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:ap-northeast-1:777788889999:log-group:/aws/vpc/trading/flow-log" } },
    });
  });

  it("does without a key of its own where the environment has none", () => {
    const plain = synth({ ...dev, network: prod.network });
    expect(resourcesOf(plain, "aws_kms_key")).toEqual([]);
    expect(onlyResource(plain, "aws_cloudwatch_log_group")).not.toHaveProperty("kms_key_id");
  });
});

describe("NAT instance (NET-019)", () => {
  const json = synth(INSTANCE);

  it("stands in the first public subnet, hardened, without a key pair (NET-005)", () => {
    const instance = onlyResource(json, "aws_instance");
    expect(instance).toMatchObject({
      instance_type: "t4g.nano",
      ami: expect.stringContaining("data.aws_ssm_parameter.nat_image"),
      metadata_options: { http_endpoint: "enabled", http_tokens: "required", http_put_response_hop_limit: 1 },
      root_block_device: { encrypted: true, volume_type: "gp3", kms_key_id: expect.stringContaining("aws_kms_key.key_") },
      network_interface: [{ device_index: 0, network_interface_id: expect.stringContaining("nat_network-interface") }],
      user_data_replace_on_change: true,
      lifecycle: { ignore_changes: ["ami"] },
    });
    expect(instance.user_data).toContain("masquerade");
    expect(instance).not.toHaveProperty("key_name");
  });

  it("passes packets of others, and keeps address and routes on its network interface", () => {
    expect(onlyResource(json, "aws_network_interface")).toMatchObject({ source_dest_check: false, subnet_id: expect.stringContaining("network_public-a_"), security_groups: [expect.stringContaining("nat_security-group_")] });
    expect(onlyResource(json, "aws_eip")).toMatchObject({ domain: "vpc", network_interface: expect.stringContaining("nat_network-interface") });
  });

  it("is administered through Session Manager and may do nothing else", () => {
    const policy = resourcesOf(json, "aws_iam_role_policy").find(({ role }) => nameOf(role) === "nat_role");
    expect(policyOf(policy!, "policy").Statement).toEqual([{
      Effect: "Allow", Resource: "*",
      Action: ["ssm:UpdateInstanceInformation", "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel"],
    }]);
    expect(onlyResource(json, "aws_iam_instance_profile")).toMatchObject({ role: expect.stringContaining("nat_role") });
  });

  it("lets the ports of its literal in from the private tiers and out to the Internet (SEC-020, SEC-021)", () => {
    const rules = (type: string) => resourcesOf(json, type).filter(({ security_group_id }) => nameOf(security_group_id) === "nat_security-group").map((rule) => {
      expect(rule).toMatchObject({ ip_protocol: "tcp", to_port: rule.from_port });
      return `${String(rule.cidr_ipv4)} ${String(rule.from_port)}`;
    }).sort();
    const ports = [443, 80, 993];
    expect(rules("aws_vpc_security_group_ingress_rule")).toEqual(["10.0.10.0/24", "10.0.2.0/24", "10.0.20.0/24", "10.0.5.0/24"].flatMap((cidr) => ports.map((port) => `${cidr} ${port}`)));
    expect(rules("aws_vpc_security_group_egress_rule")).toEqual(ports.map((port) => `0.0.0.0/0 ${port}`));
    expect(resourcesOf(json, "aws_security_group").map(({ name, tags }) => [name, (tags as { Name: string }).Name])).toContainEqual(["nat-instance-staging", "sg-nat-instance"]);
  });
});

describe("network ACLs (SEC-027)", () => {
  const VPC = "10.0.0.0/16";
  const WORLD = "0.0.0.0/0";
  const rulesOf = (json: StackJson, tier: string) => resourcesOf(json, "aws_network_acl_rule").filter(({ network_acl_id }) => nameOf(network_acl_id) === `acls_${tier}`);
  const show = (rule: Block) => [
    rule.egress ? "to" : "from", rule.rule_number, rule.cidr_block, rule.protocol === "-1" ? "all" : rule.protocol,
    ...(rule.protocol === "tcp" ? [`${String(rule.from_port)}-${String(rule.to_port)}`] : []), ...(rule.protocol === "icmp" ? [`${String(rule.icmp_type)}/${String(rule.icmp_code)}`] : []),
  ].join(" ");
  const shown = (json: StackJson, tier: string) => rulesOf(json, tier).map((rule) => {
    expect(rule.rule_action).toBe("allow");
    return show(rule);
  }).sort();
  const json = synth(GATEWAYS);

  it("gives each tier's subnets the ACL of their tier", () => {
    expect(Object.fromEntries(resourcesOf(json, "aws_network_acl").map((acl) => [tagOf(acl), (acl.subnet_ids as string[]).map(nameOf)]))).toEqual({
      "trading-public": ["public-a", "public-c"], "trading-private": ["private-a", "private-c"], "trading-containers": ["containers-a", "containers-c"], "trading-database": ["database-a", "database-c"],
    });
  });

  it("opens exactly what each tier needs", () => {
    const inside = [`from 100 ${VPC} all`, `to 100 ${VPC} all`];
    const answers = [`from 200 ${WORLD} tcp 1024-65535`, `from 210 ${WORLD} icmp 3/4`];
    expect(shown(json, "public")).toEqual([
      ...inside, ...answers, `from 110 ${WORLD} tcp 80-80`, `from 120 ${WORLD} tcp 443-443`,
      `to 110 ${WORLD} tcp 443-443`, `to 111 ${WORLD} tcp 993-993`, `to 112 ${WORLD} tcp 80-80`, `to 200 ${WORLD} tcp 1024-65535`,
    ].sort());
    expect(shown(json, "private")).toEqual([...inside, ...answers, `to 110 ${WORLD} tcp 443-443`, `to 111 ${WORLD} tcp 993-993`, `to 112 ${WORLD} tcp 80-80`].sort());
    expect(shown(json, "containers")).toEqual([...inside, ...answers, `to 110 ${WORLD} tcp 443-443`, `to 111 ${WORLD} tcp 80-80`].sort());
    expect(shown(json, "database")).toEqual([`from 100 ${VPC} tcp 5432-5432`, `from 110 ${VPC} tcp 6379-6379`, `to 100 ${VPC} tcp 1024-65535`]);
  });

  it("numbers no rule twice", () => {
    for (const tier of ["public", "private", "containers", "database"]) {
      const numbers = rulesOf(json, tier).map(({ egress, rule_number }) => `${String(egress)} ${String(rule_number)}`);
      expect(new Set(numbers).size).toBe(numbers.length);
    }
  });

  /** One packet as the ACL of a tier sees it. */
  const passes = (variant: StackJson, tier: string, egress: boolean, far: string, port: number) => rulesOf(variant, tier).some((rule) =>
    rule.egress === egress && contains(rule.cidr_block as string, `${far}/32`) && (rule.protocol === "-1" || (rule.protocol === "tcp" && (rule.from_port as number) <= port && port <= (rule.to_port as number))));
  const INTERNET = "203.0.113.7";
  const [NAT, PRIVATE, DATABASE] = ["10.0.1.9", "10.0.2.10", "10.0.3.20"];
  const CLIENT_PORT = 50_000;

  /** There and back through NAT: NAT keeps the far side's address in what it hands on. */
  const outward = (variant: StackJson, tier: string, port: number) => [
    passes(variant, tier, true, INTERNET, port), passes(variant, "public", false, PRIVATE, port), passes(variant, "public", true, INTERNET, port),
    passes(variant, "public", false, INTERNET, 1024), passes(variant, "public", true, PRIVATE, CLIENT_PORT), passes(variant, tier, false, INTERNET, CLIENT_PORT),
  ].every(Boolean);
  const through = (from: string, to: string, near: string, far: string, port: number) => [
    passes(json, from, true, far, port), passes(json, to, false, near, port), passes(json, to, true, near, CLIENT_PORT), passes(json, from, false, far, CLIENT_PORT),
  ].every(Boolean);

  it("lets hosts reach the broker and APIs, containers APIs only, both ways (NET-030, NET-031, C-15)", () => {
    for (const variant of [json, synth(INSTANCE), synth(SHARED)]) {
      expect([443, 993, 80, 22, 25, 3389].map((port) => outward(variant, "private", port))).toEqual([true, true, true, false, false, false]);
      expect([443, 993, 80, 22].map((port) => outward(variant, "containers", port))).toEqual([true, false, true, false]);
    }
  });

  it("follows the broker's ports (C-15)", () => {
    const variant = synth({ ...staging, mt5: { egressPorts: [443, 1950] } });
    expect([443, 1950, 993].map((port) => outward(variant, "private", port))).toEqual([true, true, false]);
  });

  it("lets users in to the load balancer and the load balancer on to hosts (NET-021, SEC-011)", () => {
    for (const port of [80, 443]) expect(passes(json, "public", false, INTERNET, port) && passes(json, "public", true, INTERNET, CLIENT_PORT)).toBe(true);
    expect(passes(json, "public", false, INTERNET, 22)).toBe(false);
    for (const tier of ["private", "containers"]) expect(through("public", tier, NAT, PRIVATE, 8501)).toBe(true);
  });

  it("lets PostgreSQL and Redis be reached inside the VPC, and nothing else of the database tier (NET-036, C-16)", () => {
    for (const tier of ["private", "containers", "public"]) expect([5432, 6379, 3306, 22, 443].map((port) => through(tier, "database", PRIVATE, DATABASE, port))).toEqual([true, true, false, false, false]);
    expect([5432, 6379].map((port) => passes(json, "database", false, INTERNET, port))).toEqual([false, false]);
    expect([443, CLIENT_PORT].map((port) => passes(json, "database", true, INTERNET, port))).toEqual([false, false]);
  });

  it("answers administrators behind a VPN, where there are any (SEC-003)", () => {
    const variant = synth({ ...staging, windows: { ...staging.windows, adminCidrs: ["192.168.10.0/24"] } });
    expect(passes(variant, "private", true, "192.168.10.5", CLIENT_PORT)).toBe(true);
    expect(passes(json, "private", true, "192.168.10.5", CLIENT_PORT)).toBe(false);
  });
});

describe("default network (NET-008 … NET-011)", () => {
  it("looks up what is there and adds two gateway endpoints, nothing else", () => {
    const json = synth(dev);
    expect(Object.keys(json.resource ?? {})).toEqual(["aws_vpc_endpoint"]);
    expect(resourcesOf(json, "aws_vpc_endpoint").map(({ service_name, vpc_endpoint_type, route_table_ids }) => [service_name, vpc_endpoint_type, (route_table_ids as string[]).map((id) => id.split(".").at(-1))])).toEqual([
      ["com.amazonaws.ap-northeast-1.dynamodb", "Gateway", ["main_route_table_id}"]],
      ["com.amazonaws.ap-northeast-1.s3", "Gateway", ["main_route_table_id}"]],
    ]);
    expect(Object.keys(json.data ?? {}).sort()).toEqual(["aws_subnet", "aws_subnets", "aws_vpc"]);
    expect(Object.values(json.data?.aws_vpc ?? {})).toEqual([{ default: true }]);
    const filter = [{ name: "vpc-id", values: [expect.stringContaining("data.aws_vpc.network_vpc")] }, { name: "default-for-az", values: ["true"] }];
    expect(Object.values(json.data?.aws_subnets ?? {})).toEqual([{ filter }]);
    expect(Object.values(json.data?.aws_subnet ?? {})).toEqual([{ filter: [...filter, { name: "availability-zone", values: ["ap-northeast-1a"] }] }]);
  });
});

describe("seen from a later stack", () => {
  class Later extends EnvironmentStack {}

  /** The JSON of stacks as the app writes it: only then do references turn into remote state. */
  function synthApp(build: (app: App) => void): (stack: string) => StackJson {
    const outdir = mkdtempSync(join(tmpdir(), "synth-"));
    try {
      const app = new App({ outdir, context });
      build(app);
      app.synth();
      const texts = new Map(app.node.children.map(({ node: { id } }) => [id, readFileSync(join(outdir, "stacks", id, "cdk.tf.json"), "utf8")]));
      return (stack) => JSON.parse(texts.get(stack)!) as StackJson;
    } finally {
      rmSync(outdir, { recursive: true });
    }
  }

  const subnetGroups = (literal: EnvironmentLiteral) => {
    const json = synthApp((app) => {
      const { network } = new NetworkStack(app, propsOf(literal));
      const later = new Later(app, "data", propsOf(literal));
      new ElasticacheSubnetGroup(later, "tier", { name: "tier", subnetIds: network.subnetIds("database") });
      new ElasticacheSubnetGroup(later, "single", { name: "single", subnetIds: [network.firstSubnetId("public"), network.vpcId, network.cidr, network.s3PrefixListId, network.dynamodbPrefixListId] });
    })(`${literal.name}-data`);
    return Object.fromEntries(Object.entries(json.resource?.aws_elasticache_subnet_group ?? {}).map(([id, { subnet_ids }]) => [id, subnet_ids]));
  };
  const output = (environment: string, attribute: string) =>
    expect.stringMatching(new RegExp(`^\\$\\{data\\.terraform_remote_state\\.cross-stack-reference-input-${environment}-network\\.outputs\\.cross-stack-output-${attribute}}$`)) as unknown;

  it("a dedicated network is one output for each subnet", () => {
    expect(subnetGroups(prod)).toEqual({
      tier: [output("prod", "aws_subnetnetwork_database-a_\\w+id"), output("prod", "aws_subnetnetwork_database-c_\\w+id")],
      single: [
        output("prod", "aws_subnetnetwork_public-a_\\w+id"), output("prod", "aws_vpcnetwork_vpc_\\w+id"), "10.0.0.0/16",
        output("prod", "aws_vpc_endpointnetwork_gateway-endpoints_s3_\\w+prefix_list_id"), output("prod", "aws_vpc_endpointnetwork_gateway-endpoints_dynamodb_\\w+prefix_list_id"),
      ],
    });
  });

  it("the default network's subnets are the one list that AWS returns", () => {
    expect(subnetGroups(dev)).toEqual({
      tier: output("dev", "dataaws_subnetsnetwork_subnets_\\w+ids"),
      single: [
        output("dev", "dataaws_subnetnetwork_first-subnet_\\w+id"), output("dev", "dataaws_vpcnetwork_vpc_\\w+id"), output("dev", "dataaws_vpcnetwork_vpc_\\w+cidr_block"),
        output("dev", "aws_vpc_endpointnetwork_gateway-endpoints_s3_\\w+prefix_list_id"), output("dev", "aws_vpc_endpointnetwork_gateway-endpoints_dynamodb_\\w+prefix_list_id"),
      ],
    });
  });

  it("a security group takes rules that stand in the later stack, whichever group they are asked of", () => {
    const json = synthApp((app) => {
      const [data, trading] = [new Later(app, "data", propsOf(dev)), new Later(app, "trading", propsOf(dev))];
      const cache = new SecurityGroup(new Construct(data, "cache"), "security-group", { name: "redis", description: "Redis", network: { vpcId: "vpc-1" } });
      const host = new SecurityGroup(trading, "host", { name: "host", description: "Host", network: { vpcId: "vpc-1" } });
      cache.allowFrom("host", { peer: host, ports: 6379, description: "Redis access from EC2 only" });
      host.allowTo("cache", { peer: cache, ports: 6379, description: "Redis" });
    });
    expect(Object.keys(json("dev-data").resource ?? {})).toEqual(["aws_security_group"]);
    const { aws_vpc_security_group_ingress_rule: ingress = {}, aws_vpc_security_group_egress_rule: egress = {} } = json("dev-trading").resource ?? {};
    expect(Object.keys(ingress)).toEqual([expect.stringMatching(/^host_cache-security-group-from-host-6379_/)]);
    expect(Object.keys(egress)).toEqual([expect.stringMatching(/^host_to-cache-6379_/)]);
    expect(Object.values(ingress)[0]).toMatchObject({ security_group_id: expect.stringMatching(/remote_state.*dev-data.*aws_security_groupcache/), referenced_security_group_id: expect.stringMatching(/^\$\{aws_security_group\.host_/) });
  });
});
