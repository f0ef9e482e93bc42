import type { Construct } from "constructs";
import { DedicatedNetwork } from "../../constructs/network/dedicated-network";
import { hostText, literalText } from "../../constructs/hosts/host-files";
import { NatInstance } from "../../constructs/network/nat-instance";
import { SecurityGroup } from "../../constructs/network/security-group";
import { onlyResource, resourcesOf, synthConstructs } from "../helpers/synth";

const network = { vpcId: "vpc-1" };

describe("SecurityGroup", () => {
  const json = synthConstructs((stack) => {
    const cache = new SecurityGroup(stack, "cache", { name: "redis-dev", documentedName: "sg-redis", description: "Redis", network });
    const host = new SecurityGroup(stack, "host", { name: "axia-ec2-dev", description: "AXIA Trading System EC2 Instance", network });
    cache.allowFrom("host", { peer: host, ports: 6379, description: "Redis access from EC2 only" });
    host.allowTo("world", { peer: { cidr: "0.0.0.0/0" }, protocol: "all", description: "Unrestricted outbound access" });
    host.allowTo("s3", { peer: { prefixListId: "pl-1" }, ports: [80, 443], description: "S3" });
    host.allowFrom("cluster", {
      peer: { securityGroupId: "sg-0", owner: stack },
      ports: { from: 30_000, to: 32_767 },
      protocol: "udp",
      description: "Node ports",
    });
  });

  it("carries the documented name as its tag, and no inline rules (C-11, design 9)", () => {
    expect(resourcesOf(json, "aws_security_group")).toEqual([
      { name: "redis-dev", description: "Redis", vpc_id: "vpc-1", tags: { Name: "sg-redis" } },
      { name: "axia-ec2-dev", description: "AXIA Trading System EC2 Instance", vpc_id: "vpc-1", tags: { Name: "axia-ec2-dev" } },
    ]);
  });

  it("makes one rule a port, in both directions, for every kind of peer", () => {
    expect(resourcesOf(json, "aws_vpc_security_group_ingress_rule")).toEqual([
      {
        security_group_id: expect.stringContaining(".cache_group_"),
        referenced_security_group_id: expect.stringContaining(".host_group_"),
        ip_protocol: "tcp",
        from_port: 6379,
        to_port: 6379,
        description: "Redis access from EC2 only",
      },
      {
        security_group_id: expect.stringContaining(".host_group_"),
        referenced_security_group_id: "sg-0",
        ip_protocol: "udp",
        from_port: 30_000,
        to_port: 32_767,
        description: "Node ports",
      },
    ]);
    const host = expect.stringContaining(".host_group_");
    expect(resourcesOf(json, "aws_vpc_security_group_egress_rule")).toEqual([
      { security_group_id: host, prefix_list_id: "pl-1", ip_protocol: "tcp", from_port: 443, to_port: 443, description: "S3" },
      { security_group_id: host, prefix_list_id: "pl-1", ip_protocol: "tcp", from_port: 80, to_port: 80, description: "S3" },
      { security_group_id: host, cidr_ipv4: "0.0.0.0/0", ip_protocol: "-1", description: "Unrestricted outbound access" },
    ]);
  });

  it.each<[string, (scope: Construct) => void]>([
    ["begins with sg-, which AWS reserves", (scope) => new SecurityGroup(scope, "a", { name: "sg-redis", description: "Redis", network })],
    ['description "Rédis" is not 1 to 255 of', (scope) => new SecurityGroup(scope, "a", { name: "redis", description: "Rédis", network })],
    [
      'description "" is not 1 to 255 of',
      (scope) =>
        new SecurityGroup(scope, "a", { name: "redis", description: "Redis", network }).allowFrom("b", {
          peer: { cidr: "10.0.0.0/16" },
          ports: 1,
          description: "",
        }),
    ],
    [
      'ports are left out exactly when protocol is "all"',
      (scope) =>
        new SecurityGroup(scope, "a", { name: "redis", description: "Redis", network }).allowFrom("b", {
          peer: { cidr: "10.0.0.0/16" },
          description: "b",
        }),
    ],
    [
      'ports are left out exactly when protocol is "all"',
      (scope) =>
        new SecurityGroup(scope, "a", { name: "redis", description: "Redis", network }).allowTo("b", {
          peer: { cidr: "10.0.0.0/16" },
          protocol: "all",
          ports: 1,
          description: "b",
        }),
    ],
  ])("refuses what AWS would refuse: %s", (message, build) => {
    expect(() => synthConstructs(build)).toThrow(message);
  });
});

describe("NatInstance", () => {
  const build = (image: { id: string } | { ssmParameter: string }) =>
    synthConstructs((stack) => {
      const vpc = new DedicatedNetwork(stack, "network", {
        name: "trading",
        nameSuffix: "",
        region: "ap-northeast-1",
        cidr: "10.0.0.0/16",
        zones: ["ap-northeast-1a"],
        subnets: { public: ["10.0.1.0/24"], private: ["10.0.2.0/24"], database: ["10.0.3.0/24"], containers: ["10.0.10.0/24"] },
      });
      new NatInstance(stack, "nat", {
        network: vpc,
        instanceType: "t4g.nano",
        image,
        tcpPorts: [443],
        account: "111122223333",
        nameSuffix: "",
        heartbeat: { environment: "staging", region: "ap-northeast-1", metricNamespace: "TSS" },
      });
    });

  it("takes a pinned image as it stands, so that a new id replaces the machine", () => {
    const json = build({ id: "ami-0123456789abcdef0" });
    expect(onlyResource(json, "aws_instance")).toMatchObject({ ami: "ami-0123456789abcdef0" });
    expect(onlyResource(json, "aws_instance")).not.toHaveProperty("lifecycle");
    expect(json.data).toBeUndefined();
  });

  it("never follows the image of a parameter by itself (design 12)", () => {
    const json = build({ ssmParameter: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64" });
    expect(onlyResource(json, "aws_instance")).toMatchObject({
      ami: expect.stringContaining("insecure_value"),
      lifecycle: { ignore_changes: ["ami"] },
    });
  });
});

describe("literalText", () => {
  const script = literalText(hostText("linux/nat-instance/user-data.sh"));

  it("fits into user data", () => {
    expect(Buffer.byteLength(script)).toBeLessThan(16_384);
    expect(script.startsWith("#!/bin/bash\n")).toBe(true);
  });

  it("escapes what Terraform would take for a template", () => {
    expect(literalText("a ${b} %{c} $d 50% {e} $${f}")).toBe("a $${b} %%{c} $d 50% {e} $$${f}");
  });

  it("forwards and masquerades (NET-019)", () => {
    expect(script).toContain("net.ipv4.ip_forward = 1\n");
    expect(script).toMatch(/type nat hook postrouting priority srcnat; policy accept;\n\s+oifname != "lo" masquerade\n/);
  });
});
