import { TerraformOutput, type TerraformStack } from "cdktf";
import { EncryptionKey } from "../../constructs/identity/encryption-key";
import { Role } from "../../constructs/identity/role";
import { SecurityGroup } from "../../constructs/network/security-group";
import { Database, databaseLogGroups, type DatabaseProps } from "../../constructs/storage/database";
import { DATABASE_CLASSES, maxConnections } from "../../environments/facts/database-classes";
import { onlyResource, policyOf, resourcesOf, synthConstructs, type Block } from "../helpers/synth";

const account = "111122223333";
const alerts = { arn: `arn:aws:sns:ap-northeast-1:${account}:alerts` };
const figures: DatabaseProps = {
  id: "postgres-dev",
  account,
  region: "ap-northeast-1",
  instanceClass: "db.t3.medium",
  allocatedStorageGigabytes: 100,
  maxAllocatedStorageGigabytes: 200,
  engineVersion: "15",
  multiAz: true,
  backupRetentionDays: 7,
  backupWindow: "18:00-19:00",
  maintenanceWindow: "sun:06:00-sun:07:00",
  databaseName: "trading",
  username: "master",
  performanceInsights: true,
  logRetentionDays: 30,
  network: { vpcId: "vpc-1" },
  subnetIds: ["subnet-1", "subnet-2"],
  securityGroup: { name: "database-dev", documentedName: "sg-db" },
};
const synth = (props: Partial<DatabaseProps> = {}, use?: (database: Database, stack: TerraformStack) => void, withKey = true) =>
  synthConstructs((stack) => {
    const key = withKey ? new EncryptionKey(stack, "key", { account, alias: "data", description: "data" }) : undefined;
    const database = new Database(stack, "database", { ...figures, key, ...props });
    use?.(database, stack);
  });
/** References without type and hash, and no metadata. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value)
      .replace(/\$\{aws_\w+?\.([\w-]+)_[0-9A-F]{8}\.([\w.[\]]+)\}/g, "$1.$2")
      .replace(/aws_\w+?\.([\w-]+)_[0-9A-F]{8}/g, "$1"),
  );
const bare = (block: Block) => Object.fromEntries(Object.entries(plain(block) as Block).filter(([key]) => key !== "//"));
const newRole = (stack: TerraformStack) =>
  new Role(stack, "role", { name: "services", description: "services", assumedBy: "ecs-tasks.amazonaws.com" });

describe("Database", () => {
  const common = {
    identifier: "postgres-dev",
    engine: "postgres",
    engine_version: "15",
    auto_minor_version_upgrade: true,
    instance_class: "db.t3.medium",
    multi_az: true,
    storage_type: "gp3",
    allocated_storage: 100,
    max_allocated_storage: 200,
    storage_encrypted: true,
    db_subnet_group_name: "database_subnet-group.name",
    vpc_security_group_ids: ["database_security-group.id"],
    publicly_accessible: false,
    port: 5432,
    db_name: "trading",
    username: "master",
    manage_master_user_password: true,
    iam_database_authentication_enabled: true,
    parameter_group_name: "database_parameter-group.name",
    backup_retention_period: 7,
    backup_window: "18:00-19:00",
    maintenance_window: "sun:06:00-sun:07:00",
    copy_tags_to_snapshot: true,
    apply_immediately: false,
    enabled_cloudwatch_logs_exports: ["postgresql", "upgrade"],
    performance_insights_enabled: true,
    performance_insights_retention_period: 7,
    depends_on: ["database_postgresql-log", "database_upgrade-log"],
  };
  const keys = { kms_key_id: "key.arn", master_user_secret_kms_key_id: "key.arn", performance_insights_kms_key_id: "key.arn" };
  const held = {
    deletion_protection: true,
    delete_automated_backups: false,
    skip_final_snapshot: false,
    final_snapshot_identifier: "postgres-dev-final",
    lifecycle: { prevent_destroy: true },
  };
  const free = { deletion_protection: false, delete_automated_backups: true, skip_final_snapshot: true };

  it("is encrypted, private, backed up and held, without a password in the code (DAT-081 … DAT-086, SEC-070, design 11)", () => {
    expect(bare(onlyResource(synth(), "aws_db_instance"))).toEqual({ ...common, ...keys, ...held });
  });

  it("goes with its backups and without a snapshot when it is not protected", () => {
    expect(bare(onlyResource(synth({ protect: false }), "aws_db_instance"))).toEqual({ ...common, ...keys, ...free });
  });

  it("is encrypted by AWS managed keys without one of its own", () => {
    expect(bare(onlyResource(synth({}, undefined, false), "aws_db_instance"))).toEqual({ ...common, ...held });
  });

  it("stands in one zone and without Performance Insights when told to", () => {
    expect(bare(onlyResource(synth({ multiAz: false, performanceInsights: false }), "aws_db_instance"))).toEqual({
      ...Object.fromEntries(Object.entries(common).filter(([key]) => key !== "performance_insights_retention_period")),
      ...held,
      multi_az: false,
      performance_insights_enabled: false,
      kms_key_id: "key.arn",
      master_user_secret_kms_key_id: "key.arn",
    });
  });

  it("takes TLS only, and logs connections, changes of the schema and slow statements", () => {
    expect(bare(onlyResource(synth(), "aws_db_parameter_group"))).toEqual({
      name: "postgres15-postgres-dev",
      family: "postgres15",
      description: "PostgreSQL of the services",
      lifecycle: { create_before_destroy: true },
      parameter: Object.entries({
        "rds.force_ssl": "1",
        max_connections: "450",
        log_connections: "1",
        log_disconnections: "1",
        log_statement: "ddl",
        log_min_duration_statement: "1000",
      }).map(([name, value]) => ({ name, value, apply_method: "pending-reboot" })),
    });
    expect(onlyResource(synth({ engineVersion: "17" }), "aws_db_parameter_group")).toMatchObject({
      name: "postgres17-postgres-dev",
      family: "postgres17",
    });
  });

  it("stands in the subnets that it is given, and keeps its logs for a while", () => {
    const json = synth();
    expect(onlyResource(json, "aws_db_subnet_group")).toMatchObject({ name: "postgres-dev", subnet_ids: ["subnet-1", "subnet-2"] });
    expect(resourcesOf(json, "aws_cloudwatch_log_group").map(bare)).toEqual(
      databaseLogGroups("postgres-dev").map((name) => ({ name, retention_in_days: 30, kms_key_id: "key.arn" })),
    );
    expect(databaseLogGroups("a")).toEqual(["/aws/rds/instance/a/postgresql", "/aws/rds/instance/a/upgrade"]);
  });

  it("admits named security groups to 5432, and opens nothing itself (C-16, SEC-016, SEC-026)", () => {
    expect(resourcesOf(synth(), "aws_vpc_security_group_ingress_rule")).toEqual([]);
    const json = synth({}, (database, stack) => {
      database.allowFrom(
        "services",
        new SecurityGroup(stack, "services", { name: "services", description: "services", network: { vpcId: "vpc-1" } }),
        "PostgreSQL from the services",
      );
    });
    expect(resourcesOf(json, "aws_security_group")[0]).toMatchObject({ name: "database-dev", vpc_id: "vpc-1", tags: { Name: "sg-db" } });
    const rule = { ip_protocol: "tcp", from_port: 5432, to_port: 5432, description: "PostgreSQL from the services" };
    expect(bare(onlyResource(json, "aws_vpc_security_group_ingress_rule"))).toEqual({
      ...rule,
      security_group_id: "database_security-group.id",
      referenced_security_group_id: "services_group.id",
    });
    // Out of the services, never out of the database.
    expect(bare(onlyResource(json, "aws_vpc_security_group_egress_rule"))).toEqual({
      ...rule,
      security_group_id: "services_group.id",
      referenced_security_group_id: "database_security-group.id",
    });
  });

  it("grants connections as one user, and the master secret with its key, each by an exact name (design 8)", () => {
    const json = synth({}, (database, stack) => {
      const role = newRole(stack);
      database.grantConnect(role, "data_service");
      database.grantReadMasterSecret(role);
    });
    expect(plain(policyOf(onlyResource(json, "aws_iam_role_policy"), "policy").Statement)).toEqual([
      {
        Effect: "Allow",
        Action: "rds-db:connect",
        Resource: `arn:aws:rds-db:ap-northeast-1:${account}:dbuser:database_instance.resource_id/data_service`,
      },
      { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: "database_instance.master_user_secret[0].secret_arn" },
      { Effect: "Allow", Action: "kms:Decrypt", Resource: "key.arn" },
    ]);
  });

  it.each(["*", "", "data*", "a/b", "Data"])("grants no connection as %j", (user) => {
    expect(() => synth({}, (database, stack) => database.grantConnect(newRole(stack), user))).toThrow(
      `database test/database: user ${JSON.stringify(user)} is not one name of a-z, 0-9 and _`,
    );
  });

  it("alarms on connections, storage and processor (OBS-011, OBS-032)", () => {
    const json = synth({}, (database) => database.alarmOnLoad(alerts, { nameSuffix: "-dev", connectionPercent: 80 }));
    const alarm = {
      namespace: "AWS/RDS",
      dimensions: { DBInstanceIdentifier: "postgres-dev" },
      statistic: "Average",
      treat_missing_data: "notBreaching",
      alarm_actions: [alerts.arn],
      ok_actions: [alerts.arn],
    };
    expect(resourcesOf(json, "aws_cloudwatch_metric_alarm").map(bare)).toEqual([
      {
        ...alarm,
        alarm_name: "RDS-Connections-dev",
        alarm_description:
          "More than 80% of the database's 450 connections have been in use for 5 minutes\nseverity=warning owner=CloudArchitecture runbook=docs/runbooks/database-load.md",
        metric_name: "DatabaseConnections",
        comparison_operator: "GreaterThanThreshold",
        threshold: 360,
        period: 60,
        evaluation_periods: 5,
      },
      {
        ...alarm,
        alarm_name: "RDS-CPU-dev",
        alarm_description:
          "The database's CPU is above 80%\nseverity=warning owner=CloudArchitecture runbook=docs/runbooks/database-load.md",
        metric_name: "CPUUtilization",
        comparison_operator: "GreaterThanThreshold",
        threshold: 80,
        period: 300,
        evaluation_periods: 1,
      },
      {
        ...alarm,
        alarm_name: "RDS-Low-Storage-dev",
        alarm_description:
          "Less than 10% of the database's storage is free\nseverity=warning owner=CloudArchitecture runbook=docs/runbooks/database-load.md",
        metric_name: "FreeStorageSpace",
        comparison_operator: "LessThanThreshold",
        threshold: 10_737_418_240,
        period: 300,
        evaluation_periods: 1,
      },
    ]);
  });

  it("says where it answers", () => {
    let made: Database | undefined;
    const json = synth({}, (database, stack) => {
      made = database;
      new TerraformOutput(stack, "endpoint", { value: database.endpoint });
    });
    expect(plain(json.output?.endpoint?.value)).toBe("database_instance.address");
    expect(made).toMatchObject({ port: 5432, databaseName: "trading", maxConnections: 450 });
  });
});

describe("maxConnections", () => {
  it.each([
    ["db.t3.micro", 112],
    ["db.t3.small", 225],
    ["db.t3.medium", 450],
    ["db.t4g.large", 901],
    ["db.m7g.xlarge", 1802],
    ["db.r6g.xlarge", 3604],
    ["db.r6g.2xlarge", 5000],
    ["db.m6i.4xlarge", 5000],
  ])("of %s is %d", (instanceClass, connections) => {
    expect(maxConnections(instanceClass)).toBe(connections);
  });

  it("knows every class that the schema takes, and no other", () => {
    for (const instanceClass of DATABASE_CLASSES) expect(maxConnections(instanceClass)).toBeGreaterThan(100);
    expect(() => maxConnections("db.x2g.large")).toThrow(
      'instance class "db.x2g.large": its memory is not in environments/facts/database-classes.ts',
    );
  });
});
