/** Plans of thousands of resources. */
import { counts } from "../../review/model";
import { readPlan } from "../../review/plan/read";
import { bigPlan } from "../helpers/big-plan";

/** Milliseconds of this process's own work, so that a busy machine does not count. */
function processorTime(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

test("a plan of 2,000 resources is read in well under a second", () => {
  const text = bigPlan(2000);
  const plan = readPlan(text, { stack: "big" });
  expect(counts(plan)).toEqual({ create: 333, update: 667, replace: 333, destroy: 333, move: 0, import: 0, forget: 0 });
  expect(plan.after).toHaveLength(2000 - 333);
  // A ratio, because other machines are slower: about 8, 250 ms against 30. The first reading above warms up.
  const best = (work: () => void) => Math.min(...[1, 2, 3, 4].map(() => processorTime(work)));
  expect(best(() => { readPlan(text, { stack: "big" }); }) / best(() => { JSON.parse(text); })).toBeLessThan(30);
});
