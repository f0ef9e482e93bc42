import type { RiskClass } from "../../model";
import type { Subject, Surroundings } from "../subjects";
import { isHidden } from "../../model";

/** One thing that must hold of every resource of some types, and that checkov does not look at. */
export interface Rule {
  /** Such as `policy/no-dead-letter-queue`. */
  readonly rule: string;
  /** Resource types; all of them where none is given. */
  readonly types?: readonly string[];
  readonly riskClass: RiskClass;
  /** Refused in every environment: a secret that was seen is spent, wherever it stood. @default as the environment has it */
  readonly always?: boolean;
  /** What is wrong; undefined where nothing is. One sentence, without any value of the plan. */
  readonly message: string | ((subject: Subject, surroundings: Surroundings) => string);
  readonly when: (subject: Subject, surroundings: Surroundings) => boolean;
}

/** Whether a value is not known before the apply: it is hidden, or the code has a reference or a function in its place. */
export const isOpen = (value: unknown): boolean => isHidden(value) || (typeof value === "string" && value.includes("${"));

/** Neither set nor on its way: an argument that is known after the apply only is given the benefit of the doubt. */
export const isOff = (value: unknown): boolean =>
  value === undefined || value === null || value === false || value === "" || value === 0 || value === "false";
