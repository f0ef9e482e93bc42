import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { Construct } from "constructs";
import { Alarm, type AlarmSettings, type AlarmTarget } from "../alarms/alarm";
import type { Metric } from "../alarms/metric";
import type { Network } from "../network/network";
import { allowFromCloudFront } from "../network/cloudfront-list";
import { cidrId, SecurityGroup } from "../network/security-group";
import type { AccessLogBucket } from "../storage/access-log-bucket";
import { TargetGroup } from "./target-group";
import type { WebAcl } from "./web-acl";

/** Who may connect, and how. */
export type Entrance =
  /** From the Internet, by TLS alone (SEC-069): a certificate of this region, and the IPv4 networks that may connect. */
  | { readonly kind: "internet"; readonly certificateArn: string; readonly clientCidrs: readonly string[] }
  /** CloudFront alone, inside the VPC, which nothing in clear leaves. */
  | { readonly kind: "cloudfront" };

export interface LoadBalancerProps {
  /** Physical name, 1 to 32 letters, digits and hyphens. */
  readonly name: string;
  /** Physical and documented name of its security group (C-11). */
  readonly securityGroup: { readonly name: string; readonly documentedName: string };
  readonly network: Network;
  readonly entrance: Entrance;
  readonly accessLogs: AccessLogBucket;
  /** Every request passes it first. @default none */
  readonly webAcl?: WebAcl;
  /** Refuse to be destroyed. @default true */
  readonly protect?: boolean;
}

export interface TargetGroupProps {
  /** Physical name, 1 to 32 letters, digits and hyphens. */
  readonly name: string;
  /** On which the targets speak HTTP. */
  readonly port: number;
  /** Answers 200 when a target is well. */
  readonly healthPath: string;
  /** Of the targets: opened for the load balancer. */
  readonly securityGroup: SecurityGroup;
  /** Place among the rules, 1 to 50000. */
  readonly priority: number;
  /** Requests that go there, such as `/api/*`. @default any path */
  readonly paths?: readonly string[];
  /** Host names that they must be for, such as `ml.example.com`. @default any host */
  readonly hosts?: readonly string[];
  /** Machines, or addresses such as those of containers. @default "instance" */
  readonly targetType?: "instance" | "ip";
  /** One client stays with one target: for servers that keep sessions in memory. @default false */
  readonly sticky?: boolean;
}

/** Newest policy without TLS 1.1 and older; TLS 1.3 first. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06";
/** Seconds that a target which leaves may finish its requests. */
const DRAIN_SECONDS = 60;
const COOKIE_SECONDS = 86_400;
/** What no rule takes. */
const NOT_FOUND = [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404", messageBody: "Not found" } }];

/** An application load balancer, behind a web ACL where there is one, with access logs; what no rule takes gets a 404. */
export class LoadBalancer extends Construct {
  readonly arn: string;
  /** As Terraform refers to it, for `replace_triggered_by`. */
  readonly idReference: string;
  readonly dnsName: string;
  private readonly loadBalancer: Lb;
  private readonly securityGroup: SecurityGroup;
  private readonly network: Network;
  private readonly listener: LbListener;

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    const { name, securityGroup, network, entrance, accessLogs, webAcl, protect = true } = props;
    this.network = network;
    this.securityGroup = new SecurityGroup(this, "security-group", {
      ...securityGroup,
      description: "Load balancer of the trading system",
      network,
    });
    const loadBalancer = new Lb(this, "load-balancer", {
      name,
      loadBalancerType: "application",
      internal: entrance.kind === "cloudfront",
      subnets: network.subnetIds(entrance.kind === "cloudfront" ? "private" : "public"),
      securityGroups: [this.securityGroup.id],
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      enableDeletionProtection: protect,
      accessLogs: { enabled: true, bucket: accessLogs.name, prefix: accessLogs.allowLoadBalancer(name) },
    });
    this.loadBalancer = loadBalancer;
    this.arn = loadBalancer.arn;
    this.idReference = `aws_lb.${loadBalancer.friendlyUniqueId}.id`;
    this.dnsName = loadBalancer.dnsName;
    this.listener = entrance.kind === "cloudfront" ? this.openToCloudFront() : this.openToInternet(entrance);
    webAcl?.protect(id, loadBalancer.arn);
  }

  /**
   * Reports that more than a percentage of a minute's answers are errors of its own: no target was there to answer, so that none of them counts it.
   * `RequestCount` does not count it either, and is missing where no request found a target:
   * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
   */
  alarmOnOwnErrors(
    target: AlarmTarget,
    { name, percent, silencedBySchedule }: Pick<AlarmSettings, "name" | "silencedBySchedule"> & { readonly percent: number },
  ): Alarm {
    const metric = (what: string): Metric => ({
      namespace: "AWS/ApplicationELB",
      metric: what,
      dimensions: { LoadBalancer: this.loadBalancer.arnSuffix },
      statistic: "Sum",
    });
    return new Alarm(this, "own-errors-alarm", {
      name,
      description: `More than ${percent}% of the answers of a minute are errors (5xx) of the load balancer itself`,
      severity: "critical",
      owner: "DevOps",
      runbook: "service-errors",
      expression: "100 * part / (FILL(whole, 0) + part)",
      of: { part: metric("HTTPCode_ELB_5XX_Count"), whole: metric("RequestCount") },
      label: "Percentage",
      comparison: "GreaterThanThreshold",
      threshold: percent,
      period: 60,
      silencedBySchedule,
      target,
    });
  }

  private openToInternet({ certificateArn, clientCidrs }: Extract<Entrance, { kind: "internet" }>): LbListener {
    for (const cidr of clientCidrs) {
      this.securityGroup.allowFrom(`client-${cidrId(cidr)}`, {
        peer: { cidr },
        ports: [80, 443],
        description: "HTTP, which is sent on to HTTPS, and HTTPS (SEC-011)",
      });
    }
    new LbListener(this, "http", {
      loadBalancerArn: this.arn,
      port: 80,
      protocol: "HTTP",
      defaultAction: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
    });
    return new LbListener(this, "https", {
      loadBalancerArn: this.arn,
      port: 443,
      protocol: "HTTPS",
      sslPolicy: TLS_POLICY,
      certificateArn,
      defaultAction: NOT_FOUND,
    });
  }

  private openToCloudFront(): LbListener {
    allowFromCloudFront(this.securityGroup);
    return new LbListener(this, "http", { loadBalancerArn: this.arn, port: 80, protocol: "HTTP", defaultAction: NOT_FOUND });
  }

  /** Sends requests on to a group of targets. */
  addTargetGroup(id: string, props: TargetGroupProps): TargetGroup {
    const { name, port, healthPath, securityGroup, priority, paths = [], hosts = [], targetType = "instance", sticky = false } = props;
    const group = new LbTargetGroup(this, id, {
      name,
      port,
      protocol: "HTTP",
      targetType,
      vpcId: this.network.vpcId,
      deregistrationDelay: String(DRAIN_SECONDS),
      healthCheck: { path: healthPath, matcher: "200", interval: 30, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 3 },
      stickiness: { enabled: sticky, type: "lb_cookie", cookieDuration: COOKIE_SECONDS },
    });
    const rule = new LbListenerRule(this, `${id}-rule`, {
      listenerArn: this.listener.arn,
      priority,
      action: [{ type: "forward", targetGroupArn: group.arn }],
      condition: [
        ...(paths.length > 0 ? [{ pathPattern: { values: [...paths] } }] : []),
        ...(hosts.length > 0 ? [{ hostHeader: { values: [...hosts] } }] : []),
      ],
    });
    this.securityGroup.allowTo(id, { peer: securityGroup, ports: port, description: "Requests that passed the load balancer" });
    securityGroup.allowFrom("load-balancer", {
      peer: this.securityGroup,
      ports: port,
      description: "Requests that passed the load balancer (SEC-012)",
    });
    return new TargetGroup(this, id, { loadBalancer: this.loadBalancer, group, rule });
  }
}
