import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group";
import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { maxConnections } from "../../environments/facts/database-classes";
import type { Rds } from "../../environments/schema";
import { Alarm, type AlarmSettings, type AlarmTarget } from "../alarms/alarm";
import type { Metric } from "../alarms/metric";
import type { Widget } from "../dashboards/widget";
import type { EncryptionKey } from "../identity/encryption-key";
import type { Grantee } from "../identity/role";
import type { Network } from "../network/network";
import { SecurityGroup } from "../network/security-group";
import { STORE_PORTS } from "./ports";

export interface DatabaseProps extends Omit<Rds, "connectionAlarmPercent" | "maxAllocatedStorageGigabytes"> {
  /** What it is, for whoever sees its groups. @default PostgreSQL of the services */
  readonly description?: string;
  /** Up to which RDS enlarges the volume by itself. @default it stays as it is */
  readonly maxAllocatedStorageGigabytes?: number;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly network: Pick<Network, "vpcId">;
  /** Where the instance and its standby stand: two zones or more. */
  readonly subnetIds: string[];
  /** Physical and documented name of the security group (C-11). */
  readonly securityGroup: { readonly name: string; readonly documentedName: string };
  /** Encrypts storage, master password, Performance Insights and logs; must let CloudWatch Logs use it for `databaseLogGroups(id)`. @default AWS managed keys */
  readonly key?: EncryptionKey;
  /** Refuse to be destroyed, and leave a last snapshot and the backups if it happens all the same. @default true */
  readonly protect?: boolean;
}

export interface DatabaseAlarmsProps {
  /** End of each alarm's name. */
  readonly nameSuffix: string;
  /** Share of the connections that may be in use (OBS-032). */
  readonly connectionPercent: number;
}

/** The logs that RDS for PostgreSQL exports. */
const LOGS = ["postgresql", "upgrade"] as const;
const GIGABYTE = 2 ** 30;
/** Statements that take longer are logged, in milliseconds. */
const SLOW_STATEMENT = 1000;
/** Share of the storage and of the processor, in percent. */
const FREE_STORAGE_PERCENT = 10;
const CPU_PERCENT = 80;

/** Log groups that RDS writes the exported logs of an instance to. */
export const databaseLogGroups = (id: string): string[] => LOGS.map((log) => `/aws/rds/instance/${id}/${log}`);

/**
 * PostgreSQL on RDS, open to named security groups only, over TLS only.
 *
 * RDS makes the master password, keeps it in Secrets Manager and changes it every week: it stands neither in the code nor in the state
 * (design 11). Services connect with IAM authentication, as a database user to whom `rds_iam` is granted.
 */
export class Database extends Construct {
  /** Host name; the same after a failover. */
  readonly endpoint: string;
  readonly port = STORE_PORTS.database;
  /** Of the first database. */
  readonly databaseName: string;
  /** Its physical name. */
  readonly id: string;
  /** Connections that it takes. */
  readonly maxConnections: number;
  readonly arn: string;
  private readonly instance: DbInstance;
  private readonly securityGroup: SecurityGroup;
  private readonly props: DatabaseProps;

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    const { id: name, network, subnetIds, securityGroup, engineVersion, instanceClass, key, protect = true, performanceInsights } = props;
    const { description = "PostgreSQL of the services" } = props;
    this.props = props;
    this.databaseName = props.databaseName;
    this.id = name;
    this.maxConnections = maxConnections(instanceClass);
    // No egress rule: a database only answers.
    this.securityGroup = new SecurityGroup(this, "security-group", {
      ...securityGroup,
      description,
      network,
    });
    const subnetGroup = new DbSubnetGroup(this, "subnet-group", { name, description, subnetIds });
    const logGroups = databaseLogGroups(name).map(
      (logGroup, index) =>
        new CloudwatchLogGroup(this, `${LOGS[index]}-log`, { name: logGroup, retentionInDays: props.logRetentionDays, kmsKeyId: key?.arn }),
    );
    this.instance = new DbInstance(this, "instance", {
      identifier: name,
      engine: "postgres",
      engineVersion,
      // The provider takes a major version for any of its minor ones, so RDS may apply those without a change in the next plan.
      autoMinorVersionUpgrade: true,
      instanceClass,
      multiAz: props.multiAz,
      // --- storage ---
      storageType: "gp3",
      allocatedStorage: props.allocatedStorageGigabytes,
      maxAllocatedStorage: props.maxAllocatedStorageGigabytes,
      storageEncrypted: true,
      kmsKeyId: key?.arn,
      // --- place ---
      dbSubnetGroupName: subnetGroup.name,
      vpcSecurityGroupIds: [this.securityGroup.id],
      publiclyAccessible: false,
      port: STORE_PORTS.database,
      // --- users ---
      dbName: props.databaseName,
      username: props.username,
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: key?.arn,
      iamDatabaseAuthenticationEnabled: true,
      // --- care ---
      parameterGroupName: this.parameterGroup(name, engineVersion, description).name,
      backupRetentionPeriod: props.backupRetentionDays,
      backupWindow: props.backupWindow,
      maintenanceWindow: props.maintenanceWindow,
      copyTagsToSnapshot: true,
      applyImmediately: false,
      enabledCloudwatchLogsExports: [...LOGS],
      performanceInsightsEnabled: performanceInsights,
      ...(performanceInsights && { performanceInsightsRetentionPeriod: 7, performanceInsightsKmsKeyId: key?.arn }),
      // --- end ---
      deletionProtection: protect,
      deleteAutomatedBackups: !protect,
      skipFinalSnapshot: !protect,
      finalSnapshotIdentifier: protect ? `${name}-final` : undefined,
      lifecycle: protect ? { preventDestroy: true } : undefined,
      // RDS would make the groups itself, to be kept for ever.
      dependsOn: logGroups,
    });
    this.arn = this.instance.arn;
    this.endpoint = this.instance.address;
  }

  /** Lets members of a security group connect: in here, and out there (SEC-016, SEC-026). @returns the rule in here, for whoever waits for it */
  allowFrom(id: string, peer: SecurityGroup, description: string): readonly ITerraformDependable[] {
    peer.allowTo("database", { peer: this.securityGroup, ports: this.port, description });
    return this.securityGroup.allowFrom(id, { peer, ports: this.port, description });
  }

  /** Connects as one database user, with a token of IAM in place of a password. */
  grantConnect(grantee: Grantee, user: string): void {
    if (!/^[a-z_][a-z0-9_]*$/.test(user))
      throw new Error(`database ${this.node.path}: user ${JSON.stringify(user)} is not one name of a-z, 0-9 and _`);
    const { account, region } = this.props;
    // No resource attribute holds this ARN; its id is the instance's own. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
    grantee.grant({
      actions: ["rds-db:connect"],
      resources: [`arn:aws:rds-db:${region}:${account}:dbuser:${this.instance.resourceId}/${user}`],
    });
  }

  /** Reads user name and password of the master user: for what makes the other users. */
  grantReadMasterSecret(grantee: Grantee): void {
    grantee.grant({ actions: ["secretsmanager:GetSecretValue"], resources: [this.instance.masterUserSecret.get(0).secretArn] });
    this.props.key?.grantDecrypt(grantee);
  }

  /** Reports that connections, storage or processor run out (OBS-011, OBS-032). */
  alarmOnLoad(target: AlarmTarget, { nameSuffix, connectionPercent }: DatabaseAlarmsProps): void {
    const alarm = (
      id: string,
      name: string,
      {
        metric,
        ...rest
      }: Pick<AlarmSettings, "description" | "comparison" | "threshold" | "period" | "evaluationPeriods"> & Pick<Metric, "metric">,
    ) =>
      new Alarm(this, id, {
        name: `${name}${nameSuffix}`,
        ...this.metric(metric),
        target,
        severity: "warning",
        owner: "CloudArchitecture",
        runbook: "database-load",
        ...rest,
      });
    alarm("connections-alarm", "RDS-Connections", {
      description: `More than ${connectionPercent}% of the database's ${this.maxConnections} connections have been in use for 5 minutes`,
      metric: "DatabaseConnections",
      comparison: "GreaterThanThreshold",
      threshold: Math.floor((this.maxConnections * connectionPercent) / 100),
      period: 60,
      evaluationPeriods: 5,
    });
    alarm("storage-alarm", "RDS-Low-Storage", {
      // Of what it began with: RDS enlarges the volume below the same share, so this lasts only once it may grow no more.
      description: `Less than ${FREE_STORAGE_PERCENT}% of the database's storage is free`,
      metric: "FreeStorageSpace",
      comparison: "LessThanThreshold",
      threshold: (this.props.allocatedStorageGigabytes * GIGABYTE * FREE_STORAGE_PERCENT) / 100,
      period: 300,
    });
    alarm("cpu-alarm", "RDS-CPU", {
      description: `The database's CPU is above ${CPU_PERCENT}%`,
      metric: "CPUUtilization",
      comparison: "GreaterThanThreshold",
      threshold: CPU_PERCENT,
      period: 300,
    });
  }

  /** Connections, processor and storage (OBS-011). */
  widgets(): readonly Widget[] {
    const graph = (title: string, metric: string): Widget => ({
      kind: "graph",
      title: `Database: ${title}`,
      lines: [{ figure: this.metric(metric) }],
    });
    return [
      graph("connections", "DatabaseConnections"),
      graph("processor (%)", "CPUUtilization"),
      graph("free storage (bytes)", "FreeStorageSpace"),
    ];
  }

  private metric(metric: string): Metric {
    return { namespace: "AWS/RDS", metric, dimensions: { DBInstanceIdentifier: this.props.id }, statistic: "Average" };
  }

  private parameterGroup(name: string, engineVersion: string, description: string): DbParameterGroup {
    const family = `postgres${engineVersion}`;
    const parameters = {
      "rds.force_ssl": "1",
      // RDS's own figure, but of the class's whole memory: what the system leaves of it is not published, and the alarm needs a known limit.
      max_connections: String(this.maxConnections),
      log_connections: "1",
      log_disconnections: "1",
      log_statement: "ddl",
      log_min_duration_statement: String(SLOW_STATEMENT),
    };
    return new DbParameterGroup(this, "parameter-group", {
      name: `${family}-${name}`,
      family,
      description,
      // All are there before the first start. Static ones take no other way, and the default of rds.force_ssl is read back as this one:
      // https://github.com/hashicorp/terraform-provider-aws/issues/39252
      parameter: Object.entries(parameters).map(([parameter, value]) => ({ name: parameter, value, applyMethod: "pending-reboot" })),
      // Another major version has another family, and a group cannot go while it is in use.
      lifecycle: { createBeforeDestroy: true },
    });
  }
}
