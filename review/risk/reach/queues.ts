/** Whether messages stay as long as those who work on them, and those who look at what failed, need. */
import { isObject } from "../../json-values";
import type { Finding } from "../../model";
import type { Attribute } from "../../provider-names";
import { numberAt, textAt } from "../reading";
import { findingOf } from "../rules";
import { nameOf, type Node, type World } from "./world";

/** Something that must last at least as long as something else; seconds. */
interface Span {
  /** The same on both sides. */
  readonly id: string;
  readonly at: Node;
  readonly lasts: number;
  readonly needs: number;
  readonly message: string;
}

/** What AWS takes where nothing is set: four days, half a minute, three seconds. */
const USUAL = { retention: 345_600, visibility: 30, timeout: 3 };

export function queueFindings(before: World, after: World): Finding[] {
  const old = new Map(spansIn(before).map((span) => [span.id, span]));
  return spansIn(after)
    .filter(({ id, lasts, needs }) => lasts < needs && (old.get(id)?.lasts ?? 0) >= (old.get(id)?.needs ?? Infinity))
    .map(({ at, message }) => findingOf({ rule: "data/consumed-late", message }, at, at.stack));
}

function spansIn(world: World): Span[] {
  const seconds = (node: Node, attribute: Attribute, usual: number) => numberAt(node.said, attribute) ?? usual;
  return world.ofType("aws_sqs_queue").flatMap((queue): Span[] => {
    const retention = seconds(queue, "aws_sqs_queue.message_retention_seconds", USUAL.retention);
    const visibility = seconds(queue, "aws_sqs_queue.visibility_timeout_seconds", USUAL.visibility);
    const { target, tries } = redriveOf(world, queue);
    const aside = target && seconds(target, "aws_sqs_queue.message_retention_seconds", USUAL.retention);
    return [
      ...(target && aside !== undefined
        ? [
            {
              id: `aside ${queue.key} ${target.key}`,
              at: target,
              lasts: aside,
              // A message keeps its age when it is set aside.
              needs: retention + 1,
              message: `What fails in ${nameOf(queue)} is kept ${aside} s in ${nameOf(target)}, counted from when it was sent, and may be ${retention} s old when it gets there: it can be gone before anybody looks`,
            },
          ]
        : []),
      {
        id: `tries ${queue.key}`,
        at: queue,
        lasts: retention,
        needs: visibility * tries,
        message: `Messages of ${nameOf(queue)} are gone after ${retention} s, before ${tries} tries of ${visibility} s each are over`,
      },
      ...world.naming(queue, "aws_lambda_event_source_mapping.event_source_arn").flatMap((mapping) =>
        world.named(mapping, "aws_lambda_event_source_mapping.function_name", "aws_lambda_function").map((reader) => {
          const timeout = seconds(reader, "aws_lambda_function.timeout", USUAL.timeout);
          return {
            id: `works ${queue.key} ${reader.key}`,
            at: reader,
            lasts: visibility,
            needs: timeout,
            message: `${nameOf(reader)} may work on a message for ${timeout} s, and ${nameOf(queue)} gives it out again after ${visibility} s`,
          };
        }),
      ),
    ];
  });
}

/** Where failed messages go, and after how many tries. */
function redriveOf(world: World, queue: Node): { readonly target?: Node; readonly tries: number } {
  try {
    const policy: unknown = JSON.parse(textAt(queue.said, "aws_sqs_queue.redrive_policy") ?? "");
    if (!isObject(policy)) return { tries: 1 };
    const key = /^\$\{([^}]*)\}$/.exec(world.text(queue.stack, String(policy.deadLetterTargetArn)))?.[1];
    return { target: key === undefined ? undefined : world.find(key), tries: Number(policy.maxReceiveCount) || 1 };
  } catch {
    return { tries: 1 };
  }
}
