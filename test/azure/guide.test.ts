/** That docs/azure.md says what is so. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROVIDER_ACTIONS } from "../../constructs/azure/provider-actions";
import { AZURE_STACKS } from "../../stacks/azure/catalogue";
import { traitsOf } from "../../stacks/catalogue";
import { azureEnvironment, azureStacks, bareResources } from "../helpers/azure";

const guide = readFileSync(join(__dirname, "../../docs/azure.md"), "utf8");
const section = (title: string): string => guide.split(`\n## ${title}\n`)[1]!.split("\n## ")[0]!;

it("every provider that the stacks need is registered, and the one on which Container Apps stand", () => {
  const registered = /for provider in ([\w ]+); do/.exec(guide)![1]!.split(" ");
  const needed = Object.values(PROVIDER_ACTIONS).flatMap((kinds) => Object.keys(kinds).map((kind) => kind.split("/")[0]!.split(".")[1]!));
  // Every subscription has Resources.
  expect(registered.sort()).toEqual([...new Set([...needed, "ContainerService"])].filter((name) => name !== "Resources").sort());
});

it("what is destroyed is named, the last made first, and the states' account alone at the end", () => {
  const destroyed = [...guide.matchAll(/cdktf destroy (.+)/g)].map(([, stacks]) => stacks!.replace(/ *#.*/, "").trim());
  expect(destroyed).toEqual([...AZURE_STACKS].reverse().map((stack) => `azure-prod-${stack}`));
  expect(guide).toMatch(/BOOTSTRAP_STATE=local npx cdktf destroy azure-prod-bootstrap/);
  expect(guide).not.toMatch(/cdktf (deploy|destroy) '[^']*\*'/);
});

it("the user in the database is the service's identity", () => {
  const names = Object.values(bareResources(azureStacks(azureEnvironment("azure-prod")).services!, "azurerm_user_assigned_identity")).map(
    ({ name }) => name,
  );
  const users = [...guide.matchAll(/(?:USER|MEMBER) \[([^\]]+)\]/g)].map(([, user]) => user);
  expect(users).toHaveLength(3);
  for (const user of users) expect(names).toContain(user);
});

it("an owner makes a state for every stack that a workflow reviews", () => {
  const [, stacks, folder] = /for stack in ([\w ]+); do terraform -chdir=(\S+)\$stack init; done/.exec(section("Deploy it from GitHub"))!;
  expect(stacks!.split(" ")).toEqual(AZURE_STACKS.filter((stack) => traitsOf(`azure-prod-${stack}`).deployedBy === "pipeline"));
  expect(folder).toBe("cdktf.out/stacks/azure-prod-");
});

it("a person is told which rights, network and date a first deploy wants", () => {
  const text = section("Deploy it");
  for (const word of [
    "Key Vault Certificates Officer",
    "Key Vault Secrets Officer",
    "Storage Blob Data Contributor",
    "operatorCidrs",
    "budgetStart",
  ])
    expect(text).toContain(word);
});

it("taking a right away unlocks and locks the stacks that have locks", () => {
  const locked = Object.entries(azureStacks(azureEnvironment("azure-prod")))
    .filter(([stack, { resource = {} }]) => stack !== "bootstrap" && "azurerm_management_lock" in resource)
    .map(([stack]) => `azure-prod-${stack}`);
  const deploys = [...section("Take a right away").matchAll(/^(DELETION_PROTECTION=lifted )?npx cdktf deploy (.+)$/gm)];
  expect(deploys.map(([, lifted]) => lifted !== undefined)).toEqual([true, true, false]);
  // The one who writes flow logs is no service, so that its lock stays.
  for (const index of [0, 2]) expect([...deploys[index]![2]!.split(" "), "azure-prod-monitor"].sort()).toEqual([...locked].sort());
  expect(section("Take a right away")).toContain("`azure-prod-monitor`");
});
