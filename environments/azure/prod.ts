import { serviceScaling } from "../common";
import { azureNetwork, azureServices, containers } from "./common";
import type { AzureLiteral } from "./schema";

/** Production on Azure, with the documents' figures. */
export const prod: AzureLiteral = {
  name: "azure-prod",
  stage: "production",
  subscription: "0a1b2c3d-0000-4000-8000-000000000003",
  tenant: "0a1b2c3d-0000-4000-8000-00000000000f",
  location: "japaneast", // AZR-002
  resourceGroup: "day-trade-production", // AZR-009
  tags: { Project: "trading-system" },
  state: { resourceGroup: "day-trade-production-state", storageAccount: "daytradeprodstate" },
  bootstrap: { githubRepository: "example-org/trading-system-infrastructure" },
  network: azureNetwork,
  data: {
    database: {
      server: "day-trade-production",
      name: "trading",
      sku: "S2", // AZR-006
      maxSizeGigabytes: 100,
      // AZR-007: the documents' name, without their password.
      administrators: { name: "sqladmin", objectId: "0a1b2c3d-0000-4000-8000-0000000000a3" },
      backupRetentionDays: 7, // DAT-086
    },
    storage: { account: "daytradeproddata", replication: "GRS", containers },
    vault: { name: "day-trade-production" },
    // AZR-008: C1 Standard has 1 GB and a replica.
    cache: { name: "day-trade-production", sku: "Balanced_B1" },
  },
  monitoring: {
    flowLogs: { account: "daytradeprodflows" }, // SEC-028
    emails: ["trading-ops@example.com"],
    monthlyBudget: 1000,
    budgetStart: "2026-12-01",
  },
  platform: "container-apps",
  registry: { name: "daytradeproduction" },
  gateway: { certificate: "day-trade-tls", clientCidrs: ["203.0.113.0/24"] },
  services: azureServices(serviceScaling),
};
