/**
 * What only AWS could say, answered without it: the attributes that a resource gets when it is made, and what data sources find.
 * The answers are made up, of the kind that their name promises, and the same whenever they are asked of the same configuration, so that
 * two sides that read the same thing see no difference.
 */
import { createHash } from "node:crypto";
import { canonical, isObject } from "../json-values";
import type { StackJson } from "../../terraform/assembly";

export type Answer = string | number | readonly string[] | readonly Readonly<Record<string, string>>[];
export type Block = Readonly<Record<string, unknown>>;

/** What can only be asked of AWS itself. */
export class Unanswered extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Unanswered";
  }
}

/** `aws_lb.public.dns_name`, `data.aws_vpc.default.id`, `aws_x.y.certificate_authority[0].data`. */
export interface Reference {
  readonly isData: boolean;
  readonly type: string;
  readonly name: string;
  /** `certificate_authority[0].data` in three steps. */
  readonly path: readonly string[];
}

const REFERENCE = /(?<![\w.-])(data\.)?([a-z][a-z0-9]*_\w+)\.([\w-]+)((?:\.\w+|\[\d+\])+)/g;

/** Every reference in a text, to managed resources and to data sources, outputs of other stacks left out. */
export function referencesIn(text: string): Reference[] {
  return [...text.matchAll(REFERENCE)]
    .filter(([, , type]) => type !== "terraform_remote_state")
    .map(([, data, type, name, path]) => ({
      isData: data !== undefined,
      type: type!,
      name: name!,
      path: [...path!.matchAll(/\w+/g)].map(([step]) => step),
    }));
}

/** Ids as EC2 writes them; some arguments are checked to begin so. */
const PREFIXES: Readonly<Record<string, string>> = {
  aws_instance: "i",
  aws_internet_gateway: "igw",
  aws_launch_template: "lt",
  aws_nat_gateway: "nat",
  aws_network_acl: "acl",
  aws_route_table: "rtb",
  aws_security_group: "sg",
  aws_subnet: "subnet",
  aws_vpc: "vpc",
  aws_vpc_endpoint: "vpce",
  default_network_acl: "acl",
  main_route_table: "rtb",
  prefix_list: "pl",
};

/** Where an id is what another attribute says: rules of the review look for ids in the texts of other resources. */
const IDS: Readonly<Record<string, string>> = {
  aws_cloudwatch_log_group: "name",
  aws_cloudwatch_metric_alarm: "alarm_name",
  aws_dynamodb_table: "name",
  aws_ecr_repository: "name",
  aws_eks_cluster: "name",
  aws_elasticache_cluster: "cluster_id",
  aws_elasticache_replication_group: "replication_group_id",
  aws_iam_role: "name",
  aws_lb: "arn",
  aws_lb_listener: "arn",
  aws_lb_target_group: "arn",
  aws_s3_bucket: "bucket",
  aws_s3_object: "key",
  aws_secretsmanager_secret: "arn",
  aws_sns_topic: "arn",
  aws_sqs_queue: "url",
  aws_ssm_parameter: "name",
};

/** Where a service is called otherwise in ARNs than in Terraform's types. */
const ARN_SERVICES: Readonly<Record<string, string>> = {
  db: "rds",
  lb: "elasticloadbalancing",
  vpc: "ec2",
  subnet: "ec2",
  security: "ec2",
  instance: "ec2",
  launch: "ec2",
};

const hash = (text: string, length: number): string => createHash("sha256").update(text).digest("hex").slice(0, length);

/**
 * @param seed the same for what is the same resource or the same question
 * @param path such as `["cache_nodes", "0", "address"]`
 */
export function answerOf(type: string, seed: string, path: readonly string[]): Answer {
  const attribute = path.at(-1)!;
  const unique = (length: number) => hash(`${seed} ${path.join(".")}`, length);
  const named = attribute.replace(/_?ids?$/, "");
  const prefix = PREFIXES[named] ?? PREFIXES[type] ?? named.replaceAll("_", "-");
  const id = (salt = "") => [prefix, hash(`${seed} ${path.join(".")} ${salt}`, 17)].filter(Boolean).join("-");
  const service = /^aws_([a-z0-9]+)/.exec(type)?.[1] ?? type;
  if (/(^|_)arn$/.test(attribute)) return `arn:aws:${ARN_SERVICES[service] ?? service}:us-east-1:000000000000:${unique(17)}`;
  if (/(^|_)ids$/.test(attribute)) return [id("first"), id("second")];
  if (/(^|_)id$/.test(attribute)) return id();
  if (attribute.endsWith("cidr_block")) return "172.31.0.0/16";
  if (/(^|_)(version|port|count)$/.test(attribute)) return 1;
  if (path[0] === "certificate_authority") return Buffer.from(unique(17)).toString("base64");
  if (/(^|_)(url|endpoint)$/.test(attribute)) return `https://${unique(17)}.invalid`;
  return `${unique(17)}.invalid`;
}

/** What ACM asks for to see whose the names of a certificate are: a record for each, written as the provider keeps it, without the last dot. */
const validationsOf = ({ domain_name: name, subject_alternative_names: others = [] }: Block): Answer =>
  [...new Set([name, ...(others as readonly unknown[])].map(String))].map((one) => ({
    domain_name: one,
    resource_record_name: `_${hash(one, 32)}.${one}`,
    resource_record_type: "CNAME",
    resource_record_value: `_${hash(`value ${one}`, 32)}.acm-validations.aws`,
  }));

/** Answers what the stacks of one synthesis ask one another and AWS. */
export class Answers {
  /** @param stacks by their names, as they stood before the change */
  constructor(private readonly stacks: ReadonlyMap<string, StackJson>) {}

  /** @throws Unanswered where a resource is made more than once, so that no reference names it alone */
  of(json: StackJson, { isData, type, name, path }: Reference): Answer {
    const block = (isData ? json.data : json.resource)?.[type]?.[name];
    if (!block) throw new Unanswered(`${isData ? "data." : ""}${type}.${name} is not in the stack that refers to it`);
    if (isData && ("count" in block || "for_each" in block)) throw new Unanswered(`data.${type}.${name} stands for more than one`);
    const same = IDS[type];
    if (same !== undefined && !isData && path.length === 1 && path[0] === "id") return this.of(json, { isData, type, name, path: [same] });
    if (type === "aws_acm_certificate" && path[0] === "domain_validation_options") return validationsOf(block);
    // What the code says itself need not be made up.
    const configured = path.length === 1 && !isData ? block[path[0]!] : undefined;
    if (typeof configured === "number") return configured;
    if (typeof configured === "string") {
      const reference = single(configured);
      if (reference) return this.of(json, reference);
      if (!/[$%]\{/.test(configured)) return configured;
    }
    return answerOf(type, isData ? `${type} ${canonical(without(block, "//"))}` : `${type}.${name}`, path);
  }

  /** Of an output of another stack. */
  ofOutput(stack: string, output: string): Answer {
    const json = this.stacks.get(stack);
    const value = json?.output?.[output]?.value;
    const reference = typeof value === "string" ? single(value) : undefined;
    if (json && reference) return this.of(json, reference);
    if (typeof value === "string" && !/[$%]\{/.test(value)) return value;
    return answerOf(output, `${stack} ${output}`, [output]);
  }
}

/** The one reference that a text consists of. */
export function single(text: string): Reference | undefined {
  const inner = /^\$\{([^{}"\s]+)\}$/.exec(text)?.[1];
  const [reference, ...others] = inner === undefined ? [] : referencesIn(inner);
  return reference && others.length === 0 && inner!.startsWith(reference.isData ? "data." : reference.type) && !/[()?:,]/.test(inner!)
    ? reference
    : undefined;
}

export const without = (block: Block, ...keys: readonly string[]): Block =>
  Object.fromEntries(Object.entries(block).filter(([key]) => !keys.includes(key)));

/** Blocks of a kind by their addresses. */
export function* blocksOf(
  blocks: StackJson["resource"],
): Generator<{ readonly type: string; readonly name: string; readonly block: Block }> {
  for (const [type, named] of Object.entries(blocks ?? {}))
    for (const [name, block] of Object.entries(named)) if (isObject(block)) yield { type, name, block };
}
