import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Aspects, TerraformResource } from "cdktf";
import { Construct } from "constructs";

const REGION = "tss-region";

/** The other region that a construct is made in; undefined where that is the stack's own. */
export const otherRegionOf = (construct: Construct): string | undefined => construct.node.tryGetContext(REGION) as string | undefined;

/** A place for what is made in another region than the stack: whatever stands in it has this provider. */
export function inRegionOf(provider: AwsProvider, scope: Construct, id: string): Construct {
  const place = new Construct(scope, id);
  place.node.setContext(REGION, provider.region);
  Aspects.of(place).add({
    visit: (node) => {
      if (node instanceof TerraformResource) node.provider = provider;
    },
  });
  return place;
}
