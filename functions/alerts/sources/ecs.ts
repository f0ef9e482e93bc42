/** Tasks that stop and deployments. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html */
import { fieldsOf, objectsAt, textAt, type Alert, type Json } from "../alert";
import { readEvent, shortName } from "./eventbridge";

export function ecs(message: Json): Alert | undefined {
  const event = readEvent(message);
  if (event?.source !== "aws.ecs") return undefined;
  const { detail, resources, time, type } = event;
  const common = { source: "ecs", state: "event" as const, time };
  if (type === "ECS Task State Change") {
    const group = textAt(detail, "group")?.replace(/^service:/, "") ?? "a task";
    const codes = objectsAt(detail, "containers").map(
      (container) => `${textAt(container, "name")}: ${textAt(container, "exitCode") ?? "none"}${reasonOf(container)}`,
    );
    return {
      ...common,
      name: `${group}/${textAt(detail, "lastStatus")}`,
      severity: "warning",
      title: `A task of ${group} is ${textAt(detail, "lastStatus") ?? "in an unknown state"}`,
      text: textAt(detail, "stoppedReason"),
      fields: fieldsOf({
        Code: textAt(detail, "stopCode"),
        "Exit codes": codes.join(", "),
        Task: shortName(textAt(detail, "taskArn")),
        Cluster: shortName(textAt(detail, "clusterArn")),
      }),
    };
  }
  const name = textAt(detail, "eventName") ?? type;
  const what = shortName(resources[0]) ?? "a service";
  return {
    ...common,
    name: `${what}/${name}`,
    severity: textAt(detail, "eventType") === "ERROR" || name === "SERVICE_DEPLOYMENT_FAILED" ? "critical" : "info",
    title: `${what}: ${name}`,
    text: textAt(detail, "reason"),
    fields: fieldsOf({ Deployment: textAt(detail, "deploymentId") }),
  };
}

const reasonOf = (container: Json) => (textAt(container, "reason") ? ` (${textAt(container, "reason")})` : "");
