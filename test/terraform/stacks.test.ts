/**
 * Every stack of every environment, the owner's and the examples', before the real Terraform and the real provider, without any API: an apply in which the provider's
 * schema and validation are real and its answers are made up. It validates as `terraform validate` does, but for the providers' own settings.
 *
 * All of them are modules of one folder, each with a test file of its own: Terraform reads the provider's schema once for all, and is
 * initialised once.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { terraformSettings } from "../../terraform/settings";
import { loadEnvironments as loadOwn } from "../../environments/index";
import type { Environment } from "../../environments/schema";
import { CONFIG_RULES, DETECTOR_FEATURES, RECORDED_BUCKETS, STANDARDS } from "../../environments/schema/account";
import { GRANTS } from "../../environments/schema/services";
import { createApp } from "../../stacks/environment";
import { environment, GONE, WITHOUT_WEB_API } from "../environments/edits";
import { loadEnvironments } from "../fixtures/environments";
import type { Block, StackJson } from "../helpers/synth";

const run = promisify(execFile);
jest.setTimeout(15 * 60_000);

interface Form {
  readonly title: string;
  readonly environment: Environment;
  readonly stacks: readonly string[];
}

const CORE = ["network", "events", "data", "trading", "operations"];
/** Those that stand only where the literal has their block, and those of the services, but where there are none. */
const stacksOf = ({ accountWide, bootstrap, platform, research, web }: Environment): readonly string[] => [
  ...(bootstrap ? ["bootstrap"] : []),
  ...CORE,
  ...(accountWide ? ["account"] : []),
  ...(research ? ["research"] : []),
  ...(web ? ["web"] : []),
  ...(platform === "none" ? [] : ["services"]),
];
const CONTACT = { name: "Operations", title: "On call", email: "ops@example.com", phone: "+81 3 1234 5678" };
const EMAILS = ["ops@example.com"];
/** With all that an account may have, a notebook and a web application, none of them as the examples have it. */
const everyOptionOfAccount = environment("prod", {
  "accountWide.settings": { passwordLength: 20, contacts: { billing: CONTACT, operations: CONTACT, security: CONTACT } },
  "accountWide.people": {
    operations: { users: { arns: ["arn:aws:iam::777788889999:user/ann"], mfaMinutes: 15 }, permissionSets: ["Desk"], sessionHours: 12 },
  },
  "accountWide.trail.insights": true,
  "accountWide.trail.dataEvents": RECORDED_BUCKETS,
  "accountWide.guardDuty.features": DETECTOR_FEATURES,
  "accountWide.config.rules": CONFIG_RULES,
  "accountWide.config.existingRole": true,
  "accountWide.securityHub": { existing: false, standards: STANDARDS },
  "accountWide.privateCa": { commonName: "Trading system", organization: "Example" },
  "accountWide.inspector": { existing: false, scans: ["EC2", "ECR", "LAMBDA"] },
  "accountWide.budget": { name: "day", dollars: 1600, timeUnit: "DAILY", forecastPercent: [], emails: EMAILS, action: {} },
  "accountWide.anomalies.monitor": {
    existing: true,
    arn: "arn:aws:ce::777788889999:anomalymonitor/12345678-1234-1234-1234-123456789012",
  },
  "cost.budget": { name: "quarter", timeUnit: "QUARTERLY", emails: EMAILS },
  "network.interfaceEndpoints": ["git-codecommit", "logs", "sagemaker.api"],
  "research.engineSsh": true,
  "research.codeRepository": "strategies",
  "web.service.replicas": GONE,
  "web.service.scaling": { min: 2, max: 4 },
  "web.service.spot": { onDemandBase: 1 },
  "web.service.scratchGigabytes": 30,
  "web.countries": ["JP"],
  "web.corsOrigins": ["https://tools.example.com"],
});
const scaled = environment("prod", {
  "windows.scaling": { min: 1, max: 3, desired: 1 },
  ...WITHOUT_WEB_API,
  "web.apiOrigin": "api.example.com",
});
const kubeconfig = { kind: "kubernetes", kubeconfig: "~/.kube/config", context: "trading" } as const;
const everyOptionOfEks = environment("prod", {
  "data.serviceSecrets": { marketDataApi: { name: "TSS/market-data-api", description: "Key of the market data", keys: ["key"] } },
  "cluster.eks.publicEndpointCidrs": ["203.0.113.0/24"],
  "cluster.eks.serviceCidr": "172.16.0.0/20",
  "cluster.eks.zonalShift": false,
  "cluster.eks.podLogs": "all",
  "cluster.eks.nodeGroups": {
    general: { instanceTypes: ["m7i.xlarge", "m6i.xlarge"], min: 3, max: 24, maxPods: 8 },
    arm: { instanceTypes: ["m7g.large"], min: 1, max: 4, maxPods: 8, diskGigabytes: 200 },
  },
  "cluster.kubernetes.keda": true,
  "services.ml.scaling": { min: 3, max: 20, queue: { name: "orderQueue", messagesPerTask: 20 } },
  "services.data.secrets": { API_KEY: { secret: "marketDataApi", key: "key" } },
});
const everyOption = environment("prod", {
  platform: "ecs",
  "cluster.executeCommand": true,
  "data.serviceSecrets": { marketDataApi: { name: "TSS/market-data-api", description: "Key of the market data", keys: ["key"] } },
  "services.ml": {
    image: `day-trade-ml@sha256:${"0a".repeat(32)}`,
    architecture: "arm64",
    cpu: 2048,
    memory: 4096,
    port: 9000,
    ports: { grpc: 50051 },
    healthPath: "/live",
    readyPath: "/set",
    healthCommand: ["/bin/health"],
    startSeconds: 120,
    stopSeconds: 90,
    spot: { onDemandBase: 2, spotPerOnDemand: 4 },
    scratchGigabytes: 50,
    scaling: {
      min: 2,
      max: 8,
      queue: { name: "alertProcessingQueue", messagesPerTask: 20 },
      schedule: [
        { cron: "30 8 * * MON-FRI", min: 4 },
        { cron: "0 16 * * MON-FRI", min: 2, max: 4 },
      ],
    },
    route: { priority: 50, hosts: ["ml.example.com"], paths: ["/ml/*"] },
    calls: ["data"],
    environment: { LOG_LEVEL: "info" },
    secrets: { API_KEY: { secret: "marketDataApi", key: "key" }, MT5_LOGIN: { secret: "mt5", key: "login" } },
    grants: GRANTS.filter((grant) => !grant.endsWith(".read")),
  },
});

/**
 * The owner's environments as they are written; the examples on every platform, and in forms that no literal has. Not the stack `workloads`: its providers, hashicorp/helm and
 * hashicorp/kubernetes, are not among those that are set up for tests; test/stacks/workloads.test.ts holds its configuration word for word.
 */
const FORMS: readonly Form[] = [
  ...loadOwn().map((own): Form => ({
    title: `as environments/${own.name}.ts has it`,
    environment: own,
    stacks: stacksOf(own),
  })),
  ...loadEnvironments().flatMap((own): Form[] => [
    { title: "of the examples", environment: own, stacks: stacksOf(own) },
    // Of the others a platform changes outputs alone, and in `data` the policy of the access logs.
    { title: "on ECS", environment: { ...own, platform: "ecs" }, stacks: ["data", "services"] },
    { title: "on EKS", environment: { ...own, platform: "eks" }, stacks: ["data", "services"] },
    { title: "in a kubeconfig cluster", environment: { ...own, platform: kubeconfig }, stacks: ["services"] },
    { title: "without services", environment: { ...own, platform: "none" }, stacks: ["data"] },
  ]),
  { title: "with hosts that scale, and an API elsewhere", environment: scaled, stacks: ["trading", "web"] },
  { title: "with every option of services", environment: everyOption, stacks: ["data", "services"] },
  {
    title: "with every option of account, notebook and web",
    environment: everyOptionOfAccount,
    stacks: ["account", "network", "operations", "research", "trading", "web"],
  },
  { title: "with every option of EKS", environment: everyOptionOfEks, stacks: ["services"] },
];
const names = FORMS.flatMap(({ title, environment: { name }, stacks }) => stacks.map((stack) => `${name}-${stack} ${title}`));

/** What the mocked provider answers where a made-up word would not do: other arguments check that it looks like an ARN, a network, a policy. */
const ARN = "arn:aws:mock:ap-northeast-1:111122223333:mock";
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  aws_eks_cluster: { arn: ARN, endpoint: "https://mock.eks.amazonaws.com", certificate_authority: [{ data: "bW9jaw==" }] },
  aws_eks_node_group: { arn: ARN, resources: [{ autoscaling_groups: [{ name: "eks-mock" }] }] },
  aws_elasticache_cluster: { arn: ARN, cache_nodes: [{ address: "mock.cache.amazonaws.com" }] },
  aws_vpc: { arn: ARN, cidr_block: "10.0.0.0/16" },
  aws_launch_template: { arn: ARN, id: "lt-0123456789abcdef0" },
  aws_vpc_endpoint: { arn: ARN, prefix_list_id: "pl-0123456789abcdef0" },
};
/** Types whose ARN other resources refer to. */
const WITH_ARN = [
  "aws_acmpca_certificate_authority",
  "aws_sns_topic",
  "aws_sqs_queue",
  "aws_kms_key",
  "aws_s3_bucket",
  "aws_db_instance",
  "aws_dynamodb_table",
  "aws_iam_role",
  "aws_iam_policy",
  "aws_iam_openid_connect_provider",
  "aws_ce_anomaly_monitor",
  "aws_cloudfront_distribution",
  "aws_cloudfront_function",
  "aws_cloudwatch_log_delivery_destination",
  "aws_cloudwatch_log_group",
  "aws_secretsmanager_secret",
  "aws_autoscaling_policy",
  "aws_backup_vault",
  "aws_cloudwatch_metric_alarm",
  "aws_eks_addon",
  "aws_instance",
  "aws_lambda_function",
  "aws_lb",
  "aws_lb_listener",
  "aws_lb_target_group",
  "aws_service_discovery_http_namespace",
  "aws_ssm_parameter",
  "aws_wafv2_web_acl",
];

/** What ACM asks for, of every name of every form. */
const VALIDATIONS = [...new Set(FORMS.flatMap(({ environment }) => environment.web?.domain?.names ?? []))].map((name) => ({
  domain_name: name,
  resource_record_name: `_0a1b2c.${name}.`,
  resource_record_type: "CNAME",
  resource_record_value: "_3d4e5f.acm-validations.aws.",
}));

/** The test file of one stack, which is a module in the folder of that name. */
function mockedApply(json: StackJson, module: string): string {
  const block = (kind: string, type: string, values: Readonly<Record<string, unknown>>) =>
    `  ${kind} "${type}" {\n    defaults = ${JSON.stringify(values)}\n  }\n`;
  const answers = [
    ...WITH_ARN.map((type) => block("mock_resource", type, { arn: ARN })),
    ...Object.entries(DEFAULTS).map(([type, values]) => block("mock_resource", type, values)),
    block("mock_resource", "aws_acm_certificate", { arn: ARN, domain_validation_options: VALIDATIONS }),
    block("mock_data", "aws_vpc", { cidr_block: "10.0.0.0/16" }),
  ].join("");
  const providers = json.provider.aws!.map(
    ({ alias }) => `mock_provider "aws" {\n${alias ? `  alias = "${String(alias)}"\n` : ""}${answers}}\n`,
  );
  const remotes = Object.keys(json.data?.terraform_remote_state ?? {}).map((id) => {
    const outputs = new Set(
      [...JSON.stringify(json).matchAll(new RegExp(`${id}\\.outputs\\.([\\w-]+)`, "g"))].map(([, output]) => output!),
    );
    const values = Object.fromEntries(
      [...outputs].map((output) => [
        output,
        output.endsWith("arn")
          ? ARN
          : output.endsWith("cidr_block")
            ? "10.0.0.0/16"
            : output.endsWith("ids")
              ? ["subnet-0123456789abcdef0"]
              : "mock-0123456789abcdef0",
      ]),
    );
    return `override_data {\n  target = data.terraform_remote_state.${id}\n  values = { outputs = ${JSON.stringify(values)} }\n}\n`;
  });
  return [...providers, ...remotes, `run "apply" {\n  command = apply\n  module {\n    source = "./${module}"\n  }\n}\n`].join("\n");
}

/** Edits of dev's events, each of which must be found: that a mocked apply finds what `terraform validate` would. */
const queue = { visibility_timeout_seconds: 30 };
const FAULTS: readonly (readonly [what: string, resource: Block, words: string])[] = [
  [
    "an argument that the schema does not know",
    { ...queue, visibility_timeout: 30 },
    'No argument or block type is named "visibility_timeout"',
  ],
  [
    "a value that the provider refuses",
    { ...queue, visibility_timeout_seconds: 50_000 },
    "expected visibility_timeout_seconds to be in the range (0 - 43200)",
  ],
  ["a value of another type", { ...queue, delay_seconds: "soon" }, "a number is required"],
  [
    "a reference to what there is not",
    { ...queue, kms_master_key_id: "${aws_kms_key.nowhere.arn}" },
    'A managed resource "aws_kms_key" "nowhere" has not been declared',
  ],
];

/** One line of `terraform test -json`. */
interface Line {
  readonly "@testfile"?: string;
  readonly diagnostic?: { readonly severity: string; readonly summary: string; readonly detail: string };
  readonly test_file?: { readonly status?: string };
}

describe("the real provider", () => {
  const folder = mkdtempSync(join(tmpdir(), "terraform-"));
  const { variables } = terraformSettings(folder);
  const env = { ...process.env, ...variables, TF_DATA_DIR: join(folder, ".terraform") };
  const moduleOf = new Map<string, string>();
  const outcomes = new Map<string, string>();
  /** Blocks of providers, each with an alias of its own. */
  const settings = new Map<string, Block>();

  const terraform = async (cwd: string, ...args: string[]): Promise<string> => {
    const { stdout } = await run("terraform", args, { cwd, env, maxBuffer: 100_000_000 }).catch(
      (error: { stdout: string; stderr: string }) => ({ stdout: `${error.stdout}${error.stderr}` }),
    );
    return stdout;
  };
  /** What `terraform test` says of each file: `pass`, or its errors. A busy machine may be too slow to start a provider once, not twice. */
  const test = async (files: readonly string[], isLast = false): Promise<void> => {
    const output = await terraform(folder, "test", "-json", ...files.map((file) => `-filter=${file}.tftest.hcl`));
    const lines = output
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as Line);
    for (const file of files) {
      const own = lines.filter((line) => line["@testfile"] === `${file}.tftest.hcl`);
      const errors = own.flatMap(({ diagnostic }) =>
        diagnostic?.severity === "error" ? [`${diagnostic.summary}: ${diagnostic.detail}`] : [],
      );
      const status = own.flatMap(({ test_file: { status: found } = {} }) => found ?? []).at(-1);
      outcomes.set(file, status === "pass" && errors.length === 0 ? "pass" : errors.join("\n") || `${status}\n${output.slice(-5000)}`);
    }
    const late = files.filter((file) => outcomes.get(file)!.startsWith("timeout while waiting for plugin to start"));
    if (late.length > 0 && !isLast) await test(late, true);
  };
  const write = (module: string, json: StackJson) => {
    mkdirSync(join(folder, module));
    writeFileSync(join(folder, module, "cdk.tf.json"), JSON.stringify(json));
    writeFileSync(join(folder, `${module}.tftest.hcl`), mockedApply(json, module));
  };
  /** `terraform validate` of the providers' settings alone, each of which needs somebody who uses it. */
  const validate = (name: string, blocks: readonly Block[]) => {
    const cwd = join(folder, name);
    mkdirSync(cwd);
    const aliased = blocks.map((block, index) => ({ ...block, alias: `p${index}` }));
    writeFileSync(
      join(cwd, "main.tf.json"),
      JSON.stringify({
        provider: { aws: aliased },
        data: { aws_region: Object.fromEntries(aliased.map(({ alias }) => [alias, { provider: `aws.${alias}` }])) },
      }),
    );
    writeFileSync(join(cwd, ".terraform.lock.hcl"), readFileSync(join(folder, ".terraform.lock.hcl")));
    return terraform(cwd, "validate", "-no-color");
  };

  beforeAll(async () => {
    // Most stacks are the same in several forms; each is looked at once: its text → its module.
    const different = new Map<string, string>();
    FORMS.forEach(({ title, environment: own, stacks }, index) => {
      const outdir = join(folder, `form-${index}`);
      // With the protection lifted: what a mocked apply made, it must be able to take away again.
      createApp({ environments: [{ ...own, deletionProtection: false }], target: { kind: "aws" }, outdir }).synth();
      for (const stack of stacks) {
        const text = readFileSync(join(outdir, "stacks", `${own.name}-${stack}`, "cdk.tf.json"), "utf8");
        const module = different.get(text) ?? `stack-${different.size}`;
        if (!different.has(text)) {
          const json = JSON.parse(text) as StackJson;
          write(module, json);
          different.set(text, module);
          for (const block of json.provider.aws!) settings.set(JSON.stringify({ ...block, alias: undefined }), block);
        }
        moduleOf.set(`${own.name}-${stack} ${title}`, module);
      }
    });
    const events = JSON.parse([...different.keys()].find((text) => text.includes("dev-events"))!) as StackJson;
    const faults = FAULTS.map(([, resource], index) => {
      write(`fault-${index}`, { ...events, resource: { aws_sqs_queue: { faulty: resource } }, output: undefined });
      return `fault-${index}`;
    });
    writeFileSync(join(folder, "main.tf.json"), "{}");
    const init = await terraform(folder, "init", "-backend=false", "-input=false", "-no-color");
    if (!init.includes("successfully initialized")) throw new Error(init);
    // The largest first, so that the processors end together.
    const lanes = Array.from({ length: cpus().length }, () => ({ size: 0, files: [] as string[] }));
    for (const [text, module] of [...different].sort(([a], [b]) => b.length - a.length)) {
      const lane = lanes.reduce((least, other) => (other.size < least.size ? other : least));
      lane.size += text.length;
      lane.files.push(module);
    }
    await Promise.all(lanes.map(({ files }, index) => test([...files, ...faults.filter((_, number) => number % lanes.length === index)])));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(names)("accepts every argument of %s, applies and destroys it with made-up answers", (name) => {
    expect(outcomes.get(moduleOf.get(name)!)).toBe("pass");
  });

  it.each(FAULTS.map(([what, , words], index) => [what, words, index] as const))("refuses %s", (_, words, index) => {
    expect(outcomes.get(`fault-${index}`)).toContain(words);
  });

  it("accepts the settings of every provider block, and refuses others", async () => {
    expect(settings.size).toBeGreaterThanOrEqual(4);
    expect(await validate("settings", [...settings.values()])).toContain("The configuration is valid.");
    expect(
      await validate(
        "other-settings",
        [...settings.values()].map((block) => ({ ...block, allowed_account_ids: ["x"], forbidden_account_ids: ["y"] })),
      ),
    ).toContain("conflicts with");
  });
});
