/** Helm releases as a synthesised stack has them, with what Terraform would put in. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readTerraformOutputs } from "../../terraform/resolve";
import { mergeValues, releases } from "../../commands/manifests/releases";
import { describeWithHelm, helm } from "../charts/helm";

const registry = "${data.terraform_remote_state.cross-stack-reference-input-dev-services.outputs.registry}";
const release = (more: Readonly<Record<string, unknown>> = {}) => ({
  name: "day-trade-ml",
  namespace: "${kubernetes_namespace_v1.day-trade.metadata[0].name}",
  chart: "../../charts/day-trade-ml",
  ...more,
});
const stack = (helm_release: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}) => ({
  resource: { helm_release, kubernetes_namespace_v1: { "day-trade": { metadata: { name: "day-trade-dev" } } } },
  ...more,
});
const only = (more: Readonly<Record<string, unknown>>, outputs = {}) => releases(stack({ chart: release(more) }), outputs)[0]!;

describe("releases", () => {
  it("are named with all that helm is told", () => {
    expect(
      releases(
        stack({
          chart: release(),
          keda: {
            name: "keda",
            namespace: "keda",
            chart: "keda",
            repository: "https://kedacore.github.io/charts",
            version: "2.18.0",
            values: ["a: 1\n"],
          },
        }),
      ),
    ).toEqual([
      { name: "day-trade-ml", namespace: "day-trade-dev", chart: "../../charts/day-trade-ml", values: {} },
      {
        name: "keda",
        namespace: "keda",
        chart: "keda",
        repository: "https://kedacore.github.io/charts",
        version: "2.18.0",
        values: { a: 1 },
      },
    ]);
    expect(releases({})).toEqual([]);
    expect(releases({ resource: { helm_release: { a: { name: "a", chart: "a" } } } })[0]!.namespace).toBe("default");
  });

  it("merge their values as helm does: later texts win by key, lists are taken whole", () => {
    const { values } = only(
      {
        values: [
          "environment: development\nservices:\n  ml: {calls: [data], env: {A: b}}\n  scheduler: {}\n",
          JSON.stringify({ image: { registry }, services: { ml: { calls: [], env: { C: "d" } }, scheduler: null } }),
        ],
      },
      { registry: "111122223333.dkr.ecr.ap-northeast-1.amazonaws.com" },
    );
    expect(values).toEqual({
      environment: "development",
      image: { registry: "111122223333.dkr.ecr.ap-northeast-1.amazonaws.com" },
      services: { ml: { calls: [], env: { A: "b", C: "d" } }, scheduler: null },
    });
  });

  it("take values by the whole reference, by an output's name, and from the stack itself", () => {
    const text = JSON.stringify({
      a: "${aws_sqs_queue.orders.url}",
      b: registry,
      c: "${local.stage}-${local.names[1]}",
      d: "${aws_sqs_queue.orders.name}",
      e: "$${kept} %%{kept}",
      f: "x${local.quoted}",
    });
    const [{ values } = { values: undefined }] = releases(
      { ...stack({ chart: release({ values: [text] }) }), locals: { stage: "dev", names: ["one", "${local.stage}2"], quoted: "plain" } },
      { "aws_sqs_queue.orders.url": "https://sqs.example/1/orders", registry: "r", "aws_sqs_queue.orders.name": "${not} looked into" },
    );
    expect(values).toEqual({
      a: "https://sqs.example/1/orders",
      b: "r",
      c: "dev-dev2",
      d: "${not} looked into",
      e: "${kept} %{kept}",
      f: "xplain",
    });
  });

  it("name every reference without a value, functions and circles included", () => {
    const broken = {
      ...stack({ chart: release({ values: [`a: \${aws_x.y.z}\nb: ${registry}\nc: \${jsonencode(local.a)}\nd: \${local.circle}\n`] }) }),
      locals: { circle: "${local.other}", other: "${local.circle}" },
    };
    expect(() => releases(broken)).toThrow(
      "The stack refers to what the given outputs do not say:\n  aws_x.y.z\n  data.terraform_remote_state.cross-stack-reference-input-dev-services.outputs.registry\n  jsonencode(local.a)\n  local.circle",
    );
  });

  it("are read one by one where only one is wanted", () => {
    const two = stack({ chart: release(), other: { name: "other", chart: "other", values: ["a: ${aws_x.y.z}"] } });
    expect(releases(two, {}, ["day-trade-ml"]).map(({ name }) => name)).toEqual(["day-trade-ml"]);
    expect(() => releases(two)).toThrow("aws_x.y.z");
  });

  it("refuse what is not understood here", () => {
    for (const [more, message] of [
      [
        { set: [{ name: "a", value: "b" }], set_wo: [{ name: "a", value: "b" }] },
        "helm_release.chart: set, set_wo: only `values` are understood",
      ],
      [{ values: ["- a"] }, "helm_release.chart.values[0]: values are a map of keys"],
    ] as const)
      expect(() => only(more)).toThrow(message);
  });
});

it("merging keeps null, and replaces a map by what is none", () => {
  expect(mergeValues({ a: { b: 1, c: 2 }, d: { e: 1 } }, { a: { b: null }, d: "text" })).toEqual({ a: { b: null, c: 2 }, d: "text" });
});

it("outputs are read as terraform prints them", () => {
  expect(readTerraformOutputs('{"a": {"sensitive": false, "type": "string", "value": "b"}}', "outputs.json")).toEqual({ a: "b" });
  expect(() => readTerraformOutputs("a = b", "outputs.json")).toThrow("outputs.json is no JSON");
  expect(() => readTerraformOutputs('{"a": "b"}', "outputs.json")).toThrow("outputs.json is not what `terraform output -json` prints");
});

describeWithHelm("helm itself", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "chart-"));
    mkdirSync(join(folder, "templates"));
    writeFileSync(join(folder, "Chart.yaml"), "apiVersion: v2\nname: echo\nversion: 0.1.0\n");
    writeFileSync(join(folder, "templates", "values.yaml"), "values: {{ .Values | toJson }}\n");
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("merges values in the same way", () => {
    const values = [
      'a: {b: 1, c: [1, 2]}\nd: {e: text}\nf: x\ns: yes\nt: [off, 010, 1e3, 0.1.0, 2026-11-21, null, ~]\nu: "yes"\n',
      '{"a": {"c": [3], "g": {"h": true}}, "d": "none", "f": {"i": 0.5}}',
    ];
    const files = values.flatMap((text, index) => {
      writeFileSync(join(folder, `${index}.txt`), text);
      return ["--values", join(folder, `${index}.txt`)];
    });
    const { stdout } = spawnSync(helm!, ["template", "x", folder, ...files], { encoding: "utf8" });
    expect(only({ values }).values).toEqual(JSON.parse(/^values: (.*)$/m.exec(stdout)![1]!));
  });
});
