/** Secrets that stand in the code, in the plan or in the state, where whoever may read those can read them (design 11). */
import { SECRET_LIKE, UNKNOWN, type Values } from "../../model";
import { isObject, listOf } from "../../json-values";
import { isWhereabouts, speaksOfSecret } from "../../plan/secrets";
import { blocksIn } from "../../plan/blocks";
import { jsonIn, USER_DATA, type Subject } from "../subjects";
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

export const secrets: readonly Rule[] = [
  {
    rule: "policy/plain-secret-in-environment", always: true, types: ["aws_ecs_task_definition", "aws_lambda_function", "aws_codebuild_project", "aws_batch_job_definition", "aws_apprunner_service", ...KUBERNETES_WORKLOADS], riskClass: "identity",
    when: (subject) => plainSecrets(subject).length > 0,
    message: (subject) => `A secret stands in a program's environment as plain text (${plainSecrets(subject).join(", ")}): name where it is kept instead, so that neither code nor state hold it.`,
  },
  {
    rule: "policy/plain-secret-in-user-data", always: true, types: ["aws_instance", "aws_launch_template", "aws_launch_configuration", "aws_spot_instance_request"], riskClass: "identity",
    // A short text in Base64 looks like a secret as a whole, which says nothing.
    when: (subject) => USER_DATA.map((argument) => written(subject)[argument]).some((value) => holdsSecret(value) && value !== SECRET_LIKE),
    message: "What a machine runs at its first boot holds something that looks like a secret: everything on the machine can read it.",
  },
  {
    rule: "policy/secret-in-state", always: true, types: Object.keys(IN_STATE), riskClass: "identity",
    when: ({ type, values }) => IN_STATE[type]!.some((argument) => !isOff(values[argument]) && !isEmpty(values[argument])),
    message: "A secret passes through the code or the state: let the service that owns it make it, or fill an empty entry by hand.",
  },
  {
    rule: "policy/secret-in-state", always: true, types: ["aws_ssm_parameter"], riskClass: "identity",
    when: ({ values }) => values.type === "SecureString" && !isOff(values.value),
    message: "The value of a SecureString parameter is kept in the state as plain text: use a secret that is filled by hand, or `value_wo`.",
  },
  {
    rule: "policy/secret-in-code", always: true, riskClass: "identity",
    // What is said of a program's environment is not said again.
    when: (subject) => secretArguments(subject).length > 0 && plainSecrets(subject).length === 0,
    message: (subject) => `Something that looks like a secret stands in ${secretArguments(subject).join(", ")}.`,
  },
];

const isEmpty = (value: unknown): boolean => typeof value === "object" && value !== null && Object.keys(value).length === 0;

/** The code's own words where they are known: a plan no longer tells a name that stands there from one that a reference brought. */
const written = ({ code, values }: Subject): Values => code ?? values;

/** Arguments that other rules do not speak of, and that hold a secret. */
const secretArguments = (subject: Subject): string[] =>
  Object.entries(written(subject)).filter(([argument, value]) => !USER_DATA.includes(argument) && !IN_STATE[subject.type]?.includes(argument) && holdsSecret(value)).map(([argument]) => argument).sort();

/** Something was taken out of it when the plan was read. */
function holdsSecret(value: unknown): boolean {
  if (typeof value === "string") return value.includes(SECRET_LIKE);
  if (Array.isArray(value)) return value.some(holdsSecret);
  return isObject(value) && Object.values(value).some(holdsSecret);
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

/** What names another resource's attribute or says where a secret is kept: none that stands here, such as `DB_SECRET: "${aws_secretsmanager_secret.x.arn}"`. */
const isReference = (value: unknown): boolean => typeof value === "string" && (/^\$\{[^{}]*\}$/.test(value) || isWhereabouts(value));

function variablesOf(subject: Subject): Variable[] {
  const { type } = subject;
  const values = written(subject);
  if (type === "aws_lambda_function") return blocksIn(values, "environment").flatMap(({ variables }) => (isObject(variables) ? Object.entries(variables).map(([name, value]) => ({ name, value })) : []));
  if (type === "aws_ecs_task_definition") return listOf(jsonIn(values.container_definitions)).flatMap((container) => pairs(container, "environment"));
  if (type === "aws_batch_job_definition") return pairs(jsonIn(values.container_properties), "environment");
  if (type === "aws_codebuild_project") {
    return blocksIn(values, "environment").flatMap((block) => blocksIn(block, "environment_variable").filter((variable) => variable.type === undefined || variable.type === "PLAINTEXT").flatMap(pairOf));
  }
  if (type === "aws_apprunner_service") return everywhere(values, "runtime_environment_variables").flatMap((map) => (isObject(map) ? Object.entries(map).map(([name, value]) => ({ name, value })) : []));
  return everywhere(values, "env").flatMap((block) => listOf(block).flatMap(pairOf));
}

const pairs = (values: unknown, key: string): Variable[] => (isObject(values) ? blocksIn(values, key).flatMap(pairOf) : []);
const pairOf = (variable: unknown): Variable[] => (isObject(variable) && typeof variable.name === "string" ? [{ name: variable.name, value: variable.value }] : []);

/** What stands under a key, at any depth. */
function everywhere(value: unknown, key: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((one) => everywhere(one, key));
  return isObject(value) ? Object.entries(value).flatMap(([name, inner]) => (name === key ? [inner] : everywhere(inner, key))) : [];
}
