import { SsmAssociation } from "@cdktf/provider-aws/lib/ssm-association";
import { Construct } from "constructs";
import type { HostBundle } from "./host-bundle";
import { literalText } from "./host-files";

export interface ConvergeProps {
  /** Physical name. */
  readonly name: string;
  /** AWS's own document that runs the script. */
  readonly document: "AWS-RunPowerShellScript" | "AWS-RunShellScript";
  readonly bundle: HostBundle;
  /** Lines that fetch the bundle and run it: those of the user data. */
  readonly script: string;
  /** The tag by which hosts are found, and its value. */
  readonly tag: readonly [key: string, value: string];
}

/** Seconds after which a run is given up; a first one installs everything. */
const TIMEOUT_SECONDS = 3600;

/**
 * Keeps hosts at what their bundle says: State Manager runs the bundle on a new host, within minutes after a deploy that changed it,
 * and every hour, so that what somebody changed by hand does not stay.
 */
export class Converge extends Construct {
  constructor(scope: Construct, id: string, props: ConvergeProps) {
    super(scope, id);
    const { name, document, bundle, script, tag: [key, value] } = props;
    new SsmAssociation(this, "association", {
      associationName: name,
      name: document,
      targets: [{ key: `tag:${key}`, values: [value] }],
      // The first line is a comment to both shells; it changes with bundle and settings, so that the association runs at once.
      parameters: { commands: `# manifest ${bundle.manifestHash}\n${literalText(script)}`, executionTimeout: String(TIMEOUT_SECONDS) },
      scheduleExpression: "rate(1 hour)",
      complianceSeverity: "HIGH",
    });
  }
}
