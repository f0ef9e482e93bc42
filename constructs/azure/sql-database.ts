import { MssqlDatabase } from "@cdktf/provider-azurerm/lib/mssql-database";
import { MssqlServer } from "@cdktf/provider-azurerm/lib/mssql-server";
import { MssqlServerExtendedAuditingPolicy } from "@cdktf/provider-azurerm/lib/mssql-server-extended-auditing-policy";
import { Construct } from "constructs";
import type { AzureEnvironment } from "../../environments/azure/schema";
import { alertAbove, type AlertTarget } from "./alert";
import { diagnose, type LogTarget } from "./diagnostics";
import type { ManagedIdentity } from "./identity";
import type { AzureNetwork } from "./network";
import type { Place } from "./place";
import { addPrivateEndpoint } from "./private-endpoint";
import { lifecycle, lock } from "./protection";
import { chartsOf, type Chart } from "./workbook";

type Literal = AzureEnvironment["data"]["database"];

export interface SqlDatabaseProps extends Literal {
  readonly place: Place;
  readonly tenant: string;
  readonly network: AzureNetwork;
  readonly logs: LogTarget;
  /** Refuse to be destroyed. @default true */
  readonly protect?: boolean;
}

export const DATABASE_PORT = 1433;
const NAMESPACE = "Microsoft.Sql/servers/databases";

/** Categories of its metrics; the third, WorkloadManagement, is of data warehouses. https://learn.microsoft.com/azure/azure-sql/database/metrics-diagnostic-telemetry-logging-streaming-export-configure */
const METRICS = ["Basic", "InstanceAndAppAdvanced"];

/** SQL Database that knows no password: only Entra says who somebody is (AZR-006, AZR-007, C-38). */
export class SqlDatabase extends Construct {
  readonly host: string;
  private readonly database: string;
  private readonly databaseId: string;
  private readonly place: Place;

  constructor(scope: Construct, id: string, props: SqlDatabaseProps) {
    super(scope, id);
    const {
      administrators,
      backupRetentionDays,
      logs,
      longTermWeeks,
      maxSizeGigabytes,
      name,
      network,
      place,
      protect = true,
      sku,
      tenant,
    } = props;
    const server = new MssqlServer(this, "server", {
      ...place,
      name: props.server,
      version: "12.0",
      azureadAdministrator: {
        loginUsername: administrators.name,
        objectId: administrators.objectId,
        tenantId: tenant,
        azureadAuthenticationOnly: true,
      },
      minimumTlsVersion: "1.2",
      publicNetworkAccessEnabled: false,
      // By redirection clients would need ports from 11000 to 11999 as well.
      connectionPolicy: "Proxy",
      identity: { type: "SystemAssigned" },
      lifecycle: lifecycle(protect),
    });
    // TDE encrypts it, with a key of the service's own.
    const database = new MssqlDatabase(this, "database", {
      serverId: server.id,
      name,
      skuName: sku,
      maxSizeGb: maxSizeGigabytes,
      transparentDataEncryptionEnabled: true,
      // Its backups stand in the paired region as well (C-50).
      storageAccountType: "Geo",
      shortTermRetentionPolicy: { retentionDays: backupRetentionDays, backupIntervalInHours: 12 },
      longTermRetentionPolicy: { weeklyRetention: `P${longTermWeeks}W` },
      lifecycle: lifecycle(protect),
    });
    // Of the whole server; the events come by the diagnostic settings of `master`, which Azure makes with it.
    const auditing = new MssqlServerExtendedAuditingPolicy(this, "auditing", { serverId: server.id, logMonitoringEnabled: true });
    const master = `${server.id}/databases/master`;
    diagnose(this, "audit", logs, { targetId: master, metrics: [] });
    diagnose(this, "diagnostics", logs, { targetId: database.id, metrics: METRICS });
    addPrivateEndpoint(this, { place, network, service: "sql", resourceId: server.id });
    lock(this, protect, server);
    database.node.addDependency(auditing);
    this.host = server.fullyQualifiedDomainName;
    this.database = name;
    this.databaseId = database.id;
    this.place = place;
  }

  get endpoint(): string {
    return `${this.host}:${DATABASE_PORT}`;
  }

  /**
   * What an identity needs to know to connect. Its user in the database is made by an administrator, because only SQL can
   * (docs/azure.md): no role assignment reaches into a database.
   */
  variables(identity: ManagedIdentity): Readonly<Record<string, string>> {
    return { DATABASE_HOST: this.host, DATABASE_PORT: String(DATABASE_PORT), DATABASE_NAME: this.database, DATABASE_USER: identity.name };
  }

  charts(): readonly Chart[] {
    const chart = chartsOf(NAMESPACE, this.databaseId);
    return [
      chart("Database: share of DTUs and of space", [
        { metric: "dtu_consumption_percent", aggregation: "Average" },
        { metric: "storage_percent", aggregation: "Maximum" },
      ]),
      chart("Database: connections", [
        { metric: "connection_successful", aggregation: "Total" },
        { metric: "connection_failed", aggregation: "Total" },
        { metric: "connection_failed_user_error", aggregation: "Total" },
      ]),
      chart("Database: deadlocks", [{ metric: "deadlock", aggregation: "Total" }]),
    ];
  }

  /** DTUs are what an S size has of processor, memory and disk together. */
  alertOnLoad(target: AlertTarget): void {
    alertAbove(this, "load-alert", {
      place: this.place,
      target,
      name: "sql-dtu",
      description: "The database uses more than 80% of its DTUs",
      resourceId: this.databaseId,
      namespace: NAMESPACE,
      metric: "dtu_consumption_percent",
      aggregation: "Average",
      threshold: 80,
    });
    alertAbove(this, "space-alert", {
      place: this.place,
      target,
      name: "sql-space",
      description: "The database is more than 80% full",
      resourceId: this.databaseId,
      namespace: NAMESPACE,
      metric: "storage_percent",
      aggregation: "Maximum",
      threshold: 80,
    });
  }
}
