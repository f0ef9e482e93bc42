import { Construct } from "constructs";
import { githubProviderArn, killSwitchRoleName } from "../identity/github-names";
import { trustInGithub } from "../identity/github-oidc";
import { Role } from "../identity/role";
import type { Table } from "../storage/table";
import { SWITCH_PARTITION } from "./host-names";
import type { KillSwitchDocuments } from "./kill-switch-documents";

export interface KillSwitchRolesProps {
  /** Name of the environment, in AWS and in GitHub. */
  readonly environment: string;
  readonly nameSuffix: string;
  /** Twelve digits. */
  readonly account: string;
  /** Such as `ap-northeast-1`. */
  readonly region: string;
  /** As the subject of GitHub's tokens names it. */
  readonly repository: string;
  /** Holds the switch's item. */
  readonly table: Table;
  readonly documents: KillSwitchDocuments;
  /** Values of the hosts' tag. */
  readonly hosts: readonly string[];
}

/**
 * Who may turn the kill switch from GitHub: the workflow of `main` may throw it, which an emergency does not wait for; only who was let through by
 * GitHub's environment may take it back. Each may touch the switch's partition of the table and tell the environment's hosts what its position asks for,
 * and nothing else. IAM does not look at what an item says, so the first could write "off"; but it cannot make hosts ready that were stopped.
 */
export class KillSwitchRoles extends Construct {
  constructor(scope: Construct, id: string, props: KillSwitchRolesProps) {
    super(scope, id);
    const { environment, nameSuffix, account, region, repository, table, documents, hosts } = props;
    const positions = [
      { position: "on", context: "ref:refs/heads/main", action: "stop", does: "Throws" },
      { position: "off", context: `environment:${environment}`, action: "ready", does: "Takes back" },
    ] as const;
    for (const { position, context, action, does } of positions) {
      const role = new Role(this, position, {
        name: killSwitchRoleName(nameSuffix, position),
        description: `${does} the kill switch of ${environment}`,
        assumedBy: trustInGithub({ provider: githubProviderArn(account), repository }, context),
      });
      table.grantPartition(role, SWITCH_PARTITION);
      documents.grantTell(role, [action, "status"], { region, account, names: hosts });
    }
  }
}
