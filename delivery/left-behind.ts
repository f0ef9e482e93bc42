/** What an interrupted deploy leaves: AWS may have made it after Terraform had given up the call, so that no state knows it. */
import { redactText } from "../review/plan/redact";
import type { Stack } from "../terraform/assembly";

const byName = (name: string): string => `'${name}'`;
/**
 * Resources that AWS has once for each name, and the shell's word for what Terraform takes each over by; `undefined` where the error
 * does not tell.
 */
const IMPORTED_BY: Readonly<Record<string, (name: string, error: string) => string | undefined>> = {
  aws_cloudwatch_log_group: byName,
  aws_dynamodb_table: byName,
  aws_ecr_repository: byName,
  aws_iam_instance_profile: byName,
  aws_iam_role: byName,
  aws_kms_alias: byName,
  aws_lambda_event_source_mapping: (_, error) => /with UUID (?<id>[0-9a-f-]{36})/.exec(error)?.groups!.id,
  aws_lambda_function: byName,
  aws_lambda_permission: byName,
  aws_s3_bucket: byName,
  // Its ARN ends with letters that AWS has chosen.
  aws_secretsmanager_secret: (name) => `"$(aws secretsmanager describe-secret --secret-id '${name}' --query ARN --output text)"`,
  aws_ssm_document: byName,
  aws_ssm_parameter: byName,
};
const IS_THERE =
  /^\s*Error: (?:creating|adding) [^\n]*?\((?<name>[\w#+,./:=@-]+)\): [^\n]*(?:already exists|AlreadyExists|AlreadyOwnedByYou|ResourceInUse|ResourceConflict)/;
const ADDRESS = /^\s*with (?<address>(?<type>aws_\w+)\.[\w-]+),/m;

/**
 * What Terraform said of a failure, without secrets; where it found something there that it was to make, with how to take that over.
 * https://developer.hashicorp.com/terraform/cli/commands/import
 */
export function withLeftBehind({ name }: Pick<Stack, "name">, said: string): string {
  const commands = said.split(/\n(?=\s*Error: )/).flatMap((error) => {
    const there = IS_THERE.exec(error)?.groups;
    const resource = ADDRESS.exec(error)?.groups;
    const id = there && resource && IMPORTED_BY[resource.type!]?.(there.name!, error);
    return id ? [`  terraform -chdir=cdktf.out/stacks/${name} import '${resource!.address}' ${id}`] : [];
  });
  if (commands.length === 0) return redactText(said);
  return [
    redactText(said),
    "",
    "It is there, though the state does not know it. If an interrupted deploy has left it, take it over, and deploy again:",
    ...commands,
  ].join("\n");
}
