/** The page on who may do what: docs/rights.md, written by `npm run docs`. */
import { GITHUB_ISSUER } from "../../constructs/identity/github-names";
import { whyOnEverything } from "../../constructs/identity/without-resource-level";
import type { Environment } from "../../environments/schema";
import type { Block, StackJson } from "../../terraform/assembly";
import { replaceReferences, type AttributeReference, type StacksByName } from "../../terraform/references";
import { code, FILLED_IN, FOREIGN, inWords, NOUNS, PARTS } from "./rights-words";
import { markdownTable } from "./markdown";

interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

const listed = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? (value as readonly T[]) : [value as T]);
const blocksOf = (stack: StackJson | undefined, type: string) => Object.entries(stack?.resource?.[type] ?? {});

/** All statements that a role's policies hold. @throws for a policy that is not the project's own */
export function statementsOf(stacks: StacksByName, stack: string, role: string): Statement[] {
  const json = stacks[stack];
  for (const kind of ["managed_policy_arns", "inline_policy"]) {
    if (json?.resource?.aws_iam_role?.[role]?.[kind] !== undefined)
      throw new Error(`${stack}: ${role} has ${kind}, which is not how rights come here: by grants`);
  }
  const ofRole = ([, block]: readonly [string, Block]) => String(block.role).startsWith(`\${aws_iam_role.${role}.`);
  const attached = blocksOf(json, "aws_iam_role_policy_attachment")
    .filter(ofRole)
    .map(([, { policy_arn: arn }]) => {
      const id = /^\$\{aws_iam_policy\.([\w-]+)\.arn\}$/.exec(String(arn))?.[1];
      const policy = id === undefined ? undefined : json?.resource?.aws_iam_policy?.[id];
      if (!policy) throw new Error(`${stack}: ${role} is given ${String(arn)}, whose rights are not ours to read (rights come by grants)`);
      return policy;
    });
  const own = blocksOf(json, "aws_iam_role_policy")
    .filter(ofRole)
    .map(([, block]) => block);
  return [...own, ...attached].flatMap(({ policy }) => (JSON.parse(policy as string) as { Statement: Statement[] }).Statement);
}

/** The physical name of what a reference speaks of. @throws for a type that NOUNS does not know, or a thing without a name */
function nameOf({ stack, type, id, block }: AttributeReference, stacks: StacksByName): string {
  const [, attribute] = NOUNS[type] ?? [];
  if (!attribute) throw new Error(`${stack}: ${type}.${id}: NOUNS in commands/pages/rights-words.ts does not say what a ${type} is called`);
  const holder =
    attribute === "alias"
      ? blocksOf(stacks[stack], "aws_kms_alias")
          .map(([, alias]) => alias)
          .find((alias) => String(alias.target_key_id).startsWith(`\${aws_kms_key.${id}.`))
      : block;
  const name =
    attribute === "alias" ? holder?.name : attribute === "tags.Name" ? (block.tags as Block | undefined)?.Name : block[attribute];
  if (typeof name !== "string") throw new Error(`${stack}: ${type}.${id} has no name`);
  return name;
}

/** One right of one environment. */
interface Right {
  /** The same in all environments that have it. */
  readonly key: string;
  readonly resource: string;
  readonly conditions: string;
  readonly names: ReadonlyMap<string, string>;
  readonly actions: Set<string>;
}

/** Texts of one environment, in words that every environment shares. */
class Reader {
  constructor(
    readonly environment: Pick<Environment, "account" | "name" | "nameSuffix">,
    private readonly stacks: StacksByName,
  ) {}

  /** The name without what only tells environments apart. */
  private common(text: string): string {
    const { account, name, nameSuffix } = this.environment;
    const withoutSuffix = nameSuffix === "" ? text : text.replace(new RegExp(`${nameSuffix}(?=[/.]|$)`, "g"), "");
    return withoutSuffix.replaceAll(account, "<account>").replaceAll(`/${name}/`, "/<environment>/");
  }

  /** A text with its tokens replaced: by addresses, to compare it, and by words, to show it. */
  private read(text: string, stack: string, words: (reference: AttributeReference, name: string) => string) {
    const names = new Map<string, string>();
    const at = ({ stack: maker, type, id }: AttributeReference) => `${maker.slice(this.environment.name.length + 1)}/${type}.${id}`;
    const key = replaceReferences(text, this.stacks, stack, (reference) => `<${at(reference)}>`).replaceAll(
      this.environment.account,
      "<account>",
    );
    const shown = replaceReferences(text, this.stacks, stack, (reference) => {
      const name = nameOf(reference, this.stacks);
      names.set(at(reference), this.common(name));
      return words(reference, name.replaceAll(this.environment.account, "<account>"));
    }).replaceAll(this.environment.account, "<account>");
    return { key, shown, names };
  }

  private resource(text: string, stack: string) {
    const end = text.slice(text.lastIndexOf("}") + 1);
    let own: string | undefined;
    const read = this.read(text, stack, ({ type }, name) => {
      const part = end === "" ? "" : inWords(PARTS, `${type}${end}`);
      if (part === undefined)
        throw new Error(`${stack}: ${text}: PARTS in commands/pages/rights-words.ts does not say what this part is called`);
      return (own = `${part}${NOUNS[type]![0]} ${code(name)}`);
    });
    const shown = own ?? inWords(FOREIGN, read.shown);
    if (shown === undefined) throw new Error(`${stack}: FOREIGN in commands/pages/rights-words.ts does not say what ${read.shown} is`);
    return { ...read, shown };
  }

  private conditions(condition: Statement["Condition"], stack: string) {
    const parts = Object.entries(condition ?? {}).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => {
        const words = ({ attribute }: AttributeReference, name: string) => (attribute === "arn" ? `arn:aws:…:${name}` : name);
        // A tag's key may hold a name too.
        const subject = this.read(key, stack, words);
        const read = listed(values).map((value) => this.read(value, stack, words));
        return {
          key: `${operator} ${subject.key} ${read.map((value) => value.key).join()}`,
          shown: `${code(subject.shown)} ${operator} ${read.map(({ shown }) => inWords(FILLED_IN, shown) ?? code(shown)).join(" or ")}`,
        };
      }),
    );
    return { key: parts.map(({ key }) => key).join(), shown: parts.map(({ shown }) => shown).join(" and ") };
  }

  /** Rights of a role, those on the same resource under the same conditions together. */
  rights(stack: string, role: string): Right[] {
    const rights = new Map<string, Right>();
    const add = (key: string, right: Omit<Right, "key" | "actions">, actions: readonly string[]) => {
      const known = rights.get(key) ?? { ...right, key, actions: new Set<string>() };
      rights.set(key, known);
      for (const action of actions) known.actions.add(action);
    };
    for (const { Effect, Action, Resource, Condition } of statementsOf(this.stacks, stack, role)) {
      if (Effect !== "Allow")
        throw new Error(`${stack}: ${role} has a statement with the effect ${Effect}, which docs/rights.md cannot show`);
      const conditions = this.conditions(Condition, stack);
      for (const resource of listed(Resource)) {
        if (resource === "*") {
          for (const action of listed(Action)) {
            const why = whyOnEverything(action);
            if (!why)
              throw new Error(
                `${stack}: ${role} is given ${action} on *, and constructs/identity/without-resource-level.ts holds no reason for it`,
              );
            add(
              `* ${why.reason} ${conditions.key}`,
              { resource: `everything: ${why.reason} ([AWS](${why.documentation}))`, conditions: conditions.shown, names: new Map() },
              [action],
            );
          }
        } else {
          const { key, shown, names } = this.resource(resource, stack);
          add(`${key} ${conditions.key}`, { resource: shown, conditions: conditions.shown, names }, listed(Action));
        }
      }
    }
    return [...rights.values()];
  }
}

/** Whoever holds rights, in all environments that have it. */
interface Principal {
  readonly stack: string;
  readonly block: Block;
  readonly name: string;
  readonly rights: ReadonlyMap<string, readonly Right[]>;
}

/** Principals by address, in the order of stacks and ids; shown as the last environment that has them says it. */
function principals(readers: readonly Reader[], stacks: StacksByName): Principal[] {
  const found = new Map<string, Principal>();
  for (const reader of readers) {
    for (const stack of Object.keys(stacks)
      .filter((name) => name.startsWith(`${reader.environment.name}-`) && !name.endsWith("-bootstrap"))
      .sort()) {
      for (const [id, block] of blocksOf(stacks[stack], "aws_iam_role")) {
        const short = stack.slice(reader.environment.name.length + 1);
        const key = `${short}/${id}`;
        const rights = new Map([...(found.get(key)?.rights ?? []), [reader.environment.name, reader.rights(stack, id)] as const]);
        found.set(key, { stack: short, block, name: String(block.name), rights });
      }
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, principal]) => principal);
}

/** One table: a row for each resource and condition, shown as the last environment that has it says it. */
function rowsOf({ rights }: Principal): string[][] {
  const rows = new Map<string, { right: Right; actions: string; where: string[]; names: Map<string, Set<string>> }>();
  for (const [environment, list] of rights) {
    for (const right of list) {
      const actions = [...right.actions].sort();
      const key = `${right.key} ${actions.join()}`;
      const names = rows.get(key)?.names ?? new Map<string, Set<string>>();
      for (const [address, name] of right.names) names.set(address, new Set([...(names.get(address) ?? []), name]));
      rows.set(key, { right, actions: actions.map(code).join(", "), where: [...(rows.get(key)?.where ?? []), environment], names });
    }
  }
  return [...rows.values()].map(({ right, actions, where, names }) => {
    const others = [...names.values()].flatMap((forms) => [...forms].slice(0, -1));
    return [
      right.resource + (others.length > 0 ? ` (elsewhere ${others.map(code).join(", ")} and the suffix)` : ""),
      actions,
      right.conditions === "" ? "–" : right.conditions,
      where.length === rights.size ? "all" : where.join(", "),
    ];
  });
}

/** `table X` and `the indexes of table X`, with the same rights, as one row; the machinery that names no resource last. */
function inReadingOrder(rows: readonly string[][]): string[][] {
  const joined: string[][] = [];
  for (const row of rows) {
    const whole = joined.find(([resource, ...rest]) => `the indexes of ${resource}` === row[0] && rest.join() === row.slice(1).join());
    if (whole) whole[0] = `${whole[0]} and its indexes`;
    else joined.push([...row]);
  }
  const isEverything = ([resource]: readonly string[]) => resource!.startsWith("everything: ");
  return [...joined.filter((row) => !isEverything(row)), ...joined.filter(isEverything)];
}

/** Whoever a trust policy speaks of. */
const named = (principal: Readonly<Record<string, string | readonly string[]>>): string =>
  Object.values(principal)
    .flatMap(listed)
    .map((text) => code(text.replace(/\d{12}/, "<account>")))
    .join(", ");

const KUBERNETES = "aws:RequestTag/kubernetes";

function takenBy({ block }: Principal): string {
  const { Statement: statements } = JSON.parse(String(block.assume_role_policy)) as {
    Statement: { Principal: Readonly<Record<string, string | readonly string[]>>; Condition?: Statement["Condition"] }[];
  };
  return statements
    .map(({ Principal: principal, Condition: condition }) => {
      const subject = condition?.StringEquals?.[`${GITHUB_ISSUER}:sub`];
      if (condition?.Bool?.["aws:MultiFactorAuthPresent"])
        return `${named(principal)} with a second factor of the last ${Number(condition.NumericLessThanEquals!["aws:MultiFactorAuthAge"]) / 60} minutes`;
      const sets = listed(condition?.ArnLike?.["aws:PrincipalArn"] ?? []).flatMap((arn) => /AWSReservedSSO_(.+)_\?+$/.exec(arn)?.[1] ?? []);
      if (sets.length > 0) return `who holds ${[...new Set(sets)].map(code).join(" or ")} in IAM Identity Center`;
      if (subject !== undefined) return `workflow runs of ${code(String(subject).split(":").slice(2).join(":"))} on GitHub`;
      const { [`${KUBERNETES}-namespace`]: namespace, [`${KUBERNETES}-service-account`]: account } = condition?.StringEquals ?? {};
      const whose =
        namespace && account
          ? ` for the service account ${code(String(account))} of the namespace ${code(String(namespace))}`
          : condition
            ? " for this account"
            : "";
      return named(principal) + whose;
    })
    .join(", ");
}

/**
 * The page in Markdown, from synthesised stacks.
 * @param environments in the order of the columns; names shown are those of the last
 * @throws when a right cannot be told: a `*` without a reason, a type without a word, a policy that is not the project's own
 */
export function rightsTable(environments: readonly Pick<Environment, "account" | "name" | "nameSuffix">[], stacks: StacksByName): string {
  const sections = principals(
    environments.map((environment) => new Reader(environment, stacks)),
    stacks,
  ).flatMap((principal) => [
    "",
    `## ${principal.name}`,
    "",
    `${String(principal.block.description)}. Stack ${code(principal.stack)}, in ${[...principal.rights.keys()].join(", ")}; taken by ${takenBy(principal)}.`,
    "",
    markdownTable(["resource", "actions", "only if", "environments"], inReadingOrder(rowsOf(principal))),
  ]);
  return [
    "# Who may do what",
    "",
    "Generated from the synthesised policies: do not edit, run `npm run docs`.",
    "",
    "Every role that the stacks make, and all that it may do: a role's policy is the sum of its grants, and what no row says is refused. A policy that is not",
    `the project's own is an error here. Names are those of ${environments.at(-1)!.name}; elsewhere they carry the environment's suffix, or in a path its name. Where they differ in more, the row says so.`,
    "`environments` says where a right exists, of the environments that have the role. Above all of them stands the environment's boundary",
    "(`constructs/identity/github-boundary.ts`), which gives nothing.",
    "",
    "Not here: the roles of the pipeline, `tss-plan-*` and `tss-deploy-*`, which look at everything and manage the stacks. What they may and may not do is",
    "told in `docs/deploying.md` and held by `test/stacks/bootstrap.test.ts`; each of their rights is used by a rehearsal, or stands with its reason in",
    "`test/rights/rehearsals/unused.ts`.",
    ...sections,
    "",
  ].join("\n");
}
