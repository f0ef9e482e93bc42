/** No physical name escapes the rules: every text of the schema is marked as one, or is said here to be none. */
import { z } from "zod";
import { PHYSICAL_NAMES, physicalName, pattern } from "../../environments/schema/fields";
import { pathTo } from "../../environments/rules/finding";
import { environmentSchema } from "../../environments/schema";
import { bareField, finderOf } from "../../environments/reading/walk";

interface Leaf {
  readonly path: string;
  readonly field: z.ZodType;
}

/** The fields without fields within; an entry of a record is `*`, of a list `[]`. */
function leavesOf(field: z.ZodType, path = ""): Leaf[] {
  const bare = bareField(field);
  if (bare instanceof z.ZodObject)
    return Object.entries(bare.shape as Record<string, z.ZodType>).flatMap(([key, inner]) => leavesOf(inner, pathTo(path, key)));
  if (bare instanceof z.ZodRecord) return leavesOf(bare.valueType as z.ZodType, `${path}.*`);
  if (bare instanceof z.ZodArray) return leavesOf(bare.element as z.ZodType, `${path}[]`);
  if (bare instanceof z.ZodUnion) return (bare.options as readonly z.ZodType[]).flatMap((option) => leavesOf(option, path));
  return [{ path, field: bare }];
}

/** What a text is that names no resource of its own. A path here holds for every path that ends like it. */
const NO_NAME: Readonly<Record<string, readonly string[]>> = {
  "says where or who something is": [
    "account",
    "network.cidr",
    "network.zones[]",
    "subnets.public[]",
    "subnets.private[]",
    "subnets.database[]",
    "subnets.containers[]",
    "Cidrs[]",
    "privateAddresses.engine",
    "privateAddresses.worker",
    "serviceCidr",
    "alertSubscriptions[].endpoint",
    "emails[]",
    "email",
    "phone",
    "platform.kubeconfig",
    "platform.context",
    "githubRepository",
    "chartRepository",
  ],
  "says what browsers may load, and who may ask": [
    "web.contentSecurityPolicy",
    "web.apiOrigin",
    "web.countries[]",
    "web.corsOrigins[]",
    "web.domain.names[]",
    "web.domain.zone",
  ],
  "is a part that rules put at the end of names": ["nameSuffix", "bucketSuffix"],
  "is that of an environment, and with it of stacks": ["name", "bootstrap.environments[]"],
  "is a tag, or shown to people": [
    "tags.*",
    "documentedName",
    "description",
    "costAllocationTags[]",
    ...["billing", "operations", "security"].map((contact) => `contacts.${contact}.name`),
    "title",
  ],
  "names something within what has a name": [
    "globalSecondaryIndexes[].name",
    "partitionKey",
    "sortKey",
    "projectedAttributes[]",
    "keys[]",
    "data.rds.databaseName",
    "data.rds.username",
    "web.database.databaseName",
    "web.database.username",
    "database.databaseName",
    "secrets.*.secret",
    "secrets.*.key",
    "calls[]",
  ],
  "is shown to people, because AWS knows the thing by an id": ["anomalies.name", "monitor.name"],
  "is a namespace, which has a rule of its own": ["cluster.kubernetes.namespace"],
  "groups metrics, as environments may share": ["metricNamespace"],
  "speaks of what others make": [
    "certificateArn",
    "monitor.arn",
    "image.id",
    "image.ssmParameter",
    "web.backend.cacheImage",
    "web.database.longKeeping.image",
    "research.codeRepository",
    "access.deploy[]",
    "access.operations[]",
    "access.readOnly[]",
    "users.arns[]",
    "permissionSets[]",
  ],
  "is a kind or a figure of AWS": ["instanceType", "instanceTypes[]", "nodeType", "instanceClass", "parameters.*"],
  "says how Slack shows something, and to whom": ["colour", "mention", "webhookKey"],
  "stands in a certificate": ["commonName", "organization"],
  "is a time": [
    "maintenanceWindow",
    "snapshotWindow",
    "backupWindow",
    "cron",
    "schedule.stop",
    "schedule.start",
    "schedule.services.stop",
    "schedule.services.start",
    "schedule.holidays[]",
    "patching.start",
    "research.weekendStop",
    "nightlyBackup",
    "weeklyReport",
  ],
  "is of a service's or a host's own inside": [
    "programs.orderManager",
    "programs.dataCollector",
    "programs.mt5Terminal",
    "healthPath",
    "readyPath",
    "healthCommand[]",
    "migrate[]",
    "health.path",
    "route.paths[]",
    "route.hosts[]",
    "environment.*",
  ],
};
const isExcused = (path: string) =>
  Object.values(NO_NAME)
    .flat()
    .some((end) => path === end || (end !== "name" && (path.endsWith(`.${end}`) || (/^[A-Z]/.test(end) && path.endsWith(end)))));

const isText = ({ field }: Leaf) => field instanceof z.ZodString || field instanceof z.ZodStringFormat;
const texts = leavesOf(environmentSchema).filter(isText);

it("every text of the schema is marked as a physical name, or there is a reason why it is none", () => {
  expect(texts.filter(({ path, field }) => !PHYSICAL_NAMES.has(field) && !isExcused(path)).map(({ path }) => path)).toEqual([]);
  expect(texts.filter(({ path, field }) => PHYSICAL_NAMES.has(field) && isExcused(path)).map(({ path }) => path)).toEqual([]);
});

it("no reason is left over", () => {
  const ends = Object.values(NO_NAME).flat();
  expect(ends.filter((end) => !texts.some(({ path }) => path === end || path.endsWith(end)))).toEqual([]);
});

it("names are these", () => {
  expect(
    texts
      .filter(({ field }) => PHYSICAL_NAMES.has(field))
      .map(({ path, field }) => `${PHYSICAL_NAMES.get(field)!.kind}: ${path}`)
      .filter((line, index, all) => all.indexOf(line) === index),
  ).toMatchSnapshot();
});

it("a marked field is found wherever a schema has it, and only what is there", () => {
  const name = physicalName("thing", pattern(/^[a-z]+$/, "letters"));
  const other = pattern(/^[a-z]+$/, "letters");
  const schema = z.strictObject({
    a: name,
    b: name.optional(),
    c: other,
    block: z
      .strictObject({ deep: z.record(z.string(), z.array(z.strictObject({ name: name.default("x"), other }))) })
      .prefault({ deep: {} }),
    either: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("one"), id: name }),
      z.strictObject({ kind: z.literal("two"), id: other }),
    ]),
    nothing: z.union([z.literal("none"), z.strictObject({ c: other })]),
    list: z.array(name).nullable(),
  });
  const find = finderOf<string>(schema, (field) => field === name);
  const found = (value: unknown) => find(value).map(({ path, value: text }) => `${path} = ${text}`);
  expect(
    found({
      a: "a",
      c: "c",
      block: {
        deep: {
          k: [
            { name: "m", other: "o" },
            { name: "n", other: "o" },
          ],
          "a-b": [],
        },
      },
      either: { kind: "one", id: "i" },
      nothing: "none",
      list: ["l"],
    }),
  ).toEqual(["a = a", "block.deep.k[0].name = m", "block.deep.k[1].name = n", "either.id = i", "list[0] = l"]);
  expect(found({ a: "a", b: "b", either: { kind: "two", id: "i" }, list: null })).toEqual(["a = a", "b = b"]);
  expect(found({})).toEqual([]);
  expect(found(undefined)).toEqual([]);
});
