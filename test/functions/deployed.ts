/**
 * dev's events stack on an emulator that runs functions and enforces their roles: secret, topics, queues, functions and subscriptions as they are
 * synthesised. Left out is what it has no part of: the roles' boundary (bootstrap), mail, and the refusal of whoever speaks no TLS, as it speaks none.
 */
import { readFileSync } from "node:fs";
import { functionCode } from "../../constructs/functions/function-code";
import type { Environment } from "../../environments/schema";
import { environment } from "../environments/edits";
import { synthEnvironments, type Block, type StackJson } from "../helpers/synth";
import { IamEmulator, type Call } from "../rights/emulator";

type Texts = Readonly<Record<string, string>>;
const REFERENCE = /\$\{(aws_\w+\.[\w-]+)\.(\w+)\}/g;

export const text = (answer: Readonly<Record<string, unknown>>, key: string) => answer[key] as string;

/** Whether something holds in the end. @param seconds after which it is given up */
export async function eventually(holds: () => boolean | Promise<boolean>, seconds = 60): Promise<boolean> {
  for (let tries = 0; tries < seconds * 4; tries += 1) {
    if (await holds()) return true;
    await new Promise((done) => setTimeout(done, 250));
  }
  return false;
}

export class Deployed {
  readonly call: Call;
  /** Address of a resource → what others refer to. */
  private readonly known = new Map<string, Texts>();

  private constructor(
    private readonly emulator: IamEmulator,
    readonly environment: Environment,
    private readonly stack: StackJson,
  ) {
    this.call = emulator.as();
  }

  /** @param webhook address to which Slack's function posts */
  static async start(webhook: string): Promise<Deployed> {
    const dev = environment("dev");
    const { "dev-events": stack } = synthEnvironments({ environments: [dev], target: { kind: "aws" } });
    const deployed = new Deployed(await IamEmulator.start(dev), dev, stack!);
    try {
      await deployed.deploy(webhook);
    } catch (error) {
      await deployed.stop();
      throw error;
    }
    return deployed;
  }

  async stop(): Promise<void> {
    await this.emulator.stop();
  }

  /** What others refer to of the one resource of a type whose id in the stack begins with `part`. */
  of(type: string, part: string): Texts {
    const [, found] = [...this.known].find(([address]) => address.startsWith(`${type}.${part}`)) ?? [];
    if (!found) throw new Error(`the stack has no ${type}.${part}…`);
    return found;
  }

  /** Messages in a queue, those in work too. */
  async waiting(QueueUrl: string): Promise<number> {
    const AttributeNames = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"];
    const { Attributes } = await this.call("sqs", "get_queue_attributes", { QueueUrl, AttributeNames });
    return Object.values(Attributes as Texts).reduce((sum, value) => sum + Number(value), 0);
  }

  /** Lines of a log group; of all groups without one. */
  async lines(group?: string): Promise<string[]> {
    const { logGroups } = await this.call("logs", "describe_log_groups", group === undefined ? {} : { logGroupNamePrefix: group });
    const answers = await Promise.all(
      (logGroups as { logGroupName: string }[]).map(({ logGroupName }) => this.call("logs", "filter_log_events", { logGroupName })),
    );
    return answers.flatMap(({ events }) => (events as { message: string }[]).map(({ message }) => message));
  }

  /** Makes one alarm, which others might ring beside. @param part begin of its id in the stack */
  async alarm(
    part: string,
  ): Promise<{ readonly name: string; readonly namespace: string; readonly metric: string; readonly dimensions: readonly object[] }> {
    const [, block] = Object.entries(this.stack.resource!.aws_cloudwatch_metric_alarm!).find(([id]) => id.startsWith(part))!;
    const { dimensions: texts, ...rest } = this.resolved(block);
    const dimensions = Object.entries(texts as Texts).map(([Name, Value]) => ({ Name, Value }));
    await this.call("cloudwatch", "put_metric_alarm", { ...inCalls(rest), Dimensions: dimensions });
    return { name: text(rest, "alarm_name"), namespace: text(rest, "namespace"), metric: text(rest, "metric_name"), dimensions };
  }

  private async deploy(webhook: string): Promise<void> {
    const { call } = this;
    const { account, region } = this.environment;
    await this.each("aws_secretsmanager_secret", async ({ name }) => ({
      arn: text(
        await call("secretsmanager", "create_secret", { Name: name, SecretString: JSON.stringify({ webhook_url: webhook }) }),
        "ARN",
      ),
    }));
    await this.each("aws_iam_role", async ({ name, path, assume_role_policy: AssumeRolePolicyDocument }) => {
      const { Role } = await call("iam", "create_role", { RoleName: name, Path: path, AssumeRolePolicyDocument });
      return { id: name as string, arn: (Role as { Arn: string }).Arn };
    });
    await this.each("aws_sns_topic", async ({ name }) => ({
      name: name as string,
      arn: text(await call("sns", "create_topic", { Name: name }), "TopicArn"),
    }));
    await this.each("aws_sqs_queue", async ({ name, visibility_timeout_seconds: visibility, redrive_policy: RedrivePolicy }) => {
      const Attributes = {
        ...(visibility !== undefined && { VisibilityTimeout: String(visibility) }),
        ...(RedrivePolicy !== undefined && { RedrivePolicy }),
      };
      const url = text(await call("sqs", "create_queue", { QueueName: name, Attributes }), "QueueUrl");
      return { url, name: name as string, arn: `arn:aws:sqs:${region}:${account}:${name as string}` };
    });
    await this.each("aws_sqs_queue_policy", async ({ queue_url: QueueUrl, policy }) => {
      await call("sqs", "set_queue_attributes", { QueueUrl, Attributes: { Policy: withoutTls(policy as string) } });
    });
    await this.each("aws_sns_topic_policy", async ({ arn: TopicArn, policy }) => {
      const AttributeValue = withoutTls(policy as string);
      if (!AttributeValue.includes("[]")) await call("sns", "set_topic_attributes", { TopicArn, AttributeName: "Policy", AttributeValue });
    });
    await this.each("aws_cloudwatch_log_group", async ({ name }) => {
      await call("logs", "create_log_group", { logGroupName: name });
      return { name: name as string, arn: `arn:aws:logs:${region}:${account}:log-group:${name as string}` };
    });
    await this.each("aws_iam_role_policy", async ({ role: RoleName, name: PolicyName, policy: PolicyDocument }) => {
      await call("iam", "put_role_policy", { RoleName, PolicyName, PolicyDocument });
    });
    await this.deployFunctions();
    await this.each("aws_sns_topic_subscription", async ({ topic_arn: TopicArn, protocol: Protocol, endpoint: Endpoint, ...rest }) => {
      const Attributes = {
        ...(rest.filter_policy !== undefined && { FilterPolicy: rest.filter_policy }),
        ...(rest.redrive_policy !== undefined && { RedrivePolicy: rest.redrive_policy }),
      };
      if (Protocol !== "email") await call("sns", "subscribe", { TopicArn, Protocol, Endpoint, Attributes });
    });
  }

  private async deployFunctions(): Promise<void> {
    const { call } = this;
    await this.each("aws_lambda_function", async (block) => {
      const {
        filename,
        function_name: FunctionName,
        environment: variables,
        logging_config: logging,
        reserved_concurrent_executions: copies,
      } = block;
      const code = functionCode(/([a-z-]+)-[0-9a-f]{64}\.zip$/.exec(filename as string)![1]!);
      const { FunctionArn } = await call("lambda", "create_function", {
        FunctionName,
        Runtime: block.runtime,
        Architectures: block.architectures,
        Role: block.role,
        Handler: block.handler,
        Timeout: block.timeout,
        MemorySize: block.memory_size,
        Code: { ZipFile: { base64: readFileSync(code.path).toString("base64") } },
        ...(variables !== undefined && { Environment: { Variables: (variables as { variables: Texts }).variables } }),
        LoggingConfig: inCalls(logging as Block),
      });
      await call("lambda", "put_function_concurrency", { FunctionName, ReservedConcurrentExecutions: copies });
      return { arn: FunctionArn as string, function_name: FunctionName as string };
    });
    await this.each(
      "aws_lambda_permission",
      async ({ function_name: FunctionName, action: Action, principal: Principal, source_arn: SourceArn }, id) => {
        await call("lambda", "add_permission", { FunctionName, StatementId: id, Action, Principal, SourceArn });
      },
    );
    await this.each("aws_lambda_function_event_invoke_config", async (block) => {
      const { on_failure: OnFailure, on_success: OnSuccess } = block.destination_config as Readonly<Record<string, Block>>;
      await call("lambda", "put_function_event_invoke_config", {
        FunctionName: block.function_name,
        MaximumRetryAttempts: block.maximum_retry_attempts,
        DestinationConfig: { ...(OnFailure && { OnFailure: inCalls(OnFailure) }), ...(OnSuccess && { OnSuccess: inCalls(OnSuccess) }) },
      });
    });
    await this.each(
      "aws_lambda_event_source_mapping",
      async ({ event_source_arn: EventSourceArn, function_name: FunctionName, ...rest }) => {
        const { batch_size: BatchSize, function_response_types: FunctionResponseTypes } = rest;
        await call("lambda", "create_event_source_mapping", { EventSourceArn, FunctionName, BatchSize, FunctionResponseTypes });
      },
    );
  }

  /** Makes all of a type, with what they refer to; those that refer to others of their type come last. */
  private async each(type: string, make: (block: Block, id: string) => Promise<Texts | void>): Promise<void> {
    const entries = Object.entries(this.stack.resource?.[type] ?? {});
    const isLate = ([, block]: readonly [string, Block]) => Number(JSON.stringify(block).includes(`\${${type}.`));
    for (const [id, block] of entries.sort((a, b) => isLate(a) - isLate(b))) {
      const made = await make(this.resolved(block), id);
      if (made) this.known.set(`${type}.${id}`, made);
    }
  }

  private resolved(block: Block): Block {
    const value = (whole: string, address: string, attribute: string): string => {
      const found = this.known.get(address)?.[attribute];
      if (found === undefined) throw new Error(`${whole} is not known yet`);
      return found;
    };
    return JSON.parse(JSON.stringify(block).replace(REFERENCE, value)) as Block;
  }
}

/** Names as calls have them: `alarm_name` → `AlarmName`, `ok_actions` → `OKActions`. */
const inCalls = (block: Block): Block =>
  Object.fromEntries(
    Object.entries(block)
      .filter(([key]) => /^[a-z]/.test(key) && key !== "tags")
      .map(([key, value]) => [key.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase()).replace(/^Ok/, "OK"), value]),
  );

function withoutTls(policy: string): string {
  const { Statement, ...rest } = JSON.parse(policy) as { readonly Statement: readonly { readonly Sid?: string }[] };
  return JSON.stringify({ ...rest, Statement: Statement.filter(({ Sid }) => Sid !== "DenyWithoutTls") });
}
