import { Construct } from "constructs";
import type { Alarm } from "../constructs/alarms/alarm";
import { Repository, type Image } from "../constructs/containers/repository";
import { type EncryptionKey } from "../constructs/identity/encryption-key";
import { webAclLogGroup, type WebAclProps } from "../constructs/load-balancing/web-acl";
import type { Network } from "../constructs/network/network";
import type { Secret } from "../constructs/storage/secret";
import type { Rest } from "../environments/facts/rests";
import { servicesRest } from "../environments/schema/schedule";
import { imageParts, NO_IMAGE, runningServices } from "../environments/schema/services";
import { EnvironmentStack, type EnvironmentStackProps } from "./base";
import type { DataStack } from "./data";
import type { EventsStack } from "./events";

export interface ServicesStackProps extends EnvironmentStackProps {
  readonly network: Network;
  readonly events: Pick<EventsStack, "alerts" | "alertProcessing" | "orders" | "queues" | "slackWebhook" | "systemEvents">;
  readonly data: Pick<
    DataStack,
    | "accessLogs"
    | "backtestResults"
    | "cache"
    | "database"
    | "mt5"
    | "orderState"
    | "processedMarketData"
    | "rawMarketData"
    | "serviceSecrets"
  >;
}

/** What the stack's key encrypts besides images. */
export interface KeyUses {
  /** Physical names. @default none */
  readonly logGroups?: readonly string[];
  /** Volumes of machines that Auto Scaling starts. @default false */
  readonly volumesOfScalingGroups?: boolean;
}

/** Physical name of the services' load balancer, and of the web ACL before it. */
export const loadBalancerName = (nameSuffix: string): string => `services${nameSuffix}`;

/** Physical names of the log groups of web ACLs, which the stack's key encrypts. */
export const webAclLogGroups = ({ cluster: { loadBalancer }, nameSuffix }: ServicesStackProps["environment"]): readonly string[] =>
  loadBalancer?.webAcl ? [webAclLogGroup(loadBalancerName(nameSuffix))] : [];

/** What a service is known by in every form of the stack. */
export interface ServiceParts {
  /** Holds what belongs to the service alone. A service may be called what it wants: its prefix keeps it apart from the other parts. */
  readonly scope: Construct;
  readonly images: Repository;
  readonly image: Image;
}

/**
 * The images of the container services, each in a repository of its own: what every form of the stack has. services-ecs.ts and services-eks.ts add
 * what runs them on AWS, services-kubernetes.ts nothing. Repositories keep their addresses, so that a switch keeps the images.
 * A service of which nothing was pushed yet is its repository and nothing else.
 */
export abstract class ServicesStack extends EnvironmentStack {
  /** One of them on: the services as a whole are impaired. Only of parts that stay when a service goes. */
  readonly vitalAlarms: Alarm[] = [];
  /** Names of Auto Scaling groups that run them. */
  groups: readonly string[] = [];
  protected readonly props: ServicesStackProps;
  protected readonly key?: EncryptionKey;
  /** Those that have an image, by name. */
  protected readonly services: ReadonlyMap<string, ServiceParts>;

  constructor(scope: Construct, props: ServicesStackProps, { logGroups = [], volumesOfScalingGroups }: KeyUses = {}) {
    const { services } = props.environment;
    super(scope, "services", { ...props, environment: { ...props.environment, services: runningServices(services) } });
    this.props = props;
    this.key = this.encryptionKey({ description: "Images, logs and sessions of the services", logGroups, volumesOfScalingGroups });
    this.services = new Map(
      Object.entries(services).flatMap(([name, { image }]) => {
        const parts = this.addImages(name, image);
        return parts ? [[name, parts] as const] : [];
      }),
    );
  }

  protected get webAclLog(): WebAclProps["log"] {
    return { retentionDays: this.environment.cluster.logRetentionDays, key: this.key };
  }

  /** When they rest. @returns undefined where they never do */
  protected get rest(): Rest | undefined {
    return servicesRest(this.environment.schedule);
  }

  /** @returns undefined where nothing was pushed yet */
  private addImages(name: string, literal: string): ServiceParts | undefined {
    const { repository, tag, digest } = imageParts(literal);
    const scope = new Construct(this, `service-${name}`);
    const images = new Repository(scope, "images", { name: repository, key: this.key, protect: this.environment.deletionProtection });
    this.output(`${name}_repository_url`, images.url, `Images of the service ${name}`);
    if (tag === NO_IMAGE) {
      this.output(`${name}_image`, NO_IMAGE, `The service ${name} does not run: push its image to the repository and deploy with it`);
      return undefined;
    }
    return { scope, images, image: images.image({ tag, digest }) };
  }

  /** The secrets that services may refer to, by the name that the literal knows them by. */
  protected ownedSecrets(): Readonly<Record<string, Secret>> {
    return { mt5: this.props.data.mt5, slackWebhook: this.props.events.slackWebhook, ...this.props.data.serviceSecrets };
  }
}
