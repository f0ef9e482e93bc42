import type { Construct } from "constructs";
import { DedicatedNetwork } from "../constructs/network/dedicated-network";
import { DefaultNetwork } from "../constructs/network/default-network";
import { FlowLog } from "../constructs/network/flow-log";
import { patchGroup } from "../constructs/hosts/patch-groups";
import { InterfaceEndpoints } from "../constructs/network/interface-endpoints";
import { NatGateways } from "../constructs/network/nat-gateways";
import { NatInstance } from "../constructs/network/nat-instance";
import type { Network } from "../constructs/network/network";
import { NetworkAcls } from "../constructs/network/network-acls";
import { privateClients } from "../environments/schema/hosts";
import type { EncryptionKey } from "../constructs/identity/encryption-key";
import type { Grantee } from "../constructs/identity/role";
import type { DedicatedNetwork as DedicatedLiteral } from "../environments/schema";
import { EnvironmentStack, type EnvironmentStackProps } from "./base";

/** Where everything stands: the account's default VPC, or one of the environment's own (C-06). */
export class NetworkStack extends EnvironmentStack {
  readonly network: Network;
  /** Where one machine is the way out. */
  nat?: NatInstance;
  private key?: EncryptionKey;

  constructor(scope: Construct, props: EnvironmentStackProps) {
    super(scope, "network", props);
    const { nameSuffix, network, region } = this.environment;
    this.network =
      network.kind === "default" ? new DefaultNetwork(this, "network", { ...network, region, nameSuffix }) : this.addDedicated(network);
    this.output("vpc_id", this.network.vpcId, network.kind === "default" ? "Default VPC of the account" : "VPC of the environment");
  }

  private addDedicated(literal: DedicatedLiteral): Network {
    const { account, linuxEngine, metricNamespace, mt5, name, nameSuffix, patching, region, windows } = this.environment;
    const { cidr, flowLogRetentionDays, interfaceEndpoints, nat, subnets, zones } = literal;

    const logGroup = `/aws/vpc/trading${nameSuffix}/flow-log`;
    this.key = this.encryptionKey({ description: "Flow log and volumes of the network stack", logGroups: [logGroup] });

    const { key } = this;
    const network = new DedicatedNetwork(this, "network", { name: "trading", nameSuffix, region, cidr, zones, subnets });
    for (const address of Object.values(linuxEngine?.privateAddresses ?? {})) network.reserveAddress("private", address);
    new FlowLog(this, "flow-log", {
      vpcId: network.vpcId,
      account,
      logGroup,
      retentionDays: flowLogRetentionDays,
      roleName: `tss-flow-log${nameSuffix}`,
      name: `trading${nameSuffix}`,
      key,
    });
    this.output("flow_log_group_name", logGroup, "Traffic of the VPC, accepted and rejected");
    new NetworkAcls(this, "acls", { network, outboundPorts: mt5.egressPorts, clientCidrs: privateClients(windows) });

    if (nat.kind === "gateway") new NatGateways(this, "nat", { network, perZone: nat.perZone });
    if (nat.kind === "instance") {
      this.nat = new NatInstance(this, "nat", {
        network,
        instanceType: nat.instanceType,
        image: nat.image,
        tcpPorts: mt5.egressPorts,
        nameSuffix,
        account,
        key,
        patchGroup: patching && patchGroup("linux", nameSuffix),
        heartbeat: { environment: name, region, metricNamespace },
      });
    }
    if (interfaceEndpoints.length > 0)
      new InterfaceEndpoints(this, "endpoints", { network, region, services: interfaceEndpoints, nameSuffix });
    return network;
  }

  /** Starts the NAT instance: whoever does must be able to use the key of its volume. */
  grantVolumes(grantee: Grantee): void {
    this.key?.grantVolumes(grantee);
  }
}
