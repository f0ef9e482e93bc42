/**
 * The kill switch itself: an item of the orders table (DAT-014). It is what counts; a copy in Redis is a cache (C-22).
 *
 * Its attributes are the documents' `active`, `reason`, `updated_by` (C-23), `version` (DAT-032), and `updated_at`, without which nobody could say since
 * when. Who only reads asks for `active`: hosts/common/tss_host/kill_switch.py.
 */
import { SWITCH_PARTITION } from "../../constructs/hosts/host-names";
import { at, AwsError, textAt, type Answered, type Aws } from "../aws";

/** The item's key, as every reader has it. */
export const KEY = { pk: { S: SWITCH_PARTITION }, sk: { S: "SETTING#KILL_SWITCH" } } as const;

export interface SwitchItem {
  /** `unset`: there is no item, nobody has ever used the switch; `unclear`: `active` is no BOOL, which every reader takes for active. */
  readonly state: "active" | "inactive" | "unset" | "unclear";
  readonly reason?: string;
  /** ARN of the caller, or what else wrote it: the documents' command says `emergency_admin` (OPS-001). */
  readonly updatedBy?: string;
  /** ISO 8601. */
  readonly updatedAt?: string;
  /** As DynamoDB writes a number; the documents' short form has none (OPS-002). */
  readonly version?: string;
}

/** What is written: the whole of it, each time. */
export interface SwitchWrite {
  readonly active: boolean;
  readonly reason: string;
  readonly updatedBy: string;
  /** ISO 8601. */
  readonly updatedAt: string;
}

/** Somebody else changed the item after it was read; nothing was written. */
export class ChangedMeanwhile extends Error {
  constructor(readonly now: SwitchItem) {
    super(`The kill switch was changed by somebody else at the same moment, and nothing was overwritten. ${itemText(now)}`);
    this.name = "ChangedMeanwhile";
  }
}

/** @throws Error where the table cannot be read */
export async function readItem(aws: Aws, table: string): Promise<SwitchItem> {
  const { Item: item } = await aws.json("dynamodb", "GetItem", { TableName: table, Key: KEY, ConsistentRead: true });
  if (item === undefined) return { state: "unset" };
  const active = at(item, "active", "BOOL");
  const text = (name: string, kind: "N" | "S") => textAt(item, name, kind) || undefined;
  return {
    state: active === true ? "active" : active === false ? "inactive" : "unclear",
    reason: text("reason", "S"),
    updatedBy: text("updated_by", "S"),
    updatedAt: text("updated_at", "S"),
    version: text("version", "N"),
  };
}

/**
 * Writes the item over what was read, if it is still that (DAT-032).
 * @returns the item as it is now
 * @throws ChangedMeanwhile; Error where the table cannot be written
 */
export async function writeOver(aws: Aws, table: string, read: SwitchItem, write: SwitchWrite): Promise<SwitchItem> {
  const next = String(BigInt(read.version ?? 0) + 1n);
  const isSame =
    read.version !== undefined
      ? "#version = :read"
      : read.state === "unset"
        ? "attribute_not_exists(pk)"
        : "attribute_exists(pk) AND attribute_not_exists(#version)";
  try {
    await update(aws, table, write, next, isSame, read.version);
  } catch (error) {
    if (!(error instanceof AwsError && error.code === "ConditionalCheckFailedException")) throw error;
    const now = await readItem(aws, table);
    // The answer to a first attempt got lost on its way, and the second met what the first had written.
    if (now.version !== next || now.updatedBy !== write.updatedBy || now.updatedAt !== write.updatedAt) throw new ChangedMeanwhile(now);
  }
  return written(write, next);
}

/**
 * Writes the item whatever it holds: the documents' emergency path (OPS-001, C-23). Its version is the time in milliseconds, which needs no look
 * at what is there and is no version that anybody has read.
 * @throws Error where the table cannot be written
 */
export async function writeUnconditionally(aws: Aws, table: string, write: SwitchWrite): Promise<SwitchItem> {
  const version = String(Date.parse(write.updatedAt));
  await update(aws, table, write, version);
  return written(write, version);
}

/** An update leaves alone what else an application may keep in the item. */
const update = async (aws: Aws, table: string, write: SwitchWrite, version: string, condition?: string, read?: string): Promise<Answered> =>
  aws.json("dynamodb", "UpdateItem", {
    TableName: table,
    Key: KEY,
    UpdateExpression: "SET active = :active, reason = :reason, updated_by = :by, updated_at = :at, #version = :version",
    ExpressionAttributeNames: { "#version": "version" },
    ExpressionAttributeValues: {
      ":active": { BOOL: write.active },
      ":reason": { S: write.reason },
      ":by": { S: write.updatedBy },
      ":at": { S: write.updatedAt },
      ":version": { N: version },
      ...(read !== undefined && { ":read": { N: read } }),
    },
    ...(condition !== undefined && { ConditionExpression: condition }),
  });

const written = ({ active, ...rest }: SwitchWrite, version: string): SwitchItem => ({
  ...rest,
  state: active ? "active" : "inactive",
  version,
});

/** One line for people. */
export function itemText({ state, reason, updatedAt, updatedBy, version }: SwitchItem): string {
  if (state === "unset") return "The kill switch is off: nobody has ever used it.";
  const words = {
    active: "on: nothing may trade",
    inactive: "off",
    unclear: "unclear, which counts as on: its attribute active is no BOOL",
  };
  const details = [
    updatedAt && `since ${updatedAt}`,
    updatedBy && `by ${updatedBy}`,
    `version ${version ?? "none"}`,
    reason && `reason: ${reason}`,
  ];
  return `The kill switch is ${words[state]} (${details.filter(Boolean).join(", ")}).`;
}
