/** The report for CI systems that read JUnit's XML: a suite for each stack, a case for each finding. */
import { findingsOf, stacksOf, type Finding, type Report } from "../model";
import { worstFindings } from "./order";
import { visibleReport } from "./visible";

interface Case {
  readonly name: string;
  readonly group: string;
  /** What it is about a case that does not pass; nothing for one that does. */
  readonly outcome?: { readonly tag: "failure" | "skipped"; readonly message: string; readonly text: string };
  readonly output?: string;
}

/** Refusals fail, exceptions are skipped with their reason, notices pass with their message. The same report gives the same bytes. */
export function junit(unsafe: Report): string {
  const report = visibleReport(unsafe);
  const suites = [
    ...report.environments.flatMap((environment) => {
      const found = worstFindings(findingsOf(environment));
      const names = [
        ...new Set([...stacksOf({ environments: [environment] }).map(({ stack }) => stack), ...found.map(({ stack }) => stack)]),
      ];
      return names.map((name) => {
        const failed = environment.stacks.find(({ stack, state }) => stack === name && state === "failed");
        const cases = found.filter(({ stack }) => stack === name).map(caseOf);
        const why = failed?.why ?? "no reason is known";
        const planned: Case = {
          name: "is planned",
          group: name,
          ...(failed && { outcome: { tag: "failure" as const, message: `${name} failed`, text: why } }),
        };
        return suite(`${environment.environment}/${name}`, [planned, ...cases]);
      });
    }),
    ...(report.exceptionErrors.length > 0
      ? [
          suite(
            "review/exceptions.yaml",
            report.exceptionErrors.map((message) => ({
              name: message,
              group: "review/exceptions.yaml",
              outcome: { tag: "failure", message, text: message },
            })),
          ),
        ]
      : []),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="plan-review">\n${suites.join("")}</testsuites>\n`;
}

function caseOf({ rule, construct, address, severity, message, source, excepted }: Finding): Case {
  const where = [construct, ...(address === undefined ? [] : [address]), ...(source === undefined ? [] : [source])].join("\n");
  const named = { name: `${rule} ${construct}`, group: rule.replace("/", ".") };
  if (excepted)
    return { ...named, outcome: { tag: "skipped", message: `excepted until ${excepted.expires}: ${excepted.reason}`, text: "" } };
  return severity === "refusal"
    ? { ...named, outcome: { tag: "failure", message, text: where } }
    : { ...named, output: `${message}\n${where}` };
}

function suite(name: string, cases: readonly Case[]): string {
  const count = (tag: string) => cases.filter(({ outcome }) => outcome?.tag === tag).length;
  return [
    `  <testsuite name="${xml(name)}" tests="${cases.length}" failures="${count("failure")}" errors="0" skipped="${count("skipped")}">`,
    ...cases.map(caseText),
    "  </testsuite>\n",
  ].join("\n");
}

function caseText({ name, group, outcome, output }: Case): string {
  const inside =
    outcome === undefined
      ? output === undefined
        ? ""
        : `<system-out>${xml(output)}</system-out>`
      : `<${outcome.tag} message="${xml(outcome.message)}">${xml(outcome.text)}</${outcome.tag}>`;
  return `    <testcase name="${xml(name)}" classname="${xml(group)}">${inside}</testcase>`;
}

/** Whatever XML could take for its own; what it may not hold is written out before (visible.ts). */
const xml = (text: string): string =>
  text.replace(/[&<>"'\n\t]|[\ufffe\uffff]/g, (sign) => (/[\ufffe\uffff]/.test(sign) ? "?" : `&#${sign.charCodeAt(0)};`));
