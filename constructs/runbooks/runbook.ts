import { SsmDocument } from "@cdktf/provider-aws/lib/ssm-document";
import { Construct } from "constructs";
import { literalText } from "../hosts/host-files";
import { Role } from "../identity/role";
import type { AutomationRunbook, RunnableRunbook } from "./description";
import { automationDocument, commandDocument, documentName } from "./document";
import { rightsOf } from "./rights";

export interface RunbookProps {
  /** Name of the environment. */
  readonly environment: string;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  /** What physical names end in. */
  readonly nameSuffix: string;
  readonly description: RunnableRunbook;
}

/**
 * A runbook as a document of Systems Manager, with a role that may do what its steps do and nothing else.
 *
 * Changed, it is a new version of the same document, and that becomes the default one: the provider calls UpdateDocument and
 * UpdateDocumentDefaultVersion for every schema but 1.x, and replaces a document only for another name.
 * https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/ssm/document.go
 */
export class Runbook extends Construct {
  readonly name: string;
  readonly arn: string;
  /** That of an Automation document; for what a step needs and its call does not say, such as the key of a volume. */
  readonly role?: Role;

  constructor(scope: Construct, id: string, props: RunbookProps) {
    super(scope, id);
    const { environment, description } = props;
    if (description.kind === "automation") this.role = this.roleOf(props, description);
    const document = new SsmDocument(this, "document", {
      name: documentName(environment, description.name),
      documentType: description.kind === "automation" ? "Automation" : "Command",
      documentFormat: "JSON",
      content:
        description.kind === "automation"
          ? JSON.stringify(automationDocument(description, this.role!.arn))
          : literalText(JSON.stringify(commandDocument(description))),
    });
    this.name = document.name;
    this.arn = document.arn;
  }

  private roleOf({ account, region, nameSuffix }: RunbookProps, description: AutomationRunbook): Role {
    const role = new Role(this, "role", {
      name: `tss-runbook-${description.name}${nameSuffix}`,
      description: `Runs the runbook ${description.name}`,
      assumedBy: [
        {
          principals: { Service: "ssm.amazonaws.com" },
          actions: ["sts:AssumeRole"],
          // https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-setup-iam.html
          conditions: {
            StringEquals: { "aws:SourceAccount": account },
            ArnLike: { "aws:SourceArn": `arn:aws:ssm:${region}:${account}:automation-execution/*` },
          },
        },
      ],
    });
    for (const right of description.steps.flatMap(rightsOf)) role.grant(right);
    return role;
  }
}
