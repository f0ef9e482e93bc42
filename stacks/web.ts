import type { Construct } from "constructs";
import type { AlarmTarget } from "../constructs/alarms/alarm";
import type { Section } from "../constructs/dashboards/widget";
import { EncryptionKey } from "../constructs/identity/encryption-key";
import { WebAcl, webAclLogGroup } from "../constructs/load-balancing/web-acl";
import { logGroupKeyStatement } from "../constructs/logs/log-group";
import { Topic } from "../constructs/messaging/topic";
import { AccessLogBucket } from "../constructs/storage/access-log-bucket";
import { WEB_DUMPS } from "../constructs/hosts/bundle-files";
import { webHostName } from "../constructs/hosts/host-names";
import { patchGroup } from "../constructs/hosts/patch-groups";
import type { Network } from "../constructs/network/network";
import { Bucket, type Transition } from "../constructs/storage/bucket";
import { Cache } from "../constructs/storage/cache";
import { Database, databaseLogGroups } from "../constructs/storage/database";
import { inRegionOf } from "../constructs/storage/other-region";
import { Secret } from "../constructs/storage/secret";
import { Backend, backendLogGroup, type BackendProps } from "../constructs/web/backend";
import { Distribution } from "../constructs/web/distribution";
import { Domain } from "../constructs/web/domain";
import { EdgeLogs } from "../constructs/web/edge-logs";
import { WebService, webServiceLogGroups } from "../constructs/web/service";
import type { Grantee } from "../constructs/identity/role";
import type { Web } from "../environments/schema";
import type { WebBackend } from "../environments/schema/web";
import type { WebService as DescribedService } from "../environments/schema/web-service";
import { EnvironmentStack, type EnvironmentStackProps } from "./base";

export interface WebStackProps extends EnvironmentStackProps {
  readonly web: Web;
  /** Where backend and database stand. */
  readonly network: Network;
  /** Told of their alarms. */
  readonly alerts: AlarmTarget;
  /** Bundles and software of the hosts. */
  readonly software: Bucket;
}

/** How what a bucket holds ages (C-28): by its days (DAT-060), or by how much S3 sees it used (DAT-062). */
const AGEING: Readonly<Record<Web["tier"], Transition>> = {
  personal: { days: 30, storageClass: "STANDARD_IA" },
  free: { days: 0, storageClass: "INTELLIGENT_TIERING" },
  standard: { days: 0, storageClass: "INTELLIGENT_TIERING" },
};

const ALARM_PUBLISHERS = ["cloudwatch.amazonaws.com"];

/** The web application, kabu-trade (EDG-004): its frontend at the edge, and what leads to its API. */
export class WebStack extends EnvironmentStack {
  readonly frontend: Bucket;
  readonly distribution: Distribution;
  /** Of the application alone. */
  readonly database?: Database;
  /** API and cache, in the small tiers. */
  readonly backend?: Backend;
  /** The API, in the tier `standard`. */
  readonly service?: WebService;
  /** That of the service. */
  readonly cache?: Cache;
  private readonly key?: EncryptionKey;

  constructor(scope: Construct, props: WebStackProps) {
    super(scope, "web", props);
    const { account, deletionProtection: protect, nameSuffix, region } = this.environment;
    const { web } = props;
    const name = webHostName({ nameSuffix });
    // What belongs to CloudFront stands there, whatever the environment's region (design 23).
    const virginia = inRegionOf(this.providerFor("us-east-1"), this, "us-east-1");

    const accessLogs = new AccessLogBucket(this, "access-logs", { ...web.accessLogBucket, account, protect });
    const common = { transitions: [AGEING[web.tier]], versioning: false, accessLogs, protect };
    this.frontend = new Bucket(this, "frontend", { ...common, ...web.frontendBucket });
    const logGroups = [
      ...(web.database ? databaseLogGroups(web.database.id) : []),
      ...(web.backend ? [backendLogGroup(name)] : []),
      ...(web.service ? webServiceLogGroups(name) : []),
    ];
    const key =
      logGroups.length > 0 || web.backupBucket ? this.encryptionKey({ description: "Data of the web application", logGroups }) : undefined;
    this.key = key;
    this.database = web.database && this.postgres(web.database, props);
    const keeping = web.database?.longKeeping;
    const expirations = keeping && [{ prefix: WEB_DUMPS, days: keeping.keepDays }];
    const backups = web.backupBucket && new Bucket(this, "backups", { ...common, ...web.backupBucket, expirations, key });
    const dumps = keeping && backups && { ...keeping, bucket: backups };
    this.backend = web.backend && this.addBackend({ ...web.backend, name, dumps }, props);
    this.cache = web.cache && this.redis(web.cache, props);
    this.service = web.service && this.addService(web.service, accessLogs, props);

    const virginiaKey = this.keyIn(virginia, name);
    const acl = web.webAcl && this.addWebAcl(virginia, { ...web.webAcl, name, key: virginiaKey });
    this.distribution = new Distribution(this, "edge", {
      name,
      region,
      frontend: this.frontend,
      contentSecurityPolicy: web.contentSecurityPolicy,
      apiOrigin:
        (this.backend ?? this.service)?.origin ?? (web.apiOrigin === undefined ? undefined : { kind: "https", domainName: web.apiOrigin }),
      domain: web.domain && new Domain(virginia, "domain", web.domain),
      corsOrigins: web.corsOrigins,
      countries: web.countries,
      webAclArn: acl?.arn,
    });
    new EdgeLogs(virginia, "logs", { name, distributionArn: this.distribution.arn, bucket: accessLogs });
    this.distribution.alarmOnErrors(virginia, this.alerts(virginia, name, virginiaKey), {
      name: `CloudFront-Errors${nameSuffix}`,
      percent: web.errorAlarmPercent,
    });

    this.output("frontend_bucket_name", this.frontend.name, "The built frontend: npm run deploy:frontend");
    this.output("distribution_id", this.distribution.id, "CloudFront distribution of the frontend");
    this.output("distribution_domain_name", this.distribution.domainName, "Name that CloudFront gave the distribution");
    this.output("web_address", web.domain?.names[0] ?? this.distribution.domainName, "Address of the web application");
  }

  override sections(): readonly Section[] {
    const widgets = [this.backend, this.service, this.cache, this.database].flatMap((part) => part?.widgets() ?? []);
    return widgets.length > 0 ? [{ title: "Web application", widgets }] : [];
  }

  /** Starts its machine: whoever does must be able to use the key of its volume. */
  grantVolumes(grantee: Grantee): void {
    if (this.backend) this.key?.grantVolumes(grantee);
  }

  /** In the default VPC with a public address, as CloudFront reaches nothing else there (NET-026, NET-028). */
  private addBackend(
    settings: WebBackend & Pick<BackendProps, "name" | "dumps">,
    { alerts, network, software, web }: WebStackProps,
  ): Backend {
    const {
      account,
      alarms,
      deletionProtection: protect,
      metricNamespace,
      name: environment,
      nameSuffix,
      patching,
      region,
      schedule,
    } = this.environment;
    const { database, key } = this;
    const backend = new Backend(this, "api", {
      ...settings,
      ...{ account, database, environment, key, metricNamespace, network, protect, region, software },
      isPublic: this.environment.network.kind === "default",
      isFree: web.freeTier !== "none",
      patchGroup: patching && patchGroup("linux", nameSuffix),
      databaseSecret: this.databaseSecret(settings),
    });
    backend.alarms(alerts, { ...alarms, nameSuffix, scheduled: schedule !== undefined });
    this.output("backend_instance_id", backend.machine.id, "Backend of the web application");
    this.output("api_repository_url", backend.repository.url, "Where images of the API are pushed to");
    return backend;
  }

  /** On Fargate, whatever runs the services of the trading system. */
  private addService(settings: DescribedService, accessLogs: AccessLogBucket, { alerts, network, web }: WebStackProps): WebService {
    const { errorAlarmPercent: errorPercent } = web;
    const { account, deletionProtection: protect, nameSuffix, region, schedule, stage } = this.environment;
    const { cache, database, key } = this;
    const service = new WebService(this, "api", {
      ...settings,
      ...{ account, accessLogs, cache, database, key, nameSuffix, network, protect, region, stage },
      name: "kabu-trade",
      databaseSecret: this.databaseSecret(settings),
      rest: schedule,
    });
    service.alarms(alerts, { errorPercent, nameSuffix, rests: schedule !== undefined });
    this.output("cluster_name", service.cluster.name, "ECS cluster of the web application");
    this.output("api_repository_url", service.repository.url, "Where images of the API are pushed to");
    return service;
  }

  /** One node, encrypted (DAT-075). */
  private redis(settings: NonNullable<Web["cache"]>, { alerts, network }: WebStackProps): Cache {
    const { data, deletionProtection: protect, nameSuffix } = this.environment;
    const cache = new Cache(this, "cache", {
      ...settings,
      ...{ network, key: this.key, protect },
      kind: "single",
      encryption: true,
      lastSnapshot: false, // what it holds is in the database, and a second one of the same name would be refused
      description: "Redis of the web application",
      subnetIds: network.subnetIds("database"),
      securityGroup: { name: `kabu-trade-cache${nameSuffix}`, documentedName: `kabu-trade-cache${nameSuffix}` },
    });
    cache.alarmOnLowMemory(alerts, {
      name: "ElastiCache-Low-Memory-web",
      nameSuffix,
      megabytes: data.cacheFreeableMemoryAlarmMegabytes,
    });
    return cache;
  }

  /** Where the API finds the database's address (SEC-059). */
  private databaseSecret({ databaseSecret: name }: Pick<WebBackend, "databaseSecret">): Secret | undefined {
    if (name === undefined) return undefined;
    return new Secret(this, "database-secret", {
      name,
      description: "Address of the web application's database, with its user and password",
      keys: ["url"],
      key: this.key,
      protect: this.environment.deletionProtection,
    });
  }

  /** In the default VPC beside everything else, with no public address all the same (DAT-084), encrypted (SEC-070). */
  private postgres(
    { connectionAlarmPercent: connectionPercent, ...settings }: NonNullable<Web["database"]>,
    { alerts, network }: WebStackProps,
  ): Database {
    const { account, deletionProtection: protect, nameSuffix, region } = this.environment;
    const database = new Database(this, "database", {
      ...settings,
      ...{ account, region, network, key: this.key, protect },
      description: "PostgreSQL of the web application",
      subnetIds: network.subnetIds("database"),
      securityGroup: { name: `kabu-trade-database${nameSuffix}`, documentedName: `kabu-trade-database${nameSuffix}` },
    });
    database.alarmOnLoad(alerts, { nameSuffix: `-web${nameSuffix}`, connectionPercent });
    return database;
  }

  /** Of what stands in us-east-1: a key is of one region. */
  private keyIn(scope: Construct, name: string): EncryptionKey | undefined {
    const { account, customerManagedKeys, deletionProtection: protect } = this.environment;
    if (!customerManagedKeys) return undefined;
    return new EncryptionKey(scope, "key", {
      account,
      protect,
      alias: `${name}-alerts`,
      description: "Alerts and log of the web application",
      services: ALARM_PUBLISHERS,
      statements: [logGroupKeyStatement({ account, region: "us-east-1", logGroups: [webAclLogGroup(name)] })],
    });
  }

  private addWebAcl(
    scope: Construct,
    { logRetentionDays: retentionDays, key, ...acl }: NonNullable<Web["webAcl"]> & { readonly name: string; readonly key?: EncryptionKey },
  ): WebAcl {
    return new WebAcl(scope, "web-acl", { ...acl, description: "In front of kabu-trade", atTheEdge: true, log: { retentionDays, key } });
  }

  /** An alarm tells topics of its own region only; the same people are told by mail (OBS-039). */
  private alerts(scope: Construct, name: string, key?: EncryptionKey): Topic {
    const { account, events } = this.environment;
    const topic = new Topic(scope, "alerts", {
      name: `${name}-alerts`,
      displayName: "kabu-trade alerts",
      account,
      key,
      publishers: ALARM_PUBLISHERS,
    });
    topic.deliverToAddresses(events.alertSubscriptions);
    return topic;
  }
}
