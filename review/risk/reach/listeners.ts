/** Who hears what is told to a topic, and what must hold for it on the way. */
import type { Attribute } from "../../provider-names";
import { at, first, numberAt, textAt } from "../reading";
import { answerOf, type Answer, type Request } from "./admission";
import { nameOf, type Node, type World } from "./world";

/** Something on a way that lets through or does not. */
export interface Gate {
  /** The same on both sides. */
  readonly id: string;
  /** Where it is looked for when it is shut. */
  readonly at: Node;
  /** Says why nothing comes through where it is shut. @param who services that are kept out, as a sentence's list */
  readonly why: (who: string) => string;
  /** By policies, which are compared with those of before. */
  readonly answer?: Answer;
  /** By itself. */
  readonly isShut?: boolean;
}

/** One way from a topic to whoever hears it. */
export interface Way {
  readonly key: string;
  /** `email ops@example.com`, `the function X through the queue Y`. */
  readonly listener: string;
  /** All that it goes over, the subscription first. */
  readonly via: readonly Node[];
  readonly gates: readonly Gate[];
}

/** Both ends know a queue by its URL or its ARN, a function by its name or ARN. */
const SNS = "Service:sns.amazonaws.com";

/** @param hasServices whether AWS's services tell it, and not only programs */
export function waysFrom(world: World, topic: Node, hasServices: boolean): Way[] {
  return world.naming(topic, "aws_sns_topic_subscription.topic_arn").flatMap((subscription): Way[] => {
    const [queue] = world.named(subscription, "aws_sns_topic_subscription.endpoint", "aws_sqs_queue");
    const [called] = world.named(subscription, "aws_sns_topic_subscription.endpoint", "aws_lambda_function");
    const filter = hasServices ? [filterGate(subscription)] : [];
    if (called) {
      const way = waysOfFunction(world, called);
      return [{ ...way, via: [subscription, ...way.via], gates: [...filter, permission(world, topic, called), ...way.gates] }];
    }
    if (queue) {
      const gates = [...filter, ...into(world, topic, queue)];
      const readers = world.naming(queue, "aws_lambda_event_source_mapping.event_source_arn").flatMap((mapping) =>
        world.named(mapping, "aws_lambda_event_source_mapping.function_name", "aws_lambda_function").map((reader): Way => {
          const way = waysOfFunction(world, reader);
          return {
            key: way.key,
            listener: `${way.listener} through the queue ${nameOf(queue)}`,
            via: [subscription, queue, mapping, ...way.via],
            gates: [...gates, ...outOf(world, queue, mapping, reader), ...way.gates],
          };
        }),
      );
      return readers.length > 0 ? readers : [{ key: queue.key, listener: `the queue ${nameOf(queue)}`, via: [subscription, queue], gates }];
    }
    const protocol = textAt(subscription.said, "aws_sns_topic_subscription.protocol") ?? "somebody";
    const listener = `${protocol} ${textAt(subscription.said, "aws_sns_topic_subscription.endpoint") ?? ""}`.trim();
    return [{ key: listener, listener, via: [subscription], gates: filter }];
  });
}

/** What CloudWatch and EventBridge tell has no attributes, so that a filter by attributes lets nothing of it through. */
function filterGate(subscription: Node): Gate {
  const filter = textAt(subscription.said, "aws_sns_topic_subscription.filter_policy") ?? "";
  const scope = textAt(subscription.said, "aws_sns_topic_subscription.filter_policy_scope") ?? "MessageAttributes";
  return {
    id: `filter ${subscription.key}`,
    at: subscription,
    why: () => "its subscription takes only messages with certain attributes, and those of AWS's services have none",
    isShut: filter !== "" && filter !== "{}" && scope === "MessageAttributes" && !/"exists":\s*false/.test(filter),
  };
}

function permission(world: World, topic: Node, called: Node): Gate {
  const allowed = world
    .naming(called, "aws_lambda_permission.function_name")
    .filter(({ said }) => textAt(said, "aws_lambda_permission.principal") === "sns.amazonaws.com")
    .filter((one) => {
      const sources = at(one.said, "aws_lambda_permission.source_arn");
      return (
        sources.length === 0 || world.named(one, "aws_lambda_permission.source_arn", "aws_sns_topic").some(({ key }) => key === topic.key)
      );
    });
  return {
    id: `invoke ${topic.key} ${called.key}`,
    at: allowed[0] ?? called,
    why: () => `${nameOf(topic)} may not call it (aws_lambda_permission)`,
    isShut: allowed.length === 0,
  };
}

/** From the topic into the queue. */
const into = (world: World, topic: Node, queue: Node): Gate[] => [
  byResource(
    world,
    { who: SNS, action: "sqs:sendmessage", target: queue, source: topic },
    {
      inline: "aws_sqs_queue.policy",
      policy: "aws_sqs_queue_policy.policy",
      owner: "aws_sqs_queue_policy.queue_url",
    },
  ),
  ...keyGates(world, queue, "aws_sqs_queue.kms_master_key_id", SNS),
];

/** From the queue into a function that reads it. */
function outOf(world: World, queue: Node, mapping: Node, reader: Node): Gate[] {
  return [
    {
      id: `reads ${queue.key} ${reader.key}`,
      at: mapping,
      why: () => `${nameOf(reader)} reads the queue ${nameOf(queue)} no longer (\`enabled\` is false)`,
      isShut: first(mapping.said, "aws_lambda_event_source_mapping.enabled") === false,
    },
    ...["sqs:receivemessage", "sqs:deletemessage", "sqs:getqueueattributes"].map((action) =>
      byRole(world, reader, { action, target: queue }),
    ),
  ];
}

/** What a function needs in order to tell others. */
function waysOfFunction(world: World, called: Node): Way {
  const secrets = world.secretsOf(called);
  const told = world
    .naming(called, "aws_lambda_function_event_invoke_config.function_name")
    .flatMap((config) =>
      world.named(config, "aws_lambda_function_event_invoke_config.destination_config.on_success.destination", "aws_sns_topic"),
    );
  const keys = [...secrets, ...told].flatMap((target) => [
    ...world.named(target, "aws_secretsmanager_secret.kms_key_id", "aws_kms_key"),
    ...world.named(target, "aws_sns_topic.kms_master_key_id", "aws_kms_key"),
  ]);
  return {
    key: called.key,
    listener: `the function ${nameOf(called)}`,
    via: [called],
    gates: [
      {
        id: `runs ${called.key}`,
        at: called,
        why: () => `${nameOf(called)} may not run at all (\`reserved_concurrent_executions\` is 0)`,
        isShut: numberAt(called.said, "aws_lambda_function.reserved_concurrent_executions") === 0,
      },
      ...secrets.map((target) => byRole(world, called, { action: "secretsmanager:getsecretvalue", target })),
      ...told.map((target) => byRole(world, called, { action: "sns:publish", target })),
      ...keys.map((target) => byRole(world, called, { action: "kms:decrypt", target })),
    ],
  };
}

/** Where the policy of a resource stands. */
interface Places {
  readonly inline: Attribute;
  readonly policy: Attribute;
  readonly owner: Attribute;
}

/** By the policy of a resource. */
export function byResource(world: World, request: Request, { inline, policy, owner }: Places): Gate {
  const { target, who = "", action, source } = request;
  const policies = world.naming(target, owner);
  const all = [world.statements(target, inline), ...policies.map((one) => world.statements(one, policy))];
  return {
    id: `${action} ${who} ${target.key}`,
    at: policies[0] ?? target,
    why: (services) => `its policy no longer lets ${source ? nameOf(source) : services} in (\`${action}\`)`,
    answer: answerOf(all.includes(undefined) ? undefined : all.flatMap((statements) => statements!), request),
  };
}

/** AWS's own key for topics and queues, of which nobody can change the policy: no other service may use it. */
const OF_AWS = /^alias\/aws\//;

/** By the policy of the key that encrypts a topic or queue: whoever writes must be let use it. */
export function keyGates(world: World, encrypted: Node, attribute: Attribute, who: string): Gate[] {
  const id = `key ${who} ${encrypted.key}`;
  if (at(encrypted.said, attribute).some((value) => typeof value === "string" && OF_AWS.test(value)))
    return [{ id, at: encrypted, why: (services) => `it is encrypted by AWS's own key, which ${services} may not use`, isShut: true }];
  return world.named(encrypted, attribute, "aws_kms_key").flatMap((key) =>
    ["kms:generatedatakey", "kms:decrypt"].map((action) => ({
      ...byResource(
        world,
        { who, action, target: key },
        {
          inline: "aws_kms_key.policy",
          policy: "aws_kms_key_policy.policy",
          owner: "aws_kms_key_policy.key_id",
        },
      ),
      id: `${id} ${action}`,
      why: (services: string) => `the key that encrypts ${nameOf(encrypted)} no longer lets ${services || "SNS"} use it (\`${action}\`)`,
    })),
  );
}

/** By the policies of the role that a function has. */
function byRole(world: World, called: Node, request: Request): Gate {
  const [role] = world.named(called, "aws_lambda_function.role", "aws_iam_role");
  const inline = role ? world.naming(role, "aws_iam_role_policy.role") : [];
  const attached = role
    ? world
        .naming(role, "aws_iam_role_policy_attachment.role")
        .flatMap((one) => world.named(one, "aws_iam_role_policy_attachment.policy_arn", "aws_iam_policy"))
    : [];
  const all = [
    ...(role ? [world.statements(role, "aws_iam_role.inline_policy.policy")] : []),
    ...inline.map((one) => world.statements(one, "aws_iam_role_policy.policy")),
    ...attached.map((one) => world.statements(one, "aws_iam_policy.policy")),
  ];
  return {
    id: `${request.action} ${called.key} ${request.target.key}`,
    at: inline[0] ?? attached[0] ?? role ?? called,
    why: () => `${nameOf(called)} loses its right to ${nameOf(request.target)} (\`${request.action}\`)`,
    answer: role && answerOf(all.includes(undefined) ? undefined : all.flatMap((statements) => statements!), request),
  };
}
