/** What review/provider-schema.json says of AWS's resources, against the provider itself. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { awsSchemas, PROVIDER_SCHEMA, providerSchema } from "../../commands/pages/provider-schema";

jest.setTimeout(3 * 60_000);

it("is what the provider's own schema says, name by name", () => {
  const root = join(__dirname, "..", "..");
  const schemas = awsSchemas();
  expect(schemas).toBeDefined();
  expect(readFileSync(join(root, PROVIDER_SCHEMA), "utf8")).toBe(providerSchema(root, schemas!));
});
