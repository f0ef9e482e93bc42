/** What the review is tried with: single bad edits, and the findings that each must give. */
import type { Edit } from "./review-edits";

export interface ReviewMutation extends Edit {
  /** What would go wrong. */
  readonly name: string;
  /** Those that are synthesised; the fewest that show it. */
  readonly environments: readonly string[];
  /** `data/destroyed aws_s3_bucket`: rule and type of the address; more may be found. */
  readonly finds: readonly string[];
  /** The schema's words, where it refuses the edit before there is a plan. */
  readonly refused?: string;
}
