/** Plans of thousands of resources; what reading them costs is in `npm run bench`. */
import { counts } from "../../review/model";
import { readPlan } from "../../review/plan/read";
import { bigPlan } from "../helpers/big-plan";

test("a plan of 2,000 resources is read whole", () => {
  const plan = readPlan(bigPlan(2000), { stack: "big" });
  expect(counts(plan)).toEqual({ create: 333, update: 667, replace: 333, destroy: 333, move: 0, import: 0, forget: 0 });
  expect(plan.after).toHaveLength(2000 - 333);
});
