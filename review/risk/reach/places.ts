/** Where programs run and what they call, with the subnets and security groups of each. */
import type { Attribute, ResourceType } from "../../provider-names";
import { numberAt, textAt } from "../reading";
import { nameOf, type Node, type World } from "./world";

/** One end of a connection. */
export interface Place {
  readonly key: string;
  readonly name: string;
  readonly subnets: readonly Node[];
  /** Empty where none is known: then no group keeps anything out. */
  readonly groups: readonly Node[];
}

/** What is called, and by which port. */
export interface Target extends Place {
  readonly port: number;
}

interface Kind {
  readonly subnets: readonly Attribute[];
  readonly groups: Attribute;
  /** The resource that lists the subnets, where it is one of its own. */
  readonly through?: { readonly type: ResourceType; readonly subnets: Attribute };
}

const CALLERS: readonly Kind[] = [
  { subnets: ["aws_instance.subnet_id"], groups: "aws_instance.vpc_security_group_ids" },
  { subnets: ["aws_sagemaker_notebook_instance.subnet_id"], groups: "aws_sagemaker_notebook_instance.security_groups" },
  { subnets: ["aws_lambda_function.vpc_config.subnet_ids"], groups: "aws_lambda_function.vpc_config.security_group_ids" },
  { subnets: ["aws_ecs_service.network_configuration.subnets"], groups: "aws_ecs_service.network_configuration.security_groups" },
  { subnets: ["aws_eks_node_group.subnet_ids"], groups: "aws_launch_template.vpc_security_group_ids" },
];

const DATABASE = { type: "aws_db_subnet_group", subnets: "aws_db_subnet_group.subnet_ids" } as const;
const CACHE = { type: "aws_elasticache_subnet_group", subnets: "aws_elasticache_subnet_group.subnet_ids" } as const;
const CALLED: readonly (Kind & { readonly port: Attribute; readonly usual: number })[] = [
  {
    subnets: ["aws_db_instance.db_subnet_group_name"],
    through: DATABASE,
    groups: "aws_db_instance.vpc_security_group_ids",
    port: "aws_db_instance.port",
    usual: 5432,
  },
  {
    subnets: ["aws_rds_cluster.db_subnet_group_name"],
    through: DATABASE,
    groups: "aws_rds_cluster.vpc_security_group_ids",
    port: "aws_rds_cluster.port",
    usual: 5432,
  },
  {
    subnets: ["aws_elasticache_cluster.subnet_group_name"],
    through: CACHE,
    groups: "aws_elasticache_cluster.security_group_ids",
    port: "aws_elasticache_cluster.port",
    usual: 6379,
  },
  {
    subnets: ["aws_elasticache_replication_group.subnet_group_name"],
    through: CACHE,
    groups: "aws_elasticache_replication_group.security_group_ids",
    port: "aws_elasticache_replication_group.port",
    usual: 6379,
  },
];

const typeOfKind = ({ subnets: [first] }: Kind) => first!.slice(0, first!.indexOf(".")) as ResourceType;

function placeOf(world: World, node: Node, { subnets, groups, through }: Kind): Place {
  const lists = through ? subnets.flatMap((attribute) => world.named(node, attribute, through.type)) : [];
  const holders = groups.startsWith("aws_launch_template.")
    ? world.named(node, "aws_eks_node_group.launch_template.id", "aws_launch_template")
    : [node];
  return {
    key: node.key,
    name: nameOf(node),
    subnets: through
      ? lists.flatMap((list) => world.named(list, through.subnets, "aws_subnet"))
      : subnets.flatMap((attribute) => world.named(node, attribute, "aws_subnet")),
    groups: holders.flatMap((holder) => world.named(holder, groups, "aws_security_group")),
  };
}

export const callersIn = (world: World): Place[] =>
  CALLERS.flatMap((kind) => world.ofType(typeOfKind(kind)).map((node) => placeOf(world, node, kind)));

/** Databases, caches, and the addresses that AWS's services have inside the network. */
export function targetsIn(world: World): Target[] {
  const stores = CALLED.flatMap((kind) =>
    world.ofType(typeOfKind(kind)).map((node) => ({ ...placeOf(world, node, kind), port: numberAt(node.said, kind.port) ?? kind.usual })),
  );
  const endpoints = world
    .ofType("aws_vpc_endpoint")
    .filter(({ said }) => textAt(said, "aws_vpc_endpoint.vpc_endpoint_type") === "Interface")
    .map((node): Target => ({
      key: node.key,
      name: textAt(node.said, "aws_vpc_endpoint.service_name") ?? nameOf(node),
      subnets: world.named(node, "aws_vpc_endpoint.subnet_ids", "aws_subnet"),
      groups: world.named(node, "aws_vpc_endpoint.security_group_ids", "aws_security_group"),
      port: 443,
    }));
  return [...stores, ...endpoints];
}
