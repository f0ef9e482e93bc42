/** What two reviews of one change, each with another way to its plans, must agree in. */
import { allFindings, type Report } from "../../review/model";

/** State, action, address and the paths that force a replacement, of each stack and each change. */
export function substanceOf({ environments }: Report): readonly string[] {
  return environments
    .flatMap(({ stacks }) =>
      stacks.flatMap(({ stack, state, plan }) => [
        `${stack} is ${state}`,
        ...plan.changes.map(({ action, address, attributes }) =>
          `${stack} ${action} ${address} ${attributes
            .filter(({ forcesReplacement }) => forcesReplacement)
            .map(({ path }) => path)
            .join(" ")}`.trim(),
        ),
        ...plan.outputs.map(({ name, action }) => `${stack} ${action} output ${name}`),
      ]),
    )
    .sort();
}

/** Rule and construct of what is found, whatever it says of values that are made up in one of the two. */
export const findingsOf = (report: Report): readonly string[] =>
  allFindings(report)
    .map(({ rule, severity, construct }) => `${severity} ${rule} ${construct}`)
    .sort();
