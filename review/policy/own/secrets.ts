/** Secrets that stand in the code, in the plan or in the state, where whoever may read those can read them (design 5.11). */
import { SECRET_LIKE, UNKNOWN } from "../../model";
import { containsSecret, speaksOfSecret } from "../../plan/secrets";
import { blocks, isObject, jsonIn, listOf, type Subject } from "../subjects";
import { isOff, type Rule } from "./rule";

/** Arguments that put a secret into the state, wherever it comes from. */
const IN_STATE: Readonly<Record<string, readonly string[]>> = {
  aws_secretsmanager_secret_version: ["secret_string", "secret_binary"],
  aws_db_instance: ["password"],
  aws_rds_cluster: ["master_password"],
  aws_docdb_cluster: ["master_password"],
  aws_redshift_cluster: ["master_password"],
  aws_elasticache_replication_group: ["auth_token"],
  aws_elasticache_user: ["passwords"],
  aws_iam_access_key: ["id", "user"],
  kubernetes_secret: ["data", "binary_data"],
  kubernetes_secret_v1: ["data", "binary_data"],
};

const KUBERNETES_WORKLOADS = ["pod", "deployment", "stateful_set", "daemon_set", "daemonset", "job", "cron_job", "replication_controller"].flatMap((kind) => [`kubernetes_${kind}`, `kubernetes_${kind}_v1`]);
const USER_DATA = ["user_data", "user_data_base64"];

export const secrets: readonly Rule[] = [
  {
    rule: "policy/plain-secret-in-environment", types: ["aws_ecs_task_definition", "aws_lambda_function", "aws_codebuild_project", "aws_batch_job_definition", "aws_apprunner_service", ...KUBERNETES_WORKLOADS], riskClass: "identity",
    when: (subject) => plainSecrets(subject).length > 0,
    message: (subject) => `A secret stands in a program's environment as plain text (${plainSecrets(subject).join(", ")}): name where it is kept instead, so that neither code nor state hold it.`,
  },
  {
    rule: "policy/plain-secret-in-user-data", types: ["aws_instance", "aws_launch_template", "aws_launch_configuration", "aws_spot_instance_request"], riskClass: "identity",
    when: ({ values }) => USER_DATA.some((argument) => holdsSecret(decoded(values[argument]))),
    message: "What a machine runs at its first boot holds something that looks like a secret: everything on the machine can read it.",
  },
  {
    rule: "policy/secret-in-state", types: Object.keys(IN_STATE), riskClass: "identity",
    when: ({ type, values }) => IN_STATE[type]!.some((argument) => !isOff(values[argument]) && !(isObject(values[argument]) && Object.keys(values[argument]).length === 0)),
    message: "A secret passes through the code or the state: let the service that owns it make it, or fill an empty entry by hand.",
  },
  {
    rule: "policy/secret-in-state", types: ["aws_ssm_parameter"], riskClass: "identity",
    when: ({ values }) => values.type === "SecureString" && !isOff(values.value),
    message: "The value of a SecureString parameter is kept in the state as plain text: use a secret that is filled by hand, or `value_wo`.",
  },
  {
    rule: "policy/secret-in-code", riskClass: "identity",
    when: ({ type, values }) => Object.entries(values).some(([argument, value]) => !USER_DATA.includes(argument) && !IN_STATE[type]?.includes(argument) && holdsSecret(value)),
    message: ({ type, values }) => `Something that looks like a secret stands in ${Object.keys(values).filter((argument) => !USER_DATA.includes(argument) && !IN_STATE[type]?.includes(argument) && holdsSecret(values[argument])).sort().join(", ")}.`,
  },
];

/** A text that was redacted when the plan was read; or the code's own, which nobody redacted. */
function holdsSecret(value: unknown): boolean {
  if (typeof value === "string") return value.includes(SECRET_LIKE) || containsSecret(value);
  if (Array.isArray(value)) return value.some(holdsSecret);
  return isObject(value) && Object.values(value).some(holdsSecret);
}

/** User data is often in Base64. */
function decoded(value: unknown): unknown {
  if (typeof value !== "string" || value.length < 16 || !/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(value)) return value;
  return `${value}\n${Buffer.from(value, "base64").toString("utf8")}`;
}

interface Variable {
  readonly name: string;
  readonly value: unknown;
}

/** Names of the variables that have a value and speak of a secret, or whose value looks like one. Names only: they are meant to be seen. */
function plainSecrets(subject: Subject): string[] {
  const found = variablesOf(subject).filter(({ name, value }) => !isOff(value) && value !== UNKNOWN && !isReference(value) && (speaksOfSecret(name) || holdsSecret(value)));
  return [...new Set(found.map(({ name }) => name))].sort();
}

/** Code that names another resource's attribute: not a secret that stands here, such as `DB_SECRET: "${aws_secretsmanager_secret.x.arn}"`. */
const isReference = (value: unknown): boolean => typeof value === "string" && (/^\$\{[^{}]*\}$/.test(value) || value.startsWith("arn:"));

function variablesOf({ type, values }: Subject): Variable[] {
  if (type === "aws_lambda_function") return blocks(values, "environment").flatMap(({ variables }) => (isObject(variables) ? Object.entries(variables).map(([name, value]) => ({ name, value })) : []));
  if (type === "aws_ecs_task_definition") return listOf(jsonIn(values.container_definitions)).flatMap((container) => pairs(container, "environment"));
  if (type === "aws_batch_job_definition") return pairs(jsonIn(values.container_properties), "environment");
  if (type === "aws_codebuild_project") {
    return blocks(values, "environment").flatMap((block) => blocks(block, "environment_variable").filter((variable) => variable.type === undefined || variable.type === "PLAINTEXT").flatMap(pairOf));
  }
  if (type === "aws_apprunner_service") return everywhere(values, "runtime_environment_variables").flatMap((map) => (isObject(map) ? Object.entries(map).map(([name, value]) => ({ name, value })) : []));
  return everywhere(values, "env").flatMap((block) => listOf(block).flatMap(pairOf));
}

const pairs = (values: unknown, key: string): Variable[] => blocks(values, key).flatMap(pairOf);
const pairOf = (variable: unknown): Variable[] => (isObject(variable) && typeof variable.name === "string" ? [{ name: variable.name, value: variable.value }] : []);

/** What stands under a key, at any depth. */
function everywhere(value: unknown, key: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((one) => everywhere(one, key));
  return isObject(value) ? Object.entries(value).flatMap(([name, inner]) => (name === key ? [inner] : everywhere(inner, key))) : [];
}
