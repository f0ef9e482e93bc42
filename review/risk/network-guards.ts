/** What keeps the Internet out, and connections encrypted. */
import type { Attribute } from "../provider-names";
import { isSet, off, on, oneOf, type Guard, type ListGuard, type Watch } from "./guard";

const block = (...attributes: readonly Attribute[]): Guard => ({
  rule: "network/made-public",
  attributes,
  safe: on,
  message: "The bucket may be opened to everybody",
});
const publicAddress = (...attributes: readonly Attribute[]): Guard => ({
  rule: "network/made-public",
  attributes,
  safe: off,
  onCreate: false,
  message: "It gets a public address",
});

export const NETWORK_GUARDS: readonly Guard[] = [
  block("aws_s3_bucket_public_access_block.block_public_acls", "aws_s3_account_public_access_block.block_public_acls"),
  block("aws_s3_bucket_public_access_block.block_public_policy", "aws_s3_account_public_access_block.block_public_policy"),
  block("aws_s3_bucket_public_access_block.ignore_public_acls", "aws_s3_account_public_access_block.ignore_public_acls"),
  block("aws_s3_bucket_public_access_block.restrict_public_buckets", "aws_s3_account_public_access_block.restrict_public_buckets"),
  {
    rule: "network/made-public",
    attributes: [
      "aws_db_instance.publicly_accessible",
      "aws_rds_cluster_instance.publicly_accessible",
      "aws_redshift_cluster.publicly_accessible",
      "aws_dms_replication_instance.publicly_accessible",
    ],
    safe: off,
    message: "The database gets a public address",
  },
  {
    rule: "network/made-public",
    attributes: ["aws_lb.internal", "aws_alb.internal", "aws_elb.internal"],
    safe: on,
    onCreate: false,
    message: "The load balancer stands on the Internet",
  },
  {
    rule: "network/made-public",
    attributes: ["aws_eks_cluster.vpc_config.endpoint_public_access"],
    safe: (value) => value === false || value === "false",
    onCreate: false,
    message: "The cluster's API stands on the Internet",
  },
  {
    rule: "network/made-public",
    attributes: ["aws_s3_bucket_acl.acl"],
    safe: (value) => value === undefined || ["private", "log-delivery-write", "bucket-owner-full-control"].includes(String(value)),
    message: "The bucket's access list lets others in",
  },
  {
    rule: "network/made-public",
    attributes: ["aws_lambda_function_url.authorization_type"],
    safe: oneOf("AWS_IAM"),
    message: "Anyone may call the function",
  },
  {
    rule: "network/made-public",
    attributes: ["aws_sagemaker_notebook_instance.direct_internet_access"],
    safe: oneOf("Disabled"),
    message: "The notebook reaches the Internet past the network",
  },
  publicAddress("aws_subnet.map_public_ip_on_launch"),
  publicAddress("aws_instance.associate_public_ip_address"),
  publicAddress("aws_launch_template.network_interfaces.associate_public_ip_address"),
  publicAddress("aws_ecs_service.network_configuration.assign_public_ip"),
  {
    rule: "network/reach-cut",
    attributes: ["aws_vpc.enable_dns_support"],
    safe: (value) => value === undefined || value === null || on(value),
    message: "Nothing in the network finds anything by its name any more",
  },
  {
    rule: "network/reach-cut",
    attributes: ["aws_vpc.enable_dns_hostnames"],
    safe: on,
    onCreate: false,
    message: "The names of AWS's services no longer lead to their addresses in the network",
  },
  {
    rule: "network/placement-changed",
    attributes: ["aws_vpc_endpoint.private_dns_enabled"],
    safe: on,
    onCreate: false,
    message: "Calls of the service go out over the Internet, where there is a route, and else nowhere",
  },
  {
    rule: "network/placement-changed",
    attributes: ["aws_eks_cluster.vpc_config.endpoint_private_access"],
    safe: on,
    onCreate: false,
    message: "The network no longer reaches the cluster's API by itself",
  },
  {
    rule: "network/tls-weakened",
    attributes: ["aws_elasticache_replication_group.transit_encryption_enabled", "aws_elasticache_cluster.transit_encryption_enabled"],
    safe: on,
    onCreate: false,
    message: "Clients talk to the cache in clear",
  },
  {
    rule: "network/tls-weakened",
    attributes: ["aws_elasticache_replication_group.transit_encryption_mode"],
    safe: (value) => value === undefined || value === "required",
    message: "Clients may talk to the cache in clear",
  },
  {
    rule: "network/tls-weakened",
    attributes: [
      "aws_cloudfront_distribution.default_cache_behavior.viewer_protocol_policy",
      "aws_cloudfront_distribution.ordered_cache_behavior.viewer_protocol_policy",
    ],
    safe: (value) => value === undefined || oneOf("https-only", "redirect-to-https")(value),
    message: "Viewers may connect in clear",
  },
  {
    rule: "network/tls-weakened",
    attributes: ["aws_cloudfront_distribution.origin.custom_origin_config.origin_protocol_policy"],
    safe: (value) => value === undefined || value === "https-only",
    message: "What viewers send by TLS goes on to the origin in clear",
  },
  {
    // CloudFront's own certificate knows no other than TLSv1, and says so.
    rule: "network/tls-weakened",
    attributes: ["aws_cloudfront_distribution.viewer_certificate.minimum_protocol_version"],
    or: ["aws_cloudfront_distribution.viewer_certificate.cloudfront_default_certificate"],
    safe: oneOf("TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"),
    message: "Viewers may connect by a TLS that is broken",
  },
  {
    rule: "network/firewall-weakened",
    attributes: ["aws_cloudfront_distribution.web_acl_id"],
    safe: isSet,
    onCreate: false,
    message: "No web ACL stands in front of it",
  },
  {
    rule: "network/firewall-weakened",
    attributes: [
      "aws_cloudfront_distribution.default_cache_behavior.response_headers_policy_id",
      "aws_cloudfront_response_headers_policy.security_headers_config.content_security_policy.content_security_policy",
      "aws_cloudfront_response_headers_policy.security_headers_config.strict_transport_security.access_control_max_age_sec",
    ],
    safe: isSet,
    onCreate: false,
    message: "Browsers are no longer told to come by TLS and to run nothing foreign",
  },
  {
    rule: "network/policy-public",
    attributes: ["aws_cloudfront_origin_access_control.signing_behavior"],
    safe: oneOf("always"),
    message: "What CloudFront asks the bucket for is not signed: it gets what everybody may read",
  },
  {
    rule: "network/firewall-weakened",
    attributes: ["aws_lb.drop_invalid_header_fields"],
    safe: on,
    onCreate: false,
    message: "Broken headers are passed on to the program",
  },
  {
    rule: "network/firewall-weakened",
    attributes: ["aws_lb.desync_mitigation_mode"],
    safe: (value) => value !== "monitor",
    message: "Requests that are smuggled past each other are passed on",
  },
];

export const NETWORK_LISTS: readonly ListGuard[] = [
  {
    rule: "network/placement-changed",
    attributes: ["aws_ecs_service.network_configuration.security_groups"],
    bad: "grows",
    message: "The service gets another security group",
  },
];

/** Where something stands, and the groups that decide who reaches it. */
export const NETWORK_WATCHES: readonly Watch[] = [
  { rule: "network/placement-changed", attributes: ["aws_instance.subnet_id"], message: "The host moves to another subnet" },
  {
    rule: "network/placement-changed",
    attributes: ["aws_instance.vpc_security_group_ids", "aws_db_instance.vpc_security_group_ids", "aws_rds_cluster.vpc_security_group_ids"],
    message: "It gets other security groups",
  },
  {
    rule: "network/placement-changed",
    attributes: ["aws_elasticache_cluster.security_group_ids", "aws_elasticache_replication_group.security_group_ids"],
    message: "It gets other security groups",
  },
  { rule: "network/placement-changed", attributes: ["aws_lb.security_groups"], message: "It gets other security groups" },
  { rule: "network/placement-changed", attributes: ["aws_lb.subnets"], message: "It moves to other subnets" },
  {
    rule: "network/placement-changed",
    attributes: [
      "aws_db_subnet_group.subnet_ids",
      "aws_elasticache_subnet_group.subnet_ids",
      "aws_eks_node_group.subnet_ids",
      "aws_network_acl.subnet_ids",
    ],
    message: "It moves to other subnets",
  },
  {
    rule: "network/placement-changed",
    attributes: ["aws_ecs_service.network_configuration.subnets"],
    message: "Tasks move to other subnets",
  },
  {
    rule: "network/placement-changed",
    attributes: ["aws_eks_cluster.vpc_config.subnet_ids"],
    message: "The cluster moves to other subnets",
  },
  {
    rule: "network/placement-changed",
    attributes: ["aws_subnet.cidr_block", "aws_vpc.cidr_block"],
    message: "The network is made anew with other addresses, and all that stands in it",
  },
  {
    rule: "network/placement-changed",
    attributes: ["aws_subnet.availability_zone"],
    message: "The network is made anew in another zone, and all that stands in it",
  },
  {
    rule: "network/placement-changed",
    attributes: ["aws_security_group.name"],
    message: "The group is made anew, and all that belongs to it moves over",
  },
  { rule: "network/placement-changed", attributes: ["aws_route.gateway_id"], message: "A route leads elsewhere" },
  { rule: "network/placement-changed", attributes: ["aws_route.nat_gateway_id"], message: "A route leads elsewhere" },
  { rule: "network/placement-changed", attributes: ["aws_route.network_interface_id"], message: "A route leads elsewhere" },
  { rule: "network/placement-changed", attributes: ["aws_route_table_association.route_table_id"], message: "A subnet gets other routes" },
];
