/** docs/rules.md: what each rule of the review sees, why that matters, and how to let one pass. Written by `npm run docs`. */
import { LONGEST_DAYS } from "../../review/changed-exceptions";
import { CHECKOV, RULE_ENTRIES, type RuleEntry } from "../../review/rules";

/** Subjects in the order in which a reviewer wants to hear of them. */
const SUBJECTS: Readonly<Record<string, string>> = {
  data: "Data",
  identity: "Rights",
  network: "Network",
  notification: "Who is told",
  compute: "What runs, and on what",
  runs: "What runs at a deploy and on hosts",
  policy: "All that stands after the change",
  cost: "Cost",
  plan: "What a plan says beside changes",
  review: "The review itself",
};

export function rulesPage(): string {
  return [
    "# Rules of the review",
    "",
    "<!-- Written by `npm run docs` from review/rules and review/risk/rules.ts. -->",
    "",
    "Each finding of a [review](review.md) names one of these. A **refusal** turns the exit code; a **notice** is for a person to see, and passes by approval. In development what all that stands is held against (`policy/…`, `checkov/…`) and what runs (`runs/…`) are notices.",
    "",
    "To let a refusal pass, write an entry into [review/exceptions.yaml](../review/exceptions.yaml), which is reviewed like any code:",
    "",
    "```yaml",
    "- construct: prod-data/order-state/table # as the finding names it; *-data/… for every environment",
    "  rule: data/index-changed",
    "  reason: The index by status is rebuilt with one attribute more; readers use the table itself meanwhile.",
    "  approvedBy: Head of trading # optional: who decided it",
    `  expires: 2026-12-31 # ${LONGEST_DAYS} days after the review at the latest`,
    "```",
    "",
    ...Object.entries(SUBJECTS).flatMap(([subject, title]) => [
      `## ${title}`,
      "",
      ...RULE_ENTRIES.filter(({ rule }) => rule.startsWith(`${subject}/`)).flatMap(section),
      ...(subject === "policy" ? section(CHECKOV) : []),
    ]),
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

const section = ({ rule, severity, what, why, instead }: RuleEntry): string[] => [
  `### ${rule}`,
  "",
  `**${severity === "refusal" ? "Refusal" : "Notice"}.** ${what}. ${why} ${instead ?? howToExcept(rule, severity)}`,
  "",
];

const howToExcept = (rule: string, severity: RuleEntry["severity"]): string =>
  severity === "notice"
    ? "Nothing need be written to let it pass."
    : `To let one pass: an entry with \`rule: ${rule === "checkov" ? "checkov/CKV_…" : rule}\`.`;
