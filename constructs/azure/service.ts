/** What every form of a service on Azure has: who it is, what it may, what it is told. */
import { grantSubject, variableName } from "../../environments/schema/services";
import type { AzureGrant } from "../../environments/azure/rules";
import type { AzureService } from "../../environments/azure/schema";
import type { AzureCache } from "./cache";
import type { ManagedIdentity } from "./identity";
import type { SqlDatabase } from "./sql-database";
import type { ContainerName, Storage } from "./storage";

export interface ServiceProps {
  /** Such as `ml`. */
  readonly name: string;
  /** As the literal describes it. */
  readonly service: AzureService;
  /** With its registry, such as `daytrade.azurecr.io/day-trade-ml:1.4.2`. */
  readonly image: string;
  /** Of the registry alone. */
  readonly server: string;
  /** With all its grants: the service starts when it has them. */
  readonly identity: ManagedIdentity;
  /** Plain variables, by name. */
  readonly variables: Readonly<Record<string, string>>;
}

/** What services may be allowed to use. */
export interface AzureBackends {
  readonly storage: Storage;
  readonly cache: AzureCache;
  readonly database: SqlDatabase;
}

/** Gives the rights of a description; those on the database are SQL's affair. */
export function grantRights(grants: readonly AzureGrant[], identity: ManagedIdentity, { cache, storage }: AzureBackends): void {
  for (const grant of grants) {
    if (grant === "cache.connect") cache.grantConnect(identity);
    else if (grant === "database.connect") continue;
    else if (grant.endsWith(".readWrite")) storage.grantReadWrite(identity, grantSubject(grant) as ContainerName);
    else storage.grantRead(identity, grantSubject(grant) as ContainerName);
  }
}

/** What a service must know to use its rights, by variable: a container's address stands for the bucket's name. */
export function accessVariables(
  grants: readonly AzureGrant[],
  identity: ManagedIdentity,
  { cache, database, storage }: AzureBackends,
): Readonly<Record<string, string>> {
  return Object.assign(
    // By it the SDK knows which of its identities it shall take.
    { AZURE_CLIENT_ID: identity.clientId },
    ...grants.map((grant) => {
      if (grant === "cache.connect") return cache.variables(identity);
      if (grant === "database.connect") return database.variables(identity);
      const container = grantSubject(grant) as ContainerName;
      return { [`${variableName(container)}_URL`]: storage.url(container) };
    }),
  ) as Readonly<Record<string, string>>;
}

/** Entries of the vault that a service is given, each once. */
export const secretEntries = ({ secrets }: AzureService): readonly string[] => [
  ...new Set(sorted(secrets).map(([, { secret, key }]) => `${secret}-${key}`)),
];

/** Such as 0.25 of 256 units. */
export const cpus = (units: number): number => units / 1024;
/** Such as 0.5 of 512 MiB. */
export const gibibytes = (mebibytes: number): number => mebibytes / 1024;

/** By name, so that a literal's order changes nothing. */
export const sorted = <T>(record: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
