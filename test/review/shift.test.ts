/** An environment that comes, goes, or moves to another account or region: said first, and planned as what it is. */
import { resolve } from "node:path";
import type { Place, Shift } from "../../review/model";
import { movesAsItStood } from "../../review/environment-shift";
import { gonePlans } from "../../review/planning/on-base";
import { shiftOf } from "../../review/planning/shift";
import type { SynthesisedStack, StackJson } from "../../terraform/assembly";
import { json } from "../../review/report/json";
import { markdown } from "../../review/report/markdown";
import { page } from "../../review/report/page";
import { summary } from "../../review/report/summary";
import { planText } from "../../review/report/plan-text";
import { classOf, environmentOf, heldBy, reportOf } from "../helpers/report";

const TOKYO: Place = { account: "111111111111", region: "ap-northeast-1" };
const OSAKA: Place = { account: "222222222222", region: "ap-northeast-3" };
const provider = ({ account, region }: Place) => ({
  aws: [
    { alias: "copies", region: "us-east-1", allowed_account_ids: ["333333333333"] },
    { region, allowed_account_ids: [account] },
  ],
});
const stacks = (place?: Place, resource: StackJson["resource"] = {}): ReadonlyMap<string, SynthesisedStack> =>
  new Map(
    place
      ? [["qa-data", { name: "qa-data", folder: "qa-data", json: { provider: provider(place), resource }, dependencies: [], digest: "" }]]
      : [],
  );

describe("an environment", () => {
  it.each<readonly [string, Place | undefined, Place | undefined, object | undefined]>([
    ["stays", TOKYO, TOKYO, undefined],
    [
      "moves to another account",
      TOKYO,
      { ...TOKYO, account: OSAKA.account },
      { kind: "moved", from: TOKYO, to: { ...TOKYO, account: OSAKA.account } },
    ],
    [
      "moves to another region",
      TOKYO,
      { ...TOKYO, region: OSAKA.region },
      { kind: "moved", from: TOKYO, to: { ...TOKYO, region: OSAKA.region } },
    ],
    ["is new", undefined, TOKYO, { kind: "new", to: TOKYO }],
    ["is gone", TOKYO, undefined, { kind: "gone", from: TOKYO }],
  ])("%s", (_, from, to, expected) => {
    expect(shiftOf(stacks(from), stacks(to))).toEqual(expected);
  });

  it("stays where its code does not say where it was", () => {
    const silent = new Map([["qa-data", { ...stacks(TOKYO).get("qa-data")!, json: {} }]]);
    expect(shiftOf(silent, stacks(TOKYO))).toBeUndefined();
  });

  it("that is gone has all that it had, without an owner", () => {
    const {
      environment,
      shift,
      stacks: found,
    } = gonePlans("qa", { baseNames: ["qa"], before: () => stacks(TOKYO), after: () => stacks() });
    expect({ environment, shift, found: found.map(({ stack, state }) => `${stack} ${state}`) }).toEqual({
      environment: "qa",
      shift: { kind: "gone", from: TOKYO },
      found: ["qa-data orphaned"],
    });
  });
});

describe("what moves as it stood", () => {
  const block = (of: Place, more: object = {}) => ({ policy: `arn:aws:iam::${of.account}:root`, zone: `${of.region}a`, ...more });
  const input = (resource: StackJson["resource"]) => ({
    stack: "qa-data",
    state: "planned" as const,
    raw: "",
    before: { resource },
    after: { resource },
  });
  const isSame = movesAsItStood(
    [input({ aws_x: { same: block(TOKYO), wider: block(TOKYO, { port: 1 }) } })],
    [input({ aws_x: { same: block(OSAKA), wider: block(OSAKA, { port: 2 }), added: {} } })],
    TOKYO,
    OSAKA,
  );
  it("is what differs in account and region only", () => {
    expect(["same", "wider", "added"].map((name) => isSame("qa-data", `aws_x.${name}`))).toEqual([true, false, false]);
  });
  it("is looked for in its own stack", () => {
    expect(isSame("qa-events", "aws_x.same")).toBe(false);
  });
});

const left = { resources: 186, monthly: 283.74 };
const SHIFTS: readonly (readonly [Shift, string])[] = [
  [
    { kind: "moved", from: TOKYO, to: { ...TOKYO, account: OSAKA.account }, left },
    "qa moves from account 111111111111 to account 222222222222 in region ap-northeast-1: everything is made anew there, and no data goes along. Nothing in the old place is touched by this change: its 186 resources stay, and cost about $283.74 a month until npm run destroy -- qa is run from the base's code. What stands there as it did, but for account and region, is not judged again.",
  ],
  [
    { kind: "moved", from: TOKYO, to: { ...TOKYO, region: OSAKA.region }, left },
    "qa moves from region ap-northeast-1 to region ap-northeast-3 of account 111111111111: everything",
  ],
  [
    { kind: "moved", from: TOKYO, to: OSAKA, left },
    "qa moves from account 111111111111 in region ap-northeast-1 to account 222222222222 in region ap-northeast-3: everything",
  ],
  [
    { kind: "new", to: TOKYO },
    "qa is new: the base does not have it. All of it is made, in account 111111111111 in region ap-northeast-1.",
  ],
  [
    { kind: "gone", from: {}, left },
    "qa is gone: only the base has it. Nothing destroys it: its 186 resources stay in a place that its code does not name, and cost $283.74 a month or more until npm run destroy -- qa is run from the base's code.",
  ],
];

describe.each(SHIFTS)("$kind", (shift, said) => {
  const environments = [environmentOf("qa", { shift })];
  const report = reportOf({ environments });
  it("is said before all else", () => {
    const SOURCE = "Planned on main (abc1234), with alerts-in-osaka on top of it; no account involved.";
    for (const text of [summary(report, classOf), planText(report.source, [], [], environments)])
      expect([text.split("\n")[0], text.split("\n")[1]]).toEqual([SOURCE, expect.stringContaining(said)]);
    expect(
      markdown(report, { classOf, heldBy })
        .split("\n")[5]!
        .replaceAll(/`|\*\*/g, "")
        .replaceAll("&#36;", "$"),
    ).toContain(said);
    const html = page(report, { classOf, heldBy, root: resolve(__dirname, "..", "..") });
    expect(/<p class="shift">(.*?)<\/p>/.exec(html)![1]!.replaceAll(/<[^>]*>/g, "")).toContain(said);
    expect((JSON.parse(json(report, { classOf })) as { environments: readonly { shift: unknown }[] }).environments[0]!.shift).toEqual(
      shift,
    );
  });
});

it("nothing is said of an environment that stays", () => {
  const report = reportOf({ environments: [environmentOf("qa")] });
  expect(markdown(report, { classOf, heldBy })).not.toContain("moves");
  expect(json(report, { classOf })).not.toContain("shift");
});
