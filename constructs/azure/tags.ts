import { TerraformResource, type IAspect } from "cdktf";
import type { IConstruct } from "constructs";

/** The provider has no default tags as AWS's has: whatever takes tags gets them here. */
export class TagEverything implements IAspect {
  constructor(private readonly tags: Readonly<Record<string, string>>) {}

  visit(node: IConstruct): void {
    if (node instanceof TerraformResource && "tagsInput" in node) Object.assign(node, { tags: { ...this.tags } });
  }
}
