import { DataAwsEc2ManagedPrefixList } from "@cdktf/provider-aws/lib/data-aws-ec2-managed-prefix-list";
import { type Construct } from "constructs";
import type { SecurityGroup } from "./security-group";

/** Servers of CloudFront's that ask origins. In a security group it counts as 55 rules. https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html */
const CLOUDFRONT_LIST = "com.amazonaws.global.cloudfront.origin-facing";

/** HTTP from CloudFront's servers and from nobody else (SEC-024, C-32). They serve every customer of CloudFront's. */
export function allowFromCloudFront(group: SecurityGroup, scope: Construct = group): void {
  const list = new DataAwsEc2ManagedPrefixList(scope, "cloudfront", { name: CLOUDFRONT_LIST });
  group.allowFrom("cloudfront", { peer: { prefixListId: list.id }, ports: 80, description: "HTTP from CloudFront only" });
}
