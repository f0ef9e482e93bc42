/** What a plan risks: every rule of this folder, held against every change. */
import type { Finding, StackPlan } from "../model";
import type { Names } from "../construct-names";
import { AZURE_GUARDS, AZURE_LISTS, AZURE_LOOKS, AZURE_RATCHETS, AZURE_WATCHES } from "./azure";
import { BACKUP_GUARDS, BACKUP_LISTS, BACKUP_LOOKS, BACKUP_RATCHETS, BACKUP_WATCHES } from "./backups";
import { COMPUTE_LOOKS } from "./compute";
import { COMPUTE_GUARDS, COMPUTE_LISTS, COMPUTE_RATCHETS, COMPUTE_WATCHES } from "./compute-guards";
import { DATA_LOOKS } from "./data";
import { DATA_GUARDS, DATA_LISTS, DATA_RATCHETS, DATA_WATCHES } from "./data-guards";
import { DOCUMENT_LOOKS } from "./documents";
import { EXPIRY_LOOKS } from "./expiry";
import { openedOnGoogle } from "./google";
import { guardLook, listLook, ratchetLook, watchLook } from "./guard";
import { KUBERNETES_LOOKS } from "./kubernetes";
import { NETWORK_LOOKS } from "./network";
import { NETWORK_GUARDS, NETWORK_LISTS, NETWORK_WATCHES } from "./network-guards";
import { NOTIFICATION_LOOKS, unwatchedHosts } from "./notification";
import { IDENTITY_LOOKS } from "./policies";
import { protectionLost, removedOutputs, tagsOfRights } from "./plan-wide";
import { removedSettings } from "./removed-settings";
import { findingOf, RULES, type Context, type Look, type Verdict } from "./rules";
import { SAFEGUARDS } from "./safeguards";
import { unjudged } from "./unjudged";

export { accountsOf } from "./accounts";
export { classOf, classOfType } from "./classes";
export { foreignOf, type ForeignSides } from "./foreign";
export { reachOf, type PlannedSides } from "./reach";
export { RULES, type RuleName } from "./rules";
export { configuredFacts, runsOf, type RunningSides } from "./runs";
export { heldBy } from "./stateful";

const LOOKS: readonly Look[] = [
  ...DATA_LOOKS,
  ...EXPIRY_LOOKS,
  ...BACKUP_LOOKS,
  ...DOCUMENT_LOOKS,
  ...IDENTITY_LOOKS,
  ...NETWORK_LOOKS,
  ...NOTIFICATION_LOOKS,
  ...COMPUTE_LOOKS,
  ...KUBERNETES_LOOKS,
  ...AZURE_LOOKS,
  openedOnGoogle,
  removedSettings,
  guardLook([...SAFEGUARDS, ...DATA_GUARDS, ...BACKUP_GUARDS, ...NETWORK_GUARDS, ...COMPUTE_GUARDS, ...AZURE_GUARDS]),
  ratchetLook([...DATA_RATCHETS, ...BACKUP_RATCHETS, ...COMPUTE_RATCHETS, ...AZURE_RATCHETS]),
  listLook([...DATA_LISTS, ...BACKUP_LISTS, ...NETWORK_LISTS, ...COMPUTE_LISTS, ...AZURE_LISTS]),
  watchLook([...DATA_WATCHES, ...BACKUP_WATCHES, ...NETWORK_WATCHES, ...COMPUTE_WATCHES, ...AZURE_WATCHES]),
];

export interface RiskContext {
  /** Addresses under prevent_destroy at the base. */
  readonly protected: ReadonlySet<string>;
  /** The same after the change, where it is known. @default not compared */
  readonly protectedAfter?: ReadonlySet<string>;
  /** Accounts of the environment. @default nothing is known of them */
  readonly accounts?: ReadonlySet<string>;
  /** Whether an argument of a resource stands in the code. @default all of them may */
  readonly written?: (address: string, argument: string) => boolean;
  /** What the environment's ids and references stand for. @default ids are told as they are */
  readonly names?: Names;
}

/** Of what several tables say of one attribute, the worst, by the first of them. */
function once(verdicts: readonly Verdict[]): readonly Verdict[] {
  const severityOf = ({ rule, severity = RULES[rule].severity }: Verdict) => severity;
  return verdicts.filter(
    (verdict, index) =>
      verdict.path === undefined ||
      !verdicts.some(
        (other, position) =>
          other.rule === verdict.rule &&
          other.path === verdict.path &&
          (severityOf(other) === severityOf(verdict) ? position < index : severityOf(other) === "refusal"),
      ),
  );
}

/** Findings of one stack: refusals first, then in the order of their addresses and rules. */
export function risksOf(plan: StackPlan, { protectedAfter, ...given }: RiskContext): Finding[] {
  const context: Context = { plan, ...given };
  const found = [
    ...plan.changes.flatMap((change) =>
      once(LOOKS.flatMap((look) => look(change, context))).map((verdict) => findingOf(verdict, change, plan.stack)),
    ),
    ...unwatchedHosts(plan),
    ...removedOutputs(plan),
    ...tagsOfRights(plan),
    ...(protectedAfter ? protectionLost(plan, context.protected, protectedAfter) : []),
  ];
  const all = [...found, ...unjudged(plan, found, context)];
  const unique = [...new Map(all.map((finding) => [`${finding.rule} ${finding.address} ${finding.message}`, finding])).values()];
  const order = ({ severity, address = "", rule, message }: Finding) => `${severity === "refusal" ? 0 : 1} ${address} ${rule} ${message}`;
  return unique.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}
