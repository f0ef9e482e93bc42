import { ApplicationLoadBalancer } from "@cdktf/provider-azurerm/lib/application-load-balancer";
import { ApplicationLoadBalancerFrontend } from "@cdktf/provider-azurerm/lib/application-load-balancer-frontend";
import { ApplicationLoadBalancerSecurityPolicy } from "@cdktf/provider-azurerm/lib/application-load-balancer-security-policy";
import { ApplicationLoadBalancerSubnetAssociation } from "@cdktf/provider-azurerm/lib/application-load-balancer-subnet-association";
import { Construct } from "constructs";
import { diagnose, type LogTarget } from "./diagnostics";
import { addFirewall } from "./firewall";
import { ManagedIdentity } from "./identity";
import type { AzureNetwork } from "./network";
import type { Place } from "./place";
import type { Vault } from "./vault";
import { chartsOf, type Chart } from "./workbook";

export interface ClusterGatewayProps {
  readonly place: Place;
  readonly network: AzureNetwork;
  readonly vault: Vault;
  readonly logs: LogTarget;
  /** Of the resource group, in which the controller looks after gateways. */
  readonly resourceGroupId: string;
  /** Of the group that AKS keeps the cluster's machines in. */
  readonly nodeResourceGroupId: string;
  /** Begin of the names by which Entra knows its parts: no others of the tenant have them. */
  readonly identityPrefix: string;
  /** Name of a certificate in the vault. */
  readonly certificate: string;
  /** Networks that may send requests. */
  readonly clientCidrs: readonly string[];
}

/**
 * Application Gateway for Containers, in front of the services in a cluster (AZR-001). Made here, and told by a controller in the cluster what goes
 * where; what the cluster asks of it are Gateway and HTTPRoute, because its firewall goes with those only.
 * https://learn.microsoft.com/azure/application-gateway/for-containers/web-application-firewall
 */
export class ClusterGateway extends Construct {
  readonly id: string;
  /** Name of the frontend, by which the cluster asks for it. */
  readonly frontend = "services";
  readonly firewallId: string;
  readonly certificate: string;
  /** What the services' DNS record points at. */
  readonly address: string;
  /** Tells the gateway what goes where. */
  readonly controller: ManagedIdentity;
  /** Brings the certificate into the cluster, and no other secret. */
  readonly certificateReader: ManagedIdentity;

  constructor(scope: Construct, id: string, props: ClusterGatewayProps) {
    super(scope, id);
    const { certificate, clientCidrs, identityPrefix, logs, network, nodeResourceGroupId, place, resourceGroupId, vault } = props;
    const gateway = new ApplicationLoadBalancer(this, "gateway", { ...place, name: "services" });
    const of = { applicationLoadBalancerId: gateway.id };
    const frontend = new ApplicationLoadBalancerFrontend(this, "frontend", { ...of, name: this.frontend });
    new ApplicationLoadBalancerSubnetAssociation(this, "subnet", { ...of, name: "network", subnetId: network.subnetIds.gateway });
    // The subnet's rules say first who may knock (network.ts), as Microsoft would have it: https://github.com/Azure/AKS/issues/5837. Limits by address it knows none.
    const firewall = addFirewall(this, place, [
      {
        name: "clients",
        priority: 10,
        ruleType: "MatchRule",
        action: "Block",
        matchConditions: [
          { matchVariables: [{ variableName: "RemoteAddr" }], operator: "IPMatch", negationCondition: true, matchValues: [...clientCidrs] },
        ],
      },
    ]);
    // The firewalls that the controller may choose from.
    new ApplicationLoadBalancerSecurityPolicy(this, "security", {
      ...of,
      name: "services",
      location: place.location,
      webApplicationFirewallPolicyId: firewall.id,
    });
    diagnose(this, "diagnostics", logs, { targetId: gateway.id });

    this.controller = new ManagedIdentity(this, "controller", { place, name: `${identityPrefix}-gateway-controller` });
    this.controller.grant("configures", { role: "AppGw for Containers Configuration Manager", scope: resourceGroupId });
    // https://learn.microsoft.com/azure/application-gateway/for-containers/quickstart-deploy-application-gateway-for-containers-alb-controller-helm
    this.controller.grant("looks-at-nodes", { role: "Reader", scope: nodeResourceGroupId });
    this.controller.grant("joins-subnet", { role: "Network Contributor", scope: network.subnetIds.gateway });
    this.controller.grant("joins-firewall", { role: "Network Contributor", scope: firewall.id });
    this.certificateReader = new ManagedIdentity(this, "certificate-reader", { place, name: `${identityPrefix}-gateway` });
    vault.grantRead(this.certificateReader, certificate);

    this.id = gateway.id;
    this.firewallId = firewall.id;
    this.certificate = certificate;
    this.address = frontend.fullyQualifiedDomainName;
  }

  charts(): readonly Chart[] {
    const chart = chartsOf("Microsoft.ServiceNetworking/trafficControllers", this.id);
    return [
      chart("Gateway: requests and connections", [
        { metric: "TotalRequests", aggregation: "Total" },
        { metric: "CurrentConnections", aggregation: "Total" },
      ]),
      chart("Services behind the gateway: healthy, and too slow to answer", [
        { metric: "BackendHealthyTargets", aggregation: "Average" },
        { metric: "BackendConnectionTimeouts", aggregation: "Total" },
      ]),
      chart("Firewall: requests, and those that met a rule", [
        { metric: "AzwafTotalRequests", aggregation: "Total" },
        { metric: "AzwafCustomRule", aggregation: "Total" },
        { metric: "AzwafSecRule", aggregation: "Total" },
      ]),
    ];
  }
}
