import { ConfigConfigurationAggregator } from "@cdktf/provider-aws/lib/config-configuration-aggregator";
import { IamServiceLinkedRole } from "@cdktf/provider-aws/lib/iam-service-linked-role";
import { Inspector2Enabler } from "@cdktf/provider-aws/lib/inspector2-enabler";
import { Construct } from "constructs";
import type { AlarmTarget } from "../constructs/alarms/alarm";
import { AnomalyDetection } from "../constructs/money/anomaly-detection";
import { BILLING_PUBLISHER, BillingAlarm } from "../constructs/money/billing-alarm";
import { Budget } from "../constructs/money/budget";
import { BudgetAction } from "../constructs/money/budget-action";
import { CostAllocationTags } from "../constructs/money/cost-allocation-tags";
import { AccessAnalyzer } from "../constructs/account/access-analyzer";
import { AccountSettings } from "../constructs/account/account-settings";
import { PeopleRole } from "../constructs/account/people-role";
import { PrivateCa } from "../constructs/account/private-ca";
import { grantLook, grantOperate } from "../constructs/account/people-rights";
import { Findings } from "../constructs/account/findings";
import { Recorder } from "../constructs/account/recorder";
import { RegionSettings } from "../constructs/account/region-settings";
import { SecurityHub } from "../constructs/account/security-hub";
import { ThreatDetection } from "../constructs/account/threat-detection";
import { Trail, trailKeyStatements, trailLogGroup } from "../constructs/account/trail";
import { hostNames } from "../constructs/hosts/host-names";
import { EncryptionKey } from "../constructs/identity/encryption-key";
import { peopleRoleName, type PEOPLE_ROLES } from "../constructs/identity/github-names";
import { Bucket } from "../constructs/storage/bucket";
import { inRegionOf } from "../constructs/storage/other-region";
import type { Environment } from "../environments/schema";
import { EnvironmentStack, type EnvironmentStackProps } from "./base";
import type { DataStack } from "./data";
import type { EventsStack } from "./events";

type AccountWide = NonNullable<Environment["accountWide"]>;

export interface AccountStackProps extends EnvironmentStackProps {
  readonly accountWide: AccountWide;
  /** Whose topic is told. */
  readonly events: EventsStack;
  /** Whose buckets may be recorded, and where access logs go. */
  readonly data: DataStack;
}

/** Where AWS's global services keep what has a region (design 23). */
export const VIRGINIA = "us-east-1";

interface Place {
  readonly region: string;
  /** Whatever stands in it is made in that region. */
  readonly scope: Construct;
}

/** A block of the literal that is to be made; undefined for one that is off, or that the account has already. */
const toBeMade = <Block extends { readonly existing: boolean }>(block?: Block) =>
  block?.existing === false ? (block as Extract<Block, { readonly existing: false }>) : undefined;

/** What the account has once, whatever environments share it (design 21): it stands in the literal that has the account's `bootstrap`. */
export class AccountStack extends EnvironmentStack {
  /** Every region that the environment uses, its own first: what stands in one of them is told nothing of the others. */
  private readonly places: readonly [home: Place, ...others: readonly Place[]];
  /** What stands in us-east-1: the environment's own place, where that is its region. */
  protected readonly virginia: Construct;

  constructor(scope: Construct, props: AccountStackProps) {
    super(scope, "account", props);
    const { account, data, region } = this.environment;
    const { accessAnalyzer, inspector, securityHub, settings, trail, config } = props.accountWide;

    const home: Place = { region, scope: new Construct(this, "home") };
    // Each with its id at its own call, where a review finds the line of what stands below it.
    const other = data.replication?.region;
    const copies: readonly Place[] =
      other !== undefined && other !== VIRGINIA ? [{ region: other, scope: inRegionOf(this.providerFor(other), this, "copies") }] : [];
    const virginia: Place =
      region === VIRGINIA ? home : { region: VIRGINIA, scope: inRegionOf(this.providerFor(VIRGINIA), this, "virginia") };
    this.virginia = virginia.scope;
    this.places = [home, ...copies, ...(virginia === home ? [] : [virginia])];

    if (settings) {
      new AccountSettings(this, "settings", settings);
      for (const place of this.places) new RegionSettings(place.scope, "settings", { account, region: place.region });
    }
    this.addPeople(props);
    const [ownTrail, ownConfig] = [toBeMade(trail), toBeMade(config)];
    const key = ownTrail || ownConfig ? this.keyOf(ownTrail) : undefined;
    if (ownTrail) this.addTrail(ownTrail, props, key);
    const analyzer = toBeMade(accessAnalyzer);
    if (analyzer) for (const { scope } of this.places) new AccessAnalyzer(scope, "access-analyzer", { analyzerName: analyzer.name });
    this.addGuardDuty(props);
    const recorders = ownConfig ? this.addConfig(ownConfig, props, key) : [];
    const hub = toBeMade(securityHub);
    if (hub)
      for (const [index, { scope, region }] of this.places.entries()) {
        const made = new SecurityHub(scope, "security-hub", { region, standards: hub.standards });
        if (recorders[index]) made.node.addDependency(recorders[index]);
      }
    const scans = toBeMade(inspector)?.scans;
    if (scans)
      for (const { scope } of this.places) new Inspector2Enabler(scope, "inspector", { accountIds: [account], resourceTypes: scans });
    this.addPrivateCa(props);
    this.addMoney(props);
  }

  private addPrivateCa({ accountWide: { privateCa } }: AccountStackProps): void {
    if (!privateCa) return;
    const { arn } = new PrivateCa(this, "private-ca", { ...privateCa, protect: this.environment.deletionProtection });
    this.output("private_ca_arn", arn, "Certificate authority of the account");
  }

  /** Roles that people take (SEC-048), on the things of this environment. */
  private addPeople({ accountWide: { people = {} } }: AccountStackProps): void {
    const { account, customerManagedKeys, name: environment, nameSuffix, network, region, web } = this.environment;
    const own = { account, environment, region, regions: this.places.map((place) => place.region) };
    const make = (kind: (typeof PEOPLE_ROLES)[number], does: string, taken: NonNullable<(typeof people)["operations"]>) => {
      const name = peopleRoleName(kind, nameSuffix);
      const { role } = new PeopleRole(this, `people-${kind}`, {
        ...taken,
        name,
        account,
        description: `${does} ${environment}, by people`,
      });
      grantLook(role, own);
      return role;
    };
    if (people.readOnly) make("read-only", "Looks at", people.readOnly);
    const hasNat = network.kind === "dedicated" && network.nat.kind === "instance";
    if (people.operations)
      grantOperate(make("operations", "Operates", people.operations), {
        ...own,
        hosts: [...Object.values(hostNames(this.environment)), ...(web?.backend ? [`kabu-trade${nameSuffix}`] : [])],
        natName: hasNat ? `trading-nat-instance${nameSuffix}` : undefined,
        // Of the stacks that these machines stand in.
        volumesKeys: customerManagedKeys
          ? ["trading", ...(web?.backend ? ["web"] : []), ...(hasNat ? ["network"] : [])].map((stack) => `tss-${stack}${nameSuffix}`)
          : [],
      });
  }

  private keyOf(trail?: { readonly name: string }): EncryptionKey | undefined {
    const { account, region } = this.environment;
    return this.encryptionKey({
      description: "What was recorded of the account",
      services: ["config.amazonaws.com"],
      statements: trail && trailKeyStatements({ account, region, name: trail.name }),
      logGroups: trail && [trailLogGroup(trail.name)],
    });
  }

  private addTrail(
    settings: NonNullable<ReturnType<typeof toBeMade<NonNullable<AccountWide["trail"]>>>>,
    { data, events }: AccountStackProps,
    key?: EncryptionKey,
  ): void {
    const { account, bootstrap, deletionProtection: protect, metricNamespace: namespace, nameSuffix, region } = this.environment;
    const { dataEvents, refusedCalls, ...own } = settings;
    const accessLogs = data.accessLogs.forBucketNamed(settings.bucketName);
    const trail = new Trail(this, "trail", {
      ...own,
      account,
      region,
      key,
      accessLogs,
      protect,
      dataEventsOf: dataEvents.map((name) => data[name].arn),
    });
    trail.alarmOnSuspicions(events.alerts, { account, environments: bootstrap!.environments, refusedCalls, nameSuffix, namespace });
    trail.saveQueries(nameSuffix);
    this.output("trail_bucket_name", settings.bucketName, "What was recorded of the account");
  }

  private addGuardDuty({ accountWide, events }: AccountStackProps): void {
    const { account, nameSuffix, region } = this.environment;
    const { guardDuty } = accountWide;
    const own = toBeMade(guardDuty);
    if (!own) return;
    for (const { scope } of this.places) new ThreatDetection(scope, "guard-duty", { features: own.features });
    new Findings(this, "findings", {
      account,
      region,
      nameSuffix,
      criticalFrom: own.criticalFrom,
      elsewhere: this.places.slice(1).map(({ scope }) => scope),
      target: events.alerts,
    });
  }

  private addConfig(
    {
      aggregator,
      bucketName: name,
      existingRole,
      name: recorder,
      retentionDays: expirationDays,
      rules,
    }: NonNullable<ReturnType<typeof toBeMade<NonNullable<AccountWide["config"]>>>>,
    { data }: AccountStackProps,
    key?: EncryptionKey,
  ): readonly Recorder[] {
    const { account, deletionProtection: protect } = this.environment;
    const bucket = new Bucket(this, "config-bucket", {
      name,
      expirationDays,
      key,
      accessLogs: data.accessLogs.forBucketNamed(name),
      protect,
    });
    const delivers = {
      principals: { Service: "config.amazonaws.com" },
      conditions: { StringEquals: { "aws:SourceAccount": account } },
    };
    bucket.addToPolicy({ sid: "ConfigLooks", ...delivers, actions: ["s3:GetBucketAcl", "s3:ListBucket"], resources: [bucket.arn] });
    bucket.addToPolicy({
      sid: "ConfigWrites",
      ...delivers,
      actions: ["s3:PutObject"],
      resources: [`${bucket.arn}/AWSLogs/${account}/Config/*`],
    });
    if (aggregator)
      new ConfigConfigurationAggregator(this, "aggregator", {
        name: aggregator,
        // One's own account needs no authorisation. https://docs.aws.amazon.com/config/latest/developerguide/aggregated-add-authorization.html
        accountAggregationSource: { accountIds: [account], regions: this.places.map(({ region }) => region).sort() },
      });
    const role = existingRole ? undefined : new IamServiceLinkedRole(this, "config-role", { awsServiceName: "config.amazonaws.com" });
    return this.places.map(
      ({ scope }, index) =>
        new Recorder(scope, "recorder", {
          name: recorder,
          globalTypes: index === 0,
          bucket,
          roleArn: `arn:aws:iam::${account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`,
          after: role ? [role] : [],
          rules,
        }),
    );
  }

  private addBudget({ action, ...budget }: NonNullable<AccountWide["budget"]>, target: AlarmTarget): void {
    const { account, bootstrap } = this.environment;
    const made = new Budget(this, "budget", { ...budget, target });
    // Where the account's own things stand, its bootstrap does too.
    const { environments } = bootstrap!;
    if (action) new BudgetAction(this, "budget-action", { ...action, account, budget: made.name, environments, target });
  }

  /** What the account costs (docs/money.md). */
  private addMoney({ accountWide, events: { alerts: target } }: AccountStackProps): void {
    const { anomalies, billingAlarm, budget, costAllocationTags = [] } = accountWide;
    if (costAllocationTags.length > 0) new CostAllocationTags(this, "cost-allocation-tags", { keys: costAllocationTags });
    if (budget) this.addBudget(budget, target);
    if (anomalies) new AnomalyDetection(this, "anomalies", { ...anomalies, target });
    if (!billingAlarm) return;
    const { account, customerManagedKeys, deletionProtection: protect, nameSuffix } = this.environment;
    const alias = `tss-billing${nameSuffix}`;
    const key = customerManagedKeys
      ? new EncryptionKey(this.virginia, "billing-key", {
          account,
          protect,
          alias,
          description: "Topic of billing alarms",
          services: [BILLING_PUBLISHER],
        })
      : undefined;
    new BillingAlarm(this.virginia, "billing", { ...billingAlarm, account, key });
  }
}
