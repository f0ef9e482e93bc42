import { Command, Option } from "commander";
import { Listr } from "listr2";
import { Aws } from "../delivery/aws";
import { billed, lastMonth } from "../delivery/cost-explorer";
import { loadEnvironment } from "../environments";
import { parseValues } from "../environments/reading/changes";
import type { Environment } from "../environments/schema";
import { comparedWithBill } from "../review/cost/billed";
import type { DocumentedCost } from "../review/model";
import { documentedCosts } from "../review/cost/documents";
import { freeTierUse } from "../review/cost/free-tier";
import { billJson, billText, type Bill } from "./cost/bill-text";
import { documentedJson, documentedText } from "./cost/documented-text";
import { estimated, estimatedLines } from "./cost/estimate";
import { pricedPlan } from "./cost/plan";
import { planJson, planText } from "./cost/plan-text";
import { estimateJson, estimateText, type Estimate } from "./cost/text";
import type { Project } from "./project";
import { accessTo } from "./shared/access";
import { optionalEnvironmentArgument } from "./shared/environment-argument";
import { placeOf } from "./shared/target";

interface Options {
  readonly with: readonly string[];
  readonly lines: boolean;
  readonly account: boolean;
  readonly documented: boolean;
  readonly plan?: string;
  readonly region?: string;
  readonly json: boolean;
}

export function costCommand({ root }: Project): Command {
  return new Command("cost")
    .description(
      "What an environment costs a month, by stack and by construct, and what other values of its literal would make of it. An estimate from what is synthesised: nothing is deployed, and no account is asked but with --account.",
    )
    .addArgument(optionalEnvironmentArgument("none for --documented and --plan"))
    .addOption(
      new Option(
        "--with <path=value>",
        "a value of the literal by its path, such as services.ml.cpu=512; behind the sign JSON or a text, and nothing leaves the value out; may be repeated",
      )
        .argParser((entry: string, before: readonly string[]) => [...before, entry])
        .default([], "as the literal is written"),
    )
    .option("--lines", "each resource with how its price comes about, in place of sums by construct", false)
    .addOption(
      new Option(
        "--account",
        "beside what Cost Explorer says of last month, by the environment's tag: needs credentials with ce:GetCostAndUsage, and costs a cent for each page of the two answers",
      )
        .default(false)
        .conflicts(["with", "lines"]),
    )
    .addOption(
      new Option(
        "--documented",
        "the documents' cost tables beside what they describe at today's prices, and beside the estimate of the environment, if one is named",
      )
        .default(false)
        .conflicts(["with", "lines", "account"]),
    )
    .addOption(
      new Option(
        "--plan <file>",
        "a plan that `terraform show -json` wrote, of any project: what is known is priced, and what is not is named and counted",
      ).conflicts(["with", "account", "documented"]),
    )
    .option("--region <region>", "with --plan: where its provider stands, if the plan does not say it, such as ap-northeast-1")
    .option("--json", "as JSON on standard output: npm run --silent cost -- dev --json", false)
    .action(async (name: string | undefined, { with: entries, lines, account, documented, plan, region, json }: Options) => {
      const print = (text: string, object: object): void => {
        console.log(json ? JSON.stringify(object, null, 2) : `\n${text}`);
      };
      if (documented) {
        const tables = await besideDocuments(root, name, json);
        print(documentedText(tables, name), documentedJson(tables, name));
        return;
      }
      if (region !== undefined && plan === undefined) throw new Error("--region is for --plan: an environment has a region of its own.");
      if (plan !== undefined) {
        if (name !== undefined) throw new Error("--plan prices a file, and no environment beside it.");
        const priced = pricedPlan(plan, region);
        print(planText(priced, lines), planJson(priced));
        return;
      }
      if (name === undefined)
        throw new Error("Name an environment, such as npm run cost -- dev, or ask for --documented or --plan <file>.");
      const values = parseValues(entries);
      const environment = loadEnvironment(name, { values });
      if (account) {
        const bill = await shown(`Estimate and bill of ${name}`, json, () => compared(root, environment));
        print(billText(bill), billJson(bill));
        return;
      }
      const cost = await shown(`Estimate of ${name}`, json, () => estimated(root, loadEnvironment(name), environment, values));
      const estimate: Estimate = { environment: name, values, cost, freeTier: freeTierUse(environment) };
      print(estimateText(estimate, lines), estimateJson(estimate));
    });
}

async function besideDocuments(root: string, name: string | undefined, quiet: boolean): Promise<DocumentedCost[]> {
  if (name === undefined) return documentedCosts([], undefined);
  const environment = loadEnvironment(name);
  return documentedCosts(await shown(`Estimate of ${name}`, quiet, () => estimatedLines(root, environment)), environment);
}

async function compared(root: string, environment: Environment): Promise<Bill> {
  const { account, name } = environment;
  const { endpoint, words: where } = placeOf(root, environment);
  const month = lastMonth(new Date());
  const aws = new Aws(accessTo(environment, endpoint));
  try {
    const [lines, tagged, untagged] = await Promise.all([
      estimatedLines(root, environment),
      billed(aws, account, month, [name]),
      billed(aws, account, month, undefined),
    ]);
    return { environment: name, where, month, compared: comparedWithBill(lines, tagged), untagged };
  } finally {
    aws.dispose();
  }
}

/** @param quiet standard output is for something else */
async function shown<T>(title: string, quiet: boolean, work: () => Promise<T>): Promise<T> {
  let result: T | undefined;
  const task = async () => {
    result = await work();
  };
  await new Listr([{ title, task }], {
    registerSignalListeners: false,
    ...(quiet ? { renderer: "silent" as const } : { fallbackRenderer: "simple" as const }),
  }).run();
  return result!;
}
