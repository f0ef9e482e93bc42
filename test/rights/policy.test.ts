import { judge, type Request, type Statement } from "./policy";

const queue = "arn:aws:sqs:ap-northeast-1:111122223333:orders";
const request = (over: Partial<Omit<Request, "context">> & { readonly context?: Readonly<Record<string, string>> } = {}): Request => ({
  action: "sqs:CreateQueue",
  resource: queue,
  ...over,
  context: (key) => over.context?.[key],
});
const allow = (over: Partial<Statement> = {}): Statement => ({ Effect: "Allow", Action: "sqs:Create*", Resource: "*", ...over });
const deny = (over: Partial<Statement>): Statement => ({ ...allow(over), Effect: "Deny" });

it("allows what a statement grants, and nothing beside it", () => {
  expect(judge(request(), [allow()])).toBe("allowed");
  expect(judge(request({ action: "SQS:createqueue" }), [allow()])).toBe("allowed");
  expect(judge(request({ action: "sqs:DeleteQueue" }), [allow()])).toBe("not granted");
  expect(judge(request(), [])).toBe("not granted");
});

it("reads resources as patterns", () => {
  expect(judge(request(), [allow({ Resource: ["arn:aws:sns:*", "arn:aws:sqs:*:111122223333:order?"] })])).toBe("allowed");
  expect(judge(request(), [allow({ Resource: "arn:aws:sqs:*:111122223333:order" })])).toBe("not granted");
  expect(judge(request(), [allow({ Resource: undefined, NotResource: queue })])).toBe("not granted");
  expect(judge(request({ resource: "*" }), [allow({ Resource: "arn:aws:sqs:*" })])).toBe("not granted");
});

it("lets a denial win, wherever it stands", () => {
  expect(judge(request(), [allow(), deny({ Action: "sqs:*" })])).toBe("denied");
  expect(judge(request(), [allow()], [allow({ Action: "*" }), deny({ Resource: undefined, NotResource: "arn:aws:sqs:*:*:alerts" })])).toBe(
    "denied",
  );
  expect(judge(request(), [allow()], [allow({ Action: "*" }), deny({ Resource: undefined, NotResource: queue })])).toBe("allowed");
  expect(judge(request(), [allow(), deny({ Action: undefined, NotAction: "sqs:Create*" })])).toBe("allowed");
});

it("grants no more than the boundary", () => {
  expect(judge(request(), [allow()], [allow({ Action: "sns:*" })])).toBe("outside the boundary");
  expect(judge(request(), [], [allow()])).toBe("not granted");
});

it.each([
  ["StringEquals", "a", "b", "not granted"],
  ["StringNotEquals", "b", "a", "allowed"],
  ["StringEqualsIfExists", "a", "b", "allowed"],
  ["StringLike", "axx", "bxx", "not granted"],
  ["ArnLike", "axx", "bxx", "not granted"],
])("knows the condition %s", (operator, holding, failing, missing) => {
  const statements = [allow({ Condition: { [operator]: { key: operator.endsWith("Like") ? ["a*"] : "a" } } })];
  expect(judge(request({ context: { key: holding } }), statements)).toBe("allowed");
  expect(judge(request({ context: { key: failing } }), statements)).toBe("not granted");
  expect(judge(request(), statements)).toBe(missing);
});

it("knows the conditions Bool and Null, and refuses to guess others", () => {
  expect(judge(request({ context: { key: "true" } }), [allow({ Condition: { Bool: { key: "true" } } })])).toBe("allowed");
  expect(judge(request(), [allow({ Condition: { Bool: { key: "true" } } })])).toBe("not granted");
  expect(judge(request(), [allow({ Condition: { Null: { key: "true" } } })])).toBe("allowed");
  expect(judge(request({ context: { key: "a" } }), [allow({ Condition: { Null: { key: "true" } } })])).toBe("not granted");
  expect(() => judge(request({ context: { key: "1" } }), [allow({ Condition: { NumericLessThan: { key: "2" } } })])).toThrow(
    "NumericLessThan",
  );
});
