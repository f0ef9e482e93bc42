import { ElasticacheSubnetGroup } from "@cdktf/provider-aws/lib/elasticache-subnet-group";
import { App } from "cdktf";
import { Construct } from "constructs";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SecurityGroup } from "../../constructs/network/security-group";
import type { EnvironmentLiteral } from "../../environments/schema";
import { EnvironmentStack } from "../../stacks/base";
import { NetworkStack } from "../../stacks/network";
import { dev } from "../fixtures/environments/dev";
import { prod } from "../fixtures/environments/prod";
import { staging } from "../fixtures/environments/staging";
import {
  context,
  GATEWAYS,
  INSTANCE,
  internetRoutes,
  nameOf,
  NONE,
  propsOf,
  SHARED,
  synth,
  tagOf,
  withNetwork,
} from "../helpers/network-stack";
import { onlyResource, policyOf, resourcesOf, type StackJson } from "../helpers/synth";

describe("dedicated network", () => {
  const json = synth(GATEWAYS);

  it("is a VPC with names in it (NET-013)", () => {
    expect(onlyResource(json, "aws_vpc")).toEqual({
      cidr_block: "10.0.0.0/16",
      enable_dns_support: true,
      enable_dns_hostnames: true,
      tags: { Name: "trading" },
    });
  });

  it("has a subnet for each tier and zone, none of which hands out public addresses (NET-014 … NET-016, NET-024, C-07)", () => {
    const subnets = resourcesOf(json, "aws_subnet").map((subnet) => [
      tagOf(subnet),
      subnet.cidr_block,
      subnet.availability_zone,
      subnet.map_public_ip_on_launch,
    ]);
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
    const tags = Object.values(synth(staging).resource ?? {})
      .flatMap((resources) => Object.values(resources))
      .filter(({ tags: own }) => own)
      .map(tagOf);
    // The documented names of security groups are the same everywhere (C-11).
    expect(tags.filter((name) => !name.endsWith("-staging")).sort()).toEqual(["sg-nat-instance", "sg-vpc-endpoints"]);
  });

  it("ties every subnet to the table of its own tier", () => {
    const associations = resourcesOf(json, "aws_route_table_association").map(({ subnet_id, route_table_id }) => [
      nameOf(subnet_id),
      nameOf(route_table_id),
    ]);
    expect(Object.fromEntries(associations)).toEqual({
      "public-a": "public-routes",
      "public-c": "public-routes",
      "private-a": "private-a-routes",
      "private-c": "private-c-routes",
      "containers-a": "containers-a-routes",
      "containers-c": "containers-c-routes",
      "database-a": "database-routes",
      "database-c": "database-routes",
    });
    expect(associations).toHaveLength(8);
  });

  it.each<[string, EnvironmentLiteral, Record<string, string>]>([
    [
      "a gateway in each zone (NET-018)",
      GATEWAYS,
      {
        "private-a-routes": "nat_gateway-a",
        "containers-a-routes": "nat_gateway-a",
        "private-c-routes": "nat_gateway-c",
        "containers-c-routes": "nat_gateway-c",
      },
    ],
    [
      "one gateway for all",
      SHARED,
      {
        "private-a-routes": "nat_gateway-a",
        "containers-a-routes": "nat_gateway-a",
        "private-c-routes": "nat_gateway-a",
        "containers-c-routes": "nat_gateway-a",
      },
    ],
    [
      "a NAT instance (NET-019)",
      INSTANCE,
      {
        "private-a-routes": "nat_network-interface",
        "containers-a-routes": "nat_network-interface",
        "private-c-routes": "nat_network-interface",
        "containers-c-routes": "nat_network-interface",
      },
    ],
    ["no NAT (NET-028)", NONE, {}],
  ])("leads to the Internet from the public tier and, with %s, from private ones; never from the database tier", (_, literal, outbound) => {
    const variant = synth(literal);
    expect(internetRoutes(variant)).toEqual({ "public-routes": "internet-gateway", ...outbound });
    for (const table of resourcesOf(variant, "aws_route_table")) expect(table).not.toHaveProperty("route");
  });

  it.each<[string, EnvironmentLiteral, string[]]>([
    ["per zone", GATEWAYS, ["public-a", "public-c"]],
    ["shared", SHARED, ["public-a"]],
    ["instance", INSTANCE, []],
    ["none", NONE, []],
  ])("has gateways with an address each in the public subnets: %s", (_, literal, places) => {
    const gateways = resourcesOf(synth(literal), "aws_nat_gateway");
    expect(gateways.map(({ subnet_id }) => nameOf(subnet_id))).toEqual(places);
    expect(gateways.map(({ allocation_id }) => nameOf(allocation_id))).toEqual(places.map((place) => `nat_address-${place.slice(-1)}`));
    for (const gateway of gateways) expect(gateway.depends_on).toEqual([expect.stringContaining("public-internet-route")]);
  });

  it("reaches S3 and DynamoDB past NAT from every table, with every NAT (NET-032, NET-034)", () => {
    for (const literal of [GATEWAYS, SHARED, INSTANCE, NONE]) {
      const endpoints = resourcesOf(synth(literal), "aws_vpc_endpoint").filter(({ vpc_endpoint_type }) => vpc_endpoint_type === "Gateway");
      expect(endpoints.map(({ service_name }) => service_name)).toEqual([
        "com.amazonaws.ap-northeast-1.dynamodb",
        "com.amazonaws.ap-northeast-1.s3",
      ]);
      for (const { route_table_ids } of endpoints) {
        expect((route_table_ids as string[]).map(nameOf).sort()).toEqual([
          "containers-a-routes",
          "containers-c-routes",
          "database-routes",
          "private-a-routes",
          "private-c-routes",
          "public-routes",
        ]);
      }
    }
  });

  it("has the interface endpoints of its list, in private subnets, for callers inside the VPC (NET-034, NET-035)", () => {
    const endpoints = resourcesOf(json, "aws_vpc_endpoint").filter(({ vpc_endpoint_type }) => vpc_endpoint_type === "Interface");
    expect(endpoints.map(({ service_name }) => String(service_name).replace("com.amazonaws.ap-northeast-1.", "")).sort()).toEqual([
      "ecr.api",
      "ecr.dkr",
      "logs",
      "sagemaker.api",
      "secretsmanager",
      "sns",
      "sqs",
    ]);
    for (const endpoint of endpoints) {
      expect(endpoint).toMatchObject({
        private_dns_enabled: true,
        security_group_ids: [expect.stringContaining("endpoints_security-group")],
      });
      expect((endpoint.subnet_ids as string[]).map(nameOf)).toEqual(["private-a", "private-c"]);
    }
    expect(onlyResource(json, "aws_vpc_security_group_ingress_rule")).toMatchObject({
      cidr_ipv4: "10.0.0.0/16",
      from_port: 443,
      to_port: 443,
      ip_protocol: "tcp",
    });
    expect(resourcesOf(json, "aws_vpc_security_group_egress_rule")).toEqual([]);
    // A notebook would ask for two of them.
    const without = withNetwork({ ...prod, research: undefined }, { interfaceEndpoints: [] });
    expect(resourcesOf(synth(without), "aws_security_group")).toEqual([]);
  });

  it("empties the default group and the default ACL", () => {
    const group = onlyResource(json, "aws_default_security_group");
    expect(group).toEqual({ vpc_id: expect.stringContaining("network_vpc"), tags: { Name: "trading-default-closed" } });
    const acl = onlyResource(json, "aws_default_network_acl");
    expect(acl).toEqual({
      default_network_acl_id: expect.stringContaining("default_network_acl_id"),
      tags: { Name: "trading-default-closed" },
      depends_on: expect.any(Array),
    });
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
    expect(onlyResource(json, "aws_flow_log")).toMatchObject({
      traffic_type: "ALL",
      log_destination_type: "cloud-watch-logs",
      max_aggregation_interval: 600,
      log_destination: expect.stringContaining("flow-log_log-group"),
    });
    expect(onlyResource(json, "aws_cloudwatch_log_group")).toEqual({
      name: "/aws/vpc/trading/flow-log",
      retention_in_days: 90,
      kms_key_id: expect.stringContaining("aws_kms_key.key_"),
    });
    expect(onlyResource(synth(staging), "aws_cloudwatch_log_group")).toMatchObject({
      name: "/aws/vpc/trading-staging/flow-log",
      retention_in_days: 30,
    });
  });

  it("gives its writer exact actions, and its role to the service of this account only", () => {
    const role = onlyResource(json, "aws_iam_role");
    expect(policyOf(role, "assume_role_policy").Statement).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "vpc-flow-logs.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": "777788889999" } },
      },
    ]);
    expect(policyOf(onlyResource(json, "aws_iam_role_policy"), "policy").Statement).toEqual([
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
        Resource: expect.stringMatching(/log-group_[0-9A-F]+\.arn}:\*$/),
      },
      { Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: "*" },
    ]);
  });

  it("lets CloudWatch Logs use the key for this one log group (C-74)", () => {
    expect(policyOf(onlyResource(json, "aws_kms_key"), "policy").Statement[1]).toEqual({
      Sid: "LogGroups",
      Effect: "Allow",
      Principal: { Service: "logs.ap-northeast-1.amazonaws.com" },
      Resource: "*",
      Action: [
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:DescribeKey",
      ],
      Condition: {
        ArnEquals: { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:ap-northeast-1:777788889999:log-group:/aws/vpc/trading/flow-log" },
      },
    });
  });

  it("does without a key of its own where the environment has none", () => {
    const plain = synth({ ...dev, network: prod.network });
    expect(resourcesOf(plain, "aws_kms_key")).toEqual([]);
    expect(onlyResource(plain, "aws_cloudwatch_log_group")).not.toHaveProperty("kms_key_id");
  });
});

describe("default network (NET-008 … NET-011)", () => {
  it("looks up what is there and adds two gateway endpoints, nothing else", () => {
    const json = synth(dev);
    expect(Object.keys(json.resource ?? {})).toEqual(["aws_vpc_endpoint"]);
    expect(
      resourcesOf(json, "aws_vpc_endpoint").map(({ service_name, vpc_endpoint_type, route_table_ids }) => [
        service_name,
        vpc_endpoint_type,
        (route_table_ids as string[]).map((id) => id.split(".").at(-1)),
      ]),
    ).toEqual([
      ["com.amazonaws.ap-northeast-1.dynamodb", "Gateway", ["main_route_table_id}"]],
      ["com.amazonaws.ap-northeast-1.s3", "Gateway", ["main_route_table_id}"]],
    ]);
    expect(Object.keys(json.data ?? {}).sort()).toEqual(["aws_subnet", "aws_vpc"]);
    expect(Object.values(json.data?.aws_vpc ?? {})).toEqual([{ default: true }]);
    // Each zone is asked for by name: a load balancer's address costs in every zone, and targets of other zones get no requests.
    expect(Object.values(json.data?.aws_subnet ?? {})).toEqual(
      ["ap-northeast-1a", "ap-northeast-1c"].map((availability_zone) => ({
        availability_zone,
        default_for_az: true,
        vpc_id: expect.stringContaining("data.aws_vpc.network_vpc") as unknown,
      })),
    );
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
      const texts = new Map(
        app.node.children.map(({ node: { id } }) => [id, readFileSync(join(outdir, "stacks", id, "cdk.tf.json"), "utf8")]),
      );
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
      new ElasticacheSubnetGroup(later, "single", {
        name: "single",
        subnetIds: [network.firstSubnetId("public"), network.vpcId, network.cidr, network.s3PrefixListId, network.dynamodbPrefixListId],
      });
    })(`${literal.name}-data`);
    return Object.fromEntries(
      Object.entries(json.resource?.aws_elasticache_subnet_group ?? {}).map(([id, { subnet_ids }]) => [id, subnet_ids]),
    );
  };
  const output = (environment: string, attribute: string) =>
    expect.stringMatching(
      new RegExp(
        `^\\$\\{data\\.terraform_remote_state\\.cross-stack-reference-input-${environment}-network\\.outputs\\.cross-stack-output-${attribute}}$`,
      ),
    ) as unknown;

  it("a dedicated network is one output for each subnet", () => {
    expect(subnetGroups(prod)).toEqual({
      tier: [output("prod", "aws_subnetnetwork_database-a_\\w+id"), output("prod", "aws_subnetnetwork_database-c_\\w+id")],
      single: [
        output("prod", "aws_subnetnetwork_public-a_\\w+id"),
        output("prod", "aws_vpcnetwork_vpc_\\w+id"),
        "10.0.0.0/16",
        output("prod", "aws_vpc_endpointnetwork_gateway-endpoints_s3_\\w+prefix_list_id"),
        output("prod", "aws_vpc_endpointnetwork_gateway-endpoints_dynamodb_\\w+prefix_list_id"),
      ],
    });
  });

  it("the default network is one output for each of its zones' subnets, whatever the tier", () => {
    expect(subnetGroups(dev)).toEqual({
      tier: [output("dev", "dataaws_subnetnetwork_subnet-a_\\w+id"), output("dev", "dataaws_subnetnetwork_subnet-c_\\w+id")],
      single: [
        output("dev", "dataaws_subnetnetwork_subnet-a_\\w+id"),
        output("dev", "dataaws_vpcnetwork_vpc_\\w+id"),
        output("dev", "dataaws_vpcnetwork_vpc_\\w+cidr_block"),
        output("dev", "aws_vpc_endpointnetwork_gateway-endpoints_s3_\\w+prefix_list_id"),
        output("dev", "aws_vpc_endpointnetwork_gateway-endpoints_dynamodb_\\w+prefix_list_id"),
      ],
    });
  });

  it("a security group takes rules that stand in the later stack, whichever group they are asked of", () => {
    const json = synthApp((app) => {
      const [data, trading] = [new Later(app, "data", propsOf(dev)), new Later(app, "trading", propsOf(dev))];
      const cache = new SecurityGroup(new Construct(data, "cache"), "security-group", {
        name: "redis",
        description: "Redis",
        network: { vpcId: "vpc-1" },
      });
      const host = new SecurityGroup(trading, "host", { name: "host", description: "Host", network: { vpcId: "vpc-1" } });
      cache.allowFrom("host", { peer: host, ports: 6379, description: "Redis access from EC2 only" });
      host.allowTo("cache", { peer: cache, ports: 6379, description: "Redis" });
    });
    expect(Object.keys(json("dev-data").resource ?? {})).toEqual(["aws_security_group"]);
    const { aws_vpc_security_group_ingress_rule: ingress = {}, aws_vpc_security_group_egress_rule: egress = {} } =
      json("dev-trading").resource ?? {};
    expect(Object.keys(ingress)).toEqual([expect.stringMatching(/^host_cache-security-group-from-host-6379_/)]);
    expect(Object.keys(egress)).toEqual([expect.stringMatching(/^host_to-cache-6379_/)]);
    expect(Object.values(ingress)[0]).toMatchObject({
      security_group_id: expect.stringMatching(/remote_state.*dev-data.*aws_security_groupcache/),
      referenced_security_group_id: expect.stringMatching(/^\$\{aws_security_group\.host_/),
    });
  });
});
