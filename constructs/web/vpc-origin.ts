import { CloudfrontVpcOrigin } from "@cdktf/provider-aws/lib/cloudfront-vpc-origin";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { ApiOrigin } from "./distribution";

export interface VpcOriginProps {
  /** Unique in the account, and another one for whatever stands in the place of what it leads to. */
  readonly name: string;
  /** Of a machine or a load balancer in a private subnet, which speaks HTTP on 80. */
  readonly arn: string;
  /** By which CloudFront asks for it. */
  readonly domainName: string;
  /** Terraform's reference to it: of another one the origin is another one too. */
  readonly of: string;
  /** What it needs to answer. It goes after the origin, as the origin goes when no distribution asks it any more. */
  readonly needs: readonly ITerraformDependable[];
}

/**
 * CloudFront's way in is an interface in the same subnets, so that what is not encrypted stays inside the VPC.
 *
 * Of a machine and of a load balancer under different ids: from one tier to another it must be another one, and `replace_triggered_by` does
 * not see that what it names is made for the first time.
 */
export function vpcOrigin(
  scope: Construct,
  id: string,
  { name, arn, domainName, of, needs }: VpcOriginProps,
): Extract<ApiOrigin, { kind: "vpc" }> {
  const origin = new CloudfrontVpcOrigin(scope, id, {
    // AWS changes none that a distribution asks (CannotUpdateEntityWhileInUse): of another machine it is another one, and of another name.
    lifecycle: { createBeforeDestroy: true, replaceTriggeredBy: [of] },
    // The provider's quarter of an hour is not always enough: https://github.com/terraform-aws-modules/terraform-aws-cloudfront/issues/163
    timeouts: { create: "45m", update: "45m", delete: "45m" },
    dependsOn: [...needs],
    vpcOriginEndpointConfig: [
      {
        name,
        arn,
        httpPort: 80,
        httpsPort: 443,
        originProtocolPolicy: "http-only",
        originSslProtocols: [{ items: ["TLSv1.2"], quantity: 1 }],
      },
    ],
  });
  return { kind: "vpc", domainName, vpcOriginId: origin.id };
}
