import { ApplicationInsights } from "@cdktf/provider-azurerm/lib/application-insights";
import { ConsumptionBudgetResourceGroup } from "@cdktf/provider-azurerm/lib/consumption-budget-resource-group";
import { LogAnalyticsWorkspace } from "@cdktf/provider-azurerm/lib/log-analytics-workspace";
import { MonitorActionGroup } from "@cdktf/provider-azurerm/lib/monitor-action-group";
import { Construct } from "constructs";
import type { AzureEnvironment } from "../../environments/azure/schema";
import type { AlertTarget } from "./alert";
import type { LogTarget } from "./diagnostics";
import type { ManagedIdentity } from "./identity";
import type { Place } from "./place";

type Literal = AzureEnvironment["monitoring"];

export interface ObservingProps extends Literal {
  readonly place: Place;
  /** Of the resource group whose costs the budget counts. */
  readonly resourceGroupId: string;
}

/** Percent of the budget at which somebody is told, as on AWS (CST-030). */
const BUDGET_PERCENT = [80, 100];

/** Where logs, traces and alerts of the environment go (AZR-001). */
export class Observing extends Construct implements LogTarget, AlertTarget {
  readonly workspaceId: string;
  readonly actionGroupId: string;
  /** For the services' traces. It lets nobody in: keys are off, and Entra wants a role for each. */
  readonly connectionString: string;
  private readonly insightsId: string;

  constructor(scope: Construct, id: string, props: ObservingProps) {
    super(scope, id);
    const { budgetStart, emails, monthlyBudget, place, resourceGroupId, retentionDays } = props;
    const workspace = new LogAnalyticsWorkspace(this, "workspace", {
      ...place,
      name: "trading",
      sku: "PerGB2018",
      retentionInDays: retentionDays,
      localAuthenticationEnabled: false,
    });
    const insights = new ApplicationInsights(this, "insights", {
      ...place,
      name: "services",
      workspaceId: workspace.id,
      applicationType: "web",
      localAuthenticationDisabled: true,
    });
    const people = new MonitorActionGroup(this, "people", {
      resourceGroupName: place.resourceGroupName,
      name: "people",
      shortName: "people",
      emailReceiver: emails.map((emailAddress) => ({ name: emailAddress, emailAddress, useCommonAlertSchema: true })),
    });
    new ConsumptionBudgetResourceGroup(this, "budget", {
      name: "month",
      resourceGroupId,
      amount: monthlyBudget,
      timeGrain: "Monthly",
      timePeriod: { startDate: `${budgetStart}T00:00:00Z` },
      notification: BUDGET_PERCENT.map((threshold) => ({
        threshold,
        operator: "GreaterThan",
        thresholdType: "Actual",
        contactEmails: [...emails],
      })),
    });
    this.workspaceId = workspace.id;
    this.actionGroupId = people.id;
    this.connectionString = insights.connectionString;
    this.insightsId = insights.id;
  }

  /** Sends traces and metrics. */
  grantPublish(identity: ManagedIdentity): void {
    identity.grant("publishes-traces", { role: "Monitoring Metrics Publisher", scope: this.insightsId });
  }
}
