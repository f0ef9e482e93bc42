import { ApplicationInsightsWorkbook } from "@cdktf/provider-azurerm/lib/application-insights-workbook";
import { createHash } from "node:crypto";
import type { Construct } from "constructs";
import type { Place } from "./place";

/** What Azure measures, by the kind of resource. https://learn.microsoft.com/azure/azure-monitor/reference/metrics-index */
export interface Chart {
  readonly title: string;
  readonly resourceId: string;
  /** Such as `Microsoft.Sql/servers/databases`. */
  readonly namespace: string;
  readonly metrics: readonly { readonly metric: string; readonly aggregation: Aggregation }[];
}

/** As workbooks count them. */
const AGGREGATIONS = { Total: 1, Minimum: 2, Maximum: 3, Average: 4 } as const;
export type Aggregation = keyof typeof AGGREGATIONS;

/** Makes the charts of one resource. @param before of each title */
export const chartsOf =
  (namespace: string, resourceId: string, before = "") =>
  (title: string, metrics: Chart["metrics"]): Chart => ({ title: `${before}${title}`, namespace, resourceId, metrics });

export interface WorkbookProps {
  readonly place: Place;
  /** Such as `azure-prod: data`. */
  readonly title: string;
  readonly charts: readonly Chart[];
}

const LINE_CHART = 2;
const DAY_MILLISECONDS = 86_400_000;

/**
 * A page of charts in Azure's portal, beside what it shows (design 27). A workbook, because no item of Azure's price list is one, while Managed Grafana
 * is charged by the hour, and because Microsoft publishes the schema of what stands in it.
 */
export function addWorkbook(scope: Construct, id: string, { charts, place, title }: WorkbookProps): void {
  new ApplicationInsightsWorkbook(scope, id, {
    ...place,
    name: uuidOf(`${place.resourceGroupName} ${title}`),
    displayName: title,
    dataJson: JSON.stringify({
      version: "Notebook/1.0",
      items: [{ type: 1, name: "title", content: { json: `## ${title}` } }, ...charts.map(item)],
      $schema: "https://github.com/Microsoft/Application-Insights-Workbooks/blob/master/schema/workbook.json",
    }),
  });
}

const item = ({ metrics, namespace, resourceId, title }: Chart) => {
  const type = namespace.toLowerCase();
  return {
    type: 10,
    name: title,
    customWidth: "50",
    content: {
      chartId: uuidOf(title),
      version: "MetricsItem/2.0",
      size: 0,
      chartType: LINE_CHART,
      resourceType: type,
      metricScope: 0,
      resourceIds: [resourceId],
      timeContext: { durationMs: DAY_MILLISECONDS },
      // Between the dashes a category of metrics could stand.
      metrics: metrics.map(({ aggregation, metric }) => ({
        namespace: type,
        metric: `${type}--${metric}`,
        aggregation: AGGREGATIONS[aggregation],
      })),
      title,
    },
  };
};

/** Always the same one of a text: Azure names workbooks by UUIDs, and another name would be another workbook. */
function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
}
