/** What a literal says of a cluster on Azure (`platform: "aks"`). Part of schema.ts. */
import { z } from "zod";
import { NODE_SIZES } from "../facts/aks";
import { cidr, guid, integer, namespace, pattern } from "../schema/fields";

const groups = z.array(guid("a group of Entra")).max(20).default([]);

const pool = z.strictObject({
  /** Of its machines. */
  size: z.enum(NODE_SIZES),
  /** Nodes; the cluster's autoscaler keeps between the two. */
  min: integer(1, 100, "nodes"),
  max: integer(1, 100, "nodes"),
  /** Of the region, over which the nodes are spread. */
  zones: z
    .array(z.enum(["1", "2", "3"]))
    .min(1)
    .max(3)
    .default(["1", "2", "3"]),
  /** Of a node's encrypted disk: images and the scratch of pods. */
  diskGigabytes: integer(64, 2048, "GB").default(128),
});

export const cluster = z.strictObject({
  /** AZR-009. */
  name: pattern(/^(?=.{1,54}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "1 to 54 of a-z, 0-9 and single hyphens, a letter first"),
  /**
   * Minor version of Kubernetes; AKS itself brings its patches. `az aks get-versions` lists what there is. Of a cluster that stands it says what
   * `az aks upgrade` has made of it, and is changed after that only: docs/azure.md.
   */
  version: pattern(/^1\.\d\d$/, "a minor version, such as 1.36"),
  /** `Standard` has an agreed uptime of its API. */
  tier: z.enum(["Free", "Standard"]).default("Standard"),
  /** Of what AKS itself runs, and of nothing else. */
  systemPool: pool,
  /** Of the services and what they lean on. */
  pools: z.record(pattern(/^[a-z][a-z0-9]{0,7}$/, "1 to 8 of a-z and 0-9, a letter first"), pool),
  /**
   * Networks that reach the API from outside. Decided once: naming the first or taking away the last later makes another cluster in place of the old
   * one. @default none: it has an address of the nodes' subnet only
   */
  apiServerCidrs: z.array(cidr).min(1).max(199).optional(), // Azure takes 200, of which the network's own address is one.
  /** Groups of Entra that are let in; there are no local accounts. */
  access: z.strictObject({
    /** Administer the cluster. */
    administrators: z.array(guid("a group of Entra")).min(1).max(20),
    /** Look at everything but secrets, restart and scale services, open ports to them. */
    operations: groups,
    /** Look at everything but secrets. */
    readOnly: groups,
  }),
  /** Where the services run (K8S-005 … K8S-007). */
  namespace,
});
