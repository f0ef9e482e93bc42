import { Command, Option } from "commander";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployRoleName, killSwitchRoleArn, planRoleName } from "../constructs/identity/github-names";
import { environmentNames, loadEnvironment, loadEnvironments } from "../environments";
import { azureNames, loadAzure } from "../environments/azure";
import { azureValues } from "./shared/azure-client";
import { literalPath } from "../environments/reading/load";
import { STAGES, type Environment } from "../environments/schema";
import type { Project } from "./project";
import { addEnvironment, type AddOptions, type Added } from "./environment/add";
import { toLookAt } from "./environment/literal";
import { anyEnvironmentArgument } from "./shared/environment-argument";
import { stacksInOrder } from "../terraform/assembly";
import { synthesise } from "../terraform/synthesis";
import { table } from "./shared/table";

/** What a workflow must know of an environment before it has any credentials. */
export function environmentValues(environment: Environment): Readonly<Record<string, string>> {
  const { account, cluster, name, region, stage } = environment;
  const role = (roleName: string) => `arn:aws:iam::${account}:role/${roleName}`;
  return {
    name,
    stage,
    account,
    region,
    "plan-role": role(planRoleName(name)),
    "deploy-role": role(deployRoleName(name)),
    "kill-switch-on-role": killSwitchRoleArn(environment, "on"),
    "kill-switch-off-role": killSwitchRoleArn(environment, "off"),
    // C-55: the workflow takes the namespace from the environment.
    namespace: cluster?.kubernetes?.namespace ?? "",
  };
}

/** A table of environments. @param stacks names of all their stacks, in any order */
export function environmentList(environments: readonly Environment[], stacks: readonly string[]): string {
  return table(
    ["environment", "stage", "account", "region", "platform", "stacks"],
    environments.map(({ name, stage, account, region, platform }) => [
      name,
      stage,
      account,
      region,
      typeof platform === "string" ? platform : platform.kind,
      stacks
        .filter((stack) => stack.startsWith(`${name}-`))
        .map((stack) => stack.slice(name.length + 1))
        .join(", "),
    ]),
  );
}

/** The names of all stacks, from a synthesis that leaves nothing. */
async function stackNames(root: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "environments-"));
  try {
    await synthesise({ source: root, output: folder, environments: environmentNames });
    return stacksInOrder(folder).map(({ name }) => name);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What was written, and what is left to a person. */
export function addedText({ environment, from, owner, leftOut, files }: Added): string {
  const { name, stage, account } = environment;
  return [
    `${name} (${stage}, account ${account}) is written after ${from.name}, and accepted by every rule:`,
    ...files.map((file) => `  ${file}`),
    ...(leftOut.length > 0 ? [`Left out, because account ${account} has it already: ${leftOut.join(", ")}`] : []),
    "",
    `What only you know; look at each in ${literalPath(name)}:`,
    ...toLookAt(environment, from).map((line) => `  ${line}`),
    "",
    "Then:",
    "  npm run docs                         the generated pages get their column",
    `  npm run rehearse -- ${name.padEnd(16)} deployed on the emulator`,
    `  an environment ${`"${name}"`.padEnd(21)} in the repository's settings on GitHub (docs/delivery.md)`,
    owner
      ? `  npx cdktf deploy ${`${owner.name}-bootstrap`.padEnd(19)} makes the roles of ${name} beside those of ${owner.name} (docs/deploying.md)`
      : `  bootstrap of account ${account}    twice, by an administrator (docs/deploying.md)`,
  ].join("\n");
}

export function environmentCommand({ root }: Project): Command {
  return new Command("environment")
    .description("The environments there are: list them, show what a workflow needs of one, or add a further one.")
    .usage("[command] <environment>")
    .addCommand(
      new Command("show")
        .description(
          "Print what a workflow needs of an environment, as key=value lines: its name, account, region, roles and namespace; on Azure its subscription, tenant and who its workflows are. The word `show` may be left out.",
        )
        .addArgument(anyEnvironmentArgument())
        .option("--out <file>", "append the lines to a file, such as $GITHUB_OUTPUT, in place of printing them")
        .action((name: string, { out }: { readonly out?: string }) => {
          const lines = Object.entries(azureNames.includes(name) ? azureValues(loadAzure(name)) : environmentValues(loadEnvironment(name)))
            .map(([key, value]) => `${key}=${value}\n`)
            .join("");
          if (out === undefined) process.stdout.write(lines);
          else appendFileSync(out, lines);
        }),
      { isDefault: true },
    )
    .addCommand(
      new Command("list")
        .description("Show all environments: what each is for, its account, region, platform and stacks.")
        .action(async () => {
          console.log(environmentList(loadEnvironments(), await stackNames(root)));
        }),
    )
    .addCommand(
      new Command("add")
        .description(
          "Write a further environment after one that is there: its literal, its entry in environments/index.ts, its account's bootstrap, its entries in review/exceptions.yaml, the workflows' choices. Names, suffix, roles and account ids are its own. Nothing is written when anything of it is refused.",
        )
        .argument("<name>", "2 to 12 of a-z and 0-9, a letter first")
        .requiredOption("--from <environment>", "the environment that it is written after")
        .requiredOption(
          "--account <id>",
          "its AWS account, twelve digits; that of another environment: they share its state bucket and bootstrap",
        )
        .addOption(new Option("--stage <stage>", "what it is for (default: that of --from)").choices(STAGES))
        .action(async (name: string, options: Omit<AddOptions, "name">) => {
          console.log(addedText(await addEnvironment(root, { name, ...options })));
        }),
    );
}
