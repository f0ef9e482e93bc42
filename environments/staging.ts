import {
  amazonLinuxArm64, cacheDefaults, dailyBackups, databaseDumps, dataService, databaseDefaults, deadLetterDefaults, dedicatedNetwork, eksCluster, globalSecondaryIndexes, leaderGuard, mlService, mt5Keys, notificationDeadLetterDefaults, notificationDefaults, processedTransitions, queueDefaults, rawTransitions, schedulerService, serviceScaling, slackWebhook, usageDefaults, webBackendDefaults, webDatabaseDefaults, windowsImage, windowsLogon,
} from "./common";
import type { EnvironmentLiteral } from "./schema";

/** Staging follows production (C-56), with one NAT instance and one cache node in place of a gateway per zone and a cluster (C-10, C-18). */
export const staging: EnvironmentLiteral = {
  name: "staging",
  stage: "staging",
  account: "444455556666",
  region: "ap-northeast-1",
  nameSuffix: "-staging",
  tags: { Project: "trading-system" },
  stateBucket: "tss-terraform-state-444455556666",
  bootstrap: { githubRepository: "example-org/trading-system-infrastructure", environments: ["staging"] },

  network: {
    ...dedicatedNetwork,
    // NET-019, C-10.
    nat: { kind: "instance", instanceType: "t4g.nano", image: amazonLinuxArm64 },
    // NET-034.
    interfaceEndpoints: ["secretsmanager", "sqs"],
    flowLogRetentionDays: 30,
  },

  events: {
    orderQueue: { name: "TSS_OrderRequestQueue-staging", ...queueDefaults, deadLetter: { name: "TSS_OrderRequestQueue_DLQ-staging", ...deadLetterDefaults } },
    alertProcessingQueue: { name: "AlertProcessingQueue-staging", ...queueDefaults, deadLetter: { name: "AlertProcessingQueue_DLQ-staging", ...deadLetterDefaults } },
    notificationQueue: { name: "SlackNotificationQueue-staging", ...notificationDefaults, deadLetter: { name: "SlackNotificationQueue_DLQ-staging", ...notificationDeadLetterDefaults } },
    functions: { slackNotification: "SlackNotificationLambda-staging", systemAlert: "SystemAlertFunction-staging", alertIngestion: "TSS_AlertIngestionLambda-staging" },
    systemEventsTopic: "TSS_SystemEventsTopic-staging",
    systemAlertsTopic: "SystemAlertsTopic-staging",
    alertSubscriptions: [{ protocol: "email", endpoint: "trading-ops-staging@example.com" }],
  },

  data: {
    buckets: {
      rawMarketData: { name: "tss-raw-market-data-444455556666-staging", documentedName: "tss-raw-data", transitions: rawTransitions },
      processedMarketData: { name: "tss-processed-market-data-444455556666-staging", transitions: processedTransitions },
      backtestResults: { name: "tss-backtest-results-444455556666-staging", transitions: processedTransitions },
    },
    accessLogBucket: { name: "tss-access-logs-444455556666-staging", expirationDays: 90 },
    softwareBucket: { name: "tss-software-444455556666-staging" },
    table: { name: "TSS_DynamoDB_OrderState-staging", globalSecondaryIndexes },
    // DAT-063 … DAT-068, encrypted (C-19).
    cache: { kind: "single", id: "axia-redis-cache-staging", ...cacheDefaults, snapshotRetentionDays: 1 },
    // DAT-081, in one zone (C-09); its maintenance before production's, so that a minor version comes here first, and before its own weekend.
    rds: { id: "tss-database-staging", ...databaseDefaults, multiAz: false, maintenanceWindow: "fri:21:30-fri:22:30" },
    secrets: {
      // SEC-050, C-37: the demo account.
      mt5: { name: "TSS/mt5/demo-staging", description: "MT5 Demo Account Credentials", keys: mt5Keys },
      slackWebhook: { name: "TSS/slack/webhook-staging", ...slackWebhook },
      windowsLogon: { name: "TSS/windows/logon-staging", ...windowsLogon },
    },
  },

  schedule: { stop: "0 23 * * FRI", start: "0 20 * * SUN" }, // OPS-034
  // OPS-032: a week before production, by night in Tokyo and before the weekend's rest.
  patching: { start: "0 17 * * THU", hours: 3, approveAfterDays: 0 },
  // OPS-023, C-51; OPS-028 … OPS-031, when all has started again.
  backup: {
    vaultName: "tss-backup-staging",
    volumes: dailyBackups,
    recoveryTest: { frequency: "quarterly", hour: 21, bucketName: "tss-recovery-tests-444455556666-staging" },
  },
  windows: {
    instanceType: "t3.medium", image: windowsImage, // WIN-002
    securityGroup: "ec2-private-staging", // SEC-012
    // SEC-003, C-13: RDP through Session Manager only; the UI for the office's network, behind TLS (SEC-005, C-14).
    uiCidrs: ["203.0.113.0/24"],
    uiLoadBalancer: { certificateArn: "arn:aws:acm:ap-northeast-1:444455556666:certificate/0a1b2c3d-4e5f-4a6b-8c7d-000000000002" },
    leaderGuard,
    // SEC-056: after the week's last market, before the weekend's rest.
    logonRotation: { weekday: "FRI", hour: 22, hours: 1 },
  },
  linuxEngine: {
    instanceType: "t4g.small", image: amazonLinuxArm64, securityGroup: "ec2-trading-engine-staging", worker: true, // LNX-002, LNX-006, SEC-018
    privateAddresses: { engine: "10.0.2.10", worker: "10.0.2.11" }, // NET-017
  },
  // CON-016: as production.
  cluster: {
    name: "day-trade-staging",
    loadBalancer: { certificateArn: "arn:aws:acm:ap-northeast-1:444455556666:certificate/0a1b2c3d-4e5f-4a6b-8c7d-000000000012", clientCidrs: ["203.0.113.0/24"] },
    eks: eksCluster("staging"),
    kubernetes: { namespace: "day-trade-staging", monitoring: {} }, // K8S-006, K8S-016
  },
  services: {
    ml: { image: "day-trade-ml-staging:0.1.0", ...mlService, scaling: serviceScaling, grants: [...mlService.grants, "database.connect"] },
    data: { image: "day-trade-data-staging:0.1.0", ...dataService, scaling: serviceScaling, grants: [...dataService.grants, "database.connect"] },
    scheduler: { image: "day-trade-scheduler-staging:0.1.0", ...schedulerService, grants: [...schedulerService.grants, "database.connect"] },
  },
  // C-52, C-16, C-17.
  platform: "eks",
  database: "rds",
  servicesCache: "shared",
  // EDG-002: for several users.
  web: {
    tier: "free",
    // As in development; the keys of one's own alone, which this stage must have, are charged (docs/web.md).
    freeTier: "none",
    frontendBucket: { name: "kabu-trade-frontend-444455556666-staging" },
    backupBucket: { name: "kabu-trade-data-444455556666-staging" }, // DAT-057
    accessLogBucket: { name: "kabu-trade-access-logs-444455556666-staging", expirationDays: 90 },
    // EDG-014, NET-027: in a private subnet, where CloudFront alone reaches it.
    backend: { ...webBackendDefaults, apiImage: "kabu-trade-api-staging:0.1.0", databaseSecret: "kabu-trade/database-staging" },
    database: { id: "kabu-trade-staging", ...webDatabaseDefaults, maintenanceWindow: "mon:19:00-mon:20:00", longKeeping: { ...databaseDumps, every: "week", keepDays: 90 } }, // C-33: weekly.
  },
  // cost.md proposes $100, an open point: three nodes of EKS alone are estimated at six times that (docs/cost.md, C-61). This is the estimate,
  // with room for the database, whose price is not known yet.
  cost: { budgetDollars: 1100, budget: { name: "tss-month-staging" }, usage: usageDefaults },
};
