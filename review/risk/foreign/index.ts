/**
 * Foreign parties: accounts, buckets, hosts, registries and repositories that a change names and that stood nowhere before.
 *
 * Known is what the base's code and state name, in all stacks of the environment, and what the literals of the other environments say. The
 * environment's own literal may be a part of the change: who is named there is told all the same, for a reviewer to see. Where there was
 * nothing before, all are new, and each stack tells them once.
 */
import type { Block, Blocks, StackJson } from "../../../terraform/assembly";
import { constructsOf } from "../../plan/compare";
import type { Finding, Severity, StackPlan } from "../../model";
import type { PlannedSides } from "../reach";
import { findingOf } from "../rules";
import { partiesIn, RULE_OF_KIND, type Kind, type Party } from "./parties";

export interface ForeignContext {
  /** The environment's literal, and whatever else is given from outside of the code. @default nothing */
  readonly own?: unknown;
  /** Literals of the other environments. @default nothing */
  readonly others?: readonly unknown[];
}

/** The configuration of a stack's providers says where it stands. */
export interface ForeignSides extends PlannedSides {
  /** Accounts of the providers, where there is no code: see `configuredAccounts`. */
  readonly accounts?: readonly string[];
}

/** Of AWS itself: registries of EKS's add-ons (docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html), load balancers' logs in Tokyo and Osaka, and what stands where a state is made up. */
const OF_AWS: readonly string[] = ["602401143452", "582318560864", "383597477331", "000000000000"];

/** What a change names at one place. */
interface Named {
  readonly stack: string;
  readonly address?: string;
  readonly construct: string;
  readonly parties: readonly Party[];
}

export function foreignOf(sides: readonly ForeignSides[], { own, others = [] }: ForeignContext = {}): Finding[] {
  const known = new Set(
    [
      ...sides.flatMap(({ plan, before, accounts = [] }) => [
        ...standing(plan, before),
        ...accounts.map((name): Party => ({ kind: "account", name })),
      ]),
      ...others.flatMap((literal) => partiesIn(literal)),
      ...OF_AWS.map((name): Party => ({ kind: "account", name })),
    ].map(keyOf),
  );
  const isFirst = sides.every(({ plan, before }) => before === undefined && plan.before.length === 0);
  const declared = new Set([...partiesIn(own).filter(({ name }) => name !== "docker.io/library"), ...sides.flatMap(madeIn)].map(keyOf));
  const made = new Set(sides.flatMap(madeIn).map(keyOf));
  const named = sides.flatMap(namedIn).map((one) => ({
    ...one,
    parties: one.parties.filter((party) => !isKnown(party, known) && !made.has(keyOf(party)) && !(isFirst && isKnown(party, declared))),
  }));
  if (isFirst) return sides.flatMap(({ plan: { stack } }) => firstOf(stack, named));
  const isDeclared = (party: Party) => isKnown(party, declared);
  // Nothing to hold an account against: no provider and no resource says which is ours.
  const isUnsure = (kind: Kind) =>
    kind === "account" && ![...known].some((key) => key.startsWith("account ") && !OF_AWS.includes(key.slice(8)));
  return [
    ...named.flatMap((one) =>
      findingsAt(
        one,
        (party) => !isDeclared(party),
        (kind) => (isUnsure(kind) ? "notice" : "refusal"),
      ),
    ),
    ...onceEach(named, isDeclared),
  ];
}

const keyOf = ({ kind, name }: Party): string => `${kind} ${name}`;

/** By itself, or by the host that it is below of: `api.example.com` where `example.com` is known. */
function isKnown({ kind, name }: Party, known: ReadonlySet<string>): boolean {
  if (known.has(keyOf({ kind, name }))) return true;
  // Whoever is known as a host is known as a source, and the other way round.
  if (kind === "address" || kind === "source") {
    const [host = "", ...path] = name.split("/");
    const labels = host.split(".");
    const above = path.length > 0 ? [name] : labels.slice(0, -1).map((_, index) => labels.slice(index).join("."));
    return above.some((one) => known.has(`address ${one}`) || known.has(`source ${one}`));
  }
  return false;
}

/** All that stands before the change. */
function standing(plan: StackPlan, code: StackJson | undefined): Party[] {
  return [
    ...plan.before.flatMap(({ values }) => partiesIn(values)),
    ...plan.changes.flatMap(({ before }) => partiesIn(before)),
    ...partiesIn(code),
  ];
}

/** Buckets that the environment makes itself are nobody else's, nor is that of its states where no base says which it was. */
function madeIn({ plan, before, after }: ForeignSides): Party[] {
  const names = [
    ...Object.values(after?.resource?.aws_s3_bucket ?? {}).map(({ bucket }) => bucket),
    ...plan.after.filter(({ type }) => type === "aws_s3_bucket").map(({ values: { bucket } }) => bucket),
  ];
  const states = before ? [] : partiesIn(after?.terraform).filter(({ kind }) => kind === "bucket");
  return [...names.flatMap((name) => partiesIn(name, "bucket")), ...states];
}

/**
 * What a side of the change names: by its code, where references tell what is derived; else by what is planned. So it is too where there is a state
 * and no code that it came from (`--account`): code names more than any state does, such as where states are and what programs are told.
 */
function namedIn({ plan, before, after }: ForeignSides): Named[] {
  const { stack } = plan;
  if (!after || (!before && plan.before.length > 0))
    return plan.changes
      .filter(({ action }) => action !== "destroy" && action !== "forget")
      .map(({ address, construct, after: values }) => ({ stack, address, construct, parties: partiesIn(values) }));
  const constructs = constructsOf(after);
  const of = (blocks: Blocks = {}, prefix = ""): Named[] =>
    Object.entries(blocks).flatMap(([type, all]) =>
      Object.entries(all).map(([name, block]: readonly [string, Block]) => {
        const address = `${prefix}${type}.${name}`;
        return { stack, address, construct: constructs.get(address) ?? pathOf(block) ?? address, parties: partiesIn(block) };
      }),
    );
  const rest = { ...after, resource: undefined, data: undefined, terraform: undefined };
  return [...of(after.resource), ...of(after.data, "data."), { stack, construct: stack, parties: partiesIn(rest) }];
}

/** Of a data source: cdktf says it as it does of resources. */
const pathOf = ({ "//": about }: Block): string | undefined => (about as { metadata?: { path?: string } } | undefined)?.metadata?.path;

const WORDS: Readonly<Record<Kind, readonly [one: string, more: string]>> = {
  account: ["the account", "the accounts"],
  bucket: ["the bucket", "the buckets"],
  address: ["the address", "the addresses"],
  source: ["the source of code or images", "the sources of code or images"],
};
const KINDS = Object.keys(WORDS) as Kind[];

/** A finding for each kind that a place names. */
function findingsAt(one: Named, isMeant: (party: Party) => boolean, severityOf: (kind: Kind) => Severity): Finding[] {
  return KINDS.flatMap((kind) => {
    const found = [...new Set(one.parties.filter((party) => party.kind === kind && isMeant(party)).map(({ name }) => name))].sort();
    if (found.length === 0) return [];
    const message = `It names ${WORDS[kind][found.length === 1 ? 0 : 1]} ${listed(found)}, which stood nowhere in the environment before and in no literal`;
    return [at(one, kind, message, severityOf(kind))];
  });
}

/** Those that the literal names, each told once. */
function onceEach(named: readonly Named[], isMeant: (party: Party) => boolean): Finding[] {
  const places = new Map<string, { readonly party: Party; readonly at: Named[] }>();
  for (const one of named)
    for (const party of one.parties.filter(isMeant)) {
      const found = places.get(keyOf(party)) ?? { party, at: [] };
      if (!found.at.includes(one)) found.at.push(one);
      places.set(keyOf(party), found);
    }
  return [...places.values()].map(({ party: { kind, name }, at: [first, ...more] }) =>
    at(
      first!,
      kind,
      `The literal names ${WORDS[kind][0]} \`${name}\`, which stood nowhere in the environment before${more.length > 0 ? `; ${more.length} more resources name it` : ""}`,
      "notice",
    ),
  );
}

/** Of a stack that is made for the first time, one list of each kind. */
function firstOf(stack: string, named: readonly Named[]): Finding[] {
  const parties = named.filter((one) => one.stack === stack).flatMap((one) => one.parties);
  return KINDS.flatMap((kind) => {
    const found = [...new Set(parties.filter((party) => party.kind === kind).map(({ name }) => name))].sort();
    const one = { stack, construct: stack, parties };
    return found.length === 0
      ? []
      : [
          at(
            one,
            kind,
            `Nothing stood here before, so that nobody can say whether these are ours: it names ${WORDS[kind][found.length === 1 ? 0 : 1]} ${listed(found)}`,
            "notice",
          ),
        ];
  });
}

const at = ({ stack, address, construct }: Named, kind: Kind, message: string, severity: Severity): Finding => {
  const finding = findingOf({ rule: RULE_OF_KIND[kind], message, severity }, { construct, address: address ?? construct }, stack);
  return address === undefined ? { ...finding, address: undefined } : finding;
};

const MOST = 8;
const listed = (names: readonly string[]): string =>
  `${names
    .slice(0, MOST)
    .map((name) => `\`${name}\``)
    .join(", ")}${names.length > MOST ? ` and ${names.length - MOST} more` : ""}`;
