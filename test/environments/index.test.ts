import { environmentsOf, literalPath, type Environments } from "../../environments/reading/load";
import type { EnvironmentLiteral } from "../../environments/schema";
import { environmentNames, loadEnvironment, loadEnvironments } from "../fixtures/environments";
import { LITERALS } from "./edits";

const names = (selection?: string) => loadEnvironments(selection).map(({ name }) => name);

it("knows the environments in the order in which a change travels", () => expect(environmentNames).toEqual(["dev", "staging", "prod"]));
it("loads one by its name", () => expect(loadEnvironment("prod")).toMatchObject({ name: "prod", stage: "production" }));
it("says where a literal stands", () => expect(literalPath("prod")).toBe("environments/prod.ts"));

it.each([
  [undefined, ["dev", "staging", "prod"]],
  ["", ["dev", "staging", "prod"]],
  [" , ", ["dev", "staging", "prod"]],
  ["staging", ["staging"]],
  ["prod,dev", ["dev", "prod"]],
  ["prod dev", ["dev", "prod"]],
  [" prod ,\n staging,", ["staging", "prod"]],
  ["dev,dev", ["dev"]],
])("selection %j loads %j", (selection, expected) => expect(names(selection)).toEqual(expected));

it.each(["production", "Prod", "PROD", "toString", "__proto__", "constructor", "hasOwnProperty", "dev;prod", "*"])(
  "there is no environment %j, and the error lists those that there are",
  (name) => {
    const message = `There is no environment ${JSON.stringify(name)}. Valid names: dev, staging, prod.`;
    expect(() => loadEnvironment(name)).toThrow(message);
    expect(() => loadEnvironments(`prod,${name}`)).toThrow(message);
  },
);

it("no environment is assumed for an empty name", () =>
  expect(() => loadEnvironment("")).toThrow('There is no environment "". Valid names: dev, staging, prod.'));

describe("with a broken literal", () => {
  /** The literals with another in prod's place. */
  const withProd = (change: (prod: Record<string, unknown>) => Record<string, unknown>): Environments =>
    environmentsOf({ ...LITERALS, prod: change({ ...LITERALS.prod }) as unknown as EnvironmentLiteral });

  it("loading names its file, whichever environment was asked for", () => {
    const { loadEnvironments: load } = withProd((prod) => ({ ...prod, stage: "live" }));
    expect(() => load()).toThrow(/^environments\/prod\.ts has 1 problem:\n {2}stage = "live"/);
    // The others are checked too: they may share its account.
    expect(() => load("dev")).toThrow(/^environments\/prod\.ts/);
  });

  it("a literal must call itself what its file is called", () => {
    const { loadEnvironment: load } = withProd((prod) => ({ ...prod, name: "live", bootstrap: undefined }));
    expect(() => load("prod")).toThrow('  name = "live"\n    allowed: "prod", the name of the literal and its file');
  });

  it("literals that do not fit together are refused", () => {
    const { loadEnvironments: load } = withProd((prod) => ({ ...prod, bootstrap: undefined, accountWide: undefined }));
    expect(() => load("dev")).toThrow("account 777788889999 (prod): bootstrap must stand in exactly one environment, found in none");
  });
});
