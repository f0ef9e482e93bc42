/** Makes resources and environments for tests of the estimate. */
import type { Resource, Values } from "../../review/model";
import { TOKYO } from "../../environments/facts/prices";
import { estimate } from "../../review/cost/estimate";
import type { Environment } from "../../environments/schema";
import { environment, type Edits } from "../environments/edits";

/** The construct is the stack and the name, so that each stands alone. */
export const resource = (type: string, values: Values = {}, construct = `prod-test/${type}/one`): Resource => ({
  address: `${type}.${construct.replaceAll("/", "_")}`,
  type,
  provider: "",
  construct,
  values,
});

export const prod = environment("prod");
export const withUsage = (edits: Edits): Environment =>
  environment("prod", Object.fromEntries(Object.entries(edits).map(([key, value]) => [`cost.usage.${key}`, value])));

/** What resources cost after a plan that makes them. */
export const costOf = (
  resources: readonly Resource[],
  inEnvironment: Environment | "none" = prod,
  region: string | undefined = inEnvironment === "none" ? TOKYO : undefined,
) =>
  estimate({
    plans: [{ stack: "prod-test", before: [], after: resources, region }],
    ...(inEnvironment === "none" ? {} : { environment: inEnvironment }),
  });

export const cents = (value: number): number => Math.round(value * 100) / 100;
