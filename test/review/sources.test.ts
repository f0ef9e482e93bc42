import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { environmentNames, loadEnvironment } from "../fixtures/environments";
import { placesOf, sourcesOf } from "../../review/sources";
import { synthEnvironments, type StackJson } from "../helpers/synth";

const root = resolve(__dirname, "..", "..");
const target = { kind: "aws" } as const;
interface Resource {
  readonly type: string;
  readonly path: string;
}
const resourcesOf = (stacks: Readonly<Record<string, StackJson>>): Resource[] =>
  Object.values(stacks).flatMap(({ resource = {} }) =>
    Object.entries(resource).flatMap(([type, blocks]) =>
      Object.values(blocks).map((block) => ({
        type,
        path: (block["//"] as { readonly metadata: { readonly path: string } }).metadata.path,
      })),
    ),
  );

const resources = resourcesOf(synthEnvironments({ target, environments: environmentNames.map((name) => loadEnvironment(name)) }));
const resourcesOnEcs = resourcesOf(synthEnvironments({ target, environments: [loadEnvironment("prod", { platform: "ecs" })] }));
const written = resources.map(({ path }) => path);
const onEcs = resourcesOnEcs.map(({ path }) => path);
const places = placesOf(root, written);
const textOf = (place: string | undefined): string => {
  const [file, line] = (place ?? "").split(":");
  return readFileSync(join(root, file!), "utf8").split("\n")[Number(line) - 1]!.trim();
};
/** The texts of the lines on the way to a construct. */
const textsOf = (construct: string): string[] => places(construct).map((place) => textOf(place));

describe.each([
  ["as written", resources],
  ["on ECS", resourcesOnEcs],
])("constructs of all environments, %s", (_, all) => {
  const paths = all.map(({ path }) => path);
  const known = placesOf(root, paths);

  it("are made in their stack's file, at the least", () => {
    expect(paths.length).toBeGreaterThan(200);
    expect(paths.filter((path) => !/^stacks\/[\w-]+\.ts:\d+$/.test(known(path)[0] ?? ""))).toEqual([]);
  });

  it("are found to the last segment", () => {
    expect(paths.filter((path) => known(path).length !== path.split("/").length)).toEqual([]);
  });

  it("are found in a file that imports what makes a resource of their type", () => {
    const wrong = all.filter(({ type, path }) => {
      const [file] = known(path).at(-1)!.split(":");
      return !readFileSync(join(root, file!), "utf8").includes(`/lib/${type.slice(type.indexOf("_") + 1).replaceAll("_", "-")}"`);
    });
    expect(wrong).toEqual([]);
  });
});

describe("the line of a construct", () => {
  it("is found by an id that stands there, from the stack to the resource", () => {
    expect(textsOf("prod-data/order-state/table")).toEqual([
      'super(scope, "data", props);',
      'this.orderState = new Table(this, "order-state", { ...data.table, key, protect, existing: this.exists("data.table") });',
      'const table = new DynamodbTable(this, "table", {',
    ]);
    expect(sourcesOf(root, written)("prod-data/order-state/table")).toMatch(/^constructs\/storage\/table\.ts:\d+$/);
  });

  it("is the call that says the id, where a method of the same class makes it", () => {
    expect(textsOf("prod-data/raw-market-data/versioning").slice(1)).toEqual([
      'this.rawMarketData = this.bucket("raw-market-data", data.buckets.rawMarketData, "data.buckets.rawMarketData");',
      expect.stringMatching(/^this\.versions = new S3BucketVersioningA\(this, "versioning"/),
    ]);
    expect(textsOf("prod-trading/windows/machine/instance")[1]).toBe('const host = this.addHost("windows", {');
    expect(textsOf("prod-network/network/private-a").at(-1)).toContain('"private"');
  });

  it("is the method that a call of another class hands the id to", () => {
    expect(textsOf("prod-events/system-events/alert-processing").at(-1)).toMatch(
      /^new SnsTopicSubscription\(this, id, \{ topicArn: this\.arn, protocol: "sqs"/,
    );
  });

  it("is found behind a base class, a template, and a scope that is not `this`", () => {
    expect(textsOf("prod-data/replication/copies/raw-market-data/bucket").slice(2)).toEqual([
      "const place = new Construct(scope, id);",
      expect.stringMatching(/^const copy = new Bucket\(this\.copies, id,/),
      'const bucket = new S3Bucket(this, "bucket", {',
    ]);
    expect(textsOf("prod-services/service-ml/images/repository").slice(1, 3)).toEqual([
      "const scope = new Construct(this, `service-${name}`);",
      expect.stringMatching(/^const images = new Repository\(scope, "images"/),
    ]);
  });

  it("is that of the form of the stack which was synthesised", () => {
    expect(places("prod-services/cluster/log/log-group")[1]).toMatch(/^stacks\/services-eks\.ts:/);
    expect(placesOf(root, onEcs)("prod-services/cluster/cluster")[1]).toMatch(/^stacks\/services-ecs\.ts:/);
    expect(textsOf("prod-network/network/vpc").at(-1)).toMatch(/^const vpc = new Vpc\(this, "vpc"/);
  });

  it("is the innermost that the code tells of, for a path that nobody makes", () => {
    const source = sourcesOf(root);
    expect(textOf(source("next-data/order-state/of-tomorrow/thing"))).toContain('new Table(this, "order-state"');
    expect(source("prod-nothing/thing")).toBeUndefined();
    expect(source("aws_s3_bucket.raw")).toBeUndefined();
  });
});

it("tells the clouds apart, whose stacks and parts have the same names", () => {
  const files = (path: string) => placesOf(root)(path).map((place) => place.split(":")[0]);
  expect(files("azure-prod-data/database/server")).toEqual([
    "stacks/azure/data.ts",
    "stacks/azure/data.ts",
    "constructs/azure/sql-database.ts",
  ]);
  expect(files("prod-data/database/instance").some((file) => file!.includes("azure"))).toBe(false);
});
