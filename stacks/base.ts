/** What every stack of an environment has: its name, its provider, its state. */
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { LocalBackend, S3Backend, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Section } from "../constructs/dashboards/widget";
import { EncryptionKey, type EncryptionKeyProps } from "../constructs/identity/encryption-key";
import { logGroupKeyStatement } from "../constructs/logs/log-group";
import type { Network } from "../constructs/network/network";
import type { Environment } from "../environments/schema";
import type { StackName } from "./catalogue";
import { withProviderLock } from "./provider-lock";
import { backendConfig, providerConfig, type Target } from "./target";

export interface EnvironmentStackProps {
  readonly environment: Environment;
  readonly target: Target;
  /** Keep the state in a local file: for the first deploy of `bootstrap`, before its bucket exists. @default false */
  readonly localState?: boolean;
}

/** What a stack's key is for. */
export interface StackKeyProps extends Pick<EncryptionKeyProps, "description" | "services" | "statements" | "volumesOfScalingGroups"> {
  /** Physical names of those that it encrypts. @default none */
  readonly logGroups?: readonly string[];
}

/** One Terraform state of one environment, named `<environment>-<stack>`. */
export abstract class EnvironmentStack extends TerraformStack {
  protected readonly environment: Environment;
  protected readonly target: Target;

  /**
   * @param stack the stack's own name, such as `data`; catalogue.ts says what it is
   * @param ofAws whether it makes anything on AWS
   */
  constructor(
    scope: Construct,
    private readonly stack: StackName,
    props: EnvironmentStackProps,
    ofAws = true,
  ) {
    const { environment, target, localState = false } = props;
    super(scope, `${environment.name}-${stack}`);
    this.environment = environment;
    this.target = target;
    // A rehearsal takes its providers from any mirror, such as one of somebody's own builds: it has nothing to lose.
    if (target.kind === "aws") this.synthesizer = withProviderLock(this);
    if (ofAws) new AwsProvider(this, "aws", providerConfig(environment, target, stack));
    if (localState)
      new LocalBackend(this, {}); // terraform.<stack>.tfstate beside the project, where clearing cdktf.out does not reach it
    else new S3Backend(this, backendConfig(environment, target, stack));
  }

  /** What of it the environment's dashboard shows, in this order (OBS-036). */
  sections(): readonly Section[] {
    return [];
  }

  /**
   * What a person or a script looks for once the stack is deployed: an output of `npx cdktf output`, `terraform output` and `npm run outputs`.
   * Never a secret, and nothing that changes without a deploy, such as the public address of a machine that is stopped at night: the next
   * plan would not be empty.
   * @param name `<part>_<type>_<attribute>`, as modules of the Terraform registry write it: `orders_queue_url`; a hyphen becomes an underscore.
   *   With one in it, no output is called as a construct, whose ids have hyphens only
   */
  protected output(name: string, value: string, description: string): void {
    new TerraformOutput(this, name.replaceAll("-", "_"), { value, description, staticId: true });
  }

  /**
   * The stack's own key: each stack that encrypts owns one, where the environment has keys of its own (design 26).
   * @returns undefined where AWS's keys encrypt (`customerManagedKeys`)
   */
  protected encryptionKey({
    description,
    logGroups = [],
    services,
    statements = [],
    volumesOfScalingGroups,
  }: StackKeyProps): EncryptionKey | undefined {
    const { account, customerManagedKeys, deletionProtection: protect, nameSuffix, region } = this.environment;
    if (!customerManagedKeys) return undefined;
    const ofLogGroups = logGroups.length > 0 ? [logGroupKeyStatement({ region, account, logGroups })] : [];
    return new EncryptionKey(this, "key", {
      account,
      protect,
      alias: `tss-${this.stack}${nameSuffix}`,
      description,
      services,
      volumesOfScalingGroups,
      statements: [...ofLogGroups, ...statements],
    });
  }

  /** Where functions stand (NET-015): outside of the default VPC, whose subnets are public, and of one without NAT, which leads to nobody. */
  protected placeOfFunctions(network: Network): Network | undefined {
    const { network: literal } = this.environment;
    return literal.kind === "dedicated" && literal.nat.kind !== "none" ? network : undefined;
  }

  /** A provider for a second region, in the same account. */
  protected providerFor(region: string): AwsProvider {
    return new AwsProvider(this, `aws-${region}`, { ...providerConfig(this.environment, this.target, this.stack, region), alias: region });
  }
}
