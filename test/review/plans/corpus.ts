/** Plans made from real ones by systematic edits: every type of the seeds through everything that can happen to a resource. */
import { changeOf, planOf, SEEDS, type Case, type RawChange } from "./make";
import { foreignCases } from "./foreign";
import { valueCases } from "./values";

/** One existing resource of each type in the seeds. */
function bases(): RawChange[] {
  const found = new Map<string, RawChange>();
  for (const { resource_changes: changes = [] } of Object.values(SEEDS)) {
    for (const one of changes)
      if (one.change.before && !found.has(one.type)) found.set(one.type, { ...one, previous_address: undefined, action_reason: undefined });
  }
  return [...found.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
}

interface Edit {
  readonly name: string;
  readonly make: (base: Base) => RawChange;
  readonly told: (base: Base) => string;
  readonly drift?: true;
}
interface Base {
  readonly one: RawChange;
  readonly address: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly changed: Readonly<Record<string, unknown>>;
}

const with_ = (
  { one }: Base,
  actions: readonly string[],
  more: Partial<RawChange["change"]> = {},
  outer: Partial<RawChange> = {},
): RawChange => ({
  ...one,
  ...outer,
  change: {
    actions,
    before: one.change.before,
    after: one.change.before,
    after_unknown: {},
    before_sensitive: one.change.before_sensitive,
    after_sensitive: one.change.before_sensitive,
    ...more,
  },
});
const elsewhere = ({ one }: Base): string => `${one.type}.elsewhere`;
/** An attribute of our own, so that every type has one to change. */
const ADDED = "description_of_change";

const EDITS: readonly Edit[] = [
  { name: "stays", make: (base) => with_(base, ["no-op"]), told: () => "" },
  {
    name: "is created",
    make: (base) => with_(base, ["create"], { before: null, before_sensitive: false }),
    told: ({ address }) => `create ${address}`,
  },
  {
    name: "is created, nothing known",
    make: (base) => with_(base, ["create"], { before: null, after: {}, after_unknown: { id: true, arn: true } }),
    told: ({ address }) => `create ${address}`,
  },
  {
    name: "is destroyed",
    make: (base) =>
      with_(base, ["delete"], { after: null, after_sensitive: false }, { action_reason: "delete_because_no_resource_config" }),
    told: ({ address }) => `destroy ${address}`,
  },
  {
    name: "is destroyed, its count is lower",
    make: (base) =>
      with_(base, ["delete"], { after: null }, { address: `${base.address}[1]`, index: 1, action_reason: "delete_because_count_index" }),
    told: ({ address }) => `destroy ${address}[1]`,
  },
  {
    name: "is updated",
    make: (base) => with_(base, ["update"], { after: base.changed }),
    told: ({ address }) => `update ${address}: ${ADDED}`,
  },
  {
    name: "is updated to what is not known",
    make: (base) => with_(base, ["update"], { after_unknown: { [ADDED]: true } }),
    told: ({ address }) => `update ${address}: ${ADDED}`,
  },
  {
    name: "is replaced, destroyed first",
    make: (base) =>
      with_(
        base,
        ["delete", "create"],
        { after: base.changed, replace_paths: [[ADDED]] },
        { action_reason: "replace_because_cannot_update" },
      ),
    told: ({ address }) => `replace ${address}: ${ADDED}!`,
  },
  {
    name: "is replaced, created first",
    make: (base) => with_(base, ["create", "delete"], { after: base.changed, replace_paths: [[ADDED]] }),
    told: ({ address }) => `replace ${address}: ${ADDED}!`,
  },
  {
    name: "is replaced for what cannot be told apart",
    make: (base) => with_(base, ["delete", "create"], { replace_paths: [["a_set", 0, "in it"]] }),
    told: ({ address }) => `replace ${address}: a_set[0]["in it"]!`,
  },
  {
    name: "is tainted",
    make: (base) => with_(base, ["delete", "create"], { after: base.changed }, { action_reason: "replace_because_tainted" }),
    told: ({ address }) => `replace ${address}: ${ADDED}`,
  },
  { name: "is forgotten", make: (base) => with_(base, ["forget"], { after: null }), told: ({ address }) => `forget ${address}` },
  {
    name: "is forgotten and created",
    make: (base) => with_(base, ["create", "forget"], { after: base.changed, replace_paths: [[ADDED]] }),
    told: ({ address }) => `forget ${address}: ${ADDED}!`,
  },
  {
    name: "a word for later beside delete",
    make: (base) => with_(base, ["delete", "forget"], { after: null }),
    told: ({ address }) => `destroy ${address}`,
  },
  {
    name: "is moved",
    make: (base) => with_(base, ["no-op"], {}, { previous_address: elsewhere(base) }),
    told: (base) => `move ${base.address} from ${elsewhere(base)}`,
  },
  {
    name: "is moved and updated",
    make: (base) => with_(base, ["update"], { after: base.changed }, { previous_address: elsewhere(base) }),
    told: (base) => `update ${base.address} from ${elsewhere(base)}: ${ADDED}`,
  },
  {
    name: "is moved and replaced",
    make: (base) => with_(base, ["delete", "create"], { after: base.changed }, { previous_address: elsewhere(base) }),
    told: (base) => `replace ${base.address} from ${elsewhere(base)}: ${ADDED}`,
  },
  {
    name: "is moved and destroyed",
    make: (base) =>
      with_(base, ["delete"], { after: null }, { previous_address: elsewhere(base), action_reason: "delete_because_no_move_target" }),
    told: (base) => `destroy ${base.address} from ${elsewhere(base)}`,
  },
  {
    name: "is imported",
    make: (base) => with_(base, ["no-op"], { importing: { id: "its-id" } }),
    told: ({ address }) => `import ${address} import its-id`,
  },
  {
    name: "is imported and updated",
    make: (base) => with_(base, ["update"], { after: base.changed, importing: { id: "its-id" } }),
    told: ({ address }) => `update ${address} import its-id: ${ADDED}`,
  },
  {
    name: "is imported and replaced",
    make: (base) => with_(base, ["delete", "create"], { after: base.changed, importing: {} }),
    told: ({ address }) => `replace ${address} import (known after apply): ${ADDED}`,
  },
  {
    name: "was left over",
    make: (base) => with_(base, ["delete"], { after: null }, { deposed: "0a1b2c3d" }),
    told: ({ address }) => `destroy ${address} deposed 0a1b2c3d`,
  },
  {
    name: "is in a module",
    make: (base) => with_(base, ["delete"], { after: null }, { address: `module.a["x.y"].module.b[0].${base.address}` }),
    told: ({ address }) => `destroy module.a["x.y"].module.b[0].${address}`,
  },
  {
    name: "has a key",
    make: (base) => with_(base, ["update"], { after: base.changed }, { address: `${base.address}["東京/a.b"]`, index: "東京/a.b" }),
    told: ({ address }) => `update ${address}["東京/a.b"]: ${ADDED}`,
  },
  {
    name: "drifted",
    make: (base) => with_(base, ["update"], { after: base.changed }),
    told: ({ address }) => `drift update ${address}: ${ADDED}`,
    drift: true,
  },
  {
    name: "is gone from the account",
    make: (base) => with_(base, ["delete"], { after: null }),
    told: ({ address }) => `drift destroy ${address}`,
    drift: true,
  },
  {
    name: "is sensitive as a whole",
    make: (base) =>
      with_(base, ["update"], { after: { [ADDED]: "other" }, before: { [ADDED]: "one" }, before_sensitive: true, after_sensitive: true }),
    told: ({ address }) => `update ${address}: value`,
  },
];

function editedCases(): Case[] {
  return bases().flatMap((one) => {
    const values = one.change.before!;
    const base: Base = { one, address: one.address, values, changed: { ...values, [ADDED]: "new" } };
    return EDITS.map(({ name, make, told, drift }) => {
      const change = make(base);
      return {
        name: `${one.type} ${name}`,
        plan: drift ? planOf([], { resource_drift: [change] }) : planOf([change]),
        told: [told(base)].filter(Boolean),
      };
    });
  });
}

/** What the plan as a whole says. */
const wholeCases: readonly Case[] = [
  { name: "nothing changes", plan: planOf([]), told: [] },
  { name: "only the version", plan: { format_version: "1.0", resource_changes: [] }, told: [] },
  {
    name: "a later format 1.x with things that nobody knows",
    plan: planOf([], { format_version: "1.99", action_invocations: [{}], new_thing: { a: 1 } }),
    told: [],
  },
  { name: "another plan must follow", plan: planOf([], { complete: false }), told: ["incomplete"] },
  { name: "Terraform gave up in the middle", plan: planOf([], { errored: true }), told: ["incomplete"] },
  {
    name: "an older Terraform does not say whether it is complete",
    plan: planOf([], { complete: undefined, errored: undefined }),
    told: [],
  },
  {
    name: "a deferred destruction is seen",
    plan: planOf([], {
      deferred_changes: [
        { reason: "instance_count_unknown", resource_change: changeOf("aws_s3_bucket", ["delete"], { bucket: "b" }, null) },
      ],
    }),
    told: ["destroy aws_s3_bucket.it", "incomplete"],
  },
  {
    name: "data sources are left out",
    plan: planOf([{ ...changeOf("aws_ami", ["read"], null, { id: "ami-1" }), mode: "data", address: "data.aws_ami.it" }]),
    told: [],
  },
  {
    name: "outputs",
    plan: planOf([], {
      output_changes: {
        b: { actions: ["update"], before: 1, after: 2, after_unknown: false, before_sensitive: false, after_sensitive: false },
        a: { actions: ["create"], before: null, after_unknown: true, before_sensitive: false, after_sensitive: false },
        c: { actions: ["delete"], before: "x", after: null, after_unknown: false, before_sensitive: true, after_sensitive: true },
        d: { actions: ["no-op"], before: "x", after: "x" },
      },
    }),
    told: ["output create a", "output update b", "output destroy c"],
  },
  {
    name: "changes come in the order of their addresses",
    plan: planOf([
      changeOf("z_z", ["create"], null, {}),
      changeOf("a_a", ["create"], null, {}),
      changeOf("a_a", ["create"], null, {}, {}, "a_a.It"),
    ]),
    told: ["create a_a.It", "create a_a.it", "create z_z.it"],
  },
];

export const corpus: readonly Case[] = [...editedCases(), ...wholeCases, ...valueCases, ...foreignCases];
