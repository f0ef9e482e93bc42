/** What tests of containers share: a cluster, a load balancer and a service around which one thing at a time changes. */
import type { TerraformStack } from "cdktf";
import { EcsCluster, type EcsClusterProps } from "../../constructs/containers/ecs-cluster";
import { FargateService, type FargateServiceProps } from "../../constructs/containers/fargate-service";
import { ServiceIdentity } from "../../constructs/containers/service-identity";
import { EncryptionKey } from "../../constructs/identity/encryption-key";
import { LoadBalancer } from "../../constructs/load-balancing/load-balancer";
import { WebAcl } from "../../constructs/load-balancing/web-acl";
import { LogGroup } from "../../constructs/logs/log-group";
import type { Network } from "../../constructs/network/network";
import { AccessLogBucket } from "../../constructs/storage/access-log-bucket";
import { TestNetwork } from "./network";
import { onlyResource, policyOf, synthConstructs, type Block, type StackJson } from "./synth";

export const account = "111122223333";
export const region = "ap-northeast-1";
export const alerts = { arn: `arn:aws:sns:${region}:${account}:alerts` };
/** Of a pushed image. */
export const pushed = { uri: "registry/ml:1.0.0" };

/** References without type and hash: `${aws_ecs_cluster.cluster_1234ABCD.arn}` → `cluster.arn`. */
export const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value)
      .replace(/\$\{(?:data\.)?aws_\w+?\.([\w-]+)_[0-9A-F]{8}\.([\w.[\]]+)\}/g, "$1.$2")
      .replace(/(?:data\.)?aws_\w+?\.([\w-]+)_[0-9A-F]{8}/g, "$1"),
  );

/** A block with plain references and without metadata. */
export const bare = (block: Block): Block => Object.fromEntries(Object.entries(plain(block) as Block).filter(([key]) => key !== "//"));

/** What a role may do: its statements with plain references. */
export const rightsOf = (block: Block | undefined): Block[] => (block ? (plain(policyOf(block, "policy").Statement) as Block[]) : []);

/** The one container of the only task definition. */
export const containerOf = (json: StackJson): Block =>
  (JSON.parse(bare(onlyResource(json, "aws_ecs_task_definition")).container_definitions as string) as Block[])[0]!;

export const newKey = (stack: TerraformStack) => new EncryptionKey(stack, "key", { account, alias: "services", description: "services" });

export const newCluster = (stack: TerraformStack, props: Partial<EcsClusterProps> = {}) =>
  new EcsCluster(stack, "cluster", { name: "trading", account, region, containerInsights: "enhanced", logRetentionDays: 30, ...props });

export const newLoadBalancer = (stack: TerraformStack, network: Network) =>
  new LoadBalancer(stack, "load-balancer", {
    name: "services",
    network,
    entrance: {
      kind: "internet",
      certificateArn: `arn:aws:acm:${region}:${account}:certificate/1`,
      clientCidrs: ["203.0.113.0/24"],
    },
    securityGroup: { name: "alb", documentedName: "sg-alb" },
    accessLogs: new AccessLogBucket(stack, "access-logs", { name: "access-logs", account, expirationDays: 30 }),
    webAcl: new WebAcl(stack, "web-acl", {
      name: "services",
      description: "services",
      requestsPerFiveMinutes: 2000,
      log: { retentionDays: 30 },
    }),
  });

export interface ServiceParts {
  readonly stack: TerraformStack;
  readonly network: Network;
  readonly cluster: EcsCluster;
  readonly identity: ServiceIdentity;
}

/** One service, `ml`, of 512 and 1024 in the cluster `trading`. */
export function synthService(
  props: Partial<FargateServiceProps> | ((parts: ServiceParts) => Partial<FargateServiceProps>) = {},
  {
    cluster: clusterProps = {},
    use,
  }: { readonly cluster?: Partial<EcsClusterProps>; readonly use?: (service: FargateService) => void } = {},
): StackJson {
  return synthConstructs((stack) => {
    const network = new TestNetwork(stack, "network");
    const cluster = newCluster(stack, clusterProps);
    const identity = new ServiceIdentity(stack, "identity", { name: "ml", nameSuffix: "-dev", account, region, network });
    const logGroup = new LogGroup(stack, "log", { name: "/aws/ecs/trading/services/ml", retentionDays: 30 });
    const service = new FargateService(stack, "ml", {
      name: "ml",
      region,
      cluster,
      identity,
      network,
      logGroup,
      image: { ...pushed, pushed: logGroup.resource },
      architecture: "x86_64",
      cpu: 512,
      memory: 1024,
      port: 8000,
      ports: {},
      healthPath: "/health",
      startSeconds: 60,
      stopSeconds: 30,
      strategy: "rolling",
      environment: {},
      secrets: {},
      ...(typeof props === "function" ? props({ stack, network, cluster, identity }) : props),
    });
    use?.(service);
  });
}
