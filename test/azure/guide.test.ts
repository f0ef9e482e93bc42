/** That docs/azure.md says what is so. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROVIDER_ACTIONS } from "../../constructs/azure/provider-actions";
import { AZURE_STACKS } from "../../stacks/azure/catalogue";
import { traitsOf } from "../../stacks/catalogue";
import { azureEnvironment, azureStacks, bareResources } from "../helpers/azure";

const guide = readFileSync(join(__dirname, "../../docs/azure.md"), "utf8");
const section = (title: string): string => guide.split(`\n## ${title}\n`)[1]!.split("\n## ")[0]!;

/** Which no type of the stacks has in its name: what Container Apps stand on, nodes, and what a cluster's gateway is made with. */
const BENEATH = ["ContainerService", "Compute", "NetworkFunction"];

it("every provider that the stacks need is registered, and what they stand on", () => {
  const registered = /for provider in ([\w ]+); do/.exec(guide)![1]!.split(" ");
  const needed = Object.values(PROVIDER_ACTIONS).flatMap((kinds) => Object.keys(kinds).map((kind) => kind.split("/")[0]!.split(".")[1]!));
  expect(guide.indexOf("EncryptionAtHost")).toBeLessThan(guide.indexOf("cdktf deploy"));
  // Every subscription has Resources.
  expect(registered.sort()).toEqual([...new Set([...needed, ...BENEATH])].filter((name) => name !== "Resources").sort());
});

it("what is destroyed is named, the last made first, and the states' account alone at the end", () => {
  const destroyed = [...section("Remove it").matchAll(/cdktf destroy (.+)/g)].map(([, stacks]) => stacks!.replace(/ *(--|#).*/, ""));
  expect(destroyed).toEqual([...AZURE_STACKS].reverse().map((stack) => `azure-prod-${stack}`));
  expect(guide).toMatch(/BOOTSTRAP_STATE=local npx cdktf destroy azure-prod-bootstrap/);
  expect(guide).not.toMatch(/cdktf (deploy|destroy) '[^']*\*'/);
});

/** Stack → those whose outputs it takes. */
const needs = Object.fromEntries(
  Object.entries(azureStacks(azureEnvironment("azure-aks"))).map(([stack, { data = {} }]) => [
    stack,
    Object.keys(data.terraform_remote_state ?? {}).map((id) => id.replace(/^cross-stack-reference-input-azure-aks-/, "")),
  ]),
);

it("cdktf is told where a command leaves out stacks that it would ask for, and then takes one after the other", () => {
  const commands = [...guide.matchAll(/npx cdktf (deploy|destroy) (.+?)(?: *#.*)?$/gm)].map(([line, does, rest]) => {
    const stacks = [...rest!.matchAll(/azure-prod-(\w+)/g)].map(([, stack]) => stack!);
    const asks =
      does === "deploy"
        ? stacks.flatMap((stack) => needs[stack]!)
        : Object.keys(needs).filter((stack) => needs[stack]!.some((one) => stacks.includes(one)));
    return {
      line,
      stacks,
      isTold: rest!.includes(" --ignore-missing-stack-dependencies"),
      mustBe: asks.some((stack) => !stacks.includes(stack)),
    };
  });
  expect(commands.filter(({ mustBe }) => mustBe).length).toBeGreaterThan(5);
  expect(commands.filter(({ isTold, mustBe }) => isTold !== mustBe).map(({ line }) => line)).toEqual([]);
  // Without the order of their needs cdktf would take them all at once.
  for (const { isTold, line, stacks } of commands) if (isTold && stacks.length > 1) expect(line).toContain(" --parallelism 1");
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

it("who deploys what no workflow does is told which rights that wants", () => {
  for (const word of ["an owner of the subscription", "cluster.access.administrators", "Storage Blob Data Contributor"])
    expect(section("With a cluster")).toContain(word);
});

it("taking a right away unlocks and locks the stacks that have locks", () => {
  const locked = Object.entries(azureStacks(azureEnvironment("azure-prod")))
    .filter(([stack, { resource = {} }]) => stack !== "bootstrap" && "azurerm_management_lock" in resource)
    .map(([stack]) => `azure-prod-${stack}`);
  const deploys = [...section("Take a right away").matchAll(/^(DELETION_PROTECTION=lifted )?npx cdktf deploy (.+?)(?: --.*)?$/gm)];
  expect(deploys.map(([, lifted]) => lifted !== undefined)).toEqual([true, true, false]);
  // The one who writes flow logs is no service, so that its lock stays.
  for (const index of [0, 2]) expect([...deploys[index]![2]!.split(" "), "azure-prod-monitor"].sort()).toEqual([...locked].sort());
  expect(section("Take a right away")).toContain("`azure-prod-monitor`");
});

it("a cluster comes into subnets that nothing is in any more, after the right to give its roles", () => {
  const steps = [
    ...section("With a cluster")
      .split("### From container apps to a cluster")[1]!
      .matchAll(/cdktf (deploy|destroy) (.+)/g),
  ];
  expect(steps.map(([, does, stacks]) => `${does} ${stacks!.replace(/ --.*/, "").replaceAll("azure-prod-", "")}`)).toEqual([
    "deploy data services",
    "destroy edge",
    "deploy services",
    "deploy bootstrap",
    "deploy network monitor data services edge",
  ]);
  // Why: both kinds want the same subnets for owners of their own.
  const owners = (name: "azure-prod" | "azure-aks") =>
    Object.fromEntries(
      Object.values(bareResources(azureStacks(azureEnvironment(name)).network!, "azurerm_subnet")).map(({ delegation, name: subnet }) => [
        subnet,
        JSON.stringify(delegation),
      ]),
    );
  const [before, after] = [owners("azure-prod"), owners("azure-aks")];
  expect(Object.keys(before).filter((subnet) => before[subnet] !== after[subnet])).toEqual(["containers", "gateway"]);
});
