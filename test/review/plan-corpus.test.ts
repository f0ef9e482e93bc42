/** Every plan of the corpus says what it must. */
import { readPlan } from "../../review/plan/read";
import { corpus } from "./plans/corpus";
import { SEEDS, told } from "./plans/make";

test("the corpus is as big as it should be, and no name stands twice", () => {
  expect(corpus.length).toBeGreaterThan(400);
  expect(new Set(corpus.map(({ name }) => name)).size).toBe(corpus.length);
});

test.each(corpus.map((one) => [one.name, one] as const))("%s", (_name, { plan, told: expected, hidden = [], shown = [] }) => {
  const read = readPlan(JSON.stringify(plan), { stack: "corpus" });
  expect(told(read)).toEqual(expected);
  const text = JSON.stringify(read);
  for (const secret of hidden) expect(text).not.toContain(secret);
  for (const ordinary of shown) expect(text).toContain(ordinary);
});

test.each(Object.keys(SEEDS))("the seed %s reads as reviewed", (name) => {
  const plan = readPlan(JSON.stringify(SEEDS[name]), { stack: name });
  expect(told(plan)).toMatchSnapshot();
  expect(JSON.stringify(plan)).not.toContain("planted");
});
