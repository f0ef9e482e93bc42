/** Rules of our own, for what checkov does not look at. */
import type { Finding, Severity } from "../../model";
import type { Surroundings } from "../subjects";
import { messaging } from "./messaging";
import { protection } from "./protection";
import type { Rule } from "./rule";
import { secrets } from "./secrets";
import { tags } from "./tags";

export const ownRules: readonly Rule[] = [...messaging, ...secrets, ...protection, ...tags];

/** What the rules find in a stack as it stands after the plan; by address, then in the order of the rules. */
export function ownPolicyFindings(stack: string, surroundings: Surroundings, severity: Severity): Finding[] {
  return surroundings.subjects.flatMap((subject) =>
    ownRules
      .filter(({ types, when }) => (types ? types.includes(subject.type) : true) && when(subject, surroundings))
      .map(({ rule, riskClass, always, message }): Finding => ({
        rule,
        severity: always ? "refusal" : severity,
        riskClass,
        stack,
        construct: subject.construct,
        address: subject.address,
        message: typeof message === "string" ? message : message(subject, surroundings),
      })),
  );
}
