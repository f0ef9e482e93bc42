/** What must hold for every environment as a whole, shown on the examples; what must hold of anybody's own stands in test/literals. The environments are synthesised once for all of these tests. */
import { whyOnEverything } from "../../constructs/identity/without-resource-level";
import { environmentNames, loadEnvironments } from "../fixtures/environments";
import type { Target } from "../../stacks/target";
import { policyOf, resourcesOf, synthEnvironments, type Block, type StackJson } from "../helpers/synth";
import statefulAddresses from "./stateful-addresses.json";

const environments = loadEnvironments();
type Platform = (typeof environments)[number]["platform"];
const AWS: Target = { kind: "aws" };
const synthOn = (platform: Platform, target: Target = AWS) =>
  synthEnvironments({ environments: environments.map((own) => ({ ...own, platform })), target });
const KUBECONFIG: Platform = { kind: "kubernetes", kubeconfig: "~/.kube/config", context: "trading" };
/** As the literals are, … */
const written = synthEnvironments({ environments, target: AWS });
/** … with all services on ECS, on EKS, in a cluster of somebody else's, and with none. */
const onEcs = synthOn("ecs");
const onEks = synthOn("eks");
const elsewhere = synthOn(KUBECONFIG);
const onNone = synthOn("none");
const ofServices = (name: string) => /-(services|workloads)$/.test(name);
/** Every stack that an environment has or could have by a change of its platform: those of the services by their form where they differ from what is written. */
const stacks: Readonly<Record<string, StackJson>> = {
  ...written,
  ...Object.fromEntries(
    Object.entries({ "on ECS": onEcs, "on EKS": onEks, "in a kubeconfig cluster": elsewhere }).flatMap(([form, all]) =>
      Object.entries(all)
        .filter(([name, json]) => ofServices(name) && JSON.stringify(json) !== JSON.stringify(written[name]))
        .map(([name, json]) => [`${name} ${form}`, json] as const),
    ),
  ),
};
const named = Object.entries(stacks);

/** Types that hold what cannot be made again. */
const STATEFUL = [
  "aws_backup_vault",
  "aws_db_instance",
  "aws_dynamodb_table",
  "aws_ecr_repository",
  "aws_eks_cluster",
  "aws_elasticache_cluster",
  "aws_elasticache_replication_group",
  "aws_iam_openid_connect_provider",
  "aws_kms_key",
  "aws_s3_bucket",
  "aws_secretsmanager_secret",
  "aws_sns_topic",
  "aws_sqs_queue",
  "aws_vpc",
];

const addresses = (json: StackJson, types: readonly string[]) =>
  types.flatMap((type) => Object.keys(json.resource?.[type] ?? {}).map((id) => `${type}.${id}`)).sort();
/** One provider of AWS for each region; none in the stack that makes nothing on AWS. */
const regionsOf = (name: string, { aws = [] }: StackJson["provider"]): readonly unknown[] => {
  expect([name, aws.length > 0]).toEqual([name, !name.includes("-workloads")]);
  return aws.map(({ region }) => region);
};

describe("every stack", () => {
  it("is there, for each environment; those of the services where something runs them, those of workloads where it is a cluster (C-52)", () => {
    const always = [
      ...environmentNames.flatMap((name) =>
        ["bootstrap", "data", "events", "network", "operations", "trading", "web"].map((stack) => `${name}-${stack}`),
      ),
      // What its account has once, and where its production is looked into.
      "prod-account",
      "prod-research",
    ];
    const services = environmentNames.map((name) => `${name}-services`);
    const workloads = (names: readonly string[]) => names.map((name) => `${name}-workloads`);
    expect(Object.keys(written)).toEqual([...always, ...services, ...workloads(["staging", "prod"])].sort());
    expect(Object.keys(onEcs)).toEqual([...always, ...services].sort());
    expect(Object.keys(onEks)).toEqual([...always, ...services, ...workloads(environmentNames)].sort());
    expect(Object.keys(elsewhere)).toEqual([...always, ...services, ...workloads(environmentNames)].sort());
    expect(Object.keys(onNone)).toEqual([...always].sort());
  });

  // The dashboard shows the services.
  it.each(Object.keys(onNone).filter((name) => !name.endsWith("-operations")))(
    "%s is the same whatever runs the services, but for its outputs and who may write access logs",
    (name) => {
      const rest = (all: Readonly<Record<string, StackJson>>) => {
        const { data = {}, resource = {}, provider, terraform } = all[name]!;
        const policies = Object.entries(resource.aws_s3_bucket_policy ?? {}).map(([id, block]) =>
          id.startsWith("access-logs_policy_") ? id : [id, block],
        );
        // The account of the region's load balancers is part of that policy.
        return {
          provider,
          terraform,
          data: { ...data, aws_elb_service_account: undefined },
          resource: { ...resource, aws_s3_bucket_policy: policies },
        };
      };
      for (const all of [written, onEcs, onEks, elsewhere]) expect(rest(all)).toEqual(rest(onNone));
    },
  );

  it("keeps images and their key in place on every platform, so that a switch keeps them", () => {
    const kept = (all: Readonly<Record<string, StackJson>>, name: string) =>
      addresses(all[`${name}-services`]!, ["aws_ecr_repository", "aws_ecr_lifecycle_policy", "aws_kms_key", "aws_kms_alias"]);
    for (const name of environmentNames) {
      expect(kept(onEcs, name)).toHaveLength(name === "dev" ? 6 : 8);
      expect(kept(onEks, name)).toEqual(kept(onEcs, name));
      expect(kept(elsewhere, name)).toEqual(kept(onEcs, name));
    }
  });

  it.each(named)("%s may only touch its own account, over TLS, with locking", (name, { provider, terraform }) => {
    const environment = environments.find((candidate) => name.startsWith(`${candidate.name}-`))!;
    expect((provider.aws ?? []).map((settings) => settings.allowed_account_ids)).toEqual(
      regionsOf(name, provider).map(() => [environment.account]),
    );
    expect(terraform.backend.s3).toEqual({
      bucket: environment.stateBucket,
      key: `${name.split(" ")[0]!.replace("-", "/")}.tfstate`,
      region: "ap-northeast-1",
      use_lockfile: true,
      allowed_account_ids: [environment.account],
    });
  });

  it.each(named)("%s tags everything by the provider's default tags", (name, { provider }) => {
    expect((provider.aws ?? []).map((settings) => settings.default_tags)).toEqual(
      regionsOf(name, provider).map(() => [{ tags: { Project: "trading-system", Environment: name.split("-")[0], ManagedBy: "cdktf" } }]),
    );
  });

  it.each(named)("%s has its resources (counted)", (name, { resource }) => {
    const counts = Object.fromEntries(Object.entries(resource ?? {}).map(([type, blocks]) => [type, Object.keys(blocks).length]));
    expect(counts).toMatchSnapshot(name);
  });

  it.each(named)("%s has no inline security-group rule (design 9)", (_, json) => {
    for (const type of ["aws_security_group", "aws_default_security_group"]) {
      for (const group of resourcesOf(json, type))
        expect(Object.keys(group)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(in|e)gress$/)]));
    }
  });

  it.each(named)("%s has no value of a secret (design 11)", (_, json) => {
    expect(resourcesOf(json, "aws_secretsmanager_secret_version")).toEqual([]);
    expect(JSON.stringify(json)).not.toMatch(/"(password|secret_string|auth_token|master_password|secret_key)":/);
  });
});

describe("ids (design 10)", () => {
  it("keeps the address of every stateful resource; a changed one needs `moved`", () => {
    const found = Object.fromEntries(named.map(([name, json]) => [name, addresses(json, STATEFUL)]));
    expect(found).toEqual(statefulAddresses);
  });

  it("gives a resource the same address in every environment, wherever it exists", () => {
    const types = ["aws_s3_bucket", "aws_dynamodb_table", "aws_sqs_queue", "aws_sns_topic", "aws_vpc"];
    const [roles, images] = ["aws_iam_role", "aws_ecr_repository"];
    for (const [all, stack, compared] of [
      [written, "data", types],
      [written, "events", types],
      [written, "network", types],
      [written, "trading", ["aws_instance", "aws_cloudwatch_log_group", "aws_ssm_parameter"]],
      [
        onEcs,
        "services",
        [images, roles, "aws_ecs_cluster", "aws_ecs_service", "aws_ecs_task_definition", "aws_lb", "aws_lb_target_group"],
      ],
      [
        onEks,
        "services",
        [
          images,
          roles,
          "aws_eks_cluster",
          "aws_eks_addon",
          "aws_eks_node_group",
          "aws_eks_pod_identity_association",
          "aws_launch_template",
          "aws_wafv2_web_acl",
        ],
      ],
      [onEks, "workloads", ["helm_release", "kubernetes_namespace_v1", "kubernetes_role_v1"]],
      [elsewhere, "workloads", ["helm_release", "kubernetes_namespace_v1", "kubernetes_role_v1"]],
    ] as const) {
      const [dev, staging, prod] = ["dev", "staging", "prod"].map((name) => addresses(all[`${name}-${stack}`]!, compared));
      expect(staging).not.toEqual([]);
      expect(staging).toEqual(expect.arrayContaining(dev!));
      expect(prod).toEqual(expect.arrayContaining(staging!));
    }
  });

  it("has nothing but letters, digits and hyphens in construct ids", () => {
    const paths = named.flatMap(([, { resource = {} }]) =>
      Object.values(resource).flatMap((blocks) =>
        Object.values(blocks).map((block) => (block["//"] as { metadata: { path: string } }).metadata.path),
      ),
    );
    expect(paths.filter((path) => !/^[A-Za-z0-9-]+(\/[A-Za-z0-9-]+)+$/.test(path))).toEqual([]);
  });
});

describe("physical names (design 5)", () => {
  /** Attributes that hold a name which must be unique in an account, by type. */
  const NAMES: Readonly<Record<string, string>> = {
    aws_s3_bucket: "bucket",
    aws_dynamodb_table: "name",
    aws_sqs_queue: "name",
    aws_sns_topic: "name",
    aws_elasticache_cluster: "cluster_id",
    aws_elasticache_replication_group: "replication_group_id",
    aws_db_instance: "identifier",
    aws_db_parameter_group: "name",
    aws_db_subnet_group: "name",
    aws_elasticache_parameter_group: "name",
    aws_elasticache_subnet_group: "name",
    aws_secretsmanager_secret: "name",
    aws_kms_alias: "name",
    aws_iam_role: "name",
    aws_iam_policy: "name",
    aws_cloudwatch_metric_alarm: "alarm_name",
    aws_cloudwatch_composite_alarm: "alarm_name",
    aws_cloudwatch_dashboard: "dashboard_name",
    aws_cloudwatch_query_definition: "name",
    aws_cloudwatch_log_group: "name",
    aws_iam_instance_profile: "name",
    aws_ecr_repository: "name",
    aws_ecs_cluster: "name",
    aws_eks_cluster: "name",
    aws_ecs_task_definition: "family",
    aws_cloudwatch_event_rule: "name",
    aws_service_discovery_http_namespace: "name",
    aws_lb: "name",
    aws_lb_target_group: "name",
    aws_wafv2_web_acl: "name",
    aws_security_group: "name",
    aws_backup_vault: "name",
    aws_backup_plan: "name",
    aws_backup_restore_testing_plan: "name",
  };
  const namesIn = (all: Readonly<Record<string, StackJson>>) =>
    Object.entries(all)
      .flatMap(([stack, json]) =>
        Object.entries(NAMES).flatMap(([type, attribute]) =>
          resourcesOf(json, type).map((block) => ({ stack, type, name: String(block[attribute]) })),
        ),
      )
      .filter(({ name }) => !name.startsWith("${"));

  it.each(Object.entries({ "as they are written": written, "on ECS": onEcs, "on EKS": onEks, "in a kubeconfig cluster": elsewhere }))(
    "never collide %s, so that environments may share one account",
    (_, all) => {
      const seen = new Map<string, string>();
      const names = namesIn(all);
      const collisions = names.flatMap(({ stack, type, name }) => {
        const other = seen.get(`${type} ${name}`);
        seen.set(`${type} ${name}`, stack);
        return other ? [`${type} ${name}: ${other} and ${stack}`] : [];
      });
      expect(names.length).toBeGreaterThanOrEqual(100);
      expect(collisions).toEqual([]);
    },
  );
});

describe("rights (design 8)", () => {
  const listed = (value: unknown) => ([] as string[]).concat(value as string | string[]);
  const allows = (json: StackJson) =>
    [...resourcesOf(json, "aws_iam_role_policy"), ...resourcesOf(json, "aws_iam_policy")]
      .flatMap((policy) => policyOf(policy, "policy").Statement)
      .filter(({ Effect }) => Effect === "Allow");
  // Bootstrap's roles are those of the pipeline; their own tests look at them.
  const roles = named.filter(([name]) => !name.endsWith("-bootstrap"));

  it.each(roles)("%s grants no wildcard action", (_, json) => {
    expect(
      allows(json)
        .flatMap(({ Action }) => listed(Action))
        .filter((action) => action.includes("*")),
    ).toEqual([]);
  });

  it.each(roles)("%s grants on every resource only what has no resource level", (_, json) => {
    const open = allows(json)
      .filter(({ Resource }) => listed(Resource).includes("*"))
      .flatMap(({ Action }) => listed(Action));
    expect(open.filter((action) => !whyOnEverything(action))).toEqual([]);
  });

  it.each(named)("%s refuses calls without TLS on every bucket, queue and topic", (_, json) => {
    const denies = (type: string) =>
      resourcesOf(json, type).filter((block) =>
        policyOf(block, "policy").Statement.some(
          ({ Effect, Principal, Condition }) =>
            Effect === "Deny" && Principal === "*" && JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}',
        ),
      ).length;
    expect(denies("aws_s3_bucket_policy")).toBe(resourcesOf(json, "aws_s3_bucket").length);
    expect(denies("aws_sqs_queue_policy")).toBe(resourcesOf(json, "aws_sqs_queue").length);
    expect(denies("aws_sns_topic_policy")).toBe(resourcesOf(json, "aws_sns_topic").length);
  });
});

describe("target emulator (design 28)", () => {
  const EMULATOR: Target = { kind: "emulator", endpoint: "http://127.0.0.1:5000" };
  const compared = { ...pairs("on ECS", onEcs, synthOn("ecs", EMULATOR)), ...pairs("on EKS", onEks, synthOn("eks", EMULATOR)) };

  function pairs(form: string, real: Readonly<Record<string, StackJson>>, emulated: Readonly<Record<string, StackJson>>) {
    return Object.fromEntries(Object.entries(real).map(([name, json]) => [`${name} ${form}`, [json, emulated[name]] as const]));
  }

  /** Paths at which two values differ. */
  const differences = (a: unknown, b: unknown, path = ""): string[] => {
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b ? [] : [path];
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
      differences((a as Block)[key], (b as Block)[key], path === "" ? key : `${path}.${key}`),
    );
  };

  it.each(Object.entries(compared))("%s differs only in provider, backend and remote-state settings", (name, [real, emulated]) => {
    const found = differences(real, emulated);
    expect(
      found.filter((path) => !/^(provider\.aws\.\d+\.|terraform\.backend\.s3\.|data\.terraform_remote_state\.[\w-]+\.config\.)/.test(path)),
    ).toEqual([]);
    expect(found).toContain(name.includes("-workloads ") ? "terraform.backend.s3.endpoints" : "provider.aws.0.endpoints");
  });
});
