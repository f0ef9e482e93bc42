/** Jobs of AWS Backup. https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html */
import { fieldsOf, textAt, type Alert, type Json } from "../alert";
import { readEvent, shortName } from "./eventbridge";

const FAILED = ["ABORTED", "EXPIRED", "FAILED", "PARTIAL"];

export function backup(message: Json): Alert | undefined {
  const event = readEvent(message);
  if (event?.source !== "aws.backup") return undefined;
  const { detail, resources, time, type } = event;
  // Some events say `state`, others `status`.
  const state = textAt(detail, "state") ?? textAt(detail, "status") ?? "unknown";
  const resource = textAt(detail, "resourceArn") ?? resources[0];
  const what = type.replace(/ State Change$/, "");
  return {
    source: "backup",
    name: `${what}/${state}/${resource ?? ""}`,
    severity: FAILED.includes(state) ? "critical" : "info",
    state: "event",
    title: `${what}: ${state}`,
    text: textAt(detail, "statusMessage"),
    fields: fieldsOf({
      Resource: shortName(resource),
      Kind: textAt(detail, "resourceType"),
      Vault: textAt(detail, "backupVaultName"),
      Job: textAt(detail, "backupJobId") ?? textAt(detail, "copyJobId") ?? textAt(detail, "restoreJobId"),
    }),
    time,
  };
}
