/** The pages of the runbooks that are run say what their documents do, and are those that are committed. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { leftPages } from "../../commands/docs";
import { GENERATED, RUNBOOK_PAGES, runbookPages } from "../../commands/pages/runbook-pages";

const root = join(__dirname, "..", "..");
const pages = runbookPages();

it.each(Object.keys(pages))("%s is committed as it is generated", (path) => {
  expect(existsSync(join(root, path)) && readFileSync(join(root, path), "utf8")).toBe(pages[path]);
});

it("a page has what somebody needs at night", () => {
  const page = pages["docs/runbooks/host-recovery.md"]!;
  for (const words of [
    "| Tier 1, critical | at once | within 1 hour | DevOps (support level 1) |",
    "aws ssm start-automation-execution --document-name 'tss-<environment>.host-recovery'",
    "`^i-([0-9a-f]{8}\\|[0-9a-f]{17})$`",
    "| 4 | `reboot` | `ec2:RebootInstances` |",
    "  isStopped -->|stopped| start",
    "  waitForReboot -.->|fails| mayBeStopped",
    "  checkLinux --> done([done])",
  ])
    expect(page).toContain(words);
});

it("pages without a document have the documents' own commands, with the names that things have here (OPS-046 … OPS-048)", () => {
  const commands = {
    "terraform-trouble": ["state list", "state show '<address>'", "-chdir=cdktf.out/stacks/<environment>-<stack>"],
    "release-trouble": ["helm status day-trade-ml --namespace day-trade", "helm rollback day-trade-ml <revision>", "--debug --dry-run"],
    "pod-trouble": [
      "get pods",
      "describe pod <pod>",
      "logs <pod>",
      "delete pod <pod>",
      "kubectl top nodes",
      "--namespace day-trade top pods",
    ],
    "region-failover": ["npm run kill-switch -- <environment> on --emergency", "npm run preflight -- dr"],
  };
  for (const [name, words] of Object.entries(commands)) {
    const page = pages[`docs/runbooks/${name}.md`]!;
    expect(page).toContain("| none: by hand |");
    for (const one of words) expect(page).toContain(one);
  }
  // Nothing changes before Tokyo's hosts are told to stand still.
  const failover = pages["docs/runbooks/region-failover.md"]!;
  expect(failover.indexOf("npm run kill-switch")).toBeLessThan(failover.indexOf("npm run deploy"));
});

it("the calendar has what the documents want done, and the list which failure asks for what (OPS-007, OPS-031, OPS-033, OPS-036)", () => {
  const calendar = pages["docs/runbooks/calendar.md"]!;
  for (const words of ["| week | Security updates |", "| month | Performance review |", "| quarter | Test of the recovery |", "2025-11-19"])
    expect(calendar).toContain(words);
  expect(pages["docs/runbooks/runnable.md"]).toContain("| EC2: a host fails | manual restart | CloudWatch alarms |");
});

it("the page of a runbook that is no more goes, one written by hand stays", () => {
  const folder = mkdtempSync(join(tmpdir(), "pages-"));
  try {
    for (const path of ["docs/pictures", "charts/day-trade-ml", RUNBOOK_PAGES]) mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, RUNBOOK_PAGES, "gone.md"), GENERATED);
    writeFileSync(join(folder, RUNBOOK_PAGES, "by-hand.md"), "# By hand");
    expect(leftPages(folder, {})).toEqual([`${RUNBOOK_PAGES}/gone.md`]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
