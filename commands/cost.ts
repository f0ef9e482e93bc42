import { Command, Option } from "commander";
import { Listr } from "listr2";
import { Aws } from "../delivery/aws";
import { billed, lastMonth } from "../delivery/cost-explorer";
import { loadEnvironment } from "../environments";
import { parseValues } from "../environments/reading/changes";
import type { Environment } from "../environments/schema";
import { comparedWithBill } from "../review/cost/billed";
import { billJson, billText, type Bill } from "./cost/bill-text";
import { estimated, estimatedLines } from "./cost/estimate";
import { estimateJson, estimateText, type Estimate } from "./cost/text";
import type { Project } from "./project";
import { accessTo } from "./shared/access";
import { environmentArgument } from "./shared/environment-argument";
import { placeOf } from "./shared/target";

interface Options {
  readonly with: readonly string[];
  readonly lines: boolean;
  readonly account: boolean;
  readonly json: boolean;
}

export function costCommand({ root }: Project): Command {
  return new Command("cost")
    .description(
      "What an environment costs a month, by stack and by construct, and what other values of its literal would make of it. An estimate from what is synthesised: nothing is deployed, and no account is asked but with --account.",
    )
    .addArgument(environmentArgument())
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
    .option("--json", "as JSON on standard output: npm run --silent cost -- dev --json", false)
    .action(async (name: string, { with: entries, lines, account, json }: Options) => {
      const values = parseValues(entries);
      const environment = loadEnvironment(name, { values });
      if (account) {
        const bill = await shown(`Estimate and bill of ${name}`, json, () => compared(root, environment));
        console.log(json ? JSON.stringify(billJson(bill), null, 2) : `\n${billText(bill)}`);
        return;
      }
      const cost = await shown(`Estimate of ${name}`, json, () => estimated(root, loadEnvironment(name), environment, values));
      const estimate: Estimate = { environment: name, values, cost };
      console.log(json ? JSON.stringify(estimateJson(estimate), null, 2) : `\n${estimateText(estimate, lines)}`);
    });
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
