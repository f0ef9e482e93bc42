/** What the deploy of a frontend says. */
import type { FrontendPlan } from "../../delivery/frontend/plan";

/** A terminal's screen holds so many. */
const MOST_SHOWN = 20;

/** @param where such as `dev in account 111122223333` */
export function planText({ uploads, unchanged, retired, removals, invalidations }: FrontendPlan, where: string): string {
  const keys = (title: string, lines: readonly string[]) =>
    lines.length === 0
      ? []
      : [
          title,
          ...lines.slice(0, MOST_SHOWN).map((line) => `  ${line}`),
          ...(lines.length > MOST_SHOWN ? [`  and ${lines.length - MOST_SHOWN} more`] : []),
        ];
  const text = [
    ...keys(
      "To be uploaded, in this order:",
      uploads.map(({ key }) => key),
    ),
    ...keys(
      "Needed by no page of this build, left for those that are open:",
      retired.map(({ key }) => key),
    ),
    ...keys(
      "To be removed, needed by no build for long enough:",
      removals.map(({ key }) => key),
    ),
    ...keys("To be forgotten by CloudFront:", invalidations),
  ];
  const same = `${unchanged} ${unchanged === 1 ? "file stands" : "files stand"} there already.`;
  return [`The frontend of ${where}`, ...(text.length > 0 ? [...text, same] : [`Nothing changes: ${same}`])].join("\n");
}

export const addressOf = (domainName: string): string => `It is at https://${domainName}`;
