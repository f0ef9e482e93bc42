/** What docs/watched.md shows; that it is current, test/literals/docs.test.ts looks after. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { alertsOfChart, WATCHED, watchedIn, watchedTable } from "../../commands/pages/watched-table";
import type { Environment } from "../../environments/schema";
import type { StacksByName } from "../../terraform/references";
import { environment, GONE, type Edits } from "../environments/edits";
import { synthEnvironments } from "../helpers/synth";

const template = readFileSync(join(resolve(__dirname, "..", ".."), "charts", "day-trade-ml", "templates", "prometheus-rules.yaml"), "utf8");
const alerts = alertsOfChart(template);
const synth = (literal: Environment) => synthEnvironments({ environments: [literal], target: { kind: "aws" } }) as StacksByName;
const literals = { dev: environment("dev"), staging: environment("staging"), prod: environment("prod") };
const stacks = { dev: synth(literals.dev), staging: synth(literals.staging), prod: synth(literals.prod) };
const watched = (name: keyof typeof literals) => watchedIn(literals[name], stacks[name], alerts);
const row = (what: RegExp) => WATCHED.findIndex((each) => what.test(each.what));

it.each(["staging", "prod"] as const)(
  "%s on EKS is watched for all that dev on ECS is, and for nodes, accuracy and Prometheus itself",
  (name) => {
    const [ecs, eks] = [watched("dev"), watched(name)];
    const onlyOnEcs = WATCHED.filter((_, index) => ecs[index]!.length > 0 && eks[index]!.length === 0);
    expect(onlyOnEcs).toEqual([]);
    expect(ecs.filter((tellers) => tellers.length > 0)).toHaveLength(8);
    expect(eks.every((tellers) => tellers.length > 0)).toBe(true);
  },
);

it("without Prometheus a cluster is watched for its logs and for pods without a node alone", () => {
  const edits: Edits = { platform: "eks", "cluster.kubernetes.monitoring": GONE };
  const without = environment("prod", edits);
  const found = watchedIn(without, synth(without), alerts);
  expect(found.flatMap((tellers, index) => (tellers.length > 0 ? [index] : []))).toEqual([row(/no node/), row(/is kept/)]);
});

it("an alarm that no row has is an error, which names it", () => {
  expect(() => watchedIn(literals.prod, stacks.prod, [...alerts, "DayTradeNew"])).toThrow(
    "prod: no row of WATCHED in commands/pages/watched-table.ts says what DayTradeNew tells of",
  );
});

it("every teller of a row is in some environment", () => {
  const all = new Set([...watched("dev"), ...watched("prod")].flat());
  expect(WATCHED.flatMap(({ by }) => by).filter((by) => !all.has(by))).toEqual([]);
});

it("is a table with a column for each environment", () => {
  const page = watchedTable([literals.dev, literals.prod], { ...stacks.dev, ...stacks.prod }, template);
  const lines = page.split("\n");
  expect(lines).toContain("| what | dev: ECS | prod: EKS |");
  expect(lines).toContain("| A deployment fails | `ECS-Failed-Deployments` | `DayTradeDeploymentFailed` |");
  expect(lines).toContain("| Prometheus falls silent | – | `EKS-Prometheus-Silent` |");
  expect(lines.filter((line) => line.startsWith("| "))).toHaveLength(WATCHED.length + 2);
});
