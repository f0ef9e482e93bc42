import { Construct } from "constructs";
import { WebAcl, type WebAclProps } from "../load-balancing/web-acl";
import type { Network } from "../network/network";
import { cidrId, SecurityGroup } from "../network/security-group";
import type { AccessLogBucket } from "../storage/access-log-bucket";

export interface IngressPartsProps {
  /** Physical name. */
  readonly name: string;
  /** Physical and documented name of its security group (C-11). */
  readonly securityGroup: { readonly name: string; readonly documentedName: string };
  readonly network: Network;
  /** IPv4 networks that may connect. */
  readonly clientCidrs: readonly string[];
  /** @default no web ACL */
  readonly webAcl?: Pick<WebAclProps, "requestsPerFiveMinutes" | "log">;
  readonly accessLogs: AccessLogBucket;
  /** Of the nodes, and so of the pods that requests go to. */
  readonly nodes: SecurityGroup;
  /** Of the pods: opened for the load balancer. */
  readonly ports: readonly number[];
  /** Refuse to be destroyed. @default true */
  readonly protect?: boolean;
}

/** What the controller's load balancer is given: who may connect to it, its web ACL, where its log goes. The controller makes only the load balancer itself. */
export class IngressParts extends Construct {
  /** As annotations of an Ingress. https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/ */
  readonly annotations: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: IngressPartsProps) {
    super(scope, id);
    const { name, network, clientCidrs, accessLogs, nodes, ports, protect = true } = props;
    const securityGroup = new SecurityGroup(this, "security-group", {
      ...props.securityGroup,
      description: "Load balancer of the trading system",
      network,
    });
    for (const cidr of clientCidrs) {
      securityGroup.allowFrom(`client-${cidrId(cidr)}`, {
        peer: { cidr },
        ports: [80, 443],
        description: "HTTP, which is sent on to HTTPS, and HTTPS (SEC-011)",
      });
    }
    securityGroup.allowTo("pods", { peer: nodes, ports, description: "Requests that passed the load balancer" });
    nodes.allowFrom("load-balancer", { peer: securityGroup, ports, description: "Requests that passed the load balancer (SEC-012)" });
    const webAcl = props.webAcl && new WebAcl(this, "web-acl", { ...props.webAcl, name, description: "In front of the services" });
    this.annotations = {
      "alb.ingress.kubernetes.io/load-balancer-name": name,
      "alb.ingress.kubernetes.io/security-groups": securityGroup.id,
      ...(webAcl && { "alb.ingress.kubernetes.io/wafv2-acl-arn": webAcl.arn }),
      // Beside those that the chart sets.
      "alb.ingress.kubernetes.io/load-balancer-attributes": [
        `deletion_protection.enabled=${protect}`,
        "access_logs.s3.enabled=true",
        `access_logs.s3.bucket=${accessLogs.name}`,
        `access_logs.s3.prefix=${accessLogs.allowLoadBalancer(name)}`,
      ].join(","),
    };
  }
}
