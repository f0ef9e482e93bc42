import { CeCostAllocationTag } from "@cdktf/provider-aws/lib/ce-cost-allocation-tag";
import { Construct } from "constructs";

/** Tags by which costs can be told apart (CST-032): budgets by tag and Cost Explorer see those that are active, from that day on. */
export class CostAllocationTags extends Construct {
  /** @param keys each of which something has carried for a day, or AWS does not know it yet */
  constructor(scope: Construct, id: string, { keys }: { readonly keys: readonly string[] }) {
    super(scope, id);
    for (const tagKey of keys)
      new CeCostAllocationTag(this, tagKey.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"), { tagKey, status: "Active" });
  }
}
