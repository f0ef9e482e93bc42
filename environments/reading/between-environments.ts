/** What several environments must agree on: they may share one account, and all share the names of buckets. */
import { foreignNameProblems } from "./carried-names";
import { physicalNames, replicaNames } from "../rules";
import { STAGES, type Environment } from "../schema";

/**
 * @throws Error naming every name that two environments of an account share, every bucket name that two environments share wherever
 * they are, every account without exactly one bootstrap and one state bucket, and every name that carries another environment's
 */
export function checkTogether(environments: readonly Environment[]): void {
  const accounts = [...new Set(environments.map(({ account }) => account))];
  const problems = [
    ...accounts.flatMap((account) =>
      accountProblems(
        account,
        environments.filter((environment) => environment.account === account),
      ),
    ),
    ...stateBucketProblems(environments),
    ...defaultVpcProblems(environments),
    ...notebookProblems(environments),
    ...nameProblems(environments),
    ...foreignNameProblems(environments),
    ...wordProblems(environments),
  ];
  if (problems.length > 0) throw new Error(`The environments do not fit together:\n  ${problems.join("\n  ")}`);
}

const fileOf = ({ name }: Environment): string => `environments/${name}.ts`;

function accountProblems(account: string, members: readonly Environment[]): string[] {
  const names = members.map(({ name }) => name);
  const owners = members.filter(({ bootstrap }) => bootstrap);
  const [owner] = owners;
  if (!owner?.bootstrap || owners.length > 1) {
    return [
      `account ${account} (${names.join(", ")}): bootstrap must stand in exactly one environment, found in ${owners.map(({ name }) => name).join(", ") || "none"}`,
    ];
  }
  const listed = owner.bootstrap.environments;
  const missing = names.filter((name) => !listed.includes(name));
  const unknown = listed.filter((name) => !names.includes(name));
  return [
    ...(missing.length > 0
      ? [`${fileOf(owner)}: bootstrap.environments must also list ${missing.join(", ")}, of the same account ${account}`]
      : []),
    ...(unknown.length > 0
      ? [`${fileOf(owner)}: bootstrap.environments must not list ${unknown.join(", ")}: account ${account} holds only ${names.join(", ")}`]
      : []),
    // Bootstrap makes one bucket, that of its own environment.
    ...members
      .filter(({ stateBucket }) => stateBucket !== owner.stateBucket)
      .map(
        (member) =>
          `${fileOf(member)}: stateBucket = "${member.stateBucket}" must be "${owner.stateBucket}", the state bucket of account ${account} (${fileOf(owner)})`,
      ),
  ];
}

function stateBucketProblems(environments: readonly Environment[]): string[] {
  return environments.flatMap((environment, index) => {
    const other = environments
      .slice(0, index)
      .find(({ account, stateBucket }) => stateBucket === environment.stateBucket && account !== environment.account);
    return other
      ? [
          `${fileOf(environment)}: stateBucket = "${environment.stateBucket}" is that of ${fileOf(other)} in account ${other.account}: an account keeps its own states`,
        ]
      : [];
  });
}

/** An account has one default VPC a region, and its main route table takes one route to S3 and one to DynamoDB. */
function defaultVpcProblems(environments: readonly Environment[]): string[] {
  const inDefault = environments.filter(({ network }) => network.kind === "default");
  return inDefault.flatMap((environment, index) => {
    const other = inDefault.slice(0, index).find(({ account, region }) => account === environment.account && region === environment.region);
    return other
      ? [
          `${fileOf(environment)}: network.kind = "default" is also that of ${fileOf(other)}, in region ${other.region} of account ${other.account}; allowed: "dedicated", because both would make the default VPC's routes to S3 and DynamoDB`,
        ]
      : [];
  });
}

/** SageMaker writes the logs of all notebooks of an account and region to one group, whose name is its own. */
function notebookProblems(environments: readonly Environment[]): string[] {
  const withNotebook = environments.filter(({ research }) => research);
  return withNotebook.flatMap((environment, index) => {
    const other = withNotebook
      .slice(0, index)
      .find(({ account, region }) => account === environment.account && region === environment.region);
    return other
      ? [
          `${fileOf(environment)}: research stands also in ${fileOf(other)}, in region ${other.region} of account ${other.account}; allowed: no research, because both would make the log group of SageMaker's notebooks`,
        ]
      : [];
  });
}

/** Bucket names are taken world-wide, other names within an account. */
function nameProblems(environments: readonly Environment[]): string[] {
  const taken = new Map<string, { readonly path: string; readonly environment: Environment }>();
  const problems: string[] = [];
  for (const environment of environments) {
    for (const { path, kind, name } of [...physicalNames(environment), ...replicaNames(environment)]) {
      const key = `${kind === "bucket" ? "" : environment.account} ${kind} ${name}`;
      const other = taken.get(key);
      if (!other) taken.set(key, { path, environment });
      // State buckets have rules of their own: one account's environments share theirs.
      else if (other.environment !== environment && !(path === "stateBucket" && other.path === "stateBucket")) {
        const where = kind === "bucket" ? "bucket names are taken world-wide" : `in account ${environment.account}`;
        problems.push(`${fileOf(environment)}: ${path} = "${name}" is also ${other.path} of ${fileOf(other.environment)}, ${where}`);
      }
    }
  }
  return problems;
}

/** `production` must never mean what is for something else (C-56). */
const wordProblems = (environments: readonly Environment[]): string[] =>
  environments.flatMap((environment) => {
    const { name, stage } = environment;
    return STAGES.some((word) => word === name && word !== stage)
      ? [
          `${fileOf(environment)}: name = "${name}" with stage = "${stage}"; allowed: another name, because commands take "${name}" for what has that stage`,
        ]
      : [];
  });
