/** Physical names: their ends, their collisions, and whose account they carry. */
import { PHYSICAL_NAMES } from "../schema/fields";
import { environmentSchema, type Environment } from "../schema";
import { finderOf } from "../reading/walk";
import { pathTo, repeated, type Finding, type Rule } from "./finding";

export interface PhysicalName {
  readonly path: string;
  /** Names of different kinds may be equal. */
  readonly kind: string;
  readonly name: string;
}

const findNames = finderOf<string>(environmentSchema, (field) => PHYSICAL_NAMES.has(field));

/** Every text of the literal that is the physical name of a resource, wherever the schema has one (`physicalName` in fields.ts). */
export const physicalNames = (environment: Partial<Environment>): PhysicalName[] =>
  findNames(environment).map(({ path, field, value }) => {
    const { kind, nameIn } = PHYSICAL_NAMES.get(field)!;
    return { path, kind, name: nameIn(value) };
  });

/** The names that replication makes: those of the copies in the second region, at the path of the bucket they copy. */
export function replicaNames({
  data: { accessLogBucket, buckets, replication },
}: {
  readonly data: Pick<Environment["data"], "accessLogBucket" | "buckets" | "replication">;
}): PhysicalName[] {
  if (!replication) return [];
  // The copies have their own access logs, in a bucket of the same region.
  const copied = [
    ...Object.entries(buckets).map(([key, { name }]) => ({ path: `data.buckets.${key}.name`, name })),
    { path: "data.accessLogBucket.name", name: accessLogBucket.name },
  ];
  return copied.map(({ path, name }) => ({ path, kind: "bucket", name: `${name}${replication.bucketSuffix}` }));
}

export const NAME_RULES: readonly Rule[] = [
  {
    name: "the suffix of names fits stage and name",
    reads: ["stage", "name", "nameSuffix"],
    check: ({ stage, name, nameSuffix }) => {
      const expected = stage === "production" ? "" : `-${name}`;
      return nameSuffix === expected
        ? []
        : [
            {
              path: "nameSuffix",
              value: nameSuffix,
              allowed: `${JSON.stringify(expected)}, because stage is ${stage}${stage === "production" ? "" : ` and name is ${name}`}`,
            },
          ];
    },
  },
  {
    // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html advises against such ends, and every secret would have one.
    name: "the suffix of names does not look like that of a secret's ARN",
    reads: ["stage", "name"],
    check: ({ stage, name }) =>
      stage !== "production" && name.length === 6
        ? [
            {
              path: "name",
              value: name,
              allowed:
                "a name of more or fewer than six characters: with it, names of secrets end in - and six characters, as Secrets Manager ends their ARNs",
            },
          ]
        : [],
  },
  {
    // Environments may share one account, so a name copied from another literal would collide with it (design 5).
    name: "physical names end with the environment's suffix",
    reads: ["nameSuffix"],
    check: (environment) =>
      physicalNames(environment).flatMap(({ path, name, kind }): Finding[] => {
        if (path === "stateBucket" || name.replace(/\.fifo$/, "").endsWith(environment.nameSuffix)) return [];
        return [{ path, value: name, allowed: `a ${kind} name that ends with nameSuffix ${environment.nameSuffix}` }];
      }),
  },
  {
    name: "no physical name stands twice",
    reads: [],
    check: (environment) => {
      const names = physicalNames(environment);
      return names.flatMap(({ path, kind, name }, index): Finding[] => {
        const first = names.findIndex((other) => other.kind === kind && other.name === name);
        return first === index ? [] : [{ path, value: name, allowed: `a ${kind} name other than that of ${names[first]?.path}` }];
      });
    },
  },
  {
    // A name that was copied with another account's id would be refused only when the bucket is made, or be made (C-27).
    name: "bucket names carry no other account's id",
    reads: ["account"],
    check: (environment) =>
      physicalNames(environment).flatMap(({ path, kind, name }): Finding[] => {
        const other = kind === "bucket" ? (name.match(/(?<!\d)\d{12}(?!\d)/g) ?? []).find((id) => id !== environment.account) : undefined;
        return other
          ? [{ path, value: name, allowed: `a name with account ${environment.account} in place of ${other}, or with no account id` }]
          : [];
      }),
  },
  {
    name: "the tags leave AWS and the stacks their own",
    reads: ["tags"],
    check: ({ tags }) => {
      const keys = Object.keys(tags);
      return [
        // Most resources take 50, an object in S3 ten; Environment and ManagedBy come on top.
        ...(keys.length > 8
          ? [
              {
                path: "tags",
                value: `${keys.length} tags`,
                allowed: "8 tags at the most: an object in S3 takes ten, and the stacks add two",
              },
            ]
          : []),
        ...keys.flatMap((key, index): Finding[] => {
          const lower = key.toLowerCase();
          if (["environment", "managedby", "name"].includes(lower))
            return [
              {
                path: pathTo("tags", key),
                value: tags[key],
                allowed: "no such tag: Environment, ManagedBy and Name are set by the stacks",
              },
            ];
          // IAM takes keys that differ in case only for one.
          const first = keys.findIndex((other) => other.toLowerCase() === lower);
          return first === index
            ? []
            : [
                {
                  path: pathTo("tags", key),
                  value: tags[key],
                  allowed: `a tag key that differs from ${JSON.stringify(keys[first])} in more than upper and lower case`,
                },
              ];
        }),
      ];
    },
  },
  {
    name: "bootstrap knows its own environment, each once",
    reads: ["name", "bootstrap"],
    check: ({ name, bootstrap }) =>
      bootstrap
        ? [
            ...(bootstrap.environments.includes(name)
              ? []
              : [{ path: "bootstrap.environments", value: bootstrap.environments, allowed: `a list with ${name} itself` }]),
            ...repeated("bootstrap.environments", bootstrap.environments),
          ]
        : [],
  },
  {
    name: "what the account has once stands where its bootstrap is",
    reads: ["accountWide", "bootstrap"],
    check: ({ accountWide, bootstrap }) =>
      accountWide && !bootstrap
        ? [
            {
              path: "accountWide",
              value: accountWide,
              allowed: "nothing, because it stands in the literal that has the account's bootstrap",
            },
          ]
        : [],
  },
];
