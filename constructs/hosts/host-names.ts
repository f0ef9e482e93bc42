/** What the trading hosts of an environment are called, how they are found, and by which names the kill switch reaches them: commands read it, which know no provider. */
import type { Environment } from "../../environments/schema";

/** The kinds of trading host. */
export type HostKind = "windows" | "engine" | "worker";

/** The tag by which Systems Manager, and whoever looks for a host, finds it: its value is the host's name, which all machines of a group share. */
export const HOST_TAG = "Converge";

/** Value of the tag for each kind of host that the environment has: `axia-windows-dev`. */
export function hostNames({
  linuxEngine,
  nameSuffix,
}: Pick<Environment, "linuxEngine" | "nameSuffix">): Readonly<{ windows: string } & Partial<Record<HostKind, string>>> {
  return {
    windows: `axia-windows${nameSuffix}`,
    ...(linuxEngine && { engine: `trading-engine${nameSuffix}` }),
    ...(linuxEngine?.worker && { worker: `trading-worker${nameSuffix}` }),
  };
}

/** Value of the tag, and name, of the web application's machine. */
export const webHostName = ({ nameSuffix }: Pick<Environment, "nameSuffix">): string => `kabu-trade${nameSuffix}`;

/** Where it is written which image was last deployed to that machine: JSON with `image` and `insteadOf`, the literal's at that time. */
export const webImageParameter = (environment: string): string => `/tss/${environment}/web-image`;

/** The step of the document that changes its image. */
export const DEPLOY_IMAGE_STEP = "deploy";

/** Partition key of the kill switch's item, as every reader has it (DAT-013, DAT-014). */
export const SWITCH_PARTITION = "GLOBALCONFIG";

/** The name of a step in the kill switch's documents, by the platform of the host. */
export const SWITCH_STEPS = { Windows: "windows", Linux: "linux" } as const;
