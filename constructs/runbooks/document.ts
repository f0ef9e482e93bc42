/** The documents of Systems Manager: the only place that knows their JSON. https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html */
import { hostText, literalText } from "../hosts/host-files";
import { documentPrefix } from "../identity/github-names";
import type { AutomationRunbook, CommandRunbook, Output, Parameter, Step } from "./description";

/** Python of `aws:executeScript`. https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-executeScript.html */
const RUNTIME = "python3.11";

/** Seconds after which nobody approves any more: what was looked at is no longer so. */
export const APPROVAL_SECONDS = 3600;

/** Of a document in AWS: the full stop keeps environments apart (github-names.ts). */
export const documentName = (environment: string, runbook: string): string => `${documentPrefix(environment)}${runbook}`;

/** Of type Automation. @param role ARN of the role that it runs under */
export function automationDocument({ title, parameters, steps }: AutomationRunbook, role: string): object {
  return {
    schemaVersion: "0.3",
    description: title,
    assumeRole: role,
    ...(Object.keys(parameters).length > 0 && { parameters: mapped(parameters, parameter) }),
    outputs: steps.flatMap((step) => Object.keys(outputsOf(step)).map((output) => `${step.name}.${output}`)),
    mainSteps: steps.map(automationStep),
  };
}

/** Of type Command. @throws Error if Systems Manager would take a part of the script for a parameter */
export function commandDocument({ name, title, platform, script, timeoutSeconds }: CommandRunbook): object {
  const text = hostText(script);
  if (text.includes("{{"))
    throw new Error(`runbook ${name}: hosts/${script} must not hold {{, which a document of Systems Manager fills in`);
  return {
    schemaVersion: "2.2",
    description: title,
    mainSteps: [
      {
        action: platform === "Windows" ? "aws:runPowerShellScript" : "aws:runShellScript",
        name: "report",
        precondition: { StringEquals: ["platformType", platform] },
        inputs: { timeoutSeconds: String(timeoutSeconds), runCommand: text.trimEnd().split("\n") },
      },
    ],
  };
}

/** What a step gives: names, with the type of each. */
export function outputsOf(step: Step): Readonly<Record<string, NonNullable<Output["type"]>>> {
  if (step.does === "command") return { Status: "String", ResponseCode: "Integer", Output: "String" };
  if (step.does === "call" || step.does === "script") return mapped(step.outputs ?? {}, ({ type = "String" }) => type);
  return {};
}

const ACTIONS = {
  call: "aws:executeAwsApi",
  assert: "aws:assertAwsResourceProperty",
  wait: "aws:waitForAwsResourceProperty",
  branch: "aws:branch",
  command: "aws:runCommand",
  approve: "aws:approve",
  script: "aws:executeScript",
  sleep: "aws:sleep",
} as const satisfies Record<Step["does"], string>;

const mapped = <From, To>(record: Readonly<Record<string, From>>, to: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, to(value)]));

/** Everything is text: a number would be one more thing to get wrong at night. */
const parameter = ({ description, allowedPattern, allowedValues, default: byDefault }: Parameter) => ({
  type: "String",
  description,
  ...(allowedPattern && { allowedPattern }),
  ...(allowedValues && { allowedValues }),
  ...(byDefault !== undefined && { default: byDefault }),
});

function automationStep(step: Step): object {
  const { name, does, next, end, onFailure } = step;
  const timeoutSeconds = step.timeoutSeconds ?? (does === "approve" ? APPROVAL_SECONDS : undefined);
  return {
    name,
    action: ACTIONS[does],
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    // One that is dealt with is no failure of the runbook's.
    ...(onFailure ? { onFailure: `step:${onFailure.goTo}`, isCritical: false } : { onFailure: "Abort" }),
    inputs: inputsOf(step),
    ...((does === "call" || does === "script") &&
      step.outputs && {
        outputs: Object.entries(step.outputs).map(([Name, { selector, type = "String" }]) => ({ Name, Selector: selector, Type: type })),
      }),
    ...(next && { nextStep: next }),
    ...(end && { isEnd: true }),
  };
}

function inputsOf(step: Step): object {
  switch (step.does) {
    case "call":
      return { Service: step.service, Api: step.api, ...step.input };
    case "assert":
    case "wait":
      return { Service: step.service, Api: step.api, ...step.input, PropertySelector: step.property, DesiredValues: step.isOneOf };
    case "branch":
      return {
        Choices: Object.entries(step.when).map(([value, NextStep]) => ({ NextStep, Variable: `{{ ${step.on} }}`, StringEquals: value })),
        Default: step.otherwise,
      };
    case "command":
      return { DocumentName: step.document.name, InstanceIds: [step.instanceId] };
    case "approve":
      return { Approvers: [step.approver], Message: step.message, MinRequiredApprovals: 1 };
    case "script":
      return { Runtime: RUNTIME, Handler: "handler", Script: literalText(step.script), InputPayload: step.input };
    case "sleep":
      return { Duration: step.duration };
  }
}
