/** What a new build changes in the bucket, and what CloudFront must forget. */
import { CACHE_CONTROL, keepingOf, type FrontendFile } from "./files";

/** What stands in the bucket. */
export interface StoredFile {
  readonly key: string;
  readonly md5: string;
  readonly contentType: string;
  readonly cacheControl: string;
  /** When a build came that no longer has it. @default it is of the newest build */
  readonly leftOver?: Date;
}

export interface FrontendPlan {
  /** In this order: what pages refer to before the pages, index.html last. */
  readonly uploads: readonly FrontendFile[];
  /** How many stand there already, as they should. */
  readonly unchanged: number;
  /** Of this build no more; noted, because pages that are open still ask for them. */
  readonly retired: readonly StoredFile[];
  /** Left over for longer than the time of grace. */
  readonly removals: readonly StoredFile[];
  /** What CloudFront keeps that is not so any more: paths, as it takes them. */
  readonly invalidations: readonly string[];
}

/** An invalidation of everything counts as one path; a thousand paths a month are free. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/PayingForInvalidation.html */
const MOST_PATHS = 100;
const DAY_MILLISECONDS = 86_400_000;

/**
 * @param graceDays how long a file stays that no build needs any more
 * @throws Error where a file that browsers keep for a year would change under its name
 */
export function planFrontend(
  files: readonly FrontendFile[],
  stored: readonly StoredFile[],
  { now, graceDays }: { readonly now: Date; readonly graceDays: number },
): FrontendPlan {
  const before = new Map(stored.map((file) => [file.key, file]));
  const keys = new Set(files.map(({ key }) => key));
  const lying = files.filter(({ key, keeping, md5 }) => keeping === "forever" && (before.get(key)?.md5 ?? md5) !== md5);
  if (lying.length > 0)
    throw new Error(
      `Browsers keep these for a year, because a hash stands in their names, and the build has other content for them: ${lying.map(({ key }) => key).join(", ")}. A build that is made anew gives them new names.`,
    );
  const uploads = files.filter((file) => !isAsWanted(file, before.get(file.key))).sort((a, b) => rank(a) - rank(b));
  const gone = stored.filter(({ key }) => !keys.has(key));
  const removals = gone.filter(({ leftOver }) => leftOver && now.getTime() - leftOver.getTime() >= graceDays * DAY_MILLISECONDS);
  const forgotten = [...uploads.filter(({ key }) => before.has(key)), ...removals]
    .map(({ key }) => key)
    .filter((key) => keepingOf(key) === "until-invalidated");
  return {
    uploads,
    unchanged: files.length - uploads.length,
    retired: gone.filter(({ leftOver }) => !leftOver),
    removals,
    invalidations: forgotten.length > MOST_PATHS ? ["/*"] : forgotten.map(pathOf),
  };
}

/** What was left over is uploaded again when it comes back, so that it is not removed. */
const isAsWanted = ({ md5, contentType, keeping }: FrontendFile, stored: StoredFile | undefined): boolean =>
  stored !== undefined &&
  !stored.leftOver &&
  stored.md5 === md5 &&
  stored.contentType === contentType &&
  stored.cacheControl === CACHE_CONTROL[keeping];

const rank = ({ key, keeping }: FrontendFile): number => (key === "index.html" ? 2 : keeping === "never" ? 1 : 0);

/** Whatever RFC 3986 does not let stand in a path is encoded. */
const pathOf = (key: string): string => `/${key.split("/").map(encodeURIComponent).join("/")}`;
