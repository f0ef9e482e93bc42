/** checkov for real: the owner's environments, each finding explained, and what weakening an example would bring. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { literalPath, loadEnvironments } from "../../../environments/index";
import type { Environment } from "../../../environments/schema";
import { applyExceptions, readExceptions } from "../../../review/exceptions";
import type { Finding } from "../../../review/model";
import { constructsOf } from "../../../review/plan/compare";
import { readPlan } from "../../../review/plan/read";
import { policyFindings, type PolicyInput } from "../../../review/policy";
import { pythonWith } from "../../charts/tools";
import { comparedInput, comparedInputs, comparedInputsOf } from "../compared";
import type { StackJson } from "../../../terraform/assembly";

const root = resolve(__dirname, "..", "..", "..");
const file = join(root, "review", "exceptions.yaml");
/** Of scanners and policy alone: other rules' entries are other tests' business. */
const exceptions = readExceptions(readFileSync(file, "utf8"), file).filter(({ rule }) => /^(?:checkov|policy)\//.test(rule));
const python = pythonWith("checkov");
/** A day before the first entry expires: that an entry expires one day is the review's business, not this test's. */
const day = exceptions.map(({ expires }) => expires).sort()[0] ?? "2026-01-01";
const findingsIn = (of: readonly PolicyInput[], { stage }: Pick<Environment, "stage">): Promise<Finding[]> =>
  policyFindings(of, { python, stage });
const short = (findings: readonly Finding[]): string[] => findings.map(({ rule, construct }) => `${rule} ${construct}`);

/** The owner's environments with the owner's exceptions: what a review would say of each line. */
describe("checkov over the environments as environments/*.ts have them", () => {
  const all: Finding[] = [];
  // In development nothing is refused.
  const judged = loadEnvironments().filter(({ stage }) => stage !== "development");

  it.each(judged.map((environment) => [environment.name, environment] as const))(
    "leaves nothing of %s unexplained",
    async (name, environment) => {
      const found = await findingsIn(comparedInputsOf(environment), environment);
      all.push(...found);
      const { findings } = applyExceptions(found, exceptions, day);
      const open = findings.filter(({ excepted }) => !excepted);
      if (open.length > 0)
        throw new Error(
          `Change ${literalPath(name)}, or let these pass in review/exceptions.yaml, each with a reason:\n${short(open).join("\n")}`,
        );
      expect(findings.every(({ severity }) => severity === "refusal")).toBe(true);
    },
    300_000,
  );

  it("has no exception that nothing needs", () => {
    expect(
      applyExceptions(all, exceptions, day, {
        stacks: judged.flatMap((environment) => comparedInputsOf(environment).map(({ plan }) => plan.stack)),
        whole: judged.map(({ name }) => name),
      }).errors,
    ).toEqual([]);
    for (const { reason } of exceptions) expect(reason.length).toBeGreaterThan(30);
  });
});

it("tells what dev does without, and refuses nothing", async () => {
  const found = await findingsIn(comparedInputs("dev"), { stage: "development" });
  expect(found.every(({ severity }) => severity === "notice")).toBe(true);
  expect(short(found)).toEqual(
    expect.arrayContaining([
      "checkov/CKV_AWS_25 dev-trading/windows-security-group/from-remote-desktop-0-0-0-0-0-3389",
      "policy/no-termination-protection dev-trading/windows/machine/instance",
    ]),
  );
}, 300_000);

const inputs = comparedInputs("prod");
/** A stack of prod with one resource's arguments changed; undefined takes an argument away. Named by a number, to know its findings by. */
function weakened(index: number, stack: string, construct: string, change: Readonly<Record<string, unknown>>): PolicyInput {
  let isFound = false;
  const synthesised = JSON.stringify(inputs.find(({ plan }) => plan.stack === stack)!.synthesised, (_key, value: unknown) => {
    const block = value as { readonly "//"?: { readonly metadata?: { readonly path?: string } } } | null;
    if (block?.["//"]?.metadata?.path !== construct) return value;
    isFound = true;
    return { ...block, "//": undefined, ...change };
  });
  if (!isFound) throw new Error(`${construct} is not in ${stack}`);
  return comparedInput(String(index), JSON.parse(synthesised) as StackJson);
}

const weakenings = [
  ["prod-data", "prod-data/raw-market-data/public-access-block", { block_public_acls: false }, "CKV_AWS_53"],
  ["prod-data", "prod-data/raw-market-data/versioning", { versioning_configuration: { status: "Suspended" } }, "CKV_AWS_21"],
  [
    "prod-data",
    "prod-data/raw-market-data/policy",
    { policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}]}' },
    "CKV_AWS_70",
  ],
  ["prod-data", "prod-data/database/instance", { storage_encrypted: false }, "CKV_AWS_16"],
  ["prod-data", "prod-data/database/instance", { publicly_accessible: true }, "CKV_AWS_17"],
  ["prod-data", "prod-data/order-state/table", { point_in_time_recovery: { enabled: false } }, "CKV_AWS_28"],
  ["prod-data", "prod-data/cache/replication-group", { at_rest_encryption_enabled: "false" }, "CKV_AWS_29"],
  ["prod-trading", "prod-trading/windows/machine/instance", { metadata_options: { http_tokens: "optional" } }, "CKV_AWS_79"],
  ["prod-trading", "prod-trading/windows/machine/instance", { associate_public_ip_address: true }, "CKV_AWS_88"],
  [
    "prod-trading",
    "prod-trading/windows-security-group/from-load-balancer-8501",
    { cidr_ipv4: "0.0.0.0/0", referenced_security_group_id: undefined, from_port: 3389, to_port: 3389 },
    "CKV_AWS_25",
  ],
  ["prod-events", "prod-events/system-alerts/topic", { kms_master_key_id: undefined }, "CKV_AWS_26"],
] as const;

it("finds each of these weakenings of prod's stacks, which have none of them", async () => {
  const before = new Set((await findingsIn(inputs, { stage: "production" })).map(({ stack, rule }) => `${stack} ${rule}`));
  const found = await findingsIn(
    weakenings.map(([stack, construct, change], index) => weakened(index, stack, construct, change)),
    { stage: "production" },
  );
  for (const [index, [stack, construct, , check]] of weakenings.entries()) {
    expect(before).not.toContain(`${stack} checkov/${check}`);
    expect({ construct, rules: found.filter(({ stack }) => stack === String(index)).map(({ rule }) => rule) }).toEqual({
      construct,
      rules: expect.arrayContaining([`checkov/${check}`]) as unknown,
    });
  }
}, 300_000);

/** As if a provider had filled in what the code does not say. */
function deployed(
  input: PolicyInput,
  type: string,
  filled: Readonly<Record<string, unknown>>,
  sensitive: Readonly<Record<string, boolean>> = {},
): PolicyInput {
  const plan = JSON.parse(input.raw) as {
    planned_values: { root_module: { resources: { type: string; values: object; sensitive_values: object }[] } };
    resource_changes: { type: string; change: { after: object; after_sensitive: unknown } }[];
  };
  for (const resource of plan.planned_values.root_module.resources.filter((one) => one.type === type))
    Object.assign(resource, { values: { ...resource.values, ...filled }, sensitive_values: sensitive });
  for (const { change } of plan.resource_changes.filter((one) => one.type === type))
    Object.assign(change, { after: { ...change.after, ...filled }, after_sensitive: sensitive });
  const raw = JSON.stringify(plan);
  return {
    ...input,
    raw,
    plan: readPlan(raw, { stack: input.plan.stack, constructs: constructsOf(input.synthesised as StackJson) }),
  };
}

it("says of prod's data the same before and after it was deployed, when its provider has filled in what the code does not say", async () => {
  const input = inputs.find(({ plan }) => plan.stack === "prod-data")!;
  const once = deployed(input, "aws_elasticache_replication_group", { auth_token: "" }, { auth_token: true });
  const found = short(
    await findingsIn([deployed(once, "aws_db_instance", { ca_cert_identifier: "rds-ca-default" })], { stage: "production" }),
  );
  expect(found).toEqual(short(await findingsIn([input], { stage: "production" })));
  expect(found).toContain("checkov/CKV_AWS_31 prod-data/cache/replication-group");
  expect(found).not.toContain("policy/secret-in-state prod-data/cache/replication-group");
  const set = deployed(input, "aws_elasticache_replication_group", { auth_token: "Hunter2-planted" }, { auth_token: true });
  expect(short(await findingsIn([set], { stage: "production" }))).toContain("policy/secret-in-state prod-data/cache/replication-group");
}, 300_000);

it("leaves no folder behind, not even when it is interrupted, and lets nobody else read it", async () => {
  const temporary = mkdtempSync(join(tmpdir(), "policy-test-"));
  const script = join(temporary, "run.cjs");
  try {
    const { buildSync } = await import("esbuild");
    writeFileSync(
      join(temporary, "run.ts"),
      `import { runCheckov } from ${JSON.stringify(join(root, "review", "policy", "checkov"))};\nvoid runCheckov([{ text: "{}", addresses: ["a"] }], ${JSON.stringify(join(temporary, "slow.sh"))});\n`,
    );
    buildSync({ entryPoints: [join(temporary, "run.ts")], outfile: script, bundle: true, platform: "node", format: "cjs" });
    writeFileSync(join(temporary, "slow.sh"), "#!/bin/sh\nls -ld . > ../modes; ls -l >> ../modes; sleep 60\n", { mode: 0o700 });
    const child = spawn(process.execPath, [script], { env: { ...process.env, TMPDIR: temporary }, stdio: "ignore" });
    const ended = new Promise<number | null>((done) => {
      child.on("close", (code) => {
        done(code);
      });
    });
    for (
      let tries = 0;
      tries < 200 && !(existsSync(join(temporary, "modes")) && readFileSync(join(temporary, "modes"), "utf8").includes("0.json"));
      tries += 1
    )
      await new Promise((next) => {
        setTimeout(next, 50);
      });
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(readFileSync(join(temporary, "modes"), "utf8")).toMatch(/^drwx------[\s\S]*^-rw-------.* 0\.json$/m);
    expect(readdirSync(temporary).filter((name) => name.startsWith("checkov-"))).toEqual([]);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}, 60_000);
