/** Whose name a physical name carries: one that was copied from another environment and left as it was means the other's resource. */
import { z } from "zod";
import { bucketName, cacheId, clusterName, databaseId, iamRole, metricNamespace, namespace, queueName, secretName, securityGroupName, serviceImage, tableName, topicName } from "./fields";
import { pathTo } from "./rules/finding";
import { environmentSchema, PARSING, type Environment } from "./schema";
import { imageParts } from "./services";

/** The kinds of value that name a resource; descriptions, tags, addresses and figures are none of them, whatever words they hold. */
const NAMES: ReadonlySet<unknown> = new Set([
  bucketName, cacheId, clusterName, databaseId, iamRole, metricNamespace, namespace, queueName, secretName, securityGroupName, serviceImage, tableName, topicName,
]);

/** A text of an environment, and where it stands. */
export interface Text {
  readonly path: string;
  readonly value: string;
}

interface Leaf extends Text {
  readonly schema: unknown;
}

/** Every text of an accepted value, with the schema that accepted it. */
function leavesOf(schema: unknown, value: unknown, path = ""): Leaf[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return leavesOf(schema.unwrap(), value, path);
  if (schema instanceof z.ZodUnion) return leavesOf((schema.options as z.ZodType[]).find((option) => option.safeParse(value, PARSING).success), value, path);
  if (Array.isArray(value)) return value.flatMap((entry, index) => leavesOf(schema instanceof z.ZodArray ? schema.element : undefined, entry, pathTo(path, index)));
  if (typeof value === "object" && value !== null) {
    const fieldOf = (key: string): unknown => (schema instanceof z.ZodObject ? schema.shape[key] : schema instanceof z.ZodRecord ? schema.valueType : undefined);
    return Object.entries(value).flatMap(([key, entry]) => leavesOf(fieldOf(key), entry, pathTo(path, key)));
  }
  return typeof value === "string" ? [{ path, value, schema }] : [];
}

/** Every text of an environment, each with its path as code would write it. */
export const textsOf = (environment: Environment): readonly Text[] => leavesOf(environmentSchema, environment);

/** Those that name a resource; of an image its repository. */
export const namesOf = (environment: Environment): readonly Text[] =>
  leavesOf(environmentSchema, environment).flatMap(({ path, value, schema }) => (NAMES.has(schema) ? [{ path, value: schema === serviceImage ? imageParts(value).repository : value }] : []));

/** `tss-deploy-dev` → `tss`, `deploy`, `dev`: a word within a longer one is no part. */
const partsOf = (text: string): readonly string[] => text.toLowerCase().split(/[^a-z0-9]+/);

/** Puts another word where a part of a name is exactly this one: `dev` in `tss-deploy-dev`, but not in `devices`. */
export const withPart = (text: string, part: string, other: string): string => text.replace(new RegExp(`(?<![A-Za-z0-9])${part}(?![A-Za-z0-9])`, "gi"), other);

/**
 * Names that carry another environment's name and not their own. A part that also stands in the path is what the thing is called, not whose it
 * is: a service `dev-tools` may have a repository of that name.
 */
export function foreignNameProblems(environments: readonly Environment[]): string[] {
  return environments.flatMap((environment) => namesOf(environment).flatMap(({ path, value }) => {
    const parts = partsOf(value);
    if (parts.includes(environment.name)) return [];
    const called = partsOf(path);
    const other = environments.find((candidate) => candidate.name !== environment.name && parts.includes(candidate.name) && !called.includes(candidate.name)
      // The environments of an account share its state bucket, whoever's name that has.
      && !(path === "stateBucket" && candidate.account === environment.account));
    return other ? [`environments/${environment.name}.ts: ${path} = "${value}" carries the name of environments/${other.name}.ts; allowed: a name without the part "${other.name}", such as "${withPart(value, other.name, environment.name)}", or another name for that environment`] : [];
  }));
}
