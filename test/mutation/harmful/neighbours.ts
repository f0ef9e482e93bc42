/** What people do every day: it must bring neither a foreign party nor anything that runs. */
import { make, type Edit } from "./prod";

const policy = (...statements: readonly object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });

export const NEIGHBOURS: readonly (readonly [what: string, edit: Edit])[] = [
  ["nothing at all", () => undefined],
  [
    "a queue with its policy",
    (all) => {
      make(all, "events", "aws_sqs_queue", { name: "TSS_Reports", message_retention_seconds: 345_600 });
      make(all, "events", "aws_sqs_queue_policy", {
        queue_url: "${aws_sqs_queue.added.url}",
        policy: policy({
          Effect: "Allow",
          Principal: { Service: "sns.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: "${aws_sqs_queue.added.arn}",
          Condition: { ArnEquals: { "aws:SourceArn": "arn:aws:sns:ap-northeast-1:777788889999:SystemAlertsTopic" } },
        }),
      });
    },
  ],
  [
    "a bucket of ours with its policy and its log",
    (all) => {
      make(all, "data", "aws_s3_bucket", { bucket: "tss-reports-777788889999" });
      make(all, "data", "aws_s3_bucket_policy", {
        bucket: "tss-reports-777788889999",
        policy: policy({
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::777788889999:role/x" },
          Action: "s3:GetObject",
          Resource: "arn:aws:s3:::tss-reports-777788889999/*",
        }),
      });
      make(all, "data", "aws_s3_bucket_logging", {
        bucket: "tss-reports-777788889999",
        target_bucket: "tss-access-logs-777788889999",
        target_prefix: "r",
      });
    },
  ],
  [
    "an image of our own registry under another digest",
    (all) =>
      make(all, "services", "aws_ecs_task_definition", {
        family: "x",
        container_definitions: JSON.stringify([
          { name: "x", image: `777788889999.dkr.ecr.ap-northeast-1.amazonaws.com/day-trade-ml@sha256:${"ab".repeat(32)}` },
          { name: "y", image: `\${aws_ecr_repository.ml.repository_url}@sha256:${"cd".repeat(32)}` },
        ]),
      }),
  ],
  [
    "another environment's account, which a literal names",
    (all) =>
      make(all, "data", "aws_sqs_queue_policy", {
        queue_url: "x",
        policy: policy({ Effect: "Allow", Principal: { AWS: "arn:aws:iam::444455556666:root" }, Action: "sqs:SendMessage", Resource: "*" }),
      }),
  ],
  [
    "a service of AWS, one of its policies and its registry",
    (all) =>
      make(all, "trading", "aws_iam_role", {
        name: "x",
        assume_role_policy: policy({ Effect: "Allow", Principal: { Service: "scheduler.amazonaws.com" }, Action: "sts:AssumeRole" }),
        managed_policy_arns: ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"],
        image: "602401143452.dkr.ecr.ap-northeast-1.amazonaws.com/eks/coredns:v1",
        endpoint: "https://sqs.ap-northeast-1.amazonaws.com",
      }),
  ],
  [
    "somebody more at an address that is known",
    (all) =>
      make(all, "events", "aws_sns_topic_subscription", { topic_arn: "x", protocol: "email", endpoint: "trading-leads@example.com" }),
  ],
  [
    "a chart's next version",
    (all) => {
      all.resource("workloads", "helm_release", "external-secrets").version = "9.9.9";
    },
  ],
  [
    "who is kept out",
    (all) =>
      make(all, "data", "aws_sqs_queue_policy", {
        queue_url: "x",
        policy: policy({ Effect: "Deny", Principal: { AWS: "arn:aws:iam::999900001111:root" }, Action: "sqs:*", Resource: "*" }),
      }),
  ],
  [
    "a name inside the network",
    (all) =>
      make(all, "network", "aws_route53_record", { zone_id: "x", name: "db", type: "CNAME", ttl: 60, records: ["db.trading.internal"] }),
  ],
  [
    "a host more that runs what the others do",
    (all) => {
      const { user_data, lifecycle } = all.resource("trading", "aws_instance", "engine");
      make(all, "trading", "aws_instance", { ami: "ami-1", user_data, lifecycle });
    },
  ],
  [
    "a document of which only a time limit, a word for people and a comment are others",
    (all) => {
      const document = all.resource("trading", "aws_ssm_document", "windows_converge");
      document.content = (document.content as string)
        .replace(/"timeoutSeconds":"\d+"/, '"timeoutSeconds":"1800"')
        .replace("Makes a host", "Makes any host");
    },
  ],
  [
    "an association of another bundle",
    (all) => {
      all.resource("trading", "aws_ssm_association", "engine").parameters = { manifest: "ab".repeat(32) };
    },
  ],
  [
    "a provider's next version, another tag and a provider of HashiCorp's",
    (all) => {
      const { terraform, provider } = all.json["prod-data"] as unknown as {
        terraform: { required_providers: Record<string, { source?: string; version?: string }> };
        provider: { aws: Record<string, unknown>[] };
      };
      terraform.required_providers.aws!.version = "6.99.0";
      terraform.required_providers.random = { source: "hashicorp/random" };
      provider.aws[0]!.default_tags = [{ tags: { Project: "other" } }];
      provider.aws.push({ alias: "more", region: "eu-west-1", allowed_account_ids: ["777788889999"] });
    },
  ],
  [
    "what is new and ignored from the beginning",
    (all) => make(all, "data", "aws_sqs_queue", { name: "x", lifecycle: { ignore_changes: ["tags"] } }),
  ],
  [
    "an address that goes from what Terraform ignores",
    (all) => {
      delete all.resource("trading", "aws_instance", "engine").lifecycle;
    },
  ],
  [
    "a document under another name in the code",
    (all) => {
      const name = all.named("trading", "aws_ssm_document", "engine_converge");
      const { resource } = all.json["prod-trading"] as unknown as { resource: Record<string, Record<string, object>> };
      resource.aws_ssm_document = Object.fromEntries(
        Object.entries(resource.aws_ssm_document!).map(([key, block]) => [key === name ? "engine_renamed" : key, block]),
      );
      const association = all.resource("trading", "aws_ssm_association", "engine");
      association.name = "${aws_ssm_document.engine_renamed.name}";
    },
  ],
  [
    "a document that works on another table",
    (all) => {
      const document = all.resource("operations", "aws_ssm_document", "table-restore");
      document.content = (document.content as string).replaceAll("TSS_DynamoDB_OrderState", "TSS_Orders");
    },
  ],
];
