/**
 * What runs: what a change lets run on the machine that deploys and on hosts, and what decides where Terraform's providers, their accounts and its
 * state are. Most of it is no change of a resource, so that it is read from the code on both sides, and where there is none, from the
 * configuration in the plan. Outside development it is refused until an exception says why.
 */
import type { Environment } from "../../../environments/schema";
import type { StackJson } from "../../../terraform/assembly";
import type { CodeLine, Finding, Severity } from "../../model";
import { constructsOf } from "../../plan/compare";
import { redactText } from "../../plan/redact";
import { beginning } from "../../shortened";
import type { PlannedSides } from "../reach";
import { findingOf } from "../rules";
import { factsIn, type Fact } from "./code";
import { commandsIn, type Commands } from "./commands";
import type { ConfiguredFact } from "./configured";

export { configuredFacts } from "./configured";

/** A stack with what its plan says of what runs, for stacks without code. */
export interface RunningSides extends PlannedSides {
  /** What the configuration of the plan says: see `configuredFacts`. @default nothing */
  readonly configured?: readonly ConfiguredFact[];
}

/** @param stage undefined where it is not known: nothing says that it is development */
export function runsOf(sides: readonly RunningSides[], stage: Environment["stage"] | undefined): Finding[] {
  const severity: Severity = stage === "development" ? "notice" : "refusal";
  const isKnown = sides.some(({ before }) => before !== undefined);
  const known = new Set(sides.flatMap(({ before }) => factsIn(before)).map(({ kind, value }) => `${kind} ${value}`));
  const places = sides.flatMap((side) => commandsOf(side, isKnown));
  // What some host runs already is new to none.
  const pool = new Set(sides.flatMap(standing).flatMap(({ lines }) => [...lines.keys()]));
  return [
    ...sides.flatMap((side) => (isKnown ? added(side, known, severity) : untold(side, severity))),
    ...places.flatMap((place) => ofCommands(place, pool, severity)),
  ];
}

const finding = (stack: string, { rule, says, address, construct, code = [], gone = [] }: Told, severity: Severity): Finding => {
  const found = findingOf(
    { rule, message: beginning(redactText(says), MOST), severity },
    { construct: construct ?? stack, address: address ?? "" },
    stack,
  );
  const lines = [...signed("-", gone), ...signed("+", code)];
  return { ...found, address, ...(lines.length > 0 && { code: lines }) };
};

interface Told extends Pick<Fact, "rule" | "says" | "address" | "construct" | "code"> {
  /** What no longer runs. */
  readonly gone?: readonly string[];
}

/** Characters of a message and of a line, and lines of a code. */
const MOST = 360;
const MOST_OF_LINE = 240;
const MOST_LINES = 60;

/** Redacted as a whole: a key has more than one line. */
function signed(sign: CodeLine["sign"], texts: readonly string[]): CodeLine[] {
  if (texts.length === 0) return [];
  const lines = redactText(texts.join("\n")).split("\n");
  return [
    ...lines.slice(0, MOST_LINES).map((text) => ({ sign, text: beginning(text, MOST_OF_LINE) })),
    ...(lines.length > MOST_LINES ? [{ sign, text: `… and ${lines.length - MOST_LINES} more lines` }] : []),
  ];
}

/** What the code says that the base did not, or said otherwise. */
function added({ plan: { stack }, before, after }: RunningSides, known: ReadonlySet<string>, severity: Severity): Finding[] {
  const old = factsIn(before);
  const stood = new Map(old.map(({ key, value }) => [key, value]));
  const addresses: ReadonlySet<string> = new Set(before ? blocksOf(before).keys() : []);
  const isNew = ({ rule, key, kind, value, address, isNews }: Fact): boolean => {
    if (stood.has(key) ? stood.get(key) === value : known.has(`${kind} ${value}`)) return false;
    if (rule === "runs/ignored-changes") return addresses.has(address!);
    // A stack that is new has a state of its own, and providers that are set up as in others.
    return before !== undefined ? stood.has(key) || kind !== "source" || isNews : isNews;
  };
  return [...factsIn(after).filter(isNew), ...(after ? goneFrom(old, new Set(factsIn(after).map(({ key }) => key))) : [])].map((fact) =>
    finding(stack, fact, severity),
  );
}

/** What kept Terraform to our accounts and its state where it is. */
const goneFrom = (old: readonly Fact[], kept: ReadonlySet<string>): Fact[] =>
  old
    .filter(({ key }) => !kept.has(key) && (key === "backend" || /^(allowed|forbidden)_account_ids /.test(key)))
    .map((fact) => ({
      ...fact,
      says:
        fact.key === "backend"
          ? "The state is kept on the machine that deploys"
          : `\`${fact.key}\` is gone: nothing keeps Terraform from working in another account`,
    }));

/** Without a base, what is worth a look whatever stood before, in one line for each rule. */
function untold({ plan: { stack, before }, after, configured = [] }: RunningSides, severity: Severity): Finding[] {
  const facts = [...factsIn(after), ...configured].filter(({ isNews }) => isNews);
  // What is made now runs now, for the first time.
  const isSure = ({ rule, isFirst }: ConfiguredFact) => rule === "runs/provisioner" && isFirst === true && before.length > 0;
  const rest = facts.filter((fact) => !isSure(fact));
  return [
    ...facts.filter(isSure).map((fact) => finding(stack, fact, severity)),
    ...[...new Set(rest.map(({ rule }) => rule))].map((rule) => {
      const own = rest.filter((fact) => fact.rule === rule);
      const all = [...new Set(own.map(({ says }) => says))].sort();
      const code = [...new Set(own.flatMap((fact) => fact.code ?? []))].sort();
      return finding(stack, { rule, says: `No base says what ran before. ${all.join("; ")}`, code }, "notice");
    }),
  ];
}

/** What hosts run by one resource, on both sides. */
interface Place {
  readonly stack: string;
  readonly address: string;
  readonly construct: string;
  readonly before: readonly Commands[];
  readonly after: readonly Commands[];
  /** Whether nothing was there with which to compare. */
  readonly isFirst: boolean;
  /** Whether something of the stack starts it: an association, a schedule, an alarm. */
  readonly isStarted: boolean;
}

/** What hosts run before the change. */
const standing = ({ plan, before }: RunningSides): Commands[] =>
  before
    ? [...blocksOf(before).values()].flatMap(({ type, block }) => commandsIn(type, block))
    : plan.before.flatMap(({ type, values }) => commandsIn(type, values));

/** What starts documents without a person. */
const STARTS = /^aws_(ssm_(association|maintenance_window_task)|scheduler_schedule|cloudwatch_event_target)$/;

/** By the code where there is a base, which shows what Terraform ignores and what is known only later; else by the plan. */
function commandsOf({ plan, before, after }: RunningSides, isKnown: boolean): Place[] {
  const { stack } = plan;
  if (isKnown && after) {
    const constructs = constructsOf(after);
    const [was, is] = [blocksOf(before ?? {}), blocksOf(after)];
    const starters = [...is.values()].filter(({ type }) => STARTS.test(type)).map(({ block }) => JSON.stringify(block));
    return [...is].map(([address, { type, block }]) => ({
      stack,
      address,
      construct: constructs.get(address) ?? address,
      before: commandsIn(type, was.get(address)?.block ?? {}),
      after: commandsIn(type, block),
      isFirst: false,
      isStarted: starters.some((text) => text.includes(`\${${address}.`)),
    }));
  }
  const planned = plan.after.filter(({ type }) => STARTS.test(type)).map(({ values }) => JSON.stringify(values));
  return plan.changes
    .filter(({ action }) => action !== "destroy" && action !== "forget")
    .map(({ address, construct, type, before: was = {}, after: is = {} }) => ({
      stack,
      address,
      construct,
      before: commandsIn(type, was),
      after: commandsIn(type, is),
      isFirst: plan.before.length === 0,
      isStarted: typeof is.name === "string" && planned.some((text) => text.includes(JSON.stringify(is.name))),
    }));
}

const blocksOf = ({ resource = {} }: StackJson) =>
  new Map(
    Object.entries(resource).flatMap(([type, blocks]) =>
      Object.entries(blocks).map(([name, block]) => [`${type}.${name}`, { type, block }] as const),
    ),
  );

/** What a host is told that none was told before, and what it is told no more. */
function ofCommands({ stack, before, after, isFirst, isStarted, ...at }: Place, pool: ReadonlySet<string>, severity: Severity): Finding[] {
  if (isFirst) return [];
  return after.flatMap(({ rule, what, lines }) => {
    const old = before.find((one) => one.what === what);
    const fresh = [...lines].filter(([key]) => !pool.has(key)).map(([, line]) => line);
    const gone = [...(old?.lines ?? [])].filter(([key]) => !lines.has(key)).map(([, line]) => line);
    const says = [
      ...(fresh.length > 0 ? [`\`${what}\` runs what none ran before: ${quoted(fresh)}`] : []),
      ...(gone.length > 0 ? [`\`${what}\` no longer runs: ${quoted(gone)}`] : []),
    ];
    // A document that is new runs only once somebody starts it.
    const isIdle = old === undefined && what === "content" && !isStarted;
    return says.length === 0
      ? []
      : [finding(stack, { rule, says: says.join("; "), code: fresh, gone, ...at }, isIdle ? "notice" : severity)];
  });
}

const LINES = 3;
const quoted = (lines: readonly string[]): string =>
  `${lines
    .slice(0, LINES)
    .map((line) => `\`${beginning(line.replaceAll("`", "'"), 100)}\``)
    .join(", ")}${lines.length > LINES ? ` and ${lines.length - LINES} more lines` : ""}`;
