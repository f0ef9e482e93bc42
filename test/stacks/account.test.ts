/** The account's own stack as a whole. */
import { environment, GONE, type Edits } from "../environments/edits";
import { onlyResource, resourcesOf, synthEnvironments } from "../helpers/synth";

const synth = (edits: Edits = {}) =>
  synthEnvironments({ environments: [environment("prod", edits)], target: { kind: "aws" } })["prod-account"]!;

describe("the aggregator of Config", () => {
  it("shows every region in which something is recorded", () => {
    const json = synth();
    const { account_aggregation_source: sources, name, provider } = onlyResource(json, "aws_config_configuration_aggregator");
    expect([name, provider]).toEqual(["tss-regions", undefined]);
    expect(sources).toEqual({ account_ids: ["777788889999"], regions: ["ap-northeast-1", "ap-northeast-3", "us-east-1"] });
    expect(resourcesOf(json, "aws_config_configuration_recorder")).toHaveLength(3);
  });

  it("names a region once", () => {
    const json = synth({ "data.replication.region": "us-east-1" });
    expect(onlyResource(json, "aws_config_configuration_aggregator").account_aggregation_source).toMatchObject({
      regions: ["ap-northeast-1", "us-east-1"],
    });
  });

  it("is not made unless it is named", () =>
    expect(resourcesOf(synth({ "accountWide.config.aggregator": GONE }), "aws_config_configuration_aggregator")).toEqual([]));
});

describe("roles for people", () => {
  const roles = (edits?: Edits) =>
    resourcesOf(synth(edits), "aws_iam_role")
      .map(({ name, path, permissions_boundary: boundary }) => [name, path, boundary])
      .filter(([name]) => String(name).startsWith("tss-people-"));
  const boundary = "arn:aws:iam::777788889999:policy/tss-boundary-prod";

  it("stand on the environment's path under its boundary, where the deploy role may not change them", () =>
    expect(roles()).toEqual([
      ["tss-people-operations", "/prod/", boundary],
      ["tss-people-read-only", "/prod/", boundary],
    ]));

  it("are those that the literal names", () => {
    expect(roles({ "accountWide.people.operations": GONE })).toEqual([["tss-people-read-only", "/prod/", boundary]]);
    expect(roles({ "accountWide.people": GONE })).toEqual([]);
  });
});
