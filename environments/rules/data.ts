/** Rules of buckets, table and secrets. */
import { STORAGE_CLASSES, type Bucket, type Environment, type Table } from "../schema";
import { repeated, type Finding, type Rule } from "./finding";
import { physicalNames, replicaNames } from "./names";

type Data = Environment["data"];
/** A rule over some parts of the data block. */
const data = <Key extends keyof Data>(name: string, parts: readonly Key[], check: (data: Pick<Data, Key>) => readonly Finding[]): Rule => ({
  name,
  reads: parts.map((part) => `data.${part}` as const),
  check: (environment) => check(environment.data),
});

type Transition = Bucket["transitions"][number];
/** A rule over every transition of every bucket and the one before it. */
const transitions = (name: string, check: (path: string, transition: Transition, before?: Transition) => readonly Finding[]): Rule =>
  data(name, ["buckets"], ({ buckets }) =>
    Object.entries(buckets).flatMap(([key, bucket]) =>
      bucket.transitions.flatMap((transition, index, all) =>
        check(`data.buckets.${key}.transitions[${index}]`, transition, all[index - 1]),
      ),
    ),
  );

const indexes = (
  name: string,
  check: (path: string, index: Table["globalSecondaryIndexes"][number], position: number, table: Table) => readonly Finding[],
): Rule =>
  data(name, ["table"], ({ table }) =>
    table.globalSecondaryIndexes.flatMap((index, position) =>
      check(`data.table.globalSecondaryIndexes[${position}]`, index, position, table),
    ),
  );

export const DATA_RULES: readonly Rule[] = [
  // --- buckets ---
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
  transitions("transitions follow each other", (path, { days }, before) =>
    before && days <= before.days
      ? [{ path: `${path}.days`, value: days, allowed: `more than the ${before.days} days of the transition before it` }]
      : [],
  ),
  transitions("objects are 30 days old when they move to STANDARD_IA", (path, { days, storageClass }) =>
    storageClass === "STANDARD_IA" && days < 30 ? [{ path: `${path}.days`, value: days, allowed: "30 or more for STANDARD_IA" }] : [],
  ),
  transitions("objects stay in STANDARD_IA for 30 days", (path, { days }, before) =>
    before?.storageClass === "STANDARD_IA" && days > before.days && days < before.days + 30
      ? [
          {
            path: `${path}.days`,
            value: days,
            allowed: `${before.days + 30} or more: objects stay in STANDARD_IA for 30 days, from day ${before.days} on`,
          },
        ]
      : [],
  ),
  transitions("transitions lead to colder classes", (path, { storageClass }, before) =>
    before && STORAGE_CLASSES.indexOf(storageClass) <= STORAGE_CLASSES.indexOf(before.storageClass)
      ? [
          {
            path: `${path}.storageClass`,
            value: storageClass,
            allowed: `a colder class than ${before.storageClass}, which stands before it; from warm to cold: ${STORAGE_CLASSES.join(", ")}`,
          },
        ]
      : [],
  ),
  {
    name: "copies stand in another region",
    reads: ["data.replication", "region"],
    check: ({ data: { replication }, region }) =>
      replication?.region === region
        ? [{ path: "data.replication.region", value: region, allowed: "a region other than the environment's own" }]
        : [],
  },
  data("the names of copies fit in 63 characters", ["accessLogBucket", "buckets", "replication"], (values) =>
    replicaNames({ data: values }).flatMap(({ path, name }): Finding[] => {
      const suffix = values.replication?.bucketSuffix ?? "";
      return name.length <= 63
        ? []
        : [
            {
              path,
              value: name.slice(0, -suffix.length),
              allowed: `${63 - suffix.length} characters at the most, so that the copy's name ${name} fits in 63`,
            },
          ];
    }),
  ),
  {
    name: "the names of copies are free",
    reads: ["data.buckets", "data.accessLogBucket", "data.replication"],
    check: (environment) => {
      const copies = new Set(replicaNames(environment).map(({ name }) => name));
      return physicalNames(environment)
        .filter(({ kind, name }) => kind === "bucket" && copies.has(name))
        .map(({ path, name }) => ({
          path,
          value: name,
          allowed: "a name other than that of a bucket with data.replication.bucketSuffix: the copy in the second region has it",
        }));
    },
  },

  // --- what exists already ---
  { name: "nothing is imported twice", reads: ["imports"], check: ({ imports }) => repeated("imports", imports) },

  // --- table ---
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
  data(
    "a table has 20 indexes at the most",
    ["table"],
    ({
      table: {
        globalSecondaryIndexes: { length },
      },
    }) =>
      length > 20 ? [{ path: "data.table.globalSecondaryIndexes", value: `${length} indexes`, allowed: "20 indexes at the most" }] : [],
  ),
  data("indexes project 100 attributes at the most", ["table"], ({ table }) => {
    const attributes = table.globalSecondaryIndexes.reduce((sum, index) => sum + index.projectedAttributes.length, 0);
    return attributes > 100
      ? [
          {
            path: "data.table.globalSecondaryIndexes",
            value: `${attributes} projected attributes`,
            allowed: "100 projected attributes at the most, over all indexes",
          },
        ]
      : [];
  }),
  indexes("each index has a name of its own", (path, { name }, position, { globalSecondaryIndexes }) => {
    const first = globalSecondaryIndexes.findIndex((other) => other.name === name);
    return first === position
      ? []
      : [{ path: `${path}.name`, value: name, allowed: `a name other than that of data.table.globalSecondaryIndexes[${first}]` }];
  }),
  indexes("the keys of an index are two attributes", (path, { partitionKey, sortKey }) =>
    partitionKey === sortKey
      ? [{ path: `${path}.sortKey`, value: sortKey, allowed: `an attribute other than partitionKey ${partitionKey}` }]
      : [],
  ),
  // Keys are texts, and DynamoDB deletes items by the number in this one (DAT-010).
  indexes("the time to live is no key", (path, index) =>
    (["partitionKey", "sortKey"] as const).flatMap((key): Finding[] =>
      index[key] === "ttl"
        ? [{ path: `${path}.${key}`, value: index[key], allowed: "an attribute other than ttl, which is a number" }]
        : [],
    ),
  ),
  indexes("an index projects each attribute once, and no keys", (path, { partitionKey, sortKey, projectedAttributes }) => [
    ...repeated(`${path}.projectedAttributes`, projectedAttributes),
    ...projectedAttributes.flatMap((attribute, index): Finding[] =>
      ["pk", "sk", partitionKey, sortKey].includes(attribute)
        ? [
            {
              path: `${path}.projectedAttributes[${index}]`,
              value: attribute,
              allowed: "an attribute that is no key: those of table and index are always projected",
            },
          ]
        : [],
    ),
  ]),

  // --- secrets ---
  data("a secret holds each key once", ["secrets"], ({ secrets }) =>
    Object.entries(secrets).flatMap(([key, secret]) => repeated(`data.secrets.${key}.keys`, secret.keys)),
  ),
];
