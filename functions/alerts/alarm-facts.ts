/**
 * What an alarm says of itself in its description: how bad it is (OBS-034), whose it is (OPS-035), what to do. SNS carries an alarm's description and
 * none of its tags, so this is the one way by which they reach whoever passes the alarm on: constructs write it, functions read it.
 */

/** OBS-034: told at once, or in working hours. */
export const SEVERITIES = ["critical", "warning"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** OPS-035: support levels 1, 2 and 3. */
export const OWNERS = ["DevOps", "CloudArchitecture", "SRE"] as const;
export type Owner = (typeof OWNERS)[number];

export interface AlarmFacts {
  readonly severity: Severity;
  readonly owner: Owner;
  /** What to do: a page of the repository or an address, without spaces. */
  readonly runbook: string;
  /** Log group in which one would look first, without spaces. */
  readonly logs?: string;
}

/** CloudWatch takes no longer description. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const MOST_CHARACTERS = 1024;
const FACTS = /(?:^|\s)severity=(\S+) owner=(\S+) runbook=(\S+)(?: logs=(\S+))?\s*$/;

const isOneOf = <Word extends string>(words: readonly Word[], word: string | undefined): word is Word =>
  words.some((known) => known === word);

/**
 * A description: what a person reads, and the facts as its last line.
 * @throws Error if CloudWatch would refuse it or `readAlarm` could not read it
 */
export function describeAlarm({ text, severity, owner, runbook, logs }: AlarmFacts & { readonly text: string }): string {
  if (!/^\S+$/.test(runbook)) throw new Error(`alarm "${text}": runbook ${JSON.stringify(runbook)} is not one word without spaces`);
  const facts = `severity=${severity} owner=${owner} runbook=${runbook}${logs === undefined ? "" : ` logs=${logs}`}`;
  const description = `${text}\n${facts}`;
  if (description.length > MOST_CHARACTERS)
    throw new Error(`alarm "${text}": its description has ${description.length} characters, CloudWatch takes ${MOST_CHARACTERS}`);
  return description;
}

/** The text for people and the facts; those of a description that is not ours are left out. Never throws. */
export function readAlarm(description: string): { readonly text: string } & Partial<AlarmFacts> {
  const found = FACTS.exec(description);
  const [, severity, owner, runbook, logs] = found ?? [];
  if (!found || !isOneOf(SEVERITIES, severity) || !isOneOf(OWNERS, owner)) return { text: description.trim() };
  return { text: description.slice(0, found.index).trim(), severity, owner, runbook, ...(logs !== undefined && { logs }) };
}
