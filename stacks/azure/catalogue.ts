/** The stacks of an environment on Azure, in the order in which they are deployed. AWS's are in ../catalogue.ts, which commands ask. */
export const AZURE_STACKS = ["bootstrap", "network", "monitor", "data", "services", "edge", "trust", "workloads"] as const;
export type AzureStackName = (typeof AZURE_STACKS)[number];
