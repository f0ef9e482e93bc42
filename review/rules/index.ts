/** Every rule that a finding may name, in the words of docs/rules.md: what it sees, why that matters, how to let one pass. */
import type { Severity } from "../model";
import { RULES, type RuleName } from "../risk/rules";
import { REASONS } from "./reasons";

/** Where the rules are told, from the repository's folder; written by `npm run docs`. */
export const RULES_PAGE = "docs/rules.md";

export interface RuleEntry {
  /** As findings and review/exceptions.yaml name it. */
  readonly rule: string;
  /** What it sees. */
  readonly what: string;
  /** What goes wrong where nobody looks. */
  readonly why: string;
  readonly severity: Severity;
  /** What to do where no exception can let it pass. @default an exception can */
  readonly instead?: string;
}

const refuse = (rule: string, what: string, why: string, instead?: string): RuleEntry => ({
  rule,
  severity: "refusal",
  what,
  why,
  ...(instead !== undefined && { instead }),
});
const notice = (rule: string, what: string, why: string): RuleEntry => ({ rule, severity: "notice", what, why });

const REST: readonly RuleEntry[] = [
  refuse(
    "data/orphaned-stack",
    "A stack is no longer synthesised, and its resources stay",
    "They are paid for, hold data and open ports, and no code speaks of them.",
  ),
  refuse(
    "policy/no-dead-letter-queue",
    "A queue has no dead-letter queue",
    "A message that cannot be processed is tried until it expires, and is lost.",
  ),
  refuse("policy/no-tls-only", "No policy refuses requests in clear", "What is sent in clear can be read and changed on its way."),
  refuse("policy/alarm-tells-nobody", "An alarm has no action", "It turns red, and nobody is told."),
  refuse("policy/no-termination-protection", "Protection against deletion is off", "One wrong call takes it away."),
  refuse(
    "policy/destroyed-without-trace",
    "Nothing is kept when it is destroyed",
    "A mistake cannot be undone: no last snapshot, no days to change one's mind.",
  ),
  refuse("policy/no-snapshots", "A cache keeps no snapshots", "What is in memory only is lost with its nodes."),
  refuse("policy/no-log-retention", "Logs are kept for ever", "They cost more each month, and hold what should be gone by then."),
  refuse(
    "policy/ssh-key-pair",
    "A host takes an SSH key",
    "A key is shared and never expires; Session Manager knows who came, and writes it down.",
  ),
  refuse("policy/tags-incomplete", "Tags are missing", "Rights and costs go by them."),
  refuse(
    "policy/plain-secret-in-environment",
    "A password or key stands in a process's environment",
    "Whoever may describe the task or function reads it.",
  ),
  refuse(
    "policy/plain-secret-in-user-data",
    "A password or key stands in user data",
    "Every program on the machine and whoever may describe it reads it.",
  ),
  refuse(
    "policy/secret-in-state",
    "A secret's value stands in Terraform's state",
    "Whoever can read the state can read it, and so can every older version.",
  ),
  refuse(
    "policy/secret-in-code",
    "A password, key or token stands in the code",
    "It is spent: everybody who ever clones the repository has it. Revoke it, and keep the next one in Secrets Manager.",
  ),
  refuse(
    "policy/not-looked-at",
    "Checkov could not read a stack, or has no check for it",
    "What was not looked at was not found to be good.",
  ),
  refuse(
    "cost/over-budget",
    "The change raises the estimate above the environment's budget",
    "The bill tells a month later, when it is spent.",
  ),
  notice("cost/raised", "The change makes a month dearer by more than a tenth", "Somebody must have meant it."),
  notice("cost/unknown-price", "No price is known of what is made", "What it costs is not in the sum."),
  notice("plan/check-failed", "A check of Terraform fails", "The code's author asked to be told; Terraform goes on."),
  notice("plan/action-run", "Terraform runs an action", "What it does is not in the plan."),
  notice(
    "plan/not-looked-at",
    "A newer Terraform wrote something that this review does not know",
    "What was not looked at was not found to be good.",
  ),
  refuse(
    "review/stack-failed",
    "Terraform refuses to plan a stack",
    "Nobody knows what the change does there.",
    "No exception lets it pass: the message is Terraform's, and the code must be mended.",
  ),
  refuse(
    "review/exception",
    "An entry of review/exceptions.yaml has expired, or no finding needs it",
    "A list that nobody clears lets pass what nobody remembers.",
    "Take the entry out, or decide anew until when it may hold.",
  ),
];

/** In the order of the page: those of a change, then those of all that stands, then those of the review itself. */
export const RULE_ENTRIES: readonly RuleEntry[] = [
  ...Object.entries(RULES).map(([rule, { severity, about }]): RuleEntry => ({
    rule,
    severity,
    what: about,
    why: REASONS[rule as RuleName],
  })),
  ...REST,
];

/** Checkov's checks have one entry for all: its own page tells them apart. */
export const CHECKOV: RuleEntry = refuse(
  "checkov",
  "A check of checkov fails on something as it stands after the change",
  "Each is a practice that somebody learned by damage. Checkov's [index of policies](https://www.checkov.io/5.Policy%20Index/terraform.html) has each by its id, with what to write instead.",
);

const BY_RULE = new Map(RULE_ENTRIES.map((entry) => [entry.rule, entry]));

/** Undefined for a rule that no code of ours reports. */
export const entryOf = (rule: string): RuleEntry | undefined => (rule.startsWith("checkov/") ? CHECKOV : BY_RULE.get(rule));

/** Of its heading in the page, as GitHub makes it: `data/destroyed` → `datadestroyed`. */
export const anchorOf = (entry: RuleEntry): string =>
  entry.rule
    .toLowerCase()
    .replace(/[^a-z0-9 _-]/g, "")
    .replaceAll(" ", "-");
