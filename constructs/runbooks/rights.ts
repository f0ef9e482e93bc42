/** What a runbook's role may do: exactly what its steps call. */
import type { Grantee } from "../identity/role";
import type { AutomationRunbook, Right, Step } from "./description";

/** botocore's names of services that IAM calls otherwise; the others are the same. */
const PREFIXES: Readonly<Record<string, string>> = { elbv2: "elasticloadbalancing" };

/** What Automation itself calls to send a command and to see what became of it; the lists have no resource level. */
const COMMAND_LISTS: Right = {
  actions: ["ssm:DescribeInstanceInformation", "ssm:GetCommandInvocation", "ssm:ListCommandInvocations", "ssm:ListCommands"],
  resources: ["*"],
};

/** By step, in its order; the same right may come twice. */
export function rightsOf(step: Step): readonly Right[] {
  switch (step.does) {
    case "call":
    case "assert":
    case "wait": {
      const { service, api, on, conditions, also = [] } = step;
      return [{ actions: [`${PREFIXES[service] ?? service}:${api}`], resources: on, ...(conditions && { conditions }) }, ...also];
    }
    case "command":
      return [{ actions: ["ssm:SendCommand"], resources: [step.document.arn] }, step.machines, COMMAND_LISTS];
    case "script":
      return step.rights;
    case "approve":
    case "branch":
    case "sleep":
      return [];
  }
}

/** Whether a runbook calls one of these: what else that needs, such as the use of a key, is the stack's to give. @param any `ec2:StartInstances` */
export const calls = ({ steps }: AutomationRunbook, ...any: readonly string[]): boolean =>
  steps.flatMap(rightsOf).some(({ actions }) => actions.some((action) => any.includes(action)));

/** What a construct grants, as rights of a step: so that what a script calls is said once, by what it calls. */
export function granted(grant: (grantee: Grantee) => void): readonly Right[] {
  const rights: Right[] = [];
  grant({ grant: (statement) => rights.push(statement) });
  return rights;
}
