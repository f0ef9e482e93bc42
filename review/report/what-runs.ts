/** What runs at a deploy and on hosts, with its code: read apart from the rest, since no plan shows what it does. */
import { findingsOf, type EnvironmentReview, type Finding } from "../model";
import { worstFindings } from "./order";

/** Those that a rule of `runs/` makes, and that have code to show; what an exception lets pass last. */
export const whatRuns = (environment: Pick<EnvironmentReview, "findings" | "stacks">): (Finding & Required<Pick<Finding, "code">>)[] =>
  worstFindings(findingsOf(environment)).flatMap((finding) =>
    finding.rule.startsWith("runs/") && finding.code !== undefined ? [{ ...finding, code: finding.code }] : [],
  );
