/** What an environment did cost, by Cost Explorer: a month, by service and usage type. Each page of an answer costs a cent. */
import { AwsError, listAt, textAt, type Answered, type Aws } from "./aws";

/** The tag that every provider of ours puts on all it makes (stacks/target.ts), once it is activated for cost allocation (CST-032). */
export const ENVIRONMENT_TAG = "Environment";

/** Whole days in UTC; the end is not part of it. */
export interface Month {
  readonly start: string;
  readonly end: string;
}

export interface Billed {
  /** As Cost Explorer calls it: `EC2 - Other`. */
  readonly service: string;
  /** Such as `APN1-EBS:VolumeUsage.gp3`. */
  readonly usageType: string;
  readonly dollars: number;
}

/** The last month that is over. */
export function lastMonth(now: Date): Month {
  const day = (month: number) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + month, 1)).toISOString().slice(0, 10);
  return { start: day(-1), end: day(0) };
}

/**
 * @param values of the tag; undefined for what has none, such as transfer, taxes, and all that Terraform did not make
 * @throws Error with the right that is missing, or what must be switched on first
 */
export async function billed(aws: Aws, account: string, month: Month, values: readonly string[] | undefined): Promise<Billed[]> {
  const tags = values
    ? { Key: ENVIRONMENT_TAG, Values: values, MatchOptions: ["EQUALS"] }
    : { Key: ENVIRONMENT_TAG, MatchOptions: ["ABSENT"] };
  const request = {
    TimePeriod: { Start: month.start, End: month.end },
    Granularity: "MONTHLY",
    Metrics: ["UnblendedCost"],
    // An organisation's first account sees the others' too.
    Filter: { And: [{ Tags: tags }, { Dimensions: { Key: "LINKED_ACCOUNT", Values: [account] } }] },
    GroupBy: [
      { Type: "DIMENSION", Key: "SERVICE" },
      { Type: "DIMENSION", Key: "USAGE_TYPE" },
    ],
  };
  const groups: Answered[] = [];
  for (let token = "", isFirst = true; isFirst || token !== ""; isFirst = false) {
    const answer = await asked(aws, { ...request, ...(token && { NextPageToken: token }) });
    groups.push(...listAt(answer, "ResultsByTime").flatMap((result) => listAt(result, "Groups")));
    token = textAt(answer, "NextPageToken");
  }
  return groups.map((group) => {
    const [service = "", usageType = ""] = (group.Keys ?? []) as readonly string[];
    return { service, usageType, dollars: Number(textAt(group, "Metrics", "UnblendedCost", "Amount")) };
  });
}

async function asked(aws: Aws, request: Answered): Promise<Answered> {
  try {
    return await aws.json("ce", "GetCostAndUsage", request);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.isDenied)
      throw new Error(
        `Cost Explorer may not be asked by these credentials: they lack ce:GetCostAndUsage, or the account keeps its bills from IAM (${error.message}).`,
      );
    if (error.code === "DataUnavailableException")
      throw new Error(
        `Cost Explorer has no data yet: it is switched on in the console (Billing and Cost Management), and has data a day later (${error.message}).`,
      );
    throw error;
  }
}
