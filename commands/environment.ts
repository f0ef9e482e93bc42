import { Command } from "commander";
import { appendFileSync } from "node:fs";
import { deployRoleName, planRoleName } from "../constructs/identity/github-names";
import { environmentNames, environmentOfStage, loadEnvironment, stageNames } from "../environments";
import type { Environment } from "../environments/schema";

/** What a workflow must know of an environment before it has any credentials. */
export function environmentValues({ account, cluster, name, region, stage }: Environment): Readonly<Record<string, string>> {
  const role = (roleName: string) => `arn:aws:iam::${account}:role/${roleName}`;
  return {
    name, stage, account, region,
    "plan-role": role(planRoleName(name)),
    "deploy-role": role(deployRoleName(name)),
    // C-55: the workflow takes the namespace from the environment.
    namespace: cluster?.kubernetes?.namespace ?? "",
  };
}

/** By its own name or the documents'. @throws Error with the valid names */
export const environmentNamed = (name: string): Environment => (environmentNames.includes(name) ? loadEnvironment(name) : environmentOfStage(name));

export function environmentCommand(): Command {
  return new Command("environment")
    .description("Print what a workflow needs of an environment, as key=value lines: its name, account, region, roles and namespace.")
    .argument("<name>", `${stageNames.join(", ")} (the documents' names), or ${environmentNames.join(", ")}`)
    .option("--out <file>", "append the lines to a file, such as $GITHUB_OUTPUT, in place of printing them")
    .action((name: string, { out }: { readonly out?: string }) => {
      const lines = Object.entries(environmentValues(environmentNamed(name))).map(([key, value]) => `${key}=${value}\n`).join("");
      if (out === undefined) process.stdout.write(lines);
      else appendFileSync(out, lines);
    });
}
