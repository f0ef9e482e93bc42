import { loadEnvironments } from "../fixtures/environments";
import { azureNames } from "../fixtures/azure";
import { azureEnvironment, azureStacks, type AzureName } from "../helpers/azure";
import { classOf, classOfType } from "../../review/risk";
import { CLASSIFIED } from "../../review/risk/classes";
import { synthEnvironments } from "../helpers/synth";
import { change } from "./risk-builders";

describe("the class of a change", () => {
  it("is decided for every type that our stacks synthesise, and for no other by hand", () => {
    // What an account may have on, and none of the literals has.
    const environments = loadEnvironments().map((environment) =>
      environment.accountWide
        ? {
            ...environment,
            accountWide: {
              ...environment.accountWide,
              inspector: { existing: false as const, scans: ["EC2" as const] },
              privateCa: { commonName: "Trading system", mode: "general" as const, years: 10 },
              budget: { ...environment.accountWide.budget!, action: { percent: 100, approval: "MANUAL" as const } },
              securityHub: { existing: false as const, standards: ["foundational-1.0" as const] },
            },
          }
        : environment,
    );
    const stacks = synthEnvironments({ environments, target: { kind: "aws" } });
    const types = [...new Set(Object.values(stacks).flatMap(({ resource = {} }) => Object.keys(resource)))].sort();
    expect(CLASSIFIED.filter((type) => !type.startsWith("azurerm_"))).toEqual(types);
  });

  it("is decided for every type that our stacks on Azure synthesise, and for no other of Azure's by hand", () => {
    const stacks = azureNames.flatMap((name) => Object.values(azureStacks(azureEnvironment(name as AzureName))));
    const types = [...new Set(stacks.flatMap(({ resource = {} }) => Object.keys(resource)))].sort();
    const azures = (type: string) => type.startsWith("azurerm_");
    expect(CLASSIFIED.filter(azures)).toEqual(types.filter(azures));
  });

  it.each([
    ["aws_dynamodb_table", "data"],
    ["aws_iam_role", "identity"],
    ["aws_vpc_security_group_ingress_rule", "network exposure"],
    ["aws_cloudwatch_metric_alarm", "notification"],
    ["aws_instance", "compute"],
    // Of projects that are not ours.
    ["google_sql_database_instance", "data"],
    ["google_project_iam_member", "identity"],
    ["google_compute_firewall", "network exposure"],
    ["google_compute_instance", "compute"],
    ["google_monitoring_alert_policy", "identity"],
    ["azurerm_storage_account", "data"],
    ["azurerm_role_assignment", "identity"],
    ["azurerm_network_security_rule", "network exposure"],
    ["azurerm_linux_virtual_machine", "compute"],
    ["azurerm_monitor_action_group", "notification"],
    ["kubernetes_service_account", "identity"],
    ["kubernetes_persistent_volume_claim", "data"],
    ["kubernetes_ingress_v1", "network exposure"],
    ["kubernetes_deployment_v1", "compute"],
    ["aws_route53_zone", "data"],
    ["aws_route53_record", "network exposure"],
    ["aws_backup_plan", "data"],
    ["aws_budgets_budget", "notification"],
    ["aws_lambda_function", "compute"],
    ["aws_lambda_permission", "identity"],
    ["aws_cloudfront_distribution", "network exposure"],
    ["random_pet", "compute"],
    ["constructor", "compute"],
    ["null_resource", "compute"],
  ])("of %s is %s", (type, expected) => {
    expect(classOfType(type)).toBe(expected);
  });

  it.each([
    ["tags", { tags: { a: "1" } }, { tags: { a: "2" } }, "cosmetic"],
    ["a tag that comes", {}, { tags: { a: "2" } }, "cosmetic"],
    ["a description", { description: "a" }, { description: "b" }, "cosmetic"],
    ["tags and more", { tags: { a: "1" }, name: "a" }, { tags: { a: "2" }, name: "b" }, "data"],
    ["what only begins like tags", { tags_of_cost: "1" }, { tags_of_cost: "2" }, "data"],
  ] as const)("that touches %s is judged by it", (_, before, after, expected) => {
    expect(classOf(change({ type: "aws_sqs_queue", before, after }))).toBe(expected);
  });

  it("is cosmetic for a move, and not for a replacement by a description", () => {
    expect(classOf(change({ type: "aws_sqs_queue", before: {}, after: {}, action: "move" }))).toBe("cosmetic");
    expect(
      classOf(change({ type: "aws_security_group", before: { description: "a" }, after: { description: "b" }, action: "replace" })),
    ).toBe("network exposure");
  });
});
