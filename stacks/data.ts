import type { Construct } from "constructs";
import type { AlarmTarget } from "../constructs/alarms/alarm";
import type { Section } from "../constructs/dashboards/widget";
import { type EncryptionKey } from "../constructs/identity/encryption-key";
import type { Network } from "../constructs/network/network";
import { AccessLogBucket } from "../constructs/storage/access-log-bucket";
import { Bucket, type BucketProps } from "../constructs/storage/bucket";
import { Cache } from "../constructs/storage/cache";
import { Database, databaseLogGroups } from "../constructs/storage/database";
import { Replication } from "../constructs/storage/replication";
import { Secret } from "../constructs/storage/secret";
import { Table } from "../constructs/storage/table";
import { ENGINE_BACKUPS } from "../constructs/hosts/bundle-files";
import type { Importable, Rds } from "../environments/schema";
import { EnvironmentStack, type EnvironmentStackProps } from "./base";

/** Days after which copies go that a test of recovery has left because somebody stopped it. */
const RECOVERY_COPY_DAYS = 7;

export interface DataStackProps extends EnvironmentStackProps {
  /** Where cache and database stand. */
  readonly network: Network;
  /** Told of every alarm. */
  readonly alerts: AlarmTarget;
}

/**
 * What must not be lost: buckets, table, cache, database, trading secrets.
 *
 * The environment's `deletionProtection` is the one switch of all of it. On, Terraform refuses to destroy (`prevent_destroy`), and so do
 * the services where they can. To take an environment down on purpose, deploy it with `{ ...environment, deletionProtection: false }`
 * first and destroy it then: buckets are emptied, the table's own protection is off, secrets go without a recovery window,
 * cache and database leave no snapshot. The schema refuses that value outside development, so that no literal can keep it by accident.
 */
export class DataStack extends EnvironmentStack {
  /** Encrypts everything here, where the environment has keys of its own. */
  readonly key?: EncryptionKey;
  readonly accessLogs: AccessLogBucket;
  /** Historical OHLCV as it came (DAT-044). */
  readonly rawMarketData: Bucket;
  /** Cleansed OHLCV as Parquet (DAT-045). */
  readonly processedMarketData: Bucket;
  /** Reports of backtests (DAT-046). */
  readonly backtestResults: Bucket;
  /** Installers and bundles of the hosts (design 12). */
  readonly software: Bucket;
  /** Reports of recovery tests, and what they copy as long as they run, where the environment has them (OPS-031). */
  readonly recoveryTests?: Bucket;
  /** Orders, positions, kill switch: the source of truth (DAT-006, C-22). */
  readonly orderState: Table;
  /** Prices and positions of the moment (DAT-001, DAT-063). */
  readonly cache: Cache;
  /** PostgreSQL of the services, where the environment has RDS (C-16). */
  readonly database?: Database;
  /** Account at the broker (SEC-050, SEC-051). */
  readonly mt5: Secret;
  /** Password of the Windows host's Administrator (WIN-036). */
  readonly windowsLogon: Secret;
  /** Of the container services alone, by the literal's name. */
  readonly serviceSecrets: Readonly<Record<string, Secret>>;

  constructor(scope: Construct, props: DataStackProps) {
    super(scope, "data", props);
    const { account, data, deletionProtection: protect, nameSuffix } = this.environment;
    const { alerts } = props;

    this.key = this.encryptionKey({
      description: "Buckets, table, cache, database and secrets of the data stack",
      logGroups: data.rds && databaseLogGroups(data.rds.id),
    });
    const key = this.key;

    this.accessLogs = new AccessLogBucket(this, "access-logs", {
      ...data.accessLogBucket,
      account,
      protect,
      existing: this.exists("data.accessLogBucket"),
    });
    this.rawMarketData = this.bucket("raw-market-data", data.buckets.rawMarketData, "data.buckets.rawMarketData");
    this.processedMarketData = this.bucket("processed-market-data", this.processedSettings, "data.buckets.processedMarketData");
    this.backtestResults = this.bucket("backtest-results", data.buckets.backtestResults, "data.buckets.backtestResults");
    this.software = this.bucket("software", data.softwareBucket, "data.softwareBucket");
    this.recoveryTests = this.bucketOfRecoveryTests();

    this.orderState = new Table(this, "order-state", { ...data.table, key, protect, existing: this.exists("data.table") });
    this.orderState.alarmOnThrottles(alerts, { name: "DynamoDB-Throttles", nameSuffix, threshold: data.throttleAlarmThreshold });

    this.cache = new Cache(this, "cache", {
      ...data.cache,
      ...this.cachePlace(props.network),
      description: "Redis of the trading system",
      key,
      protect,
    });
    this.cache.alarmOnLowMemory(alerts, { name: "ElastiCache-Low-Memory", nameSuffix, megabytes: data.cacheFreeableMemoryAlarmMegabytes });

    this.database = data.rds && this.postgres(data.rds, props);
    this.replicate(alerts);

    this.mt5 = new Secret(this, "mt5", { ...data.secrets.mt5, key, protect });
    this.windowsLogon = new Secret(this, "windows-logon", { ...data.secrets.windowsLogon, key, protect });
    this.serviceSecrets = Object.fromEntries(
      Object.entries(data.serviceSecrets).map(([name, secret]) => [
        name,
        new Secret(this, `service-secret-${name}`, { ...secret, key, protect }),
      ]),
    );
    this.addOutputs();
  }

  override sections(): readonly Section[] {
    const { cache, database, orderState } = this;
    return [
      { title: "Table and cache", widgets: [...orderState.widgets(), ...cache.widgets()] },
      ...(database ? [{ title: "Database", widgets: database.widgets() }] : []),
    ];
  }

  private addOutputs(): void {
    this.output("raw-market-data_bucket_name", this.rawMarketData.name, "Historical OHLCV as it came");
    this.output("processed-market-data_bucket_name", this.processedMarketData.name, "Cleansed OHLCV as Parquet");
    this.output("backtest-results_bucket_name", this.backtestResults.name, "Reports of backtests");
    this.output("software_bucket_name", this.software.name, "Installers and bundles of the hosts");
    this.output("access-logs_bucket_name", this.accessLogs.name, "Access logs of buckets and load balancers");
    this.output("order-state_table_name", this.orderState.name, "Orders, positions, kill switch");
    this.output("cache_endpoint", `${this.cache.endpoint}:${this.cache.port}`, "Redis, from inside the VPC");
    if (this.database)
      this.output(
        "database_endpoint",
        `${this.database.endpoint}:${this.database.port}`,
        "PostgreSQL of the services, from inside the VPC",
      );
  }

  /** Whether the literal has it imported in place of made. */
  private exists(path: Importable): boolean {
    return this.environment.imports.includes(path);
  }

  /** With the nightly archives of engine and worker, where there are such (LNX-014). */
  private get processedSettings(): Omit<BucketProps, "key" | "accessLogs" | "protect" | "versioning"> {
    const { data, linuxEngine } = this.environment;
    return {
      ...data.buckets.processedMarketData,
      expirations: linuxEngine && [{ prefix: ENGINE_BACKUPS, days: linuxEngine.backupRetentionDays }],
    };
  }

  private bucket(id: string, settings: Omit<BucketProps, "key" | "accessLogs" | "protect">, path: Importable): Bucket {
    return new Bucket(this, id, {
      ...settings,
      existing: this.exists(path),
      key: this.key,
      accessLogs: this.accessLogs,
      protect: this.environment.deletionProtection,
    });
  }

  /** A test deletes its copies version by version; those of one that was stopped go by their age. */
  private bucketOfRecoveryTests(): Bucket | undefined {
    const { backup, deletionProtection: protect } = this.environment;
    if (!backup?.recoveryTest) return undefined;
    return new Bucket(this, "recovery-tests", {
      name: backup.recoveryTest.bucketName,
      expirations: [{ prefix: "copies/", days: RECOVERY_COPY_DAYS }],
      noncurrentVersionDays: RECOVERY_COPY_DAYS,
      key: this.key,
      accessLogs: this.accessLogs,
      protect,
    });
  }

  /** In the database subnets (DAT-082): the schema gives no other network to it. */
  private postgres(rds: Rds, { alerts, network }: DataStackProps): Database {
    const { account, deletionProtection: protect, nameSuffix, region } = this.environment;
    const database = new Database(this, "database", {
      ...rds,
      account,
      region,
      network,
      subnetIds: network.subnetIds("database"),
      key: this.key,
      protect,
      securityGroup: { name: `database${nameSuffix}`, documentedName: "sg-db" }, // SEC-016
    });
    database.alarmOnLoad(alerts, { nameSuffix, connectionPercent: rds.connectionAlarmPercent });
    return database;
  }

  /** Copies of the three buckets in a second region, where the environment wants them (C-50), and of the database's backups. */
  private replicate(alerts: AlarmTarget): void {
    const { account, customerManagedKeys, data, deletionProtection: protect, nameSuffix, region: sourceRegion } = this.environment;
    if (!data.replication) return;
    const { region, bucketSuffix } = data.replication;
    const replication = new Replication(this, "replication", {
      account,
      sourceRegion,
      region,
      protect,
      nameSuffix,
      alerts,
      provider: this.providerFor(region),
      roleName: `tss-bucket-replication${nameSuffix}`,
      keyAlias: customerManagedKeys ? `tss-data-copies${nameSuffix}` : undefined,
      accessLogs: { ...data.accessLogBucket, name: `${data.accessLogBucket.name}${bucketSuffix}` },
    });
    const copyOf = <Settings extends { readonly name: string }>(settings: Settings) => ({
      ...settings,
      name: `${settings.name}${bucketSuffix}`,
    });
    replication.replicate("raw-market-data", this.rawMarketData, copyOf(data.buckets.rawMarketData));
    replication.replicate("processed-market-data", this.processedMarketData, copyOf(this.processedSettings));
    replication.replicate("backtest-results", this.backtestResults, copyOf(data.buckets.backtestResults));
    if (this.database && data.rds?.copyRetentionDays !== undefined)
      replication.replicateBackups("database", this.database, data.rds.copyRetentionDays);
  }

  /** In the default VPC the cache keeps what it has there today (DAT-065, SEC-007); a dedicated VPC has subnets for it (SEC-013). */
  private cachePlace(network: Network) {
    const { nameSuffix } = this.environment;
    return this.environment.network.kind === "default"
      ? { network, securityGroup: { name: `elasticache-default${nameSuffix}`, documentedName: "sg-elasticache-default" } }
      : { network, subnetIds: network.subnetIds("database"), securityGroup: { name: `redis${nameSuffix}`, documentedName: "sg-redis" } };
  }
}
