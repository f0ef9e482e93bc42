import type { Page } from "playwright-core";
import { resolve } from "node:path";
import { loadEnvironments } from "../../fixtures/environments";
import { changesSvg } from "../../../review/pictures/changes";
import { gravestByPart } from "../../../review/pictures/change-marks";
import type { Report } from "../../../review/model";
import { page as render } from "../../../review/report/page";
import {
  changeOf,
  classOf,
  costOf,
  environmentOf,
  findingOf,
  heldBy,
  manyChanges,
  reportOf,
  sampleReport,
  stackOf,
} from "../../helpers/report";
import { synthEnvironments } from "../../helpers/synth";
import { describeWithChromium, Pages, violations } from "./browser";

const root = resolve(__dirname, "..", "..", "..");
const html = (report: Report) => render(report, { classOf, heldBy, root });
const shown = (page: Page, selector: string) => page.locator(`${selector}:visible`);
const control = (page: Page, name: string) =>
  page.locator("#filters").getByLabel(name, { exact: name === "stack" || name === "environment" });
/** Filters are worked out once a frame, and cleared after it. */
const settled = (page: Page) =>
  page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))");
const result = async (page: Page) => (await settled(page), page.locator("#result").textContent());
const texts = async (page: Page, selector: string) => (await settled(page), shown(page, selector).allInnerTexts());
const constructs = async (page: Page) => (
  await settled(page),
  await shown(page, "details.change").locator("summary .path").allTextContents()
);
/** Expressions, not functions: these tests are checked without the browser's types. */
const inPage = <T>(page: Page, expression: string) => page.evaluate<T>(expression);
/** Asks from outside: waitForFunction asks again from within the page, whose policy forbids to evaluate anything there. It failed whenever the first answer was no. */
const until = async (page: Page, expression: string) => {
  while (!(await inPage<boolean>(page, expression))) await settled(page);
};
const focused = (page: Page) => inPage<string>(page, "document.activeElement.id || document.activeElement.textContent.trim()");
const OPEN_ALL = "document.querySelectorAll('details').forEach((details) => { details.open = true })";

async function withPictures(report: Report): Promise<Report> {
  const stacks = synthEnvironments({ environments: loadEnvironments(), target: { kind: "aws" } });
  return {
    ...report,
    environments: await Promise.all(
      report.environments.map(async (environment) => ({
        ...environment,
        diagram: await changesSvg(
          Object.fromEntries(Object.entries(stacks).filter(([stack]) => stack.startsWith(`${environment.environment}-`))),
          { changes: gravestByPart(environment.stacks.map(({ plan }) => plan)) },
          root,
        ),
      })),
    ),
  };
}

describeWithChromium("the page in Chromium", () => {
  const pages = new Pages();
  let sample: string;
  beforeAll(async () => {
    sample = html(await withPictures(sampleReport()));
  });
  // The page asks for nothing and complains of nothing, whatever is done to it.
  afterEach(() => expect(pages.complaints.splice(0)).toEqual([]));
  afterAll(() => pages.close());

  it("is waited for, however late it is", async () => {
    const page = await pages.open(sample);
    await inPage(page, "void setTimeout(() => { document.body.dataset.late = 'yes' }, 100)");
    await until(page, "document.body.dataset.late === 'yes'");
  });

  it("tells on the first screen what changes, what is lost, what opens and what it costs", async () => {
    const page = await pages.open(sample);
    expect(await page.locator("h1").innerText()).toBe("✕ Refused 3 refusals, 2 notices, 1 excepted");
    const rows = await page.locator(".glance tbody tr").allInnerTexts();
    expect(rows.map((row) => row.replace(/\s+/g, " ").trim())).toEqual([
      "prod 3 refusals +1 created ~4 updated ±2 replaced −1 destroyed →1 moved ↓1 imported ⊘1 forgotten ± prod-data/order-state/table replaced: items − prod-data/backtest-results/bucket destroyed: objects (excepted) prod-trading/windows-security-group/rdp $434.00 +$36.00 over the budget of $420.00",
      "staging +1 created none none $101.50 ±$0.00",
      "dev nothing none none $43.50 ±$0.00",
    ]);
    const box = await page.locator(".glance").boundingBox();
    expect(box!.y + box!.height).toBeLessThan(900);
    expect((await page.locator(".findings").first().locator(".finding").first().boundingBox())!.y).toBeLessThan(900);
  });

  describe("filters", () => {
    it("narrow by action, class, stack and environment, and together", async () => {
      const page = await pages.open(sample);
      expect(await result(page)).toBe("13 changes");
      await control(page, "replaced").check();
      expect(await constructs(page)).toEqual(["prod-data/order-state/table", "prod-trading/engine/instance"]);
      await control(page, "destroyed").check();
      expect(await result(page)).toBe("3 of 13 changes");
      await control(page, "data").check();
      expect(await constructs(page)).toEqual(["prod-data/backtest-results/bucket", "prod-data/order-state/table"]);
      await page.getByRole("button", { name: "Clear" }).click();
      expect(await result(page)).toBe("13 changes");
      await control(page, "stack").selectOption("prod-trading");
      expect(await result(page)).toBe("5 of 13 changes");
      expect(await texts(page, ".stack h4")).toEqual(["prod-trading 1 created, 1 updated, 1 replaced, 1 imported, 1 forgotten"]);
      // The stack is none of staging's.
      await control(page, "environment").selectOption("staging");
      expect(await control(page, "stack").inputValue()).toBe("");
      expect(await constructs(page)).toEqual(["staging-data/note/topic"]);
      expect(await texts(page, ".environment > h3")).toEqual(["staging 1 created · $101.50 a month (±$0.00)"]);
    });

    it("keep drift and outputs with what they belong to", async () => {
      const page = await pages.open(sample);
      await page.getByRole("searchbox").fill("mute");
      expect(await constructs(page)).toEqual(["prod-events/system-alerts/topic"]);
      expect(await texts(page, ".group h5")).toEqual(["Drift: what differs in the account from what Terraform last wrote"]);
      await page.getByRole("searchbox").fill("orders-queue-url");
      expect(await texts(page, ".group h5")).toEqual(["Outputs"]);
      expect(await constructs(page)).toEqual([]);
    });

    it("search constructs, types, attributes and values, every word of it; Escape clears", async () => {
      const page = await pages.open(sample);
      const search = page.getByRole("searchbox");
      await search.fill("T3.MEDIUM aws_instance");
      expect(await constructs(page)).toEqual(["prod-trading/engine/instance"]);
      await search.fill("t3.medium dynamodb");
      expect(await result(page)).toBe("0 of 13 changes");
      expect(await page.locator("#none").isVisible()).toBe(true);
      await search.press("Escape");
      await until(page, "document.getElementById('result').textContent === '13 changes'");
      expect(await page.locator("#none").isVisible()).toBe(false);
    });

    it("let go of what hides a change that a link leads to, and open it", async () => {
      const page = await pages.open(sample);
      await control(page, "created").check();
      const link = page.locator(".glance a", { hasText: "backtest-results" });
      await link.click();
      await until(page, "document.activeElement.matches('summary')");
      expect(await result(page)).toBe("13 changes");
      expect(
        await inPage(
          page,
          "document.activeElement.parentElement.open && document.activeElement.textContent.includes('prod-data/backtest-results/bucket')",
        ),
      ).toBe(true);
    });

    it("open and close all that is shown", async () => {
      const page = await pages.open(sample);
      await control(page, "forgotten").check();
      await settled(page);
      await page.getByRole("button", { name: "Open all shown" }).click();
      expect(await page.locator("details.change[data-action=forget][open]").count()).toBe(1);
      expect(await page.locator("details.change[data-action=import][open]").count()).toBe(0);
      await page.getByRole("button", { name: "Close all shown" }).click();
      expect(await page.locator("details.change[data-action=forget][open]").count()).toBe(0);
    });
  });

  it("shows what refuses open, with what forces the replacement and a long text line by line", async () => {
    const page = await pages.open(sample);
    const table = page.locator("details.change", { hasText: "prod-data/order-state/table" });
    expect(await table.getAttribute("open")).not.toBeNull();
    expect((await table.locator("tr.forces").innerText()).split(/\s*[\t\n]\s*/)).toEqual([
      "hash_key",
      "forces replacement",
      '"order_id"',
      '"orderId"',
    ]);
    const unit = page.locator("details.change", { hasText: "engine-bundle" });
    expect(await unit.getAttribute("open")).toBeNull();
    await unit.locator("summary").click();
    expect(await unit.locator(".lines .del").allInnerTexts()).toEqual(["−RestartSec=5"]);
    expect(await unit.locator(".lines .ins").allInnerTexts()).toEqual(["+RestartSec=30", "+MemoryMax=2G"]);
  });

  it("can be used by keyboard alone, and shows where the focus is", async () => {
    const page = await pages.open(sample);
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("Skip to the changes");
    expect((await page.locator(".skip").boundingBox())!.x).toBeGreaterThanOrEqual(0);
    await page.keyboard.press("Enter");
    expect(await focused(page)).toBe("changes");
    const walked: string[] = [];
    for (let step = 0; step < 25; step += 1) {
      await page.keyboard.press("Tab");
      expect(await inPage<string>(page, "getComputedStyle(document.activeElement).outlineStyle")).not.toBe("none");
      walked.push(
        await inPage<string>(
          page,
          "document.activeElement.id || document.activeElement.value || document.activeElement.textContent.trim().slice(0, 24)",
        ),
      );
    }
    expect(walked.slice(0, 18)).toEqual([
      "search",
      "environment",
      "stack",
      "create",
      "update",
      "replace",
      "destroy",
      "move",
      "import",
      "forget",
      "data",
      "identity",
      "network_20exposure",
      "notification",
      "compute",
      "cosmetic",
      "open",
      "Clear",
    ]);
    await page.keyboard.press("/");
    expect(await focused(page)).toBe("search");
    await page.keyboard.type("engine/instance");
    await until(page, "document.getElementById('result').textContent === '1 of 13 changes'");
    // On to the summary of what is left, past the controls and the links of the stacks' table.
    for (let step = 0; step < 40 && !(await inPage<boolean>(page, "document.activeElement.matches('.change > summary')")); step += 1)
      await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await shown(page, ".change[open] .body").innerText()).toContain("ami-0bbbbbbbbbbbbbbbb");
    // A slash that is typed into the search is one.
    await page.keyboard.press("/");
    await page.keyboard.type("a/b");
    expect(await page.getByRole("searchbox").inputValue()).toBe("a/b");
  });

  describe("light and dark", () => {
    const ground = (page: Page) => inPage<string>(page, "getComputedStyle(document.body).backgroundColor");

    it("follow the system, until the reader chooses", async () => {
      const page = await pages.open(sample, { colorScheme: "dark" });
      expect(await ground(page)).toBe("rgb(20, 23, 28)");
      await page.emulateMedia({ colorScheme: "light" });
      expect(await ground(page)).toBe("rgb(255, 255, 255)");
      await page.getByRole("button", { name: "Dark" }).click();
      expect(await ground(page)).toBe("rgb(20, 23, 28)");
      await page.getByRole("button", { name: "Light" }).click();
      expect(await ground(page)).toBe("rgb(255, 255, 255)");
    });

    it("reach into the picture", async () => {
      const fill = (page: Page, selector: string) =>
        inPage<string>(page, `getComputedStyle(document.querySelector(${JSON.stringify(selector)})).fill`);
      const page = await pages.open(sample);
      expect(await fill(page, ".node.replace rect")).toBe("rgb(254, 240, 225)");
      await page.emulateMedia({ colorScheme: "dark" });
      expect(await fill(page, ".node.replace rect")).toBe("rgb(56, 35, 15)");
      expect(await fill(page, ".node:not(.changed) rect")).toBe("rgb(20, 23, 28)");
      expect(await fill(page, ".node:not(.changed) text")).toBe("rgb(228, 232, 238)");
    });

    it.each([
      ["light", 1280],
      ["dark", 1280],
      ["light", 360],
      ["dark", 360],
    ] as const)("%s at %d pixels: axe-core finds nothing, with everything open", async (colorScheme, width) => {
      const page = await pages.open(sample, { colorScheme, viewport: { width, height: 900 } });
      await inPage(page, OPEN_ALL);
      expect(await violations(page)).toEqual([]);
    });
  });

  it("shows the picture with a name, what changes as text, and ids that stand once", async () => {
    const page = await pages.open(sample);
    // It folds away, below what is to be decided, and is there only where something changes.
    expect(await page.locator("details.picture").count()).toBe(2);
    expect(await page.locator("details.picture[open]").count()).toBe(0);
    await inPage(page, OPEN_ALL);
    expect(await page.getByRole("img", { name: "What changes, and what refers to it" }).count()).toBe(2);
    expect(await page.locator("#picture-prod-parts li").allInnerTexts()).toEqual([
      "− destroys prod-data/backtest-results",
      "± replaces prod-data/order-state",
      "± replaces prod-trading/engine",
      "⊘ forgets prod-trading/system-log",
      "~ updates prod-data/raw-market-data",
      "~ updates prod-events/orders",
      "~ updates prod-services/cluster",
      "~ updates prod-trading/engine-bundle",
      "+ creates prod-trading/windows-security-group",
      "↓ imports prod-trading/application-log",
      "→ moves prod-data/key",
    ]);
    expect(await page.locator("svg .node.changed").count()).toBe(11); // staging has no part of this name
    expect(
      await inPage(
        page,
        "[...document.querySelectorAll('[id]')].map(({ id }) => id).filter((id, index, all) => all.indexOf(id) !== index)",
      ),
    ).toEqual([]);
  });

  it("prints all that is shown, opened, without its controls, in light colours", async () => {
    const page = await pages.open(sample, { colorScheme: "dark" });
    await control(page, "stack").selectOption("prod-data");
    await settled(page);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("#filters").isVisible()).toBe(false);
    expect(await page.locator("details.change:not([open]) .diff", { hasText: "tss-backtest-results" }).isVisible()).toBe(true);
    expect(
      (await page.locator("details.change:not([open]) .diff", { hasText: "tss-backtest-results" }).boundingBox())!.height,
    ).toBeGreaterThan(40);
    expect(await page.locator(".change", { hasText: "prod-trading/engine/instance" }).isVisible()).toBe(false);
    expect(await inPage<string>(page, "getComputedStyle(document.querySelector('h2')).color")).toBe("rgb(27, 33, 41)");
    expect((await page.pdf()).subarray(0, 5).toString()).toBe("%PDF-");
  });

  it("does not scroll sideways at 360 pixels, with everything open", async () => {
    const page = await pages.open(sample, { viewport: { width: 360, height: 780 } });
    await inPage(page, OPEN_ALL);
    expect(await inPage<number>(page, "document.documentElement.scrollWidth")).toBe(360);
  });

  it("shows everything without its script", async () => {
    const page = await pages.open(sample, { javaScriptEnabled: false });
    expect(await page.locator("#filters").isVisible()).toBe(false);
    expect(await page.locator("#theme").isVisible()).toBe(false);
    expect(await shown(page, "details.change").count()).toBe(13);
    await page.locator("details.change summary", { hasText: "prod-trading/engine/instance" }).click();
    expect(await page.getByText('"ami-0bbbbbbbbbbbbbbbb"').isVisible()).toBe(true);
  });

  it("shows 2,000 changes, filtered by a letter, a class, all opened", async () => {
    const page = await pages.open(html(manyChanges(2_000)));
    expect(await result(page)).toBe("2,000 changes");
    expect(await shown(page, ".findings > .finding").count()).toBe(20);
    await page.getByRole("searchbox").fill("service-17/part-8");
    expect(new Set((await constructs(page)).map((construct) => construct.replace(/prod-part-\d/, "")))).toEqual(
      new Set([5, 6, 7, 8, 9].map((digit) => `/service-17/part-8${digit}`)),
    );
    expect(await result(page)).toBe("40 of 2,000 changes");
    await page.getByRole("searchbox").fill("");
    await control(page, "replaced").check();
    expect(await result(page)).toBe("400 of 2,000 changes");
    await page.getByRole("button", { name: "Open all shown" }).click();
    expect(await page.locator("details.change[open]").count()).toBe(400);
    // The last refusal is one of those that fold away; its link leads to its change.
    await inPage(page, OPEN_ALL);
    await page.locator(".finding a[href^='#change-']").last().click();
    await until(page, "document.activeElement.matches('.change > summary')");
    expect(await result(page)).toBe("2,000 changes");
  });

  it("takes foreign text for text", async () => {
    const text = `<img src=x onerror=alert(1)></details></script></style><script>alert(2)</script>" onfocus="alert(3)" '{{x}} &amp; \u202eevil`;
    const report = reportOf({
      source: { kind: "files", folder: text },
      exceptionErrors: [text],
      limits: [text],
      environments: [
        environmentOf(text, {
          stacks: [
            stackOf(text, {
              state: "failed",
              why: text,
              plan: {
                changes: [
                  changeOf({
                    construct: text,
                    address: text,
                    type: text,
                    attributes: [{ path: text, before: text, after: `${text}\n${text}`, forcesReplacement: true }],
                  }),
                ],
                outputs: [{ name: text, action: "create", before: undefined, after: text }],
              },
              findings: [
                findingOf({
                  stack: text,
                  construct: text,
                  address: text,
                  message: text,
                  rule: text,
                  source: text,
                  excepted: { construct: text, rule: text, reason: text, expires: text },
                }),
              ],
            }),
          ],
          cost: costOf({
            unknownTypes: [text],
            documented: [{ id: text, title: text, documented: 1, described: 1, reasons: [text], lines: [{ what: text, reason: text }] }],
          }),
        }),
      ],
    });
    const page = await pages.open(html(report));
    await inPage(page, OPEN_ALL);
    expect(await page.locator("img, iframe, object, embed, svg, [onerror], [onfocus]").count()).toBe(0);
    expect(await page.locator("script").count()).toBe(1);
    expect(await page.locator(".finding.excepted p").first().textContent()).toBe(text.replace("\u202e", "\\u{202e}"));
    // The filters know it by the same name.
    await control(page, "stack").selectOption({ index: 1 });
    expect(await result(page)).toBe("1 of 1 change");
  });
});
