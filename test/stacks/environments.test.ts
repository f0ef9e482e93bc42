/** What must hold for every environment as a whole. The environments are synthesised once for all of these tests. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { whyOnEverything } from "../../constructs/identity/without-resource-level";
import { environmentNames, loadEnvironments } from "../../environments";
import type { Target } from "../../stacks/target";
import { policyOf, resourcesOf, synthEnvironments, type Block, type StackJson } from "../helpers/synth";
import statefulAddresses from "./stateful-addresses.json";

const root = resolve(__dirname, "..", "..");
const environments = loadEnvironments();
type Platform = (typeof environments)[number]["platform"];
const AWS: Target = { kind: "aws" };
const synthOn = (platform: Platform, target: Target = AWS) => synthEnvironments({ environments: environments.map((own) => ({ ...own, platform })), target });
/** As the literals are, … */
const written = synthEnvironments({ environments, target: AWS });
/** … with all services on ECS, and with none. */
const onEcs = synthOn("ecs");
const onNone = synthOn("none");
/** Every stack that an environment has or could have by a change of its platform. */
const stacks = { ...onEcs, ...written };
const named = Object.entries(stacks);

/** Types that hold what cannot be made again. */
const STATEFUL = [
  "aws_db_instance", "aws_dynamodb_table", "aws_ecr_repository", "aws_elasticache_cluster", "aws_elasticache_replication_group", "aws_iam_openid_connect_provider", "aws_kms_key",
  "aws_s3_bucket", "aws_secretsmanager_secret", "aws_sns_topic", "aws_sqs_queue", "aws_vpc",
];

describe("every stack", () => {
  it("is there, for each environment, and those of the services where ECS runs them (C-52)", () => {
    const always = environmentNames.flatMap((name) => ["bootstrap", "data", "events", "network", "trading"].map((stack) => `${name}-${stack}`));
    const servicesOf = (names: readonly string[]) => names.map((name) => `${name}-services`);
    expect(Object.keys(written)).toEqual([...always, ...servicesOf(["dev"])].sort());
    expect(Object.keys(onEcs)).toEqual([...always, ...servicesOf(environmentNames)].sort());
    expect(Object.keys(onNone)).toEqual([...always].sort());
  });

  it.each(Object.keys(onNone))("%s is the same whatever runs the services, but for who may write access logs", (name) => {
    const resources = ({ resource = {} }: StackJson) => Object.entries(resource).flatMap(([type, blocks]) => Object.entries(blocks).map(([id, block]) => [`${type}.${id}`, block] as const))
      .map(([address, block]) => (address.startsWith("aws_s3_bucket_policy.access-logs_policy_") ? address : [address, block]));
    expect(resources(onEcs[name]!)).toEqual(resources(onNone[name]!));
    expect(resources(written[name]!)).toEqual(resources(onNone[name]!));
  });

  it.each(named)("%s may only touch its own account, over TLS, with locking", (name, { provider, terraform }) => {
    const environment = environments.find((candidate) => name.startsWith(`${candidate.name}-`))!;
    for (const settings of provider.aws!) expect(settings.allowed_account_ids).toEqual([environment.account]);
    expect(terraform.backend.s3).toEqual({
      bucket: environment.stateBucket, key: `${name.replace("-", "/")}.tfstate`, region: "ap-northeast-1", use_lockfile: true, allowed_account_ids: [environment.account],
    });
  });

  it.each(named)("%s tags everything by the provider's default tags", (name, { provider }) => {
    for (const settings of provider.aws!) {
      expect(settings.default_tags).toEqual([{ tags: { Project: "trading-system", Environment: name.split("-")[0], ManagedBy: "cdktf" } }]);
    }
  });

  it.each(named)("%s has its resources (counted)", (name, { resource }) => {
    const counts = Object.fromEntries(Object.entries(resource ?? {}).map(([type, blocks]) => [type, Object.keys(blocks).length]));
    expect(counts).toMatchSnapshot(name);
  });

  it.each(named)("%s has no inline security-group rule (design 9)", (_, json) => {
    for (const type of ["aws_security_group", "aws_default_security_group"]) {
      for (const group of resourcesOf(json, type)) expect(Object.keys(group)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(in|e)gress$/)]));
    }
  });

  it.each(named)("%s has no value of a secret (design 11)", (_, json) => {
    expect(resourcesOf(json, "aws_secretsmanager_secret_version")).toEqual([]);
    expect(JSON.stringify(json)).not.toMatch(/"(password|secret_string|auth_token|master_password|secret_key)":/);
  });
});

describe("ids (design 10)", () => {
  const addresses = (json: StackJson, types: readonly string[]) => types.flatMap((type) => Object.keys(json.resource?.[type] ?? {}).map((id) => `${type}.${id}`)).sort();

  it("keeps the address of every stateful resource; a changed one needs `moved`", () => {
    const found = Object.fromEntries(named.map(([name, json]) => [name, addresses(json, STATEFUL)]));
    expect(found).toEqual(statefulAddresses);
  });

  it("gives a resource the same address in every environment, wherever it exists", () => {
    const types = ["aws_s3_bucket", "aws_dynamodb_table", "aws_sqs_queue", "aws_sns_topic", "aws_vpc"];
    for (const [stack, compared] of [
      ["data", types], ["events", types], ["network", types], ["trading", ["aws_instance", "aws_cloudwatch_log_group", "aws_ssm_parameter"]],
      ["services", ["aws_ecr_repository", "aws_ecs_cluster", "aws_ecs_service", "aws_ecs_task_definition", "aws_iam_role", "aws_lb", "aws_lb_target_group"]],
    ] as const) {
      const [dev, staging, prod] = ["dev", "staging", "prod"].map((name) => addresses(stacks[`${name}-${stack}`]!, compared));
      expect(staging).toEqual(expect.arrayContaining(dev!));
      expect(prod).toEqual(expect.arrayContaining(staging!));
    }
  });

  it("has nothing but letters, digits and hyphens in construct ids", () => {
    const paths = named.flatMap(([, { resource = {} }]) => Object.values(resource).flatMap((blocks) => Object.values(blocks).map((block) => (block["//"] as { metadata: { path: string } }).metadata.path)));
    expect(paths.filter((path) => !/^[A-Za-z0-9-]+(\/[A-Za-z0-9-]+)+$/.test(path))).toEqual([]);
  });
});

describe("physical names (design 5.5)", () => {
  /** Attributes that hold a name which must be unique in an account, by type. */
  const NAMES: Readonly<Record<string, string>> = {
    aws_s3_bucket: "bucket", aws_dynamodb_table: "name", aws_sqs_queue: "name", aws_sns_topic: "name", aws_elasticache_cluster: "cluster_id", aws_elasticache_replication_group: "replication_group_id",
    aws_db_instance: "identifier", aws_db_parameter_group: "name", aws_db_subnet_group: "name", aws_elasticache_parameter_group: "name", aws_elasticache_subnet_group: "name", aws_secretsmanager_secret: "name", aws_kms_alias: "name", aws_iam_role: "name", aws_iam_policy: "name",
    aws_cloudwatch_metric_alarm: "alarm_name", aws_cloudwatch_log_group: "name", aws_iam_instance_profile: "name",
    aws_ecr_repository: "name", aws_ecs_cluster: "name", aws_ecs_task_definition: "family", aws_cloudwatch_event_rule: "name", aws_service_discovery_http_namespace: "name",
    aws_lb: "name", aws_lb_target_group: "name", aws_wafv2_web_acl: "name", aws_security_group: "name",
  };
  const names = named.flatMap(([stack, json]) => Object.entries(NAMES).flatMap(([type, attribute]) => resourcesOf(json, type).map((block) => ({ stack, type, name: String(block[attribute]) }))))
    .filter(({ name }) => !name.startsWith("${"));

  it("never collide, so that environments may share one account", () => {
    const seen = new Map<string, string>();
    const collisions = names.flatMap(({ stack, type, name }) => {
      const other = seen.get(`${type} ${name}`);
      seen.set(`${type} ${name}`, stack);
      return other ? [`${type} ${name}: ${other} and ${stack}`] : [];
    });
    expect(names.length).toBeGreaterThanOrEqual(100);
    expect(collisions).toEqual([]);
  });
});

describe("rights (design 8)", () => {
  const listed = (value: unknown) => ([] as string[]).concat(value as string | string[]);
  const allows = (json: StackJson) => [...resourcesOf(json, "aws_iam_role_policy"), ...resourcesOf(json, "aws_iam_policy")].flatMap((policy) => policyOf(policy, "policy").Statement).filter(({ Effect }) => Effect === "Allow");
  // Bootstrap's roles are those of the pipeline; their own tests look at them.
  const roles = named.filter(([name]) => !name.endsWith("-bootstrap"));

  it.each(roles)("%s grants no wildcard action", (_, json) => {
    expect(allows(json).flatMap(({ Action }) => listed(Action)).filter((action) => action.includes("*"))).toEqual([]);
  });

  it.each(roles)("%s grants on every resource only what has no resource level", (_, json) => {
    const open = allows(json).filter(({ Resource }) => listed(Resource).includes("*")).flatMap(({ Action }) => listed(Action));
    expect(open.filter((action) => !whyOnEverything(action))).toEqual([]);
  });

  it.each(named)("%s refuses calls without TLS on every bucket, queue and topic", (_, json) => {
    const denies = (type: string) => resourcesOf(json, type).filter((block) => policyOf(block, "policy").Statement.some(({ Effect, Principal, Condition }) =>
      Effect === "Deny" && Principal === "*" && JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}')).length;
    expect(denies("aws_s3_bucket_policy")).toBe(resourcesOf(json, "aws_s3_bucket").length);
    expect(denies("aws_sqs_queue_policy")).toBe(resourcesOf(json, "aws_sqs_queue").length);
    expect(denies("aws_sns_topic_policy")).toBe(resourcesOf(json, "aws_sns_topic").length);
  });
});

describe("target emulator (design 2)", () => {
  const emulated = synthOn("ecs", { kind: "emulator", endpoint: "http://127.0.0.1:5000" });

  /** Paths at which two values differ. */
  const differences = (a: unknown, b: unknown, path = ""): string[] => {
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b ? [] : [path];
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) => differences((a as Block)[key], (b as Block)[key], path === "" ? key : `${path}.${key}`));
  };

  it.each(Object.entries(onEcs))("%s differs only in provider, backend and remote-state settings", (name, json) => {
    const found = differences(json, emulated[name]);
    expect(found.filter((path) => !/^(provider\.aws\.\d+\.|terraform\.backend\.s3\.|data\.terraform_remote_state\.[\w-]+\.config\.)/.test(path))).toEqual([]);
    expect(found).toContain("provider.aws.0.endpoints");
  });
});

describe("determinism", () => {
  const digest = (folder: string): Record<string, string> => Object.fromEntries(readdirSync(folder, { recursive: true, encoding: "utf8" }).sort().filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => [file, createHash("sha256").update(readFileSync(join(folder, file))).digest("hex")]));

  it("writes the same bytes whatever the time zone, the locale and the working folder", () => {
    const outputs = [{ TZ: "UTC", LANG: "C", cwd: root }, { TZ: "Asia/Tokyo", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8", cwd: tmpdir() }].map(({ cwd, ...variables }) => {
      const outdir = mkdtempSync(join(tmpdir(), "determinism-"));
      try {
        execFileSync(process.execPath, [join(root, "commands", "synth-app.mjs")], { cwd, env: { ...process.env, ...variables, CDKTF_OUTDIR: outdir } });
        return digest(outdir);
      } finally {
        rmSync(outdir, { recursive: true });
      }
    });
    const bundles = named.flatMap(([, json]) => resourcesOf(json, "aws_s3_object"));
    expect(Object.keys(outputs[0]!)).toHaveLength(Object.keys(written).length + bundles.length + 1); // and the manifest
    expect(outputs[1]).toEqual(outputs[0]);
  });
});
