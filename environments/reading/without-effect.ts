/**
 * Fields of a literal that change nothing that is deployed, where that is so, and why they may stand there all the same. What else has no
 * effect on a platform is refused (rules/kubernetes.ts); test/property/effects.property.test.ts holds every field of the schema to this.
 */
import type { Environment } from "../schema";

/** A platform by one word, as `platform` or its `kind` says it. */
export type PlatformName = "none" | "ecs" | "eks" | "kubernetes";

interface WithoutEffect {
  /** The beginning of the fields' paths, up to a dot or the end; `*` is any name. */
  readonly fields: readonly string[];
  /** @default all */
  readonly on?: readonly PlatformName[];
  readonly reason: string;
}

const ANOTHER_PLATFORM = "of another platform: stays for the day of a switch, which is one word";

export const WITHOUT_EFFECT: readonly WithoutEffect[] = [
  { fields: ["cost.usage"], reason: "reviews and docs/cost.md reckon with it; nothing is deployed of it" },
  {
    fields: ["web.freeTier", "web.beyondFreeTierDollars"],
    reason: "the rules and `npm run cost` measure what is deployed by them; nothing is deployed of them",
  },
  { fields: ["services", "cluster", "alarms.services", "schedule.services"], on: ["none"], reason: "nothing runs the services" },
  { fields: ["stage"], on: ["none"], reason: "the services are told it; apart from them it decides what the rules allow" },
  { fields: ["cluster.eks"], on: ["ecs", "kubernetes"], reason: ANOTHER_PLATFORM },
  { fields: ["cluster.kubernetes"], on: ["ecs"], reason: ANOTHER_PLATFORM },
  {
    fields: ["cluster.containerInsights", "cluster.executeCommand"],
    on: ["eks", "kubernetes"],
    reason: ANOTHER_PLATFORM,
  },
  {
    fields: ["cluster.name", "cluster.logRetentionDays", "schedule.services"],
    on: ["kubernetes"],
    reason: "the cluster is somebody else's",
  },
  {
    fields: ["cluster.loadBalancer", "services.*.route"],
    on: ["kubernetes"],
    reason: "the load balancer is AWS's; a cluster of somebody else's has an Ingress of its own",
  },
];

export const platformName = ({ platform }: Pick<Environment, "platform">): PlatformName =>
  typeof platform === "object" ? platform.kind : platform;

/** Why a field has no effect; undefined where it has one. @param pattern such as `services.*.cpu` */
export const whyWithoutEffect = (pattern: string, platform: PlatformName): string | undefined =>
  WITHOUT_EFFECT.find(
    ({ fields, on }) => (!on || on.includes(platform)) && fields.some((field) => pattern === field || pattern.startsWith(`${field}.`)),
  )?.reason;
