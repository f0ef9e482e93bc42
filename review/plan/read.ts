/** Reads what `terraform show -json` writes of a plan. No secret gets past here: everything is redacted before it is put into a {@link StackPlan}. */
import { UNKNOWN, type Action, type OutputChange, type Resource, type ResourceChange, type StackPlan, type Values } from "../model";
import { attributeChanges } from "./attributes";
import { excerpts } from "./excerpt";
import { isList, isObject } from "../json-values";
import { isMarkedObject, shown, type Marked, type MarkedObject } from "./hidden";
import { notesIn } from "./notes";
import { changesIn, parsePlan, type Json, type RawChange } from "./parse";
import { Redaction, redactText } from "./redact";

export interface ReadOptions {
  readonly stack: string;
  /** Name for messages. @default the stack's */
  readonly file?: string;
  /** Address without module and index → path in the construct tree, see `constructsOf`. @default every construct is its address */
  readonly constructs?: ReadonlyMap<string, string>;
}

/**
 * @param text of `terraform show -json`, format 1.x
 * @throws Error that names the file and what is wrong with it, never what stands in it
 */
export function readPlan(text: string, options: ReadOptions): StackPlan {
  const file = options.file ?? `The plan of ${options.stack}`;
  const json = parsePlan(text, file);
  try {
    return new PlanReader(json, file, options.constructs ?? new Map<string, string>()).read(options.stack);
  } catch (error) {
    if (error instanceof RangeError) throw new Error(`${file} is nested too deep to be read.`);
    throw error;
  }
}

/** A list of actions with the word `delete` destroys, whatever else is in it and whatever Terraform adds one day. */
const KNOWN_ACTIONS: ReadonlySet<string> = new Set(["no-op", "read", "create", "update", "delete", "forget"]);

/** @returns undefined where nothing happens to the resource */
function actionOf(
  { change: { actions, importing }, previous_address: previous }: RawChange,
  fail: (what: string) => never,
): Action | undefined {
  const unknown = actions.find((action) => !KNOWN_ACTIONS.has(action));
  if (unknown !== undefined)
    fail(
      `has an action that is not known${/^[a-z-]{1,12}$/.test(unknown) ? ` (${unknown})` : ""}: known are ${[...KNOWN_ACTIONS].join(", ")}`,
    );
  const has = (action: string) => actions.includes(action);
  if (has("delete")) return has("create") ? "replace" : "destroy";
  // With "create" the old object stays in the account, without an owner.
  if (has("forget")) return "forget";
  if (has("create") && !has("update")) return "create";
  if (has("update") && !has("create")) return "update";
  if (has("create")) fail("has actions that do not go together");
  if (importing) return "import";
  return previous ? "move" : undefined;
}

interface Both {
  readonly before: MarkedObject | undefined;
  readonly after: MarkedObject | undefined;
}

/** `bucket=raw, region=ap-northeast-1` for an identity. */
const importIdOf = ({ id, identity }: NonNullable<RawChange["change"]["importing"]>): string =>
  id ??
  (isObject(identity)
    ? Object.entries(identity)
        .filter(([, value]) => value !== null)
        .map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`)
        .join(", ")
    : UNKNOWN);

class PlanReader {
  private readonly redaction = new Redaction();
  /** What the plan says twice, in its changes and in its states, is marked once. */
  private readonly known = new Map<string, { readonly before?: Values; readonly after?: Values }>();

  constructor(
    private readonly json: Json,
    private readonly file: string,
    private readonly constructs: ReadonlyMap<string, string>,
  ) {}

  read(stack: string): StackPlan {
    const { json } = this;
    const changes = [...this.changes("resource_changes"), ...this.changes("deferred_changes")];
    // A provider reads back an empty text where none was written: no drift that anyone made.
    const drift = this.changes("resource_drift").filter(({ action, attributes }) => action !== "update" || attributes.length > 0);
    const outputs = this.outputs();
    const deferred = isList(json.deferred_changes) && json.deferred_changes.length > 0;
    const region = this.region();
    const notes = notesIn(json);
    return {
      stack,
      changes: sorted(changes),
      drift: sorted(drift),
      outputs,
      before: this.resources(isObject(json.prior_state) ? json.prior_state.values : undefined, "before"),
      after: this.resources(json.planned_values, "after"),
      isComplete: json.complete !== false && json.errored !== true && !deferred,
      ...(region === undefined ? {} : { region }),
      ...(notes.length === 0 ? {} : { notes }),
    };
  }

  private changes(key: "resource_changes" | "resource_drift" | "deferred_changes"): ResourceChange[] {
    return changesIn(this.json, key, this.file).flatMap((raw, index) => {
      if (raw.mode === "data") return [];
      const action = actionOf(raw, (what) => {
        throw new Error(`${this.file} cannot be reviewed: ${key}[${index}] ${what}.`);
      });
      const both = this.mark(raw);
      const values = {
        ...(both.before ? { before: shown(both.before) as Values } : {}),
        ...(both.after ? { after: shown(both.after) as Values } : {}),
      };
      if (key === "resource_changes" && !raw.deposed) this.known.set(raw.address, values);
      return action === undefined ? [] : [this.change(raw, action, both, values, key)];
    });
  }

  private mark({ type, change }: RawChange): Both {
    const one = (values: unknown, sensitive: unknown, unknown: unknown) => {
      if (!isObject(values) && !isObject(unknown) && unknown !== true) return undefined;
      const marked = this.redaction.mark(type, values ?? {}, sensitive, unknown === true ? undefined : unknown);
      return isMarkedObject(marked) ? marked : { value: marked };
    };
    const isGone = change.after === null && !isObject(change.after_unknown);
    return {
      before: isObject(change.before) ? one(change.before, change.before_sensitive, change.before_unknown) : undefined,
      // A destroyed resource has an empty mask.
      after:
        isGone ||
        (!isObject(change.after) &&
          (change.actions.includes("delete") || change.actions.includes("forget")) &&
          !change.actions.includes("create"))
          ? undefined
          : one(change.after, change.after_sensitive, change.after_unknown),
    };
  }

  private change(
    raw: RawChange,
    action: Action,
    { before, after }: Both,
    values: { readonly before?: Values; readonly after?: Values },
    key: string,
  ): ResourceChange {
    const { change } = raw;
    const replacePaths = action === "replace" || change.actions.includes("create") ? (change.replace_paths ?? []) : [];
    const previous =
      raw.previous_address && raw.previous_address !== raw.address ? this.redaction.address(raw.previous_address) : undefined;
    const reason = key === "deferred_changes" ? "deferred" : raw.action_reason;
    return {
      address: this.redaction.address(raw.address),
      ...(previous === undefined ? {} : { previousAddress: previous }),
      type: raw.type,
      provider: raw.provider_name ?? "",
      construct: this.construct(raw.address),
      action,
      ...(raw.deposed ? { deposed: redactText(raw.deposed) } : {}),
      ...(change.importing ? { importId: redactText(importIdOf(change.importing)) } : {}),
      ...(reason ? { reason: redactText(reason) } : {}),
      createBeforeDestroy: change.actions.indexOf("create") >= 0 && change.actions.length > 1 && change.actions[0] === "create",
      attributes: before && after ? attributeChanges(before, after, replacePaths, key === "resource_drift") : [],
      ...values,
    };
  }

  private construct(address: string): string {
    const plain = withoutIndex(address);
    return this.constructs.get(plain) ?? this.redaction.address(address);
  }

  private outputs(): OutputChange[] {
    const changes = this.json.output_changes ?? {};
    if (!isObject(changes)) throw new Error(`${this.file} is no complete plan: output_changes is no object.`);
    return Object.entries(changes)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, change], index): OutputChange[] => {
        if (!isObject(change) || !isList(change.actions))
          throw new Error(`${this.file} is no complete plan: output_changes[${index}] has no list of actions.`);
        const has = (action: string) => (change.actions as readonly unknown[]).includes(action);
        const action = has("delete") ? "destroy" : has("create") ? "create" : has("update") ? "update" : undefined;
        if (action === undefined) return [];
        const one = (value: unknown, sensitive: unknown, unknown: unknown): Marked => {
          const marked = this.redaction.mark("output", { [name]: value ?? null }, { [name]: sensitive }, { [name]: unknown });
          return (isMarkedObject(marked) ? Object.values(marked)[0] : undefined) ?? null;
        };
        const [before, after] = [
          one(change.before, change.before_sensitive, undefined),
          one(change.after, change.after_sensitive, change.after_unknown),
        ];
        return [
          {
            name: redactText(name),
            action,
            ...excerpts(before === null ? undefined : shown(before), after === null ? undefined : shown(after)),
          },
        ];
      });
  }

  /** @param values `root_module` of a state, with its modules inside each other */
  private resources(values: unknown, when: "before" | "after"): Resource[] {
    const found: Resource[] = [];
    const add = (module: unknown) => {
      if (!isObject(module)) return;
      for (const resource of listIn(module.resources)) {
        if (
          !isObject(resource) ||
          resource.mode === "data" ||
          typeof resource.address !== "string" ||
          typeof resource.type !== "string" ||
          resource.deposed_key !== undefined
        )
          continue;
        const { address, type } = resource;
        const known =
          this.known.get(address)?.[when] ??
          (shown(
            this.redaction.mark(type, isObject(resource.values) ? resource.values : {}, resource.sensitive_values, undefined),
          ) as Values);
        found.push({
          address: this.redaction.address(address),
          type,
          provider: typeof resource.provider_name === "string" ? resource.provider_name : "",
          construct: this.construct(address),
          values: known,
        });
      }
      for (const child of listIn(module.child_modules)) add(child);
    };
    add(isObject(values) ? values.root_module : undefined);
    return sorted(found);
  }

  /** Of the AWS provider without an alias, where it is written out or a variable; undefined where nothing in the plan tells. */
  private region(): string | undefined {
    const configuration = isObject(this.json.configuration) ? this.json.configuration.provider_config : undefined;
    const aws = isObject(configuration) ? configuration.aws : undefined;
    const written = isObject(aws) && isObject(aws.expressions) && isObject(aws.expressions.region) ? aws.expressions.region : {};
    const region = written.constant_value ?? this.variable(written.references);
    return typeof region === "string" && /^[a-z]{2}(?:-[a-z]+)+-\d$/.test(region) ? region : undefined;
  }

  /** The value of what is one variable and nothing else. */
  private variable(references: unknown): unknown {
    const [reference, ...others] = listIn(references);
    if (typeof reference !== "string" || others.length > 0 || !reference.startsWith("var.")) return undefined;
    const variable = isObject(this.json.variables) ? this.json.variables[reference.slice("var.".length)] : undefined;
    return isObject(variable) ? variable.value : undefined;
  }
}

const listIn = (value: unknown): readonly unknown[] => (isList(value) ? value : []);

function sorted<T extends { readonly address: string; readonly deposed?: string }>(list: readonly T[]): T[] {
  const order = (one: T) => `${one.address} ${one.deposed ?? ""}`;
  return [...list].sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
}

/** `module.a["x.y"].aws_s3_bucket.raw[0]` as `aws_s3_bucket.raw`. */
export function withoutIndex(address: string): string {
  return address.replace(/\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]/g, "").replace(/^(?:module\.[^.]+\.)+/, "");
}
