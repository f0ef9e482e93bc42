import type { Construct } from "constructs";
import { FlowLog } from "../../constructs/azure/flow-log";
import { Observing } from "../../constructs/azure/observing";
import { AzureStack, type AzureStackProps } from "./base";
import type { AzureNetworkStack } from "./network";

export interface AzureMonitorStackProps extends AzureStackProps {
  readonly network: AzureNetworkStack;
}

/**
 * Log Analytics, Application Insights, who is told, the budget, who talked to whom. It stands before what it watches, as the topics of AWS do: a diagnostic
 * setting and an alert are made beside what they are about (design 27).
 */
export class AzureMonitorStack extends AzureStack {
  readonly observing: Observing;

  constructor(scope: Construct, props: AzureMonitorStackProps) {
    super(scope, "monitor", props);
    const { network, resourceGroupId } = props.network;
    this.observing = new Observing(this, "observing", { ...this.environment.monitoring, place: this.place, resourceGroupId });
    network.diagnose(this, this.observing);
    const { deletionProtection: protect, monitoring, name } = this.environment;
    if (monitoring.flowLogs)
      new FlowLog(this, "flow-log", {
        ...monitoring.flowLogs,
        place: this.place,
        network,
        logs: this.observing,
        identityName: `${name}-flow-log`,
        protect,
      });
    this.output("workspace_id", this.observing.workspaceId, "Log Analytics workspace, where all logs go");
  }
}
