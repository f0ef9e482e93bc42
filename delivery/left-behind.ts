/** What an interrupted deploy leaves: AWS may have made it after Terraform had given up the call, so that no state knows it. */
import { redactText } from "../review/plan/redact";
import type { Stack } from "../terraform/assembly";

/** Resources that AWS has once for each name, and that Terraform takes over by it. */
const NAMED = ["aws_cloudwatch_log_group", "aws_dynamodb_table", "aws_iam_role", "aws_lambda_function", "aws_s3_bucket"];
const IS_THERE =
  /^\s*Error: creating [^\n]*?\((?<name>[^()\s]+)\): [^\n]*(?:already exists|AlreadyExists|AlreadyOwnedByYou|ResourceInUse|ResourceConflict)/;
const ADDRESS = /^\s*with (?<address>(?<type>aws_\w+)\.[\w-]+),/m;

/**
 * What Terraform said of a failure, without secrets; where it found something there that it was to make, with how to take that over.
 * https://developer.hashicorp.com/terraform/cli/commands/import
 */
export function withLeftBehind({ name }: Pick<Stack, "name">, said: string): string {
  const commands = said.split(/\n(?=\s*Error: )/).flatMap((error) => {
    const there = IS_THERE.exec(error)?.groups;
    const resource = ADDRESS.exec(error)?.groups;
    return there && resource && NAMED.includes(resource.type!)
      ? [`  terraform -chdir=cdktf.out/stacks/${name} import '${resource.address}' '${there.name}'`]
      : [];
  });
  if (commands.length === 0) return redactText(said);
  return [
    redactText(said),
    "",
    "It is there, though the state does not know it. If an interrupted deploy has left it, take it over, and deploy again:",
    ...commands,
  ].join("\n");
}
