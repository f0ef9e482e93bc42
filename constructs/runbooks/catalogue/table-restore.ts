/** The orders table as it was at some time, made beside the table and compared with it (OPS-021). */
import { hostText } from "../../hosts/host-files";
import type { AutomationRunbook } from "../description";
import { restoreTable, waitForTable } from "./table-copy";

/** The table, and the copies that may be made of it. */
export interface RestoredTable {
  readonly name: string;
  readonly arn: string;
}

/** What the name of a copy begins with after the table's. */
export const COPY = "-restored-";

export function tableRestore({ name, arn }: RestoredTable): AutomationRunbook {
  const copies = `${arn}${COPY}*`;
  const copy = "{{ Copy }}";
  const made = { table: { name, arn }, copy, copies, at: "{{ At }}" };
  const list = { type: "StringList" } as const;
  return {
    kind: "automation",
    name: "table-restore",
    title: "The orders table as it was at some time, beside the table",
    purpose:
      "For items that were deleted or overwritten by mistake. The table is not touched, and **nothing is switched over**: with the comparison in hand, single items are put back, or the kill switch is thrown and the programs are told the copy's name. A copy has no tags, no expiry of items and no point-in-time recovery of its own, and costs as long as it stands: `aws dynamodb delete-table --table-name <copy>`. A table that is larger than ten minutes of reading fails at the comparison; the copy is there all the same.",
    tier: 2,
    owner: "CloudArchitecture",
    parameters: {
      At: {
        description: "When it was still right, in UTC; at least five minutes ago, at most as long as the table's recovery reaches back",
        allowedPattern: "^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z$",
        example: "2026-01-31T03:00:00Z",
      },
      Copy: {
        description: "Name of the copy",
        allowedPattern: `^${name.replaceAll(".", "\\.")}${COPY}[a-z0-9-]{1,40}$`,
        example: `${name}${COPY}1`,
      },
    },
    steps: [
      {
        name: "isRecoverable",
        does: "assert",
        why: "The table keeps what it was.",
        service: "dynamodb",
        api: "DescribeContinuousBackups",
        input: { TableName: name },
        on: [arn],
        property: "$.ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus",
        isOneOf: ["ENABLED"],
      },
      {
        name: "restore",
        why: "Makes the copy. One of that name that is there already is not touched: it fails.",
        ...restoreTable(made),
        outputs: { Copy: { selector: "$.TableDescription.TableName" } },
      },
      {
        name: "waitForCopy",
        why: "Until it can be read.",
        ...waitForTable(made),
      },
      {
        name: "compare",
        does: "script",
        why: "How many items each has, and the first twenty keys that only one has or that differ.",
        script: hostText("runbooks/compare_tables.py"),
        input: { live: name, restored: copy },
        rights: [{ actions: ["dynamodb:DescribeTable", "dynamodb:Scan"], resources: [arn, copies] }],
        timeoutSeconds: 600,
        outputs: {
          Live: { selector: "$.Payload.live", type: "Integer" },
          Restored: { selector: "$.Payload.restored", type: "Integer" },
          OnlyLive: { selector: "$.Payload.onlyLive", ...list },
          OnlyRestored: { selector: "$.Payload.onlyRestored", ...list },
          Different: { selector: "$.Payload.different", ...list },
        },
        end: true,
      },
    ],
  };
}
