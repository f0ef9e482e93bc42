/** That what was reviewed of an environment on Azure is what is applied, with a stand-in for Terraform: how it is called, and in which order. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { refuseWithoutClient } from "../../commands/shared/azure-client";
import { READ_WITH_SECRETS } from "../../constructs/azure/provider-actions";
import { applyReviewed } from "../../delivery/apply";
import { refuseAzureExamples } from "../../delivery/examples";
import { Terraform } from "../../delivery/terraform";
import { azureNames, loadAzure } from "../../environments/azure/index";
import type { EnvironmentReview } from "../../review/model";
import { collectPlans, type Collected } from "../../review/planning/collect";
import { accountPlans, planAgainst } from "../../review/planning/account";
import { readPlan } from "../../review/plan/read";
import { traitsOf } from "../../stacks/catalogue";
import { AZURE_STACKS } from "../../stacks/azure/catalogue";
import { stacksInOrder } from "../../terraform/assembly";
import { azureLiterals } from "../fixtures/azure";
import { azureEnvironment, azureStacks } from "../helpers/azure";
import { root } from "../workflows/tools";

jest.setTimeout(300_000);

/** As Terraform and its Azure backend word it: internal/backend/remote-state/azure/backend_state.go, and the SDK's refusal below. */
const STATELESS = `
Initializing the backend...
╷
│ Error: Error loading state: failed to lock azure state: executing request: unexpected status 403 (403 This request is not authorized to
│ perform this operation using this permission.) with AuthorizationPermissionMismatch: This request is not authorized to perform this operation using this permission.
╵`;

const settings = { variables: { TF_CLI_CONFIG_FILE: "/dev/null" }, cdktfFlags: [] };
const path = process.env.PATH;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "azure-delivery-"));
  // Every stack has one thing to make; once it is applied, none. A file `more` makes `data` plan something else as well; with a file `stateless`
  // `edge` has no state, which the backend of Terraform 1.11 would make, and who only reads may not.
  writeFileSync(
    join(folder, "terraform"),
    `#!${process.execPath}
const { appendFileSync, existsSync, writeFileSync } = require("fs");
const args = process.argv.slice(2);
const stack = process.cwd().split("/").at(-1);
appendFileSync(${JSON.stringify(join(folder, "calls"))}, stack + " " + args.join(" ") + "\\n");
if (args[0] === "init" && stack.endsWith("-edge") && existsSync(${JSON.stringify(join(folder, "stateless"))})) {
  console.error(${JSON.stringify(STATELESS)});
  process.exit(1);
}
if (args[0] === "plan") writeFileSync(args.find((arg) => arg.startsWith("-out=")).slice(5), "plan");
if (args[0] === "apply") writeFileSync("applied", "");
const made = (name) => ({ address: "azurerm_resource_group." + name, mode: "managed", type: "azurerm_resource_group", name,
  provider_name: "registry.terraform.io/hashicorp/azurerm", change: { actions: ["create"], before: null, after: { name }, after_unknown: {}, before_sensitive: false, after_sensitive: {} } });
const more = existsSync(${JSON.stringify(join(folder, "more"))}) && stack.endsWith("-data");
if (args[0] === "show") console.log(JSON.stringify({ format_version: "1.2", terraform_version: "1.11.4",
  resource_changes: existsSync("applied") ? [] : [made("a"), ...(more ? [made("b")] : [])], planned_values: {}, output_changes: {}, prior_state: { values: { outputs: {} } } }));
`,
  );
  chmodSync(join(folder, "terraform"), 0o755);
  process.env.PATH = `${folder}${delimiter}${path}`;
});
afterAll(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true });
});

/** Of the calls since the last time: stack → arguments. */
function calls(): [stack: string, args: string][] {
  const file = join(folder, "calls");
  const found = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  rmSync(file, { force: true });
  return found.map((line) => [line.split(" ")[0]!.replace("azure-prod-", ""), line.slice(line.indexOf(" ") + 1)]);
}

const pipelines = AZURE_STACKS.filter((stack) => !["bootstrap", "trust", "workloads"].includes(stack));

async function reviewed(): Promise<EnvironmentReview> {
  const { stacks } = await accountPlans(
    { root, folder, environment: "azure-prod", changes: { images: { ml: "1.0.0" } }, settings, signal: new AbortController().signal },
    { output: "" },
  );
  return {
    environment: "azure-prod",
    findings: [],
    stacks: stacks.map(({ raw, stack, state, why }) => ({ stack, state, why, plan: readPlan(raw, { stack }), findings: [] })),
  } as unknown as EnvironmentReview;
}

it("a stack is what it is called, on either cloud", () => {
  // `services` is not: what it holds gives out secrets on Azure alone.
  const shared = [...pipelines.filter((stack) => stack !== "services"), "bootstrap"];
  expect(shared.map((stack) => traitsOf(`azure-prod-${stack}`))).toEqual(shared.map((stack) => traitsOf(`prod-${stack}`)));
  expect(AZURE_STACKS.filter((stack) => traitsOf(`azure-prod-${stack}`).deployedBy === "administrator")).toEqual([
    "bootstrap",
    "trust",
    "workloads",
  ]);
  // AWS's pipeline has the credentials that its cluster asks for.
  expect(traitsOf("prod-workloads").deployedBy).toBe("pipeline");
});

it("what gives out secrets when it is read is planned from its state, and so it is when the last of it goes", () => {
  for (const name of Object.keys(azureLiterals) as (keyof typeof azureLiterals)[])
    for (const [stack, { resource = {} }] of Object.entries(azureStacks(azureEnvironment(name))))
      if (READ_WITH_SECRETS.some((type) => type in resource))
        expect([stack, planAgainst(`${name}-${stack}`)]).toEqual(["services", "state"]);
  expect(["azure-prod-data", "prod-services", "prod-workloads"].map(planAgainst)).toEqual(["world", "world", "cluster"]);
});

it("a review reads: it locks no state, asks for no secret, and leaves bootstrap alone", async () => {
  const review = await reviewed();
  expect(review.stacks.map(({ stack }) => stack)).toEqual(pipelines.map((stack) => `azure-prod-${stack}`));
  const plans = calls().filter(([, args]) => args.startsWith("plan"));
  expect(plans.map(([stack]) => stack).sort()).toEqual([...pipelines].sort());
  for (const [stack, args] of plans)
    expect(args).toBe(`plan -out=review.tfplan -input=false -no-color -lock=false${stack === "services" ? " -refresh=false" : ""}`);
});

it("a review knows Azure's literals, and needs none of AWS's", async () => {
  let collected: Collected | undefined;
  await collectPlans(
    { root, python: "", names: ["azure-prod"], changes: { images: { ml: "1.0.0" } }, account: true },
    {
      title: "Plans",
      task: (all) => {
        collected = all;
      },
    },
  );
  const { azure, environments, inputs } = collected!;
  expect([...azure]).toEqual(azureNames.map((name) => [name, loadAzure(name, name === "azure-prod" ? { images: { ml: "1.0.0" } } : {})]));
  expect([...environments]).toEqual([]);
  expect(inputs.map(({ environment }) => environment)).toEqual(["azure-prod"]);
});

it("says of a stack without a state who makes it, and how: who plans may not", async () => {
  writeFileSync(join(folder, "stateless"), "");
  try {
    const { stacks } = await reviewed();
    expect(stacks.filter(({ state }) => state === "failed")).toEqual([
      expect.objectContaining({
        stack: "azure-prod-edge",
        why: expect.stringMatching(
          /^terraform init failed: azure-prod-edge has no state yet, and who only plans may not make one\. An owner does, once: npm run synth -- azure-prod && terraform -chdir=cdktf\.out\/stacks\/azure-prod-edge init \(docs\/azure\.md\)\.\nError loading state: failed to lock azure state: .*403/,
        ) as string,
      }),
    ]);
  } finally {
    rmSync(join(folder, "stateless"));
  }
});

describe("a deploy", () => {
  const deploy = async (review: EnvironmentReview) => {
    calls();
    const stacks = stacksInOrder(join(folder, "cdktf.out"), "azure-prod");
    for (const { folder: own } of stacks) rmSync(join(own, "applied"), { force: true });
    const terraform = new Terraform(settings);
    try {
      const wanted = stacks.map(({ name }) => name).filter((name) => traitsOf(name).deployedBy === "pipeline");
      return await applyReviewed({ environment: "azure-prod", commit: "c".repeat(40), images: "", review, stacks, wanted, terraform });
    } finally {
      terraform.dispose();
    }
  };

  it("applies each stack after those that it needs, by the plan that was compared, against what stands and locked", async () => {
    const result = await deploy(await reviewed());
    expect(result).toMatchObject({ ok: true, remaining: [], links: [] });
    const applied = calls().filter(([, args]) => args.startsWith("apply"));
    expect(applied.slice(0, pipelines.length)).toEqual(
      pipelines.map((stack) => [stack, expect.stringMatching(/-lock-timeout=120s \S*\/delivery\.tfplan$/) as string]),
    );
    expect(result.stacks.find(({ stack }) => stack === "azure-prod-bootstrap")).toMatchObject({ outcome: "left out" });
  });

  it("stops where a plan has more than was approved, before anything of that stack", async () => {
    const review = await reviewed();
    writeFileSync(join(folder, "more"), "");
    const result = await deploy(review);
    expect(Object.fromEntries(result.stacks.map(({ outcome, stack }) => [stack.replace("azure-prod-", ""), outcome]))).toEqual({
      bootstrap: "left out",
      network: "applied",
      monitor: "applied",
      data: "stopped",
      services: "not reached",
      edge: "not reached",
    });
    expect(calls().filter(([, args]) => args.startsWith("plan") && args.includes("-refresh=false"))).toEqual([]);
  });
});

it("a literal with the example's ids is deployed to nobody's subscription", () => {
  expect(() => {
    refuseAzureExamples(loadAzure("azure-prod"));
  }).toThrow(/environments\/azure\/prod\.ts still has values of the example\.\n {2}subscription = .*nobody's on Azure/);
});

it("a workflow that the literal does not know is told where to write what", () => {
  const known = { plan: "5d3c1a6e-6c0e-4d1f-9b61-8a3f6c2f0b11", deploy: "5d3c1a6e-6c0e-4d1f-9b61-8a3f6c2f0b12" };
  const of = (clients: unknown, variables: NodeJS.ProcessEnv) => () => {
    refuseWithoutClient(azureEnvironment("azure-prod", { "bootstrap.clients": clients }), "plan", variables);
  };
  expect(of(undefined, { ARM_USE_OIDC: "true" })).toThrow(
    "environments/azure/prod.ts: bootstrap.clients.plan is missing, by which a workflow says who it is: an output of azure-prod-bootstrap (docs/azure.md).",
  );
  expect(of(known, { ARM_USE_OIDC: "true" })).not.toThrow();
  // A person is known by `az login`.
  expect(of(undefined, {})).not.toThrow();
});
