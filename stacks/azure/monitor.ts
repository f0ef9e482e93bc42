import type { Construct } from "constructs";
import { Observing } from "../../constructs/azure/observing";
import { AzureStack, type AzureStackProps } from "./base";
import type { AzureNetworkStack } from "./network";

export interface AzureMonitorStackProps extends AzureStackProps {
  readonly network: AzureNetworkStack;
}

/**
 * Log Analytics, Application Insights, who is told, the budget. It stands before what it watches, as the topics of AWS do: a diagnostic
 * setting and an alert are made beside what they are about (design 27).
 */
export class AzureMonitorStack extends AzureStack {
  readonly observing: Observing;

  constructor(scope: Construct, props: AzureMonitorStackProps) {
    super(scope, "monitor", props);
    const { network, resourceGroupId } = props.network;
    this.observing = new Observing(this, "observing", { ...this.environment.monitoring, place: this.place, resourceGroupId });
    network.diagnose(this, this.observing);
    this.output("workspace_id", this.observing.workspaceId, "Log Analytics workspace, where all logs go");
  }
}
