import fc from "fast-check";
import { covers, meet } from "../../review/risk/glob";
import { holds, isPublicRange } from "../../review/risk/cidr";
import { parsePolicy, widening } from "../../review/risk/policy-document";
import { policy, risks, rulesOf } from "./risk-builders";
import { SEED } from "../helpers/seed";

const runs = { seed: SEED, numRuns: Number(process.env.PROPERTY_RUNS ?? 300) };

describe("a pattern", () => {
  it.each([
    ["*", "s3:GetObject", true],
    ["s3:*", "s3:GetObject", true],
    ["s3:Get*", "s3:Get*", true],
    ["s3:Get*", "s3:GetObject*", true],
    ["s3:Get*", "s3:*", false],
    ["s3:Get?", "s3:Get*", false],
    ["s3:Get*", "s3:Get?", true],
    ["a*c", "abbc", true],
    ["a*c", "abbd", false],
    ["a*b*c", "aXbYc", true],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["a**", "a*", true],
    ["${x.arn}/*", "${x.arn}/a", true],
    ["${x.arn}", "${y.arn}", false],
    ["*", "", true],
    ["a*b", "ab", true],
  ])("%s takes in %s: %s", (outer, inner, expected) => {
    expect(covers(outer, inner)).toBe(expected);
  });

  it.each([
    ["a*", "*b", true],
    ["a*", "b*", false],
    ["a?c", "ab*", true],
    ["ab", "ab", true],
    ["a", "b", false],
    ["*", "*", true],
    ["a*z", "ab", false],
  ])("%s and %s have a text in common: %s", (a, b, expected) => {
    expect(meet(a, b)).toBe(expected);
    expect(meet(b, a)).toBe(expected);
  });

  it("takes in what its text is built of", () => {
    const part = fc.string({ unit: fc.constantFrom("a", "b", ":"), maxLength: 4 });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), fc.array(part, { minLength: 4, maxLength: 4 }), (texts, fillings) => {
        const pattern = texts.join("*");
        const filled = texts.map((text, index) => (index === 0 ? text : `${fillings[index]}${text}`)).join("");
        expect(covers(pattern, filled)).toBe(true);
        expect(meet(pattern, filled)).toBe(true);
      }),
      runs,
    );
  });
});

describe("a network", () => {
  it.each([
    ["10.0.0.0/8", "10.1.0.0/16", true],
    ["10.1.0.0/16", "10.0.0.0/8", false],
    ["0.0.0.0/0", "::/0", false],
    ["::/0", "2001:db8::/32", true],
    ["10.0.0.0/8", "10.1.2.3", true],
    ["sg-1", "sg-1", true],
    ["sg-1", "sg-2", false],
    ["10.0.0.0/8", "sg-1", false],
  ])("%s holds %s: %s", (outer, inner, expected) => {
    expect(holds(outer, inner)).toBe(expected);
  });
  it.each([
    ["0.0.0.0/0", true],
    ["::/0", true],
    ["10.0.0.0/8", false],
    ["11.0.0.0/8", true],
    ["10.0.0.0/7", true],
    ["203.0.113.0/24", false],
    ["2000::/3", true],
    ["2001:db8::/32", false],
    ["fd00::/8", true],
    ["sg-1", false],
  ])("%s is a part of the Internet: %s", (cidr, expected) => {
    expect(isPublicRange(cidr)).toBe(expected);
  });
});

const statement = (more: object) => ({ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:a", ...more });
const found = (before: readonly object[], after: readonly object[]) => {
  const { allowed, noLongerDenied } = widening(parsePolicy(policy(...before))!, parsePolicy(policy(...after))!);
  return allowed.length + noLongerDenied.length;
};

describe("a policy", () => {
  it.each<readonly [string, readonly object[], readonly object[]]>([
    ["another action", [statement({})], [statement({ Action: ["s3:GetObject", "s3:PutObject"] })]],
    ["a wildcard of actions", [statement({})], [statement({ Action: "s3:*" })]],
    ["a wildcard of resources", [statement({})], [statement({ Resource: "*" })]],
    ["NotAction in place of Action", [statement({})], [{ Effect: "Allow", NotAction: "iam:*", Resource: "arn:a" }]],
    [
      "fewer actions kept out",
      [{ Effect: "Allow", NotAction: ["iam:*", "sts:*"], Resource: "*" }],
      [{ Effect: "Allow", NotAction: "iam:*", Resource: "*" }],
    ],
    ["NotResource", [statement({})], [{ Effect: "Allow", Action: "s3:GetObject", NotResource: "arn:b" }]],
    ["a condition less", [statement({ Condition: { StringEquals: { "aws:SourceAccount": "1" } } })], [statement({})]],
    [
      "a value more in a condition",
      [statement({ Condition: { StringEquals: { a: "1" } } })],
      [statement({ Condition: { StringEquals: { a: ["1", "2"] } } })],
    ],
    [
      "StringLike with a star",
      [statement({ Condition: { StringEquals: { a: "main" } } })],
      [statement({ Condition: { StringLike: { a: "main*" } } })],
    ],
    [
      "StringLike where StringEquals stood, with the star as a pattern",
      [statement({ Condition: { StringEquals: { a: "x*" } } })],
      [statement({ Condition: { StringLike: { a: "x*" } } })],
    ],
    [
      "IfExists",
      [statement({ Condition: { StringEquals: { a: "1" } } })],
      [statement({ Condition: { StringEqualsIfExists: { a: "1" } } })],
    ],
    [
      "fewer values that must not be",
      [statement({ Condition: { StringNotEquals: { a: ["1", "2"] } } })],
      [statement({ Condition: { StringNotEquals: { a: ["1"] } } })],
    ],
    [
      "a wider network",
      [statement({ Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } })],
      [statement({ Condition: { IpAddress: { "aws:SourceIp": "203.0.112.0/23" } } })],
    ],
    ["a denial less", [{ ...statement({}), Effect: "Deny" }], []],
    [
      "a denial of fewer actions",
      [{ ...statement({}), Effect: "Deny", Action: ["a:B", "a:C"] }],
      [{ ...statement({}), Effect: "Deny", Action: "a:B" }],
    ],
    [
      "a denial with a condition",
      [{ ...statement({}), Effect: "Deny" }],
      [{ ...statement({}), Effect: "Deny", Condition: { Bool: { x: "true" } } }],
    ],
    ["a denial that allows", [{ ...statement({}), Effect: "Deny" }], [statement({})]],
    ["another principal", [statement({ Principal: { AWS: "1" } })], [statement({ Principal: { AWS: ["1", "2"] } })]],
    ["everybody", [statement({ Principal: { AWS: "1" } })], [statement({ Principal: "*" })]],
    ["NotPrincipal", [statement({ Principal: { AWS: "1" } })], [statement({ NotPrincipal: { AWS: "2" } })]],
    [
      "a resource crossed with another's action",
      [statement({ Action: "a:B", Resource: "1" }), statement({ Action: "a:C", Resource: "2" })],
      [statement({ Action: ["a:B", "a:C"], Resource: ["1", "2"] })],
    ],
  ])("that gets %s is wider, and back it is not", (_, before, after) => {
    expect(found(before, after)).toBeGreaterThan(0);
    expect(found(after, before)).toBe(0);
  });

  it.each<readonly [string, readonly object[], readonly object[]]>([
    ["grouped otherwise", [statement({ Action: ["a:B", "a:C"] })], [statement({ Action: "a:C", Sid: "x" }), statement({ Action: "a:B" })]],
    ["written in another case", [statement({})], [statement({ Action: "S3:getobject", Condition: {} })]],
    ["narrowed from a wildcard", [statement({ Action: "s3:Get*" })], [statement({})]],
    ["narrowed from NotAction", [{ Effect: "Allow", NotAction: "iam:*", Resource: "*" }], [statement({})]],
    [
      "with a condition's value out of a pattern",
      [statement({ Condition: { StringLike: { a: "main*" } } })],
      [statement({ Condition: { StringEquals: { a: "main-1" } } })],
    ],
    [
      "with ArnLike for ArnEquals, which mean the same",
      [statement({ Condition: { ArnEquals: { a: "arn:*" } } })],
      [statement({ Condition: { ArnLike: { a: "arn:*" } } })],
    ],
    ["without what it denied, but for more", [{ ...statement({}), Effect: "Deny" }], [{ ...statement({}), Effect: "Deny", Action: "*" }]],
  ])("%s is no wider", (_, before, after) => {
    expect(found(before, after)).toBe(0);
  });

  const action = fc.constantFrom("s3:GetObject", "s3:PutObject", "s3:Get*", "sqs:SendMessage", "dynamodb:Query", "iam:PassRole");
  const target = fc.constantFrom("arn:aws:s3:::a", "arn:aws:s3:::a/*", "arn:aws:sqs:::q", "${aws_dynamodb_table.t.arn}");
  const conditioned = fc.option(
    fc.record({
      operator: fc.constantFrom("StringEquals", "StringLike", "ArnLike"),
      key: fc.constantFrom("aws:SourceAccount", "aws:SourceArn"),
      values: fc.uniqueArray(fc.constantFrom("111122223333", "arn:x", "arn:y"), { minLength: 1, maxLength: 3 }),
    }),
  );
  const statements = fc
    .array(
      fc.record({
        actions: fc.uniqueArray(action, { minLength: 1, maxLength: 3 }),
        resources: fc.uniqueArray(target, { minLength: 1, maxLength: 3 }),
        condition: conditioned,
        deny: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
      }),
      { minLength: 1, maxLength: 4 },
    )
    .map((list) =>
      list.map(({ actions, resources, condition, deny }) => ({
        Effect: deny ? "Deny" : "Allow",
        Action: actions,
        Resource: resources,
        ...(condition && { Condition: { [condition.operator]: { [condition.key]: condition.values } } }),
      })),
    );
  type Written = { Effect: string; Action: string[]; Resource: string[]; Condition?: Record<string, Record<string, string[]>> };
  const of = (before: object[], after: object[]) =>
    rulesOf(risks([{ type: "aws_iam_role_policy", before: { policy: policy(...before) }, after: { policy: policy(...after) } }])).filter(
      (rule) => rule.endsWith("policy-widened"),
    );

  it("that is widened anywhere is always found", () => {
    fc.assert(
      fc.property(statements, fc.nat(), fc.constantFrom("action", "resource", "statement", "condition", "denial"), (before, at, how) => {
        const after = structuredClone(before) as Written[];
        const one = after[at % after.length]!;
        if (how === "statement") after.push({ Effect: "Allow", Action: ["kms:Decrypt"], Resource: ["*"] });
        else if (how === "denial" || one.Effect === "Deny") {
          if (one.Effect !== "Deny") after.push({ Effect: "Allow", Action: ["kms:Decrypt"], Resource: ["*"] });
          else {
            // A denial that goes is one unless another says the same.
            fc.pre(after.filter(({ Effect }) => Effect === "Deny").length === 1);
            after.splice(at % after.length, 1);
          }
        } else if (how === "action") one.Action.push("kms:Decrypt");
        else if (how === "resource") one.Resource.push("arn:aws:new");
        else {
          fc.pre(one.Condition !== undefined && after.filter(({ Effect }) => Effect === "Allow").length === 1);
          delete one.Condition;
        }
        expect(of(before, after)).toEqual(expect.arrayContaining(["refusal identity/policy-widened"]));
      }),
      runs,
    );
  });

  it("that is narrowed is never found", () => {
    fc.assert(
      fc.property(
        statements,
        fc.nat(),
        fc.constantFrom("action", "resource", "statement", "condition", "value", "denial", "order"),
        (before, at, how) => {
          const after = structuredClone(before) as Written[];
          const one = after[at % after.length]!;
          if (how === "denial" || one.Effect === "Deny") after.push({ Effect: "Deny", Action: ["*"], Resource: ["*"] });
          else if (how === "statement") after.splice(at % after.length, 1);
          else if (how === "action") one.Action.pop();
          else if (how === "resource") one.Resource.pop();
          else if (how === "condition") one.Condition = { ...one.Condition, Bool: { "aws:MultiFactorAuthPresent": ["true"] } };
          else if (how === "order") after.reverse();
          else {
            const [keys] = Object.values(one.Condition ?? {});
            const [values] = Object.values(keys ?? {});
            fc.pre(values !== undefined && values.length > 1);
            values!.pop();
          }
          const kept = after.filter(({ Action, Resource }) => Action.length > 0 && Resource.length > 0);
          expect(of(before, kept)).toEqual([]);
        },
      ),
      runs,
    );
  });
});

describe("a rule of a security group", () => {
  const cidr = fc.record({ bits: fc.integer({ min: 9, max: 31 }), address: fc.nat({ max: 0xffff_ffff }) });
  const written = (address: number, bits: number) => {
    const network = bits === 0 ? 0 : (address >>> (32 - bits)) * 2 ** (32 - bits);
    return `${[24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join(".")}/${bits}`;
  };
  const rule = (address: number, bits: number, ports: readonly [number, number]) => ({
    ip_protocol: "tcp",
    from_port: ports[0],
    to_port: ports[1],
    security_group_id: "sg-1",
    cidr_ipv4: written(address, bits),
  });
  const ports = fc
    .tuple(fc.integer({ min: 1, max: 60_000 }), fc.integer({ min: 0, max: 5_000 }))
    .map(([from, more]) => [from, from + more] as const);
  const of = (before: object, after: object) =>
    rulesOf(risks([{ type: "aws_vpc_security_group_ingress_rule", before: before as never, after: after as never }]));

  it("for a wider network or more ports is always found, for a narrower one never", () => {
    fc.assert(
      fc.property(cidr, ports, fc.integer({ min: 1, max: 32 }), fc.boolean(), ({ bits, address }, range, by, isPorts) => {
        const narrow = rule(address, bits, range);
        const wide = isPorts
          ? rule(address, bits, [range[0], Math.min(65_535, range[1] + by)])
          : rule(address, Math.max(0, bits - by), range);
        expect(of(narrow, wide)).toEqual(["refusal network/ingress-opened"]);
        expect(of(wide, narrow)).toEqual([]);
      }),
      runs,
    );
  });
});
