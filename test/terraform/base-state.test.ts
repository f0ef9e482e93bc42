/** The state of a base without any API, by the real provider: what it holds, that nothing changes on it, and how edits show on it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { terraformSettings } from "../../terraform/settings";
import { Alone, Answers, KeptStates, NoBaseState, STATE_FILE, baseState, closed, type Place } from "../../review/base-state";
import { terraformWith } from "../../review/planning/rehearsed";
import type { StackJson } from "../../terraform/assembly";

jest.setTimeout(5 * 60_000);

const LOOK = {
  terraform: { required_providers: { aws: { source: "aws", version: "5.100.0" } }, backend: { s3: { bucket: "none" } } },
  provider: {
    aws: [
      { region: "ap-northeast-1", allowed_account_ids: ["111122223333"] },
      { alias: "osaka", region: "ap-northeast-3" },
    ],
  },
} as StackJson;
const NETWORK: StackJson = {
  output: { "cross-stack-output-topic": { value: "${aws_sns_topic.alerts.arn}" } },
  resource: { aws_sns_topic: { alerts: { name: "alerts" } } },
};
const TOPIC = "${data.terraform_remote_state.cross-stack-reference-input-dev-network.outputs.cross-stack-output-topic}";

/** Each kind of value that a plan alone does not know, or knows in another form than a state: see review/base-state/state.ts. */
const STACK: StackJson = {
  ...LOOK,
  data: {
    terraform_remote_state: { "cross-stack-reference-input-dev-network": { backend: "s3" } },
    aws_vpc: { own: { default: true } },
    aws_ecr_image: { pushed: { repository_name: "ml", image_tag: "1" } },
  },
  resource: {
    aws_sqs_queue: {
      orders: {
        name: "orders",
        visibility_timeout_seconds: 60,
        depends_on: ["data.aws_ecr_image.pushed"],
        lifecycle: { prevent_destroy: true },
      },
    },
    // Texts and sets that the provider brings into its own form only when it knows all of them.
    aws_cloudwatch_event_rule: {
      stopped: {
        name: "stopped",
        event_pattern: '{"source":["aws.sqs"],"resources":["${aws_sqs_queue.orders.arn}"],"detail":{"a":["b"]}}',
      },
    },
    aws_cloudwatch_metric_alarm: {
      age: {
        alarm_name: "age",
        comparison_operator: "GreaterThanThreshold",
        evaluation_periods: 1,
        threshold: 1,
        alarm_actions: [TOPIC],
        metric_query: [
          {
            id: "m",
            metric: {
              metric_name: "Age",
              namespace: "AWS/SQS",
              period: 60,
              stat: "Sum",
              dimensions: { QueueName: "${aws_sqs_queue.orders.id}" },
            },
          },
          { id: "e", expression: "m * 2", return_data: true, label: "E" },
        ],
      },
    },
    // Kept by the provider's framework, which plans what it does not find.
    aws_s3_bucket: { raw: { bucket: "raw", force_destroy: true }, copies: { bucket: "copies", provider: "aws.osaka" } },
    aws_s3_bucket_lifecycle_configuration: {
      raw: {
        bucket: "${aws_s3_bucket.raw.bucket}",
        rule: [{ id: "a", status: "Enabled", filter: [{ prefix: "" }], expiration: [{ days: 30 }] }],
      },
    },
    aws_security_group: { hosts: { name: "hosts", vpc_id: "${data.aws_vpc.own.id}", for_each: '${toset(["a", "b"])}' } },
    aws_dynamodb_table: {
      state: {
        name: "state",
        billing_mode: "PAY_PER_REQUEST",
        hash_key: "pk",
        attribute: [{ name: "pk", type: "S" }],
        point_in_time_recovery: [{ enabled: true }],
      },
    },
  },
  output: {
    "cross-stack-output-queue": { value: "${aws_sqs_queue.orders.url}" },
    "cross-stack-output-name": { value: "${aws_s3_bucket.raw.bucket}" },
  },
};

interface Change {
  readonly address: string;
  readonly change: { readonly actions: readonly string[]; readonly replace_paths?: unknown };
}

describe("a base's state", () => {
  const root = mkdtempSync(join(tmpdir(), "base-state-"));
  const settings = terraformSettings(root);
  const answers = new Answers(new Map([["dev-network", NETWORK]]));
  const commands: string[] = [];
  const alone = new Alone(join(root, "providers"), (variables) => {
    // As with a person who has a profile that does not exist.
    const run = terraformWith(
      { ...process.env, AWS_PROFILE: "no-such-profile", ...settings.variables, ...variables },
      new AbortController().signal,
    );
    return (folder, args) => {
      commands.push(args[0]!);
      return run(folder, args);
    };
  });
  let places = 0;
  const place = (json: StackJson): Place => {
    const folder = join(root, String((places += 1)));
    mkdirSync(folder);
    return { name: "dev-data", folder, json, digest: "same" };
  };
  let base: string;
  beforeAll(async () => {
    base = await baseState(place(STACK), answers, alone);
  });
  afterAll(() => {
    rmSync(root, { recursive: true });
  });

  it("holds every resource, in place of what is not known an answer, and the outputs", () => {
    const { resources, outputs } = JSON.parse(base) as {
      resources: {
        type: string;
        name: string;
        provider: string;
        instances: { index_key?: string; attributes: Record<string, unknown> }[];
      }[];
      outputs: Record<string, { value: unknown }>;
    };
    expect(
      resources
        .map(({ type, name, instances }) => `${type}.${name}${instances.map(({ index_key: key }) => (key ? `[${key}]` : "")).join("")}`)
        .sort(),
    ).toEqual([
      "aws_cloudwatch_event_rule.stopped",
      "aws_cloudwatch_metric_alarm.age",
      "aws_dynamodb_table.state",
      "aws_s3_bucket.copies",
      "aws_s3_bucket.raw",
      "aws_s3_bucket_lifecycle_configuration.raw",
      "aws_security_group.hosts[a][b]",
      "aws_sqs_queue.orders",
    ]);
    const one = (type: string, name: string) => resources.find((resource) => resource.type === type && resource.name === name)!;
    const queue = one("aws_sqs_queue", "orders").instances[0]!.attributes;
    expect(queue).toMatchObject({
      name: "orders",
      visibility_timeout_seconds: 60,
      max_message_size: 262144,
      arn: answers.of(STACK, { isData: false, type: "aws_sqs_queue", name: "orders", path: ["arn"] }),
    });
    expect(one("aws_cloudwatch_metric_alarm", "age").instances[0]!.attributes.alarm_actions).toEqual([
      answers.ofOutput("dev-network", "cross-stack-output-topic"),
    ]);
    expect(one("aws_s3_bucket", "copies").provider).toBe('provider["registry.terraform.io/hashicorp/aws"].osaka');
    expect(outputs).toMatchObject({ "cross-stack-output-queue": { value: queue.url }, "cross-stack-output-name": { value: "raw" } });
  });

  it("is the same for the same code, byte for byte, and is not made again where it was kept", async () => {
    const kept = new KeptStates(join(root, "kept"), __dirname);
    expect(await baseState(place(STACK), answers, alone, kept)).toBe(base);
    commands.length = 0;
    expect(await baseState(place(STACK), answers, alone, kept)).toBe(base);
    expect(commands).toEqual([]);
  });

  it("shows what edits do, each by the action and the paths of a real deploy", async () => {
    const edited = JSON.parse(JSON.stringify(STACK)) as { resource: Record<string, Record<string, Record<string, unknown>>> };
    Object.assign(edited.resource.aws_sqs_queue!.orders!, { visibility_timeout_seconds: 61 });
    Object.assign(edited.resource.aws_s3_bucket!.raw!, { bucket: "other" });
    Object.assign(edited.resource.aws_dynamodb_table!.state!, { point_in_time_recovery: [{ enabled: false }] });
    edited.resource.aws_s3_bucket!.renamed = edited.resource.aws_s3_bucket!.copies!;
    delete edited.resource.aws_s3_bucket!.copies;
    const head = place(edited as StackJson);
    writeFileSync(join(head.folder, STATE_FILE), base);
    writeFileSync(join(head.folder, "cdk.tf.json"), JSON.stringify(closed(head.json, answers)));
    expect(await alone.run(head, ["plan", "-out=plan", "-input=false", "-lock=false", "-refresh=false"])).toMatchObject({ code: 0 });
    const { resource_changes: changes } = JSON.parse((await alone.run(head, ["show", "-json", "plan"])).stdout) as {
      resource_changes: Change[];
    };
    expect(
      changes
        .filter(({ change: { actions } }) => actions[0] !== "no-op")
        .map(
          ({ address, change: { actions, replace_paths: paths } }) =>
            `${actions.join("/")} ${address}${paths ? ` ${JSON.stringify(paths)}` : ""}`,
        ),
    ).toEqual([
      "update aws_dynamodb_table.state",
      "delete aws_s3_bucket.copies",
      'delete/create aws_s3_bucket.raw [["bucket"]]',
      "create aws_s3_bucket.renamed",
      'delete/create aws_s3_bucket_lifecycle_configuration.raw [["bucket"]]',
      "update aws_sqs_queue.orders",
    ]);
  });

  it.each([
    [
      "imports what stands in the account",
      { ...STACK, import: [{ to: "aws_sqs_queue.orders", id: "https://sqs/orders" }] },
      "dev-data: it imports what stands in the account",
    ],
    [
      "has an argument that the provider does not know",
      { ...LOOK, resource: { aws_sqs_queue: { orders: { visibility_timeout: 60 } } } },
      "dev-data: its mocked apply failed: ",
    ],
    [
      "wants a provider that there is not",
      { ...STACK, terraform: { required_providers: { none: { source: "example.invalid/none/none", version: "1.0.0" } } } },
      "dev-data: terraform init failed: ",
    ],
  ])("is none for a stack that %s, and says why", async (_, json, why) => {
    const failed = baseState(place(json as StackJson), answers, alone);
    await expect(failed).rejects.toThrow(NoBaseState);
    await expect(failed).rejects.toThrow(why);
  });
});
