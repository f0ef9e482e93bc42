import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { applyExceptions, readExceptions, type ExceptionScope } from "../../review/exceptions";
import { judgedOf } from "../../review/apply-exceptions";
import type { Exception, Finding } from "../../review/model";
import type { EnvironmentInput, StackInput } from "../../review/planning/planner";

const file = "review/exceptions.yaml";
const written = (more: object = {}) =>
  JSON.stringify([
    { construct: "prod-data/order-state/table", rule: "data/destroyed", reason: "moved to another table", expires: "2026-12-31", ...more },
  ]);
const finding = (more: Partial<Finding> = {}): Finding => ({
  rule: "data/destroyed",
  severity: "refusal",
  riskClass: "data",
  stack: "prod-data",
  construct: "prod-data/order-state/table",
  address: "aws_dynamodb_table.x",
  message: "…",
  ...more,
});
const exception = (more: Partial<Exception> = {}): Exception => ({
  construct: "prod-data/order-state/table",
  rule: "data/destroyed",
  reason: "moved to another table",
  expires: "2026-12-31",
  ...more,
});

describe("review/exceptions.yaml", () => {
  it("as it is committed can be read", () => {
    expect(() => readExceptions(readFileSync(join(resolve(__dirname, "..", ".."), file), "utf8"), file)).not.toThrow();
  });
  it.each(["", "# nothing", "[]"])("may be empty: %j", (text) => {
    expect(readExceptions(text, file)).toEqual([]);
  });
  it("keeps dates as texts", () => {
    expect(
      readExceptions(
        "- construct: '*-data/order-state/table'\n  rule: data/destroyed\n  reason: moved to another table\n  expires: 2026-12-31\n",
        file,
      ),
    ).toEqual([exception({ construct: "*-data/order-state/table" })]);
  });

  it.each<readonly [string, string, string]>([
    ["a map", "a: 1", "must hold a list of entries with construct, rule, reason and expires; an empty one is []."],
    ["no YAML", "[", "review/exceptions.yaml is no YAML: "],
    ["a key twice", "- construct: a\n  construct: b\n", "review/exceptions.yaml is no YAML: Map keys must be unique"],
    ["an entry that is a text", '["x"]', "entry 1: must be an entry with construct, rule, reason and expires"],
    ["an unknown key", written({ until: "x" }), 'entry 1: "until" is unknown; allowed are construct, rule, reason, expires'],
    ["a missing key", written({ reason: undefined }), "entry 1: reason must be a text"],
    ["a short reason", written({ reason: "because" }), "entry 1: reason must say why in at least 10 characters"],
    ["a reason of spaces", written({ reason: "              " }), "entry 1: reason must say why in at least 10 characters"],
    [
      "a rule without a subject",
      written({ rule: "destroyed" }),
      "entry 1: rule must be a rule's name, such as data/destroyed or checkov/CKV_AWS_18",
    ],
    [
      "a star elsewhere",
      written({ construct: "prod-data/*/table" }),
      "entry 1: construct must be a construct's path such as prod-data/order-state/table",
    ],
    ["a star alone", written({ construct: "*" }), "entry 1: construct must be"],
    ["a day that does not exist", written({ expires: "2026-02-30" }), "entry 1: expires must be a day, such as 2026-12-31"],
    ["a time", written({ expires: "2026-12-31T00:00:00Z" }), "entry 1: expires must be a day, such as 2026-12-31"],
    [
      "the same twice",
      `${written().slice(0, -1)},${written().slice(1)}`,
      "entry 2: data/destroyed of prod-data/order-state/table stands in entry 1 already",
    ],
  ])("refuses %s", (_, text, message) => {
    expect(() => readExceptions(text, file)).toThrow(message);
  });

  it("names all problems at once", () => {
    expect(() => readExceptions(JSON.stringify([{ construct: "a", rule: "b", reason: "c", expires: "d" }]), file)).toThrow(
      /entry 1: rule .*\n.*entry 1: reason .*\n.*entry 1: expires/,
    );
  });
});

describe("an exception", () => {
  it.each<readonly [string, Partial<Exception>, Partial<Finding>, boolean]>([
    ["of its construct and rule", {}, {}, true],
    ["of another rule", { rule: "data/replaced" }, {}, false],
    ["of another construct", { construct: "prod-data/order-state" }, {}, false],
    ["of every environment", { construct: "*-data/order-state/table" }, {}, true],
    ["of every environment, of another stack", { construct: "*-trading/order-state/table" }, {}, false],
    [
      "of every environment, in a stack that only ends so",
      { construct: "*-data/order-state/table" },
      { construct: "prod-other-data/order-state/table" },
      false,
    ],
    ["of Azure's environments", { construct: "azure-*-data/x" }, { construct: "azure-prod-data/x" }, true],
    ["of Azure's environments, of another stack", { construct: "azure-*-edge/x" }, { construct: "azure-prod-data/x" }, false],
    ["of Azure's environments, on AWS", { construct: "azure-*-data/x" }, { construct: "prod-data/x" }, false],
    ["of AWS's environments, on Azure", { construct: "*-data/x" }, { construct: "azure-prod-data/x" }, false],
    ["by address", { construct: "aws_dynamodb_table.x" }, {}, true],
    [
      "of an environment as a whole",
      { construct: "prod", rule: "cost/over-budget" },
      { construct: "prod", rule: "cost/over-budget", address: undefined },
      true,
    ],
  ])("%s lets pass: %4$s", (_, entry, seen, expected) => {
    const [one] = applyExceptions([finding(seen)], [exception(entry)], "2026-11-21").findings;
    expect(one!.excepted !== undefined).toBe(expected);
  });

  it("holds on its last day, and is an error on the next, when the finding is refused again", () => {
    expect(applyExceptions([finding()], [exception()], "2026-12-31")).toEqual({
      findings: [finding({ excepted: exception() })],
      errors: [],
    });
    expect(applyExceptions([finding()], [exception()], "2027-01-01")).toEqual({
      findings: [finding()],
      errors: [
        "review/exceptions.yaml, entry 1 (data/destroyed of prod-data/order-state/table) expired on 2026-12-31: take it out, or decide anew",
      ],
    });
  });

  it("that no finding needs is an error, where its stack was judged, or its environment as a whole", () => {
    const errors = (construct: string, scope: ExceptionScope) =>
      applyExceptions([], [exception({ construct })], "2026-11-21", { environments: ["dev", "prod"], ...scope }).errors;
    const unused = (construct: string) => [
      `review/exceptions.yaml, entry 1 (data/destroyed of ${construct}) is unused: no finding needs it, take it out`,
    ];
    const [dev, prod] = [
      ["dev-data", "dev-events"],
      ["prod-data", "prod-events"],
    ];
    expect(errors("prod-data/x", { stacks: prod, whole: ["prod"] })).toEqual(unused("prod-data/x"));
    expect(errors("prod-data/x", { stacks: ["prod-data"] })).toEqual(unused("prod-data/x"));
    expect(errors("prod-data/x", { stacks: ["prod-events"] })).toEqual([]);
    expect(errors("prod-data/x", { stacks: dev, whole: ["dev"] })).toEqual([]);
    expect(errors("prod-data/x", {})).toEqual([]);
    expect(errors("prod", { stacks: prod, whole: ["prod"] })).toEqual(unused("prod"));
    expect(errors("prod", { stacks: ["prod-data"] })).toEqual([]);
    expect(errors("*-data/x", { stacks: prod, whole: ["prod"] })).toEqual([]);
    expect(errors("*-data/x", { stacks: [...dev, ...prod], whole: ["dev", "prod"] })).toEqual(unused("*-data/x"));
    expect(errors("*-data/x", { stacks: ["dev-data", "prod-data"] })).toEqual(unused("*-data/x"));
    expect(errors("*-data/x", { stacks: [...dev, "prod-events"], whole: ["dev"] })).toEqual([]);
    expect(errors("production-data/x", { stacks: prod, whole: ["prod"] })).toEqual([]);
  });

  it("of a stack that a whole environment does not have is unused", () => {
    expect(
      applyExceptions([], [exception({ construct: "*-services/x" })], "2026-11-21", {
        stacks: ["prod-services", "dev-data"],
        whole: ["dev"],
        environments: ["dev", "prod"],
      }).errors,
    ).toHaveLength(1);
    expect(
      applyExceptions([], [exception({ construct: "prod-research/x" })], "2026-11-21", { stacks: ["prod-data"], whole: ["prod"] }).errors,
    ).toHaveLength(1);
  });

  it("of Azure is judged where all of Azure was, but of stacks that no review against a subscription has", () => {
    const errors = (construct: string, whole: readonly string[], stacks: readonly string[] = []) =>
      applyExceptions([], [exception({ construct })], "2026-11-21", {
        stacks,
        whole,
        environments: ["dev", "prod", "azure-dev", "azure-prod"],
      }).errors.length;
    expect(errors("azure-*-data/x", ["azure-dev", "azure-prod"])).toBe(1);
    expect(errors("azure-*-data/x", ["azure-prod"])).toBe(0);
    expect(errors("azure-*-data/x", ["dev", "prod"])).toBe(0);
    expect(errors("azure-prod-data/x", ["azure-prod"])).toBe(1);
    expect(errors("*-data/x", ["dev", "prod"])).toBe(1);
    expect(errors("*-data/x", ["azure-dev", "azure-prod"])).toBe(0);
    for (const stack of ["bootstrap", "trust", "workloads"]) {
      expect(errors(`azure-*-${stack}/x`, ["azure-dev", "azure-prod"])).toBe(0);
      expect(errors(`azure-prod-${stack}/x`, ["azure-prod"])).toBe(0);
    }
    expect(errors("azure-prod-bootstrap/x", [], ["azure-prod-bootstrap"])).toBe(1);
    expect(errors("prod-bootstrap/x", ["prod"])).toBe(1);
  });

  it("that has expired is an error where its cloud is reviewed, and stops no deploy of the other", () => {
    const errors = (construct: string, environments: readonly string[]) =>
      applyExceptions([], [exception({ construct })], "2027-01-01", { environments }).errors.length;
    expect(errors("*-data/x", ["azure-prod"])).toBe(0);
    expect(errors("*-data/x", ["prod"])).toBe(1);
    expect(errors("azure-*-data/x", ["prod"])).toBe(0);
    expect(errors("azure-prod-data/x", ["azure-dev", "azure-prod"])).toBe(1);
    expect(errors("*-data/x", ["prod", "azure-prod"])).toBe(1);
  });

  it("of a finding that is needed in one environment is used", () => {
    expect(
      applyExceptions([finding()], [exception({ construct: "*-data/order-state/table" })], "2026-11-21", {
        stacks: ["dev-data", "prod-data"],
        environments: ["dev", "prod"],
      }).errors,
    ).toEqual([]);
  });

  it("wants a day for today", () => {
    expect(() => applyExceptions([], [], "today")).toThrow('Today must be a day such as 2026-11-21, not "today"');
  });
});

describe("what a review judged", () => {
  const input = (environment: string, states: Readonly<Record<string, StackInput["state"]>>): EnvironmentInput => ({
    environment,
    stacks: Object.entries(states).map(([stack, state]) => ({ stack, state, raw: "" })),
  });
  const prod = input("prod", { "prod-data": "planned", "prod-events": "unchanged", "prod-workloads": "compared" });
  const all = ["prod-data", "prod-events", "prod-workloads"];

  it("is each stack that was planned or stays as it is, and the environment where that are all", () => {
    expect(judgedOf([prod], { isAll: true, settled: [] })).toEqual({ stacks: all, whole: ["prod"] });
  });
  it("is no environment where plans of some stacks were read", () => {
    expect(judgedOf([prod], { isAll: false, settled: [] })).toEqual({ stacks: all, whole: [] });
  });
  it("is nothing of what was not judged again", () => {
    expect(judgedOf([prod], { isAll: true, settled: ["prod"] })).toEqual({ stacks: [], whole: [] });
  });
  it.each(["deferred", "failed"] as const)("is no stack that is %s", (state) => {
    expect(judgedOf([input("prod", { "prod-data": "planned", "prod-events": state })], { isAll: true, settled: [] })).toEqual({
      stacks: ["prod-data"],
      whole: [],
    });
  });

  it("leaves every exception of the project alone when plans of one stack are read", () => {
    const committed = readExceptions(readFileSync(join(resolve(__dirname, "..", ".."), file), "utf8"), file);
    const scope = judgedOf([input("prod", { "prod-events": "planned" })], { isAll: false, settled: [] });
    const { errors } = applyExceptions([], committed, "2026-11-21", { ...scope, environments: ["dev", "staging", "prod"] });
    expect(errors.filter((error) => !error.includes("-events/"))).toEqual([]);
  });
});
