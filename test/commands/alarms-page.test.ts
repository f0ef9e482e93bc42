import { alarmsPage } from "../../commands/pages/alarms-page";
import { loadEnvironments } from "../fixtures/environments";
import { synthEnvironments } from "../helpers/synth";

const environments = loadEnvironments();
const page = alarmsPage(environments, synthEnvironments({ environments, target: { kind: "aws" } }));
const row = (name: string) => page.split("\n").filter((line) => line.startsWith(`| \`${name}\` |`));

it("shows an alarm once, with what it says in each environment (C-41)", () => {
  expect(row("EC2-High-CPU")).toEqual([
    "| `EC2-High-CPU` | critical | DevOps | CPU above 80% for 10 minutes | CPU above 80% for 5 minutes | CPU above 80% for 5 minutes | [host-load](runbooks/host-load.md) |",
  ]);
});

it("shows where an environment has none", () => {
  expect(row("RDS-CPU")[0]).toContain("| warning | CloudArchitecture | – | The database's CPU is above 80% |");
});

it("shows alarms on alarms, and events that are told like alarms", () => {
  expect(row("Trading-Impaired")[0]).toContain("| critical | SRE |");
  expect(row("ECS-Stopped-Tasks")[0]).toContain("A task of \\<group> stopped");
});

it("leaves out what tells nobody, and what only scales", () => {
  expect(page).not.toMatch(/Quiet-Hours|axia-windows/);
});
