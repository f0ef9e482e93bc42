/** What a literal says of clusters, and what a service says that a cluster runs. */
import fc from "fast-check";
import { EKS_VERSIONS, type EksVersion } from "../../environments/facts/eks-versions";
import { RELEASES } from "../../environments/schema/kubernetes";
import { addressesOfNode, addressesOfZone, podLimit, usableAddresses } from "../../environments/facts/eks-addresses";
import type { EnvironmentLiteral } from "../../environments/schema";
import { between, clients, letter, optional, some, typesOf, word, type Drawn } from "./basics";

type Service = EnvironmentLiteral["services"][string];
type Architecture = keyof typeof typesOf;

const nodeGroup = (of: Architecture) =>
  fc
    .record({
      instanceTypes: some(typesOf[of], 1),
      limits: fc.tuple(between(1, 450), between(1, 450)),
      maxPods: optional(between(4, 250)),
      diskGigabytes: optional(between(20, 16_384)),
    })
    .map(({ limits, maxPods, ...rest }) => ({
      ...rest,
      maxPods: maxPods && Math.min(maxPods, ...rest.instanceTypes.map((type) => podLimit(type)!)),
      min: Math.min(...limits),
      max: Math.max(...limits),
    }));
const groups = fc.record({
  names: fc.uniqueArray(
    fc.oneof(
      fc.tuple(letter, word(0, 19)).map((parts) => parts.join("")),
      fc.constantFrom("constructor", "on-arm-1", "cluster", "a"),
    ),
    { minLength: 2, maxLength: 2 },
  ),
  x86_64: nodeGroup("x86_64"),
  arm64: nodeGroup("arm64"),
  both: fc.boolean(),
});

/** The groups that the services need, or both; one at the least. */
export function nodeGroupsFor(
  services: Readonly<Record<string, Pick<Service, "architecture">>>,
  { names, both, ...drawn }: Drawn<typeof groups>,
): EnvironmentLiteral["cluster"]["eks"]["nodeGroups"] {
  const needed = new Set<Architecture>(Object.values(services).map(({ architecture }) => architecture ?? "x86_64"));
  const chosen = (["x86_64", "arm64"] as const).filter((of) => both || needed.has(of) || (of === "x86_64" && needed.size === 0));
  return Object.fromEntries(chosen.map((of, index) => [names[index]!, drawn[of]]));
}

type Groups = EnvironmentLiteral["cluster"]["eks"]["nodeGroups"];
/** Whether subnets have addresses for any group at all, and another one. */
export const hasRoom = (subnets: readonly string[]): boolean => subnets.every((subnet) => usableAddresses(subnet) >= 150);
/** As many of the nodes as subnets have addresses for, with few pods where they would not do for one. */
export function fitting(groups: Groups, subnets: readonly string[]): Groups {
  const zones = subnets.length;
  const room = Math.min(...subnets.map(usableAddresses));
  const small = Object.entries(groups).map(
    ([name, group]) =>
      [
        name,
        { ...group, maxPods: addressesOfNode(group) * 6 * Object.keys(groups).length > room ? 4 : group.maxPods, min: 1, max: 1 },
      ] as const,
  );
  if (addressesOfZone(Object.values(groups), zones) <= room) return groups;
  const spare =
    room -
    addressesOfZone(
      small.map(([, group]) => group),
      zones,
    );
  return Object.fromEntries(
    small.map(([name, group]) => {
      const most = 1 + zones * Math.floor(spare / addressesOfNode(group) / small.length);
      return [name, { ...group, min: Math.min(groups[name]!.min, most), max: Math.min(groups[name]!.max, most) }];
    }),
  );
}

const role = fc.oneof(
  word(1, 64),
  fc.tuple(word(1, 30), word(1, 64)).map((parts) => `people/${parts.join("/")}`),
);
/** Each role stands once, whatever it is let in for; what is left over is left out. */
const access = fc
  .record({
    roles: fc.uniqueArray(role, { minLength: 1, maxLength: 9 }),
    deploy: between(1, 3),
    operations: optional(between(0, 3)),
    readOnly: optional(between(0, 3)),
  })
  .map(({ roles, deploy, operations, readOnly }) => {
    const left = [...roles];
    const take = (count: number) => left.splice(0, count);
    return {
      deploy: take(deploy),
      operations: operations === undefined ? undefined : take(operations),
      readOnly: readOnly === undefined ? undefined : take(readOnly),
    };
  });

/** All but the node groups, which fit the services. */
export const eks = (development: boolean) =>
  fc.record({
    version: fc.constantFrom(...(Object.keys(EKS_VERSIONS) as EksVersion[])),
    publicEndpointCidrs: optional(clients(development ? 0 : 8)),
    access,
    groups,
    clusterAutoscaler: optional(fc.boolean()),
    podLogs: optional(fc.constantFrom("none", "services", "all")),
    zonalShift: optional(fc.boolean()),
    // Apart from the default VPC and from every VPC that is drawn.
    serviceCidr: optional(fc.constantFrom("172.20.0.0/16", "10.96.0.0/12", "10.100.255.0/24", "172.24.255.0/24")),
  });

const gigabytes = optional(between(1, 16_384));
/** All but the namespace, which has the environment's name. */
export const kubernetes = fc.record({
  monitoring: optional(fc.record({ retentionDays: optional(between(1, 365)), storageGigabytes: gigabytes })),
  keda: optional(fc.boolean()),
  database: optional(
    fc.record({
      instances: optional(between(1, 9)),
      storageGigabytes: gigabytes,
      databaseName: optional(word(1, 60).map((text) => `d_${text}`)),
    }),
  ),
  cache: optional(fc.record({ storageGigabytes: gigabytes })),
  existing: optional(some(RELEASES)),
  chartRepository: optional(
    fc.constantFrom("oci://registry.example.com:5000/charts", "https://charts.example.com", "https://charts.example.com/a/b_c~d/"),
  ),
});

/** The services as a cluster takes them: none on Spot or with a health command of its own, and a schedule or queue only with KEDA, which takes no maximum and goes below no minimum. */
export function inCluster(
  services: Readonly<Record<string, Service>>,
  { keda, existing }: Pick<Drawn<typeof kubernetes>, "keda" | "existing">,
): Record<string, Service> {
  const hasKeda = keda === true || existing?.includes("keda") === true;
  return Object.fromEntries(
    Object.entries(services).map(([name, { scaling, ...service }]) => {
      const { min: least = 2, max: most = 20, queue, schedule } = scaling ?? {};
      const raised = schedule?.map(({ cron, min }) => ({ cron, min: Math.min(most, Math.max(least, min)) }));
      return [
        name,
        {
          ...service,
          spot: undefined,
          healthCommand: undefined,
          scaling: scaling && { ...scaling, queue: hasKeda ? queue : undefined, schedule: hasKeda ? raised : undefined },
        },
      ];
    }),
  );
}
