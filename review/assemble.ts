/** Turns collected plans into a report: reads them, reviews each environment, and lets pass what an exception lets pass. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AzureEnvironment } from "../environments/azure/schema";
import type { Environment } from "../environments/schema";
import { exceptIn, judgedOf } from "./apply-exceptions";
import { judgedBySelf, tooLong } from "./changed-exceptions";
import { reviewEnvironment } from "./environment-review";
import { readExceptions } from "./exceptions";
import type { Report } from "./model";
import type { Collected } from "./planning/collect";
import { constructsIn, readEnvironments } from "./read-stack";
import { sourcesOf } from "./sources";

export interface AssembleOptions extends Collected {
  readonly root: string;
  /** Python that has checkov; asked for only where something is to be judged. */
  readonly python: () => Promise<string>;
  /** Day on which exceptions are judged, `2026-12-31`. */
  readonly today: string;
}

const EXCEPTIONS_FILE = "review/exceptions.yaml";

/** @throws Error when a plan or the file of exceptions cannot be read, or checkov fails */
export async function assemble({
  root,
  python,
  inputs: collected,
  source,
  environments,
  azure,
  today,
  limits,
  sameRules,
  judges,
}: AssembleOptions): Promise<Report> {
  const exceptions = readExceptions(readFileSync(join(root, EXCEPTIONS_FILE), "utf8"), EXCEPTIONS_FILE);
  const read = readEnvironments(collected);
  const inputs = read.map(({ input }) => input);
  const sourceOf = sourcesOf(root, new Set(constructsIn(read)));
  const settled = inputs
    .filter(({ stacks }) => sameRules && stacks.every(({ state }) => state === "unchanged"))
    .map(({ environment }) => environment);
  const moved = inputs.filter(({ shift }) => shift?.kind === "moved").map(({ environment }) => environment);

  const reviewed: Awaited<ReturnType<typeof reviewEnvironment>>[] = [];
  for (const one of read) {
    const { environment } = one.input;
    reviewed.push(
      await reviewEnvironment(one, {
        root,
        python,
        literal: environments.get(environment),
        azure: azure.get(environment),
        others: othersOf(environment, environments, azure),
        isSettled: settled.includes(environment),
        sourceOf,
      }),
    );
  }

  const judged = judgedOf(inputs, { isAll: source.kind !== "files", settled: [...settled, ...moved] });
  const excepted = exceptIn(
    reviewed.map(({ review }) => review),
    exceptions,
    today,
    { ...judged, environments: [...environments.keys(), ...azure.keys()], file: EXCEPTIONS_FILE },
  );
  const bySelf = judges && judgedBySelf(exceptions, judges);
  return {
    source,
    ...(bySelf && { judgedBySelf: bySelf }),
    exceptionErrors: [...excepted.errors, ...tooLong(bySelf?.exceptions ?? [], today, EXCEPTIONS_FILE)],
    limits: [
      ...(judges && !bySelf ? [`The base's ${EXCEPTIONS_FILE} cannot be read: which exceptions are new is not known`] : []),
      ...settledLimits(settled),
      ...reviewed.flatMap(({ leftOut }) => leftOut),
      ...limits,
    ],
    environments: excepted.environments,
  };
}

/** Literals of the same cloud, where it is ours. */
const othersOf = (name: string, ...clouds: readonly ReadonlyMap<string, Environment | AzureEnvironment>[]) =>
  clouds.filter((cloud) => cloud.has(name)).flatMap((cloud) => [...cloud.values()].filter((other) => other.name !== name));

const settledLimits = (settled: readonly string[]): string[] =>
  settled.length === 0
    ? []
    : [
        `Policy of ${settled.join(", ")} was not judged again: base and working tree synthesise the same bytes there, and are judged by the same rules`,
      ];
