/** What a literal says of Kubernetes: of the EKS cluster itself, and of what is installed in a cluster, whoever runs it. Part of services.ts. */
import { z } from "zod";
import { EKS_VERSIONS, type EksVersion } from "../facts/eks-versions";
import { chartRepository, cidr, iamRole, instanceType, integer, namespace, nodeGroupName, postgresName } from "./fields";

/** The releases of Helm beside our own chart, in the order in which they are installed (`wanted()` of stacks/workloads.ts). */
export const RELEASES = [
  "aws-load-balancer-controller",
  "cluster-autoscaler",
  "metrics-server",
  "external-secrets",
  "kube-prometheus-stack",
  "fluent-bit",
  "keda",
  "cloudnative-pg",
  "postgresql",
  "valkey",
] as const;
export type ReleaseName = (typeof RELEASES)[number];

const nodeGroup = z.strictObject({
  /** EKS takes whichever is to be had, the first one first; all of one architecture. */
  instanceTypes: z.array(instanceType).min(1).max(20),
  min: integer(1, 450, "nodes"),
  max: integer(1, 450, "nodes"),
  /** Pods of a node, which bound the addresses that it takes (eks-addresses.ts). @default as many as its network interfaces have addresses for, at most 110 */
  maxPods: integer(4, 250, "pods").optional(),
  /** Of a node's encrypted root volume: images and the scratch of pods. */
  diskGigabytes: integer(20, 16_384, "GB").default(80),
});

const roles = z.array(iamRole).max(20).default([]);

/** Of `platform: "eks"`. */
export const eks = z.strictObject({
  /** Minor version of Kubernetes, with its add-ons (eks-versions.ts). One that is raised cannot be lowered again. */
  version: z.enum(Object.keys(EKS_VERSIONS) as [EksVersion, ...EksVersion[]]),
  /** IPv4 networks that reach the API from outside. @default none: the endpoint is private */
  publicEndpointCidrs: z.array(cidr).max(40).default([]),
  /** IAM roles of this account that are let in, each as its ARN ends; whoever made the cluster is no exception. */
  access: z.strictObject({
    /** Administer the cluster: what deploys the `workloads` stack. */
    deploy: z.array(iamRole).min(1).max(20),
    /** Look at everything but secrets, restart and scale services, open ports to them. */
    operations: roles,
    /** Look at everything but secrets. */
    readOnly: roles,
  }),
  nodeGroups: z.record(nodeGroupName, nodeGroup).refine((groups) => Object.keys(groups).length > 0, { error: "one node group or more" }),
  /** Lets the number of nodes follow what pods ask for, within each group's limits. */
  clusterAutoscaler: z.boolean().default(true),
  /** What pods print and CloudWatch keeps, for `cluster.logRetentionDays`: of the services, as on ECS, of all pods, or nothing. */
  podLogs: z.enum(["none", "services", "all"]).default("services"),
  /** Lets AWS move traffic away from a zone that fails. */
  zonalShift: z.boolean().default(true),
  /** Of the cluster's Services; must overlap neither the VPC nor what is connected to it. */
  serviceCidr: cidr.default("172.20.0.0/16"),
});

/** Of `platform: "eks"` and of any other cluster. */
export const kubernetes = z.strictObject({
  /** Where the services run (K8S-005 … K8S-007, C-55). */
  namespace,
  /** Prometheus and Grafana (K8S-016). @default neither */
  monitoring: z
    .strictObject({
      retentionDays: integer(1, 365, "days").default(15),
      storageGigabytes: integer(1, 16_384, "GB").default(50),
    })
    .optional(),
  /** KEDA, for services that scale by a queue or by the clock. */
  keda: z.boolean().default(false),
  /** PostgreSQL of `database: "in-cluster"`, by CloudNativePG (design 14). */
  database: z
    .strictObject({
      /** One is written to, the others follow it. */
      instances: integer(1, 9, "instances").default(3),
      /** K8S-014. */
      storageGigabytes: integer(1, 16_384, "GB").default(200),
      databaseName: postgresName.default("trading"),
    })
    .prefault({}),
  /** Valkey of `servicesCache: "in-cluster"` (design 14). */
  cache: z
    .strictObject({
      /** K8S-015. */
      storageGigabytes: integer(1, 16_384, "GB").default(20),
    })
    .prefault({}),
  /** Releases that the cluster has from somebody else, so that they are left alone. */
  existing: z.array(z.enum(RELEASES)).default([]),
  /** A mirror that holds every chart by its name. @default each chart's own public repository */
  chartRepository: chartRepository.optional(),
});

export type Eks = z.output<typeof eks>;
export type NodeGroup = z.output<typeof nodeGroup>;
export type Kubernetes = z.output<typeof kubernetes>;
