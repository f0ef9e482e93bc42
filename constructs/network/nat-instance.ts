import { Eip } from "@cdktf/provider-aws/lib/eip";
import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { NetworkInterface } from "@cdktf/provider-aws/lib/network-interface";
import { Construct } from "constructs";
import type { AlarmTarget } from "../alarms/alarm";
import type { Metric } from "../alarms/metric";
import { HostAlarms, type HostAlarmsProps } from "../hosts/host-alarms";
import { hostMetric } from "../hosts/host-metrics";
import { hostText, literalText } from "../hosts/host-files";
import { imageId, METADATA, type MachineImage } from "../hosts/machine";
import { grantPatching, PATCH_TAG } from "../hosts/patch-groups";
import { grantMetrics, grantSessionManager } from "../hosts/session-manager";
import type { EncryptionKey } from "../identity/encryption-key";
import { Role } from "../identity/role";
import type { DedicatedNetwork } from "./dedicated-network";
import { SecurityGroup } from "./security-group";

export interface NatInstanceProps {
  readonly network: DedicatedNetwork;
  readonly instanceType: string;
  /** Amazon Linux 2023: pinned by id, or the one that a public SSM parameter names on the day the instance is created. */
  readonly image: MachineImage;
  /** TCP ports that may pass: HTTP, HTTPS and the MT5 broker's (SEC-020, SEC-021). */
  readonly tcpPorts: readonly number[];
  /** Twelve digits. */
  readonly account: string;
  /** End of physical names. */
  readonly nameSuffix: string;
  /** Of its heartbeat (C-44). */
  readonly heartbeat: NatHeartbeat;
  /** Gets the security updates of this group. @default none */
  readonly patchGroup?: string;
  /** Encrypts the root volume. @default none: the account's AWS managed key */
  readonly key?: EncryptionKey;
}

/** Where its sign of life goes. */
export interface NatHeartbeat {
  /** Name of the environment: a dimension of the metric. */
  readonly environment: string;
  readonly region: string;
  readonly metricNamespace: string;
}

/** What it is called in metrics, as hosts are. */
const HOST = "nat-instance";

/**
 * One Linux machine that is the way out of all private subnets (NET-019), in the first public one (NET-005).
 *
 * Routes and public address belong to its network interface, so that a new machine takes over where the old one stood.
 */
export class NatInstance extends Construct {
  readonly securityGroup: SecurityGroup;
  /** What the outside sees. */
  readonly publicAddress: string;
  readonly id: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: NatInstanceProps) {
    super(scope, id);
    const { network, instanceType, image, tcpPorts, nameSuffix, heartbeat, key, patchGroup } = props;
    this.securityGroup = this.addSecurityGroup(network, tcpPorts, nameSuffix);

    const networkInterface = new NetworkInterface(this, "network-interface", {
      subnetId: network.firstSubnetId("public"),
      securityGroups: [this.securityGroup.id],
      sourceDestCheck: false, // it carries packets that are neither from it nor for it
      description: "NAT instance",
      tags: network.nameTag("nat-instance"),
    });
    const address = new Eip(this, "address", {
      domain: "vpc",
      networkInterface: networkInterface.id,
      tags: network.nameTag("nat-instance"),
      dependsOn: [network.internetAccess],
    });
    const instance = new Instance(this, "instance", {
      instanceType,
      ami: imageId(this, image),
      networkInterface: [{ deviceIndex: 0, networkInterfaceId: networkInterface.id }],
      iamInstanceProfile: this.addInstanceProfile(props),
      metadataOptions: METADATA,
      rootBlockDevice: {
        volumeType: "gp3",
        encrypted: true,
        kmsKeyId: key?.arn,
        deleteOnTermination: true,
        tags: network.nameTag("nat-instance"),
      },
      userData: literalText(natUserData(heartbeat)),
      // User data runs on the first boot only, and the machine keeps nothing: a changed script comes with a new machine.
      userDataReplaceOnChange: true,
      tags: { ...network.nameTag("nat-instance"), ...(patchGroup && { [PATCH_TAG]: patchGroup }) },
      // The first boot installs a package.
      dependsOn: [address],
      // The parameter names a newer image every few weeks. A new machine cuts every connection, so it is a deliberate change (design 12).
      lifecycle: "id" in image ? undefined : { ignoreChanges: ["ami"] },
    });
    for (const zone of network.zones) network.routeOutbound(zone, { networkInterfaceId: networkInterface.id });
    this.publicAddress = address.publicIp;
    this.id = instance.id;
    this.arn = instance.arn;
  }

  private addSecurityGroup(network: DedicatedNetwork, tcpPorts: readonly number[], nameSuffix: string): SecurityGroup {
    const group = new SecurityGroup(this, "security-group", {
      name: `nat-instance${nameSuffix}`,
      documentedName: "sg-nat-instance",
      description: "NAT instance of the private subnets",
      network,
    });
    for (const tier of ["private", "containers"] as const) {
      for (const { cidr, zone } of network.subnetsOf(tier)) {
        group.allowFrom(`${tier}-${zone}`, { peer: { cidr }, ports: tcpPorts, description: `Outbound traffic of ${tier} subnet ${zone}` });
      }
    }
    group.allowTo("internet", { peer: { cidr: "0.0.0.0/0" }, ports: tcpPorts, description: "HTTP, HTTPS and MT5 broker" });
    return group;
  }

  /** For Session Manager, in place of a key pair, and for its heartbeat. */
  private addInstanceProfile({ account, heartbeat, nameSuffix, patchGroup }: NatInstanceProps): string {
    const role = new Role(this, "role", {
      name: `tss-nat-instance${nameSuffix}`,
      description: "NAT instance: administered through Session Manager",
      assumedBy: "ec2.amazonaws.com",
    });
    grantSessionManager(role);
    grantMetrics(role, heartbeat.metricNamespace);
    if (patchGroup) grantPatching(role, { account, region: heartbeat.region });
    return new IamInstanceProfile(this, "instance-profile", { name: role.name, role: role.name }).name;
  }
}

/** The script of its first boot. */
export function natUserData({ environment, region, metricNamespace }: NatHeartbeat): string {
  const values = { REGION: region, METRIC_NAMESPACE: metricNamespace, ENVIRONMENT: environment, HOST };
  return Object.entries(values).reduce(
    (text, [name, value]) => text.replaceAll(`@${name}@`, value),
    hostText("linux/nat-instance/user-data.sh"),
  );
}

/**
 * Reports that the NAT instance is silent: then nothing private reaches the Internet.
 * @returns its heartbeat
 * @param scope of a later stack: the network stands before the topic that is told (design 26), and the metric is known by its name
 */
export function alarmOnSilentNat(
  scope: Construct,
  target: AlarmTarget,
  {
    environment,
    metricNamespace,
    nameSuffix,
    scheduled,
  }: Pick<NatHeartbeat, "environment" | "metricNamespace"> & Pick<HostAlarmsProps, "nameSuffix" | "scheduled">,
): Metric {
  const metrics = { namespace: metricNamespace, dimensions: { Environment: environment, Host: HOST } };
  new HostAlarms(scope, `${HOST}-alarms`, {
    target,
    nameSuffix: `-${HOST}${nameSuffix}`,
    scheduled,
    ...metrics,
  }).onMissingHeartbeat("Heartbeat-Missing");
  return hostMetric(metrics, "Heartbeat");
}
