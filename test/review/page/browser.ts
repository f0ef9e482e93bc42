/** The page in a real Chromium. */
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** The variable CHROMIUM, or the first that is on the PATH. */
const found = [...(process.env.CHROMIUM ? [process.env.CHROMIUM] : []), "chromium", "chromium-browser", "google-chrome"].find(
  (name) => spawnSync(name, ["--version"]).status === 0,
);
export const missing = "no Chromium: CHROMIUM names none, and neither chromium, chromium-browser nor google-chrome is on the PATH";

/** playwright-core starts no program by its name alone. */
const pathOf = (name: string): string =>
  name.includes("/") ? name : spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim();

/** Tests that need a browser: left out on a person's machine that has none, failed in CI. */
export function describeWithChromium(name: string, body: () => void): void {
  if (found) describe(name, body);
  else if (process.env.CI)
    it(name, () => {
      throw new Error(missing);
    });
  else it.todo(`${name} (${missing})`);
}

/** Pages opened from files, each in a context of its own; whatever they say or ask for is written down. */
export class Pages {
  private browser: Browser | undefined;
  private readonly folder = mkdtempSync(join(tmpdir(), "page-"));
  /** What the console said, what was thrown, what was asked of the network. */
  readonly complaints: string[] = [];

  async open(html: string, options: BrowserContextOptions & { readonly hash?: string } = {}): Promise<Page> {
    this.browser ??= await chromium.launch({ executablePath: pathOf(found!) });
    const file = join(this.folder, "page.html");
    writeFileSync(file, html);
    const { hash = "", ...context } = options;
    const page = await (await this.browser.newContext({ viewport: { width: 1280, height: 900 }, offline: true, ...context })).newPage();
    const address = pathToFileURL(file).href;
    page.on("console", (message) => this.complaints.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => this.complaints.push(`thrown: ${error.message}`));
    page.on("dialog", (dialog) => {
      this.complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      if (request.url().split("#")[0] !== address) this.complaints.push(`request: ${request.url()}`);
    });
    await page.goto(address + hash);
    return page;
  }

  async close(): Promise<void> {
    await this.browser?.close();
    rmSync(this.folder, { recursive: true });
  }
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
  }[];
}
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds, one line each: rule, element, why. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations: rules } = await page.evaluate<AxeResult>("axe.run(document, { resultTypes: ['violations'] })");
  return rules.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)}: ${failureSummary}`));
}
