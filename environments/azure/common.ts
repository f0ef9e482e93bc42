/** What the documents say once of Azure, and the services as AWS's literals describe them. */
import { dataService, mlService, schedulerService } from "../common";
import type { Grant } from "../schema/services";
import { isAzureGrant } from "./rules";
import type { AzureLiteral } from "./schema";

/** AZR-003 … AZR-005. The documents name no subnets for what Azure wants to stand alone: those are the next free ones. */
export const azureNetwork: AzureLiteral["network"] = {
  cidr: "10.1.0.0/16",
  subnets: { containers: "10.1.1.0/24", database: "10.1.2.0/24", instances: "10.1.3.0/24", gateway: "10.1.0.0/24" },
};

/** DAT-044 … DAT-046 by name, DAT-050 and DAT-051 by age: cool for STANDARD_IA, cold for GLACIER_IR, archive for DEEP_ARCHIVE. */
export const containers: AzureLiteral["data"]["storage"]["containers"] = {
  rawMarketData: { name: "raw-market-data", coolAfterDays: 30, coldAfterDays: 90, archiveAfterDays: 365 },
  processedMarketData: { name: "processed-market-data", coolAfterDays: 30, coldAfterDays: 90 },
  backtestResults: { name: "backtest-results", coolAfterDays: 30, coldAfterDays: 90 },
};

/** The rights of a description that Azure has, and the database, which AWS's literals give where they have one. */
const here = (grants: readonly Grant[]): Grant[] => [...grants.filter(isAzureGrant), "database.connect"];

type Services = AzureLiteral["services"];

/** CON-008 … CON-010, with so many tasks. */
export const azureServices = (scaling: NonNullable<Services[string]["scaling"]> | undefined): Services => ({
  ml: { image: "day-trade-ml:0.1.0", ...mlService, grants: here(mlService.grants), scaling },
  data: { image: "day-trade-data:0.1.0", ...dataService, grants: here(dataService.grants), scaling },
  scheduler: { image: "day-trade-scheduler:0.1.0", ...schedulerService, grants: here(schedulerService.grants) },
});
