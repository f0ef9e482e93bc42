/** What each stack is, for whoever meets one by its name: commands, rehearsals and reviews ask here, and guess nothing from a name. */

export interface StackTraits {
  /** It is applied inside a Kubernetes cluster: not on the emulator, and not with credentials that reach AWS alone. */
  readonly needsCluster: boolean;
  /** What it holds cannot be made again from code. */
  readonly holdsData: boolean;
  /** It makes machines, which install the software that is locked for them. */
  readonly hasHosts: boolean;
  /** Reading it gives out secrets, so that whoever only plans may not; nor of what its state has and its code no longer. */
  readonly givesOutSecrets: boolean;
  /** One an account, for every environment in it. */
  readonly oncePerAccount: boolean;
  /** Whose credentials apply it: the deploy role's, which the pipeline takes, or an administrator's (docs/deploying.md). */
  readonly deployedBy: "pipeline" | "administrator";
}

const PLAIN: StackTraits = {
  needsCluster: false,
  holdsData: false,
  hasHosts: false,
  givesOutSecrets: false,
  oncePerAccount: false,
  deployedBy: "pipeline",
};

/** By its own name, in the order in which they are deployed. */
const CATALOGUE = {
  bootstrap: { ...PLAIN, holdsData: true, oncePerAccount: true, deployedBy: "administrator" },
  network: PLAIN,
  events: PLAIN,
  data: { ...PLAIN, holdsData: true },
  trading: { ...PLAIN, hasHosts: true },
  services: PLAIN,
  workloads: { ...PLAIN, needsCluster: true },
  research: { ...PLAIN, hasHosts: true },
  account: { ...PLAIN, holdsData: true, oncePerAccount: true, deployedBy: "administrator" },
  web: { ...PLAIN, holdsData: true, hasHosts: true },
  operations: { ...PLAIN, holdsData: true },
} satisfies Readonly<Record<string, StackTraits>>;

/** Name of a stack without its environment's. */
export type StackName = keyof typeof CATALOGUE;

/** Of those that Azure's environments have beside or other than AWS's: services whose secrets the provider lists at every read, whom Entra believes, and what is installed by kubelogin with somebody's `az login` (docs/azure.md). */
const OF_AZURE: Readonly<Record<string, StackTraits>> = {
  services: { ...PLAIN, givesOutSecrets: true },
  trust: { ...PLAIN, deployedBy: "administrator" },
  workloads: { ...PLAIN, needsCluster: true, deployedBy: "administrator" },
};

/** @param stack its full name, such as `prod-data` or `azure-prod-data`; one that is not listed here is of the plain kind */
export function traitsOf(stack: string): StackTraits {
  const own = stack.replace(/^(?:azure-)?[^-]*-/, "");
  if (stack.startsWith("azure-") && Object.hasOwn(OF_AZURE, own)) return OF_AZURE[own]!;
  return Object.hasOwn(CATALOGUE, own) ? CATALOGUE[own as StackName] : PLAIN;
}
