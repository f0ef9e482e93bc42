/** AWS Cost Anomaly Detection. https://docs.aws.amazon.com/cost-management/latest/userguide/ad-SNS.html */
import { fieldsOf, objectAt, objectsAt, textAt, type Alert, type Json, type Published } from "../alert";

export function costAnomaly(message: Json, { time }: Published): Alert | undefined {
  const id = textAt(message, "anomalyId");
  if (!id) return undefined;
  const impact = objectAt(message, "impact");
  const link = textAt(message, "anomalyDetailsLink");
  const dollars = (key: string) => (textAt(impact, key) ? `$${textAt(impact, key)}` : undefined);
  return {
    source: "cost-anomaly",
    name: id,
    severity: "warning",
    state: "event",
    title: `Costs more than usual: ${dollars("totalImpact") ?? "an unknown amount"}`,
    text:
      objectsAt(message, "rootCauses")
        .map((cause) => ["service", "region", "usageType", "linkedAccountName"].flatMap((key) => textAt(cause, key) ?? []).join(", "))
        .join("\n") || undefined,
    fields: fieldsOf({
      Monitor: textAt(message, "monitorName") ?? textAt(message, "monitorArn"),
      Spent: dollars("totalActualSpend"),
      Expected: dollars("totalExpectedSpend"),
      Begins: textAt(message, "anomalyStartDate"),
      Ends: textAt(message, "anomalyEndDate"),
      Account: textAt(message, "accountId"),
    }),
    links: link ? [{ label: "Anomaly", url: link }] : [],
    time,
  };
}
