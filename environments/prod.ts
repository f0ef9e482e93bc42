import {
  amazonLinuxArm64, cacheDefaults, dailyBackups, dataService, databaseDefaults, deadLetterDefaults, dedicatedNetwork, eksCluster, globalSecondaryIndexes, leaderGuard, mlService, mt5Keys, notificationDeadLetterDefaults, notificationDefaults, processedTransitions, queueDefaults, rawTransitions, schedulerService, serviceScaling, slackWebhook, usageDefaults, webDatabaseDefaults, windowsImage, windowsLogon,
} from "./common";
import type { EnvironmentLiteral } from "./schema";

/** Production: carries the documented names as they stand (design 5), two zones (C-09), copies in Osaka (C-50). */
export const prod: EnvironmentLiteral = {
  name: "prod",
  stage: "production",
  account: "777788889999",
  region: "ap-northeast-1",
  nameSuffix: "",
  tags: { Project: "trading-system" },
  stateBucket: "tss-terraform-state-777788889999",
  bootstrap: { githubRepository: "example-org/trading-system-infrastructure", environments: ["prod"] },
  // SEC-048, SEC-056, SEC-072, SEC-074, SEC-075, C-65 (docs/account.md).
  accountWide: {
    settings: { contacts: { security: { name: "Trading operations", title: "On call", email: "trading-ops@example.com", phone: "+81 3 0000 0000" } } },
    people: { operations: { permissionSets: ["TradingOperations"] }, readOnly: { permissionSets: ["TradingReadOnly"] } },
    trail: { existing: false, name: "tss-trail", bucketName: "tss-trail-777788889999", lockDays: 365 },
    accessAnalyzer: { existing: false, name: "tss-access" },
    guardDuty: { existing: false, features: ["S3_DATA_EVENTS", "RDS_LOGIN_EVENTS"] },
    config: {
      existing: false,
      name: "tss-recorder",
      bucketName: "tss-config-777788889999",
      aggregator: "tss-regions",
      rules: ["EC2_IMDSV2_CHECK", "ENCRYPTED_VOLUMES", "S3_BUCKET_PUBLIC_READ_PROHIBITED", "S3_BUCKET_PUBLIC_WRITE_PROHIBITED", "S3_BUCKET_SSL_REQUESTS_ONLY"],
    },
    // CST-030 … CST-034 (docs/money.md). Above the environment's own: what carries no tag, such as transfer and taxes, is in it too.
    budget: { name: "tss-account-month", dollars: 1600 },
    anomalies: { monitor: { existing: false, name: "tss-services" }, name: "tss-anomalies", thresholdDollars: 20 },
    costAllocationTags: ["Environment", "Project"],
    billingAlarm: { name: "Billing-Overspend", topicName: "TSS_BillingAlerts", dollars: 1600, emails: ["trading-ops@example.com"] },
  },

  network: {
    ...dedicatedNetwork,
    // NET-018, C-10: one gateway a zone, so that a zone's outage stays in it.
    nat: { kind: "gateway", perZone: true },
    // NET-034.
    interfaceEndpoints: ["ecr.api", "ecr.dkr", "logs", "sagemaker.api", "secretsmanager", "sns", "sqs"],
    flowLogRetentionDays: 90,
  },

  events: {
    orderQueue: { name: "TSS_OrderRequestQueue", ...queueDefaults, deadLetter: { name: "TSS_OrderRequestQueue_DLQ", ...deadLetterDefaults } },
    alertProcessingQueue: { name: "AlertProcessingQueue", ...queueDefaults, deadLetter: { name: "AlertProcessingQueue_DLQ", ...deadLetterDefaults } },
    notificationQueue: { name: "SlackNotificationQueue", ...notificationDefaults, deadLetter: { name: "SlackNotificationQueue_DLQ", ...notificationDeadLetterDefaults } },
    functions: { slackNotification: "SlackNotificationLambda", systemAlert: "SystemAlertFunction", alertIngestion: "TSS_AlertIngestionLambda" },
    systemEventsTopic: "TSS_SystemEventsTopic",
    systemAlertsTopic: "SystemAlertsTopic",
    alertSubscriptions: [{ protocol: "email", endpoint: "trading-ops@example.com" }],
  },

  data: {
    buckets: {
      rawMarketData: { name: "tss-raw-market-data-777788889999", documentedName: "tss-raw-data", transitions: rawTransitions },
      processedMarketData: { name: "tss-processed-market-data-777788889999", transitions: processedTransitions },
      backtestResults: { name: "tss-backtest-results-777788889999", transitions: processedTransitions },
    },
    accessLogBucket: { name: "tss-access-logs-777788889999", expirationDays: 365 },
    softwareBucket: { name: "tss-software-777788889999" },
    table: { name: "TSS_DynamoDB_OrderState", globalSecondaryIndexes },
    // DAT-072, C-18: one shard with a replica in the other zone.
    cache: { kind: "cluster", id: "axia-redis-cache", ...cacheDefaults, snapshotRetentionDays: 1, shards: 1, replicasPerShard: 1 },
    // DAT-081, DAT-082, C-09: with a standby in the other zone.
    rds: { id: "tss-database", ...databaseDefaults, copyRetentionDays: 7, maintenanceWindow: "sun:06:00-sun:07:00" },
    secrets: {
      // SEC-051, C-37: the live account.
      mt5: { name: "TSS/mt5/live", description: "MT5 Live Account Credentials", keys: mt5Keys },
      slackWebhook: { name: "TSS/slack/webhook", ...slackWebhook },
      windowsLogon: { name: "TSS/windows/logon", ...windowsLogon },
    },
    // NET-002, C-50: Osaka.
    replication: { region: "ap-northeast-3", bucketSuffix: "-osaka" },
  },

  // OPS-032: while neither Tokyo nor currencies trade, and after a week elsewhere.
  patching: { start: "0 17 * * SAT", hours: 6, approveAfterDays: 7 },
  // OPS-023, C-51; copies in Osaka (RMP-005, OPS-026), tried every quarter (OPS-031).
  backup: {
    vaultName: "tss-backup",
    volumes: dailyBackups,
    table: dailyBackups,
    copies: { vaultName: "tss-backup-osaka", retentionDays: 7 },
    lock: { minRetentionDays: 7, maxRetentionDays: 35 },
    restoreTesting: { frequency: "quarterly", hour: 3 },
    // OPS-028 … OPS-031, once the restores on trial are over.
    recoveryTest: { frequency: "quarterly", hour: 8, bucketName: "tss-recovery-tests-777788889999" },
  },
  windows: {
    instanceType: "t3.medium", image: windowsImage, // WIN-002
    securityGroup: "ec2-private", // SEC-012
    // SEC-003, C-13: RDP through Session Manager only; the UI for the office's network, behind TLS (SEC-005, C-14).
    uiCidrs: ["203.0.113.0/24"],
    uiLoadBalancer: { certificateArn: "arn:aws:acm:ap-northeast-1:777788889999:certificate/0a1b2c3d-4e5f-4a6b-8c7d-000000000003" },
    leaderGuard,
    // SEC-056: between the night's updates and the week's first market.
    logonRotation: { weekday: "SUN", hour: 12, hours: 2 },
  },
  linuxEngine: {
    instanceType: "t4g.small", image: amazonLinuxArm64, securityGroup: "ec2-trading-engine", worker: true, // LNX-002, LNX-006, SEC-018
    privateAddresses: { engine: "10.0.2.10", worker: "10.0.2.11" }, // NET-017
  },
  // RES-002, RES-006, SEC-022; SSH to the engine stays closed (SEC-015, SEC-018).
  research: { instanceType: "ml.t3.medium", securityGroup: "sagemaker", cache: true },
  // CON-005, CON-017.
  cluster: {
    name: "day-trade-production",
    loadBalancer: { certificateArn: "arn:aws:acm:ap-northeast-1:777788889999:certificate/0a1b2c3d-4e5f-4a6b-8c7d-000000000013", clientCidrs: ["203.0.113.0/24"] },
    eks: eksCluster("prod"),
    kubernetes: { namespace: "day-trade", monitoring: { retentionDays: 30, storageGigabytes: 100 } }, // K8S-005, K8S-016
  },
  services: {
    ml: { image: "day-trade-ml:0.1.0", ...mlService, scaling: serviceScaling, grants: [...mlService.grants, "database.connect"] },
    data: { image: "day-trade-data:0.1.0", ...dataService, scaling: serviceScaling, grants: [...dataService.grants, "database.connect"] },
    scheduler: { image: "day-trade-scheduler:0.1.0", ...schedulerService, grants: [...schedulerService.grants, "database.connect"] },
  },
  // C-52, C-16, C-17.
  platform: "eks",
  database: "rds",
  servicesCache: "shared",
  // EDG-003: small-scale operation, with a web ACL before it (SEC-078).
  web: {
    tier: "standard",
    frontendBucket: { name: "kabu-trade-frontend-777788889999" },
    backupBucket: { name: "kabu-trade-data-777788889999" }, // DAT-057
    accessLogBucket: { name: "kabu-trade-access-logs-777788889999", expirationDays: 365 },
    // CON-013, CON-014, EDG-021, DAT-075, DAT-088: the documents' sizes, the database in one zone as they price it (CST-018).
    service: { image: "kabu-trade-api:0.1.0", cpu: 512, memory: 1024, replicas: 2, databaseSecret: "kabu-trade/database" },
    database: {
      id: "kabu-trade", ...webDatabaseDefaults, instanceClass: "db.t3.small", maxAllocatedStorageGigabytes: 100, maintenanceWindow: "mon:19:00-mon:20:00",
    },
    cache: { id: "kabu-trade-cache", ...cacheDefaults, snapshotRetentionDays: 1 },
    domain: { names: ["kabu-trade.example.com"], zone: "example.com" },
    webAcl: {},
  },
  // cost.md proposes $150, an open point, and the documents' totals leave out NAT, load balancers and RDS (C-61): three nodes of EKS alone are
  // estimated at four times that (docs/cost.md). This is the estimate, with room for the database, whose price is not known yet.
  cost: { budgetDollars: 1400, budget: { name: "tss-month" }, usage: usageDefaults },
};
