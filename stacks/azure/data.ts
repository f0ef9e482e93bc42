import type { Construct } from "constructs";
import { AzureCache } from "../../constructs/azure/cache";
import { SqlDatabase } from "../../constructs/azure/sql-database";
import { Storage } from "../../constructs/azure/storage";
import { Vault } from "../../constructs/azure/vault";
import { addWorkbook } from "../../constructs/azure/workbook";
import { AzureStack, type AzureStackProps } from "./base";
import type { AzureMonitorStack } from "./monitor";
import type { AzureNetworkStack } from "./network";

export interface AzureDataStackProps extends AzureStackProps {
  readonly network: AzureNetworkStack;
  readonly monitor: AzureMonitorStack;
}

/** What must not be lost: database, blobs, secrets, cache (AZR-001). Each is reached by a private endpoint only. */
export class AzureDataStack extends AzureStack {
  readonly database: SqlDatabase;
  readonly storage: Storage;
  readonly vault: Vault;
  readonly cache: AzureCache;

  constructor(scope: Construct, props: AzureDataStackProps) {
    super(scope, "data", props);
    const { data, deletionProtection: protect, tenant } = this.environment;
    const { observing } = props.monitor;
    const common = { place: this.place, network: props.network.network, logs: observing, protect };
    this.database = new SqlDatabase(this, "database", { ...data.database, ...common, tenant });
    this.database.alertOnLoad(observing);
    this.storage = new Storage(this, "storage", { ...data.storage, ...common });
    this.vault = new Vault(this, "vault", { ...data.vault, ...common, tenant });
    this.cache = new AzureCache(this, "cache", { ...data.cache, ...common });
    this.cache.alertOnLowMemory(observing);
    addWorkbook(this, "workbook", {
      place: this.place,
      title: `${this.environment.name}: data`,
      charts: [...this.database.charts(), ...this.cache.charts()],
    });
    this.output("database_endpoint", this.database.endpoint, "SQL Database, from inside the network");
    this.output("storage_endpoint", this.storage.blobEndpoint, "Blobs, from inside the network");
    this.output("vault_uri", this.vault.secretUri(""), "Where a person puts secrets");
    this.output("cache_endpoint", `${this.cache.host}:${this.cache.port}`, "Redis, from inside the network");
  }
}
