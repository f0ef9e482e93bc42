/** The documents' cost tables, in their order (spec cost.md). */
import { PHASES } from "./phases";
import type { DocumentedTable } from "./table";
import { FREE_TIER_FOR_SEVERAL, PERSONAL_TIER, STANDARD_TIER } from "./tiers";
import { WINDOWS_BASELINE } from "./windows-baseline";

export const DOCUMENTED: readonly DocumentedTable[] = [WINDOWS_BASELINE, ...PHASES, PERSONAL_TIER, FREE_TIER_FOR_SEVERAL, STANDARD_TIER];
