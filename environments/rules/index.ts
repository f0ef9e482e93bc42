/**
 * What one field alone cannot say: rules over several fields of one environment, by subject.
 *
 * Each rule names the top-level keys it reads, so that it runs whenever those are well formed, however broken the rest is:
 * a person sees every problem of a literal at once.
 */
import { ACCOUNT_RULES } from "./account";
import { BACKUP_RULES } from "./backup";
import { CACHE_RULES } from "./cache";
import { DATA_RULES } from "./data";
import { DATABASE_RULES } from "./database";
import type { Rule } from "./finding";
import { FREE_TIER_RULES } from "./free-tier";
import { HOST_RULES } from "./hosts";
import { KUBERNETES_RULES } from "./kubernetes";
import { LONG_KEEPING_RULES } from "./long-keeping";
import { MESSAGING_RULES } from "./messaging";
import { MONEY_RULES } from "./money";
import { NAME_RULES } from "./names";
import { NETWORK_RULES } from "./network";
import { PATCHING_RULES } from "./patching";
import { PLATFORM_RULES } from "./platform";
import { RESEARCH_RULES } from "./research";
import { ROTATION_RULES } from "./rotation";
import { SCHEDULE_RULES } from "./schedules";
import { SERVICE_RULES } from "./services";
import { WEB_RULES } from "./web";

export type { Finding, Rule } from "./finding";
export { architectureOf } from "./hosts";
export { physicalNames, replicaNames } from "./names";

export const RULES: readonly Rule[] = [
  ...NAME_RULES,
  ...ACCOUNT_RULES,
  ...NETWORK_RULES,
  ...HOST_RULES,
  ...SCHEDULE_RULES,
  ...PATCHING_RULES,
  ...ROTATION_RULES,
  ...MESSAGING_RULES,
  ...DATA_RULES,
  ...CACHE_RULES,
  ...DATABASE_RULES,
  ...BACKUP_RULES,
  ...RESEARCH_RULES,
  ...MONEY_RULES,
  ...PLATFORM_RULES,
  ...SERVICE_RULES,
  ...KUBERNETES_RULES,
  ...WEB_RULES,
  ...FREE_TIER_RULES,
  ...LONG_KEEPING_RULES,
];
