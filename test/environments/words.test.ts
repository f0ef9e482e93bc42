/** Environments by name and by the documents' words, also where several have one stage. */
import { offeredWords, workflowText } from "../../commands/pages/workflows";
import { environmentsOf } from "../../environments/reading/load";
import type { EnvironmentLiteral } from "../../environments/schema";

/** What is asked here reads no more of a literal than this. */
const named = (...all: readonly (readonly [name: string, stage: EnvironmentLiteral["stage"]])[]) =>
  environmentsOf(Object.fromEntries(all.map(([name, stage]) => [name, { name, stage } as EnvironmentLiteral])));
const [DEV, STAGING, PROD] = [
  ["dev", "development"],
  ["staging", "staging"],
  ["prod", "production"],
] as const;

describe("environmentNameOf", () => {
  const three = named(DEV, STAGING, PROD);
  it.each([
    ["dev", "dev"],
    ["development", "dev"],
    ["staging", "staging"],
    ["prod", "prod"],
    ["production", "prod"],
  ])("%s is %s", (word, name) => {
    expect(three.environmentNameOf(word)).toBe(name);
  });
  it.each(["live", "", "Production", "toString", "__proto__"])("%j is none", (word) => {
    expect(() => three.environmentNameOf(word)).toThrow(
      `There is no environment ${JSON.stringify(word)}. Valid names: dev, staging, prod.`,
    );
  });
  it("a word for several is refused with their names, and every name stays one", () => {
    const five = named(DEV, ["qa", "development"], STAGING, ["uat", "staging"], PROD);
    expect(() => five.environmentNameOf("development")).toThrow('"development" stands for several environments: name one of dev, qa.');
    expect(["dev", "qa", "staging", "uat", "production"].map(five.environmentNameOf)).toEqual(["dev", "qa", "staging", "uat", "prod"]);
  });
  it("a stage that nobody has is no environment", () => {
    expect(() => named(DEV).environmentNameOf("production")).toThrow('There is no environment "production". Valid names: dev.');
  });
});

describe("what workflows offer", () => {
  const environments = (...all: readonly (readonly [name: string, stage: EnvironmentLiteral["stage"]])[]) =>
    all.map(([name, stage]) => ({ name, stage }));
  it.each([
    ["the documents' words", [DEV, STAGING, PROD], ["development", "staging", "production"]],
    ["names where a word could mean two", [DEV, ["qa", "development"], STAGING, PROD], ["dev", "qa", "staging", "production"]],
    [
      "names beside one that is called like the stage",
      [DEV, STAGING, ["qa", "staging"], PROD],
      ["development", "staging", "qa", "production"],
    ],
  ] as const)("%s", (_, all, expected) => {
    expect(offeredWords(environments(...all))).toEqual(expected);
  });

  const text =
    "options: [a] # every environment, written by `npm run docs`\nother: [b] # every environment\noptions: [] # those in development, written by `npm run docs`\n";
  it("is written where the file says so, and nowhere else", () => {
    expect(workflowText("x.yml", text, environments(DEV, ["qa", "development"], PROD))).toBe(
      "options: [dev, qa, production] # every environment, written by `npm run docs`\nother: [b] # every environment\noptions: [dev, qa] # those in development, written by `npm run docs`\n",
    );
  });
  it("is never an empty list", () => {
    expect(() => workflowText("x.yml", text, environments(PROD))).toThrow(
      "x.yml offers those in development, and there is none: delete it, or have one in environments/index.ts.",
    );
  });
});
