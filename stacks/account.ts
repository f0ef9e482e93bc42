import { Construct } from "constructs";
import { AnomalyDetection } from "../constructs/money/anomaly-detection";
import { BILLING_PUBLISHER, BillingAlarm } from "../constructs/money/billing-alarm";
import { Budget } from "../constructs/money/budget";
import { CostAllocationTags } from "../constructs/money/cost-allocation-tags";
import { EncryptionKey } from "../constructs/identity/encryption-key";
import { AccessAnalyzer } from "../constructs/account/access-analyzer";
import { inRegionOf } from "../constructs/storage/other-region";
import type { Environment } from "../environments/schema";
import { EnvironmentStack, type EnvironmentStackProps } from "./base";
import type { EventsStack } from "./events";

export interface AccountStackProps extends EnvironmentStackProps {
  readonly accountWide: NonNullable<Environment["accountWide"]>;
  /** Whose topic is told. */
  readonly events: EventsStack;
}

/** Where AWS's global services keep what has a region (design 23). */
export const VIRGINIA = "us-east-1";

/** What the account has once, whatever environments share it (design 21): it stands in the literal that has the account's `bootstrap`. */
export class AccountStack extends EnvironmentStack {
  /** Every region that the environment uses, its own first: what stands in one of them is told nothing of the others. */
  private readonly places: readonly Construct[];
  /** What stands in us-east-1: the environment's own place, where that is its region. */
  protected readonly virginia: Construct;

  constructor(scope: Construct, props: AccountStackProps) {
    super(scope, "account", props);
    const { data, region } = this.environment;
    const { accessAnalyzer } = props.accountWide;

    const home = new Construct(this, "home");
    const other = (id: string, name: string) => inRegionOf(this.providerFor(name), this, id);
    const copies = data.replication && data.replication.region !== VIRGINIA ? [other("copies", data.replication.region)] : [];
    this.virginia = region === VIRGINIA ? home : other("virginia", VIRGINIA);
    this.places = [...new Set([home, ...copies, this.virginia])];

    if (accessAnalyzer && !accessAnalyzer.existing)
      for (const place of this.places) new AccessAnalyzer(place, "access-analyzer", { analyzerName: accessAnalyzer.name });
    this.addMoney(props);
  }

  /** What the account costs (docs/money.md). */
  private addMoney({ accountWide, events: { alerts: target } }: AccountStackProps): void {
    const { anomalies, billingAlarm, budget, costAllocationTags = [] } = accountWide;
    if (costAllocationTags.length > 0) new CostAllocationTags(this, "cost-allocation-tags", { keys: costAllocationTags });
    if (budget) new Budget(this, "budget", { ...budget, target });
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
