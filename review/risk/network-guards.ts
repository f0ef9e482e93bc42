/** What keeps the Internet out, and connections encrypted. */
import { off, on, oneOf, type Guard, type ListGuard, type Watch } from "./guard";

const block = (path: string): Guard => ({ rule: "network/made-public", types: ["aws_s3_bucket_public_access_block", "aws_s3_account_public_access_block"], path, safe: on, message: "The bucket may be opened to everybody" });
const publicAddress = (types: readonly string[], path: string): Guard => ({ rule: "network/made-public", types, path, safe: off, onCreate: false, message: "It gets a public address" });

export const NETWORK_GUARDS: readonly Guard[] = [
  block("block_public_acls"), block("block_public_policy"), block("ignore_public_acls"), block("restrict_public_buckets"),
  { rule: "network/made-public", types: ["aws_db_instance", "aws_rds_cluster_instance", "aws_redshift_cluster", "aws_dms_replication_instance"], path: "publicly_accessible", safe: off, message: "The database gets a public address" },
  { rule: "network/made-public", types: ["aws_lb", "aws_alb", "aws_elb"], path: "internal", safe: on, onCreate: false, message: "The load balancer stands on the Internet" },
  { rule: "network/made-public", types: ["aws_eks_cluster"], path: "vpc_config.endpoint_public_access", safe: (value) => value === false || value === "false", onCreate: false, message: "The cluster's API stands on the Internet" },
  { rule: "network/made-public", types: ["aws_s3_bucket_acl"], path: "acl", safe: (value) => value === undefined || ["private", "log-delivery-write", "bucket-owner-full-control"].includes(String(value)), message: "The bucket's access list lets others in" },
  { rule: "network/made-public", types: ["aws_lambda_function_url"], path: "authorization_type", safe: oneOf("AWS_IAM"), message: "Anyone may call the function" },
  { rule: "network/made-public", types: ["azurerm_storage_account", "azurerm_storage_container"], path: "allow_nested_items_to_be_public", safe: off, onCreate: false, message: "Its blobs may be opened to everybody" },
  publicAddress(["aws_subnet"], "map_public_ip_on_launch"),
  publicAddress(["aws_instance"], "associate_public_ip_address"),
  publicAddress(["aws_launch_template"], "network_interfaces.associate_public_ip_address"),
  publicAddress(["aws_ecs_service"], "network_configuration.assign_public_ip"),
  { rule: "network/placement-changed", types: ["aws_eks_cluster"], path: "vpc_config.endpoint_private_access", safe: on, onCreate: false, message: "The network no longer reaches the cluster's API by itself" },
  { rule: "network/tls-weakened", types: ["aws_elasticache_replication_group", "aws_elasticache_cluster"], path: "transit_encryption_enabled", safe: on, onCreate: false, message: "Clients talk to the cache in clear" },
  { rule: "network/tls-weakened", types: ["aws_elasticache_replication_group"], path: "transit_encryption_mode", safe: (value) => value === undefined || value === "required", message: "Clients may talk to the cache in clear" },
  { rule: "network/tls-weakened", types: ["aws_cloudfront_distribution"], path: "default_cache_behavior.viewer_protocol_policy", safe: oneOf("https-only", "redirect-to-https"), message: "Viewers may connect in clear" },
  { rule: "network/tls-weakened", types: ["azurerm_storage_account"], path: "https_traffic_only_enabled", safe: (value) => value === undefined || on(value), message: "Clients may connect in clear" },
  { rule: "network/firewall-weakened", types: ["aws_lb"], path: "drop_invalid_header_fields", safe: on, onCreate: false, message: "Broken headers are passed on to the program" },
  { rule: "network/firewall-weakened", types: ["aws_lb"], path: "desync_mitigation_mode", safe: (value) => value !== "monitor", message: "Requests that are smuggled past each other are passed on" },
  { rule: "compute/termination-protection-off", types: ["aws_lb"], path: "enable_deletion_protection", safe: on, onCreate: false, message: "Anyone may delete the load balancer, with its address" },
];

export const NETWORK_LISTS: readonly ListGuard[] = [
  { rule: "network/placement-changed", types: ["aws_ecs_service"], path: "network_configuration.security_groups", bad: "grows", message: "The service gets another security group" },
];

/** Where something stands, and the groups that decide who reaches it. */
export const NETWORK_WATCHES: readonly Watch[] = [
  { rule: "network/placement-changed", types: ["aws_instance"], path: "subnet_id", message: "The host moves to another subnet" },
  { rule: "network/placement-changed", types: ["aws_instance", "aws_db_instance", "aws_rds_cluster"], path: "vpc_security_group_ids", message: "It gets other security groups" },
  { rule: "network/placement-changed", types: ["aws_elasticache_cluster", "aws_elasticache_replication_group"], path: "security_group_ids", message: "It gets other security groups" },
  { rule: "network/placement-changed", types: ["aws_lb"], path: "security_groups", message: "It gets other security groups" },
  { rule: "network/placement-changed", types: ["aws_lb"], path: "subnets", message: "It moves to other subnets" },
  { rule: "network/placement-changed", types: ["aws_db_subnet_group", "aws_elasticache_subnet_group", "aws_eks_node_group", "aws_network_acl"], path: "subnet_ids", message: "It moves to other subnets" },
  { rule: "network/placement-changed", types: ["aws_ecs_service"], path: "network_configuration.subnets", message: "Tasks move to other subnets" },
  { rule: "network/placement-changed", types: ["aws_eks_cluster"], path: "vpc_config.subnet_ids", message: "The cluster moves to other subnets" },
  { rule: "network/placement-changed", types: ["aws_subnet", "aws_vpc"], path: "cidr_block", message: "The network is made anew with other addresses, and all that stands in it" },
  { rule: "network/placement-changed", types: ["aws_subnet"], path: "availability_zone", message: "The network is made anew in another zone, and all that stands in it" },
  { rule: "network/placement-changed", types: ["aws_security_group"], path: "name", message: "The group is made anew, and all that belongs to it moves over" },
  { rule: "network/placement-changed", types: ["aws_route"], path: "gateway_id", message: "A route leads elsewhere" },
  { rule: "network/placement-changed", types: ["aws_route"], path: "nat_gateway_id", message: "A route leads elsewhere" },
  { rule: "network/placement-changed", types: ["aws_route"], path: "network_interface_id", message: "A route leads elsewhere" },
  { rule: "network/placement-changed", types: ["aws_route_table_association"], path: "route_table_id", message: "A subnet gets other routes" },
];
