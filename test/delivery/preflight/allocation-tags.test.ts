/** Cost allocation tags, before a deploy (CST-032). */
import type { Aws } from "../../../delivery/aws";
import { allocationTags } from "../../../delivery/preflight/allocation-tags";
import type { SynthesisedStack } from "../../../terraform/assembly";
import { environment } from "../../environments/edits";

const asked: unknown[] = [];
const needs = (known: readonly object[]) =>
  allocationTags({
    environment: environment("prod"),
    stacks: [
      {
        name: "prod-account",
        json: { resource: { aws_ce_cost_allocation_tag: { a: { tag_key: "Project", status: "Active" } } } },
      } as unknown as SynthesisedStack,
    ],
    aws: () =>
      ({
        json: (...words: unknown[]) => {
          asked.push(words);
          return Promise.resolve({ CostAllocationTags: known });
        },
      }) as unknown as Aws,
  });

it("are asked for by their keys", async () => {
  const [need, ...others] = needs([{ TagKey: "Project", Type: "UserDefined", Status: "Inactive" }]);
  expect([need!.kind, need!.name, need!.stacks, others]).toEqual(["cost allocation tag", "Project", ["prod-account"], []]);
  expect(await need!.ask()).toEqual({ state: "there", note: "Inactive" });
  expect(asked).toEqual([["ce", "ListCostAllocationTags", { TagKeys: ["Project"], Type: "UserDefined" }]]);
});

it("that AWS does not know yet are missing, with what to do", async () =>
  expect(await needs([{ TagKey: "Projects" }])[0]!.ask()).toEqual({
    state: "missing",
    why: "AWS does not know the key yet: it learns of one about a day after something first carries it",
    make: "leave accountWide.costAllocationTags out of the literal until the day after the first deploy (docs/money.md)",
  }));
