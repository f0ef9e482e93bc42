import { SsmDocument } from "@cdktf/provider-aws/lib/ssm-document";
import { Construct } from "constructs";
import { killSwitchDocument, type HostAction, HOST_ACTIONS } from "../identity/github-names";
import { single } from "../identity/policy";
import type { Grantee } from "../identity/role";
import { hostText, literalText } from "./host-files";
import { HOST_TAG, SWITCH_STEPS } from "./host-names";

/** Seconds that a host has for it. The trading engine is given 60 to end by itself (its unit's TimeoutStopSec), tasks of Windows 30. */
const TIMEOUT_SECONDS = 120;

const DESCRIPTIONS: Readonly<Record<HostAction, string>> = {
  stop: "Kill switch: stops the trading software on a host, and keeps it stopped",
  ready: "Kill switch: lets a host start the trading software again, which it does once the switch is off",
  status: "Kill switch: says what of the trading software runs on a host",
};

/**
 * What the kill switch tells hosts through Systems Manager (OPS-004, C-66): documents of the environment's own, which take no parameter, so
 * that whoever may send one can have a host do this and nothing else. They hold their scripts, and so need no bundle on the host.
 */
export class KillSwitchDocuments extends Construct {
  /** Each as others send it. */
  readonly sent: Readonly<Record<HostAction, { readonly name: string; readonly arn: string }>>;

  /** @param props.environment name of the environment */
  constructor(scope: Construct, id: string, { environment }: { readonly environment: string }) {
    super(scope, id);
    this.sent = Object.fromEntries(
      HOST_ACTIONS.map((action) => {
        const name = killSwitchDocument(environment, action);
        const document = new SsmDocument(this, action, {
          name,
          documentType: "Command",
          documentFormat: "JSON",
          content: literalText(JSON.stringify(documentContent(action))),
        });
        return [action, { name, arn: document.arn }];
      }),
    ) as Record<HostAction, KillSwitchDocuments["sent"][HostAction]>;
  }

  /**
   * Tells these hosts to do these things, and hears what became of it.
   * @param hosts.names values of their tag: AWS gives the machines' ids, to others with each new machine
   */
  grantTell(
    grantee: Grantee,
    actions: readonly HostAction[],
    hosts: { readonly region: string; readonly account: string; readonly names: readonly string[] },
  ): void {
    const { region, account, names } = hosts;
    grantee.grant({ actions: ["ssm:SendCommand"], resources: actions.map((action) => this.sent[action].arn) });
    grantee.grant({
      actions: ["ssm:SendCommand"],
      resources: [`arn:aws:ec2:${region}:${account}:instance/*`],
      conditions: { StringEquals: { [`ssm:resourceTag/${HOST_TAG}`]: single(names) } },
    });
    grantee.grant({ actions: ["ec2:DescribeInstances", "ssm:GetCommandInvocation"], resources: ["*"] });
  }
}

/** One step for each kind of host; the other one is passed over. https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html */
export function documentContent(action: HostAction) {
  const step = (platform: keyof typeof SWITCH_STEPS, run: string, script: string) => ({
    action: run,
    name: SWITCH_STEPS[platform],
    precondition: { StringEquals: ["platformType", platform] },
    inputs: { timeoutSeconds: String(TIMEOUT_SECONDS), runCommand: script.trimEnd().split("\n") },
  });
  const [powershell, shell] = ["kill-switch/kill-switch.ps1", "kill-switch/kill-switch.sh"].map((path) => hostText(path).trimEnd());
  return {
    schemaVersion: "2.2",
    description: DESCRIPTIONS[action],
    mainSteps: [
      step("Windows", "aws:runPowerShellScript", `& {\n${powershell}\n} -Action '${action}'`),
      // The plugin hands the script to sh; it is written for bash.
      step("Linux", "aws:runShellScript", `bash -s -- '${action}' <<'KILL_SWITCH_SH'\n${shell}\nKILL_SWITCH_SH`),
    ],
  };
}
