/** What every stack of an environment has: its name, its provider, its state. */
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { LocalBackend, S3Backend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Environment } from "../environments/schema";
import { backendConfig, providerConfig, type Target } from "./target";

export interface EnvironmentStackProps {
  readonly environment: Environment;
  readonly target: Target;
  /** Keep the state in a local file: for the first deploy of `bootstrap`, before its bucket exists. @default false */
  readonly localState?: boolean;
}

/** One Terraform state of one environment, named `<environment>-<stack>`. */
export abstract class EnvironmentStack extends TerraformStack {
  protected readonly environment: Environment;
  protected readonly target: Target;

  /**
   * @param stack the stack's own name, such as `data`
   * @param ofAws whether it makes anything on AWS
   */
  constructor(scope: Construct, stack: string, props: EnvironmentStackProps, ofAws = true) {
    const { environment, target, localState = false } = props;
    super(scope, `${environment.name}-${stack}`);
    this.environment = environment;
    this.target = target;
    if (ofAws) new AwsProvider(this, "aws", providerConfig(environment, target));
    if (localState) new LocalBackend(this, {}); // terraform.<stack>.tfstate beside the project, where clearing cdktf.out does not reach it
    else new S3Backend(this, backendConfig(environment, target, stack));
  }

  /** A provider for a second region, in the same account. */
  protected providerFor(region: string): AwsProvider {
    return new AwsProvider(this, `aws-${region}`, { ...providerConfig(this.environment, this.target, region), alias: region });
  }
}
