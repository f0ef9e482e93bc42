/** The environments on Azure, by name. They are no others of AWS's: stages, rehearsals and estimates know only those. */
import { dev } from "./dev";
import { azureEnvironmentsOf } from "./load";
import { prod } from "./prod";
import { staging } from "./staging";

/** In the order in which a change travels. */
export const { azureNames, loadAllAzure, loadAzure } = azureEnvironmentsOf({
  "azure-dev": dev,
  "azure-staging": staging,
  "azure-prod": prod,
});
