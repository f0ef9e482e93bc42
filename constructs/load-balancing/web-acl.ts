import { Wafv2WebAcl, type Wafv2WebAclRule } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import { Wafv2WebAclLoggingConfiguration } from "@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration";
import { Construct } from "constructs";
import { LogGroup, type LogGroupProps } from "../logs/log-group";

export interface WebAclProps {
  /** Physical name, 1 to 128 characters; metrics carry it too. */
  readonly name: string;
  readonly description: string;
  /** Requests that one address may make in five minutes, at least 10. */
  readonly requestsPerFiveMinutes: number;
  /** Before a distribution, which names the ACL itself; it is made in us-east-1 then. @default false: before resources of the region */
  readonly atTheEdge?: boolean;
  /** What is kept of each request that a rule refused or counted, in the log group of {@link webAclLogGroup}. */
  readonly log: Pick<LogGroupProps, "retentionDays" | "key">;
}

/** AWS WAF writes to log groups of this prefix only. https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html */
export const webAclLogGroup = (aclName: string): string => `aws-waf-logs-${aclName}`;

/** Headers that let whoever reads the log in as somebody else. */
const REDACTED_HEADERS = ["authorization", "cookie"] as const;

/** AWS's own rule groups, in the order in which they are tried: what is known to be bad first. */
const MANAGED_RULE_GROUPS = [
  "AWSManagedRulesAmazonIpReputationList",
  "AWSManagedRulesKnownBadInputsRuleSet",
  "AWSManagedRulesCommonRuleSet",
] as const;

/** A web ACL: AWS's managed rule groups, and a limit on requests from one address. What no rule refuses passes. */
export class WebAcl extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    const { name, description, requestsPerFiveMinutes, atTheEdge = false, log } = props;
    const visibility = (metricName: string) => ({ cloudwatchMetricsEnabled: true, metricName, sampledRequestsEnabled: true });
    const limit: Wafv2WebAclRule = {
      name: "rate-limit",
      priority: 0,
      action: { block: {} },
      statement: { rate_based_statement: { limit: requestsPerFiveMinutes, aggregate_key_type: "IP", evaluation_window_sec: 300 } },
      visibilityConfig: visibility(`${name}-rate-limit`),
    };
    const managed = MANAGED_RULE_GROUPS.map((group, index): Wafv2WebAclRule => ({
      name: group,
      priority: index + 1,
      overrideAction: { none: {} }, // the group's own actions count
      statement: { managed_rule_group_statement: { vendor_name: "AWS", name: group } },
      visibilityConfig: visibility(`${name}-${group}`),
    }));
    this.arn = new Wafv2WebAcl(this, "acl", {
      name,
      description,
      scope: atTheEdge ? "CLOUDFRONT" : "REGIONAL",
      defaultAction: { allow: {} },
      rule: [limit, ...managed],
      visibilityConfig: visibility(name),
    }).arn;
    const group = new LogGroup(this, "log", { ...log, name: webAclLogGroup(name) });
    new Wafv2WebAclLoggingConfiguration(this, "logging", {
      resourceArn: this.arn,
      logDestinationConfigs: [group.arn],
      redactedFields: REDACTED_HEADERS.map((header) => ({ singleHeader: { name: header } })),
      // What passes stands in the access logs of what is behind the ACL; here it would cost by the gigabyte (SEC-077).
      loggingFilter: {
        defaultBehavior: "DROP",
        filter: [
          {
            behavior: "KEEP",
            requirement: "MEETS_ANY",
            condition: ["BLOCK", "COUNT", "EXCLUDED_AS_COUNT"].map((action) => ({ actionCondition: { action } })),
          },
        ],
      },
    });
  }

  /** Every request to the resource, such as a load balancer, passes the ACL first. */
  protect(id: string, resourceArn: string): void {
    new Wafv2WebAclAssociation(this, id, { resourceArn, webAclArn: this.arn });
  }
}
