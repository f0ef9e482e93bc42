/** Services on Fargate, clusters, images, and what charts make behind Terraform's back. */
import { servicesRest } from "../../../environments/schema/schedule";
import { imageParts } from "../../../environments/schema/services";
import type { Values } from "../../model";
import { charge, noPrice, sibling, use, type Part, type Pricer, type Pricers } from "../charges";
import { blocksOf, flagOf, NotKnown, numberOf, textOf, textOr } from "../known-values";
import { HOURS, monthlyHours } from "../../../environments/facts/hours";
import { gp3, volumeParts } from "./machines";
import { balancerParts } from "./network";

/** The tasks that it begins with; what scaling adds is not counted, and Spot is counted as if it were not. */
const service: Pricer = (resource, context) => {
  const { values } = resource;
  // Tasks on machines of a cluster cost what the machines do.
  const launch = textOr(values, "aws_ecs_service.launch_type", "");
  if (launch === "EC2" || launch === "EXTERNAL") return [{ item: "ecs", dollars: 0, formula: "runs on machines" }];
  const task = (): Values => sibling(resource, "aws_ecs_task_definition", context).values;
  const tasks = () => [numberOf(values, "aws_ecs_service.desired_count"), "tasks"] as const;
  const hours = [monthlyHours(servicesRest(context.environment?.schedule)), "h"] as const;
  let architecture = "x86_64";
  try {
    architecture = textOf(task(), "aws_ecs_task_definition.runtime_platform.cpu_architecture", "X86_64") === "ARM64" ? "arm64" : "x86_64";
  } catch (error) {
    if (!(error instanceof NotKnown)) throw error;
    return [noPrice("fargate", `not known: ${error.message}`)];
  }
  return [
    charge(context, `fargate.${architecture}.cpu`, "Fargate", () => [
      tasks(),
      hours,
      [numberOf(task(), "aws_ecs_task_definition.cpu") / 1024, "vCPU"],
    ]),
    charge(context, `fargate.${architecture}.memory`, "Fargate", () => [
      tasks(),
      hours,
      [numberOf(task(), "aws_ecs_task_definition.memory") / 1024, "GB"],
    ]),
    charge(context, "ipv4", "public addresses", () => [
      [
        flagOf(values, "aws_ecs_service.network_configuration.assign_public_ip") ? numberOf(values, "aws_ecs_service.desired_count") : 0,
        "tasks",
      ],
      hours,
    ]),
  ].filter(({ dollars }) => dollars !== 0);
};

const ecsCluster: Pricer = ({ values }, context) => {
  const isWatched = (): boolean =>
    blocksOf(values, "aws_ecs_cluster.setting").some(
      (setting) =>
        textOf(setting, "aws_ecs_cluster.setting.name", "") === "containerInsights" &&
        textOf(setting, "aws_ecs_cluster.setting.value", "") !== "disabled",
    );
  return [charge(context, "metric", "Container Insights", () => [[isWatched() ? use(context, "insightsMetrics") : 0, "metrics"]])];
};

/** Alertmanager's own, as constructs/kubernetes asks for it. */
const ALERTMANAGER_GIGABYTES = 2;

/**
 * A release's load balancer and volumes are made by controllers in the cluster, so no plan shows them: they come from the literal.
 */
const release: Pricer = ({ values, construct }, context) => {
  const { environment } = context;
  if (!environment) return [noPrice("helm", "not known: what a chart makes does not stand in a plan")];
  if (environment.platform !== "eks") return [{ item: "helm", dollars: 0, formula: "nothing of AWS" }];
  const {
    cluster: { kubernetes, loadBalancer },
    services,
    network,
  } = environment;
  const volumes = (gigabytes: number, count: number, what: string): Part[] =>
    volumeParts(
      context,
      () => gp3(gigabytes),
      () => count,
      what,
    );
  const parts = ((): Part[] => {
    switch (textOr(values, "helm_release.name", "")) {
      case "kube-prometheus-stack":
        return kubernetes.monitoring
          ? [...volumes(kubernetes.monitoring.storageGigabytes, 1, "Prometheus"), ...volumes(ALERTMANAGER_GIGABYTES, 1, "Alertmanager")]
          : [];
      case "postgresql":
        return volumes(kubernetes.database.storageGigabytes, kubernetes.database.instances, "PostgreSQL");
      case "valkey":
        return volumes(kubernetes.cache.storageGigabytes, 1, "Valkey");
    }
    const isOurs = construct.endsWith("/services/release");
    const isRouted = loadBalancer !== undefined && Object.values(services).some(({ route }) => route !== undefined);
    return isOurs && isRouted
      ? balancerParts(
          context,
          () => network.zones.length,
          () => true,
        )
      : [];
  })();
  return parts.length > 0 ? parts : [{ item: "helm", dollars: 0, formula: "runs on the nodes" }];
};

const repository: Pricer = ({ values }, context) => [
  charge(context, "ecr.gigabyte", `images of ${imageParts(textOr(values, "aws_ecr_repository.name", "a repository")).repository}`, () => [
    [use(context, "imageGigabytes"), "GB"],
  ]),
];

export const CONTAINERS: Pricers = {
  aws_ecs_service: service,
  aws_ecs_cluster: ecsCluster,
  // Of a version in its standard support; one in extended support costs more (https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html).
  aws_eks_cluster: (_, context) => [charge(context, "eks.hour", "cluster", () => [[HOURS, "h"]])],
  aws_ecr_repository: repository,
  helm_release: release,
};
