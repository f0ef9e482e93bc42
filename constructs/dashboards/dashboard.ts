import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { CloudwatchQueryDefinition } from "@cdktf/provider-aws/lib/cloudwatch-query-definition";
import { Construct } from "constructs";
import { dashboardBody, type DashboardParts } from "./dashboard-body";

export interface DashboardProps extends DashboardParts {
  /** Physical name, 1 to 255 letters, digits, `-` and `_`. */
  readonly name: string;
}

/** One page with everything that constructs offer to be looked at (OBS-036), and the queries of its log tables, saved to be asked again. */
export class Dashboard extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { name, sections } = props;
    this.name = new CloudwatchDashboard(this, "dashboard", { dashboardName: name, dashboardBody: dashboardBody(props) }).dashboardName;
    const tables = sections.flatMap(({ widgets }) => widgets.filter((widget) => widget.kind === "log"));
    for (const { logGroups, query, title } of tables)
      new CloudwatchQueryDefinition(this, `query-${title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`, {
        name: `${name}/${title}`,
        logGroupNames: [...logGroups],
        queryString: query.replaceAll(" | ", "\n| "),
      });
  }
}
