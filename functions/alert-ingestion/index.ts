/** Writes each alert as one line of JSON, which can be queried for a year (OBS-004, MSG-016), and counts it as a metric by its severity (OBS-013). */
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Alert } from "../alerts/alert";
import { isForwarded } from "../alerts/forwarded";
import { recognise } from "../alerts/recognise";
import { readNotification, type SnsEvent } from "../alerts/sns";
import { readRecord, type SqsEvent } from "../alerts/sqs";

interface Settings {
  /** Namespace of the metric. */
  readonly namespace: string;
  readonly environment: string;
}

const { environment = "", namespace = "" } = JSON.parse(process.env.SETTINGS ?? "{}") as Partial<Settings>;
const logger = new Logger({ serviceName: "alerts" });
const metrics = new Metrics({ namespace, serviceName: "alerts" });

export async function handler(event: SnsEvent | SqsEvent): Promise<void> {
  for (const record of event.Records) {
    const published = "Sns" in record ? readNotification(record.Sns, new Date().toISOString()) : readRecord(record);
    if (!isForwarded(published)) ingest(recognise(published));
  }
}

function ingest(alert: Alert): void {
  logger.info("alert", { alert });
  const metric = metrics.singleMetric();
  metric.addDimensions({ Environment: environment, Severity: alert.severity });
  metric.addMetric("Alerts", MetricUnit.Count, 1);
}
