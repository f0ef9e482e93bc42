/** Wires the stacks of an environment; the only file that knows which stack needs which. */
import { App, Aspects } from "cdktf";
import { IamUnderBoundary } from "../constructs/identity/github-boundary";
import type { Environment } from "../environments/schema";
import type { AzureEnvironment } from "../environments/azure/schema";
import { AccountStack } from "./account";
import { addAzureEnvironment } from "./azure/environment";
import type { EnvironmentStackProps } from "./base";
import { BootstrapStack } from "./bootstrap";
import { DataStack } from "./data";
import { EventsStack } from "./events";
import { NetworkStack } from "./network";
import { OperationsStack } from "./operations";
import { ResearchStack, type ResearchStackProps } from "./research";
import type { ServicesStack, ServicesStackProps } from "./services";
import { EcsServicesStack } from "./services-ecs";
import { EksServicesStack } from "./services-eks";
import { KubernetesServicesStack } from "./services-kubernetes";
import type { Target } from "./target";
import { TradingStack } from "./trading";
import { WebStack } from "./web";
import { WorkloadsStack } from "./workloads";

export interface AppOptions {
  readonly environments: readonly Environment[];
  /** Those on Azure, which is not emulated. @default none */
  readonly azure?: readonly AzureEnvironment[];
  readonly target: Target;
  /** Keep the states of the bootstrap stacks in local files. @default false */
  readonly localBootstrapState?: boolean;
  /** Where `synth()` writes. @default cdktf's own: the CLI's --output, else cdktf.out */
  readonly outdir?: string;
}

/** The app with the stacks of the environments; nothing is written before its `synth()`. */
export function createApp({ environments, azure = [], target, localBootstrapState, outdir }: AppOptions): App {
  // Ids are a contract (design 10): an address neither names the stack nor changes with the CLI's flags.
  // No stack traces beside warnings: they name files of the machine, and every synthesis must be the same.
  const app = new App({ outdir, stackTraces: false, context: { excludeStackIdFromLogicalIds: "true", allowSepCharsInLogicalIds: "true" } });
  for (const environment of environments) addEnvironment(app, { environment, target }, localBootstrapState);
  for (const environment of azure) addAzureEnvironment(app, { environment }, localBootstrapState);
  return app;
}

/** Adds an environment's stacks, each after those it depends on (design 26). */
function addEnvironment(app: App, props: EnvironmentStackProps, localBootstrapState?: boolean): void {
  const { accountWide, bootstrap } = props.environment;
  if (bootstrap) new BootstrapStack(app, { ...props, bootstrap, localState: localBootstrapState });
  const network = new NetworkStack(app, props);
  const events = new EventsStack(app, { ...props, network: network.network });
  const data = new DataStack(app, { ...props, network: network.network, alerts: events.alerts });
  const trading = new TradingStack(app, { ...props, network: network.network, events, data });
  const services = addServices(app, { ...props, network: network.network, events, data });
  const research = addResearch(app, { ...props, network: network.network, events, data, trading });
  const account = accountWide ? [new AccountStack(app, { ...props, accountWide, data, events })] : [];
  const web = props.environment.web
    ? [
        new WebStack(app, {
          ...props,
          web: props.environment.web,
          network: network.network,
          alerts: events.alerts,
          software: data.software,
        }),
      ]
    : [];
  const operations = new OperationsStack(app, { ...props, network, events, data, trading, services, research, account, web });
  for (const stack of [network, events, data, trading, ...services, ...research, ...account, ...web, operations])
    Aspects.of(stack).add(new IamUnderBoundary(props.environment));
}

/** The notebook, where the environment has one. */
function addResearch(app: App, props: Omit<ResearchStackProps, "research">): readonly ResearchStack[] {
  const { research } = props.environment;
  return research ? [new ResearchStack(app, { ...props, research })] : [];
}

/** What runs the container services (C-52): a switch of one word, which keeps their images. */
function addServices(app: App, props: ServicesStackProps): readonly ServicesStack[] {
  const { platform } = props.environment;
  if (platform === "none") return [];
  if (platform === "ecs") return [new EcsServicesStack(app, props)];
  if (platform === "eks") {
    const services = new EksServicesStack(app, props);
    new WorkloadsStack(app, { ...props, eks: services });
    return [services];
  }
  const services = new KubernetesServicesStack(app, props);
  new WorkloadsStack(app, props);
  return [services];
}
