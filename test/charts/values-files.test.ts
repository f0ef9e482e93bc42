/** The chart's values files are generated, and helm must read them as they are meant; that they are current is asked in test/literals. No helm is needed. */
import Ajv from "ajv";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { mergeValues, parseValues } from "../../commands/manifests/releases";
import { CHART_FOLDER, valuesFiles } from "../../commands/pages/values-files";
import { chartValues } from "../../constructs/kubernetes/chart-values";
import type { Environment } from "../../environments/schema";
import { environment } from "../environments/edits";

const folder = resolve(__dirname, "../..", CHART_FOLDER);
const read = (file: string) => readFileSync(join(folder, file), "utf8");
const accepts = new Ajv().compile(JSON.parse(read("values.schema.json")) as object);
/** Of the same stage as staging. */
const qa: Environment = { ...environment("staging"), name: "qa" };

it("have the documents' names, a stage's further environments their own behind it, and name their source", () => {
  const files = valuesFiles([environment("dev"), environment("staging"), qa, environment("prod")]);
  expect(Object.keys(files)).toEqual([
    "values.development.yaml",
    "values.staging.yaml",
    "values.staging-qa.yaml",
    "values.production.yaml",
  ]);
  expect(files["values.staging-qa.yaml"]).toMatch(/^# Generated from environments\/qa\.ts by `npm run docs`: do not edit\./);
  // A stage's name is nobody's by that alone.
  expect(Object.keys(valuesFiles([qa, environment("staging")]))).toEqual(["values.staging.yaml", "values.staging-staging.yaml"]);
});

it.each(["dev", "staging", "prod"] as const)("of %s are what the chart's schema takes, and say what the release says", (base) => {
  const [text] = Object.values(valuesFiles([environment(base)]));
  const values = parseValues(text!, "file");
  expect(values).toEqual(chartValues(environment(base)));
  expect([accepts(mergeValues(parseValues(read("values.yaml"), "values.yaml"), values)), accepts.errors]).toEqual([true, null]);
});

it("keep texts that YAML would take for something else", () => {
  const texts = {
    A: "yes",
    B: "no",
    C: "off",
    D: "010",
    E: "1e3",
    F: "2026-11-28",
    G: "null",
    H: "~",
    I: "0x1F",
    J: "1_000",
    K: "12:30:45",
    L: " a: b # c ",
    M: "'\"\\",
    N: "- x",
    O: "true",
    P: "=",
    Q: "é日本",
    R: "*a",
    S: "&b",
    T: "!c",
    U: "1.",
    V: ".5",
    W: "<<",
    X: "y",
    Y: "@x",
    Z: "0b1",
  };
  const own = environment("prod", { "services.ml.environment": texts });
  const values = parseValues(valuesFiles([own])["values.production.yaml"]!, "file") as {
    readonly services: { readonly ml: { readonly env: unknown } };
  };
  expect(values.services.ml.env).toEqual(texts);
});
