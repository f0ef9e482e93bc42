/** The review of a first deploy refuses only what somebody must decide on then, and that of an unchanged environment finds nothing. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { loadEnvironments } from "../../environments";
import { applyExceptions, readExceptions } from "../../review/exceptions";
import { comparePlan, constructsOf } from "../../review/plan/compare";
import { readPlan } from "../../review/plan/read";
import { accountsOf, foreignOf, reachOf, risksOf, runsOf, type PlannedSides } from "../../review/risk";
import { protectedIn, type StackJson } from "../../terraform/assembly";
import { synthEnvironments } from "../helpers/synth";

const file = resolve(__dirname, "..", "..", "review", "exceptions.yaml");
const exceptions = readExceptions(readFileSync(file, "utf8"), file);
/** Asked of whoever makes an environment, once: who administers it, what stands open, and alarms that only keep others silent. */
const DECIDED = ["identity/admin-granted", "network/ingress-opened", "network/tls-weakened", "notification/alarm-silenced"];
const day = exceptions.map(({ expires }) => expires).sort()[0]!;

describe.each(loadEnvironments().map((environment) => [environment.name, environment] as const))("%s", (_, environment) => {
  const stacks = synthEnvironments({ target: { kind: "aws" }, environments: [environment] }) as Readonly<Record<string, StackJson>>;
  const sides = (before: (json: StackJson) => StackJson | undefined): PlannedSides[] =>
    Object.entries(stacks).map(([stack, after]) => ({
      plan: readPlan(comparePlan(before(after), after), { stack, constructs: constructsOf(after) }),
      ...(before(after) && { before: before(after) }),
      after,
    }));
  const found = (of: readonly PlannedSides[]) => [
    ...of.flatMap(({ plan, before, after }) =>
      risksOf(plan, { protected: protectedIn(before ?? after ?? {}), accounts: accountsOf(plan, before, after) }),
    ),
    ...reachOf(of),
    ...foreignOf(of, { own: environment }),
    ...runsOf(of, environment.stage),
  ];

  it("is made for the first time, and no other rule refuses it", () => {
    const { findings } = applyExceptions(found(sides(() => undefined)), exceptions, day);
    const open = findings
      .filter(({ severity, excepted }) => severity === "refusal" && !excepted)
      .filter(({ rule }) => !DECIDED.includes(rule));
    expect(open.map(({ rule, construct, message }) => `${rule} ${construct}: ${message}`)).toEqual([]);
    expect(findings.filter(({ rule }) => rule.endsWith("/unjudged")).map(({ construct, message }) => `${construct}: ${message}`)).toEqual(
      [],
    );
  });

  it("is left as it is without a finding", () => {
    expect(found(sides((json) => json))).toEqual([]);
  });
});
