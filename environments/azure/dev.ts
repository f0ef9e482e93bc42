import { azureNetwork, azureServices, containers } from "./common";
import type { AzureLiteral } from "./schema";

/** Development on Azure: as staging, with one of each and nothing that refuses to be deleted. */
export const dev: AzureLiteral = {
  name: "azure-dev",
  stage: "development",
  subscription: "0a1b2c3d-0000-4000-8000-000000000001",
  tenant: "0a1b2c3d-0000-4000-8000-00000000000f",
  location: "japaneast", // AZR-002
  resourceGroup: "day-trade-development",
  tags: { Project: "trading-system" },
  deletionProtection: false,
  state: { resourceGroup: "day-trade-development-state", storageAccount: "daytradedevstate" },
  bootstrap: { githubRepository: "example-org/trading-system-infrastructure" },
  network: azureNetwork,
  data: {
    database: {
      server: "day-trade-development",
      name: "trading",
      sku: "S0",
      maxSizeGigabytes: 50,
      // AZR-007: the documents' name, without their password.
      administrators: { name: "sqladmin", objectId: "0a1b2c3d-0000-4000-8000-0000000000a1" },
      backupRetentionDays: 7, // DAT-086
    },
    storage: { account: "daytradedevdata", replication: "LRS", containers },
    vault: { name: "day-trade-development" },
    cache: { name: "day-trade-development", sku: "Balanced_B0", highAvailability: false },
  },
  monitoring: { emails: ["trading-ops@example.com"], monthlyBudget: 300, budgetStart: "2026-12-01" },
  platform: "container-apps",
  registry: { name: "daytradedevelopment" },
  gateway: { certificate: "day-trade-tls", clientCidrs: ["203.0.113.0/24"] },
  services: azureServices(undefined),
};
