/** Whether a later plan stays inside the reviewed one. */
import fc from "fast-check";
import { addedTo, changeSetOf, type ChangeSet } from "../../review/change-set";
import {
  ACTIONS,
  ENVIRONMENT_VALUE,
  SENSITIVE,
  UNKNOWN,
  type Action,
  type AttributeChange,
  type OutputChange,
  type ResourceChange,
  type Values,
} from "../../review/model";
import { SEED } from "../helpers/seed";

const change = (action: Action, more: Partial<ResourceChange> = {}): ResourceChange => ({
  address: "aws_sqs_queue.orders",
  type: "aws_sqs_queue",
  provider: "registry.terraform.io/hashicorp/aws",
  construct: "dev-events/orders",
  action,
  createBeforeDestroy: false,
  attributes: [],
  ...more,
});
const attribute = (path: string, after: unknown, more: Partial<AttributeChange> = {}): AttributeChange => ({
  path,
  before: "old",
  after,
  forcesReplacement: false,
  ...more,
});
const set = (changes: readonly ResourceChange[], outputs: readonly OutputChange[] = [], kind?: "planned" | "synthesised") =>
  changeSetOf({ stack: "dev-events", changes, outputs }, kind);
const added = (reviewed: readonly ResourceChange[], planned: readonly ResourceChange[], kind?: "planned" | "synthesised") =>
  addedTo(set(reviewed, [], kind), set(planned));
/** Of an update of one attribute. */
const updated = (reviewed: AttributeChange, planned: AttributeChange) =>
  added([change("update", { attributes: [reviewed] })], [change("update", { attributes: [planned] })]);
/** Of a creation. */
const created = (reviewed: Values, planned: Values, kind?: "planned" | "synthesised") =>
  added([change("create", { after: reviewed })], [change("create", { after: planned })], kind);

describe("an update that ends a creation, of an object that AWS has made", () => {
  const reviewed = change("create", { after: { name: "alert", role: "arn", publish: false, logging_config: [{ log_format: "JSON" }] } });
  // As the provider reads a function, and a mapping of one, that was imported.
  const read = {
    ...{
      name: "alert",
      role: "arn",
      publish: false,
      kms_key_arn: "",
      tumbling_window_in_seconds: 0,
      bisect_batch_on_function_error: false,
    },
    logging_config: [{ log_format: "JSON", system_log_level: "" }],
  };
  const ended = (after: Values, ...attributes: AttributeChange[]) => added([reviewed], [change("update", { after, attributes })]);

  it("may have empty texts, zeros and falses where nobody has set anything", () => {
    expect(ended(read, attribute("memory_size", 128))).toEqual([]);
    expect(ended({ ...read, kms_key_arn: null }, attribute("memory_size", 128))).toEqual([]);
  });
  it("must not set anything that was not reviewed, an empty text among it", () => {
    expect(ended({ ...read, kms_key_arn: "arn:b" })).toEqual(['aws_sqs_queue.orders: kms_key_arn is "arn:b", which was not reviewed.']);
    expect(ended({ ...read, role: "" })).toEqual(['aws_sqs_queue.orders: role is ""; reviewed was "arn".']);
    expect(ended({ ...read, tumbling_window_in_seconds: 1 })).toEqual([
      "aws_sqs_queue.orders: tumbling_window_in_seconds is 1, which was not reviewed.",
    ]);
    expect(ended(read, attribute("logging_config[0].system_log_level", ""))).toEqual([
      'aws_sqs_queue.orders: logging_config[0].system_log_level is "", which was not reviewed.',
    ]);
  });
});

describe("a change", () => {
  it("that was not reviewed is named with its action", () => {
    expect(added([], [change("destroy")])).toEqual(["aws_sqs_queue.orders is destroyed, which was not reviewed."]);
    expect(added([change("update")], [change("update", { deposed: "a1" })])).toEqual([
      "aws_sqs_queue.orders (deposed a1) is updated, which was not reviewed.",
    ]);
  });

  const allowed: Readonly<Record<Action, readonly Action[]>> = {
    create: ["create", "update"],
    update: ["update", "import", "move"],
    replace: ["replace", "update", "create", "move"],
    destroy: ["destroy"],
    move: ["move"],
    import: ["import"],
    forget: ["forget"],
  };
  it.each(ACTIONS.flatMap((reviewed) => ACTIONS.map((planned) => [reviewed, planned] as const)))(
    "reviewed as %s, planned as %s",
    (reviewed, planned) => {
      const found = added([change(reviewed)], [change(planned)]);
      expect(found.length).toBe(allowed[reviewed].includes(planned) ? 0 : 1);
    },
  );

  it("says what was reviewed in its place", () => {
    expect(added([change("update")], [change("replace")])).toEqual(["aws_sqs_queue.orders is replaced; reviewed was that it is updated."]);
  });

  it("must come from the reviewed address, be imported by the reviewed id, and concern the reviewed object", () => {
    expect(added([change("move", { previousAddress: "a.b" })], [change("move", { previousAddress: "a.c" })])).toEqual([
      "aws_sqs_queue.orders comes from a.c, which was not reviewed.",
    ]);
    expect(added([change("import", { importId: "q-1" })], [change("import", { importId: "q-2" })])).toEqual([
      "aws_sqs_queue.orders is imported as q-2, which was not reviewed.",
    ]);
    expect(added([change("destroy", { before: { id: "q-1" } })], [change("destroy", { before: { id: "q-2" } })])).toEqual([
      "aws_sqs_queue.orders: another object is destroyed than the reviewed one (q-2, not q-1).",
    ]);
    expect(added([change("destroy", { before: { id: "q-1" } })], [change("destroy", { before: { id: "q-1" } })])).toEqual([]);
  });

  it("may not destroy first what was to be created first", () => {
    expect(added([change("replace", { createBeforeDestroy: true })], [change("replace")])).toEqual([
      "aws_sqs_queue.orders is destroyed before its successor is there; reviewed was the other order.",
    ]);
    expect(added([change("replace")], [change("replace", { createBeforeDestroy: true })])).toEqual([]);
  });

  it("takes up a replacement where it stopped, and nothing else", () => {
    const replaced = change("replace", { before: { id: "q-1" }, after: { name: "orders", encrypted: true } });
    expect(added([replaced], [change("destroy", { deposed: "a1", before: { id: "q-1" } })])).toEqual([]);
    expect(added([replaced], [change("destroy", { deposed: "a1", before: { id: "q-2" } })])).toEqual([
      "aws_sqs_queue.orders (deposed a1) is destroyed, which was not reviewed.",
    ]);
    expect(added([replaced], [change("create", { after: { name: "orders", encrypted: true } })])).toEqual([]);
    expect(added([replaced], [change("create", { after: { name: "orders", encrypted: false } })])).toEqual([
      "aws_sqs_queue.orders: encrypted is false; reviewed was true.",
    ]);
    expect(added([replaced], [change("update", { before: { id: "q-3" } })])).toEqual([]);
  });

  it("ends a creation that was cut off between two calls, as it was reviewed", () => {
    const made = change("create", { after: { name: "orders", arn: UNKNOWN, retention: 30 } });
    const ended = (after: Values) =>
      added([made], [change("update", { before: { id: "q-1" }, after, attributes: [attribute("retention", 30)] })]);
    expect(ended({ name: "orders", arn: "arn:aws:sqs:x", retention: 30 })).toEqual([]);
    expect(ended({ name: "orders", arn: "arn:aws:sqs:x", retention: 90 })).toEqual([
      "aws_sqs_queue.orders: retention is 90; reviewed was 30.",
    ]);
  });

  it("makes anew what was cut off in the middle, as it was reviewed", () => {
    const tainted = (after: Values, more: Partial<ResourceChange> = {}) =>
      change("replace", {
        reason: "replace_because_tainted",
        before: { id: "q-9" },
        after,
        attributes: [attribute("url", UNKNOWN, { forcesReplacement: true })],
        ...more,
      });
    for (const reviewed of [
      change("create", { after: { name: "orders" } }),
      change("replace", { before: { id: "q-1" }, after: { name: "orders" } }),
    ]) {
      expect(added([reviewed], [tainted({ name: "orders" })])).toEqual([]);
      expect(added([reviewed], [tainted({ name: "orders", policy: "*" })])).toEqual([
        'aws_sqs_queue.orders: policy is "*", which was not reviewed.',
      ]);
    }
    expect(
      added([change("create", { after: { name: "orders" } })], [tainted({ name: "orders" }, { reason: "replace_because_cannot_update" })]),
    ).toEqual(["aws_sqs_queue.orders is replaced; reviewed was that it is created."]);
    expect(added([change("update")], [tainted({})])).toEqual(["aws_sqs_queue.orders is replaced; reviewed was that it is updated."]);
  });
});

describe("an attribute", () => {
  it.each([
    ["the same value", attribute("delay", 5, { digest: "d5" }), attribute("delay", 5, { digest: "d5" }), []],
    [
      "another value",
      attribute("delay", 5, { digest: "d5" }),
      attribute("delay", 9, { digest: "d9" }),
      ["delay becomes 9; reviewed was 5."],
    ],
    [
      "another value that looks the same",
      attribute("x", ENVIRONMENT_VALUE, { digest: "d5" }),
      attribute("x", ENVIRONMENT_VALUE, { digest: "d9" }),
      [`x becomes ${ENVIRONMENT_VALUE}; reviewed was ${ENVIRONMENT_VALUE}.`],
    ],
    ["a value that was unknown", attribute("arn", UNKNOWN), attribute("arn", "arn:aws:sqs:x", { digest: "d" }), []],
    ["a value below an unknown one", attribute("policy", UNKNOWN), attribute("policy.Statement[0].Action", "sqs:*", { digest: "d" }), []],
    [
      "a value beside an unknown one",
      attribute("policy", UNKNOWN),
      attribute("policy_id", "x", { digest: "d" }),
      ['policy_id becomes "x", which was not reviewed.'],
    ],
    [
      "a value that is not known any more",
      attribute("arn", "arn:aws:sqs:x", { digest: "d" }),
      attribute("arn", UNKNOWN),
      [`arn becomes ${UNKNOWN}; reviewed was "arn:aws:sqs:x".`],
    ],
    ["a secret", attribute("password", SENSITIVE), attribute("password", SENSITIVE), []],
    [
      "a secret that is none any more",
      attribute("password", SENSITIVE),
      attribute("password", "x", { digest: "d" }),
      [`password becomes "x"; reviewed was ${SENSITIVE}.`],
    ],
    [
      "a value that is unset",
      attribute("kms_key", "k", { digest: "d" }),
      attribute("kms_key", undefined),
      ['kms_key becomes not set; reviewed was "k".'],
    ],
    [
      "a replacement",
      attribute("name", "a"),
      attribute("name", "a", { forcesReplacement: true }),
      ["name forces its replacement, which was not reviewed."],
    ],
  ])("with %s", (_, reviewed, planned, sentences) => {
    expect(updated(reviewed, planned)).toEqual(sentences.map((text) => `aws_sqs_queue.orders: ${text}`));
  });
});

describe("what is made", () => {
  it.each<[string, Values, Values, readonly string[]]>([
    ["has the same arguments, whatever way nothing is written", { name: "a", tags: null, rules: [] }, { name: "a", tags: {} }, []],
    ["has another value", { name: "a" }, { name: "b" }, ['name is "b"; reviewed was "a".']],
    ["has one more", { name: "a" }, { name: "a", policy: { Action: "*" } }, ['policy.Action is "*", which was not reviewed.']],
    ["has one less", { name: "a", encrypted: true }, { name: "a" }, ["encrypted is not set; reviewed was true."]],
    [
      "has one more block, though it says nothing",
      { name: "a" },
      { name: "a", logging: [{}] },
      ["logging is [{}], which was not reviewed."],
    ],
    ["has one more item", { cidrs: ["a"] }, { cidrs: ["a", "b"] }, ['cidrs is ["a","b"]; reviewed was ["a"].']],
    [
      "has its items in another order",
      { cidrs: ["a", "b"] },
      { cidrs: ["b", "a"] },
      ['cidrs[0] is "b"; reviewed was "a".', 'cidrs[1] is "a"; reviewed was "b".'],
    ],
    ["knows an item, which changes the order", { cidrs: ["b", UNKNOWN] }, { cidrs: ["a", "b"] }, []],
    ["knows an item, and has another beside it", { cidrs: ["b", UNKNOWN] }, { cidrs: ["a", "c"] }, ['cidrs[0] is "a"; reviewed was "b".']],
  ])("%s", (_, reviewed, planned, sentences) => {
    expect(created(reviewed, planned)).toEqual(sentences.map((text) => `aws_sqs_queue.orders: ${text}`));
  });
});

describe("a stack that could only be synthesised when it was reviewed", () => {
  it.each<[string, Values, Values, readonly string[]]>([
    [
      "defaults and computed attributes come with the provider",
      { name: "a" },
      { name: "a", arn: UNKNOWN, delay: 0, tags_all: { Name: "a" } },
      [],
    ],
    ["a block is a list there", { logging: { bucket: "b" } }, { logging: [{ bucket: "b", prefix: "" }] }, []],
    ["a number may be a text, and `${` is written twice", { delay: "5", script: "$${HOME}" }, { delay: 5, script: "${HOME}" }, []],
    ["what is sensitive is known then", { master_password: "x" }, { master_password: SENSITIVE }, []],
    [
      "a set has another order",
      {
        rules: [
          { port: 22, cidr: "a" },
          { port: 443, cidr: "b" },
        ],
      },
      {
        rules: [
          { port: 443, cidr: "b", id: UNKNOWN },
          { port: 22, cidr: "a", id: UNKNOWN },
        ],
      },
      [],
    ],
    [
      "a reference inside a text is known then",
      { policy: `{"Resource":"${UNKNOWN}/*","Action":"sqs:SendMessage"}` },
      { policy: '{"Resource":"arn:x/*","Action":"sqs:SendMessage"}' },
      [],
    ],
    [
      "and so is one as it was written",
      { policy: '{"Resource":"${aws_sqs_queue.a.arn}/*","Action":"sqs:*"}' },
      { policy: '{"Resource":"arn:x/*","Action":"sqs:*"}' },
      [],
    ],
    [
      "a variable of a script is no reference",
      { script: "cd $${HOME}/a" },
      { script: "cd /root/a" },
      ['script is "cd /root/a"; reviewed was "cd $${HOME}/a".'],
    ],
    ["a list of what is not known is not known", { alarm_actions: [UNKNOWN] }, { alarm_actions: UNKNOWN }, []],
    ["a list of what is known is", { cidrs: ["a"] }, { cidrs: UNKNOWN }, [`cidrs is ${UNKNOWN}; reviewed was ["a"].`]],
    ["or is not yet", { policy: `{"Resource":"${UNKNOWN}"}` }, { policy: UNKNOWN }, []],
    [
      "JSON is written another way",
      { policy: `{"Resource":"${UNKNOWN}","Action":["a"]}` },
      { policy: '{ "Action": ["a"], "Resource": "arn:x" }' },
      [],
    ],
    [
      "with and without a reference in it",
      { policy: '{"Statement":[{"Effect":"Allow","Action":"a"}],"Version":"1"}' },
      { policy: '{"Version":"1","Statement":[{"Action":"a","Effect":"Allow"}]}' },
      [],
    ],
    [
      "but says the same",
      { policy: '{"Effect":"Deny","Action":"a"}' },
      { policy: '{"Action":"a","Effect":"Deny","Resource":"*"}' },
      [
        'policy is "{\\"Action\\":\\"a\\",\\"Effect\\":\\"Deny\\",\\"Resource\\":\\"*\\"}"; reviewed was "{\\"Effect\\":\\"Deny\\",\\"Action\\":\\"a\\"}".',
      ],
    ],
    ["what may not be shown may be unknown", { variables: { SETTINGS: "(environment value)" } }, { variables: UNKNOWN }, []],
    [
      "what is shown is not",
      { variables: { SETTINGS: "a" } },
      { variables: UNKNOWN },
      [`variables is ${UNKNOWN}; reviewed was {"SETTINGS":"a"}.`],
    ],
    [
      "what stands around a reference must be the same",
      { policy: `{"Resource":"${UNKNOWN}","Action":"sqs:SendMessage"}` },
      { policy: '{"Resource":"arn:x","Action":"sqs:*"}' },
      [
        `policy is "{\\"Resource\\":\\"arn:x\\",\\"Action\\":\\"sqs:*\\"}"; reviewed was "{\\"Resource\\":\\"${UNKNOWN}\\",\\"Action\\":\\"sqs:SendMessage\\"}".`,
      ],
    ],
    ["a reference is known then", { vpc_id: UNKNOWN }, { vpc_id: "vpc-1" }, []],
    ["a literal must be the same", { encrypted: true }, { encrypted: false }, ["encrypted is false; reviewed was true."]],
    ["a literal must be there", { logging: { bucket: "b" } }, {}, ['logging is not set; reviewed was {"bucket":"b"}.']],
    [
      "items must belong together as they did",
      {
        rules: [
          { port: 22, cidr: "a" },
          { port: 443, cidr: "b" },
        ],
      },
      {
        rules: [
          { port: 22, cidr: "b" },
          { port: 443, cidr: "a" },
        ],
      },
      ['rules[0].cidr is "b"; reviewed was "a".', 'rules[1].cidr is "a"; reviewed was "b".'],
    ],
  ])("%s", (_, reviewed, planned, sentences) => {
    expect(created(reviewed, planned, "synthesised")).toEqual(sentences.map((text) => `aws_sqs_queue.orders: ${text}`));
  });

  it("has outputs that are known to be sensitive then", () => {
    const output = (after: unknown): OutputChange => ({ name: "queue", action: "create", before: undefined, after });
    const outputs = (reviewed: unknown, planned: unknown, kind?: "synthesised") =>
      addedTo(set([], [output(reviewed)], kind), set([], [output(planned)]));
    expect(outputs("orders", SENSITIVE, "synthesised")).toEqual([]);
    expect(outputs("orders", "other", "synthesised")).toEqual(['Output queue becomes "other"; reviewed was "orders".']);
    expect(outputs("orders", SENSITIVE)).toEqual([`Output queue becomes ${SENSITIVE}; reviewed was "orders".`]);
  });

  it("may not turn out to exist", () => {
    expect(added([change("create", { after: {} })], [change("update")], "synthesised")).toEqual([
      "aws_sqs_queue.orders is updated; reviewed was that it is created.",
    ]);
  });
});

describe("an output", () => {
  const output = (after: unknown, action: OutputChange["action"] = "update"): OutputChange => ({
    name: "queue",
    action,
    before: "old",
    after,
  });
  const outputs = (reviewed: readonly OutputChange[], planned: readonly OutputChange[]) => addedTo(set([], reviewed), set([], planned));
  it("must have been reviewed with its value", () => {
    expect(outputs([output("a", "create")], [output("a")])).toEqual([]);
    expect(outputs([output(UNKNOWN)], [output("a")])).toEqual([]);
    expect(outputs([], [output("a", "create")])).toEqual(["Output queue is created, which was not reviewed."]);
    expect(outputs([output("a")], [output("b")])).toEqual(['Output queue becomes "b"; reviewed was "a".']);
    expect(outputs([output("a")], [output(undefined, "destroy")])).toEqual(["Output queue is destroyed; reviewed was that it is updated."]);
  });
});

describe("for any plan", () => {
  const text = fc.constantFrom("a", "b", "0.0.0.0/0", UNKNOWN, SENSITIVE);
  const values = fc.dictionary(
    fc.constantFrom("name", "rules", "policy", "encrypted"),
    fc.oneof(text, fc.boolean(), fc.integer(), fc.array(fc.record({ port: fc.integer({ min: 0, max: 3 }), cidr: text }), { maxLength: 3 })),
  );
  const attributes = fc
    .uniqueArray(
      fc.record({
        path: fc.constantFrom("name", "rules[0].cidr", "policy", "policy.Statement[0].Action"),
        before: text,
        after: text,
        forcesReplacement: fc.boolean(),
      }),
      { selector: ({ path }) => path, maxLength: 4 },
    )
    .map((list) =>
      list.map((item) => ({ ...item, ...(item.after !== UNKNOWN && item.after !== SENSITIVE && { digest: `d-${item.after}` }) })),
    );
  const changes = fc
    .uniqueArray(
      fc.record({
        n: fc.integer({ min: 0, max: 8 }),
        action: fc.constantFrom(...ACTIONS),
        attributes,
        after: values,
        id: fc.constantFrom("i-1", "i-2"),
        createBeforeDestroy: fc.boolean(),
      }),
      { selector: ({ n }) => n, minLength: 1, maxLength: 6 },
    )
    .map((list) =>
      list.map(({ n, action, attributes: changed, after, id, createBeforeDestroy }) =>
        change(action, {
          address: `aws_x.a${n}`,
          createBeforeDestroy,
          attributes: action === "update" || action === "replace" ? changed : [],
          ...(action !== "create" && { before: { id } }),
          ...(action !== "destroy" && { after }),
        }),
      ),
    );
  const outputs = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom("p", "q"),
      action: fc.constantFrom("create" as const, "update" as const, "destroy" as const),
      before: text,
      after: text,
    }),
    { selector: ({ name }) => name },
  );
  const plan = fc.record({ stack: fc.constant("dev-data"), changes, outputs });

  it("nothing is added to itself", () => {
    fc.assert(
      fc.property(plan, fc.constantFrom("planned" as const, "synthesised" as const), (one, kind) => {
        expect(addedTo(changeSetOf(one, kind), changeSetOf(one))).toEqual([]);
      }),
    );
  });

  it("less is never an addition", () => {
    fc.assert(
      fc.property(plan, fc.infiniteStream(fc.boolean()), (one, coin) => {
        const some = <T>(list: readonly T[]) => list.filter(() => coin.next().value);
        const less = {
          ...one,
          outputs: some(one.outputs),
          changes: some(one.changes).map((item) => ({ ...item, attributes: some(item.attributes) })),
        };
        expect(addedTo(changeSetOf(one), changeSetOf(less))).toEqual([]);
      }),
    );
  });

  it("any single strengthening is found", () => {
    type Edit = (set: ChangeSet) => ChangeSet | undefined;
    const first =
      (edit: (item: ChangeSet["changes"][number]) => Partial<ChangeSet["changes"][number]> | undefined): Edit =>
      (one) => {
        const at = one.changes.findIndex((item) => edit(item) !== undefined);
        return at < 0
          ? undefined
          : { ...one, changes: one.changes.map((item, index) => (index === at ? { ...item, ...edit(item) } : item)) };
      };
    const edits: readonly Edit[] = [
      (one) => ({ ...one, changes: [...one.changes, { ...one.changes[0]!, address: "aws_x.new" }] }),
      (one) => ({
        ...one,
        changes: [
          ...one.changes,
          { address: one.changes[0]!.address, action: "destroy", deposed: "d1", createBeforeDestroy: false, attributes: [] },
        ],
      }),
      (one) => ({ ...one, outputs: [...one.outputs, { name: "new", action: "create", after: "x" }] }),
      first(({ action }) => (action === "destroy" ? undefined : { action: "destroy" })),
      first(({ action }) => (action === "update" ? { action: "replace" } : undefined)),
      first(({ action, attributes: list }) =>
        action === "update" ? { attributes: [...list, { path: "new", after: "x", digest: "d-x", forcesReplacement: false }] } : undefined,
      ),
      first(({ attributes: list }) =>
        list.some(({ after }) => after !== UNKNOWN)
          ? { attributes: list.map((item) => (item.after === UNKNOWN ? item : { ...item, after: "stronger", digest: "d-stronger" })) }
          : undefined,
      ),
      first(({ attributes: list }) =>
        list.some(({ forcesReplacement }) => !forcesReplacement)
          ? { attributes: list.map((item) => ({ ...item, forcesReplacement: true })) }
          : undefined,
      ),
      first(({ object }) => (object === undefined ? undefined : { object: "i-3" })),
      first(({ action }) => (action === "move" || action === "update" ? { previousAddress: "aws_x.elsewhere" } : undefined)),
      first(({ action, createBeforeDestroy }) =>
        action === "replace" && createBeforeDestroy ? { createBeforeDestroy: false } : undefined,
      ),
      first(({ action, whole }) => (action === "create" ? { whole: { ...whole, extra: "x" } } : undefined)),
      first(({ action, whole }) =>
        action === "create" && whole?.name !== undefined && whole.name !== UNKNOWN ? { whole: { ...whole, name: "stronger" } } : undefined,
      ),
    ];
    const seen = new Set<number>();
    fc.assert(
      fc.property(plan, fc.nat(edits.length - 1), (one, index) => {
        const reviewed = changeSetOf(one);
        const planned = edits[index]!(changeSetOf(one));
        if (!planned) return;
        seen.add(index);
        expect(addedTo(reviewed, planned)).not.toEqual([]);
      }),
      { seed: SEED, numRuns: 1000 },
    );
    expect(seen.size).toBe(edits.length);
  });
});
