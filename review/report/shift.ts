/** What a reviewer hears before all else: an environment that comes, goes, or moves to another account. */
import type { EnvironmentReview, Place, Shift } from "../model";
import { many, money } from "../numbers";
import { plainText, type Phrase } from "./phrases";

export type Shifted = Pick<EnvironmentReview, "environment" | "shift">;

/** A paragraph for each environment that does not stay where it is. */
export const shiftPhrases = (environments: readonly Shifted[]): Phrase[] =>
  environments.flatMap(({ environment, shift }) => (shift ? [phraseOfShift(environment, shift)] : []));

/** The same for a terminal. */
export const shiftLines = (environments: readonly Shifted[]): string[] => shiftPhrases(environments).map(plainText);

function phraseOfShift(environment: string, shift: Shift): Phrase {
  const name = { code: environment };
  const destroy = { code: `npm run destroy -- ${environment}` };
  switch (shift.kind) {
    case "new":
      return [name, " is new: the base does not have it. All of it is made, in ", ...placePhrase(shift.to), "."];
    case "moved":
      return [
        name,
        " moves from ",
        ...movePhrase(shift.from, shift.to),
        ": everything is made anew there, and no data goes along. Nothing in the old place is touched by this change: its ",
        many(shift.left.resources, "resource"),
        ` stay, and cost about ${money(shift.left.monthly)} a month until `,
        destroy,
        " is run from the base's code. What stands there as it did, but for account and region, is not judged again.",
      ];
    case "gone":
      return [
        name,
        " is gone: only the base has it. Nothing destroys it: its ",
        many(shift.left.resources, "resource"),
        " stay in ",
        ...placePhrase(shift.from),
        `, and cost ${money(shift.left.monthly)} a month or more until `,
        destroy,
        " is run from the base's code.",
      ];
  }
}

/** What stays the same is said once. */
function movePhrase(from: Place, to: Place): Phrase {
  if (from.region === to.region) return [...placePhrase({ account: from.account }), " to ", ...placePhrase(to)];
  if (from.account === to.account)
    return [
      ...placePhrase({ region: from.region }),
      " to ",
      ...placePhrase({ region: to.region }),
      ...(to.account === undefined ? [] : [" of account ", { code: to.account }]),
    ];
  return [...placePhrase(from), " to ", ...placePhrase(to)];
}

function placePhrase({ account, region }: Place): Phrase {
  const parts: Phrase = [
    ...(account === undefined ? [] : ["account ", { code: account }]),
    ...(account === undefined || region === undefined ? [] : [" in "]),
    ...(region === undefined ? [] : ["region ", { code: region }]),
  ];
  return parts.length > 0 ? parts : ["a place that its code does not name"];
}
