/** That a review of an environment on Azure knows whose it is: production refuses what development is told. */
import { loadAzure } from "../../environments/azure/index";
import { assemble } from "../../review/assemble";
import { comparePlan, constructsOf } from "../../review/plan/compare";
import { readPlan } from "../../review/plan/read";
import { foreignOf } from "../../review/risk";
import type { StackJson } from "../../terraform/assembly";
import { pythonWith } from "../charts/tools";
import { azureStacks } from "../helpers/azure";

const names = ["azure-dev", "azure-staging", "azure-prod"];
const azure = new Map(names.map((name) => [name, loadAzure(name)]));

/** Of a `data` that gets an account which anybody may read, and a program that runs when it is made. */
async function reviewOf(name: string) {
  const before = azureStacks(azure.get(name)!).data as StackJson;
  const after = JSON.parse(JSON.stringify(before)) as typeof before & { resource: Record<string, Record<string, object>> };
  after.resource.azurerm_storage_account!.open = {
    name: "daytradeopen",
    allow_nested_items_to_be_public: true,
    provisioner: [{ "local-exec": { command: "echo hello" } }],
  };
  const stack = `${name}-data`;
  const report = await assemble({
    root: process.cwd(),
    python: () => Promise.resolve(pythonWith("checkov")),
    today: "2026-11-21",
    source: { kind: "account", head: "x", images: "", at: "2026-11-21T00:00:00Z" },
    sameRules: false,
    inputs: [{ environment: name, stacks: [{ stack, state: "planned", raw: comparePlan(before, after), before, after }] }],
    limits: [],
    environments: new Map(),
    azure,
  });
  const of = (rule: string) =>
    report.environments[0]!.stacks[0]!.findings.filter((finding) => finding.rule === rule && finding.address?.endsWith(".open"));
  return { of, errors: report.exceptionErrors };
}

it.each([
  ["azure-dev", "notice"],
  ["azure-staging", "refusal"],
  ["azure-prod", "refusal"],
])(
  "in %s policy, and what runs, is a %s",
  async (name, severity) => {
    const { of, errors } = await reviewOf(name);
    expect(of("checkov/CKV_AZURE_190")).toEqual([expect.objectContaining({ severity })]);
    expect(of("runs/provisioner")).toEqual([expect.objectContaining({ severity })]);
    expect(errors).toEqual([]);
  },
  120_000,
);

it("what a template or a workbook calls its format by is nobody, and whom Azure's literal names is told and no more", () => {
  const own = azure.get("azure-prod")!;
  const kinds = /(template_deployment|workbook|action_group|budget_resource_group)$/;
  const found = (literal: unknown) =>
    foreignOf(
      Object.entries(azureStacks(own)).map(([stack, after]) => {
        const before = {
          ...after,
          resource: Object.fromEntries(Object.entries(after.resource ?? {}).filter(([type]) => !kinds.test(type))),
        };
        return { plan: readPlan(comparePlan(before, after), { stack, constructs: constructsOf(after) }), before, after };
      }),
      { own: [literal] },
    ).map(({ message, severity }) => `${severity}: ${message.split("`")[1]}`);
  expect(found(own)).toEqual(["notice: example.com"]);
  // Somebody whom it does not name.
  expect(found(undefined)).toEqual(["refusal: example.com", "refusal: example.com"]);
});
