/** What may pass although a rule refuses it: review/exceptions.yaml, each entry with a reason and a last day. */
import { parseDocument } from "yaml";
import { z } from "zod";
import { traitsOf } from "../stacks/catalogue";
import { isOnAzure } from "../terraform/assembly";
import type { Exception, Finding } from "./model";

/** Rules that exist: those of review/risk, and the names of scanners' and costs' rules, which are not ours to list. */
const RULE = /^[a-z][a-z0-9-]*\/[A-Za-z0-9_.-]+$/;
/** A path in the construct tree or an address; `*` in place of an environment, `azure-*` of one on Azure. */
const CONSTRUCT = /^((azure-)?\*-[a-z0-9-]+|[^*\s/]+)(\/[^*\s/]+)*$|^[^*\s]+$/;

const entry = z.strictObject({
  construct: z
    .string()
    .regex(
      CONSTRUCT,
      "must be a construct's path such as prod-data/order-state/table, or *-data/order-state/table for every environment (azure-*-data/… for those on Azure); an environment's name for what concerns it as a whole",
    ),
  rule: z.string().regex(RULE, "must be a rule's name, such as data/destroyed or checkov/CKV_AWS_18"),
  reason: z.string().trim().min(10, "must say why in at least 10 characters"),
  expires: z.string().refine(isDay, "must be a day, such as 2026-12-31"),
  approvedBy: z.string().trim().min(2, "must name who decided it").optional(),
});

/** @throws Error that lists all problems: the file, the entry's number, the key and what is allowed */
export function readExceptions(text: string, file: string): Exception[] {
  // Dates stay texts, and a key that stands twice is an error.
  const document = parseDocument(text, { schema: "core", uniqueKeys: true, version: "1.2" });
  if (document.errors.length > 0)
    throw new Error(`${file} is no YAML: ${document.errors.map(({ message }) => message.split("\n")[0]).join("; ")}`);
  const content: unknown = document.toJS();
  if (content === null || content === undefined) return [];
  if (!Array.isArray(content))
    throw new Error(`${file} must hold a list of entries with construct, rule, reason and expires; an empty one is [].`);
  const problems: string[] = [];
  const exceptions = (content as unknown[]).flatMap((item, index): Exception[] => {
    const result = entry.safeParse(item);
    if (result.success) return [result.data];
    problems.push(...result.error.issues.map((issue) => `${file}, entry ${index + 1}: ${issueText(issue)}`));
    return [];
  });
  if (problems.length === 0) {
    const seen = new Map<string, number>();
    exceptions.forEach(({ construct, rule }, index) => {
      const key = `${construct} ${rule}`;
      const earlier = seen.get(key);
      if (earlier !== undefined)
        problems.push(`${file}, entry ${index + 1}: ${rule} of ${construct} stands in entry ${earlier + 1} already`);
      seen.set(key, earlier ?? index);
    });
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return exceptions;
}

function issueText(issue: { readonly code: string; readonly path: readonly PropertyKey[]; readonly message: string }): string {
  if (issue.code === "unrecognized_keys")
    return `${(issue as unknown as { keys: string[] }).keys.map((key) => `"${key}"`).join(", ")} is unknown; allowed are construct, rule, reason, expires, approvedBy`;
  return issue.path.length === 0
    ? `must be an entry with construct, rule, reason and expires (${issue.message})`
    : `${issue.path.map(String).join(".")} ${issue.message.startsWith("must") ? issue.message : `must be a text (${issue.message})`}`;
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** What was judged, so that an entry which met nothing there is an error. An entry with `*` is judged only where all that it may speak of was. */
export interface ExceptionScope {
  /** Stacks of which all is known that a rule may find. @default none: no entry is unused */
  readonly stacks?: readonly string[];
  /** Environments of which every stack is among them. @default none */
  readonly whole?: readonly string[];
  /** All environments that there are of the clouds that are reviewed; entries of another's do not expire here. @default those that are whole, and every entry expires */
  readonly environments?: readonly string[];
  /** File for messages. @default "review/exceptions.yaml" */
  readonly file?: string;
}

/** Findings as they stand with their exceptions, and what is wrong with the exceptions themselves. */
export interface Applied {
  readonly findings: Finding[];
  readonly errors: string[];
}

/**
 * @param today `2026-11-21`; an exception holds up to and on its last day
 */
export function applyExceptions(
  findings: readonly Finding[],
  exceptions: readonly Exception[],
  today: string,
  { stacks = [], whole = [], environments = whole, file = "review/exceptions.yaml" }: ExceptionScope = {},
): Applied {
  if (!isDay(today)) throw new Error(`Today must be a day such as 2026-11-21, not ${JSON.stringify(today)}`);
  const used = new Set<Exception>();
  const applied = findings.map((finding): Finding => {
    const matching = exceptions.filter((exception) => matches(exception, finding));
    for (const exception of matching) used.add(exception);
    const excepted = matching.find(({ expires }) => expires >= today);
    return excepted ? { ...finding, excepted } : finding;
  });
  const errors = exceptions.flatMap((exception, index): string[] => {
    const name = `${file}, entry ${index + 1} (${exception.rule} of ${exception.construct})`;
    if (exception.expires < today && isOfThese(exception, environments))
      return [`${name} expired on ${exception.expires}: take it out, or decide anew`];
    return used.has(exception) || !isJudged(exception, { stacks, whole, environments })
      ? []
      : [`${name} is unused: no finding needs it, take it out`];
  });
  return { findings: applied, errors };
}

function matches({ construct, rule }: Exception, finding: Finding): boolean {
  if (rule !== finding.rule) return false;
  if (construct === finding.construct || construct === finding.address) return true;
  // `*-data/order-state/table`: the environment's name holds no dash that the rest could begin with, but Azure's in front.
  const [first, ...rest] = finding.construct.split("/");
  const [, cloud = "", stack] = /^(azure-)?[^-]+(-.+)$/.exec(first!) ?? [];
  return stack !== undefined && construct === [`${cloud}*${stack}`, ...rest].join("/");
}

/** Whether an entry is about one of these environments' cloud. */
const isOfThese = ({ construct }: Exception, environments: readonly string[]): boolean =>
  environments.length === 0 || environments.some((environment) => isOnAzure(environment) === isOnAzure(construct));

/** No review against a subscription has what an administrator deploys there, though it has all the rest. */
const isLeftOut = (stack: string): boolean => isOnAzure(stack) && traitsOf(stack).deployedBy === "administrator";

/** A stack that a whole environment does not have holds nothing that an entry could be for. */
function isJudged({ construct }: Exception, { stacks, whole, environments }: Required<Omit<ExceptionScope, "file">>): boolean {
  const [first] = construct.split("/") as [string];
  if (isLeftOut(first)) return stacks.includes(first);
  if (first.includes("*")) {
    const meant = environments.filter((environment) => isOnAzure(environment) === isOnAzure(first));
    const stackOf = (environment: string) => first.replace(/^(azure-)?\*/, environment);
    return meant.length > 0 && meant.every((environment) => stacks.includes(stackOf(environment)) || whole.includes(environment));
  }
  return stacks.includes(first) || whole.some((environment) => first === environment || first.startsWith(`${environment}-`));
}
