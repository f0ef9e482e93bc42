/** Terraform's references in synthesised JSON, resolved without Terraform: from given outputs, and from what the same stack says itself. */

import type { StackJson } from "./assembly";

/** Values by reference, `aws_sqs_queue.orders.url`, or by the name of a stack's output, as in `data.terraform_remote_state.<id>.outputs.<name>`. */
export type Outputs = Readonly<Record<string, unknown>>;

/** As `terraform output -json` prints them. */
export type TerraformOutputs = Readonly<Record<string, { readonly value: unknown }>>;

/** @throws when it is something else */
export function readTerraformOutputs(text: string, file: string): Outputs {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error(`${file} is no JSON. It should be what \`terraform output -json\` prints.`);
  }
  const isOutput = (value: unknown): value is { readonly value: unknown } => isRecord(value) && "value" in value;
  if (!isRecord(json) || !Object.values(json).every(isOutput))
    throw new Error(`${file} is not what \`terraform output -json\` prints: {"<name>": {"value": …}}.`);
  return Object.fromEntries(Object.entries(json as TerraformOutputs).map(([name, { value }]) => [name, value]));
}

type JsonRecord = Readonly<Record<string, unknown>>;
export const isRecord = (value: unknown): value is JsonRecord => typeof value === "object" && value !== null && !Array.isArray(value);

/** `$${` and `%%{` are Terraform's way to write `${` and `%{`. */
const TEMPLATE = /\$\$\{|%%\{|%\{[^}]*\}|\$\{([^{}]*)\}/g;
const OF_A_STATE = /^data\.terraform_remote_state\.[^.]+\.outputs\.([^.[]+)$/;

/** Steps of `a.b[0]["c"].d`. */
const stepsOf = (reference: string): readonly string[] =>
  [...reference.matchAll(/\[(?:"([^"]+)"|(\d+))\]|([^.[\]]+)/g)].map(([, key, index, name]) => (key ?? index ?? name)!);

function follow(value: unknown, steps: readonly string[]): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (Array.isArray(value)) return follow(value[Number(step)], rest);
  // A block that may stand once is an object in JSON, and the first of a list in references.
  if (isRecord(value)) return follow(step === "0" && !("0" in value) ? value : value[step], rest);
  return undefined;
}

/** Resolves the references of one stack, and remembers those that it cannot. */
export class References {
  private readonly unresolved = new Set<string>();

  constructor(
    private readonly stack: StackJson,
    private readonly outputs: Outputs,
  ) {}

  /** The text as Terraform would have it after apply; what is not known is left as it stands. */
  resolve(text: string): string {
    return this.within(text, []);
  }

  /** @param asked references that this text is part of: none of them may stand in it */
  private within(text: string, asked: readonly string[]): string {
    return text.replace(TEMPLATE, (match, expression?: string) => {
      if (match === "$${") return "${";
      if (match === "%%{") return "%{";
      const reference = expression?.trim() ?? match;
      const value = asked.includes(reference) ? undefined : this.valueOf(reference);
      // What the stack says of its own resources may itself be a reference; an output is final.
      if (typeof value === "string") return this.isGiven(reference) ? value : this.within(value, [...asked, reference]);
      if (typeof value === "number" || typeof value === "boolean") return String(value);
      this.unresolved.add(reference);
      return match;
    });
  }

  private nameOf(reference: string): string {
    return Object.hasOwn(this.outputs, reference) ? reference : (OF_A_STATE.exec(reference)?.[1] ?? reference);
  }

  private isGiven(reference: string): boolean {
    return Object.hasOwn(this.outputs, this.nameOf(reference));
  }

  private valueOf(reference: string): unknown {
    if (this.isGiven(reference)) return this.outputs[this.nameOf(reference)];
    const [type = "", id = "", ...steps] = stepsOf(reference);
    return type === "local" ? follow(this.stack.locals, [id, ...steps]) : follow(this.stack.resource?.[type]?.[id], steps);
  }

  /** @throws when anything could not be resolved, with all of it */
  check(what: string): void {
    if (this.unresolved.size === 0) return;
    throw new Error(
      [`${what} refers to what the given outputs do not say:`, ...[...this.unresolved].sort().map((reference) => `  ${reference}`)].join(
        "\n",
      ),
    );
  }
}
