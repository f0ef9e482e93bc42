/** AWS Budgets, which writes a letter and no JSON. https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html */
import { fieldsOf, type Alert, type Published } from "../alert";

export function budget({ message, subject, time }: Published): Alert | undefined {
  if (!message.startsWith("AWS Budget Notification")) return undefined;
  const line = (label: string) => new RegExp(`^${label}: (.+)$`, "m").exec(message)?.[1]?.trim();
  const name = line("Budget Name") ?? "a budget";
  const kind = line("Alert Type");
  return {
    source: "budget",
    name: `${name}/${line("Alert Threshold") ?? ""}`,
    severity: "warning",
    state: "event",
    title: subject ?? `Budget ${name}: ${line("Alert Threshold") ?? "a threshold is passed"}`,
    text: /^You requested .+$/m.exec(message)?.[0] ?? message,
    fields: fieldsOf({
      Budget: line("Budgeted Amount"),
      Threshold: line("Alert Threshold"),
      [kind === "FORECASTED" ? "Forecast" : "Actual"]: line("(?:ACTUAL|FORECASTED) Amount"),
      Account: /^AWS Account (\S+)/m.exec(message)?.[1],
    }),
    links: [{ label: "Budgets", url: "https://console.aws.amazon.com/billing/home#/budgets" }],
    time,
  };
}
