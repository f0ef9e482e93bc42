import { SsmDocument } from "@cdktf/provider-aws/lib/ssm-document";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { Construct } from "constructs";
import { literalText } from "../hosts/host-files";
import { DEPLOY_IMAGE_STEP, webImageParameter } from "../hosts/host-names";
import { deployImageDocument, VERSION_PATTERN } from "../identity/github-names";
import type { Grantee } from "../identity/role";

/** Seconds until the machine gives it up: another converge is waited for, then an image is pulled, the database migrated, health waited for. */
const TIMEOUT_SECONDS = 3600;

/**
 * How another image comes to the machine (OPS-054), and where it is kept which one did.
 *
 * The machine writes the parameter itself, once the image is found healthy, so that there is no moment at which the two disagree for long; Terraform makes
 * it and never looks at what it holds (design 38).
 */
export class ImageDeploys extends Construct {
  readonly parameterName: string;
  private readonly parameter: SsmParameter;

  /** @param props.environment name of the environment */
  constructor(scope: Construct, id: string, { environment }: { readonly environment: string }) {
    super(scope, id);
    this.parameterName = webImageParameter(environment);
    this.parameter = new SsmParameter(this, "deployed", {
      name: this.parameterName,
      description: "The image that was last deployed to the web application's backend, and the literal's in whose place",
      type: "String",
      tier: "Standard",
      insecureValue: "{}",
      lifecycle: { ignoreChanges: ["insecure_value", "value"] },
    });
    new SsmDocument(this, "document", {
      name: deployImageDocument(environment),
      documentType: "Command",
      documentFormat: "JSON",
      content: literalText(JSON.stringify(deployImageContent())),
    });
  }

  /** Goes by it, and writes what was deployed. */
  grantRecord(grantee: Grantee): void {
    grantee.grant({ actions: ["ssm:GetParameter", "ssm:PutParameter"], resources: [this.parameter.arn] });
  }
}

/** It runs what the bundle has brought, under the lock of the converge; the one value that it takes names an image of the environment's own repository. */
export const deployImageContent = () => ({
  schemaVersion: "2.2",
  description: "Changes the web application over to another image of its API, and back where that is not healthy",
  parameters: {
    version: { type: "String", description: "Tag or digest", allowedPattern: VERSION_PATTERN },
  },
  mainSteps: [
    {
      action: "aws:runShellScript",
      name: DEPLOY_IMAGE_STEP,
      inputs: {
        timeoutSeconds: String(TIMEOUT_SECONDS),
        runCommand: ["exec flock --wait 1800 /opt/tss/.lock /opt/tss/host/deploy.sh '{{ version }}'"],
      },
    },
  ],
});
