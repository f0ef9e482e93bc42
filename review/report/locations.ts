/** Where a finding is shown beside the code. */
import type { EnvironmentReview, Finding, PlanSource } from "../model";

export interface Location {
  /** From the repository's folder. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** The construct's line; else the literal of its environment; of plans that are not ours, the plan. */
export function locationOf(finding: Finding, { environment }: Pick<EnvironmentReview, "environment">, source: PlanSource): Location {
  const place = /^([^\s:]+):(\d+)$/.exec(finding.source ?? "");
  if (place) return { file: place[1]!, line: Math.max(1, Number(place[2])) };
  if (source.kind === "files") return { file: `${source.folder}/${finding.stack}.json`, line: 1 };
  return { file: `environments/${environment}.ts`, line: 1 };
}
