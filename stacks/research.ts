import type { Construct } from "constructs";
import type { Section } from "../constructs/dashboards/widget";
import { LogGroup } from "../constructs/logs/log-group";
import type { Network } from "../constructs/network/network";
import { Notebook, NOTEBOOK_LOG_GROUP } from "../constructs/research/notebook";
import { NotebookStop } from "../constructs/research/notebook-stop";
import type { Environment } from "../environments/schema";
import { EnvironmentStack, type EnvironmentStackProps } from "./base";
import type { DataStack } from "./data";
import type { EventsStack } from "./events";
import type { TradingStack } from "./trading";

export interface ResearchStackProps extends EnvironmentStackProps {
  /** What the literal says of it: without it there is no such stack. */
  readonly research: NonNullable<Environment["research"]>;
  readonly network: Network;
  readonly events: Pick<EventsStack, "alerts">;
  readonly data: Pick<DataStack, "backtestResults" | "cache" | "orderState" | "processedMarketData" | "rawMarketData" | "software">;
  readonly trading: Pick<TradingStack, "engineSecurityGroup">;
}

/** SSH: the engine has no key pair, so a key has to be put there first, by Session Manager. */
const SSH_PORT = 22;

/** The place for analysis, backtests and model work, beside what it works on (RES-001, RES-004). It keeps nothing that is not in buckets or a repository too. */
export class ResearchStack extends EnvironmentStack {
  private readonly notebook: Notebook;

  constructor(scope: Construct, props: ResearchStackProps) {
    super(scope, "research", props);
    this.notebook = this.addNotebook(props);
    this.grantData(props);
    this.connect(props);
    this.notebook.alarms(props.events.alerts, { nameSuffix: this.environment.nameSuffix });
    this.addStops(props);
    this.output("notebook_instance_name", this.notebook.name, "Notebook for analysis, backtests and model work");
  }

  override sections(): readonly Section[] {
    return [{ title: "Research", widgets: this.notebook.widgets() }];
  }

  private addNotebook({ data, network, research }: ResearchStackProps): Notebook {
    const { account, data: names, metricNamespace, name: environment, nameSuffix, region } = this.environment;
    const { securityGroup, logRetentionDays: retentionDays } = research;
    const key = this.encryptionKey({ description: "Volume and log of the notebook", logGroups: [NOTEBOOK_LOG_GROUP] });
    return new Notebook(this, "notebook", {
      ...research,
      ...{ account, environment, metricNamespace, network, region, key },
      name: `tss-research${nameSuffix}`,
      roleName: `SageMakerExecutionRole${nameSuffix}`, // SEC-043
      securityGroup: { name: securityGroup, documentedName: "sg-sagemaker" },
      log: new LogGroup(this, "log", { name: NOTEBOOK_LOG_GROUP, retentionDays, key }),
      software: { bucket: data.software, name: names.softwareBucket.name },
      settings: {
        environment,
        region,
        table: data.orderState.name,
        buckets: {
          rawMarketData: data.rawMarketData.name,
          processedMarketData: data.processedMarketData.name,
          backtestResults: data.backtestResults.name,
        },
        ...(research.cache && {
          cache: { host: data.cache.endpoint, port: data.cache.port, tls: data.cache.tls, clusterMode: data.cache.clusterMode },
        }),
      },
    });
  }

  /**
   * Reads what the hosts read and writes reports (RES-005, DAT-046). Of the rights of `EC2InstanceRole` that SEC-043 has it share it gets no other: it sends and takes no
   * order, reads no secret, and changes neither the table nor market data, because it stands beside production (research.md, open points).
   */
  private grantData({ data }: ResearchStackProps): void {
    const { role } = this.notebook;
    data.orderState.grantRead(role);
    data.rawMarketData.grantRead(role);
    data.processedMarketData.grantRead(role);
    data.backtestResults.grantReadWrite(role);
  }

  /** RES-006: as far as the literal opens it. */
  private connect({ data, research, trading }: ResearchStackProps): void {
    const { securityGroup } = this.notebook;
    if (research.cache) data.cache.allowFrom("notebook", securityGroup, "Redis access from the notebook"); // SEC-022
    const engine = trading.engineSecurityGroup;
    if (!research.engineSsh || !engine) return;
    const rule = { ports: SSH_PORT, description: "SSH from the notebook to the trading engine" }; // SEC-018
    engine.allowFrom("notebook", { ...rule, peer: securityGroup });
    securityGroup.allowTo("engine", { ...rule, peer: engine });
  }

  /** At the weekend, and whenever the environment rests (design 36). */
  private addStops({ research }: ResearchStackProps): void {
    const { account, nameSuffix, schedule } = this.environment;
    new NotebookStop(this, "stop", {
      name: `tss-research-stop${nameSuffix}`,
      account,
      notebook: this.notebook,
      stops: { weekend: research.weekendStop, ...(schedule && { rest: schedule.stop }) },
    });
  }
}
