import { SsmAssociation } from "@cdktf/provider-aws/lib/ssm-association";
import { SsmDocument } from "@cdktf/provider-aws/lib/ssm-document";
import { Construct } from "constructs";
import { documentPrefix } from "../identity/github-names";
import type { Boot } from "./boot";
import type { HostBundle } from "./host-bundle";
import { literalText } from "./host-files";

export interface ConvergeProps {
  /** Name of the environment. */
  readonly environment: string;
  /** Kind of host: `windows`. */
  readonly kind: string;
  /** Physical name of the association. */
  readonly name: string;
  readonly bundle: HostBundle;
  /** Lines that fetch the bundle and run it: those of the user data. */
  readonly boot: Pick<Boot, "script" | "run">;
  /** The tag by which hosts are found, and its value. */
  readonly tag: readonly [key: string, value: string];
}

/** Seconds after which a run is given up; a first one installs everything. */
const TIMEOUT_SECONDS = 3600;

/**
 * Keeps hosts at what their bundle says: State Manager runs the bundle on a new host, within minutes after a deploy that changed it,
 * and every hour, so that what somebody changed by hand does not stay.
 *
 * By a document of its own: it runs these lines and takes no others, so that hosts and workflows need no right on AWS's documents, which run whatever they are told.
 */
export class Converge extends Construct {
  readonly documentArn: string;

  constructor(scope: Construct, id: string, props: ConvergeProps) {
    super(scope, id);
    const {
      environment,
      kind,
      name,
      bundle,
      boot,
      tag: [key, value],
    } = props;
    // It would be a parameter of the document.
    if (boot.script.includes("{{"))
      throw new Error(
        `hosts: the script that fetches the bundle of ${kind} must not hold {{, which a document of Systems Manager fills in`,
      );
    const content = {
      schemaVersion: "2.2",
      description: `Makes a host of kind ${kind} what its bundle says`,
      parameters: {
        manifest: {
          type: "String",
          description: "Hash of the manifest: State Manager runs an association at once when it changes",
          allowedPattern: "^[0-9a-f]{64}$",
        },
      },
      mainSteps: [
        {
          action: boot.run,
          name: "converge",
          inputs: { timeoutSeconds: String(TIMEOUT_SECONDS), runCommand: boot.script.trimEnd().split("\n") },
        },
      ],
    };
    const document = new SsmDocument(this, "document", {
      name: `${documentPrefix(environment)}${kind}`,
      documentType: "Command",
      documentFormat: "JSON",
      content: literalText(JSON.stringify(content)),
    });
    this.documentArn = document.arn;
    new SsmAssociation(this, "association", {
      associationName: name,
      name: document.name,
      targets: [{ key: `tag:${key}`, values: [value] }],
      parameters: { manifest: bundle.manifestHash },
      scheduleExpression: "rate(1 hour)",
      complianceSeverity: "HIGH",
    });
  }
}
