/** Every runbook that is run, in the order of their list: docs/runbooks/runnable.md. */
import type { AutomationRunbook, CommandRunbook } from "../description";
import { linuxReport, windowsReport } from "./daily-report";
import { hostRecovery, linuxChecks, windowsChecks } from "./host-recovery";
import { hostRebuild } from "./host-rebuild";
import { killSwitches, type KillSwitch } from "./kill-switch";
import type { Place, SentDocument } from "./place";
import { objectsRestore, type RestoredBuckets } from "./objects-restore";
import { queueRedrive, type DeadLetters } from "./queue-redrive";
import { cacheKeys, recoveredHostChecks, recoveryTest, type RecoveryTested } from "./recovery-test";
import { tableRestore, type RestoredTable } from "./table-restore";

/** Those that machines are sent. */
export const COMMANDS: readonly CommandRunbook[] = [windowsReport, linuxReport, windowsChecks, linuxChecks, cacheKeys, recoveredHostChecks];

/** What an environment's runbooks speak of. */
export interface Parts extends Place {
  /** A document of COMMANDS, once it is made. */
  readonly sent: (command: CommandRunbook) => SentDocument;
  readonly deadLetters: DeadLetters;
  readonly table: RestoredTable;
  readonly buckets: RestoredBuckets;
  readonly killSwitch: KillSwitch;
  /** The document by which a host stands still, and starts nothing. */
  readonly stop: SentDocument;
  /** Undefined where recovery is not tested. */
  readonly recoveryTested?: RecoveryTested;
}

export function automations(parts: Parts): readonly AutomationRunbook[] {
  const checks = { windows: parts.sent(windowsChecks), linux: parts.sent(linuxChecks) };
  const { recoveryTested } = parts;
  return [
    ...killSwitches(parts, parts.killSwitch),
    hostRecovery(parts, checks),
    ...hostRebuild(parts, { ...checks, stop: parts.stop }),
    queueRedrive(parts, parts.deadLetters),
    tableRestore(parts.table),
    objectsRestore(parts, parts.buckets),
    ...(recoveryTested
      ? [recoveryTest(parts, recoveryTested, { keys: parts.sent(cacheKeys), functions: parts.sent(recoveredHostChecks) })]
      : []),
  ];
}
