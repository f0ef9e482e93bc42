import {
  cacheDefaults, clusterAccess, dailyBackups, databaseDumps, dataService, deadLetterDefaults, globalSecondaryIndexes, leastSize, mlService, mt5Keys, notificationDeadLetterDefaults, notificationDefaults, processedTransitions, queueDefaults, rawTransitions, schedulerService, slackWebhook, usageDefaults, webBackendDefaults, webDatabaseDefaults, windowsImage, windowsLogon,
} from "./common";
import type { EnvironmentLiteral } from "./schema";

/**
 * Development and demo account: cost first (NET-006), in the account's default VPC.
 *
 * Every exception that development makes from the production-safe defaults stands here by name (design 7).
 */
export const dev: EnvironmentLiteral = {
  name: "dev",
  stage: "development",
  account: "111122223333",
  region: "ap-northeast-1",
  nameSuffix: "-dev",
  tags: { Project: "trading-system" },
  // C-74: AWS managed keys; and what is tried out here may be thrown away.
  deletionProtection: false,
  customerManagedKeys: false,
  stateBucket: "tss-terraform-state-111122223333",
  bootstrap: { githubRepository: "example-org/trading-system-infrastructure", environments: ["dev"] },

  // NET-008 … NET-011, C-06.
  network: { kind: "default", zones: ["ap-northeast-1a", "ap-northeast-1c"] },

  events: {
    orderQueue: { name: "TSS_OrderRequestQueue-dev", ...queueDefaults, deadLetter: { name: "TSS_OrderRequestQueue_DLQ-dev", ...deadLetterDefaults } },
    notificationQueue: { name: "SlackNotificationQueue-dev", ...notificationDefaults, deadLetter: { name: "SlackNotificationQueue_DLQ-dev", ...notificationDeadLetterDefaults } },
    functions: { slackNotification: "SlackNotificationLambda-dev", systemAlert: "SystemAlertFunction-dev", alertIngestion: "TSS_AlertIngestionLambda-dev" },
    systemEventsTopic: "TSS_SystemEventsTopic-dev",
    systemAlertsTopic: "SystemAlertsTopic-dev",
    alertSubscriptions: [{ protocol: "email", endpoint: "trading-ops-dev@example.com" }],
    deadLetterAlarmPeriodSeconds: 300, // OBS-027, C-42
  },

  data: {
    buckets: {
      rawMarketData: { name: "tss-raw-market-data-111122223333-dev", documentedName: "tss-raw-data", transitions: rawTransitions },
      processedMarketData: { name: "tss-processed-market-data-111122223333-dev", transitions: processedTransitions },
      backtestResults: { name: "tss-backtest-results-111122223333-dev", transitions: processedTransitions },
    },
    accessLogBucket: { name: "tss-access-logs-111122223333-dev", expirationDays: 30 },
    softwareBucket: { name: "tss-software-111122223333-dev" },
    table: { name: "TSS_DynamoDB_OrderState-dev", globalSecondaryIndexes },
    // DAT-063 … DAT-068; unencrypted as documented (SEC-065, C-19).
    cache: { kind: "single", id: "axia-redis-cache-dev", ...cacheDefaults, snapshotRetentionDays: 1, encryption: false },
    secrets: {
      // SEC-050, C-37: the demo account.
      mt5: { name: "TSS/mt5/demo-dev", description: "MT5 Demo Account Credentials", keys: mt5Keys },
      slackWebhook: { name: "TSS/slack/webhook-dev", ...slackWebhook },
      windowsLogon: { name: "TSS/windows/logon-dev", ...windowsLogon },
    },
  },

  // OPS-032: a week before production, by night in Tokyo and before the weekend's rest.
  patching: { start: "0 17 * * THU", hours: 3, approveAfterDays: 0 },
  // OPS-023, C-51.
  backup: { vaultName: "tss-backup-dev", volumes: dailyBackups },
  // WIN-001; RDP and UI open to the world, which only development may be (SEC-002, SEC-004, C-13).
  windows: { instanceType: "t3.small", image: windowsImage, securityGroup: "axia-ec2-dev", adminCidrs: ["0.0.0.0/0"], uiCidrs: ["0.0.0.0/0"] },
  // OPS-034: over the weekend. Nobody works with the services at night either, Tokyo's 20:00 to 8:00.
  schedule: { stop: "0 23 * * FRI", start: "0 20 * * SUN", services: { stop: "0 11 * * MON-FRI", start: "0 23 * * SUN-THU" } },
  // OBS-024, C-41.
  alarms: { cpu: { periods: 2 } },
  // CON-015, NET-006: one task each, of the least size; no web ACL before those few who may connect, and of the metrics those that cost nothing.
  cluster: {
    name: "day-trade-dev",
    containerInsights: "disabled",
    executeCommand: true,
    loadBalancer: { certificateArn: "arn:aws:acm:ap-northeast-1:111122223333:certificate/0a1b2c3d-4e5f-4a6b-8c7d-000000000011", clientCidrs: ["203.0.113.0/24"], webAcl: false },
    // In the default VPC, whose subnets are all public, so the office reaches the API directly.
    eks: { version: "1.35", publicEndpointCidrs: ["203.0.113.0/24"], access: clusterAccess("dev"), nodeGroups: { general: { instanceTypes: ["t3.large"], min: 2, max: 3 } }, clusterAutoscaler: false },
    kubernetes: { namespace: "day-trade-dev" }, // K8S-007
  },
  services: {
    ml: { image: "day-trade-ml-dev:0.1.0", ...mlService, ...leastSize },
    data: { image: "day-trade-data-dev:0.1.0", ...dataService, ...leastSize },
    scheduler: { image: "day-trade-scheduler-dev:0.1.0", ...schedulerService, ...leastSize },
  },
  // C-52, C-16, C-17: ECS, no database of its own, and the trading cache shared with the services.
  platform: "ecs",
  database: "none",
  servicesCache: "shared",
  // EDG-001: for one user; backups are monthly (DAT-056, C-33), and no web ACL is paid for.
  web: {
    tier: "personal",
    // The promise of $0 is off (CST-015): what is free is one account's, and the trading system in this one has used it up (docs/web.md).
    freeTier: "none",
    frontendBucket: { name: "kabu-trade-frontend-111122223333-dev" },
    backupBucket: { name: "kabu-trade-backups-111122223333-dev" },
    accessLogBucket: { name: "kabu-trade-access-logs-111122223333-dev", expirationDays: 30 },
    backend: { ...webBackendDefaults, apiImage: "kabu-trade-api-dev:0.1.0", databaseSecret: "kabu-trade/database-dev" },
    // DAT-083 … DAT-085; maintenance while it runs, before Tokyo opens.
    database: { id: "kabu-trade-dev", ...webDatabaseDefaults, maintenanceWindow: "mon:19:00-mon:20:00", longKeeping: { ...databaseDumps, every: "month", keepDays: 365 } }, // C-33: monthly for one person.
  },
  // cost.md proposes $50, which is an open point and what the Windows host and its data come to. The three smallest services on Fargate and their
  // load balancer are estimated at half as much again (docs/cost.md); a budget below what is built would refuse every change that costs a cent. The
  // web application's machine adds some twenty; its database's price is not known yet. The rest has room for that and for another service of the smallest
  // size (docs/services.md).
  cost: { budgetDollars: 170, budget: { name: "tss-month-dev" }, usage: usageDefaults },
};
