/** The page on what the environments cost. */
import { costPage } from "../../commands/pages/cost-page";
import { loadEnvironments } from "../fixtures/environments";
import { synthEnvironments } from "../helpers/synth";
import type { StackJson } from "../../terraform/assembly";

it("has each environment beside its budget, and the prices that it is made of", () => {
  const environments = loadEnvironments();
  const all = synthEnvironments({ environments, target: { kind: "aws" } }) as Readonly<Record<string, StackJson>>;
  const page = costPage(
    environments.map((environment) => ({
      environment,
      stacks: Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith(`${environment.name}-`))),
    })),
  );
  expect(page).toContain("| dev | $139.09 | $170.00 |");
  expect(page).toContain("| `ec2.t3.small` | hour | $0.0272 | unknown | catalogue |");
});
