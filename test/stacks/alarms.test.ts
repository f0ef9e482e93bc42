/** Every alarm that any environment has, on every platform: how bad it is, whose it is and what to do stand in its description. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { runbookPages } from "../../commands/pages/runbook-pages";
import { readAlarm } from "../../functions/alerts/alarm-facts";
import { RUNBOOKS, runbookPath } from "../../constructs/alarms/runbooks";
import { environmentNames, loadEnvironments } from "../fixtures/environments";
import { resourcesOf, synthEnvironments, type Block } from "../helpers/synth";

const root = join(__dirname, "..", "..");
const environments = loadEnvironments();
const synthesised = (["ecs", "eks"] as const).map((platform) =>
  synthEnvironments({ environments: environments.map((own) => ({ ...own, platform })), target: { kind: "aws" } }),
);
/** With its environment in front, each once. */
const texts = new Map(
  synthesised.flatMap((all) =>
    Object.entries(all).flatMap(([stack, json]) => [
      ...["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"].flatMap((type) =>
        resourcesOf(json, type)
          .filter((alarm) => alarm.alarm_actions !== undefined)
          .map(({ alarm_name, alarm_description }) => [`${stack} ${String(alarm_name)}`, String(alarm_description)] as const),
      ),
      // Those without a message hand events on to another region.
      ...resourcesOf(json, "aws_cloudwatch_event_target").flatMap(({ input_transformer, rule }) =>
        input_transformer === undefined
          ? []
          : [[`${stack} ${String(rule)}`, JSON.parse(String((input_transformer as Block).input_template)) as string] as const],
      ),
    ]),
  ),
);
const named = [...texts].map(([name, text]) => ({ name, text, facts: readAlarm(text) }));

it("there are some in every environment", () => {
  for (const environment of environmentNames)
    expect(named.filter(({ name }) => name.startsWith(`${environment}-`)).length).toBeGreaterThan(20);
});

it("only quiet hours tell nobody, and each of them keeps another alarm quiet", () => {
  for (const all of synthesised)
    for (const json of Object.values(all)) {
      const silent = Object.entries(json.resource?.aws_cloudwatch_metric_alarm ?? {})
        .filter(([, alarm]) => alarm.alarm_actions === undefined)
        .map(([id]) => "${aws_cloudwatch_metric_alarm." + id + ".alarm_name}");
      const suppressors = resourcesOf(json, "aws_cloudwatch_composite_alarm").flatMap(({ actions_suppressor: suppressor }) =>
        suppressor ? [(suppressor as Block).alarm] : [],
      );
      expect(silent).toEqual(suppressors);
    }
});

it("each has a severity, an owner and a page that is there (OBS-034, OPS-035)", () => {
  const without = named.filter(
    ({ facts: { severity, owner, runbook = "" } }) => !severity || !owner || !RUNBOOKS.some((page) => runbookPath(page) === runbook),
  );
  expect(without).toEqual([]);
  expect(named.filter(({ facts }) => !existsSync(join(root, facts.runbook!)))).toEqual([]);
});

it("each is a sentence that neither repeats its severity nor ends in a full stop", () => {
  for (const { facts } of named) expect(facts.text).toMatch(/^(?!Critical|Warning)[A-Z].*[^.:]$/);
});

it("every page is for some alarm, and every one of them has its file", () => {
  // Beside them stand pages of what is run, and of the kill switch, which people start without an alarm.
  const others = ["docs/runbooks/README.md", "docs/runbooks/kill-switch.md", ...Object.keys(runbookPages())];
  const files = readdirSync(join(root, "docs/runbooks")).filter((file) => !others.includes(`docs/runbooks/${file}`));
  expect(files.sort()).toEqual(RUNBOOKS.map((runbook) => `${runbook}.md`).sort());
  const used = new Set(named.map(({ facts }) => facts.runbook));
  expect(RUNBOOKS.map(runbookPath).filter((page) => !used.has(page))).toEqual([]);
});
