/** Pages of the runbooks that are run: docs/runbooks/<name>.md and their list, written by `npm run docs` from what their documents are made of. */
import { automations, COMMANDS } from "../../constructs/runbooks/catalogue";
import { DUTIES, REACTIONS } from "../../constructs/runbooks/catalogue/duties";
import { manuals } from "../../constructs/runbooks/catalogue/manual";
import {
  TIERS,
  type AutomationRunbook,
  type CommandRunbook,
  type ManualRunbook,
  type RunbookDescription,
  type Step,
} from "../../constructs/runbooks/description";
import { documentName, outputsOf } from "../../constructs/runbooks/document";
import { killSwitchDocument } from "../../constructs/identity/github-names";
import { OWNERS } from "../../functions/alerts/alarm-facts";
import { markdownTable } from "./markdown";

export const RUNBOOK_PAGES = "docs/runbooks";
const LIST = "runnable";
const CALENDAR = "calendar";

/** By it a page is known as generated: those of alarms, in the same folder, are written by hand. */
export const GENERATED = "Generated from [constructs/runbooks](../../constructs/runbooks): do not edit, run `npm run docs`.";

const ENVIRONMENT = "<environment>";
const deadLetters = { names: ["<dead-letter queue>"], arns: ["<ARN>"], sources: ["<ARN>"] };
const some = { name: "<name>", arn: "<ARN>" };
const recoveryTested = {
  nameSuffix: "",
  table: some,
  buckets: [some],
  reports: some,
  host: { tag: ["<tag>", "<host>"] as const, templateId: "<id>", templateArn: "<ARN>", roleArn: "<ARN>", subnetId: "<subnet>" },
};
const killSwitch = {
  table: "<table>",
  hosts: { windows: "<host>" },
  item: { read: [], write: [] },
  tell: { stop: [], ready: [], status: [] },
};
const stop = { name: killSwitchDocument(ENVIRONMENT, "stop"), arn: "<ARN>" };
const place = {
  environment: ENVIRONMENT,
  account: "<account>",
  region: "<region>",
  deadLetters,
  table: { name: "<table>", arn: "<ARN>" },
  recoveryTested,
  buckets: { names: ["<bucket>"], arns: ["<ARN>"], keys: [] },
  killSwitch,
  stop,
};
const sent = ({ name }: { readonly name: string }) => ({ name: documentName(ENVIRONMENT, name), arn: `<ARN of ${name}>` });

/** Path in the project → text. */
export function runbookPages(): Readonly<Record<string, string>> {
  const runnable: readonly RunbookDescription[] = [...automations({ ...place, sent }), ...COMMANDS];
  const byHand = manuals(ENVIRONMENT);
  const all = [...runnable, ...byHand];
  return Object.fromEntries([
    [`${RUNBOOK_PAGES}/${LIST}.md`, list(runnable, byHand)],
    [`${RUNBOOK_PAGES}/${CALENDAR}.md`, calendar()],
    ...all.map((one) => [`${RUNBOOK_PAGES}/${one.name}.md`, page(one)]),
  ]) as Record<string, string>;
}

const level = (owner: RunbookDescription["owner"]) => `${owner} (support level ${OWNERS.indexOf(owner) + 1})`;
const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const shell = (...lines: readonly string[]) => ["```sh", ...lines, "```"];

const list = (runnable: readonly RunbookDescription[], byHand: readonly RunbookDescription[]) =>
  [
    "# Runbooks that are run",
    "",
    GENERATED,
    "",
    "Documents of Systems Manager, in every environment. Started in AWS's console or by a line of the AWS CLI; each run is kept with its steps for 30 days. Reaction and recovery are the documents' figures.",
    "",
    table(runnable),
    "",
    "## Done by hand",
    "",
    "Step by step, each with its lines of a shell; no document can do it. [kill-switch](kill-switch.md) says how positions are closed. What is due without an alarm stands in the [calendar](calendar.md).",
    "",
    table(byHand),
    "",
    "## Which failure, which reaction",
    "",
    "What the documents ask for, by which tool, and what that is here. Whatever it is, somebody is told ([alerts.md](../alerts.md)).",
    "",
    markdownTable(
      ["failure", "documents", "their tool", "here"],
      REACTIONS.map(({ failure, done, tool, here }) => [failure, done, tool, here]),
    ),
    "",
  ].join("\n");

const table = (all: readonly RunbookDescription[]) =>
  markdownTable(
    ["runbook", "for", "severity", "reaction", "recovered", "who"],
    all.map(({ name, title, tier, owner }) => {
      const { name: severity, reaction, recovered } = TIERS[tier];
      return [`[${name}](${name}.md)`, title, severity, reaction, recovered, level(owner)];
    }),
  );

const calendar = () =>
  [
    "# What is due without an alarm",
    "",
    GENERATED,
    "",
    "Who finds something writes an issue or mends it; who finds nothing writes that down with the date.",
    "",
    markdownTable(
      ["every", "what", "how, and what must come of it", "who"],
      DUTIES.map(({ every, what, how, owner }) => [every, what, how, level(owner)]),
    ),
    "",
  ].join("\n");

function page(runbook: RunbookDescription): string {
  const { name, title, purpose, tier, owner } = runbook;
  const { name: severity, reaction, recovered } = TIERS[tier];
  return [
    `# ${title}`,
    "",
    GENERATED,
    "",
    purpose,
    "",
    markdownTable(
      ["severity", "reaction", "recovered", "who", "document"],
      [
        [
          severity,
          reaction,
          recovered,
          level(owner),
          runbook.kind === "manual" ? "none: by hand" : `\`${documentName(ENVIRONMENT, name)}\``,
        ],
      ],
    ),
    "",
    ...body(runbook),
    "",
  ].join("\n");
}

function body(runbook: RunbookDescription): readonly string[] {
  switch (runbook.kind) {
    case "automation":
      return automation(runbook);
    case "command":
      return command(runbook);
    case "manual":
      return manual(runbook);
  }
}

const manual = ({ steps }: ManualRunbook): readonly string[] =>
  steps
    .flatMap(({ title, text, commands = [] }, index) => [
      `## ${index + 1}. ${title}`,
      "",
      text,
      "",
      ...(commands.length > 0 ? [...shell(...commands), ""] : []),
    ])
    .slice(0, -1);

function command({ name, platform, shows }: CommandRunbook): readonly string[] {
  return [
    "## Run it",
    "",
    ...shell(
      `aws ssm send-command --document-name '${documentName(ENVIRONMENT, name)}' --instance-ids <instance>`,
      "aws ssm get-command-invocation --command-id <id> --instance-id <instance> --query '[Status,StandardOutputContent,StandardErrorContent]' --output text",
    ),
    "",
    `On ${platform}. It takes no parameters, so nobody can tell the machine's shell anything by it. Shown, in this order:`,
    "",
    ...shows.map((what, index) => `${index + 1}. ${what}`),
  ];
}

function automation({ name, parameters, steps, then }: AutomationRunbook): readonly string[] {
  const document = documentName(ENVIRONMENT, name);
  const given = Object.entries(parameters).flatMap(([key, { default: byDefault, example }]) =>
    byDefault === undefined ? [`${key}=${example}`] : [],
  );
  const approved = steps.some(({ does }) => does === "approve");
  return [
    "## Start it",
    "",
    ...shell(
      `aws ssm start-automation-execution --document-name '${document}'${given.length > 0 ? ` --parameters '${given.join(",")}'` : ""}`,
      "aws ssm get-automation-execution --automation-execution-id <id> --query 'AutomationExecution.[AutomationExecutionStatus,FailureMessage,Outputs]'",
      ...(approved ? ["aws ssm send-automation-signal --automation-execution-id <id> --signal-type Approve   # or Reject"] : []),
      "aws ssm stop-automation-execution --automation-execution-id <id>   # ends it after the step that runs",
    ),
    "",
    `Who starts it needs \`ssm:StartAutomationExecution\` on it and \`iam:PassRole\` on its role, and none of the rights of its steps; \`tss-people-operations\` has both ([account.md](../account.md#people)).`,
    "",
    ...(Object.keys(parameters).length > 0
      ? [
          markdownTable(
            ["parameter", "what it is", "allowed"],
            Object.entries(parameters).map(([key, { description, allowedPattern, allowedValues, default: byDefault }]) => [
              `\`${key}\``,
              cell(description + (byDefault === undefined ? "" : `; \`${byDefault}\` if not given`)),
              allowedValues ? allowedValues.map((value) => `\`${value}\``).join(", ") : `\`${cell(allowedPattern ?? "")}\``,
            ]),
          ),
          "",
        ]
      : []),
    "## Steps",
    "",
    markdownTable(
      ["", "step", "does", "why", "shows"],
      steps.map((step, index) => [
        String(index + 1),
        `\`${step.name}\``,
        cell(deed(step)),
        cell(step.why),
        Object.keys(outputsOf(step))
          .map((output) => `\`${output}\``)
          .join(", "),
      ]),
    ),
    "",
    "```mermaid",
    "flowchart TD",
    ...steps.flatMap((step, index) => arrows(step, steps[index + 1]?.name)),
    "```",
    "",
    "Dotted: where it goes on when the step fails; any other failure ends it as failed.",
    ...(then ? ["", "## Then", "", then] : []),
  ];
}

/** In a few words. */
function deed(step: Step): string {
  switch (step.does) {
    case "call":
      return `\`${step.service}:${step.api}\``;
    case "assert":
      return `\`${step.service}:${step.api}\` must say ${step.isOneOf.join(" or ")}`;
    case "wait":
      return `asks \`${step.service}:${step.api}\` until it says ${step.isOneOf.join(" or ")}, for ${(step.timeoutSeconds ?? 3600) / 60} minutes`;
    case "branch":
      return `by \`${step.on}\``;
    case "command":
      return `sends \`${step.document.name}\``;
    case "approve":
      return "waits for an approval";
    case "script":
      return "runs Python";
    case "sleep":
      return `waits ${step.duration.replace("PT", "").replace("M", " min").replace("S", " s")}`;
  }
}

/** A step and its ways on, as Mermaid has them. */
function arrows(step: Step, below: string | undefined): readonly string[] {
  const shape = step.does === "branch" ? `${step.name}{${step.name}}` : `${step.name}[${step.name}]`;
  if (step.does === "branch")
    return [
      `  ${shape}`,
      ...Object.entries(step.when).map(([value, to]) => `  ${step.name} -->|${value}| ${to}`),
      `  ${step.name} -->|else| ${step.otherwise}`,
    ];
  const onward = step.next ?? below;
  return [
    `  ${shape}`,
    ...(step.end || onward === undefined ? [`  ${step.name} --> done([done])`] : [`  ${step.name} --> ${onward}`]),
    ...(step.onFailure ? [`  ${step.name} -.->|fails| ${step.onFailure.goTo}`] : []),
  ];
}
