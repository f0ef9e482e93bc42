/** Rules of the container platform and of what the whole environment owes its stage. */
import type { Rule } from "./finding";

export const PLATFORM_RULES: readonly Rule[] = [
  {
    // C-16: PostgreSQL in the cluster needs a cluster, and there is one database, not two: `database` is a single choice.
    name: "an in-cluster database has a cluster",
    reads: ["platform", "database"],
    check: ({ platform, database }) =>
      database === "in-cluster" && (platform === "none" || platform === "ecs")
        ? [
            {
              path: "database",
              value: database,
              allowed: `"none" or "rds": an in-cluster database needs platform eks or kubernetes, not ${platform}`,
            },
          ]
        : [],
  },
  {
    // C-17; the same holds for the services' Redis.
    name: "an in-cluster cache has a cluster",
    reads: ["platform", "servicesCache"],
    check: ({ platform, servicesCache }) =>
      servicesCache === "in-cluster" && (platform === "none" || platform === "ecs")
        ? [
            {
              path: "servicesCache",
              value: servicesCache,
              allowed: `"shared": an in-cluster cache needs platform eks or kubernetes, not ${platform}`,
            },
          ]
        : [],
  },
  {
    name: "RDS has database subnets",
    reads: ["network", "database"],
    check: ({ network, database }) =>
      database === "rds" && network.kind === "default"
        ? [
            {
              path: "database",
              value: database,
              allowed: '"none" or "in-cluster": RDS stands in the database subnets of network.kind dedicated',
            },
          ]
        : [],
  },
  {
    // (design 7)
    name: "only development lets data be deleted",
    reads: ["stage", "deletionProtection"],
    check: ({ stage, deletionProtection }) =>
      stage === "development" || deletionProtection
        ? []
        : [{ path: "deletionProtection", value: false, allowed: `true, because stage is ${stage}` }],
  },
  {
    // C-74.
    name: "only development goes without keys of its own",
    reads: ["stage", "customerManagedKeys"],
    check: ({ stage, customerManagedKeys }) =>
      stage === "development" || customerManagedKeys
        ? []
        : [{ path: "customerManagedKeys", value: false, allowed: `true, because stage is ${stage}` }],
  },
];
