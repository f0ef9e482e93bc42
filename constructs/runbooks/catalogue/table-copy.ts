/** A table as it was at some time, as a table beside it: what the runbooks that make one have in common (OPS-021, OPS-029). */
import type { Step } from "../description";

/** Recovery takes as long as the table needs; until then OPS-011 and OPS-018 want it done. */
const LONGEST_SECONDS = 4 * 3600;

export interface TableCopy {
  readonly table: { readonly name: string; readonly arn: string };
  /** Name of the copy. */
  readonly copy: string;
  /** ARN of every copy that may be made. */
  readonly copies: string;
  /** The moment, in UTC. */
  readonly at: string;
}

type Call = Extract<Step, { does: "call" }>;
type Wait = Extract<Step, { does: "wait" }>;

/** Asks for the copy. One of that name that is there already is not touched: it fails. */
export const restoreTable = ({ table, copy, copies, at }: TableCopy) =>
  ({
    does: "call",
    service: "dynamodb",
    api: "RestoreTableToPointInTime",
    input: { SourceTableName: table.name, TargetTableName: copy, RestoreDateTime: at },
    on: [table.arn, copies],
    // DynamoDB writes the copy in the caller's name. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/pointintimerecovery_beforeyoubegin.html
    also: [
      {
        actions: ["BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem"].map(
          (action) => `dynamodb:${action}`,
        ),
        resources: [copies],
      },
    ],
  }) as const satisfies Omit<Call, "name" | "why">;

/** Waits until the copy can be read. */
export const waitForTable = ({ copy, copies }: TableCopy) =>
  ({
    does: "wait",
    service: "dynamodb",
    api: "DescribeTable",
    input: { TableName: copy },
    on: [copies],
    property: "$.Table.TableStatus",
    isOneOf: ["ACTIVE"],
    timeoutSeconds: LONGEST_SECONDS,
  }) as const satisfies Omit<Wait, "name" | "why">;
