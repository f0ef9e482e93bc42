import { environmentOf, isOnAzure } from "../../terraform/assembly";

it.each([
  ["prod-data", "prod", false],
  ["dev-services", "dev", false],
  ["azure-prod-data", "azure-prod", true],
  ["azure-dev-bootstrap", "azure-dev", true],
])("%s is a stack of %s", (stack, environment, azure) => {
  expect(environmentOf(stack)).toBe(environment);
  expect(isOnAzure(environmentOf(stack))).toBe(azure);
});
