/** What review/provider-schema.json says of AWS's resources, against the provider itself. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { awsSchemas, lookUp, namesIn, PROVIDER_SCHEMA, providerSchema } from "../../commands/pages/provider-schema";

jest.setTimeout(3 * 60_000);

const root = join(__dirname, "..", "..");
const schemas = awsSchemas()!;
const names = namesIn(root);

it("is what the provider's own schema says, name by name", () => {
  expect(readFileSync(join(root, PROVIDER_SCHEMA), "utf8")).toBe(providerSchema(root, schemas));
});

/** Names by which the code reads other types too, because they have them in the same words. */
it.each([
  [/^aws_lb_listener\./, ["aws_alb_listener"]],
  [/^aws_db_parameter_group\.parameter/, ["aws_rds_cluster_parameter_group"]],
  [/^aws_cloudwatch_metric_alarm\.(alarm_name|alarm_actions|actions_enabled)$/, ["aws_cloudwatch_composite_alarm"]],
  [
    /^aws_iam_role_policy_attachment\.policy_arn$/,
    ["aws_iam_policy_attachment", "aws_iam_user_policy_attachment", "aws_iam_group_policy_attachment", "aws_eks_access_policy_association"],
  ],
  [/^aws_iam_role\.permissions_boundary$/, ["aws_iam_user"]],
  [/^aws_iam_role\.(name|id)$/, ["aws_iam_user", "aws_iam_group"]],
  [/^aws_instance\.user_data_base64$/, ["aws_launch_configuration", "aws_spot_instance_request"]],
  [/^aws_instance\.(user_data|key_name)$/, ["aws_launch_configuration", "aws_launch_template"]],
  [/^aws_vpc_security_group_ingress_rule\.security_group_id$/, ["aws_vpc_security_group_egress_rule", "aws_security_group_rule"]],
  [/^kubernetes_cluster_role_v1\.rule\.(?!non_resource_urls)/, ["kubernetes_role", "kubernetes_role_v1", "kubernetes_cluster_role"]],
  [/^kubernetes_role_binding_v1\./, ["kubernetes_role_binding", "kubernetes_cluster_role_binding", "kubernetes_cluster_role_binding_v1"]],
  [/^kubernetes_namespace_v1\.metadata/, ["kubernetes_namespace"]],
  [/^kubernetes_network_policy_v1\./, ["kubernetes_network_policy"]],
])("other types have %s in the same words", (of, types) => {
  const used = names.filter((name) => of.test(name));
  expect(used).not.toEqual([]);
  const others = types.flatMap((type) => used.map((name) => `${type}.${name.slice(name.indexOf(".") + 1)}`));
  expect(lookUp(root, others, schemas).missing).toEqual([]);
});
