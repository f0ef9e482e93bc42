/** What a plan risks: every rule of this folder, held against every change. */
import type { Finding, StackPlan } from "../model";
import type { Names } from "../construct-names";
import { AZURE_LOOKS } from "./azure";
import { BACKUP_LOOKS } from "./backups";
import { COMPUTE_LOOKS } from "./compute";
import { DATA_LOOKS } from "./data";
import { DOCUMENT_LOOKS } from "./documents";
import { EXPIRY_LOOKS } from "./expiry";
import { openedOnGoogle } from "./google";
import { guardLook, listLook, ratchetLook, watchLook } from "./guard";
import { KUBERNETES_LOOKS } from "./kubernetes";
import { NETWORK_LOOKS } from "./network";
import { NOTIFICATION_LOOKS, unwatchedHosts } from "./notification";
import { IDENTITY_LOOKS } from "./policies";
import { protectionLost, removedOutputs, tagsOfRights } from "./plan-wide";
import { removedSettings } from "./removed-settings";
import { findingOf, RULES, type Context, type Look, type Verdict } from "./rules";
import { GUARDS, LISTS, RATCHETS, WATCHES } from "./tables";
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
  guardLook(GUARDS),
  ratchetLook(RATCHETS),
  listLook(LISTS),
  watchLook(WATCHES),
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
