/** The text of a further environment, from that of another: whatever carries the other's name, suffix or account carries its own. */
import ts from "typescript";
import { textsOf, withPart } from "../../environments/reading/carried-names";
import { physicalNames } from "../../environments/rules";
import type { Environment } from "../../environments/schema";
import { literalPath } from "../../environments/reading/load";
import { listOf, propertyOf, SourceFile } from "./edits";

/** Blocks of a literal of which an account, or a region of it, may have one. */
export type LeftOut = "bootstrap" | "accountWide" | "research";

/** What a further environment is to be. */
export interface Further extends Pick<Environment, "name" | "stage" | "account"> {
  /** What it is copied from. */
  readonly from: Environment;
  /** The environment of the same account that has its bootstrap; undefined where the account is new. */
  readonly owner: Environment | undefined;
  /** Blocks that its account, or the region there, may have once and has. */
  readonly leftOut: readonly LeftOut[];
  /** That may take the roles of a new account. */
  readonly githubRepository: string;
  /** Names of buckets that are taken. */
  readonly takenBuckets: readonly string[];
}

export const suffixOf = ({ name, stage }: Pick<Environment, "name" | "stage">): string => (stage === "production" ? "" : `-${name}`);

/** Words for people, which stay as they are. */
const WORDS = /(^|\.)(description|documentedName|tags)(\.|\[|$)/;

/** Physical names, and that of the namespace: several environments may have theirs in one cluster. */
const namesThatEnd = (environment: Environment) => [
  ...physicalNames(environment),
  { path: "cluster.kubernetes.namespace", kind: "namespace", name: environment.cluster.kubernetes.namespace },
];

/** A physical name as the further environment has it: `day-trade-production` → `day-trade-qa`. */
function renamed(written: string, { name, stage, from }: Further): string {
  const [, stem = "", fifo = ""] = /^(.*?)(\.fifo)?$/.exec(written) ?? [];
  const ends = [from.nameSuffix, ...(stage === from.stage ? [] : [`-${from.name}`, `-${from.stage}`])].filter(
    (end) => end !== "" && stem.endsWith(end),
  );
  const bare = withPart(stem.slice(0, stem.length - (ends[0]?.length ?? 0)), from.name, name);
  return `${bare}${suffixOf({ name, stage })}${fifo}`;
}

/** A bucket's name is taken world-wide: where nothing else tells the two apart, the account does. */
const apart = (bucket: string, { account, takenBuckets }: Further): string =>
  takenBuckets.includes(bucket) ? `${bucket}-${account}` : bucket;

function valueOf(path: string | undefined, written: string, further: Further): string {
  const { name, stage, account, from, owner } = further;
  const given: Record<string, string> = { name, stage, account, nameSuffix: suffixOf(further) };
  if (path !== undefined && Object.hasOwn(given, path)) return given[path]!;
  if (path !== undefined && WORDS.test(path)) return written;
  const moved = written.replace(new RegExp(`(?<!\\d)${from.account}(?!\\d)`, "g"), account);
  if (path === "stateBucket") return owner ? owner.stateBucket : apart(withPart(moved, from.name, name), further);
  const physical = namesThatEnd(from).find((candidate) => candidate.path === path && written.startsWith(candidate.name));
  if (!physical) return withPart(moved, from.name, name);
  const own = renamed(moved.slice(0, moved.length - (written.length - physical.name.length)), further);
  return `${physical.kind === "bucket" ? apart(own, further) : own}${written.slice(physical.name.length)}`;
}

/** @throws Error when the other literal is written in a way that cannot be edited */
export function furtherLiteral(text: string, further: Further): string {
  const { name, account, from, owner, leftOut, githubRepository } = further;
  const source = new SourceFile(literalPath(from.name), text);
  const { statement, declaration, object } = source.exported(from.name);
  source.replace(declaration.name.getStart(), declaration.name.end, name);
  const [comment] = ts.getLeadingCommentRanges(text, statement.getFullStart())?.slice(-1) ?? [];
  const words = `/** Written after ${from.name}: say here what it is for, and below why where a comment does not hold any more. */`;
  source.replace(comment?.pos ?? statement.getStart(), comment?.end ?? statement.getStart(), comment ? words : `${words}\n`);

  const bootstrap = propertyOf(object, "bootstrap");
  const removed = leftOut.flatMap((key) => propertyOf(object, key) ?? []);
  const others = [...removed, ...(bootstrap ? [bootstrap] : [])];
  const isWithin = (node: ts.Node) => others.some(({ pos, end }) => node.pos >= pos && node.end <= end);
  for (const { path, value, node } of source.strings(object)) if (!isWithin(node)) source.setString(node, valueOf(path, value, further));
  for (const property of removed) source.remove(property);
  if (bootstrap && !owner) {
    const list = listOf(source, object, "bootstrap", "environments");
    source.replace(list.getStart(), list.end, JSON.stringify([name]));
  } else if (!owner) {
    const before = propertyOf(object, "stateBucket");
    if (!before) throw new Error(`${source.file}: stateBucket is not written out, so account ${account} cannot get a bootstrap behind it.`);
    source.addBehind(
      before,
      `,\n  bootstrap: { githubRepository: ${JSON.stringify(githubRepository)}, environments: [${JSON.stringify(name)}] }`,
    );
  }
  return source.edited();
}

/** The literal that has the account's bootstrap, with one environment more in it. */
export function withinBootstrap(text: string, owner: string, name: string): string {
  const source = new SourceFile(literalPath(owner), text);
  const list = listOf(source, source.exported(owner).object, "bootstrap", "environments");
  source.addBehind(list.elements[list.elements.length - 1]!, `, ${JSON.stringify(name)}`);
  return source.edited();
}

/** environments/index.ts with one environment more. @param behind the environment that it follows; undefined: it is the first */
export function withEntry(text: string, name: string, behind: string | undefined): string {
  const source = new SourceFile("environments/index.ts", text);
  const imports = source.tree.statements.filter(ts.isImportDeclaration);
  const moduleOf = ({ moduleSpecifier }: ts.ImportDeclaration) => (moduleSpecifier as ts.StringLiteral).text;
  const line = `import { ${name} } from "./${name}";`;
  const next = imports.find((one) => moduleOf(one) > `./${name}`);
  if (next) source.replace(next.getStart(), next.getStart(), `${line}\n`);
  else source.addBehind(imports[imports.length - 1]!, `\n${line}`);
  let literals: ts.ObjectLiteralExpression | undefined;
  const visit = (node: ts.Node): void => {
    if (
      ts.isCallExpression(node) &&
      node.expression.getText() === "environmentsOf" &&
      node.arguments[0] &&
      ts.isObjectLiteralExpression(node.arguments[0])
    )
      literals = node.arguments[0];
    else ts.forEachChild(node, visit);
  };
  visit(source.tree);
  if (!literals) throw new Error(`${source.file}: there is no \`environmentsOf({ … })\`, whose list could be edited.`);
  const before = literals.properties.find((property) => property.name?.getText() === behind);
  const [first] = literals.properties;
  if (before) source.addBehind(before, `, ${name}`);
  else if (first) source.replace(first.getStart(), first.getStart(), `${name}, `);
  return source.edited();
}

/** Texts of the further environment that nobody but a person can know, with why. */
export function toLookAt(environment: Environment, from: Environment): string[] {
  const isSame = new Set(textsOf(from).map(({ path, value }) => `${path} ${value}`));
  const texts = textsOf(environment);
  const found = (matches: (path: string, value: string) => boolean) =>
    texts.filter(({ path, value }) => matches(path, value)).map(({ path, value }) => `${path} = "${value}"`);
  const because = (why: string, list: readonly string[]) => (list.length === 0 ? [] : [`${why}:`, ...list.map((line) => `  ${line}`)]);
  return [
    ...because(
      "certificates, made in this account and region",
      found((path) => /certificateArn$/i.test(path)),
    ),
    ...because(
      "machine images, as this account and region have them",
      found((path) => /\.image\.id$/.test(path)),
    ),
    ...because(
      "networks that may connect",
      found((path, value) => /cidrs\[/i.test(path) && value !== ""),
    ),
    ...because(
      "who is told",
      found((path) => /^events\.alertSubscriptions.*\.endpoint$|\.emails\[|^accountWide\.settings\.contacts\./.test(path)),
    ),
    ...because(
      "what this account has already",
      found((path) => path === "accountWide.anomalies.monitor.arn"),
    ),
    ...because(
      "the host that serves the web application's API",
      found((path) => path === "web.apiOrigin"),
    ),
    ...because(
      "names of hosts, with their hosted zone",
      found((path) => /\.hosts\[/.test(path)),
    ),
    ...because(
      "roles that may use the cluster",
      found((path) => path.startsWith("cluster.eks.access.")),
    ),
    ...because(
      "trading account behind the secret",
      found((path) => path === "data.secrets.mt5.name" || path === "data.secrets.mt5.description"),
    ),
    ...because(
      "settings of services, taken over as they are",
      found((path, value) => /^services\b.*\.environment\./.test(path) && isSame.has(`${path} ${value}`)),
    ),
    `budget and assumed use:`,
    `  cost.budgetDollars = ${environment.cost.budgetDollars}`,
    ...(["budget", "billingAlarm"] as const).flatMap((key) => {
      const block = environment.accountWide?.[key];
      return block ? [`  accountWide.${key}.dollars = ${block.dollars}`] : [];
    }),
    ...(environment.bootstrap
      ? because("repository whose workflows may take the roles", [
          `bootstrap.githubRepository = "${environment.bootstrap.githubRepository}"`,
        ])
      : []),
  ];
}
