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
import { environmentNames, loadEnvironments } from "../../environments";
import { createApp } from "../../stacks/environment";
import { environment } from "../environments/edits";
import type { StackJson } from "../helpers/synth";

const run = promisify(execFile);
jest.setTimeout(15 * 60_000);

const environments = loadEnvironments();
/** Forms of a stack that no literal has. */
const SCALED = "prod-trading with hosts that scale";
const scaled = environment("prod", { "windows.scaling": { min: 1, max: 3, desired: 1 } });
const names = environmentNames.flatMap((name) => ["bootstrap", "network", "events", "data", "trading"].map((stack) => `${name}-${stack}`)).concat(SCALED);

/** What the mocked provider answers where a made-up word would not do: other arguments check that it looks like an ARN, a network, a policy. */
const ARN = "arn:aws:mock:ap-northeast-1:111122223333:mock";
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  aws_elasticache_cluster: { arn: ARN, cache_nodes: [{ address: "mock.cache.amazonaws.com" }] },
  aws_vpc: { arn: ARN, cidr_block: "10.0.0.0/16" },
  aws_launch_template: { arn: ARN, id: "lt-0123456789abcdef0" },
  aws_vpc_endpoint: { arn: ARN, prefix_list_id: "pl-0123456789abcdef0" },
};
/** Types whose ARN other resources refer to. */
const WITH_ARN = ["aws_sns_topic", "aws_sqs_queue", "aws_kms_key", "aws_s3_bucket", "aws_dynamodb_table", "aws_iam_role", "aws_iam_policy", "aws_iam_openid_connect_provider", "aws_cloudwatch_log_group", "aws_secretsmanager_secret",
  "aws_autoscaling_policy", "aws_cloudwatch_metric_alarm", "aws_instance", "aws_lb", "aws_lb_listener", "aws_lb_target_group", "aws_ssm_parameter", "aws_wafv2_web_acl"];

/** The test file of one stack. */
function mockedApply(json: StackJson): string {
  const block = (kind: string, type: string, values: Readonly<Record<string, unknown>>) => `  ${kind} "${type}" {\n    defaults = ${JSON.stringify(values)}\n  }\n`;
  const answers = [...WITH_ARN.map((type) => block("mock_resource", type, { arn: ARN })), ...Object.entries(DEFAULTS).map(([type, values]) => block("mock_resource", type, values)), block("mock_data", "aws_vpc", { cidr_block: "10.0.0.0/16" })].join("");
  const providers = json.provider.aws!.map(({ alias }) => `mock_provider "aws" {\n${alias ? `  alias = "${String(alias)}"\n` : ""}${answers}}\n`);
  const remotes = Object.keys(json.data?.terraform_remote_state ?? {}).map((id) => {
    const outputs = new Set([...JSON.stringify(json).matchAll(new RegExp(`${id}\\.outputs\\.([\\w-]+)`, "g"))].map(([, output]) => output!));
    const values = Object.fromEntries([...outputs].map((output) => [output, output.endsWith("arn") ? ARN : output.endsWith("ids") ? ["subnet-0123456789abcdef0"] : "mock-0123456789abcdef0"]));
    return `override_data {\n  target = data.terraform_remote_state.${id}\n  values = { outputs = ${JSON.stringify(values)} }\n}\n`;
  });
  return [...providers, ...remotes, 'run "apply" {\n  command = apply\n}\n'].join("\n");
}

describe("the real provider", () => {
  const folder = mkdtempSync(join(tmpdir(), "terraform-"));
  const { variables } = terraformSettings(folder);
  const env = { ...process.env, ...variables };
  const outcomes = new Map<string, { validate: string; apply: string }>();

  const check = async (name: string) => {
    const cwd = name === SCALED ? join(folder, "scaled", "stacks", "prod-trading") : join(folder, "stacks", name);
    const terraform = async (...args: string[]) => {
      const { stdout } = await run("terraform", args, { cwd, env, maxBuffer: 50_000_000 }).catch((error: { stdout: string; stderr: string }) => ({ stdout: `failed\n${error.stdout}${error.stderr}` }));
      return stdout;
    };
    const init = await terraform("init", "-backend=false", "-input=false", "-no-color");
    const validate = init.startsWith("failed") ? init : await terraform("validate", "-no-color");
    writeFileSync(join(cwd, "mocked.tftest.hcl"), mockedApply(JSON.parse(readFileSync(join(cwd, "cdk.tf.json"), "utf8")) as StackJson));
    outcomes.set(name, { validate, apply: await terraform("test", "-no-color") });
  };

  beforeAll(async () => {
    // With the protection lifted: what a mocked apply made, it must be able to take away again.
    createApp({ environments: environments.map((own) => ({ ...own, deletionProtection: false })), target: { kind: "aws" }, outdir: folder }).synth();
    createApp({ environments: [{ ...scaled, deletionProtection: false }], target: { kind: "aws" }, outdir: join(folder, "scaled") }).synth();
    const queue = [...names];
    await Promise.all(Array.from({ length: cpus().length }, async () => {
      for (let name = queue.shift(); name; name = queue.shift()) await check(name);
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
