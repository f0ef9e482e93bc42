import { Construct } from "constructs";
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
  }
}
