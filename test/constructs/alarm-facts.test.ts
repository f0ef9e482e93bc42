import fc from "fast-check";
import { describeAlarm, OWNERS, readAlarm, SEVERITIES } from "../../functions/alerts/alarm-facts";

const facts = { severity: "critical", owner: "SRE", runbook: "docs/runbooks/host-silent.md" } as const;

it("keeps the sentence and ends with the facts (OBS-034, OPS-035)", () => {
  expect(describeAlarm({ text: "No heartbeat for 5 minutes", ...facts })).toBe(
    "No heartbeat for 5 minutes\nseverity=critical owner=SRE runbook=docs/runbooks/host-silent.md",
  );
});

it("reads what it wrote, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 800 }), fc.constantFrom(...SEVERITIES), fc.constantFrom(...OWNERS), (text, severity, owner) => {
      const written = { severity, owner, runbook: "https://example.org/a" };
      expect(readAlarm(describeAlarm({ text, ...written }))).toEqual({ text: text.trim(), ...written });
    }),
  );
});

it("reads the facts where a message has one line only", () => {
  expect(readAlarm("A task stopped severity=warning owner=DevOps runbook=docs/runbooks/tasks.md")).toEqual({
    text: "A task stopped",
    severity: "warning",
    owner: "DevOps",
    runbook: "docs/runbooks/tasks.md",
  });
});

it.each([
  ["of others", "CPU is high"],
  ["with a severity that is none", "CPU is high\nseverity=fatal owner=SRE runbook=x"],
  ["with an owner that is none", "CPU is high\nseverity=critical owner=somebody runbook=x"],
  ["with something behind", "CPU is high severity=critical owner=SRE runbook=x and more"],
  ["that is empty", ""],
])("leaves a description %s as it is", (_, description) => {
  expect(readAlarm(description)).toEqual({ text: description });
});

it("refuses what could not be read or CloudWatch would refuse, and takes their neighbours", () => {
  expect(() => describeAlarm({ text: "x", ...facts, runbook: "two words" })).toThrow('runbook "two words" is not one word');
  const room = 1024 - describeAlarm({ text: "", ...facts }).length;
  expect(describeAlarm({ text: "x".repeat(room), ...facts })).toHaveLength(1024);
  expect(() => describeAlarm({ text: "x".repeat(room + 1), ...facts })).toThrow("has 1025 characters, CloudWatch takes 1024");
});
