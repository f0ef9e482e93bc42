import { SsmDocument } from "@cdktf/provider-aws/lib/ssm-document";
import { Construct } from "constructs";
import { monthlyCron } from "../../environments/facts/cron";
import type { LogonRotation as Schedule } from "../../environments/schema/hosts";
import { Function, type FunctionProps } from "../functions/function";
import { documentPrefix } from "../identity/github-names";
import type { Secret } from "../storage/secret";
import { HOST_TAG, SWITCH_STEPS } from "./host-names";

export interface LogonRotationProps extends Pick<
  FunctionProps,
  "alerts" | "key" | "logRetentionDays" | "name" | "network" | "reservedConcurrency"
> {
  /** Name of the environment. */
  readonly environment: string;
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
  /** Value of the tag of the hosts that log on. */
  readonly host: string;
  /** Holds the password. */
  readonly secret: Secret;
  readonly schedule: Schedule;
}

/** What a host is told, by the function's word for it. */
export const LOGON_ACTIONS = ["set", "test"] as const;
type Action = (typeof LOGON_ACTIONS)[number];
const DESCRIPTIONS: Readonly<Record<Action, string>> = {
  set: "Sets the password of the automatic logon that is to be",
  test: "Proves that the password that is to be logs on",
};
/** Seconds that a host has: it waits half a minute for a converge that runs, and asks Secrets Manager five times at the most. */
const STEP_SECONDS = 90;
/** Of the function: two commands' waits would fit, of which a step makes one. */
const TIMEOUT_SECONDS = 240;

/**
 * Changes the password with which the Windows hosts log Administrator on, each month (SEC-056). The function makes a version of the secret; hosts
 * read it with their own role, set it, and prove it by a logon; then it is the current one. Where a host does not answer nothing is current that was
 * not: it is tried again, and an alarm is told. The documents take no parameter: whoever may send one can have a host do this and nothing else.
 */
export class LogonRotation extends Construct {
  readonly function: Function;

  constructor(scope: Construct, id: string, props: LogonRotationProps) {
    super(scope, id);
    const { account, environment, host, region, schedule, secret, ...rest } = props;
    const documents = LOGON_ACTIONS.map((action) => {
      const name = `${documentPrefix(environment)}logon-${action}`;
      const content = JSON.stringify(logonDocument(action));
      return { action, name, arn: new SsmDocument(this, action, { name, documentType: "Command", documentFormat: "JSON", content }).arn };
    });
    this.function = new Function(this, "function", {
      ...rest,
      description: "Rotates the password of the Windows hosts' automatic logon",
      code: "logon-rotation",
      settings: {
        documents: Object.fromEntries(documents.map(({ action, name }) => [action, name])),
        tag: HOST_TAG,
        host,
        step: SWITCH_STEPS.Windows,
        stepSeconds: STEP_SECONDS,
      },
      runbook: "logon-rotation",
      memoryMegabytes: 128,
      timeoutSeconds: TIMEOUT_SECONDS,
    });
    this.function.grant({ actions: ["ssm:SendCommand"], resources: documents.map(({ arn }) => arn) });
    this.function.grant({
      actions: ["ssm:SendCommand"],
      resources: [`arn:aws:ec2:${region}:${account}:instance/*`],
      conditions: { StringEquals: { [`ssm:resourceTag/${HOST_TAG}`]: host } },
    });
    this.function.grant({ actions: ["ec2:DescribeInstances", "ssm:GetCommandInvocation"], resources: ["*"] });
    this.function.rotate("rotation", secret, { expression: monthlyCron(schedule.weekday, schedule.hour), hours: schedule.hours, account });
  }
}

/** The bundle's own program, so that what sets the password is what the converge has of it; the exit code is the command's. */
export function logonDocument(action: Action) {
  const program = String.raw`$env:ProgramData\tss\host\rotate-logon.ps1`;
  return {
    schemaVersion: "2.2",
    description: DESCRIPTIONS[action],
    mainSteps: [
      {
        action: "aws:runPowerShellScript",
        name: SWITCH_STEPS.Windows,
        inputs: {
          timeoutSeconds: String(STEP_SECONDS),
          runCommand: [
            `powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "${program}" -Action '${action}'`,
            "exit $LASTEXITCODE",
          ],
        },
      },
    ],
  };
}
