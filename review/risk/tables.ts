/** Every table of this folder, for those who hold changes against them and those who ask what is judged. */
import { AZURE_GUARDS, AZURE_LISTS, AZURE_RATCHETS, AZURE_WATCHES } from "./azure";
import { BACKUP_GUARDS, BACKUP_LISTS, BACKUP_RATCHETS, BACKUP_WATCHES } from "./backups";
import { COMPUTE_GUARDS, COMPUTE_LISTS, COMPUTE_RATCHETS, COMPUTE_WATCHES } from "./compute-guards";
import { DATA_GUARDS, DATA_LISTS, DATA_RATCHETS, DATA_WATCHES } from "./data-guards";
import { isSet, type Guard, type ListGuard, type Ratchet, type Watch } from "./guard";
import { NETWORK_GUARDS, NETWORK_LISTS, NETWORK_WATCHES } from "./network-guards";
import { SAFEGUARDS } from "./safeguards";

export const GUARDS: readonly Guard[] = [
  ...SAFEGUARDS,
  ...DATA_GUARDS,
  ...BACKUP_GUARDS,
  ...NETWORK_GUARDS,
  ...COMPUTE_GUARDS,
  ...AZURE_GUARDS,
];
export const RATCHETS: readonly Ratchet[] = [...DATA_RATCHETS, ...BACKUP_RATCHETS, ...COMPUTE_RATCHETS, ...AZURE_RATCHETS];
export const LISTS: readonly ListGuard[] = [...DATA_LISTS, ...BACKUP_LISTS, ...NETWORK_LISTS, ...COMPUTE_LISTS, ...AZURE_LISTS];
export const WATCHES: readonly Watch[] = [...DATA_WATCHES, ...BACKUP_WATCHES, ...NETWORK_WATCHES, ...COMPUTE_WATCHES, ...AZURE_WATCHES];

/** Attributes of which the tables ask only whether they are set: what is set there, and what stands below, is nobody's. */
export const ONLY_SET: ReadonlySet<string> = new Set(
  GUARDS.filter(({ safe }) => safe === isSet)
    .flatMap(({ attributes }) => attributes)
    .filter(
      (attribute) =>
        ![...GUARDS.filter(({ safe }) => safe !== isSet), ...RATCHETS, ...LISTS, ...WATCHES].some(({ attributes }) =>
          attributes.includes(attribute),
        ),
    ),
);
