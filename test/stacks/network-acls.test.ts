import { contains } from "../../environments/facts/cidr";
import { staging } from "../fixtures/environments/staging";
import { GATEWAYS, INSTANCE, nameOf, SHARED, synth, tagOf } from "../helpers/network-stack";
import { type Block, resourcesOf, type StackJson } from "../helpers/synth";

describe("network ACLs (SEC-027)", () => {
  const VPC = "10.0.0.0/16";
  const WORLD = "0.0.0.0/0";
  const rulesOf = (json: StackJson, tier: string) =>
    resourcesOf(json, "aws_network_acl_rule").filter(({ network_acl_id }) => nameOf(network_acl_id) === `acls_${tier}`);
  const show = (rule: Block) =>
    [
      rule.egress ? "to" : "from",
      rule.rule_number,
      rule.cidr_block,
      rule.protocol === "-1" ? "all" : rule.protocol,
      ...(rule.protocol === "tcp" ? [`${String(rule.from_port)}-${String(rule.to_port)}`] : []),
      ...(rule.protocol === "icmp" ? [`${String(rule.icmp_type)}/${String(rule.icmp_code)}`] : []),
    ].join(" ");
  const shown = (json: StackJson, tier: string) =>
    rulesOf(json, tier)
      .map((rule) => {
        expect(rule.rule_action).toBe("allow");
        return show(rule);
      })
      .sort();
  const json = synth(GATEWAYS);

  it("gives each tier's subnets the ACL of their tier", () => {
    expect(
      Object.fromEntries(resourcesOf(json, "aws_network_acl").map((acl) => [tagOf(acl), (acl.subnet_ids as string[]).map(nameOf)])),
    ).toEqual({
      "trading-public": ["public-a", "public-c"],
      "trading-private": ["private-a", "private-c"],
      "trading-containers": ["containers-a", "containers-c"],
      "trading-database": ["database-a", "database-c"],
    });
  });

  it("opens exactly what each tier needs", () => {
    const inside = [`from 100 ${VPC} all`, `to 100 ${VPC} all`];
    const answers = [`from 200 ${WORLD} tcp 1024-65535`, `from 210 ${WORLD} icmp 3/4`];
    expect(shown(json, "public")).toEqual(
      [
        ...inside,
        ...answers,
        `from 110 ${WORLD} tcp 80-80`,
        `from 120 ${WORLD} tcp 443-443`,
        `to 110 ${WORLD} tcp 443-443`,
        `to 111 ${WORLD} tcp 993-993`,
        `to 112 ${WORLD} tcp 80-80`,
        `to 200 ${WORLD} tcp 1024-65535`,
      ].sort(),
    );
    expect(shown(json, "private")).toEqual(
      [...inside, ...answers, `to 110 ${WORLD} tcp 443-443`, `to 111 ${WORLD} tcp 993-993`, `to 112 ${WORLD} tcp 80-80`].sort(),
    );
    expect(shown(json, "containers")).toEqual([...inside, ...answers, `to 110 ${WORLD} tcp 443-443`, `to 111 ${WORLD} tcp 80-80`].sort());
    expect(shown(json, "database")).toEqual([
      `from 100 ${VPC} tcp 5432-5432`,
      `from 110 ${VPC} tcp 6379-6379`,
      `to 100 ${VPC} tcp 1024-65535`,
    ]);
  });

  it("numbers no rule twice", () => {
    for (const tier of ["public", "private", "containers", "database"]) {
      const numbers = rulesOf(json, tier).map(({ egress, rule_number }) => `${String(egress)} ${String(rule_number)}`);
      expect(new Set(numbers).size).toBe(numbers.length);
    }
  });

  /** One packet as the ACL of a tier sees it. */
  const passes = (variant: StackJson, tier: string, egress: boolean, far: string, port: number) =>
    rulesOf(variant, tier).some(
      (rule) =>
        rule.egress === egress &&
        contains(rule.cidr_block as string, `${far}/32`) &&
        (rule.protocol === "-1" || (rule.protocol === "tcp" && (rule.from_port as number) <= port && port <= (rule.to_port as number))),
    );
  const INTERNET = "203.0.113.7";
  const [NAT, PRIVATE, DATABASE] = ["10.0.1.9", "10.0.2.10", "10.0.3.20"];
  const CLIENT_PORT = 50_000;

  /** There and back through NAT: NAT keeps the far side's address in what it hands on. */
  const outward = (variant: StackJson, tier: string, port: number) =>
    [
      passes(variant, tier, true, INTERNET, port),
      passes(variant, "public", false, PRIVATE, port),
      passes(variant, "public", true, INTERNET, port),
      passes(variant, "public", false, INTERNET, 1024),
      passes(variant, "public", true, PRIVATE, CLIENT_PORT),
      passes(variant, tier, false, INTERNET, CLIENT_PORT),
    ].every(Boolean);
  const through = (from: string, to: string, near: string, far: string, port: number) =>
    [
      passes(json, from, true, far, port),
      passes(json, to, false, near, port),
      passes(json, to, true, near, CLIENT_PORT),
      passes(json, from, false, far, CLIENT_PORT),
    ].every(Boolean);

  it("lets hosts reach the broker and APIs, containers APIs only, both ways (NET-030, NET-031, C-15)", () => {
    for (const variant of [json, synth(INSTANCE), synth(SHARED)]) {
      expect([443, 993, 80, 22, 25, 3389].map((port) => outward(variant, "private", port))).toEqual([
        true,
        true,
        true,
        false,
        false,
        false,
      ]);
      expect([443, 993, 80, 22].map((port) => outward(variant, "containers", port))).toEqual([true, false, true, false]);
    }
  });

  it("follows the broker's ports (C-15)", () => {
    const variant = synth({ ...staging, mt5: { egressPorts: [443, 1950] } });
    expect([443, 1950, 993].map((port) => outward(variant, "private", port))).toEqual([true, true, false]);
  });

  it("lets users in to the load balancer and the load balancer on to hosts (NET-021, SEC-011)", () => {
    for (const port of [80, 443])
      expect(passes(json, "public", false, INTERNET, port) && passes(json, "public", true, INTERNET, CLIENT_PORT)).toBe(true);
    expect(passes(json, "public", false, INTERNET, 22)).toBe(false);
    for (const tier of ["private", "containers"]) expect(through("public", tier, NAT, PRIVATE, 8501)).toBe(true);
  });

  it("lets PostgreSQL and Redis be reached inside the VPC, and nothing else of the database tier (NET-036, C-16)", () => {
    for (const tier of ["private", "containers", "public"])
      expect([5432, 6379, 3306, 22, 443].map((port) => through(tier, "database", PRIVATE, DATABASE, port))).toEqual([
        true,
        true,
        false,
        false,
        false,
      ]);
    expect([5432, 6379].map((port) => passes(json, "database", false, INTERNET, port))).toEqual([false, false]);
    expect([443, CLIENT_PORT].map((port) => passes(json, "database", true, INTERNET, port))).toEqual([false, false]);
  });

  it("answers administrators behind a VPN, where there are any (SEC-003)", () => {
    const variant = synth({ ...staging, windows: { ...staging.windows, adminCidrs: ["192.168.10.0/24"] } });
    expect(passes(variant, "private", true, "192.168.10.5", CLIENT_PORT)).toBe(true);
    expect(passes(json, "private", true, "192.168.10.5", CLIENT_PORT)).toBe(false);
  });
});
