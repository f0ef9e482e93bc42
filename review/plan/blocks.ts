/** Reads nested blocks out of a resource's values. */
import type { Values } from "../model";

const isValues = (value: unknown): value is Values => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The nested blocks of a name. Rules must use this: a plan of the provider has every block as a list, `versioning_configuration:
 * [{ status }]`; a comparison of syntheses has what cdktf writes, an object for a block that can stand only once. To know which of a
 * synthesis's objects are blocks takes the provider's schema, so that they are not turned into lists there.
 * @returns empty where there is none, or where it is not known yet
 */
export function blocksIn(values: Values | undefined, name: string): readonly Values[] {
  const found = values?.[name];
  if (Array.isArray(found)) return found.filter(isValues);
  return isValues(found) ? [found] : [];
}
