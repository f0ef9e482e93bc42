/** The review as a page of its own: one file, no network, readable without its script. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { renderToStaticMarkup } from "preact-render-to-string";
import { stacksOf, type Report } from "../model";
import type { ClassOf } from "./order";
import { EnvironmentChanges } from "./page/changes";
import { contextOf } from "./page/context";
import { Costs } from "./page/costs";
import { Sentence } from "./page/elements";
import { Filters } from "./page/filters";
import { Findings, Overview } from "./page/overview";
import { hasPicture, Picture } from "./page/picture";
import { Rules } from "./page/rules";
import { phraseOf } from "./phrases";
import { verdictOf, type HeldBy } from "./verdict";
import { visibleReport } from "./visible";

export interface PageOptions {
  readonly classOf: ClassOf;
  readonly heldBy: HeldBy;
  /** The project's folder, below which the page's style and script lie. */
  readonly root: string;
}

/**
 * A self-contained HTML page: it asks nothing of the network, and its own policy forbids it. The same report gives the same bytes.
 * @throws when a picture is no SVG
 */
export function page(unsafe: Report, { classOf, heldBy, root }: PageOptions): string {
  const asset = (name: string) => readFileSync(join(root, "review", "report", "page", name), "utf8");
  const report = visibleReport(unsafe);
  return `<!DOCTYPE html>\n${renderToStaticMarkup(<Document report={report} words={{ classOf, heldBy }} style={asset("page.css")} script={asset("page.js")} />)}\n`;
}

function Document({
  report,
  words,
  style,
  script,
}: {
  readonly report: Report;
  readonly words: Omit<PageOptions, "root">;
  readonly style: string;
  readonly script: string;
}) {
  const context = contextOf(report, words);
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'; base-uri 'none'; form-action 'none'`;
  const hasPictures = report.environments.some(hasPicture);
  const hasChanges = stacksOf(report).some(({ plan }) => plan.changes.length + plan.drift.length > 0);
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${verdictOf(report).isRefused ? "✕ Refused" : "✓ Passes"}: plan review`}</title>
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body class={context.isSmall ? undefined : "many"}>
        <a class="skip" href="#changes">
          Skip to the changes
        </a>
        <header>
          <span class="name">Plan review</span>
          <nav aria-label="Parts of this page">
            <a href="#findings">Findings</a>
            <a href="#changes">Changes</a>
            <a href="#costs">Cost</a>
            {hasPictures ? <a href="#pictures">Pictures</a> : null}
            {report.limits.length > 0 ? <a href="#limits">Limits</a> : null}
          </nav>
          <button type="button" id="theme" hidden>
            Dark
          </button>
        </header>
        <main>
          <Overview report={report} context={context} />
          <Findings report={report} context={context} />
          <section aria-labelledby="changes">
            <h2 id="changes" tabIndex={-1}>
              Changes
            </h2>
            {hasChanges ? <Filters report={report} context={context} /> : null}
            {report.environments.map((environment) => (
              <EnvironmentChanges key={environment.environment} environment={environment} context={context} />
            ))}
            <p id="none" class="quiet" hidden>
              No change is like that. <kbd>Esc</kbd> in the search, or Clear, shows all again.
            </p>
          </section>
          <section aria-labelledby="costs">
            <h2 id="costs">Cost</h2>
            {report.environments.map((environment) => (
              <Costs key={environment.environment} environment={environment} />
            ))}
          </section>
          {hasPictures ? (
            <section aria-labelledby="pictures">
              <h2 id="pictures">Pictures of what changes</h2>
              {report.environments.map((environment) => (
                <Picture key={environment.environment} environment={environment} />
              ))}
            </section>
          ) : null}
          {report.limits.length > 0 ? (
            <section aria-labelledby="limits">
              <h2 id="limits">What this review cannot show</h2>
              <ul>
                {report.limits.map((limit) => (
                  <li>
                    <Sentence phrase={phraseOf(limit)} />
                  </li>
                ))}
              </ul>
            </section>
          ) : null}
          <Rules report={report} />
        </main>
        <script dangerouslySetInnerHTML={{ __html: script }} />
      </body>
    </html>
  );
}
