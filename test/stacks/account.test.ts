/** The account's own stack as a whole. */
import { environment, GONE, type Edits } from "../environments/edits";
import { judge, type Statement } from "../rights/policy";
import { detailedLines } from "../../review/cost/lines";
import { plannedStack } from "../../review/cost/synthesised";
import { bare } from "../helpers/containers";
import { onlyResource, policyOf, resourcesOf, synthEnvironments } from "../helpers/synth";

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

  it("names them in one order, which no plan turns round", () => {
    const json = synth({ "data.replication.region": "us-west-2" });
    expect(onlyResource(json, "aws_config_configuration_aggregator").account_aggregation_source).toMatchObject({
      regions: ["ap-northeast-1", "us-east-1", "us-west-2"],
    });
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

describe("what a role for people may, in an environment with every kind of machine", () => {
  const literal = environment("staging", {
    customerManagedKeys: true,
    "accountWide.people": { operations: { permissionSets: ["Desk"] }, readOnly: { permissionSets: ["Look"] } },
  });
  const stacks = synthEnvironments({ environments: [literal], target: { kind: "aws" } });
  const granted = resourcesOf(stacks["staging-account"]!, "aws_iam_role_policy");
  const rightsOf = (kind: string) =>
    policyOf(
      granted.find(({ role }) => String(role).includes(`people-${kind}`))!,
      "policy",
    ).Statement as unknown as readonly Statement[];
  const machines = Object.entries(stacks).flatMap(([stack, json]) => resourcesOf(json, "aws_instance").map((block) => ({ stack, block })));

  it("fits into what IAM takes", () => {
    expect(granted).toHaveLength(2);
    for (const { policy } of granted) expect(String(policy).length).toBeLessThan(10_240);
  });

  it("starts each machine, with the key of its volume", () => {
    expect(new Set(machines.map(({ stack }) => stack))).toEqual(new Set(["staging-network", "staging-trading", "staging-web"]));
    for (const { stack, block } of machines) {
      const { Name, ...tags } = block.tags as Readonly<Record<string, string>>;
      const alias = String(resourcesOf(stacks[stack]!, "aws_kms_alias").find(({ name }) => String(name).startsWith("alias/tss-"))?.name);
      const context = (key: string) =>
        key === "kms:ViaService"
          ? "ec2.ap-northeast-1.amazonaws.com"
          : key === "kms:ResourceAliases"
            ? alias
            : key === "aws:ResourceTag/Name"
              ? Name
              : tags[key.replace(/^aws:ResourceTag\//, "")];
      const may = (action: string, resource: string) => judge({ action, resource: `arn:aws:${resource}`, context }, rightsOf("operations"));
      expect([Name, may("ec2:StartInstances", "ec2:ap-northeast-1:444455556666:instance/i-0")]).toEqual([Name, "allowed"]);
      expect([alias, may("kms:Decrypt", "kms:ap-northeast-1:444455556666:key/0")]).toEqual([alias, "allowed"]);
    }
  });

  it("lets it look at what watches the account in us-east-1 too, and change nothing there", () => {
    const boundary = policyOf(
      resourcesOf(stacks["staging-bootstrap"]!, "aws_iam_policy").find(({ name }) => name === "tss-boundary-staging")!,
      "policy",
    ).Statement as unknown as readonly Statement[];
    const inRegion = (action: string, region: string, rights: readonly Statement[] = rightsOf("read-only")) =>
      judge({ action, resource: "*", context: (key) => (key === "aws:RequestedRegion" ? region : undefined) }, rights, boundary);
    for (const action of ["cloudtrail:LookupEvents", "guardduty:GetFindings", "guardduty:ListDetectors"]) {
      expect([action, inRegion(action, "us-east-1")]).toEqual([action, "allowed"]);
      expect([action, inRegion(action, "eu-west-1")]).toEqual([action, "outside the boundary"]);
    }
    const everything: readonly Statement[] = [{ Effect: "Allow", Action: "*", Resource: "*" }];
    expect(inRegion("guardduty:CreateFilter", "us-east-1", everything)).toBe("outside the boundary");
  });
});

describe("the private certificate authority (SEC-079)", () => {
  const named = { commonName: "Trading system", organization: "Example" };
  const json = synth({ "accountWide.privateCa": named });

  it("is a root that signs itself, and is kept", () => {
    expect(bare(onlyResource(json, "aws_acmpca_certificate_authority"))).toMatchObject({
      type: "ROOT",
      usage_mode: "GENERAL_PURPOSE",
      certificate_authority_configuration: {
        key_algorithm: "EC_prime256v1",
        signing_algorithm: "SHA256WITHECDSA",
        subject: { common_name: "Trading system", organization: "Example" },
      },
      permanent_deletion_time_in_days: 30,
      lifecycle: { prevent_destroy: true },
    });
    expect(bare(onlyResource(json, "aws_acmpca_certificate"))).toMatchObject({
      certificate_signing_request: "private-ca_authority.certificate_signing_request",
      template_arn: "arn:aws:acm-pca:::template/RootCACertificate/V1",
      validity: { type: "YEARS", value: "10" },
    });
    expect(bare(onlyResource(json, "aws_acmpca_certificate_authority_certificate"))).toMatchObject({
      certificate: "private-ca_certificate.certificate",
      certificate_authority_arn: "private-ca_authority.arn",
    });
  });

  it("is asked by ACM, unless its certificates are too short for it", () => {
    expect(onlyResource(json, "aws_acmpca_permission")).toMatchObject({
      principal: "acm.amazonaws.com",
      actions: ["IssueCertificate", "GetCertificate", "ListPermissions"],
    });
    const short = synth({ "accountWide.privateCa": { ...named, mode: "shortLived", years: 3 } });
    expect(onlyResource(short, "aws_acmpca_certificate_authority").usage_mode).toBe("SHORT_LIVED_CERTIFICATE");
    expect(onlyResource(short, "aws_acmpca_certificate").validity).toEqual({ type: "YEARS", value: "3" });
    expect(resourcesOf(short, "aws_acmpca_permission")).toEqual([]);
  });

  it("is there only where the literal names it: it costs $400 a month, or $50", () => {
    expect(resourcesOf(synth(), "aws_acmpca_certificate_authority")).toEqual([]);
    const priced = (edits: Edits) => {
      const at = environment("prod", edits);
      const { after } = plannedStack("prod-account", synth(edits));
      return detailedLines([{ stack: "prod-account", region: at.region, resources: after }], at)
        .filter(({ type }) => type === "aws_acmpca_certificate_authority")
        .map(({ monthly }) => monthly);
    };
    expect(priced({ "accountWide.privateCa": named })).toEqual([400]);
    expect(priced({ "accountWide.privateCa": { ...named, mode: "shortLived" } })).toEqual([50]);
  });
});
