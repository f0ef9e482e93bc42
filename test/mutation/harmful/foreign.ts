/** Edits that let in somebody whom nobody knows, and what must be said of each. */
import { make, type Edit } from "./prod";

/** Verdicts that must be among the findings: `refusal identity/foreign-account aws_kms_grant`. */
export type Harmful = readonly [what: string, edit: Edit, ...verdicts: string[]];

const STRANGER = "999900001111";
const policy = (...statements: readonly object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const lets = (principal: object, action: string) => policy({ Effect: "Allow", Principal: principal, Action: action, Resource: "*" });

export const FOREIGN: readonly Harmful[] = [
  [
    "a secret that another account reads",
    (all) =>
      make(all, "data", "aws_secretsmanager_secret_policy", {
        secret_arn: "${aws_secretsmanager_secret.mt5.arn}",
        policy: lets({ AWS: `arn:aws:iam::${STRANGER}:root` }, "secretsmanager:GetSecretValue"),
      }),
    "refusal identity/foreign-account aws_secretsmanager_secret_policy",
  ],
  [
    "a table that another account reads",
    (all) =>
      make(all, "data", "aws_dynamodb_resource_policy", {
        resource_arn: "${aws_dynamodb_table.table.arn}",
        policy: lets({ AWS: STRANGER }, "dynamodb:GetItem"),
      }),
    "refusal identity/foreign-account aws_dynamodb_resource_policy",
  ],
  [
    "a grant on a key for another account",
    (all) =>
      make(all, "data", "aws_kms_grant", {
        key_id: "${aws_kms_key.key.id}",
        grantee_principal: `arn:aws:iam::${STRANGER}:role/x`,
        operations: ["Decrypt"],
      }),
    "refusal identity/foreign-account aws_kms_grant",
  ],
  [
    "a log that flows to another account",
    (all) =>
      make(all, "trading", "aws_cloudwatch_log_subscription_filter", {
        log_group_name: "/tss/prod/engine",
        filter_pattern: "",
        destination_arn: `arn:aws:logs:ap-northeast-1:${STRANGER}:destination:all`,
      }),
    "refusal identity/foreign-account aws_cloudwatch_log_subscription_filter",
  ],
  [
    "a network that peers with another account's",
    (all) =>
      make(all, "network", "aws_vpc_peering_connection", {
        vpc_id: "${aws_vpc.vpc.id}",
        peer_vpc_id: "vpc-0123456789abcdef0",
        peer_owner_id: STRANGER,
      }),
    "refusal identity/foreign-account aws_vpc_peering_connection",
    "refusal network/foreign-address aws_vpc_peering_connection",
  ],
  [
    "a network that peers with one that is not ours in our account",
    (all) => make(all, "network", "aws_vpc_peering_connection", { vpc_id: "${aws_vpc.vpc.id}", peer_vpc_id: "vpc-0123456789abcdef0" }),
    "refusal network/foreign-address aws_vpc_peering_connection",
  ],
  [
    "a route to a gateway of others",
    (all) =>
      make(all, "network", "aws_route", {
        route_table_id: "x",
        destination_cidr_block: "10.9.0.0/16",
        transit_gateway_id: "tgw-0123456789abcdef0",
      }),
    "refusal network/foreign-address aws_route",
  ],
  [
    "an endpoint to another's service",
    (all) =>
      make(
        all,
        "network",
        "aws_vpc_endpoint",
        { vpc_id: "x", service_name: "com.amazonaws.vpce.ap-northeast-1.vpce-svc-0123456789abcdef0" },
        "other",
      ),
    "refusal network/foreign-address aws_vpc_endpoint",
  ],
  [
    "a certificate for another name",
    (all) => make(all, "services", "aws_acm_certificate", { domain_name: "trading-login.net", validation_method: "DNS" }),
    "refusal network/foreign-address aws_acm_certificate",
  ],
  [
    "a listener with another account's certificate",
    (all) => {
      all.resource("trading", "aws_lb_listener", "ui_https").certificate_arn =
        `arn:aws:acm:ap-northeast-1:${STRANGER}:certificate/0a1b2c3d-4e5f-4a6b-8c7d-000000000001`;
    },
    "refusal identity/foreign-account aws_lb_listener",
  ],
  [
    "an access log in another's bucket",
    (all) => {
      all.resource("trading", "aws_lb", "").access_logs = { bucket: "logs-of-others", enabled: true };
    },
    "refusal data/foreign-bucket aws_lb",
  ],
  [
    "a listener that sends people elsewhere",
    (all) => {
      all.resource("trading", "aws_lb_listener", "ui_https").default_action = [
        { type: "redirect", redirect: { host: "trading-login.net", port: "443", protocol: "HTTPS", status_code: "HTTP_301" } },
      ];
    },
    "refusal network/foreign-address aws_lb_listener",
  ],
  [
    "a chart from elsewhere",
    (all) => {
      all.resource("workloads", "helm_release", "external-secrets").repository = "https://charts.trading-mirror.net";
    },
    "refusal compute/foreign-source helm_release",
  ],
  [
    "a chart from a registry of others",
    (all) => {
      all.resource("workloads", "helm_release", "external-secrets").repository = "oci://ghcr.io/someone/charts";
    },
    "refusal compute/foreign-source helm_release",
  ],
  [
    "an image of others in a chart's values",
    (all) => {
      const release = all.resource("workloads", "helm_release", "external-secrets");
      release.values = [...(release.values as string[]), JSON.stringify({ image: { repository: "docker.io/someone/external-secrets" } })];
    },
    "refusal compute/foreign-source helm_release",
  ],
  [
    "an image of others in a chart's values, as YAML",
    (all) => {
      const release = all.resource("workloads", "helm_release", "external-secrets");
      release.values = [...(release.values as string[]), "image:\n  repository: quay.io/someone/external-secrets\n  tag: v1\n"];
    },
    "refusal compute/foreign-source helm_release",
  ],
  [
    "somebody told by HTTPS",
    (all) =>
      make(all, "events", "aws_sns_topic_subscription", {
        topic_arn: "x",
        protocol: "https",
        endpoint: "https://hooks.trading-mirror.net/a",
      }),
    "refusal network/foreign-address aws_sns_topic_subscription",
  ],
  [
    "somebody else told by mail",
    (all) => make(all, "events", "aws_sns_topic_subscription", { topic_arn: "x", protocol: "email", endpoint: "ops@trading-mirror.net" }),
    "refusal network/foreign-address aws_sns_topic_subscription",
  ],
  [
    "a topic that tells another's queue",
    (all) =>
      make(all, "events", "aws_sns_topic_subscription", {
        topic_arn: "x",
        protocol: "sqs",
        endpoint: `arn:aws:sqs:ap-northeast-1:${STRANGER}:all`,
      }),
    "refusal identity/foreign-account aws_sns_topic_subscription",
  ],
  [
    "copies of the objects in another's bucket",
    (all) =>
      make(all, "data", "aws_s3_bucket_replication_configuration", {
        bucket: "tss-raw-market-data-777788889999",
        role: "x",
        rule: [{ id: "all", status: "Enabled", destination: { bucket: "arn:aws:s3:::copies-of-others" } }],
      }),
    "refusal data/foreign-bucket aws_s3_bucket_replication_configuration",
  ],
  [
    "access logs of a bucket with others",
    (all) => make(all, "data", "aws_s3_bucket_logging", { bucket: "x", target_bucket: "logs-of-others", target_prefix: "x" }, "other"),
    "refusal data/foreign-bucket aws_s3_bucket_logging",
  ],
  [
    "events sent to another account",
    (all) =>
      make(all, "events", "aws_cloudwatch_event_target", { rule: "x", arn: `arn:aws:events:ap-northeast-1:${STRANGER}:event-bus/default` }),
    "refusal identity/foreign-account aws_cloudwatch_event_target",
  ],
  [
    "events sent to an address",
    (all) =>
      make(all, "events", "aws_cloudwatch_event_api_destination", {
        name: "x",
        http_method: "POST",
        connection_arn: "x",
        invocation_endpoint: "https://trading-mirror.net/events",
      }),
    "refusal network/foreign-address aws_cloudwatch_event_api_destination",
  ],
  [
    "somebody else's identities",
    (all) =>
      make(all, "bootstrap", "aws_iam_openid_connect_provider", {
        url: "https://idp.trading-mirror.net",
        client_id_list: ["sts.amazonaws.com"],
      }),
    "refusal network/foreign-address aws_iam_openid_connect_provider",
  ],
  [
    "identities of another cluster",
    (all) =>
      make(all, "services", "aws_iam_openid_connect_provider", {
        url: "https://oidc.eks.ap-northeast-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF",
        client_id_list: ["sts.amazonaws.com"],
      }),
    "refusal network/foreign-address aws_iam_openid_connect_provider",
  ],
  [
    "a name that leads elsewhere",
    (all) =>
      make(all, "network", "aws_route53_record", { zone_id: "x", name: "ui", type: "CNAME", ttl: 60, records: ["trading-mirror.net"] }),
    "refusal network/foreign-address aws_route53_record",
  ],
  [
    "a name that leads to an address",
    (all) => make(all, "network", "aws_route53_record", { zone_id: "x", name: "ui", type: "A", ttl: 60, records: ["198.51.100.7"] }),
    "refusal network/foreign-address aws_route53_record",
  ],
  [
    "a role that another account takes",
    (all) =>
      make(all, "trading", "aws_iam_role", {
        name: "reader",
        assume_role_policy: policy({ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${STRANGER}:root` }, Action: "sts:AssumeRole" }),
      }),
    "refusal identity/foreign-account aws_iam_role",
  ],
  [
    "a role that another repository takes",
    (all) =>
      make(all, "bootstrap", "aws_iam_role", {
        name: "reader",
        assume_role_policy: policy({
          Effect: "Allow",
          Principal: { Federated: "arn:aws:iam::777788889999:oidc-provider/token.actions.githubusercontent.com" },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: { StringLike: { "token.actions.githubusercontent.com:sub": "repo:someone/tools:*" } },
        }),
      }),
    "refusal compute/foreign-source aws_iam_role",
  ],
  [
    "a key for a whole organisation",
    (all) =>
      make(all, "data", "aws_kms_key", {
        policy: policy({
          Effect: "Allow",
          Principal: "*",
          Action: "kms:Decrypt",
          Resource: "*",
          Condition: { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } },
        }),
      }),
    "refusal identity/foreign-account aws_kms_key",
  ],
  [
    "a bucket that another user of S3 owns",
    (all) =>
      make(
        all,
        "data",
        "aws_s3_bucket_policy",
        {
          bucket: "x",
          policy: lets({ CanonicalUser: "0123456789abcdef".repeat(4) }, "s3:GetObject"),
        },
        "other",
      ),
    "refusal identity/foreign-account aws_s3_bucket_policy",
  ],
  [
    "a layer of others in a function",
    (all) => {
      const [name] = Object.keys(all.json["prod-events"]!.resource!.aws_lambda_function!);
      all.resource("events", "aws_lambda_function", name!).layers = [`arn:aws:lambda:ap-northeast-1:${STRANGER}:layer:telemetry:3`];
    },
    "refusal identity/foreign-account aws_lambda_function",
  ],
  [
    "a function that tells another address",
    (all) => {
      const [name] = Object.keys(all.json["prod-events"]!.resource!.aws_lambda_function!);
      all.resource("events", "aws_lambda_function", name!).environment = { variables: { REPORT_URL: "https://trading-mirror.net/in" } };
    },
    "refusal network/foreign-address aws_lambda_function",
  ],
  [
    "a program that runs another account's image",
    (all) =>
      make(all, "services", "aws_ecs_task_definition", {
        family: "x",
        container_definitions: JSON.stringify([{ name: "x", image: `${STRANGER}.dkr.ecr.ap-northeast-1.amazonaws.com/x:1` }]),
      }),
    "refusal identity/foreign-account aws_ecs_task_definition",
  ],
  [
    "a program that runs a public image",
    (all) =>
      make(all, "services", "aws_ecs_task_definition", {
        family: "x",
        container_definitions: JSON.stringify([{ name: "x", image: "someone/tools:1" }]),
      }),
    "refusal compute/foreign-source aws_ecs_task_definition",
  ],
  [
    "images copied to another account",
    (all) =>
      make(all, "services", "aws_ecr_replication_configuration", {
        replication_configuration: { rule: { destination: { region: "ap-northeast-1", registry_id: STRANGER } } },
      }),
    "refusal identity/foreign-account aws_ecr_replication_configuration",
  ],
  [
    "a share with another account",
    (all) => make(all, "network", "aws_ram_principal_association", { principal: STRANGER, resource_share_arn: "x" }),
    "refusal identity/foreign-account aws_ram_principal_association",
  ],
  [
    "backups copied to another account",
    (all) =>
      make(
        all,
        "operations",
        "aws_backup_plan",
        {
          name: "x",
          rule: [
            {
              rule_name: "x",
              target_vault_name: "x",
              copy_action: [{ destination_vault_arn: `arn:aws:backup:ap-northeast-1:${STRANGER}:backup-vault:x` }],
            },
          ],
        },
        "other",
      ),
    "refusal identity/foreign-account aws_backup_plan",
  ],
  [
    "a policy in which a reference stands beside another account",
    (all) =>
      make(all, "data", "aws_sqs_queue_policy", {
        queue_url: "x",
        policy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:*","Principal":{"AWS":"${STRANGER}"},"Resource":"\${aws_sqs_queue.x.arn}"}]}`,
      }),
    "refusal identity/foreign-account aws_sqs_queue_policy",
  ],
  [
    "failed messages that go to another account",
    (all) =>
      make(all, "events", "aws_sqs_queue", {
        name: "x",
        redrive_policy: JSON.stringify({ deadLetterTargetArn: `arn:aws:sqs:ap-northeast-1:${STRANGER}:x`, maxReceiveCount: 1 }),
      }),
    "refusal identity/foreign-account aws_sqs_queue",
  ],
  [
    "another account inside a function of Terraform",
    (all) =>
      make(all, "data", "aws_sqs_queue_policy", {
        queue_url: "x",
        policy: `\${jsonencode({"Statement" = [{"Effect" = "Allow", "Action" = "sqs:*", "Principal" = {"AWS" = "${STRANGER}"}}]})}`,
      }),
    "refusal identity/foreign-account aws_sqs_queue_policy",
  ],
];
