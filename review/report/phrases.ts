/** What every form of the report says in the same words. */
import { DONE, TOLD } from "../actions";
import { counts, type Action, type PlanSource, type StackReview, type StackState } from "../model";
import { counted } from "../numbers";

/** What is known of a stack, for the reader who meets the word for the first time. */
export const STATES: Readonly<Record<StackState, string>> = {
  planned: "planned by its provider",
  compared: "compared as synthesised, without its provider: whether an update replaces is not known",
  unchanged: "unchanged to the byte",
  deferred: "deferred until its upstream is applied",
  orphaned: "no longer synthesised; its resources stay without an owner",
  failed: "Terraform refuses to plan it",
};

/** Text and the names in it, which each form of the report sets apart in its own way. */
export type Phrase = readonly (string | { readonly code: string })[];

/** A message, in which names stand between backticks; where one is left over, all of them are text. */
export function phraseOf(message: string): Phrase {
  const parts = message.split("`");
  return parts.length % 2 === 0
    ? [message]
    : parts.map((part, index) => (index % 2 === 0 ? part : { code: part })).filter((part) => part !== "");
}

/** For a terminal, which sets nothing apart. */
export const plainText = (phrase: Phrase): string => phrase.map((part) => (typeof part === "string" ? part : part.code)).join("");

/** A commit as people write it, with what stands behind it, such as `+changes`. */
const short = (commit: string) => commit.replace(/^([0-9a-f]{7})[0-9a-f]{33}/, "$1");

export function sourcePhrase(source: PlanSource): Phrase {
  switch (source.kind) {
    case "base":
      return [
        "Planned on ",
        { code: source.base },
        " (",
        { code: source.baseCommit.slice(0, 7) },
        "), with ",
        { code: short(source.head) },
        " on top of it; no account involved.",
        ...source.rehearsed.flatMap(({ environment, why }) => [
          " ",
          { code: environment },
          " was rehearsed on an emulator: ",
          { code: why },
          ".",
        ]),
      ];
    case "account":
      return [
        "Planned against the account: ",
        { code: short(source.head) },
        source.images === "" ? " with the images of the literal." : " with images ",
        ...(source.images === "" ? [] : [{ code: source.images }, "."]),
      ];
    case "files":
      return ["Read from the plans in ", { code: source.folder }, "; nothing was planned for this review."];
  }
}

/** Sums of several stacks. */
export function countsOf(stacks: readonly Pick<StackReview, "plan">[]): Readonly<Record<Action, number>> {
  return counts({ changes: stacks.flatMap(({ plan }) => [...plan.changes]) });
}

/** `3 created, 1 replaced`; `nothing` where nothing is. In the order in which a plan is usually told. */
export function countWords(found: Readonly<Record<Action, number>>): string {
  const words = TOLD.filter((action) => found[action] > 0).map((action) => `${counted(found[action])} ${DONE[action]}`);
  return words.length > 0 ? words.join(", ") : "nothing";
}
