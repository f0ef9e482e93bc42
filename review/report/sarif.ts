/** The report for GitHub's code scanning and other readers of SARIF: findings at the lines that make what they are about. */
import { createHash } from "node:crypto";
import { findingsOf, stacksOf, type Finding, type Report } from "../model";
import { anchorOf, entryOf } from "../rules";
import { locationOf, type Location } from "./locations";
import { worstFindings } from "./order";
import { visibleReport } from "./visible";

interface Result {
  readonly rule: string;
  readonly level: "error" | "warning";
  readonly message: string;
  readonly location: Location;
  /** What it is about, whatever line that moves to. */
  readonly subject: string;
}

/**
 * SARIF 2.1.0, each rule with what it sees and why. What an exception lets pass is left out: readers take each result for open. The same report gives the same bytes.
 * @param rulesPage address of docs/rules.md, where it is known
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarif(unsafe: Report, rulesPage?: string): string {
  const report = visibleReport(unsafe);
  const results = [...errorsOf(report), ...foundIn(report)];
  const rules = [...new Set(results.map(({ rule }) => rule))].sort();
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "plan-review", rules: rules.map((id) => describedRule(id, rulesPage)) } },
        originalUriBaseIds: { ROOT: { description: { text: "The repository's folder." } } },
        columnKind: "utf16CodeUnits",
        results: results.map(({ rule, level, message, location, subject }) => ({
          ruleId: rule,
          ruleIndex: rules.indexOf(rule),
          level,
          message: { text: message },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: location.file.split("/").map(encodeURIComponent).join("/"), uriBaseId: "ROOT" },
                region: { startLine: location.line },
              },
              logicalLocations: [{ fullyQualifiedName: subject, kind: "resource" }],
            },
          ],
          partialFingerprints: { "subject/v1": createHash("sha256").update(`${rule}\n${subject}`).digest("hex") },
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function describedRule(id: string, page: string | undefined) {
  const entry = entryOf(id);
  if (entry === undefined) return { id, name: id };
  return {
    id,
    name: id,
    shortDescription: { text: `${entry.what}.` },
    help: { text: `${entry.why} ${entry.instead ?? "An entry in review/exceptions.yaml lets one pass."}` },
    ...(page !== undefined && { helpUri: `${page}#${anchorOf(entry)}` }),
  };
}

const foundIn = ({ environments, source }: Report): Result[] =>
  environments.flatMap((environment) =>
    worstFindings(findingsOf(environment).filter(({ excepted }) => excepted === undefined)).map((finding) => ({
      rule: finding.rule,
      level: finding.severity === "refusal" ? ("error" as const) : ("warning" as const),
      message: `${subjectOf(finding)}: ${finding.message}`,
      location: locationOf(finding, environment, source),
      subject: subjectOf(finding),
    })),
  );

const subjectOf = ({ construct, address }: Finding): string =>
  address === undefined || address === construct ? construct : `${construct} (${address})`;

/** What refuses beside findings. */
const errorsOf = (report: Report): Result[] => [
  ...stacksOf(report)
    .filter(({ state }) => state === "failed")
    .map(({ stack, why = "no reason is known" }) => ({
      rule: "review/stack-failed",
      level: "error" as const,
      message: `${stack} failed: ${why}`,
      location: report.source.kind === "files" ? { file: `${report.source.folder}/${stack}.json`, line: 1 } : { file: "main.ts", line: 1 },
      subject: stack,
    })),
  ...report.exceptionErrors.map((message) => ({
    rule: "review/exception",
    level: "error" as const,
    message,
    location: { file: "review/exceptions.yaml", line: 1 },
    subject: message,
  })),
];
