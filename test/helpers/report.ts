/** Reports as a review makes them, for tests of what lays them out. Prices are made up and round. */
import {
  UNKNOWN,
  type CostLine,
  type EnvironmentCost,
  type EnvironmentReview,
  type Finding,
  type Report,
  type ResourceChange,
  type RiskClass,
  type StackPlan,
  type StackReview,
} from "../../review/model";

/** Stands in for review/risk: a class for each type of the samples. */
export function classOf({ type }: Pick<ResourceChange, "type">): RiskClass {
  if (/dynamodb|s3_bucket$|_db_/.test(type)) return "data";
  if (/iam|kms/.test(type)) return "identity";
  if (/security_group|acl/.test(type)) return "network exposure";
  if (/sns|sqs|alarm/.test(type)) return "notification";
  return /instance|eks|lambda/.test(type) ? "compute" : "cosmetic";
}

/** The same for what is lost with a type. */
export const heldBy = (type: string): string | undefined => ({ aws_dynamodb_table: "items", aws_s3_bucket: "objects" })[type];

/** A change of `prod-data/order-state/table`, unless told otherwise. */
export function changeOf(change: Partial<ResourceChange> = {}): ResourceChange {
  return {
    address: "aws_dynamodb_table.order-state_table_1A2B3C4D",
    type: "aws_dynamodb_table",
    provider: "registry.terraform.io/hashicorp/aws",
    construct: "prod-data/order-state/table",
    action: "update",
    createBeforeDestroy: false,
    attributes: [],
    ...change,
  };
}

export const planOf = (stack: string, plan: Partial<StackPlan> = {}): StackPlan => ({
  stack,
  changes: [],
  drift: [],
  outputs: [],
  before: [],
  after: [],
  isComplete: true,
  region: "ap-northeast-1",
  ...plan,
});

export const stackOf = (
  stack: string,
  review: Partial<Omit<StackReview, "plan">> & { readonly plan?: Partial<StackPlan> } = {},
): StackReview => ({ stack, state: "planned", findings: [], ...review, plan: planOf(stack, review.plan) });

export const findingOf = (finding: Partial<Finding> = {}): Finding => ({
  rule: "data/replaced",
  severity: "refusal",
  riskClass: "data",
  stack: "prod-data",
  construct: "prod-data/order-state/table",
  message: "The table is destroyed and made anew; its items are lost.",
  ...finding,
});

export const costOf = (cost: Partial<EnvironmentCost> = {}): EnvironmentCost => ({
  before: 0,
  after: 0,
  lines: [],
  linesBefore: [],
  unknownTypes: [],
  documented: [],
  pricesOf: "2026-11-21",
  ...cost,
});

export const environmentOf = (environment: string, review: Partial<EnvironmentReview> = {}): EnvironmentReview => ({
  environment,
  stacks: [],
  findings: [],
  cost: costOf(),
  ...review,
});

export const reportOf = (report: Partial<Report> = {}): Report => ({
  source: { kind: "base", base: "main", baseCommit: "abc1234def", head: "alerts-in-osaka", rehearsed: [] },
  environments: [],
  exceptionErrors: [],
  limits: [],
  ...report,
});

const line = (construct: string, type: string, monthly: number | undefined, formula: string): CostLine => ({
  stack: construct.split("/")[0]!,
  construct,
  address: `${type}.${construct.split("/").slice(1).join("_")}`,
  type,
  formula,
  monthly,
  pricing: monthly === undefined ? "unknown" : monthly === 0 ? "free" : "priced",
});

const UNIT_BEFORE =
  "[Unit]\nDescription=Trading engine\nAfter=network-online.target\nWants=network-online.target\n\n[Service]\nExecStart=/opt/engine/run\nRestart=on-failure\nRestartSec=5\nUser=engine\n\n[Install]\nWantedBy=multi-user.target\n";

const DATA_CHANGES: readonly ResourceChange[] = [
  changeOf({
    action: "replace",
    reason: "replace_because_cannot_update",
    address: "aws_dynamodb_table.order-state_table_1A2B3C4D",
    attributes: [
      {
        path: "arn",
        before: "arn:aws:dynamodb:ap-northeast-1:777788889999:table/tss-order-state",
        after: UNKNOWN,
        forcesReplacement: false,
      },
      { path: "attribute[0].name", before: "order_id", after: "orderId", forcesReplacement: false },
      { path: "hash_key", before: "order_id", after: "orderId", forcesReplacement: true },
      { path: "point_in_time_recovery[0].enabled", before: true, after: false, forcesReplacement: false },
    ],
  }),
  changeOf({
    action: "update",
    address: "aws_s3_bucket_policy.raw-market-data_policy_0A0B0C0D",
    type: "aws_s3_bucket_policy",
    construct: "prod-data/raw-market-data/policy",
    attributes: [
      { path: "policy.Statement[1].Action", before: ["s3:GetObject"], after: ["s3:GetObject", "s3:PutObject"], forcesReplacement: false },
    ],
  }),
  changeOf({
    action: "destroy",
    address: "aws_s3_bucket.backtest-results_bucket_5E6F7A8B",
    type: "aws_s3_bucket",
    construct: "prod-data/backtest-results/bucket",
    reason: "delete_because_no_resource_config",
    before: {
      bucket: "tss-backtest-results",
      force_destroy: false,
      tags: { Environment: "prod", Owner: "research" },
      lifecycle_rule: [],
      acceleration_status: null,
    },
  }),
  changeOf({
    action: "move",
    address: "aws_kms_alias.key_alias_11112222",
    previousAddress: "aws_kms_alias.key_name_33334444",
    type: "aws_kms_alias",
    construct: "prod-data/key/alias",
  }),
];

const TRADING_CHANGES: readonly ResourceChange[] = [
  changeOf({
    action: "create",
    address: "aws_vpc_security_group_ingress_rule.windows-security-group_rdp_9C9D9E9F",
    type: "aws_vpc_security_group_ingress_rule",
    construct: "prod-trading/windows-security-group/rdp",
    after: {
      cidr_ipv4: "0.0.0.0/0",
      from_port: 3389,
      ip_protocol: "tcp",
      to_port: 3389,
      security_group_id: UNKNOWN,
      description: "Remote desktop",
    },
  }),
  changeOf({
    action: "replace",
    address: "aws_instance.engine_instance_77778888",
    type: "aws_instance",
    construct: "prod-trading/engine/instance",
    createBeforeDestroy: true,
    attributes: [
      { path: "ami", before: "ami-0aaaaaaaaaaaaaaaa", after: "ami-0bbbbbbbbbbbbbbbb", forcesReplacement: true },
      { path: "instance_type", before: "t3.small", after: "t3.medium", forcesReplacement: false },
      { path: "private_ip", before: "10.0.2.17", after: UNKNOWN, forcesReplacement: false },
    ],
  }),
  changeOf({
    action: "update",
    address: "aws_ssm_document.engine-bundle_document_12121212",
    type: "aws_ssm_document",
    construct: "prod-trading/engine-bundle/document",
    attributes: [
      {
        path: "content",
        before: UNIT_BEFORE,
        after: UNIT_BEFORE.replace("RestartSec=5", "RestartSec=30\nMemoryMax=2G"),
        forcesReplacement: false,
      },
    ],
  }),
  changeOf({
    action: "import",
    importId: "/tss/application",
    address: "aws_cloudwatch_log_group.application-log_group_abababab",
    type: "aws_cloudwatch_log_group",
    construct: "prod-trading/application-log/group",
  }),
  changeOf({
    action: "forget",
    address: "aws_cloudwatch_log_group.system-log_group_cdcdcdcd",
    type: "aws_cloudwatch_log_group",
    construct: "prod-trading/system-log/group",
    before: { name: "/tss/system", retention_in_days: 30 },
  }),
];

const PROD: EnvironmentReview = environmentOf("prod", {
  findings: [
    findingOf({
      rule: "cost/over-budget",
      severity: "notice",
      riskClass: "cosmetic",
      stack: "",
      construct: "prod",
      message: "The estimate of $434.00 a month is beyond the budget of $420.00.",
    }),
  ],
  stacks: [
    stackOf("prod-bootstrap", { state: "unchanged" }),
    stackOf("prod-network", { state: "unchanged" }),
    stackOf("prod-events", {
      plan: {
        changes: [
          changeOf({
            action: "update",
            address: "aws_sqs_queue.orders_queue_56565656",
            type: "aws_sqs_queue",
            construct: "prod-events/orders/queue",
            attributes: [{ path: "visibility_timeout_seconds", before: 60, after: 90, forcesReplacement: false }],
          }),
        ],
        drift: [
          changeOf({
            action: "update",
            address: "aws_sns_topic.system-alerts_topic_78787878",
            type: "aws_sns_topic",
            construct: "prod-events/system-alerts/topic",
            attributes: [{ path: "display_name", before: "alerts", after: "Alerts (do not mute)", forcesReplacement: false }],
          }),
        ],
        outputs: [
          {
            name: "orders-queue-url",
            action: "update",
            before: "https://sqs.ap-northeast-1.amazonaws.com/777788889999/tss-orders",
            after: UNKNOWN,
          },
        ],
      },
    }),
    stackOf("prod-data", {
      plan: { changes: DATA_CHANGES },
      findings: [
        findingOf({
          address: "aws_dynamodb_table.order-state_table_1A2B3C4D",
          source: "stacks/data.ts:41",
          message: "The table is destroyed and made anew, because hash_key cannot be updated; its items are lost.",
        }),
        findingOf({
          rule: "data/backups-off",
          address: "aws_dynamodb_table.order-state_table_1A2B3C4D",
          source: "stacks/data.ts:41",
          message: "Point-in-time recovery is turned off.",
        }),
        findingOf({
          rule: "data/destroyed",
          construct: "prod-data/backtest-results/bucket",
          address: "aws_s3_bucket.backtest-results_bucket_5E6F7A8B",
          message: "The bucket and all objects in it are destroyed.",
          excepted: {
            construct: "*-data/backtest-results/bucket",
            rule: "data/destroyed",
            reason: "Research has moved its results (ticket 412).",
            expires: "2026-12-31",
          },
        }),
        findingOf({
          rule: "checkov/CKV_AWS_18",
          severity: "notice",
          riskClass: "data",
          construct: "prod-data/raw-market-data/bucket",
          source: "stacks/data.ts:58",
          message: "The bucket writes no access log.",
        }),
      ],
    }),
    stackOf("prod-trading", {
      plan: { changes: TRADING_CHANGES },
      findings: [
        findingOf({
          rule: "network/ingress-opened",
          riskClass: "network exposure",
          stack: "prod-trading",
          construct: "prod-trading/windows-security-group/rdp",
          address: "aws_vpc_security_group_ingress_rule.windows-security-group_rdp_9C9D9E9F",
          source: "stacks/trading.ts:77",
          message: "Port 3389 opens to 0.0.0.0/0, the whole Internet.",
        }),
      ],
    }),
    stackOf("prod-services", {
      state: "compared",
      why: "The rehearsal cannot cover EKS, so its provider was not asked.",
      plan: {
        changes: [
          changeOf({
            action: "update",
            address: "aws_eks_cluster.cluster_55556666",
            type: "aws_eks_cluster",
            construct: "prod-services/cluster/cluster",
            attributes: [{ path: "version", before: "1.32", after: "1.33", forcesReplacement: false }],
          }),
        ],
      },
    }),
    stackOf("prod-workloads", { state: "deferred", why: "prod-services must be applied first." }),
  ],
  cost: costOf({
    before: 398,
    after: 434,
    budget: 420,
    unknownTypes: ["aws_eks_addon", "helm_release"],
    linesBefore: [
      line("prod-trading/engine/instance", "aws_instance", 20, "730 h × $0.0274"),
      line("prod-data/cache/cluster", "aws_elasticache_cluster", 18, "730 h × $0.0247"),
      line("prod-network/nat/gateway", "aws_nat_gateway", 360, "8 × $45"),
    ],
    lines: [
      line("prod-trading/engine/instance", "aws_instance", 56, "730 h × $0.0767"),
      line("prod-data/cache/cluster", "aws_elasticache_cluster", 18, "730 h × $0.0247"),
      line("prod-network/nat/gateway", "aws_nat_gateway", 360, "8 × $45"),
      line("prod-services/addons/dns", "aws_eks_addon", undefined, "no price is known"),
    ],
    documented: [
      {
        id: "CST-010",
        title: "Phase 2 (production)",
        documented: 37.49,
        described: 45,
        estimated: 434,
        reasons: ["The documents count one NAT gateway, and none of the services."],
        lines: [
          { what: "EC2", documented: 24, estimated: 56, reason: "A larger instance." },
          { what: "Total", documented: 37.49, estimated: 434 },
        ],
      },
    ],
  }),
});

const STAGING: EnvironmentReview = environmentOf("staging", {
  stacks: [
    stackOf("staging-data", {
      plan: {
        changes: [
          changeOf({
            action: "create",
            address: "aws_sns_topic.note_topic_1",
            type: "aws_sns_topic",
            construct: "staging-data/note/topic",
            after: { name: "tss-note-staging", tags: { Environment: "staging" } },
          }),
        ],
      },
    }),
    stackOf("staging-events"),
    stackOf("staging-trading"),
  ],
  cost: costOf({ before: 101.5, after: 101.5 }),
});

const DEV: EnvironmentReview = environmentOf("dev", {
  stacks: [
    stackOf("dev-data", { state: "unchanged" }),
    stackOf("dev-events", { state: "unchanged" }),
    stackOf("dev-trading", { state: "unchanged" }),
  ],
  cost: costOf({ before: 43.5, after: 43.5, budget: 60 }),
});

/** prod with two things that lose data, an opened port, an exception, costs, drift, a deferred and a compared stack; staging with one addition; dev as it was. */
export const sampleReport = (): Report =>
  reportOf({
    environments: [PROD, STAGING, DEV],
    limits: [
      "The emulator knows no quota: a plan that passes here can still be refused by the account.",
      "Prices are those of the list; discounts are not known.",
    ],
  });

const ACTIONS_OF_MANY = ["update", "create", "replace", "destroy", "update"] as const;
const TYPES_OF_MANY = [
  "aws_instance",
  "aws_sqs_queue",
  "aws_iam_policy",
  "aws_s3_bucket",
  "aws_cloudwatch_log_group",
  "aws_vpc_security_group_ingress_rule",
  "aws_dynamodb_table",
] as const;

/** As many changes as told, of several classes, actions and stacks, each with ten attributes. */
export function manyChanges(count: number): Report {
  const perStack = Math.ceil(count / 8);
  const stacks = Array.from({ length: 8 }, (_, number): StackReview => {
    const stack = `prod-part-${number}`;
    const changes = Array.from({ length: Math.min(perStack, count - number * perStack) }, (_, index): ResourceChange => {
      const type = TYPES_OF_MANY[(index + number) % TYPES_OF_MANY.length]!;
      const action = ACTIONS_OF_MANY[index % ACTIONS_OF_MANY.length]!;
      const values = Object.fromEntries(Array.from({ length: 10 }, (_, key) => [`argument_${key}`, `value ${index} of ${key}`]));
      return changeOf({
        action,
        type,
        construct: `${stack}/service-${Math.floor(index / 5)}/part-${index}`,
        address: `${type}.service_${Math.floor(index / 5)}_part-${index}`,
        attributes:
          action === "update" || action === "replace"
            ? Object.keys(values).map((path) => ({
                path,
                before: values[path],
                after: `${values[path] as string}, changed`,
                forcesReplacement: action === "replace" && path === "argument_0",
              }))
            : [],
        ...(action === "create" ? { after: values } : {}),
        ...(action === "destroy" ? { before: values } : {}),
      });
    });
    const findings = changes
      .filter((change) => change.action === "destroy" && classOf(change) === "data")
      .map((change) =>
        findingOf({
          stack,
          construct: change.construct,
          address: change.address,
          rule: "data/destroyed",
          message: "What it holds is lost.",
        }),
      );
    return stackOf(stack, { plan: { changes }, findings });
  });
  return reportOf({ environments: [environmentOf("prod", { stacks })] });
}
