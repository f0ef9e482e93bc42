/** A value that changes in three environments, and nothing to decide: what the comment and the page need to say it. */
import { resolve } from "node:path";
import type { EnvironmentReview, Finding, Report } from "../../review/model";
import { markdown } from "../../review/report/markdown";
import { page } from "../../review/report/page";
import { isCalm } from "../../review/report/verdict";
import { changeOf, classOf, costOf, environmentOf, findingOf, heldBy, reportOf, stackOf } from "../helpers/report";

const root = resolve(__dirname, "..", "..");

const polling = (construct: string, after = 19) =>
  changeOf({
    type: "aws_sqs_queue",
    construct,
    address: `aws_sqs_queue.${construct.split("/")[1]!}`,
    attributes: [{ path: "receive_wait_time_seconds", before: 20, after, forcesReplacement: false }],
  });

/** 40 findings of what nobody touched, each with its exception; 30 resources that cost what they did. */
const environment = (name: string, queues: readonly string[], more: Partial<EnvironmentReview> = {}): EnvironmentReview => {
  const standing = Array.from({ length: 40 }, (_, index): Finding =>
    findingOf({
      stack: `${name}-data`,
      construct: `${name}-data/part-${index}/bucket`,
      address: `aws_s3_bucket.part-${index}`,
      rule: "network/ingress-opened",
      excepted: { construct: "*", rule: "network/ingress-opened", reason: "Known for long.", expires: "2026-12-31" },
    }),
  );
  const lines = Array.from({ length: 30 }, (_, index) => ({
    stack: `${name}-data`,
    construct: `${name}-data/part-${index}/bucket`,
    address: `aws_s3_bucket.part-${index}`,
    type: "aws_s3_bucket",
    pricing: "priced" as const,
    monthly: 1,
    formula: "10 GB",
  }));
  return environmentOf(name, {
    stacks: [
      stackOf(`${name}-events`, { plan: { changes: queues.map((queue) => polling(`${name}-events/${queue}/queue`)) } }),
      stackOf(`${name}-data`, { state: "unchanged", findings: standing }),
    ],
    cost: costOf({ before: 30, after: 30, lines, linesBefore: lines, unknownTypes: ["aws_eks_addon"] }),
    ...more,
  });
};
const both = ["orders", "alert-processing"];
const report = (more: Partial<Report> = {}): Report =>
  reportOf({
    environments: [environment("dev", ["orders"]), environment("staging", both), environment("prod", both)],
    limits: ["A limit."],
    ...more,
  });

describe("one value changed in three environments", () => {
  it("makes a comment that says what changed, where, and that nothing is lost, opened or dearer", () =>
    expect(markdown(report(), { classOf, heldBy })).toBe(
      `<!-- trading-system-review -->
## ✅ Passes: no refusal · 5 updated

Planned on \`main\` (\`abc1234\`), with \`alerts-in-osaka\` on top of it; no account involved.

Nothing is lost, opened or dearer: no data is destroyed or replaced, nothing opens to a network, and a month costs what it did: \`dev\` &#36;30.00, \`staging\` &#36;30.00, \`prod\` &#36;30.00.

- updated <code>&#42;-events/alert-processing/queue</code> (\`aws_sqs_queue\`) in \`staging\`, \`prod\`: \`receive_wait_time_seconds\` \`20\` → \`19\`
- updated <code>&#42;-events/orders/queue</code> (\`aws_sqs_queue\`) in \`dev\`, \`staging\`, \`prod\`: \`receive_wait_time_seconds\` \`20\` → \`19\`

3 of 6 stacks stay as they are.

Also as the page among the run's artifacts, with 120 excepted findings on what this change does not touch.
`,
    ));

  it("tells another value in another environment apart", () => {
    const other = environment("prod", [], {
      stacks: [stackOf("prod-events", { plan: { changes: [polling("prod-events/orders/queue", 5)] } })],
    });
    const text = markdown(report({ environments: [environment("dev", ["orders"]), other] }), { classOf, heldBy });
    expect(text).toContain("- updated `prod-events/orders/queue` (`aws_sqs_queue`): `receive_wait_time_seconds` `20` → `5`\n");
    expect(text).toContain("- updated `dev-events/orders/queue` (`aws_sqs_queue`): `receive_wait_time_seconds` `20` → `19`\n");
  });

  it("is not called calm where a person has something to decide", () => {
    const dev = (more: Partial<EnvironmentReview>) => report({ environments: [environment("dev", ["orders"], more)] });
    expect(isCalm(report(), heldBy)).toBe(true);
    const notice = findingOf({ severity: "notice", rule: "compute/image-changed" });
    const made = changeOf({ action: "create", type: "aws_eks_addon", after: {} });
    for (const [why, one] of Object.entries({
      notice: dev({ findings: [notice] }),
      refusal: dev({ findings: [findingOf()] }),
      excepted: dev({ findings: [findingOf({ excepted: { construct: "*", rule: "a/b", reason: "Meant.", expires: "2026-12-31" } })] }),
      lost: dev({ stacks: [stackOf("dev-data", { plan: { changes: [changeOf({ action: "destroy" })] } })] }),
      deferred: dev({ stacks: [stackOf("dev-data", { state: "deferred", why: "later" })] }),
      dearer: dev({ cost: costOf({ before: 1, after: 1.01 }) }),
      unpriced: dev({ stacks: [stackOf("dev-data", { plan: { changes: [made] } })], cost: costOf({ unknownTypes: ["aws_eks_addon"] }) }),
      drifted: dev({ stacks: [stackOf("dev-data", { plan: { drift: [changeOf()] } })] }),
      moved: dev({ shift: { kind: "new", to: {} } }),
      judge: report({ judgedBySelf: { exceptions: [], untouched: 0, files: ["review/model.ts"] } }),
    }))
      expect([why, isCalm(one, heldBy)]).toEqual([why, false]);
    // What falls is no worry, and is said.
    const cheaper = dev({ cost: costOf({ before: 3, after: 1 }) });
    expect(markdown(cheaper, { classOf, heldBy })).toContain("a month costs less: `dev` &#36;1.00 (−&#36;2.00).");
  });

  it("makes a page that goes from what is to be decided to what is only there, with what nobody touched folded", () => {
    const html = page(report(), { classOf, heldBy, root });
    const at = ["findings", "changes", "costs", "limits", "rules"].map((id) => html.indexOf(`<h2 id="${id}"`));
    expect(at).toEqual([...at].sort((a, b) => a - b));
    expect(html).toContain("<code>receive_wait_time_seconds</code> <del>20</del> → <ins>19</ins>");
    // Neither the exceptions nor the resources that cost what they did stand open; no picture is there of what stays.
    expect(html.match(/<details[^>]* open/g)).toBeNull();
    expect(html).not.toContain('id="pictures"');
  });
});
