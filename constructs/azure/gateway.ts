import { ApplicationGateway } from "@cdktf/provider-azurerm/lib/application-gateway";
import { PublicIp } from "@cdktf/provider-azurerm/lib/public-ip";
import type { WebApplicationFirewallPolicyCustomRules } from "@cdktf/provider-azurerm/lib/web-application-firewall-policy";
import { Construct } from "constructs";
import { alertAbove, type AlertTarget } from "./alert";
import { diagnose, type LogTarget } from "./diagnostics";
import { addFirewall } from "./firewall";
import { ManagedIdentity } from "./identity";
import type { AzureNetwork } from "./network";
import type { Place } from "./place";
import type { Vault } from "./vault";
import { chartsOf, type Chart } from "./workbook";

/** Something behind the gateway. */
export interface GatewayBackend {
  readonly name: string;
  /** By which the network knows it; its certificate is for that name. */
  readonly hostName: string;
  /** Answers 200 when it can take requests. */
  readonly readyPath: string;
  /** Such as `/ml/*`. */
  readonly paths: readonly string[];
}

export interface GatewayProps {
  readonly place: Place;
  readonly network: AzureNetwork;
  readonly vault: Vault;
  readonly logs: LogTarget;
  /** By which Entra knows it: no other of the tenant has it. */
  readonly identityName: string;
  /** Name of a certificate in the vault. */
  readonly certificate: string;
  /** Capacity units that it may grow to. @default 10 */
  readonly maxCapacity?: number;
  /** Those whose paths are tried first come first. */
  readonly backends: readonly GatewayBackend[];
}

/** TLS 1.2 and 1.3. https://learn.microsoft.com/azure/application-gateway/application-gateway-ssl-policy-overview */
const SSL_POLICY = "AppGwSslPolicy20220101S";
const NAMESPACE = "Microsoft.Network/applicationGateways";
/** A limit on one address, as AWS's web ACL has it. */
const LIMIT: WebApplicationFirewallPolicyCustomRules = {
  name: "limit",
  priority: 10,
  ruleType: "RateLimitRule",
  action: "Block",
  rateLimitDuration: "FiveMins",
  rateLimitThreshold: 2000,
  groupRateLimitBy: "ClientAddr",
  // Nobody's address: a condition that every address fulfils when it is negated.
  matchConditions: [
    { matchVariables: [{ variableName: "RemoteAddr" }], operator: "IPMatch", negationCondition: true, matchValues: ["255.255.255.255/32"] },
  ],
};
const [HTTP, HTTPS] = [80, 443];
/** Seconds: between questions of a probe, for an answer to one, for an answer to a request. */
const [PROBE_SECONDS, PROBE_TIMEOUT, REQUEST_TIMEOUT] = [30, 10, 60];

/** What is open to the world, in three zones and behind a firewall of requests (AZR-001). Who may knock is said by its subnet's rules. */
export class Gateway extends Construct {
  readonly address: string;
  private readonly id: string;
  private readonly place: Place;

  constructor(scope: Construct, id: string, props: GatewayProps) {
    super(scope, id);
    const { backends, certificate, identityName, logs, maxCapacity = 10, network, place, vault } = props;
    const identity = new ManagedIdentity(this, "identity", { place, name: identityName });
    vault.grantRead(identity, certificate);
    const address = new PublicIp(this, "address", {
      ...place,
      name: "gateway",
      allocationMethod: "Static",
      sku: "Standard",
      zones: ["1", "2", "3"],
    });
    const gateway = new ApplicationGateway(this, "gateway", {
      ...place,
      name: "services",
      sku: { name: "WAF_v2", tier: "WAF_v2" },
      zones: ["1", "2", "3"],
      autoscaleConfiguration: { minCapacity: 0, maxCapacity },
      firewallPolicyId: addFirewall(this, place, [LIMIT]).id,
      identity: { type: "UserAssigned", identityIds: [identity.id] },
      enableHttp2: true,
      sslPolicy: { policyType: "Predefined", policyName: SSL_POLICY },
      // Without a version: the gateway asks every four hours whether there is a newer one.
      sslCertificate: [{ name: "certificate", keyVaultSecretId: vault.secretUri(certificate) }],
      gatewayIpConfiguration: [{ name: "subnet", subnetId: network.subnetIds.gateway }],
      frontendIpConfiguration: [{ name: "public", publicIpAddressId: address.id }],
      frontendPort: [
        { name: "http", port: HTTP },
        { name: "https", port: HTTPS },
      ],
      httpListener: [
        { name: "http", frontendIpConfigurationName: "public", frontendPortName: "http", protocol: "Http" },
        {
          name: "https",
          frontendIpConfigurationName: "public",
          frontendPortName: "https",
          protocol: "Https",
          sslCertificateName: "certificate",
        },
      ],
      redirectConfiguration: [
        { name: "to-https", redirectType: "Permanent", targetListenerName: "https", includePath: true, includeQueryString: true },
      ],
      requestRoutingRule: [
        { name: "http", priority: 10, ruleType: "Basic", httpListenerName: "http", redirectConfigurationName: "to-https" },
        { name: "https", priority: 20, ruleType: "PathBasedRouting", httpListenerName: "https", urlPathMapName: "services" },
      ],
      // A path that is nobody's goes to a pool of nobody: the gateway answers 502.
      backendAddressPool: [{ name: "nobody" }, ...backends.map(({ hostName, name }) => ({ name, fqdns: [hostName] }))],
      backendHttpSettings: backends.map(({ name }) => ({
        name,
        protocol: "Https",
        port: HTTPS,
        cookieBasedAffinity: "Disabled",
        pickHostNameFromBackendAddress: true,
        requestTimeout: REQUEST_TIMEOUT,
        probeName: name,
        connectionDraining: { enabled: true, drainTimeoutSec: 30 },
      })),
      probe: backends.map(({ name, readyPath }) => ({
        name,
        protocol: "Https",
        path: readyPath,
        pickHostNameFromBackendHttpSettings: true,
        interval: PROBE_SECONDS,
        timeout: PROBE_TIMEOUT,
        unhealthyThreshold: 3,
      })),
      urlPathMap: [
        {
          name: "services",
          defaultBackendAddressPoolName: "nobody",
          defaultBackendHttpSettingsName: backends[0]!.name,
          pathRule: backends.map(({ name, paths }) => ({
            name,
            paths: [...paths],
            backendAddressPoolName: name,
            backendHttpSettingsName: name,
          })),
        },
      ],
      dependsOn: identity.granted,
    });
    diagnose(this, "diagnostics", logs, { targetId: gateway.id });
    diagnose(this, "address-diagnostics", logs, { targetId: address.id });
    this.address = address.ipAddress;
    this.id = gateway.id;
    this.place = place;
  }

  charts(): readonly Chart[] {
    const chart = chartsOf(NAMESPACE, this.id);
    return [
      chart("Gateway: requests", [
        { metric: "TotalRequests", aggregation: "Total" },
        { metric: "FailedRequests", aggregation: "Total" },
      ]),
      chart("Gateway: milliseconds until the last byte", [
        { metric: "ApplicationGatewayTotalTime", aggregation: "Average" },
        { metric: "BackendLastByteResponseTime", aggregation: "Average" },
      ]),
      chart("Gateway: backends that answer their probe, and that do not", [
        { metric: "HealthyHostCount", aggregation: "Average" },
        { metric: "UnhealthyHostCount", aggregation: "Average" },
      ]),
      chart("Firewall: requests looked at, and rules that matched", [
        { metric: "AzwafTotalRequests", aggregation: "Total" },
        { metric: "AzwafSecRule", aggregation: "Total" },
      ]),
      chart("Gateway: capacity units", [{ metric: "CapacityUnits", aggregation: "Average" }]),
    ];
  }

  /** Reports backends that answer no more. */
  alertOnUnhealthyBackends(target: AlertTarget): void {
    alertAbove(this, "unhealthy-alert", {
      place: this.place,
      target,
      name: "gateway-unhealthy",
      description: "A service behind the gateway does not answer its probe",
      resourceId: this.id,
      namespace: NAMESPACE,
      metric: "UnhealthyHostCount",
      aggregation: "Average",
      threshold: 0,
    });
  }
}
