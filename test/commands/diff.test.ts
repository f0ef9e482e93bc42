/** `npm run diff`: the account, all stacks. */
import { diffCommand, summaryOf } from "../../commands/diff";
import { environmentNames } from "../../environments";
import { changeOf, stackOf } from "../helpers/report";

it("has a line for each stack, whatever becomes of it", () => {
  const output = { name: "orders_queue_url", action: "create", before: undefined, after: "q" } as const;
  expect(
    summaryOf([
      stackOf("dev-network"),
      stackOf("dev-events", { plan: { outputs: [output, { ...output, name: "cross-stack-output-a" }] } }),
      stackOf("dev-data", {
        plan: { changes: [changeOf(), changeOf({ address: "a.b", action: "create" })], outputs: [output, { ...output, name: "b" }] },
      }),
      stackOf("dev-trading", { state: "deferred", why: "values stand as unknown in its plan", plan: { changes: [changeOf()] } }),
      stackOf("dev-services", { state: "failed", why: "terraform plan failed: no" }),
    ]).split("\n"),
  ).toEqual([
    "dev-network   nothing",
    "dev-events    1 output",
    "dev-data      1 created, 1 updated, 2 outputs",
    "dev-trading   1 updated (deferred)",
    "dev-services  could not be planned, see above",
  ]);
});

it("refuses an environment that is none, with the names of those that are", async () => {
  await expect(diffCommand({ root: "/nowhere", python: "" }).exitOverride().parseAsync(["production"], { from: "user" })).rejects.toThrow(
    `Valid names: ${environmentNames.join(", ")}.`,
  );
});
