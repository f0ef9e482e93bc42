/** `npm run cost -- --plan`: a plan that is not of this project. What is known is priced; nothing else costs $0 in silence. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pricedPlan } from "../../commands/cost/plan";
import { planJson, planText } from "../../commands/cost/plan-text";
import { FREE } from "../../review/cost/types";
import { modulesPlan } from "../helpers/modules-plan";
import { cents } from "../review/cost-cases";

const folder = mkdtempSync(join(tmpdir(), "cost-plan-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const file = (text: string): string => {
  const path = join(folder, "modules.json");
  writeFileSync(path, text);
  return path;
};
const priced = (text = modulesPlan(), region?: string) => pricedPlan(file(text), region);

interface Lines {
  readonly resources: readonly { address: string; type: string; pricing: string; monthly?: number; formula: string }[];
  readonly counts: object;
}
const linesOf = (plan: ReturnType<typeof priced>) => (planJson(plan) as Lines).resources;

it("prices what it knows, in the region that a variable gives", () => {
  const plan = priced();
  expect([plan.region, plan.isComplete]).toEqual(["ap-northeast-1", true]);
  const sums = linesOf(plan).filter(({ monthly = 0 }) => monthly > 0);
  expect(sums.map(({ address, monthly }) => [address, cents(monthly!)])).toEqual([
    ["module.alb.aws_lb.this[0]", cents(730 * 0.0243 + 2 * 730 * 0.005)],
    // Its machine is not priced: the plan does not tell Linux from Windows. Its disk is.
    ["module.bastion.aws_instance.this[0]", cents(8 * 0.096)],
    ["module.db.module.db_instance.aws_db_instance.this[0]", cents(2 * 730 * 0.025 + 2 * 20 * 0.138)],
    ["module.eks.aws_eks_cluster.this[0]", 73],
    ["module.vpc.aws_eip.nat[0]", 3.65],
    ["module.vpc.aws_nat_gateway.this[0]", cents(730 * 0.062)],
    ['module.worker.aws_instance.this["blue"]', cents(730 * 0.0432 + 50 * 0.096)],
  ]);
  expect(plan.cost.after).toBeCloseTo(
    sums.reduce((all, { monthly = 0 }) => all + monthly, 0),
    6,
  );
});

it("names what it does not know, each with the reason", () => {
  const reasons = linesOf(priced())
    .filter(({ pricing }) => pricing === "unknown")
    .map(({ address, formula }) => [address.split(".")[1], formula.replace("not known: ", "")]);
  expect(reasons).toEqual(
    expect.arrayContaining([
      ["audit", "the price table has no role or user whose unused access is looked for in ap-northeast-1"],
      ["bastion", "the plan does not tell Linux from Windows"],
      ["cache", "the price table has no elasticache.valkey.cache.t4g.micro in ap-northeast-1; 2 nodes × 730 h (cache.t4g.micro)"],
      ["inspection", "the price table has no endpoint of the type GatewayLoadBalancer"],
      ["kafka", "the estimate does not know the type aws_msk_cluster"],
      ["legacy", "the price table has no rds.mysql.db.m5.large in ap-northeast-1; 730 h (db.m5.large, mysql)"],
      ["legacy", "the price table has no rds.io1 in ap-northeast-1; 50 GB (volume)"],
      ["nlb", "the price table has no load balancer of the type network"],
      ["queue", "no environment says how much it is used (requests)"],
      ["settings", "the price table has no parameter of the tier Advanced"],
      ["web", "its aws_ecs_task_definition is not known"],
    ]),
  );
});

it("costs $0 only where AWS charges nothing for it", () => {
  const nothing = linesOf(priced()).filter(({ monthly }) => monthly === 0);
  expect(nothing.map(({ address, formula }) => [address.split(".").slice(1).join("."), formula])).toEqual([
    // Tasks on machines of a cluster.
    ["batch.aws_ecs_service.this[0]", "runs on machines"],
    ['inspection.aws_vpc_endpoint.this["s3"]', "0 zones × 730 h (interface endpoint) + 0 GB (processed)"],
    ['settings.aws_ssm_parameter.this["small"]', "nothing that is charged"],
    ["vpc.aws_vpc.this[0]", "free"],
  ]);
  expect(FREE.has("aws_ssm_parameter") || FREE.has("aws_accessanalyzer_analyzer")).toBe(false);
});

it("says it to people: at least so much, how many of how many, and the rest by name", () => {
  const plan = priced();
  const text = planText(plan, false);
  expect(text).toMatch(
    /modules\.json would cost at least \$\d+\.\d\d a month of 730 hours on demand, at the prices of \S+ for ap-northeast-1\.\n/,
  );
  expect(text).toContain("\n20 resources: 3 priced, 4 in part, 9 not at all, 4 that cost nothing.\n");
  expect(text).toContain("\n  1 resource of aws_msk_cluster: the estimate does not know the type aws_msk_cluster\n");
  expect(text).toMatch(/^module\.eks\.aws_eks_cluster\.this\[0\] +\$73\.00$/m);
  expect(planText(plan, true)).toContain("730 h × $0.1 (cluster)");
  const { counts } = planJson(plan) as Lines;
  expect(Object.values(counts as Record<string, number>).reduce((all, count) => all + count, 0)).toBe(2 * 20);
});

it.each([
  ["is the environment's of whoever planned", { references: ["data.aws_region.current.name"] }],
  ["is known after apply", {}],
])("takes no price from another region where the plan's %s, until one is given", (_, region) => {
  const unknown = priced(modulesPlan({ region }));
  expect([unknown.region, unknown.cost.after]).toEqual([undefined, 0]);
  expect(planText(unknown, false)).toContain(
    "The plan does not name its region, and no price is taken from another: say it with --region.",
  );
  expect(linesOf(unknown).map(({ formula }) => formula)).toContain(
    "not known: the price table has no eks.hour in a region that the plan does not name; 730 h (cluster)",
  );
  expect(priced(modulesPlan({ region }), "ap-northeast-1").cost.after).toBeCloseTo(priced().cost.after, 6);
});

it("takes the plan's own region before the one that is given", () =>
  expect(priced(modulesPlan({ region: { constant_value: "us-east-1" } }), "ap-northeast-1").region).toBe("us-east-1"));

it("says what it would be instead of a plan", () => {
  expect(() => pricedPlan(join(folder, "none.json"), undefined)).toThrow("There is no file");
  expect(() => priced('{"version": 4, "serial": 1, "lineage": "x", "resources": []}')).toThrow("is a state, not a plan");
});
