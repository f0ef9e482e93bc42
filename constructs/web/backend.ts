import { Eip } from "@cdktf/provider-aws/lib/eip";
import { Construct } from "constructs";
import type { WebBackend } from "../../environments/schema/web";
import type { LongKeeping } from "../../environments/schema/database";
import { NO_IMAGE, imageParts } from "../../environments/schema/services";
import type { AlarmTarget } from "../alarms/alarm";
import { Repository } from "../containers/repository";
import type { Widget } from "../dashboards/widget";
import { linuxBoot } from "../hosts/boot";
import { DUMPED, WEB_DUMPS, webFiles } from "../hosts/bundle-files";
import { Host } from "../hosts/host";
import { HostBundle } from "../hosts/host-bundle";
import { type Machine } from "../hosts/machine";
import type { EncryptionKey } from "../identity/encryption-key";
import { LogGroup } from "../logs/log-group";
import { allowFromCloudFront } from "../network/cloudfront-list";
import type { Network } from "../network/network";
import { cidrId, SecurityGroup } from "../network/security-group";
import type { Bucket } from "../storage/bucket";
import type { Database } from "../storage/database";
import type { Secret } from "../storage/secret";
import { ImageDeploys } from "./deploy-document";
import type { ApiOrigin } from "./distribution";
import { vpcOrigin } from "./vpc-origin";

export interface BackendProps extends Omit<WebBackend, "databaseSecret"> {
  /** Of machine, role and groups: `kabu-trade-dev`. */
  readonly name: string;
  /** Name of the environment: in paths, and as a dimension of metrics. */
  readonly environment: string;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly network: Network;
  /** With an address of its own in a public subnet, as in the default VPC; else in a private one, which CloudFront reaches inside the VPC. */
  readonly isPublic: boolean;
  /** Bundles and software of the hosts. */
  readonly software: Bucket;
  /** Lets it in. @default none */
  readonly database?: Database;
  /** The address of the database with its user and password, key `url`. @default none */
  readonly databaseSecret?: Secret;
  /** Copies of the database for long keeping, and the bucket that gets them (OPS-025). @default none */
  readonly dumps?: LongKeeping & { readonly bucket: Bucket };
  /** Of the machine's own metrics (C-44). */
  readonly metricNamespace: string;
  /** Encrypts volume, images and log. @default AWS managed keys */
  readonly key?: EncryptionKey;
  /** Gets the security updates of this group. @default none */
  readonly patchGroup?: string;
  /** Slow rather than dear, once its processor's credits are used up. @default false */
  readonly isFree?: boolean;
  /** Refuse to be destroyed. @default true */
  readonly protect?: boolean;
}

export interface BackendAlarmsProps {
  /** End of each alarm's name. */
  readonly nameSuffix: string;
  /** A schedule stops the machine, and silences what then has no data. */
  readonly scheduled: boolean;
  readonly memoryPercent: number;
  readonly diskPercent: number;
}

/** Log that the containers write to (OBS-006). */
export const backendLogGroup = (name: string): string => `/aws/ec2/${name}`;

/** What it is called in metrics. */
const KIND = "web";
const HTTP = 80;
/** To the database, of the API in every tier. */
export const DATABASE_ACCESS = "PostgreSQL access from the web application only";
const SSH = 22;

/**
 * API and cache on one machine (EDG-014 … EDG-020, EDG-022, DAT-076), which CloudFront alone reaches (C-32, NET-037): no load balancer, no key pair.
 *
 * It keeps nothing: data is in the database, images are in its repository, and the machine converges to its bundle as every host does (design 12).
 */
export class Backend extends Construct {
  readonly securityGroup: SecurityGroup;
  /** For the distribution. */
  readonly origin: ApiOrigin;
  readonly repository: Repository;
  readonly machine: Machine;
  private readonly host: Host;

  constructor(scope: Construct, id: string, props: BackendProps) {
    super(scope, id);
    const { name, account, environment, region, network, isPublic, instanceType, image, rootVolumeGigabytes, key, protect } = props;
    this.securityGroup = this.addSecurityGroup(props);
    this.repository = new Repository(this, "api", { name: imageParts(props.apiImage).repository, key, protect });
    const log = new LogGroup(this, "log", { name: backendLogGroup(name), retentionDays: props.logRetentionDays, key });
    const parameterName = `/tss/${environment}/${KIND}`;
    const deploys = new ImageDeploys(this, "deploys", { environment });
    this.host = new Host(this, "host", {
      ...{ name, account, environment, region, network, instanceType, image, rootVolumeGigabytes, key, protect },
      kind: KIND,
      roleName: `${name}-backend`,
      description: "The web application's backend: API and cache",
      metricNamespace: props.metricNamespace,
      patchGroup: props.patchGroup,
      cpuCredits: props.isFree ? "standard" : undefined,
      tier: isPublic ? "public" : "private",
      publicAddress: isPublic,
      securityGroup: this.securityGroup,
      boot: linuxBoot({ parameterName, region }),
      // SEC-045: the software bucket is all that it reads.
      bundle: new HostBundle(this, "bundle", {
        kind: KIND,
        files: webFiles(props.dumps?.every),
        bucket: props.software,
        parameterName,
        settings: this.settings(props, log, deploys),
      }),
      logs: [log],
    });
    this.repository.grantPull(this.host.role);
    deploys.grantRecord(this.host.role);
    props.databaseSecret?.grantRead(this.host.role); // SEC-059
    props.dumps?.bucket.grantPut(this.host.role, WEB_DUMPS);
    this.machine = this.host.runs as Machine;
    const opened = props.database?.allowFrom("backend", this.securityGroup, DATABASE_ACCESS) ?? []; // NET-027
    this.origin = isPublic
      ? this.publicOrigin(name)
      : vpcOrigin(this, "vpc-origin", {
          name: `${name}-${this.machine.id}`,
          arn: this.machine.arn,
          domainName: this.machine.privateDnsName,
          of: this.machine.idReference,
          needs: opened,
        });
  }

  /** As those of the other hosts, and what a machine of its class runs out of: credits (OBS-032). */
  alarms(target: AlarmTarget, { nameSuffix, scheduled, memoryPercent, diskPercent }: BackendAlarmsProps): void {
    const alarms = this.host.alarms(target, { nameSuffix: `-${KIND}${nameSuffix}`, scheduled });
    alarms.onFailedChecks("EC2-Failed-Checks");
    alarms.onFewCredits("EC2-Few-Credits");
    alarms.onMemory("EC2-High-Memory", memoryPercent);
    alarms.onDisk("EC2-Full-Disk", diskPercent, "DiskUsedPercent");
  }

  widgets(): readonly Widget[] {
    return this.host.loadWidgets("DiskUsedPercent");
  }

  /** In: CloudFront, and by SSH whom the literal lists (SEC-025). Out: AWS, Amazon Linux's repositories, registries. */
  private addSecurityGroup({ adminCidrs, name, network }: BackendProps): SecurityGroup {
    const group = new SecurityGroup(this, "security-group", { name, description: "Backend of the web application", network });
    allowFromCloudFront(group, this);
    for (const cidr of adminCidrs)
      group.allowFrom(`ssh-${cidrId(cidr)}`, { peer: { cidr }, ports: SSH, description: "SSH from administrators only" });
    group.allowTo("internet", { peer: { cidr: "0.0.0.0/0" }, ports: 443, description: "HTTPS" });
    return group;
  }

  /** What the machine's programs need to know; no secret, but where one is. */
  private settings({ apiImage, cacheImage, databaseSecret, dumps, ...props }: BackendProps, log: LogGroup, deploys: ImageDeploys) {
    const { tag, digest } = imageParts(apiImage);
    const api = tag === NO_IMAGE ? "" : `${this.repository.url}${digest === undefined ? `:${tag}` : `@${digest}`}`;
    return {
      environment: props.environment,
      host: KIND,
      region: props.region,
      metricNamespace: props.metricNamespace,
      softwareBucket: props.software.name,
      logGroups: { application: log.name },
      swapMegabytes: props.swapMegabytes,
      images: { api, cache: cacheImage },
      repository: this.repository.url,
      imageParameter: deploys.parameterName,
      migrate: props.migrate,
      health: props.health,
      port: props.port,
      ...(databaseSecret && { databaseSecret: databaseSecret.name }),
      ...(dumps && { dump: { image: dumps.image, target: `s3://${dumps.bucket.name}/${WEB_DUMPS}`, days: DUMPED[dumps.every].days } }),
    };
  }

  /** An address that a stop at night does not change. */
  private publicOrigin(name: string): ApiOrigin {
    const address = new Eip(this, "address", { domain: "vpc", instance: this.machine.id, tags: { Name: name } });
    return { kind: "http", domainName: address.publicDns, port: HTTP };
  }
}
