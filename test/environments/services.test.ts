import { FARGATE_CPU, FARGATE_MEMORY, fargateMemory } from "../../environments/facts/fargate-sizes";
import {
  givenVariables,
  GRANT_VARIABLES,
  GRANTS,
  grantSubject,
  imageParts,
  inCallOrder,
  initialTasks,
  variableName,
} from "../../environments/schema/services";

describe("Fargate's sizes", () => {
  const row = (from: number, to: number, step: number) => Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
  it.each([
    [256, [512, 1024, 2048]],
    [512, row(1024, 4096, 1024)],
    [1024, row(2048, 8192, 1024)],
    [2048, row(4096, 16_384, 1024)],
    [4096, row(8192, 30_720, 1024)],
    [8192, row(16_384, 61_440, 4096)],
    [16_384, row(32_768, 122_880, 8192)],
  ] as const)("with %d CPU units are AWS's", (cpu, memory) => expect(fargateMemory(cpu)).toEqual(memory));

  it("are these for every CPU that there is, within the limits of the field", () => {
    expect(FARGATE_CPU).toEqual([256, 512, 1024, 2048, 4096, 8192, 16_384]);
    const all = FARGATE_CPU.flatMap(fargateMemory);
    expect([Math.min(...all), Math.max(...all)]).toEqual([FARGATE_MEMORY.minimum, FARGATE_MEMORY.maximum]);
  });
});

it.each([
  ["day-trade-ml:0.1.0", { repository: "day-trade-ml", tag: "0.1.0", digest: undefined }],
  ["team/ml_a.b:V1", { repository: "team/ml_a.b", tag: "V1", digest: undefined }],
  ["day-trade-ml@sha256:0a1b", { repository: "day-trade-ml", tag: undefined, digest: "sha256:0a1b" }],
])("image %s has its parts", (image, parts) => expect(imageParts(image)).toEqual(parts));

it.each([
  [{}, 1],
  [{ replicas: 0 }, 0],
  [{ replicas: 5 }, 5],
  [{ scaling: { min: 3 } }, 3],
])("%j begins with %d tasks", (service, tasks) => expect(initialTasks(service as Parameters<typeof initialTasks>[0])).toBe(tasks));

it.each([
  ["data", "DATA"],
  ["data-api", "DATA_API"],
  ["a-1-b", "A_1_B"],
  ["rawMarketData", "RAW_MARKET_DATA"],
  ["cache", "CACHE"],
])("%s is %s in variables", (name, variable) => expect(variableName(name)).toBe(variable));

describe("variables that the infrastructure sets", () => {
  it("are the environment and the port at the least", () =>
    expect(givenVariables({ calls: [], grants: [] })).toEqual(["ENVIRONMENT", "PORT"]));
  it("name those that are called and what the rights are for, each once", () => {
    expect(
      givenVariables({
        calls: ["data-api", "ml"],
        grants: ["rawMarketData.read", "orderQueue.send", "orderQueue.consume", "cache.connect"],
      }),
    ).toEqual([
      "ENVIRONMENT",
      "PORT",
      "DATA_API_URL",
      "ML_URL",
      "RAW_MARKET_DATA_BUCKET",
      "ORDER_QUEUE_URL",
      "CACHE_HOST",
      "CACHE_PORT",
      "CACHE_TLS",
      "CACHE_CLUSTER_MODE",
    ]);
  });
  it("are known for every right, begin with its subject, and differ", () => {
    for (const grant of GRANTS)
      for (const variable of GRANT_VARIABLES[grantSubject(grant)])
        expect(variable.startsWith(`${variableName(grantSubject(grant))}_`)).toBe(true);
    expect([...new Set(GRANTS.map(grantSubject))].sort()).toEqual(Object.keys(GRANT_VARIABLES).sort());
    const all = Object.values(GRANT_VARIABLES).flat();
    expect(new Set(all).size).toBe(all.length);
  });
});

describe("services in the order of their calls", () => {
  const order = (calls: Record<string, string[]>) =>
    inCallOrder(Object.fromEntries(Object.entries(calls).map(([name, callees]) => [name, { calls: callees }])));
  it.each<[string, Record<string, string[]>, string[]]>([
    ["none", {}, []],
    ["strangers, as they stand", { b: [], a: [], c: [] }, ["b", "a", "c"]],
    ["a caller after the called", { ml: ["data"], data: [] }, ["data", "ml"]],
    ["a chain", { a: ["b"], b: ["c"], c: ["d"], d: [] }, ["d", "c", "b", "a"]],
    ["a diamond, its foot once", { a: ["b", "c"], b: ["d"], c: ["d"], d: [] }, ["d", "b", "c", "a"]],
    ["names that every object has", { constructor: ["tostring"], tostring: [] }, ["tostring", "constructor"]],
  ])("%s", (_, calls, expected) => expect(order(calls)).toEqual(expected));
});
