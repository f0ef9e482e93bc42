import { Aspects, TerraformResource, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";

/** A place for what is made in another region than the stack: whatever stands in it has this provider. */
export function inRegionOf(provider: TerraformProvider, scope: Construct, id: string): Construct {
  const place = new Construct(scope, id);
  Aspects.of(place).add({
    visit: (node) => {
      if (node instanceof TerraformResource) node.provider = provider;
    },
  });
  return place;
}
