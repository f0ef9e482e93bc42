/**
 * The shape of one environment on Azure (design 24): what the literals beside this file may say.
 *
 * AWS's schema demands AWS's parts, so this is one of its own; the container services are described by the same words
 * (../schema/services.ts). Strict, and each default is the production-safe value, as there.
 */
import { z } from "zod";
import { cidr, email, guid, integer, pattern, physicalName, tagKey, tagValue } from "../schema/fields";
import { STAGES } from "../schema";
import { services } from "../schema/services";
import { cluster } from "./cluster";

// --- names; limits: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules ---
const environmentName = pattern(/^azure-[a-z][a-z0-9]{1,7}$/, "azure- and 2 to 8 of a-z and 0-9, a letter first, such as azure-prod");
const resourceGroupName = physicalName(
  "resource group",
  pattern(/^[A-Za-z0-9_-]{1,80}$/, "1 to 80 of A-Z, a-z, 0-9, _ and -, such as day-trade-production"),
);
const accountWords = "3 to 24 of a-z and 0-9; nobody else on Azure may have it";
const storageAccountName = physicalName("storage account", pattern(/^[a-z0-9]{3,24}$/, accountWords));
const vaultName = physicalName(
  "key vault",
  pattern(
    /^(?=.{3,24}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    "3 to 24 of a-z, 0-9 and single hyphens, a letter first; nobody else on Azure may have it",
  ),
);
const serverName = physicalName(
  "SQL server",
  pattern(/^(?=.{1,63}$)[a-z0-9]+(-[a-z0-9]+)*$/, "1 to 63 of a-z, 0-9 and single hyphens; nobody else on Azure may have it"),
);
const cacheName = physicalName(
  "Redis",
  pattern(/^(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*$/, "1 to 60 of a-z, 0-9 and single hyphens; nobody else in the region may have it"),
);
const registryName = physicalName("registry", pattern(/^[a-z0-9]{5,50}$/, "5 to 50 of a-z and 0-9; nobody else on Azure may have it"));
const containerName = pattern(/^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/, "3 to 63 of a-z, 0-9 and single hyphens");
/** Of a secret of Key Vault. */
const secretName = pattern(/^[A-Za-z0-9-]{1,127}$/, "1 to 127 of A-Z, a-z, 0-9 and -");

const network = z.strictObject({
  /** AZR-003. */
  cidr,
  subnets: z.strictObject({
    /** The container apps', or the cluster's nodes' (AZR-004). */
    containers: cidr,
    /** Private endpoints of database, cache, storage and vault (AZR-005). */
    database: cidr,
    /** Of container groups: a subnet is delegated to one service, and the containers' is Container Apps'. */
    instances: cidr,
    /** The application gateway's, which Azure wants alone in its subnet. */
    gateway: cidr,
  }),
  /**
   * Networks, such as a peered one or a VPN's, from which people look after vault and database: nobody else reaches those, not even an owner
   * (docs/azure.md).
   */
  operatorCidrs: z.array(cidr).max(25).default([]),
});

const days = (minimum: number, maximum: number) => integer(minimum, maximum, "days");

const database = z.strictObject({
  server: serverName,
  /** The database in it. */
  name: pattern(/^[a-z][a-z0-9-]{0,62}$/, "1 to 63 of a-z, 0-9 and -, a letter first"),
  /** Size (AZR-006). https://learn.microsoft.com/azure/azure-sql/database/resource-limits-dtu-single-databases */
  sku: z.enum(["S0", "S1", "S2", "S3", "S4", "S6", "S7", "S9", "S12"]),
  /** AZR-006; up to 250 GB from S0 to S2, 1024 GB above. */
  maxSizeGigabytes: z.literal([1, 2, 5, 10, 20, 30, 40, 50, 100, 150, 200, 250, 300, 400, 500, 750, 1024]),
  /** The group of Entra that administers it, in place of AZR-007's login and password (C-38). */
  administrators: z.strictObject({
    name: pattern(/^[A-Za-z0-9 _-]{1,120}$/, "the display name of a group of Entra"),
    objectId: guid("a group of Entra"),
  }),
  /** Any moment within them can be restored. */
  backupRetentionDays: days(1, 35).default(7),
  /** Weekly backups are kept so long. */
  longTermWeeks: integer(1, 520, "weeks").default(12),
});

const container = z.strictObject({
  name: containerName,
  /** Days after which a blob that nobody changes moves to a colder tier (DAT-050, DAT-051). */
  coolAfterDays: days(1, 36_500).optional(),
  coldAfterDays: days(1, 36_500).optional(),
  archiveAfterDays: days(1, 36_500).optional(),
});

const storage = z.strictObject({
  account: storageAccountName,
  /** Where the copies are: in one zone, in three, and with a G in the paired region as well (C-50). */
  replication: z.enum(["LRS", "ZRS", "GRS", "GZRS"]).default("GRS"),
  /** Days for which a deleted blob or container can be brought back. */
  softDeleteDays: days(1, 365).default(90),
  /** The buckets of AWS (DAT-044 … DAT-046). */
  containers: z.strictObject({ rawMarketData: container, processedMarketData: container, backtestResults: container }),
});

const cache = z.strictObject({
  name: cacheName,
  /** Of Azure Managed Redis, by memory: B0 has 0.5 GB, B1 1 GB. AZR-008's C1 Standard has 1 GB, and new customers cannot have it any more. */
  sku: z.enum(["Balanced_B0", "Balanced_B1", "Balanced_B3", "Balanced_B5", "Balanced_B10"]),
  /** A replica that takes over, as `Standard` has it. */
  highAvailability: z.boolean().default(true),
});

const monitoring = z.strictObject({
  /** Days that logs are kept. */
  retentionDays: days(30, 730).default(90),
  /** Who talked to whom in the network (SEC-028); charged by the gigabyte above 5 GB a month of a subscription. */
  flowLogs: z
    .strictObject({
      /** Of its own: Azure's machines write to it from outside of the network. */
      account: storageAccountName,
      retentionDays: days(1, 365).default(90),
    })
    .optional(),
  /** Who is told of alerts and of the budget. */
  emails: z.array(email).min(1).max(20),
  /** Of a month, in the subscription's currency: at 80 % and at 100 % somebody is told. */
  monthlyBudget: integer(1, 1_000_000, "the subscription's currency"),
  /**
   * First day of the budget: that of the month in which `monitor` is first deployed, because Azure takes no earlier one for a new budget. Left
   * as it is from then on: another date is another budget.
   */
  budgetStart: pattern(/^20\d\d-(0[1-9]|1[0-2])-01$/, "the first day of a month, such as 2026-12-01"),
});

export const azureSchema = z.strictObject({
  /** First part of every stack's name. */
  name: environmentName,
  /** AZR-002: what the environment is for; tells the services as ENVIRONMENT. */
  stage: z.enum(STAGES),
  subscription: guid("a subscription"),
  tenant: guid("a tenant of Entra"),
  /** AZR-002: Japan East is `japaneast`. */
  location: pattern(/^[a-z]{4,30}\d?$/, "a region as Azure's command line writes it, such as japaneast"),
  /** AZR-009. */
  resourceGroup: resourceGroupName,
  /** Tags of every resource, beside Environment and ManagedBy (CST-032). */
  tags: z.record(tagKey, tagValue).default({}),
  /** Whether data refuses to be deleted: `prevent_destroy`, and a lock on Azure. */
  deletionProtection: z.boolean().default(true),
  /** Where the Terraform states are: made by the stack `bootstrap`. */
  state: z.strictObject({ resourceGroup: resourceGroupName, storageAccount: storageAccountName }),
  bootstrap: z.strictObject({
    /** Whose workflows may deploy: `owner/name`, as the subject of GitHub's tokens names it. */
    githubRepository: pattern(/^[A-Za-z0-9-]{1,60}(@\d+)?\/[A-Za-z0-9._-]{1,120}(@\d+)?$/, "owner/name of a GitHub repository"),
    /**
     * Who its workflows are, as the outputs of `bootstrap` tell once it stands: Azure makes the ids up, and they are no secrets. Left out, no
     * workflow deploys.
     */
    clients: z.strictObject({ plan: guid("an identity"), deploy: guid("an identity") }).optional(),
  }),
  network,
  data: z.strictObject({
    database,
    storage,
    /** AZR-014, SEC-058. Entries are made by a person, and services are let in to those that they name. */
    vault: z.strictObject({ name: vaultName }),
    cache,
  }),
  monitoring,
  /** What runs the services: `container-apps` is the counterpart of ECS, `aks` that of EKS, `container-instances` is for services that nobody reaches (docs/azure.md). */
  platform: z.enum(["none", "container-apps", "container-instances", "aks"]),
  /** Of `platform: "aks"`. */
  cluster: cluster.optional(),
  /** Of the services' images. */
  registry: z.strictObject({ name: registryName }),
  /** In front of the services that have a `route`. A cluster's is of a kind that Microsoft does not support in every region: docs/azure.md. */
  gateway: z
    .strictObject({
      /** Name of a certificate in the vault, which a person puts there. */
      certificate: secretName,
      clientCidrs: z.array(cidr).min(1).max(25),
      /** Units that an application gateway may grow to; it begins with none. @default 10 */
      maxCapacity: integer(2, 125, "capacity units").optional(),
    })
    .optional(),
  /** The container services (CON-008 … CON-010), in the words that AWS's literals use. */
  services,
});

/** A literal as it is written: defaults may be left out. */
export type AzureLiteral = z.input<typeof azureSchema>;
/** An accepted environment, defaults filled in. */
export type AzureEnvironment = z.output<typeof azureSchema>;
export type AzureService = AzureEnvironment["services"][string];
