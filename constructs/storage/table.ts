import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { Construct } from "constructs";
import { Alarm, type AlarmTarget } from "../alarms/alarm";
import type { Metric } from "../alarms/metric";
import type { BackupPlan } from "../backup/backup-plan";
import type { Line, Widget } from "../dashboards/widget";
import type { EncryptionKey } from "../identity/encryption-key";
import type { Grantee } from "../identity/role";

/** An index over the items that carry both of its keys (DAT-020 … DAT-025). */
export interface GlobalSecondaryIndex {
  /** 3 to 255 characters. */
  readonly name: string;
  /** Attributes of type string. */
  readonly partitionKey: string;
  readonly sortKey: string;
  /** What a query of the index answers with, beside all keys; each costs write capacity (DAT-025). */
  readonly projectedAttributes: readonly string[];
}

export interface TableProps {
  /** 3 to 255 characters. */
  readonly name: string;
  /** Up to 20. @default none */
  readonly globalSecondaryIndexes?: readonly GlobalSecondaryIndex[];
  /** Days back to which the table can be restored, 1 to 35 (DAT-008). @default 35 */
  readonly recoveryPeriodDays?: number;
  /** @default the AWS managed key of DynamoDB (SEC-064) */
  readonly key?: EncryptionKey;
  /** There is a table of this name, which is taken over: Terraform imports it, and refuses meanwhile to destroy it, whatever `protect` says. @default false */
  readonly existing?: boolean;
  /** Refuse to be destroyed, by Terraform and by DynamoDB itself. @default true */
  readonly protect?: boolean;
}

export interface ThrottleAlarmProps {
  /** Physical name without its suffix, such as `DynamoDB-Throttles`. */
  readonly name: string;
  /** End of each alarm's name. */
  readonly nameSuffix: string;
  /** Events in 300 s above which the alarm fires (OBS-026). */
  readonly threshold: number;
}

/** DAT-009: a single table, its keys generic, so that all items share it (DAT-013 … DAT-019, C-24). */
const PRIMARY_KEY = { hashKey: "pk", rangeKey: "sk" };
/** DAT-010. */
const TTL_ATTRIBUTE = "ttl";

/** A table of the single-table design: paid by request, restorable to any second, items gone by their own `ttl` (DAT-006 … DAT-012). */
export class Table extends Construct {
  readonly name: string;
  readonly arn: string;
  private readonly key?: EncryptionKey;

  constructor(scope: Construct, id: string, props: TableProps) {
    super(scope, id);
    const { name, globalSecondaryIndexes = [], recoveryPeriodDays = 35, key, existing = false, protect = true } = props;
    const keyAttributes = new Set([
      ...Object.values(PRIMARY_KEY),
      ...globalSecondaryIndexes.flatMap(({ partitionKey, sortKey }) => [partitionKey, sortKey]),
    ]);
    const table = new DynamodbTable(this, "table", {
      name,
      billingMode: "PAY_PER_REQUEST", // DAT-007, CST-023: what the API calls on-demand
      ...PRIMARY_KEY,
      attribute: [...keyAttributes].map((attribute) => ({ name: attribute, type: "S" })),
      globalSecondaryIndex: globalSecondaryIndexes.map((index) => ({
        name: index.name,
        hashKey: index.partitionKey,
        rangeKey: index.sortKey,
        projectionType: "INCLUDE",
        nonKeyAttributes: [...index.projectedAttributes],
      })),
      ttl: { attributeName: TTL_ATTRIBUTE, enabled: true },
      pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: recoveryPeriodDays },
      // Left out, it would be a key that AWS owns, of which the account sees neither policy nor use.
      serverSideEncryption: { enabled: true, kmsKeyArn: key?.arn },
      deletionProtectionEnabled: protect,
      // A table with other keys would be replaced.
      lifecycle: protect || existing ? { preventDestroy: true } : undefined,
    });
    if (existing) table.importFrom(name);
    this.name = table.name;
    this.arn = table.arn;
    this.key = key;
  }

  /** Reads items, also through the indexes (SEC-032, SEC-033). */
  grantRead(grantee: Grantee): void {
    grantee.grant({ actions: ["dynamodb:GetItem", "dynamodb:Query"], resources: this.grantedArns });
    this.key?.grantDecrypt(grantee);
  }

  /** Reads and writes items; neither deletes nor scans (SEC-033, C-39). */
  grantReadWrite(grantee: Grantee): void {
    grantee.grant({
      actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:Query"],
      resources: this.grantedArns,
    });
    this.key?.grantEncryptDecrypt(grantee);
  }

  /** Reads the items of one partition key and, unless told otherwise, changes them; not those of another, by the table itself and by no index. */
  grantPartition(grantee: Grantee, partitionKey: string, access: "read" | "write" = "write"): void {
    grantee.grant({
      actions: ["dynamodb:GetItem", ...(access === "write" ? ["dynamodb:UpdateItem"] : [])],
      resources: [this.arn],
      conditions: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": partitionKey } },
    });
    if (access === "read") this.key?.grantDecrypt(grantee);
    else this.key?.grantEncryptDecrypt(grantee);
  }

  /** Its key's part of making copies of it, which are encrypted as it is. */
  grantCopies(grantee: Grantee): void {
    this.key?.grantTables(grantee);
  }

  /** Backs it up beside its own recovery to a point in time, which no other region can reach. */
  backUp(plan: BackupPlan): void {
    plan.addTable(this.node.id, this.arn, this.key);
  }

  /** Reports refused requests: the documented metric, and those that do count throttles (OBS-026, C-43). */
  alarmOnThrottles(target: AlarmTarget, props: ThrottleAlarmProps): void {
    const { name, nameSuffix, threshold } = props;
    const common = {
      namespace: "AWS/DynamoDB",
      statistic: "Sum",
      comparison: "GreaterThanThreshold",
      threshold,
      period: 300,
      target,
      severity: "warning",
      owner: "CloudArchitecture",
      runbook: "table-requests",
    } as const;
    // UserErrors counts requests that DynamoDB refused as wrong; it has no table dimension, so it covers account and region.
    new Alarm(this, "user-errors-alarm", {
      ...common,
      name: `${name}${nameSuffix}`,
      description: "DynamoDB refused requests in this account and region",
      metric: "UserErrors",
    });
    for (const direction of ["Read", "Write"] as const) {
      new Alarm(this, `${direction.toLowerCase()}-throttles-alarm`, {
        ...common,
        name: `${name}-${direction}${nameSuffix}`,
        description: `${direction} requests to the table exceed its capacity`,
        metric: `${direction}ThrottleEvents`,
        dimensions: { TableName: this.name },
      });
    }
  }

  /** What is read and written, and what was refused (OBS-026). */
  widgets(): readonly Widget[] {
    const dimensions = { TableName: this.name };
    const sum = (metric: string, of?: Metric["dimensions"]): Line => ({
      figure: { namespace: "AWS/DynamoDB", metric, dimensions: of, statistic: "Sum" },
    });
    return [
      {
        kind: "graph",
        title: "Orders table: capacity units used",
        lines: [sum("ConsumedReadCapacityUnits", dimensions), sum("ConsumedWriteCapacityUnits", dimensions)],
      },
      {
        kind: "graph",
        title: "Orders table: refused",
        lines: [sum("ReadThrottleEvents", dimensions), sum("WriteThrottleEvents", dimensions), sum("UserErrors")],
      },
    ];
  }

  private get grantedArns(): readonly string[] {
    return [this.arn, `${this.arn}/index/*`]; // every index of this table
  }
}
