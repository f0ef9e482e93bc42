/** What a reviewer hears before the verdict: that the change touches what the verdict is made by. */
import type { ExceptionChange, Report } from "../model";
import { many } from "../numbers";
import type { Phrase } from "./phrases";

/** Names at the most; the files and the pull request have them all. */
const MOST_FILES = 8;
const MOST_EXCEPTIONS = 20;

export interface JudgeWords {
  /** That the review judges itself; undefined where it does not. */
  readonly files?: Phrase;
  /** A line for each exception that is new or changed. */
  readonly exceptions: readonly Phrase[];
  /** The many that stand untouched; undefined where there are none, or no base is known. */
  readonly untouched?: string;
}

export function judgeWords({ judgedBySelf }: Pick<Report, "judgedBySelf">): JudgeWords {
  if (judgedBySelf === undefined) return { exceptions: [] };
  const { files, exceptions, untouched } = judgedBySelf;
  return {
    ...(files.length > 0 && {
      files: [
        "This change touches what judges it, so that the review judges itself: read ",
        ...files.slice(0, MOST_FILES).flatMap((code, index) => (index === 0 ? [{ code }] : [", ", { code }])),
        ...(files.length > MOST_FILES ? [` and ${many(files.length - MOST_FILES, "more file")}`] : []),
        " yourself.",
      ],
    }),
    exceptions: [
      ...exceptions.slice(0, MOST_EXCEPTIONS).map(phraseOfChange),
      ...(exceptions.length > MOST_EXCEPTIONS
        ? [[`and ${many(exceptions.length - MOST_EXCEPTIONS, "more exception")}, new or changed.`]]
        : []),
    ],
    ...(untouched > 0 && { untouched: `${many(untouched, "exception")} stand${untouched === 1 ? "s" : ""} untouched` }),
  };
}

function phraseOfChange({ exception: { rule, construct, reason, expires, approvedBy }, was }: ExceptionChange): Phrase {
  const before = was === undefined || was.expires === expires ? [] : [" (", { code: was.expires }, " on the base)"];
  return [
    was === undefined ? "New exception until " : "Changed exception until ",
    { code: expires },
    ...before,
    approvedBy === undefined ? "" : `, approved by ${approvedBy}`,
    ": ",
    { code: rule },
    " of ",
    { code: construct },
    `: ${reason}`,
  ];
}
