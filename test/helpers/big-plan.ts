/** A plan as big as anyone's: for what must be fast. */

interface Kind {
  readonly type: string;
  readonly values: (index: number) => Record<string, unknown>;
  readonly changed: Record<string, unknown>;
  readonly unknown: Record<string, unknown>;
}

const policy = (index: number) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "DenyWithoutTls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [`arn:aws:s3:::bucket-${index}`, `arn:aws:s3:::bucket-${index}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
      {
        Sid: "Read",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::111122223333:role/reader-${index}` },
        Action: ["s3:GetObject", "s3:ListBucket"],
        Resource: "*",
      },
    ],
  });
const tags = (index: number) => ({ Name: `part-${index}`, Environment: "prod", ManagedBy: "cdktf", Project: "trading-system" });

/** Shapes that plans are full of: tags, policies, blocks, environment variables, rules. */
const KINDS: readonly Kind[] = [
  {
    type: "aws_s3_bucket_policy",
    values: (index) => ({ id: `bucket-${index}`, bucket: `bucket-${index}`, policy: policy(index) }),
    changed: { policy: policy(-1) },
    unknown: {},
  },
  {
    type: "aws_sqs_queue",
    values: (index) => ({
      id: `https://sqs.ap-northeast-1.amazonaws.com/111122223333/queue-${index}`,
      name: `queue-${index}`,
      arn: `arn:aws:sqs:ap-northeast-1:111122223333:queue-${index}`,
      visibility_timeout_seconds: 30,
      redrive_policy: JSON.stringify({ deadLetterTargetArn: `arn:aws:sqs:ap-northeast-1:111122223333:dlq-${index}`, maxReceiveCount: 5 }),
      tags: tags(index),
      tags_all: tags(index),
    }),
    changed: { visibility_timeout_seconds: 60 },
    unknown: { redrive_policy: true },
  },
  {
    type: "aws_security_group",
    values: (index) => ({
      id: `sg-${index}`,
      name: `group-${index}`,
      ingress: Array.from({ length: 6 }, (_, rule) => ({
        from_port: 1000 + rule,
        to_port: 1000 + rule,
        protocol: "tcp",
        cidr_blocks: [`10.${rule}.0.0/16`],
        description: `rule ${rule}`,
        self: false,
      })),
      tags: tags(index),
      tags_all: tags(index),
    }),
    changed: { description: "another" },
    unknown: {},
  },
  {
    type: "aws_lambda_function",
    values: (index) => ({
      id: `function-${index}`,
      function_name: `function-${index}`,
      runtime: "python3.13",
      environment: [{ variables: { LEVEL: "info", TARGET: `queue-${index}` } }],
      source_code_hash: "n4bQgYhMfWWaL28IoEXhp0V1XyMUjy7W0uW9cXgZDRA=",
      tags: tags(index),
      tags_all: tags(index),
    }),
    changed: { runtime: "python3.14" },
    unknown: { last_modified: true },
  },
  {
    type: "aws_instance",
    values: (index) => ({
      id: `i-${index}`,
      ami: "ami-0123456789abcdef0",
      instance_type: "t3.small",
      user_data: Array.from({ length: 60 }, (_, line) => `echo step ${line} of host ${index} && run --part ${line}`).join("\n"),
      root_block_device: [{ volume_size: 100, encrypted: true, kms_key_id: `arn:aws:kms:ap-northeast-1:111122223333:key/${index}` }],
      tags: tags(index),
      tags_all: tags(index),
    }),
    changed: { ami: "ami-0fedcba9876543210" },
    unknown: { id: true, private_ip: true },
  },
];
const ACTIONS: readonly (readonly string[])[] = [["no-op"], ["update"], ["create"], ["delete"], ["delete", "create"], ["update"]];

/**
 * @param count resources; they take the actions in turn
 * @returns the text that `terraform show -json` would write, about 5 KB for each resource
 */
export function bigPlan(count: number): string {
  const resources = Array.from({ length: count }, (_, index) => {
    const kind = KINDS[index % KINDS.length]!;
    const actions = ACTIONS[index % ACTIONS.length]!;
    const { type } = kind;
    const values = kind.values(index);
    const after =
      actions[0] === "no-op"
        ? values
        : { ...values, ...kind.changed, ...Object.fromEntries(Object.keys(kind.unknown).map((key) => [key, undefined])) };
    const [isNew, isGone] = [actions[0] === "create", actions.length === 1 && actions[0] === "delete"];
    return {
      address: `${type}.part_${index}`,
      mode: "managed",
      type,
      name: `part_${index}`,
      provider_name: "registry.terraform.io/hashicorp/aws",
      change: {
        actions,
        before: isNew ? null : values,
        after: isGone ? null : after,
        after_unknown: actions[0] === "no-op" || isGone ? {} : kind.unknown,
        before_sensitive: isNew ? false : {},
        after_sensitive: isGone ? false : {},
        ...(actions.length > 1 ? { replace_paths: Object.keys(kind.changed).map((key) => [key]) } : {}),
      },
    };
  });
  const state = (when: "before" | "after") =>
    resources
      .filter(({ change }) => change[when] !== null)
      .map(({ address, mode, type, name, provider_name: provider, change }) => ({
        address,
        mode,
        type,
        name,
        provider_name: provider,
        schema_version: 0,
        values: change[when],
        sensitive_values: {},
      }));
  return JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.11.4",
    planned_values: { root_module: { resources: state("after") } },
    resource_changes: resources,
    output_changes: {},
    prior_state: { format_version: "1.0", terraform_version: "1.11.4", values: { root_module: { resources: state("before") } } },
    configuration: {
      provider_config: {
        aws: {
          name: "aws",
          full_name: "registry.terraform.io/hashicorp/aws",
          expressions: { region: { constant_value: "ap-northeast-1" } },
        },
      },
    },
    timestamp: "2026-11-21T00:00:00Z",
    applyable: true,
    complete: true,
    errored: false,
  });
}
