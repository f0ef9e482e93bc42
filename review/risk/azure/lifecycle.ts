/** What an account deletes by itself: each of its rules, for each of the blobs that it speaks of, against those that stood. */
import type { Values } from "../../model";
import type { Attribute } from "../../provider-names";
import { sooner, type Expiry } from "../expiry";
import { at, blocks, first, numberAt, textsAt } from "../reading";
import { ownerStood } from "../related-resources";
import type { Look } from "../rules";

/** Counted from another day each, so that none takes another's place. */
const AGES: readonly (readonly [what: string, age: Attribute])[] = [
  ["Blobs (by their creation)", "azurerm_storage_management_policy.rule.actions.base_blob.delete_after_days_since_creation_greater_than"],
  [
    "Blobs (by their last change)",
    "azurerm_storage_management_policy.rule.actions.base_blob.delete_after_days_since_modification_greater_than",
  ],
  [
    "Blobs (by their last use)",
    "azurerm_storage_management_policy.rule.actions.base_blob.delete_after_days_since_last_access_time_greater_than",
  ],
  ["Snapshots", "azurerm_storage_management_policy.rule.actions.snapshot.delete_after_days_since_creation_greater_than"],
  ["Old versions", "azurerm_storage_management_policy.rule.actions.version.delete_after_days_since_creation"],
];

/** One for each prefix and kind of blob of each rule. The provider writes -1 where a rule deletes none. */
const expiriesOf = (values: Values | undefined, age: Attribute): Expiry[] =>
  blocks(values, "azurerm_storage_management_policy.rule")
    .filter((rule) => first(rule, "azurerm_storage_management_policy.rule.enabled") !== false)
    .flatMap((rule) => {
      const days = numberAt(rule, age);
      if (days === undefined || days < 0) return [];
      const prefixes = textsAt(rule, "azurerm_storage_management_policy.rule.filters.prefix_match");
      const kinds = textsAt(rule, "azurerm_storage_management_policy.rule.filters.blob_types");
      const tags = at(rule, "azurerm_storage_management_policy.rule.filters.match_blob_index_tag");
      return (prefixes.length === 0 ? [""] : prefixes).flatMap((prefix) =>
        (kinds.length === 0 ? [[]] : kinds.map((kind) => [kind])).map((kind) => ({ prefix, narrowedBy: [kind, tags], days, kept: 0 })),
      );
    });

/** A first policy of an account that stood without one is shown as created. */
export const blobLifecycle: Look = (change, context) => {
  const { type, action, before, after } = change;
  if (type !== "azurerm_storage_management_policy" || !after || (action !== "update" && action !== "replace" && action !== "create"))
    return [];
  if (
    action === "create" &&
    !ownerStood(change, context, "azurerm_storage_account", "azurerm_storage_management_policy.storage_account_id")
  )
    return [];
  return AGES.flatMap(([what, age]) => sooner(expiriesOf(before, age), expiriesOf(after, age), "data/expires-sooner", what)).slice(0, 3);
};
