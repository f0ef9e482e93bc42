/** What the review is tried with: single bad edits, and the findings that each must give. */
import type { Mutation } from "./list/area";

export type ReviewMutation = Mutation & {
  /** Those that are synthesised; the fewest that show it. */
  readonly environments: readonly string[];
  /** `data/destroyed aws_s3_bucket`: rule and type of the address; more may be found. */
  readonly finds: readonly string[];
  /** The schema's words, where it refuses the edit before there is a plan. */
  readonly refused?: string;
};
