/** What a first deploy needs and code does not make, asked of the account before anything is made (design 18). */
import pLimit from "p-limit";
import { Aws, AwsError, textAt, type AwsAccess } from "../aws";
import type { SynthesisedStack } from "../../terraform/assembly";
import { accountWide } from "./account-wide";
import { allocationTags } from "./allocation-tags";
import { certificates } from "./certificates";
import { containerImages, machineImages, parameters } from "./images";
import { accessOf, type Need, type Row, type Subject } from "./need";
import { availabilityZones, defaultVpcs, hostedZones } from "./network";
import { principals, serviceLinkedRoles } from "./principals";
import { programs } from "./programs";
import { quotas } from "./quotas";
import { secrets } from "./secrets";
import { spendingStop } from "./spending-stop";
import { stateBuckets } from "./states";

/** Questions at once: AWS slows down whoever asks more. */
const AT_ONCE = 8;

/** All that these stacks need. What a literal does not use, or a stack that is off, asks for nothing. */
export const needsOf = (subject: Subject): Need[] =>
  [
    stateBuckets,
    principals,
    serviceLinkedRoles,
    certificates,
    hostedZones,
    defaultVpcs,
    availabilityZones,
    machineImages,
    parameters,
    containerImages,
    quotas,
    secrets,
    allocationTags,
    spendingStop,
    programs,
    accountWide,
  ].flatMap((find) => find(subject));

export interface PreflightOptions {
  readonly environment: Subject["environment"];
  /** Those that are to be deployed. */
  readonly stacks: readonly SynthesisedStack[];
  /** See `Subject`. */
  readonly all?: Subject["all"];
  /** What no stack says: host software, GitHub. @default nothing */
  readonly further?: (subject: Subject) => readonly Need[];
  readonly onProgress?: (done: number, all: number) => void;
}

/**
 * Asks everything. Only reads.
 * @returns a row for each need, in the order of the questions
 * @throws Error where nobody says whose credentials these are
 */
export async function preflight({ environment, stacks, all, further, onProgress }: PreflightOptions): Promise<Row[]> {
  const connections = new Map<string, Aws>();
  const aws = (access: AwsAccess): Aws => {
    const key = `${access.region} ${access.endpoint ?? ""}`;
    const known = connections.get(key) ?? new Aws(access);
    connections.set(key, known);
    return known;
  };
  const subject: Subject = { environment, stacks, all, aws };
  try {
    const account = await ofTheAccount(subject);
    // A stranger's account would be asked for all the rest.
    if (account.state === "missing") return [account];
    const needs = [...needsOf(subject), ...(further?.(subject) ?? [])];
    const limit = pLimit(AT_ONCE);
    let done = 0;
    return [
      account,
      ...(await Promise.all(
        needs.map((need) =>
          limit(async () => {
            const row = await answered(need);
            onProgress?.(++done, needs.length);
            return row;
          }),
        ),
      )),
    ];
  } finally {
    for (const connection of connections.values()) connection.dispose();
  }
}

/** Whose credentials these are; whoever has any may ask that. */
async function ofTheAccount({ aws, environment: { account, region }, stacks }: Subject): Promise<Row> {
  const json = stacks.find((stack) => stack.json.provider?.aws !== undefined)?.json ?? {};
  const need = { kind: "account", name: account, stacks: [] };
  let found: string;
  try {
    const identity = await aws(accessOf(json, {}, region)).query("sts", "GetCallerIdentity");
    found = textAt(identity, "GetCallerIdentityResponse", "GetCallerIdentityResult", "Account");
  } catch (error) {
    throw new Error(
      `AWS does not say whose credentials these are: ${messageOf(error)}. Without credentials nothing can be asked of the account ${account}.`,
      {
        cause: error,
      },
    );
  }
  if (found === account) return { ...need, state: "there" };
  const why = `these credentials are of the account ${found}; nothing else was asked`;
  return { ...need, state: "missing", why, make: "take credentials of the literal's account (AWS_PROFILE), or put yours into the literal" };
}

async function answered({ ask, ...need }: Need): Promise<Row> {
  try {
    return { ...need, ...(await ask()) };
  } catch (error) {
    if (error instanceof AwsError && error.isDenied)
      return { ...need, state: "unknown", why: `the right ${error.action} is missing`, make: "the plan role and the deploy role have it" };
    return { ...need, state: "unknown", why: messageOf(error) };
  }
}

/** In one line. */
const messageOf = (error: unknown): string => {
  const { message, cause } = error as Error;
  const reason = (cause as Error | undefined)?.message;
  return `${error instanceof AwsError ? `${error.action}: ` : ""}${message}${reason ? ` (${reason})` : ""}`
    .replace(/\s+/g, " ")
    .trim()
    .replace(/\.$/, "");
};
