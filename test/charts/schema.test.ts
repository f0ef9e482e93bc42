/** values.schema.json refuses what it does not know: for every property the wrong types, limits and unknown keys; and helm agrees. */
import Ajv from "ajv";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { chart, describeWithHelm, refusal, render, valuesFiles, valuesOf, type Values } from "./helm";
import { openObjects, places, withValue, type Place, type Root } from "./schema-cases";

const read = (file: string) => readFileSync(join(chart, file), "utf8");
const schema = JSON.parse(read("values.schema.json")) as Root;
const accepts = new Ajv({ allErrors: false }).compile(schema);

const merge = (base: unknown, over: unknown): unknown =>
  typeof base === "object" && typeof over === "object" && base && over && !Array.isArray(over)
    ? Object.entries(over).reduce((all, [key, value]) => ({ ...all, [key]: merge((base as Values)[key], value) }), base as Values)
    : over;

const everything = {
  image: { repository: "day-trade-x" },
  profile: "cpuBound",
  ports: { grpc: 50051 },
  route: { hosts: ["a.example.com"], paths: ["/x"], pathType: "Exact", order: 5 },
  calls: ["scheduler"],
  connects: ["cache"],
  podLabels: { a: "b" },
  nodeSelector: { a: "b" },
  serviceAccount: { annotations: { a: "b" } },
  env: { A: "b" },
  secrets: { C: { secret: "d", key: "e" } },
  autoscaling: {
    queue: { url: "https://sqs.ap-northeast-1.amazonaws.com/777788889999/tss-orders", region: "ap-northeast-1" },
    schedule: [{ start: "30 8 * * MON-FRI", end: "0 16 * * MON-FRI", minReplicas: 6, maxReplicas: 20 }],
    enabled: true,
  },
};
const values = parse(read("values.yaml")) as { readonly defaults: Values };
/** Every key that the schema knows, with a value that it takes. */
const complete = merge(values, {
  image: { pullSecrets: ["login"] },
  defaults: everything,
  // With `defaults` that scale, it may not be the one that is never there twice.
  services: { ml: merge(values.defaults, everything), scheduler: { strategy: "RollingUpdate" } },
  backends: { cache: { cidrs: ["10.0.3.0/24"] }, database: { cidrs: ["10.0.3.0/24"] } },
  ingress: { clientCidrs: ["203.0.113.0/24"], loadBalancerCidrs: ["10.0.1.0/24"], annotations: { a: "b" } },
  gateway: { cidrs: ["10.1.0.0/24"] },
  externalSecrets: { store: { aws: { region: "ap-northeast-1" } } },
  networkPolicy: { dnsCidrs: ["169.254.20.10/32"], egress: [{ cidr: "169.254.170.23/32", port: 80 }] },
});
const all = places(schema, complete);
const isObject = ({ schema: { type } }: Place) => [type].flat().includes("object");

describe("the schema", () => {
  it("takes the values files, and every key at once", () => {
    for (const file of valuesFiles) expect([file, accepts(merge(values, valuesOf(file)))]).toEqual([file, true]);
    expect([accepts(complete), accepts.errors]).toEqual([true, null]);
  });

  it("leaves no object open", () => expect(openObjects(schema)).toEqual([]));

  it("uses no pattern that Go cannot read", () => {
    for (const pattern of read("values.schema.json").matchAll(/"pattern": (".*?[^\\]")/g))
      expect(pattern[1]).not.toMatch(/\(\?[=!<]|\{\d*,?\d{4,}\}/);
  });

  it.each(all.map((place) => [place.path.join(".") || "(all)", place] as const))("refuses what is wrong in %s", (_, { path, bad }) => {
    expect(bad.length).toBeGreaterThan(0);
    const taken = bad.filter(({ value }) => accepts(withValue(complete, path, value))).map(({ why }) => why);
    expect(taken).toEqual([]);
  });

  it.each([
    ["services.ml.image.tag", ["latest", "", "a:b", "-x"]],
    ["defaults.image.tag", ["latest", ""]],
    ["services.ml.image.digest", ["sha256:abc", "latest"]],
    ["services.ml.image.repository", ["", "Upper", "a:1", "a@sha256:b", "/a"]],
    ["image.registry", ["", "https://registry.example", "registry example"]],
    ["image.pullPolicy", ["Never"]],
    ["services.ml.resources.requests.cpu", ["0", "0m", "1.5", "2 cores", ""]],
    ["services.ml.resources.limits.memory", ["4", "4GB", "0Gi", "4g"]],
    ["services.ml.podDisruptionBudget.maxUnavailable", ["101%", "half", "%"]],
    ["services.ml.strategy", ["recreate", "OnDelete"]],
    ["services.ml.healthPath", ["health", "/he alth", "/health?x=1"]],
    ["services.ml.route.paths", [["ml"], ["/m l"], ["/ml|x"], []]],
    ["services.ml.route.pathType", ["prefix", ""]],
    ["services.ml.env", [{ lower: "x" }, { "A-B": "x" }, { A: 5 }, { A: true }]],
    ["services.ml.ports", [{ http: 8001 }, { GRPC: 1 }, { "a-very-long-port-name": 1 }]],
    ["services.ml.connects", [["redis"]]],
    [
      "services",
      [
        {},
        { api: {} },
        { api: { image: { tag: "1.0.0" } } },
        { ML: everything },
        { test: everything },
        { dashboard: everything },
        { "a-name-too-long-x": everything },
      ],
    ],
    ["backends.cache.cidrs", [["10.0.0.0"], ["10.0.0.0/33"], ["fd00::/8"], ["0.0.0.0/0"]]],
    ["networkPolicy.egress.0.cidr", ["0.0.0.0/0", "128.0.0.0/1", "*"]],
    ["ingress.clientCidrs", [["*"], ["all"]]],
    ["ingress.loadBalancerCidrs", [["0.0.0.0/0"]]],
    ["ingress.certificateArn", ["arn:aws:iam::1:server-certificate/x"]],
    ["monitoring.alerts.accuracyRatio", [0, 93, 1.01]],
    ["monitoring.sla.servedRatio", [0, 1, 99]],
    ["defaults.autoscaling.queue.url", ["http://sqs.example/1/a", "tss-orders", "https://sqs.example/a b", "https://sqs.example/a\nb"]],
    ["defaults.autoscaling.schedule.0.start", ["30 8 * * 1-5", "* * * * *", "30 8 1 * *", "60 8 * * *", "30 24 * * *", "@daily"]],
    ["externalSecrets.store.aws.region", ["Tokyo", "ap-northeast", "ap-northeast-1a"]],
    ["externalSecrets.refreshInterval", ["0s", "1", "1d"]],
  ])("refuses of %s: %j", (path, wrong) => {
    for (const value of wrong as readonly unknown[])
      expect([
        value,
        accepts(
          withValue(
            complete,
            path.split(".").map((key) => (/^\d+$/.test(key) ? Number(key) : key)),
            value,
          ),
        ),
      ]).toEqual([value, false]);
  });
});

describeWithHelm("helm and the schema", () => {
  const pointer = (path: readonly (string | number)[]) => `/${path.map((key) => String(key).replaceAll("/", "~1")).join("/")}`;

  it("takes every key at once", () => expect(render(undefined, complete as Values).length).toBeGreaterThan(20));

  it("refuses an unknown key in every object", () => {
    const objects = all.filter(isObject);
    const said = refusal(
      undefined,
      objects.reduce<unknown>((spoilt, { path }) => withValue(spoilt, [...path, "Unknown key"], "text!"), complete) as Values,
    );
    expect(
      objects
        .filter(
          ({ path }) => !said.includes(`at '${path.length === 0 ? "" : pointer(path)}': additional properties 'Unknown key' not allowed`),
        )
        .map(({ path }) => pointer(path)),
    ).toEqual([]);
  });

  it("refuses a value of a wrong type in every place that holds a plain one or a list", () => {
    const leaves = all.filter((place) => !isObject(place) && !place.path.includes(0));
    const said = refusal(
      undefined,
      leaves.reduce<unknown>(
        (spoilt, { path, schema: { type } }) => withValue(spoilt, path, type === "array" ? 5 : []),
        complete,
      ) as Values,
    );
    expect(leaves.filter(({ path }) => !said.includes(`at '${pointer(path)}': got`)).map(({ path }) => pointer(path))).toEqual([]);
  });
});
