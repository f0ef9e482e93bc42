/** What Azure's resources risk: tables and looks of this folder, which ../index.ts holds against every change. */
import type { Look } from "../rules";
import { AZURE_APP_GUARDS, AZURE_APP_LISTS } from "./apps";
import { longTerm, replication, unaudited } from "./copies";
import { AZURE_DATA_GUARDS, AZURE_DATA_RATCHETS, AZURE_DATA_WATCHES } from "./data";
import { accountRules, databaseDoors, securityRules } from "./doors";
import { AZURE_IDENTITY_GUARDS } from "./identity";
import { AZURE_DATA_LISTS, AZURE_IDENTITY_LISTS, AZURE_NETWORK_LISTS, AZURE_NOTIFICATION_LISTS } from "./lists";
import { blobLifecycle } from "./lifecycle";
import { AZURE_NETWORK_GUARDS } from "./network";
import { allowedRequests, appRestrictions, webRestrictions } from "./requests";
import { completeTemplates, otherTenants, powers } from "./powers";
import { assignments, federated, passwords, vaultPolicies } from "./rights";
import { definitions } from "./roles";
import { databaseSettings } from "./settings";
import { AZURE_RUNNING_GUARDS, AZURE_RUNNING_RATCHETS, AZURE_RUNNING_WATCHES } from "./running";

export const AZURE_GUARDS = [
  ...AZURE_APP_GUARDS,
  ...AZURE_DATA_GUARDS,
  ...AZURE_IDENTITY_GUARDS,
  ...AZURE_NETWORK_GUARDS,
  ...AZURE_RUNNING_GUARDS,
];
export const AZURE_RATCHETS = [...AZURE_DATA_RATCHETS, ...AZURE_RUNNING_RATCHETS];
export const AZURE_LISTS = [
  ...AZURE_APP_LISTS,
  ...AZURE_DATA_LISTS,
  ...AZURE_IDENTITY_LISTS,
  ...AZURE_NETWORK_LISTS,
  ...AZURE_NOTIFICATION_LISTS,
];
export const AZURE_WATCHES = [...AZURE_DATA_WATCHES, ...AZURE_RUNNING_WATCHES];

export const AZURE_LOOKS: readonly Look[] = [
  accountRules,
  allowedRequests,
  appRestrictions,
  assignments,
  blobLifecycle,
  completeTemplates,
  databaseDoors,
  databaseSettings,
  definitions,
  federated,
  longTerm,
  otherTenants,
  passwords,
  powers,
  replication,
  securityRules,
  unaudited,
  vaultPolicies,
  webRestrictions,
];
