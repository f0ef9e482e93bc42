/** What several environments must agree on: they may share one account. */
import { physicalNames } from "./rules";
import type { Environment } from "./schema";

/** @throws Error naming every pair of environments that collides in one account, and every account without exactly one bootstrap */
export function checkTogether(environments: readonly Environment[]): void {
  const problems: string[] = [];
  const byAccount = groupByAccount(environments);
  for (const [account, members] of byAccount) {
    const owners = members.filter(({ bootstrap }) => bootstrap);
    const names = members.map(({ name }) => name);
    if (owners.length !== 1) problems.push(`account ${account} (${names.join(", ")}): bootstrap must stand in exactly one environment, found in ${owners.map(({ name }) => name).join(", ") || "none"}`);
    const [owner] = owners;
    const missing = names.filter((name) => !owner?.bootstrap?.environments.includes(name));
    if (owner && missing.length > 0) problems.push(`environments/${owner.name}.ts: bootstrap.environments must also list ${missing.join(", ")}, of the same account ${account}`);
    const seen = new Map<string, string>();
    for (const member of members) {
      for (const { path, kind, name } of physicalNames(member)) {
        if (path === "stateBucket") continue;
        const other = seen.get(`${kind} ${name}`);
        if (other) problems.push(`environments/${member.name}.ts: ${path} = "${name}" is also ${other} in account ${account}`);
        else seen.set(`${kind} ${name}`, `${path} of environments/${member.name}.ts`);
      }
    }
  }
  if (problems.length > 0) throw new Error(`The environments do not fit together:\n  ${problems.join("\n  ")}`);
}

function groupByAccount(environments: readonly Environment[]): Map<string, Environment[]> {
  const groups = new Map<string, Environment[]>();
  for (const environment of environments) groups.set(environment.account, [...(groups.get(environment.account) ?? []), environment]);
  return groups;
}
