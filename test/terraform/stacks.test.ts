/**
 * Every stack of every environment before the real Terraform and the real provider, without any API:
 * `terraform validate`, and an apply in which the provider's schema and validation are real and its answers are made up.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { terraformSettings } from "../../commands/terraform";
import { loadEnvironments } from "../../environments";
import type { Environment } from "../../environments/schema";
import { GRANTS } from "../../environments/services";
import { createApp } from "../../stacks/environment";
import { environment } from "../environments/edits";
import type { StackJson } from "../helpers/synth";

const run = promisify(execFile);
jest.setTimeout(15 * 60_000);

interface Form {
  readonly title: string;
  readonly environment: Environment;
  readonly stacks: readonly string[];
}

const CORE = ["bootstrap", "network", "events", "data", "trading"];
const scaled = environment("prod", { "windows.scaling": { min: 1, max: 3, desired: 1 } });
const kubeconfig = { kind: "kubernetes", kubeconfig: "~/.kube/config", context: "trading" } as const;
const everyOptionOfEks = environment("prod", {
  "data.serviceSecrets": { marketDataApi: { name: "TSS/market-data-api", description: "Key of the market data", keys: ["key"] } },
  "cluster.eks.publicEndpointCidrs": ["203.0.113.0/24"], "cluster.eks.serviceCidr": "172.16.0.0/20", "cluster.eks.zonalShift": false,
  "cluster.eks.nodeGroups": { general: { instanceTypes: ["m7i.xlarge", "m6i.xlarge"], min: 3, max: 24 }, arm: { instanceTypes: ["m7g.large"], min: 1, max: 4, diskGigabytes: 200 } },
  "cluster.kubernetes.keda": true,
  "services.ml.scaling": { min: 3, max: 20, queue: { name: "orderQueue", messagesPerTask: 20 } },
  "services.data.secrets": { API_KEY: { secret: "marketDataApi", key: "key" } },
});
const everyOption = environment("prod", {
  platform: "ecs", "cluster.executeCommand": true,
  "data.serviceSecrets": { marketDataApi: { name: "TSS/market-data-api", description: "Key of the market data", keys: ["key"] } },
  "services.ml": {
    image: `day-trade-ml@sha256:${"0a".repeat(32)}`, architecture: "arm64", cpu: 2048, memory: 4096, port: 9000, ports: { grpc: 50051 }, healthPath: "/live", readyPath: "/set", healthCommand: ["/bin/health"],
    startSeconds: 120, stopSeconds: 90, spot: { onDemandBase: 2, spotPerOnDemand: 4 }, scratchGigabytes: 50,
    scaling: { min: 2, max: 8, queue: { name: "alertProcessingQueue", messagesPerTask: 20 }, schedule: [{ cron: "30 8 * * MON-FRI", min: 4 }, { cron: "0 16 * * MON-FRI", min: 2, max: 4 }] },
    route: { priority: 50, hosts: ["ml.example.com"], paths: ["/ml/*"] }, calls: ["data"], environment: { LOG_LEVEL: "info" },
    secrets: { API_KEY: { secret: "marketDataApi", key: "key" }, MT5_LOGIN: { secret: "mt5", key: "login" } },
    grants: GRANTS.filter((grant) => !grant.endsWith(".read")),
  },
});

/**
 * Every environment on every platform, and forms that no literal has. Not the stack `workloads`: its providers, hashicorp/helm and
 * hashicorp/kubernetes, are not among those that are set up for tests; test/stacks/workloads.test.ts holds its configuration word for word.
 */
const FORMS: readonly Form[] = [
  ...loadEnvironments().flatMap((own): Form[] => [
    { title: "as written", environment: own, stacks: own.platform === "none" ? CORE : [...CORE, "services"] },
    // Of the others a platform changes outputs alone, and in `data` the policy of the access logs.
    { title: "on ECS", environment: { ...own, platform: "ecs" }, stacks: ["data", "services"] },
    { title: "on EKS", environment: { ...own, platform: "eks" }, stacks: ["data", "services"] },
    { title: "in a kubeconfig cluster", environment: { ...own, platform: kubeconfig }, stacks: ["services"] },
    { title: "without services", environment: { ...own, platform: "none" }, stacks: ["data"] },
  ]),
  { title: "with hosts that scale", environment: scaled, stacks: ["trading"] },
  { title: "with every option of services", environment: everyOption, stacks: ["data", "services"] },
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
const WITH_ARN = ["aws_sns_topic", "aws_sqs_queue", "aws_kms_key", "aws_s3_bucket", "aws_dynamodb_table", "aws_iam_role", "aws_iam_policy", "aws_iam_openid_connect_provider", "aws_cloudwatch_log_group", "aws_secretsmanager_secret",
  "aws_autoscaling_policy", "aws_cloudwatch_metric_alarm", "aws_eks_addon", "aws_instance", "aws_lb", "aws_lb_listener", "aws_lb_target_group", "aws_service_discovery_http_namespace", "aws_ssm_parameter", "aws_wafv2_web_acl"];

/** The test file of one stack. */
function mockedApply(json: StackJson): string {
  const block = (kind: string, type: string, values: Readonly<Record<string, unknown>>) => `  ${kind} "${type}" {\n    defaults = ${JSON.stringify(values)}\n  }\n`;
  const answers = [...WITH_ARN.map((type) => block("mock_resource", type, { arn: ARN })), ...Object.entries(DEFAULTS).map(([type, values]) => block("mock_resource", type, values)), block("mock_data", "aws_vpc", { cidr_block: "10.0.0.0/16" })].join("");
  const providers = json.provider.aws!.map(({ alias }) => `mock_provider "aws" {\n${alias ? `  alias = "${String(alias)}"\n` : ""}${answers}}\n`);
  const remotes = Object.keys(json.data?.terraform_remote_state ?? {}).map((id) => {
    const outputs = new Set([...JSON.stringify(json).matchAll(new RegExp(`${id}\\.outputs\\.([\\w-]+)`, "g"))].map(([, output]) => output!));
    const values = Object.fromEntries([...outputs].map((output) => [output, output.endsWith("arn") ? ARN : output.endsWith("cidr_block") ? "10.0.0.0/16" : output.endsWith("ids") ? ["subnet-0123456789abcdef0"] : "mock-0123456789abcdef0"]));
    return `override_data {\n  target = data.terraform_remote_state.${id}\n  values = { outputs = ${JSON.stringify(values)} }\n}\n`;
  });
  return [...providers, ...remotes, 'run "apply" {\n  command = apply\n}\n'].join("\n");
}

describe("the real provider", () => {
  const folder = mkdtempSync(join(tmpdir(), "terraform-"));
  const { variables } = terraformSettings(folder);
  const env = { ...process.env, ...variables };
  const outcomes = new Map<string, { validate: string; apply: string }>();

  const check = async (cwd: string) => {
    const terraform = async (...args: string[]) => {
      const { stdout } = await run("terraform", args, { cwd, env, maxBuffer: 50_000_000 }).catch((error: { stdout: string; stderr: string }) => ({ stdout: `failed\n${error.stdout}${error.stderr}` }));
      return stdout;
    };
    const init = await terraform("init", "-backend=false", "-input=false", "-no-color");
    const validate = init.startsWith("failed") ? init : await terraform("validate", "-no-color");
    writeFileSync(join(cwd, "mocked.tftest.hcl"), mockedApply(JSON.parse(readFileSync(join(cwd, "cdk.tf.json"), "utf8")) as StackJson));
    return { validate, apply: await terraform("test", "-no-color") };
  };

  beforeAll(async () => {
    // Most stacks are the same in several forms; each is looked at once: its text → its folder and its names.
    const different = new Map<string, { readonly cwd: string; readonly names: string[] }>();
    FORMS.forEach(({ title, environment: own, stacks }, index) => {
      const outdir = join(folder, String(index));
      // With the protection lifted: what a mocked apply made, it must be able to take away again.
      createApp({ environments: [{ ...own, deletionProtection: false }], target: { kind: "aws" }, outdir }).synth();
      for (const stack of stacks) {
        const cwd = join(outdir, "stacks", `${own.name}-${stack}`);
        const text = readFileSync(join(cwd, "cdk.tf.json"), "utf8");
        const same = different.get(text) ?? { cwd, names: [] };
        different.set(text, same);
        same.names.push(`${own.name}-${stack} ${title}`);
      }
    });
    const queue = [...different.values()];
    await Promise.all(Array.from({ length: cpus().length }, async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const outcome = await check(next.cwd);
        for (const name of next.names) outcomes.set(name, outcome);
      }
    }));
  });
  afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

  it.each(names)("finds %s valid", (name) => {
    expect(outcomes.get(name)?.validate).toContain("The configuration is valid.");
  });

  it.each(names)("accepts every argument of %s in a mocked apply", (name) => {
    expect(outcomes.get(name)?.apply).toContain("Success! 1 passed, 0 failed.");
  });
});
