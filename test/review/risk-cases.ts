/** One row for each thing that a rule sees, with its neighbour that must pass. */
import type { StackPlan } from "../../review/model";
import { UNKNOWN } from "../../review/model";
import { policy, resource, type Given } from "./risk-builders";

export interface Case {
  readonly what: string;
  readonly given: readonly Given[];
  readonly rest?: Partial<StackPlan>;
  readonly protected?: readonly string[];
  /** All that is found. */
  readonly found: readonly string[];
  /** The nearest that must not be found; [] changes nothing of `given`. */
  readonly neighbour: readonly Given[];
  readonly neighbourRest?: Partial<StackPlan>;
  /** @default none */
  readonly neighbourFound?: readonly string[];
}

const bucket = { bucket: "tss-raw" };
const allow = (Action: unknown, Resource: unknown, more: object = {}) => ({ Effect: "Allow", Action, Resource, ...more });
const tlsOnly = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } };
const door = (values: object) => ({ ip_protocol: "tcp", from_port: 443, to_port: 443, security_group_id: "sg-1", ...values });
const rolePolicy = (...statements: readonly object[]) => ({ name: "grants", role: "engine", policy: policy(...statements) });
const frontendPolicy = (distribution?: string) => ({
  bucket: "kabu-trade-frontend",
  policy: policy(
    tlsOnly,
    allow("s3:GetObject", "arn:aws:s3:::kabu-trade-frontend/*", {
      Principal: { Service: "cloudfront.amazonaws.com" },
      ...(distribution && { Condition: { StringEquals: { "aws:SourceArn": `arn:aws:cloudfront::111122223333:${distribution}` } } }),
    }),
  ),
});
const alarm = {
  alarm_name: "CPU",
  metric_name: "CPUUtilization",
  threshold: 80,
  alarm_actions: ["arn:aws:sns:x"],
  dimensions: { InstanceId: "i-1" },
};
const container = {
  name: "ml",
  image: "ml:1",
  user: "10001",
  readonlyRootFilesystem: true,
  linuxParameters: { capabilities: { drop: ["ALL"] } },
  logConfiguration: { logDriver: "awslogs", options: { mode: "non-blocking" } },
  healthCheck: { command: ["true"] },
  secrets: [{ name: "DB_LOGIN", valueFrom: "arn" }],
};
const task = (more: object = {}) => ({ container_definitions: JSON.stringify([{ ...container, ...more }]) });
const index = { name: "GSI1", hash_key: "gs1pk", range_key: "gs1sk", projection_type: "INCLUDE", non_key_attributes: ["a"] };
const table = (...indexes: readonly object[]) => ({ name: "orders", global_secondary_index: indexes });
const lifecycle = (days: number, status = "Enabled") => ({ rule: [{ id: "x", status, expiration: [{ days }] }] });
const acl = (Enabled: object) => ({
  rule: [{ name: "limit", statement: { rate_based_statement: { limit: 2000 } }, ...Enabled }],
  default_action: { allow: {} },
});
const k8sRole = (verbs: readonly string[], resources: readonly string[] = ["pods"]) => ({ rule: [{ api_groups: [""], resources, verbs }] });
const windows = resource("aws_instance", "windows", { id: "i-1" }, "prod-trading/windows/machine/instance");
const cpu = resource("aws_cloudwatch_metric_alarm", "cpu", alarm, "prod-trading/windows/alarms/cpu/alarm");
const memory = resource(
  "aws_cloudwatch_metric_alarm",
  "memory",
  { ...alarm, alarm_name: "Memory", dimensions: { Host: "windows" } },
  "prod-trading/windows/alarms/memory/alarm",
);

export const CASES: readonly Case[] = [
  {
    what: "a bucket that goes",
    given: [{ type: "aws_s3_bucket", before: bucket }],
    found: ["refusal data/destroyed"],
    neighbour: [{ type: "aws_route_table", before: {} }],
    neighbourFound: ["notice network/unjudged"],
  },
  {
    what: "a database of a provider that is not ours, by its name",
    given: [{ type: "google_sql_database_instance", before: {} }],
    found: ["refusal data/destroyed"],
    neighbour: [{ type: "google_compute_instance", before: {} }],
  },
  {
    what: "a bucket made anew",
    given: [
      {
        type: "aws_s3_bucket",
        before: bucket,
        after: { bucket: "other" },
        action: "replace",
        attributes: [{ path: "bucket", before: "tss-raw", after: "other", forcesReplacement: true }],
      },
    ],
    found: ["refusal data/replaced"],
    neighbour: [{ type: "aws_s3_bucket", before: { ...bucket, tags: { a: "1" } }, after: bucket }],
  },
  {
    what: "a name that the provider cannot change",
    given: [{ type: "aws_dynamodb_table", before: { name: "a" }, after: { name: "b" } }],
    found: ["refusal data/replaced"],
    neighbour: [{ type: "aws_dynamodb_table", before: { billing_mode: "PROVISIONED" }, after: { billing_mode: "PAY_PER_REQUEST" } }],
    neighbourFound: ["notice data/unjudged"],
  },
  {
    what: "a table forgotten",
    given: [{ type: "aws_dynamodb_table", before: { name: "a" }, action: "forget" }],
    found: ["refusal data/forgotten"],
    neighbour: [{ type: "aws_iam_role", before: { name: "a" }, action: "forget" }],
  },
  {
    what: "a deposed database",
    given: [{ type: "aws_db_instance", before: {}, deposed: "ab12", action: "destroy" }],
    found: ["refusal data/deposed"],
    neighbour: [{ type: "aws_iam_role", before: {}, deposed: "ab12", action: "destroy" }],
  },
  {
    what: "a protected key",
    given: [{ type: "aws_kms_key", before: {} }],
    protected: ["aws_kms_key.thing"],
    found: ["refusal data/destroyed", "refusal data/protected"],
    neighbour: [{ type: "aws_kms_key", before: { description: "a" }, after: { description: "b" } }],
  },
  {
    what: "an index that goes",
    given: [{ type: "aws_dynamodb_table", before: table(index), after: table() }],
    found: ["refusal data/index-changed"],
    neighbour: [{ type: "aws_dynamodb_table", before: table(index), after: table({ ...index, name: "GSI2" }, index) }],
  },
  {
    what: "an index with another key",
    given: [{ type: "aws_dynamodb_table", before: table(index), after: table({ ...index, range_key: "other" }) }],
    found: ["refusal data/index-changed"],
    neighbour: [
      {
        type: "aws_dynamodb_table",
        before: table({ ...index, non_key_attributes: ["a", "b"] }),
        after: table({ ...index, non_key_attributes: ["b", "a"] }),
      },
    ],
  },
  {
    what: "objects that go sooner",
    given: [{ type: "aws_s3_bucket_lifecycle_configuration", before: lifecycle(365), after: lifecycle(364) }],
    found: ["refusal data/expires-sooner"],
    neighbour: [{ type: "aws_s3_bucket_lifecycle_configuration", before: lifecycle(365), after: lifecycle(366) }],
  },
  {
    what: "objects that go at all",
    given: [{ type: "aws_s3_bucket_lifecycle_configuration", before: lifecycle(30, "Disabled"), after: lifecycle(30) }],
    found: ["refusal data/expires-sooner"],
    neighbour: [{ type: "aws_s3_bucket_lifecycle_configuration", before: lifecycle(30), after: lifecycle(30, "Disabled") }],
  },
  {
    what: "fewer images",
    given: [
      {
        type: "aws_ecr_lifecycle_policy",
        before: { policy: '{"rules":[{"selection":{"countNumber":30}}]}' },
        after: { policy: '{"rules":[{"selection":{"countNumber":29}}]}' },
      },
    ],
    found: ["notice data/retention-changed"],
    neighbour: [
      {
        type: "aws_ecr_lifecycle_policy",
        before: { policy: '{"rules":[{"selection":{"countNumber":30}}]}' },
        after: { policy: '{"rules":[{"selection":{"countNumber":31}}]}' },
      },
    ],
  },
  {
    what: "a queue that gives up sooner",
    given: [
      { type: "aws_sqs_queue", before: { redrive_policy: '{"maxReceiveCount":3}' }, after: { redrive_policy: '{"maxReceiveCount":1}' } },
    ],
    found: ["notice data/dead-letter-removed"],
    neighbour: [
      { type: "aws_sqs_queue", before: { redrive_policy: '{"maxReceiveCount":3}' }, after: { redrive_policy: '{"maxReceiveCount":4}' } },
    ],
  },
  {
    what: "a database in clear",
    given: [
      {
        type: "aws_db_parameter_group",
        before: { parameter: [{ name: "rds.force_ssl", value: "1" }] },
        after: { parameter: [{ name: "rds.force_ssl", value: "0" }] },
      },
    ],
    found: ["notice compute/host-restarted", "refusal network/tls-weakened"],
    neighbour: [
      {
        type: "aws_db_parameter_group",
        before: {
          parameter: [
            { name: "rds.force_ssl", value: "1" },
            { name: "x", value: "1" },
          ],
        },
        after: {
          parameter: [
            { name: "rds.force_ssl", value: "1" },
            { name: "x", value: "2" },
          ],
        },
      },
    ],
    neighbourFound: ["notice compute/host-restarted"],
  },
  {
    what: "a bucket without its versioning",
    given: [{ type: "aws_s3_bucket_versioning", before: { bucket: "tss-raw" } }],
    found: ["refusal data/backups-off"],
    neighbour: [
      { type: "aws_s3_bucket_versioning", name: "versioning", before: { bucket: "tss-raw" } },
      { type: "aws_s3_bucket", name: "bucket", before: { id: "tss-raw" } },
    ],
    neighbourFound: ["refusal data/destroyed"],
  },
  {
    what: "a frontend's bucket opened to every distribution",
    given: [{ type: "aws_s3_bucket_policy", before: frontendPolicy("distribution/E1"), after: frontendPolicy() }],
    found: ["refusal network/policy-public"],
    neighbour: [{ type: "aws_s3_bucket_policy", before: frontendPolicy("distribution/E1"), after: frontendPolicy("distribution/E2") }],
    neighbourFound: ["refusal identity/policy-widened"],
  },
  {
    what: "a firewall taken away",
    given: [{ type: "aws_wafv2_web_acl_association", before: { resource_arn: "arn:lb" } }],
    found: ["refusal network/firewall-weakened"],
    neighbour: [{ type: "aws_wafv2_web_acl_association", after: { resource_arn: "arn:lb" } }],
  },

  {
    what: "an action more",
    given: [
      {
        type: "aws_iam_role_policy",
        before: rolePolicy(allow("s3:GetObject", "a")),
        after: rolePolicy(allow(["s3:GetObject", "s3:DeleteObject"], "a")),
      },
    ],
    found: ["refusal identity/policy-widened"],
    neighbour: [
      {
        type: "aws_iam_role_policy",
        before: rolePolicy(allow(["s3:GetObject", "s3:DeleteObject"], "a")),
        after: rolePolicy(allow("s3:GetObject", "a")),
      },
    ],
  },
  {
    what: "a policy more for a role that is there",
    given: [{ type: "aws_iam_role_policy", after: rolePolicy(allow("s3:GetObject", "a")) }],
    rest: { before: [resource("aws_iam_role", "engine", { name: "engine" })] },
    found: ["refusal identity/policy-widened"],
    neighbour: [{ type: "aws_iam_role_policy", after: rolePolicy(allow("s3:GetObject", "a")) }],
    neighbourRest: { before: [resource("aws_iam_role", "other", { name: "other" })] },
  },
  {
    what: "a policy that nobody knows yet",
    given: [{ type: "aws_iam_role_policy", before: rolePolicy(allow("s3:GetObject", "a")), after: { policy: UNKNOWN } }],
    found: ["notice identity/policy-unknown"],
    neighbour: [{ type: "aws_iam_role_policy", after: { policy: UNKNOWN } }],
  },
  {
    what: "a new administrator",
    given: [{ type: "aws_iam_policy", after: { policy: policy(allow("*", "*")) } }],
    found: ["refusal identity/admin-granted"],
    neighbour: [{ type: "aws_iam_policy", after: { policy: policy(allow("s3:ListBucket", "*")) } }],
  },
  {
    what: "a new policy of a whole service",
    given: [{ type: "aws_iam_policy", after: { policy: policy(allow("s3:*", "a")) } }],
    found: ["notice identity/policy-added"],
    neighbour: [{ type: "aws_iam_policy", after: { policy: policy(allow("s3:Get*", "a")) } }],
  },
  {
    what: "a trust without its condition",
    given: [
      {
        type: "aws_iam_role",
        before: {
          assume_role_policy: policy({
            Effect: "Allow",
            Action: "sts:AssumeRole",
            Principal: { Service: "ecs-tasks.amazonaws.com" },
            Condition: { StringEquals: { "aws:SourceAccount": "1" } },
          }),
        },
        after: {
          assume_role_policy: policy({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ecs-tasks.amazonaws.com" } }),
        },
      },
    ],
    found: ["refusal identity/trust-widened"],
    neighbour: [
      {
        type: "aws_iam_role",
        before: {
          assume_role_policy: policy({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ecs-tasks.amazonaws.com" } }),
        },
        after: {
          assume_role_policy: policy({
            Effect: "Allow",
            Action: "sts:AssumeRole",
            Principal: { Service: "ecs-tasks.amazonaws.com" },
            Condition: { StringEquals: { "aws:SourceAccount": "1" } },
          }),
        },
      },
    ],
  },
  {
    what: "a role without its boundary",
    given: [{ type: "aws_iam_role", before: { permissions_boundary: "arn:b" }, after: {} }],
    found: ["refusal identity/boundary-removed"],
    neighbour: [{ type: "aws_iam_role", before: {}, after: { permissions_boundary: "arn:b" } }],
  },
  {
    what: "a bucket for everybody",
    given: [
      {
        type: "aws_s3_bucket_policy",
        before: { policy: policy(tlsOnly) },
        after: { policy: policy(tlsOnly, allow("s3:GetObject", "a", { Principal: "*" })) },
      },
    ],
    found: ["refusal network/policy-public"],
    neighbour: [
      {
        type: "aws_s3_bucket_policy",
        before: { policy: policy(tlsOnly, allow("s3:GetObject", "a", { Principal: "*" })) },
        after: { policy: policy(tlsOnly) },
      },
    ],
  },
  {
    what: "a bucket without TLS",
    given: [
      {
        type: "aws_s3_bucket_policy",
        before: { policy: policy(tlsOnly) },
        after: { policy: policy({ ...tlsOnly, Condition: { Bool: { "aws:SecureTransport": "true" } } }) },
      },
    ],
    found: ["refusal network/tls-weakened"],
    neighbour: [
      { type: "aws_s3_bucket_policy", before: { policy: policy(tlsOnly) }, after: { policy: policy({ ...tlsOnly, Sid: "renamed" }) } },
    ],
  },
  {
    what: "a stream for everybody",
    given: [{ type: "aws_kinesis_resource_policy", after: { policy: policy(allow("kinesis:GetRecords", "a", { Principal: "*" })) } }],
    found: ["refusal network/policy-public"],
    neighbour: [
      {
        type: "aws_kinesis_resource_policy",
        after: { policy: policy(allow("kinesis:GetRecords", "a", { Principal: { AWS: "111122223333" } })) },
      },
    ],
  },
  {
    what: "an archive for everybody",
    given: [{ type: "aws_glacier_vault", after: { access_policy: policy(allow("glacier:*", "a", { Principal: "*" })) } }],
    found: ["refusal network/policy-public"],
    neighbour: [
      { type: "aws_glacier_vault", after: { access_policy: policy(allow("glacier:*", "a", { Principal: { AWS: "111122223333" } })) } },
    ],
  },
  {
    what: "AdministratorAccess",
    given: [{ type: "aws_iam_role_policy_attachment", after: { policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" } }],
    found: ["refusal identity/admin-granted"],
    neighbour: [{ type: "aws_iam_role_policy_attachment", after: { policy_arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" } }],
    neighbourFound: ["notice identity/access-granted"],
  },
  {
    what: "an administrator of the cluster",
    given: [
      {
        type: "aws_eks_access_policy_association",
        after: { policy_arn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy" },
      },
    ],
    found: ["refusal identity/admin-granted"],
    neighbour: [
      { type: "aws_eks_access_policy_association", before: { policy_arn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy" } },
    ],
  },
  {
    what: "somebody in the cluster",
    given: [{ type: "aws_eks_access_entry", after: { principal_arn: "arn:x" } }],
    found: ["notice identity/access-granted"],
    neighbour: [{ type: "aws_eks_access_entry", before: { principal_arn: "arn:x" } }],
  },
  {
    what: "dead letters of any queue",
    given: [
      {
        type: "aws_sqs_queue_redrive_allow_policy",
        before: { redrive_allow_policy: '{"redrivePermission":"byQueue"}' },
        after: { redrive_allow_policy: '{"redrivePermission":"allowAll"}' },
      },
    ],
    found: ["refusal identity/policy-widened"],
    neighbour: [
      {
        type: "aws_sqs_queue_redrive_allow_policy",
        before: { redrive_allow_policy: '{"redrivePermission":"allowAll"}' },
        after: { redrive_allow_policy: '{"redrivePermission":"byQueue"}' },
      },
    ],
  },

  {
    what: "RDP from the Internet",
    given: [{ type: "aws_vpc_security_group_ingress_rule", after: door({ from_port: 3389, to_port: 3389, cidr_ipv4: "0.0.0.0/0" }) }],
    found: ["refusal network/ingress-opened"],
    neighbour: [{ type: "aws_vpc_security_group_ingress_rule", after: door({ from_port: 3389, to_port: 3389, cidr_ipv4: "10.0.0.0/16" }) }],
    neighbourFound: ["notice network/ingress-added"],
  },
  {
    what: "RDP from one network of the Internet",
    given: [{ type: "aws_vpc_security_group_ingress_rule", after: door({ from_port: 3389, to_port: 3389, cidr_ipv4: "203.0.113.0/24" }) }],
    found: ["refusal network/ingress-opened"],
    neighbour: [
      { type: "aws_vpc_security_group_ingress_rule", after: door({ from_port: 3388, to_port: 3388, cidr_ipv4: "203.0.113.0/24" }) },
    ],
    neighbourFound: ["notice network/ingress-added"],
  },
  {
    what: "the Internet by IPv6",
    given: [{ type: "aws_vpc_security_group_ingress_rule", after: door({ cidr_ipv6: "::/0" }) }],
    found: ["refusal network/ingress-opened"],
    neighbour: [{ type: "aws_vpc_security_group_ingress_rule", before: door({ cidr_ipv6: "::/0" }) }],
  },
  {
    what: "half of the Internet",
    given: [{ type: "aws_vpc_security_group_ingress_rule", after: door({ from_port: 22, to_port: 22, cidr_ipv4: "128.0.0.0/1" }) }],
    found: ["refusal network/ingress-opened"],
    neighbour: [{ type: "aws_vpc_security_group_ingress_rule", after: door({ from_port: 22, to_port: 22, cidr_ipv4: "10.0.0.0/8" }) }],
    neighbourFound: ["notice network/ingress-added"],
  },
  {
    what: "a wider network",
    given: [
      {
        type: "aws_vpc_security_group_ingress_rule",
        before: door({ cidr_ipv4: "203.0.113.0/24" }),
        after: door({ cidr_ipv4: "203.0.112.0/23" }),
      },
    ],
    found: ["refusal network/ingress-opened"],
    neighbour: [
      {
        type: "aws_vpc_security_group_ingress_rule",
        before: door({ cidr_ipv4: "203.0.113.0/24" }),
        after: door({ cidr_ipv4: "203.0.113.0/25" }),
      },
    ],
  },
  {
    what: "more ports",
    given: [
      {
        type: "aws_vpc_security_group_ingress_rule",
        before: door({ cidr_ipv4: "10.0.0.0/16" }),
        after: door({ cidr_ipv4: "10.0.0.0/16", to_port: 444 }),
      },
    ],
    found: ["refusal network/ingress-opened"],
    neighbour: [
      {
        type: "aws_vpc_security_group_ingress_rule",
        before: door({ cidr_ipv4: "10.0.0.0/16", to_port: 444 }),
        after: door({ cidr_ipv4: "10.0.0.0/16" }),
      },
    ],
  },
  {
    what: "another group",
    given: [
      {
        type: "aws_vpc_security_group_ingress_rule",
        before: door({ referenced_security_group_id: "sg-2" }),
        after: door({ referenced_security_group_id: "sg-3" }),
      },
    ],
    found: ["refusal network/ingress-opened"],
    neighbour: [
      {
        type: "aws_vpc_security_group_ingress_rule",
        before: door({ referenced_security_group_id: "sg-2", description: "a" }),
        after: door({ referenced_security_group_id: "sg-2", description: "b" }),
      },
    ],
  },
  {
    what: "an inline rule of a VPC's default group",
    given: [
      {
        type: "aws_default_security_group",
        before: {},
        after: { ingress: [{ protocol: "-1", from_port: 0, to_port: 0, cidr_blocks: ["0.0.0.0/0"] }] },
      },
    ],
    found: ["refusal network/ingress-opened"],
    neighbour: [
      {
        type: "aws_default_security_group",
        before: {},
        after: { egress: [{ protocol: "-1", from_port: 0, to_port: 0, cidr_blocks: ["10.0.0.0/16"] }] },
      },
    ],
  },
  {
    what: "an older form of rule",
    given: [
      {
        type: "aws_security_group_rule",
        after: { type: "ingress", protocol: "tcp", from_port: 22, to_port: 22, ipv6_cidr_blocks: ["::/0"] },
      },
    ],
    found: ["refusal network/ingress-opened"],
    neighbour: [
      {
        type: "aws_security_group_rule",
        after: { type: "egress", protocol: "tcp", from_port: 22, to_port: 22, ipv6_cidr_blocks: ["2001:db8::/48"] },
      },
    ],
  },
  {
    what: "members of a group among themselves",
    given: [{ type: "aws_security_group_rule", after: { type: "ingress", protocol: "tcp", from_port: 8080, to_port: 8080, self: true } }],
    found: ["notice network/ingress-added"],
    neighbour: [
      { type: "aws_security_group_rule", after: { type: "ingress", protocol: "tcp", from_port: 8080, to_port: 8080, self: false } },
    ],
  },
  {
    what: "an ACL's inline rule",
    given: [
      {
        type: "aws_network_acl",
        before: {},
        after: { ingress: [{ action: "allow", protocol: "tcp", from_port: 22, to_port: 22, cidr_block: "0.0.0.0/0" }] },
      },
    ],
    found: ["refusal network/ingress-opened"],
    neighbour: [
      {
        type: "aws_network_acl",
        before: {},
        after: { ingress: [{ action: "deny", protocol: "tcp", from_port: 22, to_port: 22, cidr_block: "0.0.0.0/0" }] },
      },
    ],
  },
  {
    what: "the inline way out of a VPC's default ACL",
    given: [
      {
        type: "aws_default_network_acl",
        before: {},
        after: { egress: [{ action: "allow", protocol: "-1", from_port: 0, to_port: 0, cidr_block: "0.0.0.0/0" }] },
      },
    ],
    found: ["notice network/egress-opened"],
    neighbour: [
      {
        type: "aws_default_network_acl",
        before: {},
        after: { egress: [{ action: "deny", protocol: "-1", from_port: 0, to_port: 0, cidr_block: "0.0.0.0/0" }] },
      },
    ],
  },
  {
    what: "an inline rule",
    given: [
      {
        type: "aws_security_group",
        before: { ingress: [] },
        after: { ingress: [{ protocol: "tcp", from_port: 22, to_port: 22, cidr_blocks: ["0.0.0.0/0"] }] },
      },
    ],
    found: ["refusal network/ingress-opened"],
    neighbour: [
      {
        type: "aws_security_group",
        before: { ingress: [{ protocol: "tcp", from_port: 22, to_port: 22, cidr_blocks: ["0.0.0.0/0"] }] },
        after: { ingress: [] },
      },
    ],
  },
  {
    what: "the web for a group that stands",
    given: [
      {
        type: "aws_vpc_security_group_ingress_rule",
        name: "from-world",
        construct: "prod-data/ui/group/from-world",
        after: { ...door({ cidr_ipv4: "0.0.0.0/0" }), security_group_id: UNKNOWN },
      },
    ],
    found: ["refusal network/ingress-opened"],
    neighbour: [
      {
        type: "aws_vpc_security_group_ingress_rule",
        name: "from-world",
        construct: "prod-data/ui/group/from-world",
        after: { ...door({ cidr_ipv4: "0.0.0.0/0" }), security_group_id: UNKNOWN },
      },
      { type: "aws_security_group", name: "group", construct: "prod-data/ui/group/group", after: {} },
    ],
    neighbourFound: ["notice network/ingress-opened"],
  },
  {
    what: "an ACL that lets the Internet in",
    given: [
      {
        type: "aws_network_acl_rule",
        before: { cidr_block: "10.0.0.0/16", egress: false, rule_action: "allow", protocol: "tcp", from_port: 5432, to_port: 5432 },
        after: { cidr_block: "0.0.0.0/0", egress: false, rule_action: "allow", protocol: "tcp", from_port: 5432, to_port: 5432 },
      },
    ],
    found: ["refusal network/ingress-opened"],
    neighbour: [
      {
        type: "aws_network_acl_rule",
        before: { cidr_block: "10.0.0.0/16", egress: false, rule_action: "allow", protocol: "tcp", from_port: 5432, to_port: 5432 },
        after: { cidr_block: "0.0.0.0/0", egress: false, rule_action: "deny", protocol: "tcp", from_port: 5432, to_port: 5432 },
      },
    ],
  },
  {
    what: "an ACL's rule for the Internet",
    given: [
      {
        type: "aws_network_acl_rule",
        after: { cidr_block: "0.0.0.0/0", egress: false, rule_action: "allow", protocol: "-1", network_acl_id: "acl-1" },
      },
    ],
    found: ["refusal network/ingress-opened"],
    neighbour: [
      {
        type: "aws_network_acl_rule",
        after: { cidr_block: "0.0.0.0/0", egress: false, rule_action: "allow", protocol: "-1", network_acl_id: UNKNOWN },
      },
      { type: "aws_network_acl", name: "acl", after: {} },
    ],
    neighbourFound: ["notice network/ingress-opened"],
  },
  {
    what: "a denial that goes",
    given: [{ type: "aws_network_acl_rule", before: { cidr_block: "192.0.2.0/24", egress: false, rule_action: "deny", protocol: "-1" } }],
    found: ["refusal network/ingress-opened"],
    neighbour: [
      { type: "aws_network_acl_rule", before: { cidr_block: "192.0.2.0/24", egress: true, rule_action: "deny", protocol: "-1" } },
    ],
  },
  {
    what: "a way out to the Internet",
    given: [{ type: "aws_vpc_security_group_egress_rule", after: door({ cidr_ipv4: "0.0.0.0/0" }) }],
    found: ["notice network/egress-opened"],
    neighbour: [{ type: "aws_vpc_security_group_egress_rule", after: door({ cidr_ipv4: "10.0.0.0/16" }) }],
  },
  {
    what: "a cluster's API for others",
    given: [
      {
        type: "aws_eks_cluster",
        before: { vpc_config: [{ endpoint_public_access: true, public_access_cidrs: ["203.0.113.0/24"] }] },
        after: { vpc_config: [{ endpoint_public_access: true, public_access_cidrs: ["203.0.113.0/24", "198.51.100.0/24"] }] },
      },
    ],
    found: ["refusal network/ingress-opened"],
    neighbour: [
      {
        type: "aws_eks_cluster",
        before: { vpc_config: [{ endpoint_public_access: true }] },
        after: { vpc_config: [{ endpoint_public_access: true, public_access_cidrs: ["203.0.113.0/24"] }] },
      },
    ],
  },
  {
    what: "old TLS",
    given: [
      {
        type: "aws_lb_listener",
        before: { protocol: "HTTPS", ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06" },
        after: { protocol: "HTTPS", ssl_policy: "ELBSecurityPolicy-2016-08" },
      },
    ],
    found: ["refusal network/tls-weakened"],
    neighbour: [
      {
        type: "aws_lb_listener",
        before: { protocol: "HTTPS", ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06" },
        after: { protocol: "HTTPS", ssl_policy: "ELBSecurityPolicy-TLS13-1-3-2021-06" },
      },
    ],
  },
  {
    what: "a listener in clear",
    given: [
      {
        type: "aws_lb_listener",
        before: { protocol: "HTTPS", ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06" },
        after: { protocol: "HTTP" },
      },
    ],
    found: ["refusal network/tls-weakened"],
    neighbour: [
      {
        type: "aws_lb_listener",
        before: { protocol: "HTTP" },
        after: { protocol: "HTTPS", ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06" },
      },
    ],
  },
  {
    what: "a listener that answers in clear",
    given: [
      {
        type: "aws_lb_listener",
        before: { protocol: "HTTP", default_action: [{ redirect: [{ protocol: "HTTPS" }] }] },
        after: { protocol: "HTTP", default_action: [{ fixed_response: [{}] }] },
      },
    ],
    found: ["refusal network/tls-weakened"],
    neighbour: [
      {
        type: "aws_lb_listener",
        before: { protocol: "HTTP", default_action: [{ redirect: [{ protocol: "HTTPS" }] }] },
        after: { protocol: "HTTP", default_action: [{ redirect: [{ protocol: "HTTPS", status_code: "HTTP_302" }] }] },
      },
    ],
  },
  {
    what: "a firewall that counts",
    given: [{ type: "aws_wafv2_web_acl", before: acl({ action: { block: {} } }), after: acl({ action: { count: {} } }) }],
    found: ["refusal network/firewall-weakened"],
    neighbour: [{ type: "aws_wafv2_web_acl", before: acl({ action: { count: {} } }), after: acl({ action: { block: {} } }) }],
  },
  {
    what: "an address that goes",
    given: [{ type: "aws_eip", before: {} }],
    found: ["notice network/address-lost"],
    neighbour: [{ type: "aws_eip", after: {} }],
  },
  {
    what: "another subnet",
    given: [{ type: "aws_lb", before: { subnets: ["subnet-1"] }, after: { subnets: ["subnet-2"] } }],
    found: ["notice network/placement-changed"],
    neighbour: [
      { type: "aws_lb", before: { subnets: ["subnet-1"], idle_timeout: 60 }, after: { subnets: ["subnet-1"], idle_timeout: 61 } },
    ],
  },

  {
    what: "an alarm that goes",
    given: [{ type: "aws_cloudwatch_metric_alarm", before: alarm }],
    found: ["refusal notification/alarm-removed"],
    neighbour: [
      { type: "aws_cloudwatch_metric_alarm", before: alarm },
      { type: "aws_cloudwatch_metric_alarm", name: "renamed", after: alarm },
    ],
  },
  {
    what: "an alarm that goes with its queue",
    given: [
      { type: "aws_cloudwatch_metric_alarm", before: { ...alarm, dimensions: { QueueName: "orders" } } },
      { type: "aws_sqs_queue", name: "queue", construct: "prod-events/x/queue", before: { name: "other" } },
    ],
    found: ["refusal notification/alarm-removed", "refusal data/destroyed"],
    neighbour: [
      { type: "aws_cloudwatch_metric_alarm", before: { ...alarm, dimensions: { QueueName: "orders" } } },
      { type: "aws_sqs_queue", name: "queue", construct: "prod-events/x/queue", before: { name: "orders" } },
    ],
    neighbourFound: ["refusal data/destroyed"],
  },
  {
    what: "an alarm that goes while something else of the stack goes",
    given: [
      { type: "aws_cloudwatch_metric_alarm", before: { ...alarm, tags: { Name: "cache" } } },
      { type: "aws_eks_cluster", name: "cluster", construct: "prod-data/cluster", before: { name: "cache" } },
    ],
    found: ["refusal notification/alarm-removed", "refusal data/destroyed"],
    neighbour: [
      { type: "aws_cloudwatch_metric_alarm", construct: "prod-data/part/alarms/cpu", before: alarm },
      { type: "aws_eks_cluster", name: "cluster", construct: "prod-data/part/cluster", before: { name: "cache" } },
    ],
    neighbourFound: ["refusal data/destroyed"],
  },
  {
    what: "an alarm of something that is not known",
    given: [
      { type: "aws_cloudwatch_metric_alarm", before: { ...alarm, dimensions: { QueueName: UNKNOWN } } },
      { type: "aws_sqs_queue", name: "queue", construct: "prod-data/other/queue", before: { name: UNKNOWN } },
    ],
    found: ["refusal notification/alarm-removed", "refusal data/destroyed"],
    neighbour: [
      { type: "aws_cloudwatch_metric_alarm", before: { ...alarm, dimensions: { QueueName: "q" } } },
      { type: "aws_sqs_queue", name: "queue", construct: "prod-data/other/queue", before: { name: "q" } },
    ],
    neighbourFound: ["refusal data/destroyed"],
  },
  {
    what: "an alarm that tells nobody",
    given: [{ type: "aws_cloudwatch_metric_alarm", before: alarm, after: { ...alarm, alarm_actions: [] } }],
    found: ["refusal notification/alarm-silenced"],
    neighbour: [{ type: "aws_cloudwatch_metric_alarm", before: { ...alarm, alarm_actions: [] }, after: alarm }],
    neighbourFound: ["notice notification/alarm-changed"],
  },
  {
    what: "an alarm with its actions off",
    given: [{ type: "aws_cloudwatch_metric_alarm", before: alarm, after: { ...alarm, actions_enabled: false } }],
    found: ["refusal notification/alarm-silenced"],
    neighbour: [{ type: "aws_cloudwatch_metric_alarm", before: alarm, after: { ...alarm, actions_enabled: true } }],
  },
  {
    what: "another threshold",
    given: [{ type: "aws_cloudwatch_metric_alarm", before: alarm, after: { ...alarm, threshold: 95 } }],
    found: ["notice notification/alarm-changed"],
    neighbour: [{ type: "aws_cloudwatch_metric_alarm", before: alarm, after: { ...alarm, alarm_description: "words" } }],
  },
  {
    what: "a host that nobody watches",
    given: [{ type: "aws_cloudwatch_metric_alarm", name: "cpu", before: alarm }],
    rest: {
      before: [windows, cpu, memory],
      after: [windows, resource("aws_cloudwatch_metric_alarm", "memory", { ...memory.values, alarm_actions: [] }, memory.construct)],
    },
    found: ["refusal notification/alarm-removed", "refusal notification/host-without-alarms"],
    neighbour: [{ type: "aws_cloudwatch_metric_alarm", name: "cpu", before: alarm }],
    neighbourRest: { before: [windows, cpu, memory], after: [windows, memory] },
    neighbourFound: ["refusal notification/alarm-removed"],
  },
  {
    what: "a subscription that goes",
    given: [{ type: "aws_sns_topic_subscription", before: { protocol: "email", endpoint: "a@example.com" } }],
    found: ["refusal notification/subscription-removed"],
    neighbour: [{ type: "aws_sns_topic_subscription", after: { protocol: "email", endpoint: "a@example.com" } }],
  },
  {
    what: "a topic under another name",
    given: [{ type: "aws_sns_topic", before: { name: "a" }, after: { name: "b" } }],
    found: ["refusal notification/subscription-removed"],
    neighbour: [{ type: "aws_sns_topic", before: { name: "a", display_name: "a" }, after: { name: "a", display_name: "b" } }],
  },
  {
    what: "a load balancer that goes",
    given: [{ type: "aws_lb", before: { name: "ui" } }],
    found: ["notice network/address-lost"],
    neighbour: [{ type: "aws_lb", after: { name: "ui", internal: true } }],
  },
  {
    what: "an endpoint that goes",
    given: [{ type: "aws_vpc_endpoint", before: { service_name: "sqs" } }],
    found: ["notice network/placement-changed"],
    neighbour: [{ type: "aws_vpc_endpoint", after: { service_name: "sqs" } }],
  },
  {
    what: "a password in the state",
    given: [{ type: "aws_db_instance", before: { password: undefined, port: 1 }, after: { password: "(sensitive)", port: 1 } }],
    found: ["refusal identity/secret-in-state"],
    neighbour: [{ type: "aws_db_instance", before: { password: "(sensitive)", port: 1 }, after: { port: 1 } }],
  },
  {
    what: "an event that nobody sees",
    given: [{ type: "aws_cloudwatch_event_rule", before: { event_pattern: "{}" } }],
    found: ["refusal notification/event-changed"],
    neighbour: [
      {
        type: "aws_cloudwatch_event_rule",
        before: { event_pattern: "{}", description: "a" },
        after: { event_pattern: "{}", description: "b" },
      },
    ],
  },

  {
    what: "a host made anew",
    given: [
      {
        type: "aws_instance",
        before: { subnet_id: "a" },
        after: { subnet_id: "a" },
        action: "replace",
        attributes: [{ path: "ami", before: "ami-1", after: "ami-2", forcesReplacement: true }],
      },
    ],
    found: ["notice compute/image-changed", "refusal compute/host-replaced"],
    neighbour: [{ type: "aws_instance", before: { hibernation: false }, after: { hibernation: true } }],
  },
  {
    what: "another image of a host",
    given: [{ type: "aws_instance", before: { ami: "ami-1" }, after: { ami: "ami-2" } }],
    found: ["notice compute/image-changed", "refusal compute/host-replaced"],
    neighbour: [{ type: "aws_instance", before: { ami: "ami-1", monitoring: false }, after: { ami: "ami-1", monitoring: true } }],
  },
  {
    what: "a service of no task",
    given: [{ type: "aws_ecs_service", before: { desired_count: 1 }, after: { desired_count: 0 } }],
    found: ["refusal compute/service-scaled-down"],
    neighbour: [{ type: "aws_ecs_service", before: { desired_count: 1 }, after: { desired_count: 2 } }],
  },
  {
    what: "a service of fewer tasks",
    given: [{ type: "aws_ecs_service", before: { desired_count: 3 }, after: { desired_count: 2 } }],
    found: ["notice compute/service-scaled-down"],
    neighbour: [{ type: "aws_ecs_service", before: { desired_count: 0 }, after: { desired_count: 0, name: "x" } }],
  },
  {
    what: "a schedule that goes",
    given: [{ type: "aws_scheduler_schedule", before: { schedule_expression: "rate(1 day)" } }],
    found: ["notice compute/schedule-changed"],
    neighbour: [{ type: "aws_scheduler_schedule", after: { schedule_expression: "rate(1 day)" } }],
  },
  {
    what: "a privileged container",
    given: [{ type: "aws_ecs_task_definition", before: task(), after: task({ privileged: true }) }],
    found: ["refusal compute/privileges-raised"],
    neighbour: [{ type: "aws_ecs_task_definition", before: task({ privileged: true }), after: task({ privileged: false }) }],
    neighbourFound: ["notice compute/image-changed"],
  },
  {
    what: "a container of root",
    given: [{ type: "aws_ecs_task_definition", before: task(), after: task({ user: "0:0" }) }],
    found: ["refusal compute/privileges-raised"],
    neighbour: [{ type: "aws_ecs_task_definition", before: task({ user: "0:0" }), after: task({ user: "1:1" }) }],
    neighbourFound: ["notice compute/image-changed"],
  },
  {
    what: "another image",
    given: [{ type: "aws_ecs_task_definition", before: task(), after: task({ image: "ml:2" }) }],
    found: ["notice compute/image-changed"],
    neighbour: [{ type: "aws_ecs_task_definition", before: { ...task(), family: "a" }, after: { ...task(), family: "b" } }],
  },
  {
    what: "whatever image",
    given: [{ type: "aws_ecs_task_definition", before: task(), after: task({ image: "ml:latest" }) }],
    found: ["notice compute/image-changed", "refusal compute/version-unpinned"],
    neighbour: [{ type: "aws_ecs_task_definition", after: task({ image: "ml@sha256:1234" }) }],
  },
  {
    what: "a secret as a plain setting",
    given: [
      { type: "aws_ecs_task_definition", before: task(), after: task({ secrets: [], environment: [{ name: "DB_LOGIN", value: "x" }] }) },
    ],
    found: ["refusal identity/secret-in-state"],
    neighbour: [{ type: "aws_ecs_task_definition", before: task(), after: task({ environment: [{ name: "LEVEL", value: "x" }] }) }],
    neighbourFound: ["notice compute/image-changed"],
  },

  {
    what: "a verb more in the cluster",
    given: [{ type: "kubernetes_role_v1", before: k8sRole(["get"]), after: k8sRole(["get", "delete"]) }],
    found: ["refusal identity/policy-widened"],
    neighbour: [{ type: "kubernetes_role_v1", before: k8sRole(["*"], ["*"]), after: k8sRole(["get", "delete"]) }],
  },
  {
    what: "a cluster-admin",
    given: [
      {
        type: "kubernetes_cluster_role_binding_v1",
        after: { role_ref: { name: "cluster-admin" }, subject: [{ kind: "Group", name: "all" }] },
      },
    ],
    found: ["refusal identity/admin-granted"],
    neighbour: [
      { type: "kubernetes_cluster_role_binding_v1", after: { role_ref: { name: "view" }, subject: [{ kind: "Group", name: "all" }] } },
    ],
  },
  {
    what: "somebody else in a role",
    given: [
      {
        type: "kubernetes_role_binding_v1",
        before: { role_ref: { name: "deploy" }, subject: [] },
        after: { role_ref: { name: "deploy" }, subject: [{ kind: "Group", name: "all" }] },
      },
    ],
    found: ["refusal identity/policy-widened"],
    neighbour: [
      {
        type: "kubernetes_role_binding_v1",
        before: { role_ref: { name: "deploy" }, subject: [{ kind: "Group", name: "all" }] },
        after: { role_ref: { name: "deploy" }, subject: [] },
      },
    ],
  },
  {
    what: "a namespace of a lower level",
    given: [
      {
        type: "kubernetes_namespace_v1",
        before: { metadata: [{ labels: { "pod-security.kubernetes.io/enforce": "restricted" } }] },
        after: { metadata: [{ labels: { "pod-security.kubernetes.io/enforce": "baseline" } }] },
      },
    ],
    found: ["refusal compute/privileges-raised"],
    neighbour: [
      {
        type: "kubernetes_namespace_v1",
        before: { metadata: [{ labels: {} }] },
        after: { metadata: [{ labels: { "pod-security.kubernetes.io/enforce": "baseline" } }] },
      },
    ],
  },
  {
    what: "pods that anybody reaches",
    given: [
      {
        type: "kubernetes_network_policy_v1",
        before: { spec: { policy_types: ["Ingress", "Egress"] } },
        after: { spec: { policy_types: ["Egress"] } },
      },
    ],
    found: ["refusal network/ingress-opened"],
    neighbour: [
      {
        type: "kubernetes_network_policy_v1",
        before: { spec: { policy_types: ["Egress"] } },
        after: { spec: { policy_types: ["Ingress", "Egress"] } },
      },
    ],
    neighbourFound: ["notice network/ingress-added"],
  },
  {
    what: "a quota that changes",
    given: [{ type: "kubernetes_resource_quota_v1", before: { spec: { hard: { pods: "1" } } }, after: { spec: { hard: { pods: "2" } } } }],
    found: ["notice compute/limits-changed"],
    neighbour: [{ type: "kubernetes_resource_quota_v1", after: { spec: { hard: { pods: "2" } } } }],
  },
  {
    what: "an output that goes",
    given: [],
    rest: { outputs: [{ name: "cross-stack-output-x", action: "destroy", before: "a", after: undefined }] },
    found: ["notice compute/output-removed"],
    neighbour: [],
    neighbourRest: { outputs: [{ name: "cross-stack-output-x", action: "update", before: "a", after: "b" }] },
  },
  {
    what: "another Environment",
    given: [{ type: "aws_vpc", before: { tags: { Environment: "a" } }, after: { tags: { Environment: "b" } } }],
    found: ["notice identity/tags-changed"],
    neighbour: [{ type: "aws_vpc", before: { tags: { Note: "a" } }, after: { tags: { Note: "b" } } }],
  },
];
