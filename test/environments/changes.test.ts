/** What a command may say otherwise than a literal. */
import { loadEnvironment, loadEnvironments } from "../fixtures/environments";
import { changeVariables, parseImages, parseValues, withChanges } from "../../environments/reading/changes";
import type { EnvironmentLiteral } from "../../environments/schema";
import { dev } from "../fixtures/environments/dev";
import { parseEnvironment } from "../../environments/reading/parse";

const DIGEST = `sha256:${"a".repeat(64)}`;

describe("images", () => {
  it.each([
    ["", {}],
    ["ml=1.4.2", { ml: "1.4.2" }],
    [`ml=1.4.2,data=${DIGEST}`, { ml: "1.4.2", data: DIGEST }],
    [" ml=1.4.2  data=2.0 ", { ml: "1.4.2", data: "2.0" }],
    ["none", { "*": "none" }],
    ["none,ml=1.4.2", { "*": "none", ml: "1.4.2" }],
  ])("%j is read", (text, images) => expect(parseImages(text)).toEqual(images));

  it.each(["ml", "ml=", "=1", "ml=1=2"])("%j is refused", (text) =>
    expect(() => parseImages(text)).toThrow(
      `Image ${JSON.stringify(text)} is not <service>=<tag> or <service>=sha256:<digest>, such as ml=1.4.2, nor none, which means no image of any service yet.`,
    ),
  );
  it("a service named twice is refused", () =>
    expect(() => parseImages("ml=1,ml=2")).toThrow('Image "ml=2": the service ml is named twice.'));

  it("take the place of the literal's, in its repository, and leave it as it is", () => {
    const before = structuredClone(dev);
    const changed = loadEnvironment("dev", { images: { ml: "1.4.2", data: DIGEST } });
    expect(Object.entries(changed.services).map(([name, { image }]) => [name, image])).toEqual([
      ["ml", "day-trade-ml-dev:1.4.2"],
      ["data", `day-trade-data-dev@${DIGEST}`],
      ["scheduler", "day-trade-scheduler-dev:0.1.0"],
    ]);
    expect(dev).toEqual(before);
  });

  it("are none of any service but those that are named", () => {
    expect(Object.values(loadEnvironment("dev", { images: parseImages("none,data=2.0") }).services).map(({ image }) => image)).toEqual([
      "day-trade-ml-dev:none",
      "day-trade-data-dev:2.0",
      "day-trade-scheduler-dev:none",
    ]);
  });

  it("of the web application's service are known by `web`", () => {
    const images = (text: string) => {
      const { services, web } = loadEnvironment("prod", { images: parseImages(text) });
      return [web!.service!.image, services.ml!.image];
    };
    expect(images("web=1.4.2")).toEqual(["kabu-trade-api:1.4.2", "day-trade-ml:0.1.0"]);
    expect(images("none,web=1.4.2")).toEqual(["kabu-trade-api:1.4.2", "day-trade-ml:none"]);
    expect(images("none")).toEqual(["kabu-trade-api:none", "day-trade-ml:none"]);
  });

  it("of a service that there is not are refused, with those that there are", () =>
    expect(() => withChanges(dev, { images: { web: "1" } })).toThrow('dev has no service "web". Its services: ml, data, scheduler.'));
  it("are refused in the words of the schema", () =>
    expect(() => loadEnvironment("dev", { images: { ml: "latest" } })).toThrow(
      /services\.ml\.image = "day-trade-ml-dev:latest"\n {4}allowed: .*with a tag other than latest/,
    ));
  it("concern the environments that are selected only", () => {
    expect(loadEnvironments("staging", { images: { ml: "9" } }).map(({ services }) => services.ml!.image)).toEqual([
      "day-trade-ml-staging:9",
    ]);
    // dev and prod are loaded too, to see whether all fit together.
    expect(loadEnvironment("prod").services.ml!.image).toBe("day-trade-ml:0.1.0");
  });
});

describe("the platform", () => {
  // C-52: a switch of one word, either way.
  it.each([
    ["dev", "ecs", "eks"],
    ["staging", "eks", "ecs"],
    ["prod", "eks", "ecs"],
  ] as const)("of %s is the literal's %s unless a command says %s", (name, written, said) =>
    expect([loadEnvironment(name).platform, loadEnvironment(name, { platform: said }).platform]).toEqual([written, said]),
  );
  it("is checked against the rest of the literal", () => {
    const withSpot = { ...dev, services: { ml: { ...dev.services.ml!, calls: [], spot: { onDemandBase: 1 } } } };
    expect(parseEnvironment(withChanges(withSpot, {}), "environments/dev.ts").platform).toBe("ecs");
    expect(() => parseEnvironment(withChanges(withSpot, { platform: "eks" }), "environments/dev.ts")).toThrow(
      /services\.ml\.spot = .*\n {4}allowed: no spot in a cluster/,
    );
  });
});

it("reach main.ts by variables that it reads back", () => {
  const { IMAGES, PLATFORM } = changeVariables({ images: { ml: "1.4.2", data: DIGEST }, platform: "ecs" });
  expect([parseImages(IMAGES), PLATFORM]).toEqual([{ ml: "1.4.2", data: DIGEST }, "ecs"]);
  expect(parseImages(changeVariables({ images: parseImages("none,ml=1") }).IMAGES)).toEqual({ "*": "none", ml: "1" });
  expect(changeVariables({})).toEqual({ IMAGES: "", PLATFORM: "as-written", LITERAL_VALUES: "" });
});

describe("values", () => {
  it("are read by path; what stands behind the first sign is the value", () =>
    expect(parseValues(["services.ml.cpu=512", " tags.Note = a=b ", "schedule="])).toEqual({
      "services.ml.cpu": "512",
      "tags.Note": "a=b",
      schedule: "",
    }));
  it.each(["services", "=512", "services..cpu=1", ".a=1", ""])("%j is none", (entry) =>
    expect(() => parseValues([entry])).toThrow(`${JSON.stringify(entry)} is not <path>=<value>, such as services.ml.cpu=512`),
  );
  it("are refused where one is named twice", () => expect(() => parseValues(["a=1", "a=2"])).toThrow('"a=2": a is named twice.'));

  it.each<[Readonly<Record<string, string>>, (changed: EnvironmentLiteral) => unknown, unknown]>([
    [{ "services.ml.cpu": "512" }, ({ services }) => services.ml!.cpu, 512],
    [{ "windows.instanceType": "t3.large" }, ({ windows }) => windows.instanceType, "t3.large"],
    [{ deletionProtection: "true" }, ({ deletionProtection }) => deletionProtection, true],
    [{ "network.zones[1]": "ap-northeast-1d" }, ({ network }) => network.zones, ["ap-northeast-1a", "ap-northeast-1d"]],
    [
      { "data.buckets.rawMarketData.transitions[0]": "" },
      ({ data }) => data.buckets.rawMarketData.transitions?.map(({ days }) => days),
      [90, 365],
    ],
    [{ "windows.scaling": '{"min":1,"max":1}' }, ({ windows }) => windows.scaling, { min: 1, max: 1 }],
    [{ "windows.scaling.min": "1" }, ({ windows }) => windows.scaling, { min: 1 }],
    [{ schedule: "" }, (changed) => "schedule" in changed, false],
  ])("%j take the place of those that are written", (values, of, expected) => {
    const before = JSON.stringify(dev);
    expect(of(withChanges(dev, { values }))).toEqual(expected);
    expect(JSON.stringify(dev)).toBe(before);
  });

  it("are refused in the words of the schema, unknown paths too", () => {
    expect(() => loadEnvironment("dev", { values: { "services.ml.cpu": "513", "services.ml.size": "1" } })).toThrow(
      /services\.ml\.cpu = 513\n {4}allowed: one of 256, 512, 1024[^\n]*\n.*services\.ml\.size = 1\n {4}allowed: no such key; known here: /s,
    );
  });
});
