/** Tags that are to tell costs apart: AWS activates only what something has carried for a day, so that the first deploy of an account cannot (CST-032). */
import { listAt, textAt } from "../aws";
import { blocksIn, isLiteral, type Need, type Subject } from "./need";

/** Each key that a stack activates. */
export const allocationTags = (subject: Subject): Need[] =>
  blocksIn(subject, "aws_ce_cost_allocation_tag").flatMap(({ block: { tag_key: name }, stack, access }): Need[] =>
    isLiteral(name)
      ? [
          {
            kind: "cost allocation tag",
            name,
            stacks: [stack],
            ask: async () => {
              const request = { TagKeys: [name], Type: "UserDefined" };
              const answered = await subject.aws(access).json("ce", "ListCostAllocationTags", request);
              const known = listAt(answered, "CostAllocationTags").find((tag) => textAt(tag, "TagKey") === name);
              return known
                ? { state: "there", note: textAt(known, "Status") }
                : {
                    state: "missing",
                    why: "AWS does not know the key yet: it learns of one about a day after something first carries it",
                    make: "leave accountWide.costAllocationTags out of the literal until the day after the first deploy (docs/money.md)",
                  };
            },
          },
        ]
      : [],
  );
