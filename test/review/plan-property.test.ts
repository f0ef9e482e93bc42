/** For any plan: no destruction is missed, no secret is shown, and what is broken says so. */
import fc from "fast-check";
import { comparePlan } from "../../review/plan/compare";
import { readPlan } from "../../review/plan/read";
import { changeOf, planOf, SEEDS, type RawChange } from "./plans/make";
import { SEED } from "../helpers/seed";
import type { StackJson } from "../../terraform/assembly";

const RUNS = { seed: SEED, numRuns: 300 };
const read = (plan: object) => readPlan(JSON.stringify(plan), { stack: "any", file: "any.json" });
const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
const json = fc.jsonValue({ maxDepth: 3 });
const values = fc.dictionary(name, json, { maxKeys: 5 });

describe("destructions", () => {
  const words = fc.constantFrom("create", "delete", "update", "no-op", "forget", "read");
  const actions = fc.oneof(
    fc.constantFrom(
      ["create"],
      ["delete"],
      ["update"],
      ["delete", "create"],
      ["create", "delete"],
      ["no-op"],
      ["forget"],
      ["create", "forget"],
    ),
    fc.array(words, { minLength: 1, maxLength: 3 }).filter((list) => list.includes("delete")),
  );
  const change = fc
    .record({
      type: name,
      key: fc.option(fc.string({ maxLength: 6 })),
      actions,
      before: fc.option(values),
      after: fc.option(values),
      deposed: fc.option(fc.stringMatching(/^[0-9a-f]{8}$/)),
      previous: fc.boolean(),
      imported: fc.boolean(),
      unknown: fc.oneof(fc.constant({}), values, fc.constant(true)),
      paths: fc.array(fc.array(fc.oneof(name, fc.nat(3)), { maxLength: 3 }), { maxLength: 2 }),
    })
    .map(({ type, key, actions: list, before, after, deposed, previous, imported, unknown, paths }): RawChange => ({
      ...changeOf(
        `t_${type}`,
        list,
        before,
        after,
        { after_unknown: unknown, replace_paths: paths, ...(imported ? { importing: { id: "i" } } : {}) },
        `t_${type}.it${key === null ? "" : `[${JSON.stringify(key)}]`}`,
      ),
      ...(deposed === null ? {} : { deposed }),
      ...(previous ? { previous_address: "t_x.before" } : {}),
    }));

  test.each(["valueOf", "toString", "constructor", "hasOwnProperty"])(
    "an argument or a type may be called %s, known or not",
    (inherited) => {
      const raw = changeOf(`t_${inherited}`, ["delete", "create"], null, null, {
        after_unknown: { a: { [inherited]: null }, [inherited]: true },
      });
      expect(read(planOf([raw])).changes.map(({ action, after }) => [action, after])).toEqual([
        ["replace", { [inherited]: "(known after apply)" }],
      ]);
      expect(read(planOf([{ ...raw, type: inherited }])).changes).toHaveLength(1);
    },
  );

  test("none is ever missed, and none made up", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), fc.boolean(), (changes, areDeferred) => {
        const plan = read(
          areDeferred
            ? planOf([], { deferred_changes: changes.map((one) => ({ reason: "unknown", resource_change: one })) })
            : planOf(changes),
        );
        const expected = changes
          .filter(({ change: { actions: list } }) => list.includes("delete"))
          .map(({ address, deposed = "" }) => `${address} ${deposed}`)
          .sort();
        expect(
          plan.changes
            .filter(({ action }) => action === "destroy" || action === "replace")
            .map(({ address, deposed = "" }) => `${address} ${deposed}`)
            .sort(),
        ).toEqual(expected);
      }),
      RUNS,
    );
  });
});

describe("secrets", () => {
  const mixed = fc.stringMatching(/^[A-Z][a-z][0-9][A-Z][a-z][0-9][a-zA-Z0-9]{6,20}$/).map((text) => `Zq7${text}`);
  const token = fc.oneof(
    mixed.map((body) => ({ text: `ghp_${body}${"x1Y".repeat(8)}`, secret: body })),
    fc.stringMatching(/^[A-Z2-7]{16}$/).map((body) => ({ text: `AKIA${body}`, secret: body })),
    mixed.map((body) => ({ text: `https://hooks.slack.com/services/T0/B0/${body}`, secret: body })),
    mixed.map((body) => ({ text: `xoxb-${body}`, secret: body })),
    mixed.map((body) => ({ text: `eyJhbGciOi.eyJzdWIiOj.${body}`, secret: body })),
    mixed.map((body) => ({ text: `-----BEGIN EC PRIVATE KEY-----\n${body}\n-----END EC PRIVATE KEY-----`, secret: body })),
    mixed.map((body) => ({ text: `postgres://user:${body}@host/db`, secret: body })),
    mixed.map((body) => ({ text: `first line\nDB_PASSWORD=${body}\nlast`, secret: body })),
    mixed.map((body) => ({ text: `https://h/p?x=1&token=${body}`, secret: body })),
    mixed.map((body) => ({ text: `curl -H "Authorization: Bearer ${body}"`, secret: body })),
  );
  /** A place in a resource for a text, with what makes it a secret there. */
  type Place = (text: string) => { readonly type: string; readonly values: Record<string, unknown>; readonly sensitive?: unknown };
  const forToken: readonly Place[] = [
    (text) => ({ type: "t_any", values: { plain: text } }),
    (text) => ({ type: "t_any", values: { list: ["a", text] } }),
    (text) => ({ type: "t_any", values: { block: [{ inner: { text } }] } }),
    (text) => ({ type: "t_any", values: { policy: JSON.stringify({ a: [{ b: text }] }) } }),
    (text) => ({ type: "t_any", values: { policy: JSON.stringify({ a: JSON.stringify({ b: text }) }) } }),
    (text) => ({ type: "t_any", values: { user_data: Buffer.from(`#!/bin/sh\necho ${text}\n`).toString("base64") } }),
    (text) => ({ type: "t_any", values: { map: { [text]: "as a key" } } }),
    (text) => ({ type: "helm_release", values: { values: [`a:\n  b: ${JSON.stringify(text)}\n`] } }),
    (text) => ({ type: "t_any", values: { user_data: `${"long ".repeat(1000)}${text}` } }),
  ];
  const forAnyText: readonly Place[] = [
    (text) => ({ type: "t_any", values: { x: text }, sensitive: { x: true } }),
    (text) => ({ type: "t_any", values: { x: [{ y: text }] }, sensitive: { x: [{ y: true }] } }),
    (text) => ({ type: "t_any", values: { x: { y: { z: text } } }, sensitive: { x: true } }),
    (text) => ({ type: "t_any", values: { x: text }, sensitive: true }),
    (text) => ({ type: "aws_lambda_function", values: { environment: [{ variables: { NAME: text } }] } }),
    (text) => ({
      type: "aws_ecs_task_definition",
      values: { container_definitions: JSON.stringify([{ environment: [{ name: "A", value: text }] }]) },
    }),
    (text) => ({
      type: "kubernetes_deployment",
      values: { spec: [{ template: [{ spec: [{ container: [{ env: [{ name: "A", value: text }] }] }] }] }] },
    }),
    (text) => ({ type: "docker_container", values: { env: [`A=${text}`] } }),
    (text) => ({ type: "helm_release", values: { values: [JSON.stringify({ env: { A: text } })] } }),
    (text) => ({ type: "helm_release", values: { set_sensitive: [{ name: "a", value: text }] } }),
    (text) => ({ type: "helm_release", values: { set: [{ name: "auth.password", value: text }] } }),
    (text) => ({ type: "aws_ssm_parameter", values: { type: "SecureString", value: text } }),
    (text) => ({ type: "aws_secretsmanager_secret_version", values: { secret_string: text } }),
    (text) => ({ type: "random_password", values: { result: text } }),
    (text) => ({ type: "aws_db_instance", values: { password: text } }),
    (text) => ({ type: "aws_elasticache_replication_group", values: { auth_token: text } }),
    (text) => ({ type: "kubernetes_secret_v1", values: { data: { name: text, id: text } } }),
    (text) => ({ type: "t_any", values: { credentials: { main: text, more: [text] } } }),
  ];

  const shownNowhere = (place: Place, text: string, secret: string, other: string): void => {
    const one = place(text);
    const two = place(other);
    const [sensitive] = [one.sensitive ?? {}];
    const mask = { before_sensitive: sensitive, after_sensitive: sensitive };
    const changes = [
      changeOf(one.type, ["update"], one.values, two.values, mask, `${one.type}.a`),
      changeOf(one.type, ["update"], two.values, one.values, mask, `${one.type}.b`),
      changeOf(one.type, ["delete"], one.values, null, mask, `${one.type}.c`),
      changeOf(one.type, ["create"], null, one.values, mask, `${one.type}.d`),
      changeOf(one.type, ["no-op"], one.values, one.values, mask, `${one.type}.e`),
    ];
    const plan = planOf(changes, { resource_drift: changes, variables: { v: { value: text } } });
    const result = read(plan);
    expect(JSON.stringify(result)).not.toContain(JSON.stringify(secret).slice(1, -1));
    // It is hidden, and its change is not.
    expect(result.changes[0]!.attributes.length).toBeGreaterThan(0);
    expect(result.changes[1]!.attributes.length).toBeGreaterThan(0);
  };

  test("a token is shown nowhere", () => {
    fc.assert(
      fc.property(fc.constantFrom(...forToken), token, (place, { text, secret }) => {
        shownNowhere(place, text, secret, "ordinary");
      }),
      RUNS,
    );
  });
  test("nothing is shown at a place for secrets", () => {
    // Long and odd enough not to stand in a plan by chance.
    const anyText = fc.tuple(mixed, fc.string({ maxLength: 10 })).map(([body, tail]) => ({ text: `${body}${tail}`, secret: body }));
    fc.assert(
      fc.property(fc.constantFrom(...forAnyText), anyText, (place, { text, secret }) => {
        shownNowhere(place, text, secret, "another one");
      }),
      { numRuns: 500 },
    );
  });
  test("a token is not shown as a key of for_each, an id of an import, or an output", () => {
    fc.assert(
      fc.property(token, ({ text, secret }) => {
        const address = `t_any.it[${JSON.stringify(text)}]`;
        const change = {
          ...changeOf("t_any", ["update"], { a: 1 }, { a: 2 }, { importing: { id: text } }, address),
          previous_address: `module.m[${JSON.stringify(text)}].t_any.it`,
        };
        const plan = planOf([change], {
          output_changes: {
            o: { actions: ["update"], before: text, after: [text], before_sensitive: false, after_sensitive: false, after_unknown: false },
          },
        });
        expect(JSON.stringify(read(plan))).not.toContain(JSON.stringify(secret).slice(1, -1));
      }),
      RUNS,
    );
  });
  test("the synthesis has no masks, and its secrets are shown nowhere either", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...forToken, ...forAnyText.filter((place) => place("").sensitive === undefined)),
        token,
        (place, { text, secret }) => {
          const { type, values: block } = place(text);
          const synthesised = { resource: { [type]: { it: block } } };
          for (const plan of [
            comparePlan(undefined, synthesised),
            comparePlan(synthesised, undefined),
            comparePlan(synthesised, { resource: { [type]: { it: { ...block, more: 1 } } } }),
          ]) {
            expect(JSON.stringify(readPlan(plan, { stack: "any" }))).not.toContain(JSON.stringify(secret).slice(1, -1));
          }
        },
      ),
      RUNS,
    );
  });
});

describe("comparisons", () => {
  const text = fc.oneof(fc.string(), fc.constantFrom("${aws_kms_key.a.arn}", "${x}/*", '{"a":"${b.c.d}"}', "$${escaped}", "%{ if x }"));
  const block = fc.dictionary(
    fc.oneof(name, fc.constantFrom("depends_on", "lifecycle", "//", "tags")),
    fc.oneof(text, fc.nat(), fc.boolean(), fc.array(text, { maxLength: 3 }), fc.dictionary(name, text, { maxKeys: 3 })),
    { maxKeys: 5 },
  );
  const synthesis = fc.record({
    resource: fc.dictionary(
      name.map((type) => `t_${type}`),
      fc.dictionary(name, block, { maxKeys: 3 }),
      { maxKeys: 4 },
    ),
    output: fc.dictionary(name, fc.record({ value: text }), { maxKeys: 2 }),
  }) as fc.Arbitrary<StackJson>;
  const addresses = ({ resource = {} }: StackJson) =>
    Object.entries(resource).flatMap(([type, blocks]) => Object.keys(blocks).map((id) => `${type}.${id}`));

  test("a stack and itself have no changes", () => {
    fc.assert(
      fc.property(synthesis, (one) => {
        const plan = readPlan(comparePlan(one, structuredClone(one)), { stack: "any" });
        expect([plan.changes, plan.drift, plan.outputs]).toEqual([[], [], []]);
        expect(plan.before.map(({ address }) => address)).toEqual(addresses(one).sort());
      }),
      RUNS,
    );
  });
  test("what is not synthesised any more is destroyed, what is new is created", () => {
    fc.assert(
      fc.property(synthesis, synthesis, (one, other) => {
        const { changes } = readPlan(comparePlan(one, other), { stack: "any" });
        const [was, is] = [addresses(one), addresses(other)];
        const told = (action: string) => changes.filter((change) => change.action === action).map(({ address }) => address);
        expect(told("destroy")).toEqual(was.filter((address) => !is.includes(address)).sort());
        expect(told("create")).toEqual(is.filter((address) => !was.includes(address)).sort());
        for (const { action, attributes } of changes) if (action === "update") expect(attributes.length).toBeGreaterThan(0);
      }),
      RUNS,
    );
  });
});

describe("broken plans", () => {
  const text = JSON.stringify({ ...SEEDS["events-create"], note: "planted-Secret-1" });
  const readOrRefuse = (broken: string) => {
    try {
      return readPlan(broken, { stack: "any", file: "any.json" });
    } catch (error) {
      expect(Object.getPrototypeOf(error)).toBe(Error.prototype);
      const { message } = error as Error;
      expect(message.startsWith("any.json ")).toBe(true);
      expect(message).not.toContain("planted");
      for (const word of ["TSS_", "arn:", "111122223333", "trading"]) expect(message).not.toContain(word);
      return undefined;
    }
  };
  test("cut off anywhere", () => {
    fc.assert(
      fc.property(fc.nat(text.length - 1), (length) => {
        expect(readOrRefuse(text.slice(0, length))).toBeUndefined();
      }),
      RUNS,
    );
  });
  test("with other bytes in it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), fc.nat(4)), { minLength: 1, maxLength: 6 }),
        (edits) => {
          let broken = text;
          for (const [at, put, gone] of edits) broken = broken.slice(0, at) + put + broken.slice(at + gone);
          readOrRefuse(broken);
        },
      ),
      RUNS,
    );
  });
  test("with anything in the place of anything", () => {
    const change = fc.record(
      {
        address: fc.oneof(fc.constant("a.b"), json),
        type: fc.oneof(fc.constant("a"), json),
        mode: fc.oneof(fc.constant("managed"), json),
        change: fc.oneof(
          json,
          fc.record(
            {
              actions: fc.oneof(fc.constant(["update"]), json),
              before: fc.oneof(values, json),
              after: fc.oneof(values, json),
              after_unknown: json,
              before_sensitive: json,
              after_sensitive: json,
              replace_paths: json,
              importing: json,
            },
            { requiredKeys: [] },
          ),
        ),
      },
      { requiredKeys: [] },
    );
    const plan = fc.record(
      {
        resource_changes: fc.oneof(fc.array(change), json),
        resource_drift: fc.oneof(fc.array(change), json),
        output_changes: json,
        prior_state: json,
        planned_values: fc.oneof(
          json,
          fc.record({ root_module: fc.oneof(json, fc.record({ resources: fc.array(change), child_modules: json })) }),
        ),
        configuration: json,
        deferred_changes: json,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(plan, (one) => {
        readOrRefuse(JSON.stringify({ format_version: "1.2", configuration: {}, ...one }));
      }),
      { numRuns: 1000 },
    );
  });
});
