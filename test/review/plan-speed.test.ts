/** Plans of thousands of resources. */
import { counts } from "../../review/model";
import { readPlan } from "../../review/plan/read";
import { bigPlan } from "../helpers/big-plan";

test("a plan of 2,000 resources is read in well under a second", () => {
  const text = bigPlan(2000);
  const start = performance.now();
  const plan = readPlan(text, { stack: "big" });
  const milliseconds = performance.now() - start;
  expect(counts(plan)).toEqual({ create: 333, update: 667, replace: 333, destroy: 333, move: 0, import: 0, forget: 0 });
  expect(plan.after).toHaveLength(2000 - 333);
  // 250 to 400 ms on two shared cores.
  expect(milliseconds).toBeLessThan(2000);
  if (process.env.SHOW_TIME) console.log(milliseconds, text.length);
});
