import { Fn } from "cdktf";
import { Construct } from "constructs";
import type { Rest } from "../../environments/facts/rests";
import { imageParts, NO_IMAGE } from "../../environments/schema/services";
import { describedService, type WebService as Described } from "../../environments/schema/web-service";
import type { AlarmTarget } from "../alarms/alarm";
import { EcsCluster, ecsLogGroups } from "../containers/ecs-cluster";
import { FargateService, type ServiceAlarmsProps } from "../containers/fargate-service";
import { Repository, type Image } from "../containers/repository";
import { ServiceIdentity } from "../containers/service-identity";
import { errorLog, type Widget } from "../dashboards/widget";
import type { EncryptionKey } from "../identity/encryption-key";
import { LoadBalancer } from "../load-balancing/load-balancer";
import type { TargetGroup } from "../load-balancing/target-group";
import { LogGroup } from "../logs/log-group";
import type { Network } from "../network/network";
import type { SecurityGroup } from "../network/security-group";
import type { AccessLogBucket } from "../storage/access-log-bucket";
import type { Cache } from "../storage/cache";
import type { Database } from "../storage/database";
import type { Secret } from "../storage/secret";
import { DATABASE_ACCESS } from "./backend";
import type { ApiOrigin } from "./distribution";
import { vpcOrigin } from "./vpc-origin";

export interface WebServiceProps extends Omit<Described, "databaseSecret"> {
  /** Of cluster, load balancer and service: `kabu-trade`. */
  readonly name: string;
  /** End of physical names. */
  readonly nameSuffix: string;
  /** The variable `ENVIRONMENT` (CON-007). */
  readonly stage: string;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly network: Network;
  readonly accessLogs: AccessLogBucket;
  /** The variable `REDIS_URL` leads there (CON-014). @default none */
  readonly cache?: Cache;
  /** Lets the tasks in (CON-014). @default none */
  readonly database?: Database;
  /** The address of the database with its user and password, key `url`: the variable `DATABASE_URL` (CON-014). @default none */
  readonly databaseSecret?: Secret;
  /** Encrypts images and logs. @default AWS managed keys */
  readonly key?: EncryptionKey;
  /** When it has no task. @default never */
  readonly rest?: Rest;
  /** Refuse to be destroyed. @default true */
  readonly protect?: boolean;
}

export interface WebServiceAlarmsProps extends Pick<ServiceAlarmsProps, "nameSuffix"> {
  /** Of a minute's answers, those that are errors (5xx). */
  readonly errorPercent: number;
  /** At times it has no task, and its load balancer's answers are errors. */
  readonly rests: boolean;
}

/** Names of the log groups, which a key must let CloudWatch Logs use it for. */
export const webServiceLogGroups = (cluster: string): readonly string[] => {
  const { insights, service } = ecsLogGroups(cluster);
  return [insights, service(SERVICE)];
};

/** In its cluster. */
const SERVICE = "api";

/** The API as tasks on Fargate behind a load balancer, which CloudFront alone reaches (CON-013, CON-014, EDG-021). */
export class WebService extends Construct {
  /** Of the tasks. */
  readonly securityGroup: SecurityGroup;
  /** For the distribution. */
  readonly origin: ApiOrigin;
  readonly repository: Repository;
  readonly cluster: EcsCluster;
  private readonly loadBalancer: LoadBalancer;
  private readonly targetGroup: TargetGroup;
  private readonly log: LogGroup;
  /** Undefined until an image was pushed. */
  private readonly service?: FargateService;
  private readonly load: Pick<ServiceAlarmsProps, "cpuPercent" | "memoryPercent">;

  constructor(scope: Construct, id: string, props: WebServiceProps) {
    super(scope, id);
    const { name, nameSuffix, account, region, network, key, protect, logRetentionDays } = props;
    this.load = { cpuPercent: props.cpuAlarmPercent, memoryPercent: props.memoryAlarmPercent };
    const { repository, tag, digest } = imageParts(props.image);
    this.repository = new Repository(this, "api", { name: repository, key, protect });
    this.cluster = new EcsCluster(this, "cluster", {
      ...{ account, region, key, logRetentionDays },
      name: `${name}${nameSuffix}`,
      containerInsights: "enabled",
      serviceConnect: false, // nothing calls it but the load balancer
    });
    this.log = new LogGroup(this, "service-log", {
      name: ecsLogGroups(`${name}${nameSuffix}`).service(SERVICE),
      retentionDays: logRetentionDays,
      key,
    });
    const identity = new ServiceIdentity(this, "identity", { name: `${name}-${SERVICE}`, nameSuffix, account, region, network });
    this.securityGroup = identity.securityGroup;
    this.repository.grantPull(identity.executionRole);
    props.databaseSecret?.grantRead(identity.executionRole); // SEC-059
    props.cache?.allowFrom("api", identity.securityGroup, "Redis access from the web application only");
    this.loadBalancer = new LoadBalancer(this, "load-balancer", {
      name: `${name}${nameSuffix}`,
      entrance: { kind: "cloudfront" },
      securityGroup: { name: `${name}-alb${nameSuffix}`, documentedName: `${name}-alb${nameSuffix}` },
      network,
      accessLogs: props.accessLogs,
      protect,
    });
    this.targetGroup = this.loadBalancer.addTargetGroup(SERVICE, {
      name: `${name}-${SERVICE}${nameSuffix}`,
      port: props.port,
      healthPath: props.readyPath,
      securityGroup: identity.securityGroup,
      priority: 100,
      paths: ["/api/*"],
      targetType: "ip",
    });
    const opened = props.database?.allowFrom("api", identity.securityGroup, DATABASE_ACCESS) ?? []; // CON-014
    if (tag !== NO_IMAGE) this.service = this.run(props, identity, this.repository.image({ tag, digest }));
    const origin = vpcOrigin(this, "load-balancer-origin", {
      // The last part of a load balancer's ARN is another one for each.
      name: `${name}${nameSuffix}-${Fn.element(Fn.split("/", this.loadBalancer.arn), 3)}`,
      arn: this.loadBalancer.arn,
      domainName: this.loadBalancer.dnsName,
      of: this.loadBalancer.idReference,
      needs: opened,
    });
    this.origin = { ...origin, runs: this.service?.running };
  }

  /** Of tasks that stop or are busy, and of answers that are errors. */
  alarms(target: AlarmTarget, { nameSuffix, errorPercent, rests }: WebServiceAlarmsProps): void {
    const end = `-web${nameSuffix}`;
    this.cluster.alertOnFailures(target, { nameSuffix: end });
    // Without tasks every answer is an error of the load balancer's own.
    if (!this.service) return;
    this.loadBalancer.alarmOnOwnErrors(target, { name: `ALB-Own-Errors${end}`, percent: errorPercent, silencedBySchedule: rests });
    this.service.alarmOnLoad(target, { ...this.load, nameSuffix: end });
    this.targetGroup.alarmOnUnhealthyTargets(target, { name: `ALB-Unhealthy${end}` });
    this.targetGroup.alarmOnErrors(target, { name: `ALB-Errors${end}`, percent: errorPercent });
    this.targetGroup.alarmOnUnusualDelay(target, { name: `ALB-Slow${end}` });
  }

  widgets(): readonly Widget[] {
    return this.service
      ? [...this.service.widgets(), ...this.targetGroup.widgets(SERVICE), errorLog("Errors of the web application", [this.log.name])]
      : [];
  }

  private run(props: WebServiceProps, identity: ServiceIdentity, image: Image): FargateService {
    const { databaseSecret, environment, network, region, rest } = props;
    return new FargateService(this, "service", {
      ...describedService(props),
      ...{ identity, image, network, region, rest },
      name: SERVICE,
      cluster: this.cluster,
      environment: { ...environment, ...this.told(props) },
      secrets: databaseSecret ? { DATABASE_URL: `${databaseSecret.arn}:url::` } : {},
      logGroup: this.log,
      targetGroup: this.targetGroup,
    });
  }

  /** What the infrastructure knows, as every service is told it. */
  private told({ cache, port, stage }: WebServiceProps): Record<string, string> {
    return {
      ENVIRONMENT: stage,
      PORT: String(port),
      ...(cache && { REDIS_URL: `rediss://${cache.endpoint}:${cache.port}/0` }),
    };
  }
}
