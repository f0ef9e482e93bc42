/** The estimate as a whole: every type is accounted for, sums hold, and what is unknown is never nothing. */
import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadEnvironments } from "../fixtures/environments";
import { UNKNOWN, type EnvironmentCost, type Resource } from "../../review/model";
import { estimate } from "../../review/cost/estimate";
import { plannedStack } from "../../review/cost/synthesised";
import { azureEnvironment, azureStacks } from "../helpers/azure";
import { FREE, PRICED } from "../../review/cost/types";
import { synthEnvironments } from "../helpers/synth";
import { costOf, prod, resource } from "./cost-cases";
import { SEED } from "../helpers/seed";
import type { StackJson } from "../../terraform/assembly";

const environments = loadEnvironments();
const all = synthEnvironments({ environments, target: { kind: "aws" } }) as Readonly<Record<string, StackJson>>;
const inputs = environments.map((environment) => ({
  environment,
  stacks: Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith(`${environment.name}-`))),
}));
const costs = Object.fromEntries(
  inputs.map(({ environment, stacks }) => [
    environment.name,
    estimate({ environment, plans: Object.entries(stacks).map(([name, json]) => plannedStack(name, json)) }),
  ]),
);
const cost = (name: string): EnvironmentCost => costs[name]!;
const lineOf = (name: string, construct: string) => cost(name).lines.filter((line) => line.construct === construct);

describe("what is synthesised", () => {
  const types = [...new Set(Object.values(all).flatMap(({ resource: blocks }) => Object.keys(blocks ?? {})))].sort();

  it("is of 80 types or more", () => expect(types.length).toBeGreaterThanOrEqual(80));
  it.each(types)("%s is priced or free, and not both", (type) =>
    expect([Object.hasOwn(PRICED, type), FREE.has(type)].filter(Boolean)).toEqual([true]),
  );

  it("and so is whatever constructs and stacks may make when a literal asks for it", () => {
    const root = join(__dirname, "../..");
    const sources = ["constructs", "stacks"].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts"))
        .map((file) => readFileSync(join(root, folder, file), "utf8")),
    );
    const made = [
      ...new Set(
        sources.flatMap((text) =>
          [...text.matchAll(/@cdktf\/provider-(aws|azurerm|kubernetes|helm)\/lib\/([a-z0-9-]+)/g)].map(
            ([, provider, name]) => `${provider}_${name!.replaceAll("-", "_")}`,
          ),
        ),
      ),
    ]
      .filter((type) => !/^(aws_data_aws_|(aws|azurerm|kubernetes|helm)_provider$)/.test(type))
      .sort();
    expect(made.length).toBeGreaterThan(types.length);
    expect(made.filter((type) => !Object.hasOwn(PRICED, type) && !FREE.has(type))).toEqual([]);
  });

  it("on Azure is named with what it is charged by and where, and never counted as nothing", () => {
    const { unknownTypes, lines } = estimate({
      plans: Object.entries(azureStacks(azureEnvironment("azure-prod"))).map(([name, json]) => plannedStack(name, json)),
    });
    expect(unknownTypes).toEqual(expect.arrayContaining(["azurerm_mssql_database", "azurerm_application_gateway", "azurerm_nat_gateway"]));
    expect(lines.filter(({ type }) => !FREE.has(type)).map(({ pricing }) => pricing)).not.toContain("free");
    expect(lines.find(({ type }) => type === "azurerm_nat_gateway")?.formula).toBe(
      "not known: the price table has no hour of Standard in japaneast",
    );
    expect(lines.filter(({ formula }) => formula.includes("does not know the type"))).toEqual([]);
  });

  it("has a line for each resource, in the order of stacks and addresses", () => {
    for (const { environment, stacks } of inputs) {
      const addresses = Object.entries(stacks)
        .flatMap(([stack, { resource: blocks }]) =>
          Object.entries(blocks ?? {}).flatMap(([type, ids]) => Object.keys(ids).map((id) => `${stack} ${type}.${id}`)),
        )
        .sort();
      const shown = cost(environment.name).lines.map(({ stack, address }) => `${stack} ${address}`);
      expect([...new Set(shown)].sort()).toEqual(addresses);
      expect(shown.map((entry) => entry.split(" ")[0])).toEqual(shown.map((entry) => entry.split(" ")[0]).sort());
    }
  });

  it.each([
    ["dev", 139.09],
    ["staging", 813.64],
    ["prod", 1330.4],
  ])("%s is estimated at $%d", (name, dollars) => expect(cost(name).after).toBeCloseTo(dollars, 2));
  it.each(["dev", "staging", "prod"])("stays below the budget of %s", (name) => expect(cost(name).after).toBeLessThan(cost(name).budget!));
  it("leaves out what has no price, and says so", () => {
    expect(cost("dev").unknownTypes).toEqual([
      "aws_backup_vault",
      "aws_cloudwatch_composite_alarm",
      "aws_cloudwatch_log_delivery",
      "aws_cloudwatch_metric_alarm", // what is learnt of a service's delay
      "aws_db_instance",
      "aws_dynamodb_table",
      "aws_scheduler_schedule",
      "aws_sns_topic",
    ]);
    expect(cost("staging").unknownTypes).toEqual([
      "aws_backup_vault",
      "aws_cloudwatch_composite_alarm",
      "aws_cloudwatch_log_delivery",
      "aws_db_instance",
      "aws_dynamodb_table",
      "aws_scheduler_schedule",
      "aws_sns_topic",
    ]);
    expect(cost("prod").unknownTypes).toEqual([
      "aws_backup_restore_testing_selection",
      "aws_backup_vault",
      "aws_cloudtrail",
      "aws_cloudwatch_composite_alarm",
      "aws_cloudwatch_log_delivery",
      "aws_cloudwatch_metric_alarm", // what is learnt of a service's delay
      "aws_config_config_rule",
      "aws_config_configuration_recorder",
      "aws_db_instance",
      "aws_db_instance_automated_backups_replication",
      "aws_dynamodb_table",
      "aws_guardduty_detector",
      "aws_guardduty_detector_feature",
      "aws_kms_key",
      "aws_sagemaker_notebook_instance",
      "aws_scheduler_schedule",
      "aws_sns_topic",
    ]);
  });
  it("counts what hides: the services' load balancer, Prometheus' volume, the nodes' volumes", () => {
    expect(lineOf("prod", "prod-workloads/services/release").map(({ monthly }) => monthly)).toEqual([expect.closeTo(26.193, 3)]);
    expect(lineOf("prod", "prod-workloads/kube-prometheus-stack/release").map(({ monthly }) => monthly)).toEqual([
      expect.closeTo(102 * 0.096, 4),
    ]);
    expect(lineOf("prod", "prod-services/nodes-general/group").map(({ monthly }) => monthly)).toEqual([
      expect.closeTo(3 * (730 * 0.2604 + 80 * 0.096 + 2.1), 3),
    ]);
  });
  it("stops what dev and staging have at the weekend, and nothing of prod's (OPS-034)", () => {
    expect(lineOf("dev", "dev-trading/windows/machine/instance")[0]!.formula).toContain("534.464286 h × $0.0272");
    expect(lineOf("staging", "staging-trading/windows/machine/instance")[0]!.formula).toContain("534.464286 h × $0.0544");
    expect(lineOf("prod", "prod-trading/windows/machine/instance")[0]!.formula).toContain("730 h × $0.0544");
    expect(lineOf("staging", "staging-trading/engine/machine/instance")[0]!.formula).toContain("534.464286 h × $0.0216");
    expect(lineOf("staging", "staging-services/nodes-general/group")[0]!.formula).toContain("534.464286 h");
    expect(lineOf("prod", "prod-trading/engine/machine/instance")[0]!.formula).toContain("730 h × $0.0216");
  });
  it("prices the copies where they stand", () => {
    expect(lineOf("prod", "prod-data/replication/copies/key/key").map(({ pricing, monthly }) => [pricing, monthly])).toEqual([
      ["priced", 1],
      ["unknown", undefined],
    ]);
    expect(lineOf("prod", "prod-data/replication/copies/raw-market-data/bucket").map(({ formula }) => formula)).toEqual([
      "3.4 GB × $0.025 (S3 Standard) + 50000 writes × $0.0000047 (writes)",
    ]);
  });
  it("gives the same twice", () => {
    const { environment, stacks } = inputs[2]!;
    expect(
      estimate({
        environment,
        plans: Object.entries(stacks)
          .reverse()
          .map(([name, json]) => plannedStack(name, json)),
      }),
    ).toEqual(cost("prod"));
  });
});

describe("an estimate", () => {
  const key = resource("aws_kms_key", {}, "prod-test/key/key");
  const secret = resource("aws_secretsmanager_secret", {}, "prod-test/secret/secret");

  it("has both sides", () => {
    const { before, after, lines, linesBefore, budget, pricesOf } = estimate({
      environment: prod,
      plans: [{ stack: "a", before: [secret], after: [secret, { ...secret, address: "aws_secretsmanager_secret.other" }] }],
    });
    expect([before, after, lines.length, linesBefore.length, budget, pricesOf]).toEqual([0.4, 0.8, 2, 1, 1400, "2026-11-30"]);
  });
  it("of nothing is nothing", () => {
    const { before, after, lines, unknownTypes } = estimate({ plans: [] });
    expect([before, after, lines, unknownTypes]).toEqual([0, 0, [], []]);
  });
  it("names a type that it does not know, whatever it is called", () => {
    for (const type of ["aws_msk_cluster", "google_compute_instance", "toString", "__proto__", "constructor"]) {
      const { after, lines, unknownTypes } = costOf([resource(type)]);
      expect([after, unknownTypes, lines]).toEqual([
        0,
        [type],
        [expect.objectContaining({ type, pricing: "unknown", formula: `not known: the estimate does not know the type ${type}` })],
      ]);
      expect(lines[0]).not.toHaveProperty("monthly");
    }
  });
  it("has no budget, and no use, without an environment", () => {
    const { budget, lines } = costOf([key], "none");
    expect(budget).toBeUndefined();
    expect(lines.map(({ pricing, monthly }) => [pricing, monthly])).toEqual([
      ["priced", 1],
      ["unknown", undefined],
    ]);
  });
  it("takes the resource's own region before the plan's, and Tokyo at the end", () => {
    const machine = (values = {}) => resource("aws_instance", { instance_type: "t4g.small", ...values });
    expect(costOf([machine({ region: "ap-northeast-3" })], "none", "ap-northeast-1").lines[0]!.formula).toBe(
      "730 h × $0.0218 (t4g.small, Linux)",
    );
    expect(costOf([machine()], "none", "ap-northeast-3").lines[0]!.formula).toBe("730 h × $0.0218 (t4g.small, Linux)");
    expect(costOf([machine({ region: UNKNOWN })], "none").lines[0]!.formula).toContain("730 h × $0.0216 (t4g.small, Linux)");
  });
});

describe("any resources", () => {
  const values = fc.dictionary(
    fc.constantFrom(
      "instance_type",
      "node_type",
      "num_cache_nodes",
      "num_node_groups",
      "allocated_storage",
      "multi_az",
      "subnets",
      "subnet_ids",
      "vpc_endpoint_type",
      "billing_mode",
      "desired_count",
      "rule",
      "bucket",
      "monitoring",
      "retention_in_days",
      "scaling_config",
      "root_block_device",
      "metric_query",
      "size",
      "type",
      "name",
    ),
    fc.oneof(
      fc.constantFrom(UNKNOWN, "(sensitive)", "t3.small", "cache.t3.micro", "Interface", "PAY_PER_REQUEST", "gp3", "", "7"),
      fc.integer({ min: -5, max: 500 }),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.constantFrom<unknown>("subnet", UNKNOWN, {}), { maxLength: 3 }),
      fc.record({ min_size: fc.nat(9), volume_size: fc.nat(99) }),
    ),
  );
  /** Each by itself in the tree, as constructs are; two siblings may make each other unknown. */
  const resources = fc
    .array(fc.tuple(fc.constantFrom(...Object.keys(PRICED), ...[...FREE].slice(0, 5), "aws_something_else"), values), { maxLength: 12 })
    .map((drawn) => drawn.map(([type, one], index): Resource => resource(type, one, `prod-test/${index}/one`)));
  /** Ours, or a plan without a literal. */
  const isOurs = fc.boolean().map((ours) => (ours ? ("prod" as const) : ("none" as const)));
  const literal = { prod, none: "none" } as const;

  it("sum up to their lines; a line without a price has no sum and its type is named", () => {
    fc.assert(
      fc.property(resources, isOurs, (drawn, kind) => {
        const { after, lines, unknownTypes } = costOf(drawn, literal[kind]);
        expect(after).toBeCloseTo(
          lines.reduce((sum, { monthly = 0 }) => sum + monthly, 0),
          6,
        );
        for (const { pricing, monthly, type, formula } of lines) {
          expect(pricing === "unknown").toBe(monthly === undefined);
          expect(pricing === "unknown" ? unknownTypes : [type]).toContain(type);
          if (monthly !== undefined) expect(Number.isFinite(monthly) && monthly >= 0).toBe(true);
          expect(formula).not.toBe("");
          if (pricing === "unknown") expect(formula).toMatch(/^not known: /);
        }
        for (const { address } of drawn) expect(lines.some((line) => line.address === address)).toBe(true);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
  it("never cost less with one more", () => {
    fc.assert(
      fc.property(resources, values, fc.constantFrom(...Object.keys(PRICED)), isOurs, (drawn, one, type, kind) => {
        const more = [...drawn, resource(type, one, "prod-test/another/one")];
        expect(costOf(more, literal[kind]).after).toBeGreaterThanOrEqual(costOf(drawn, literal[kind]).after - 1e-9);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});
