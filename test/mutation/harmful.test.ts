/** Harmful edits of what is synthesised for prod: each must be told as the list says, and what is harmless beside them must not. */
import { findingsAfter, told } from "./harmful/prod";
import { FOREIGN } from "./harmful/foreign";
import { NEIGHBOURS } from "./harmful/neighbours";
import { RUNS } from "./harmful/runs";
import { shareOf } from "../helpers/share";

const EDITS = [...FOREIGN, ...RUNS].map(([what, edit, ...verdicts]) => ({ what, edit, verdicts }));
const harmful = shareOf(EDITS);
const harmless = shareOf(NEIGHBOURS);

describe(`a harmful edit, ${harmful.title}`, () => {
  it("is one of at least 40", () => {
    expect(EDITS.length).toBeGreaterThanOrEqual(40);
    expect(new Set(EDITS.map(({ what }) => what)).size).toBe(EDITS.length);
  });

  it.each(harmful.tried)("$what", ({ edit, verdicts }) => {
    expect(told(findingsAfter(edit))).toEqual(expect.arrayContaining(verdicts));
  });
});

describe(`a harmless edit, ${harmless.title}`, () => {
  it.each(harmless.tried)("%s names nobody new and runs nothing else", (_, edit) => {
    expect(told(findingsAfter(edit)).filter((one) => /foreign|runs\//.test(one))).toEqual([]);
  });
});
