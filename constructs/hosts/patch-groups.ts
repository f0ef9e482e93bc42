/** Which machines get which security updates, and what they must be able to do for it. */
import type { Grantee } from "../identity/role";

/** The systems that there are. */
export type Patched = "windows" | "linux";

/** The tag by which Patch Manager finds a machine's baseline: without a space, which tags in the metadata could not have. https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager-patch-groups.html */
export const PATCH_TAG = "PatchGroup";

/** Its value: `tss-linux-dev`. */
export const patchGroup = (system: Patched, nameSuffix: string): string => `tss-${system}${nameSuffix}`;

/** Asks what is to be installed, reports what was, and reads AWS's own programs for it. https://docs.aws.amazon.com/systems-manager/latest/userguide/ssm-agent-technical-details.html */
export function grantPatching(grantee: Grantee, { account, region }: { readonly account: string; readonly region: string }): void {
  // Without resource level, and the machine's own id is known only when it runs.
  grantee.grant({ actions: ["ssm:GetDeployablePatchSnapshotForInstance", "ssm:PutInventory"], resources: ["*"] });
  grantee.grant({ actions: ["ssm:PutComplianceItems"], resources: [`arn:aws:ec2:${region}:${account}:instance/*`] });
  grantee.grant({
    actions: ["s3:GetObject"],
    resources: [`arn:aws:s3:::aws-ssm-${region}/*`, `arn:aws:s3:::patch-baseline-snapshot-${region}/*`],
  });
}
