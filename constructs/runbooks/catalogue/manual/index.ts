/** What people do by hand, step by step: pages, and no documents. */
import type { ManualRunbook } from "../../description";
import { databaseRestore } from "./database-restore";
import { regionFailover } from "./region-failover";
import { natStart, podTrouble, predictionAccuracy, releaseTrouble, terraformTrouble } from "./trouble";

/** @param environment its name, as it stands in the commands */
export const manuals = (environment: string): readonly ManualRunbook[] => [
  regionFailover(environment),
  databaseRestore(environment),
  natStart(environment),
  terraformTrouble(environment),
  releaseTrouble(environment),
  podTrouble,
  predictionAccuracy,
];
