import { azureNetwork, azureServices, containers } from "./common";
import type { AzureLiteral } from "./schema";

/** Staging on Azure: the documents have figures for production only, so the sizes are those that azure-alternative.md proposes. */
export const staging: AzureLiteral = {
  name: "azure-staging",
  stage: "staging",
  subscription: "0a1b2c3d-0000-4000-8000-000000000002",
  tenant: "0a1b2c3d-0000-4000-8000-00000000000f",
  location: "japaneast", // AZR-002
  resourceGroup: "day-trade-staging",
  tags: { Project: "trading-system" },
  state: { resourceGroup: "day-trade-staging-state", storageAccount: "daytradestgstate" },
  bootstrap: { githubRepository: "example-org/trading-system-infrastructure" },
  network: azureNetwork,
  data: {
    database: {
      server: "day-trade-staging",
      name: "trading",
      sku: "S0",
      maxSizeGigabytes: 50,
      // AZR-007: the documents' name, without their password.
      administrators: { name: "sqladmin", objectId: "0a1b2c3d-0000-4000-8000-0000000000a2" },
      backupRetentionDays: 7, // DAT-086
    },
    storage: { account: "daytradestgdata", replication: "LRS", containers },
    vault: { name: "day-trade-staging" },
    cache: { name: "day-trade-staging", sku: "Balanced_B0" },
  },
  monitoring: {
    flowLogs: { account: "daytradestgflows", retentionDays: 30 }, // SEC-028
    emails: ["trading-ops@example.com"],
    monthlyBudget: 500,
    budgetStart: "2026-12-01",
  },
  platform: "container-apps",
  registry: { name: "daytradestaging" },
  gateway: { certificate: "day-trade-tls", clientCidrs: ["203.0.113.0/24"] },
  services: azureServices({ min: 2, max: 4 }),
};
