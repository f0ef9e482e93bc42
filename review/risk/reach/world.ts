/**
 * All resources of an environment on one side of a change, and who names whom, across stacks. What an argument says is taken from the
 * code where there is code: on a state that is made of the code, values of other stacks are made up. Elsewhere it is taken from the plan.
 */
import type { StackJson } from "../../../terraform/assembly";
import { OUTPUT_OF_STACK } from "../../../terraform/references";
import { isObject } from "../../json-values";
import { isHidden, UNKNOWN, type Resource, type StackPlan, type Values } from "../../model";
import { typeOf, type Attribute, type ResourceType } from "../../provider-names";
import { parsePolicy, type Statement } from "../policy-document";
import { at } from "../reading";

/** A stack's plan, with its code on both sides as far as it is known. */
export interface PlannedSides {
  readonly plan: StackPlan;
  readonly before?: StackJson;
  readonly after?: StackJson;
}

/** A resource of the environment. */
export interface Node extends Resource {
  readonly stack: string;
  /** The same on both sides, also of what is moved. */
  readonly key: string;
  /** What its arguments say; references stand as `${…}`. */
  readonly said: Values;
}

const TOKEN = /\$\{([^{}]*)\}/g;
const OF_A_STACK = new RegExp(`^${OUTPUT_OF_STACK.source}$`);
const OF_A_RESOURCE = /^((?:aws|kubernetes|helm)_\w+\.[\w-]+)(?:\[[^\]]*\])?(?:\.\w+)+$/;
/** By which others name a resource. */
const NAMES = ["arn", "id", "url", "name", "bucket", "function_name", "key_id", "alarm_name"];

const keyOf = (stack: string, address: string) => `${stack} ${address}`;
const tokenOf = (key: string) => `\${${key}}`;

export class World {
  private readonly byKey = new Map<string, Node>();
  private readonly byType = new Map<string, Node[]>();
  private readonly byName = new Map<string, Node>();
  /** By the type that is named and the argument: asked for again and again. */
  private readonly namers = new Map<string, ReadonlyMap<string, readonly Node[]>>();
  private readonly outputs = new Map<string, StackJson["output"]>();

  /** @param earlier for what the plan does not know yet, where there is no code: it is taken to stay as it stood */
  constructor(sides: readonly PlannedSides[], side: "before" | "after", earlier?: World) {
    for (const { plan, [side]: json } of sides) {
      this.outputs.set(plan.stack, json?.output);
      const moved = new Map(
        plan.changes.flatMap(({ address, previousAddress }) => (side === "before" && previousAddress ? [[previousAddress, address]] : [])),
      );
      for (const resource of plan[side]) {
        const key = keyOf(plan.stack, moved.get(resource.address) ?? resource.address);
        this.add({ ...resource, stack: plan.stack, key, said: codeOf(json, resource) ?? known(resource.values, earlier?.find(key)?.said) });
      }
    }
  }

  private add(node: Node): void {
    this.byKey.set(node.key, node);
    this.byType.set(node.type, [...(this.byType.get(node.type) ?? []), node]);
    for (const name of NAMES) {
      for (const value of [node.values[name], node.said[name]])
        if (typeof value === "string" && !isHidden(value) && !value.includes("${")) {
          this.byName.set(`${node.type} ${value}`, node);
          if (value.startsWith("arn:")) this.byName.set(value, node);
        }
    }
  }

  find(key: string): Node | undefined {
    return this.byKey.get(key);
  }

  /** Of the resource of a type that has the name. */
  keyOf(type: ResourceType, name: string): string | undefined {
    return this.byName.get(`${type} ${name}`)?.key;
  }

  ofType(...types: readonly ResourceType[]): readonly Node[] {
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }

  /** A text in which each reference, and each ARN of a resource of ours, stands as its resource: the same on both sides. */
  text(stack: string, text: string): string {
    return this.withArn(
      text.replace(TOKEN, (token, expression: string) => {
        const [, other, output] = OF_A_STACK.exec(expression) ?? [];
        if (other && output) {
          const value = this.outputs.get(other)?.[output]?.value;
          return typeof value === "string" ? this.text(other, value) : token;
        }
        const [, address] = OF_A_RESOURCE.exec(expression) ?? [];
        return address && this.byKey.has(keyOf(stack, address)) ? tokenOf(keyOf(stack, address)) : token;
      }),
    );
  }

  /** `arn:…:topic/more` → `${prod-events aws_sns_topic.topic}/more`. */
  private withArn(text: string): string {
    if (!text.startsWith("arn:")) return text;
    for (let end = text.length; end > 0; end = Math.max(text.lastIndexOf("/", end - 1), text.lastIndexOf(":", end - 1))) {
      const node = this.byName.get(text.slice(0, end));
      if (node) return `${tokenOf(node.key)}${text.slice(end)}`;
    }
    return text;
  }

  /** Resources of a type that an argument names. */
  named(node: Node, attribute: Attribute, type: ResourceType): Node[] {
    return at(node.said, attribute).flatMap((value) => {
      if (typeof value !== "string") return [];
      const text = this.text(node.stack, value);
      const key = /^\$\{([^}]*)\}$/.exec(text)?.[1];
      const found = key === undefined ? this.byName.get(`${type} ${text}`) : this.byKey.get(key);
      return found?.type === type ? [found] : [];
    });
  }

  /** Those whose argument names the resource. */
  naming(target: Node, attribute: Attribute): readonly Node[] {
    const key = `${target.type} ${attribute}`;
    const known = this.namers.get(key) ?? this.namersOf(target.type as ResourceType, attribute);
    this.namers.set(key, known);
    return known.get(target.key) ?? [];
  }

  private namersOf(type: ResourceType, attribute: Attribute): Map<string, Node[]> {
    const found = new Map<string, Node[]>();
    for (const node of this.ofType(typeOf(attribute) as ResourceType))
      for (const key of new Set(this.named(node, attribute, type).map((one) => one.key))) found.set(key, [...(found.get(key) ?? []), node]);
    return found;
  }

  /** Secrets that a function's variables name; their values are nobody's to read, what they refer to is. */
  secretsOf(node: Node): Node[] {
    const variables = JSON.stringify(at(node.said, "aws_lambda_function.environment"));
    return [...variables.matchAll(TOKEN)].flatMap(([token]) => {
      const found = this.byKey.get(this.text(node.stack, token).slice(2, -1));
      return found?.type === "aws_secretsmanager_secret" ? [found] : [];
    });
  }

  /** Statements of all policies that an argument holds, their resources as `text` writes them; undefined where one cannot be read. */
  statements(node: Node, attribute: Attribute): readonly Statement[] | undefined {
    const found = at(node.said, attribute).map((value) => this.policy(node.stack, value));
    return found.includes(undefined) ? undefined : found.flatMap((statements) => statements!);
  }

  private policy(stack: string, value: unknown): readonly Statement[] | undefined {
    if (typeof value !== "string" || isHidden(value)) return undefined;
    try {
      return parsePolicy(this.inside(stack, JSON.parse(value) as unknown));
    } catch {
      return undefined;
    }
  }

  private inside(stack: string, value: unknown): unknown {
    if (typeof value === "string") return this.text(stack, value);
    if (Array.isArray(value)) return value.map((one) => this.inside(stack, one));
    return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.inside(stack, one)])) : value;
  }
}

function codeOf(json: StackJson | undefined, { address }: Resource): Values | undefined {
  const [type = "", name = ""] = address.split(".");
  return json?.resource?.[type]?.[name];
}

const known = (values: Values, earlier: Values = {}): Values =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value === UNKNOWN ? earlier[key] : value]));

/** What a person calls it. */
export const nameOf = ({ said, values, construct }: Node): string => {
  for (const key of ["alarm_name", "function_name", "name", "bucket", "identifier"])
    for (const value of [said[key], values[key]]) if (typeof value === "string" && !isHidden(value) && !value.includes("${")) return value;
  return construct;
};
