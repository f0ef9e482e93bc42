/**
 * Names of resource types and their attributes, as the providers' own schemas have them.
 *
 * A name is always written in full, `aws_db_instance.storage_encrypted`, and as one text: so the compiler knows a misspelt one, a search finds
 * all that speaks of an attribute, and `npm run docs` can collect the names that review/ uses (commands/pages/provider-schema.ts). It looks each
 * up in the schema of the provider that the project is locked to and writes provider-schema.json, which is what the types below are read from.
 * A new name is a type error until then.
 */
import type schema from "./provider-schema.json";

type Name = keyof typeof schema.names;

/** Such as `aws_db_instance`. */
export type ResourceType = Exclude<Name, `${string}.${string}`>;
/** Such as `aws_db_instance.storage_encrypted`; of nested blocks and of maps, with every step: `aws_launch_template.block_device_mappings.ebs.encrypted`. */
export type Attribute = Extract<Name, `${string}.${string}`>;

/** `aws_db_instance` of `aws_db_instance.storage_encrypted`. */
export const typeOf = (attribute: Attribute): string => attribute.slice(0, attribute.indexOf("."));
/** `storage_encrypted` of `aws_db_instance.storage_encrypted`. */
export const pathOf = (attribute: Attribute): string => attribute.slice(attribute.indexOf(".") + 1);
