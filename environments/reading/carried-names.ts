/** Whose name a physical name carries: one that was copied from another environment and left as it was means the other's resource. */
import { z } from "zod";
import { iamRole, metricNamespace, namespace, PHYSICAL_NAMES } from "../schema/fields";
import { environmentSchema, type Environment } from "../schema";
import { finderOf } from "./walk";

/** They name what the environment uses or shares beside its own resources; descriptions, tags, addresses and figures name nothing, whatever words they hold. */
const OTHER_NAMES: ReadonlySet<unknown> = new Set([iamRole, metricNamespace, namespace]);

/** A text of an environment, and where it stands. */
export interface Text {
  readonly path: string;
  readonly value: string;
}

const isWithoutFields = (field: z.ZodType): boolean =>
  ![z.ZodObject, z.ZodRecord, z.ZodArray, z.ZodUnion].some((kind) => field instanceof kind);
const findValues = finderOf<unknown>(environmentSchema, isWithoutFields);
const findNames = finderOf<string>(environmentSchema, (field) => PHYSICAL_NAMES.has(field) || OTHER_NAMES.has(field));

/** Every text of an environment, each with its path as code would write it. */
export const textsOf = (environment: Environment): readonly Text[] =>
  findValues(environment).flatMap(({ path, value }) => (typeof value === "string" ? [{ path, value }] : []));

/** Those that name a resource; of an image its repository. */
export const namesOf = (environment: Environment): readonly Text[] =>
  findNames(environment).map(({ path, field, value }) => ({ path, value: PHYSICAL_NAMES.get(field)?.nameIn(value) ?? value }));

/** `tss-deploy-dev` → `tss`, `deploy`, `dev`: a word within a longer one is no part. */
const partsOf = (text: string): readonly string[] => text.toLowerCase().split(/[^a-z0-9]+/);

/** Puts another word where a part of a name is exactly this one: `dev` in `tss-deploy-dev`, but not in `devices`. */
export const withPart = (text: string, part: string, other: string): string =>
  text.replace(new RegExp(`(?<![A-Za-z0-9])${part}(?![A-Za-z0-9])`, "gi"), other);

/**
 * Names that carry another environment's name and not their own. A part that also stands in the path is what the thing is called, not whose it
 * is: a service `dev-tools` may have a repository of that name.
 */
export function foreignNameProblems(environments: readonly Environment[]): string[] {
  return environments.flatMap((environment) =>
    namesOf(environment).flatMap(({ path, value }) => {
      const parts = partsOf(value);
      if (parts.includes(environment.name)) return [];
      const called = partsOf(path);
      const other = environments.find(
        (candidate) =>
          candidate.name !== environment.name &&
          parts.includes(candidate.name) &&
          !called.includes(candidate.name) &&
          // The environments of an account share its state bucket, whoever's name that has.
          !(path === "stateBucket" && candidate.account === environment.account),
      );
      return other
        ? [
            `environments/${environment.name}.ts: ${path} = "${value}" carries the name of environments/${other.name}.ts; allowed: a name without the part "${other.name}", such as "${withPart(value, other.name, environment.name)}", or another name for that environment`,
          ]
        : [];
    }),
  );
}
