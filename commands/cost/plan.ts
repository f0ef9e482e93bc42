/** Prices a plan that somebody else made: `terraform show -json`, of this project or of any other. */
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { estimate } from "../../review/cost/estimate";
import type { EnvironmentCost } from "../../review/model";
import { readPlan } from "../../review/plan/read";

export interface PricedPlan {
  readonly file: string;
  /** Undefined where the plan names none and none was given: then no price is known. */
  readonly region?: string;
  /** Whether Terraform planned all of it. */
  readonly isComplete: boolean;
  readonly cost: EnvironmentCost;
}

/**
 * @param region where the plan's provider stands, for a plan that does not say it
 * @throws Error when there is no such file, or it is no plan
 */
export function pricedPlan(file: string, region: string | undefined): PricedPlan {
  if (!existsSync(file)) throw new Error(`There is no file ${file}. Write one: terraform show -json plan.tfplan > ${file}`);
  const plan = readPlan(readFileSync(file, "utf8"), { stack: basename(file, ".json"), file });
  const known = plan.region ?? region;
  return {
    file,
    ...(known === undefined ? {} : { region: known }),
    isComplete: plan.isComplete,
    cost: estimate({ plans: [{ ...plan, region: known }] }),
  };
}
