/** The web application as its distribution is configured: what is answered, and what a real browser makes of it. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { spawnSync } from "node:child_process";
import { CACHE_CONTROL, frontendFiles } from "../../delivery/frontend/files";
import { edited } from "../environments/edits";
import { parseEnvironment } from "../../environments/reading/parse";
import { onlyResource, synthEnvironments, type StackJson } from "../helpers/synth";
import { describeWithChromium } from "../review/page/browser";
import { Edge, EdgeServer, type Answered, type Origin } from "./edge";

const folder = resolve(__dirname, "..", "fixtures", "web");
const files = new Map(frontendFiles(folder).map((file) => [`/${file.key}`, file]));
const frontend: Origin = (path) => {
  const file = files.get(path);
  return (
    file && {
      status: 200,
      headers: { "content-type": file.contentType, "cache-control": CACHE_CONTROL[file.keeping] },
      body: readFileSync(join(folder, file.key)),
    }
  );
};
const json = (status: number, value: unknown): Answered => ({
  status,
  headers: { "content-type": "application/json", "strict-transport-security": "max-age=1" },
  body: JSON.stringify(value),
});
const api: Origin = (path) => (path === "/api/stocks" ? json(200, ["7203", "6758"]) : json(404, { detail: "no such stock" }));

function stackWith(edits: Parameters<typeof edited>[1] = {}): StackJson {
  const environment = parseEnvironment(edited("dev", edits), "environments/dev.ts");
  return synthEnvironments({ environments: [environment], target: { kind: "aws" } })["dev-web"]!;
}
const stack = stackWith();
const edge = new Edge(stack, { frontend, api });
const get = (path: string, more: object = {}) => edge.answer({ scheme: "https", method: "GET", path, ...more });

describe("answers", () => {
  it.each([
    ["/", "/index.html"],
    ["/stocks/7203", "/index.html"],
    ["/stocks/7203/", "/index.html"],
    ["/assets/app-3f9a8b1c.js", "/assets/app-3f9a8b1c.js"],
    ["/robots.txt", "/robots.txt"],
  ])("%s is %s", (path, file) => {
    expect(get(path)).toMatchObject({ status: 200, body: readFileSync(join(folder, file)) });
  });

  it("a file that is missing stays missing, and no page of the application stands for it", () => {
    expect(get("/assets/app-00000000.js").status).toBe(403);
  });

  it("errors of the API are the API's own; one for pages of errors would swallow them", () => {
    expect(get("/api/stocks/0000")).toMatchObject({ status: 404, body: '{"detail":"no such stock"}' });
    const swallowing = structuredClone(stack) as StackJson;
    Object.assign(onlyResource(swallowing, "aws_cloudfront_distribution"), {
      custom_error_response: [{ error_code: 404, response_code: 200, response_page_path: "/index.html" }],
    });
    const answered = new Edge(swallowing, { frontend, api }).answer({ scheme: "https", method: "GET", path: "/api/stocks/0000" });
    expect(answered).toMatchObject({ status: 200, body: readFileSync(join(folder, "index.html")) });
  });

  it.each([
    ["http", "GET", "/stocks", 301],
    ["http", "POST", "/api/stocks", 403],
    ["https", "POST", "/", 403],
    ["https", "POST", "/api/stocks", 200],
  ] as const)("%s %s %s: %i", (scheme, method, path, status) => {
    expect(edge.answer({ scheme, method, path }).status).toBe(status);
  });

  it("who is in no country of the list is told so, where there is one", () => {
    const japan = new Edge(stackWith({ "web.countries": ["JP"] }), { frontend, api });
    const from = (country: string) => japan.answer({ scheme: "https", method: "GET", path: "/", country }).status;
    expect([from("JP"), from("US"), get("/", { country: "US" }).status]).toEqual([200, 403, 200]);
  });

  // By hand, of what https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring asks for.
  it.each(["/", "/api/stocks", "/api/stocks/0000", "/assets/app-00000000.js"])("%s has the headers, whatever its origin says", (path) => {
    const { headers } = get(path);
    const directives = new Map(headers["content-security-policy"]!.split(/; ?/).map((part) => [part.split(" ")[0], part]));
    expect(Number(/max-age=(\d+)/.exec(headers["strict-transport-security"]!)![1])).toBeGreaterThanOrEqual(15_768_000);
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["x-frame-options"]).toBe("DENY");
    expect(headers["referrer-policy"]).toBe("strict-origin-when-cross-origin");
    expect(directives.get("default-src")).toBe("default-src 'self'");
    expect(directives.get("frame-ancestors")).toBe("frame-ancestors 'none'");
    expect(headers["content-security-policy"]).not.toMatch(/unsafe-|https?:|\*/);
  });
});

describeWithChromium("in a browser", () => {
  let browser: Browser;
  let server: EdgeServer;
  const complaints: string[] = [];

  beforeAll(async () => {
    server = await EdgeServer.open(edge);
    const executablePath =
      process.env.CHROMIUM ??
      spawnSync("sh", ["-c", "command -v chromium || command -v chromium-browser || command -v google-chrome"], {
        encoding: "utf8",
      }).stdout.trim();
    browser = await chromium.launch({ executablePath });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  beforeEach(() => complaints.splice(0));

  async function open(path: string): Promise<Page> {
    const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
    page.on("console", (message) => complaints.push(message.text()));
    await page.goto(server.address + path);
    await page.waitForSelector('html[data-ready="yes"]');
    return page;
  }

  it("the application runs, its API answers, and a stock that is missing is a 404", async () => {
    const page = await open("/");
    expect(await page.textContent("#route")).toBe("/");
    expect(await page.textContent("#stocks")).toBe("7203, 6758");
    expect(await page.textContent("#missing")).toBe("404 no such stock");
    expect(await page.evaluate("getComputedStyle(document.querySelector('h1')).color")).toBe("rgb(0, 64, 128)");
  });

  it("a route of the application is a page of its own, from the address bar and reloaded", async () => {
    const page = await open("/");
    await page.click("a");
    await page.waitForSelector('html[data-ready="yes"]');
    expect(await page.textContent("#route")).toBe("/stocks/7203");
    await page.reload();
    expect(await page.textContent("#route")).toBe("/stocks/7203");
  });

  it("a script that somebody got into the page does not run, and the browser says why", async () => {
    const page = await open("/");
    expect(await page.evaluate("document.documentElement.dataset.injected")).toBeUndefined();
    expect(complaints).toEqual(expect.arrayContaining([expect.stringMatching(/inline script.*Content Security Policy/)]));
  });

  it("no other site may frame it", async () => {
    const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
    page.on("console", (message) => complaints.push(message.text()));
    await page.setContent(`<iframe src="${server.address}/"></iframe>`);
    await page.waitForTimeout(1000);
    expect(complaints.join("\n")).toMatch(/frame-ancestors|X-Frame-Options/);
  });
});
