/** The first screen: the verdict, and the four questions of a reviewer for each environment. */
import { DONE, SYMBOLS } from "../../actions";
import { stacksOf, allFindings, type EnvironmentReview, type Finding, type Report } from "../../model";
import { difference, many, money } from "../../numbers";
import { worstFindings } from "../order";
import { judgeWords } from "../judges";
import { countsOf, phraseOf, sourcePhrase } from "../phrases";
import { shiftPhrases } from "../shift";
import { costDifference, glanceOf, verdictOf } from "../verdict";
import { whatRuns } from "../what-runs";
import { Lines } from "./changes";
import { slug, type PageContext } from "./context";
import { Rule } from "./rules";
import { Counts, Path, RiskTag, Sentence } from "./elements";

/** Names shown in a cell; the rest stands below. */
const NAMES = 4;

export function Overview({ report, context }: { readonly report: Report; readonly context: PageContext }) {
  const { isRefused, reasons } = verdictOf(report);
  return (
    <section aria-labelledby="verdict" class={`verdict ${isRefused ? "refused" : "passes"}`}>
      <Judges report={report} />
      <h1 id="verdict">
        <span class="answer">
          <span aria-hidden="true">{isRefused ? "✕" : "✓"}</span> {isRefused ? "Refused" : "Passes"}
        </span>{" "}
        <span class="reasons">{reasons.join(", ")}</span>
      </h1>
      <p class="source">
        <Sentence phrase={sourcePhrase(report.source)} />
      </p>
      {shiftPhrases(report.environments).map((phrase) => (
        <p class="shift">
          <Sentence phrase={phrase} />
        </p>
      ))}
      <table class="glance">
        <caption class="hidden">What each environment's reviewer asks first</caption>
        <thead>
          <tr>
            <th scope="col">environment</th>
            <th scope="col">changes</th>
            <th scope="col">data destroyed or replaced</th>
            <th scope="col">opens to a network</th>
            <th scope="col" class="number">
              cost per month
            </th>
          </tr>
        </thead>
        <tbody>
          {report.environments.map((environment) => (
            <GlanceRow key={environment.environment} environment={environment} context={context} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What the verdict is made by, where the change touches it. */
function Judges({ report }: { readonly report: Report }) {
  const { files, exceptions, untouched } = judgeWords(report);
  return (
    <>
      {[...(files ? [files] : []), ...exceptions].map((phrase) => (
        <p class="shift">
          <Sentence phrase={phrase} />
        </p>
      ))}
      {untouched === undefined || (files === undefined && exceptions.length === 0) ? null : <p class="quiet">{untouched}.</p>}
    </>
  );
}

function GlanceRow({ environment, context }: { readonly environment: EnvironmentReview; readonly context: PageContext }) {
  const { refused, lost, opened, unsure } = glanceOf(environment, context.heldBy);
  const { cost } = environment;
  const isOver = cost.budget !== undefined && cost.after > cost.budget;
  const none =
    unsure.length > 0 ? (
      <span class="quiet">none known; {many(unsure.length, "stack")} not fully planned</span>
    ) : (
      <span class="quiet">none</span>
    );
  return (
    <tr>
      <th scope="row">
        <a href={`#environment-${slug(environment.environment)}`}>{environment.environment}</a>
        {refused > 0 ? <small class="alert">{many(refused, "refusal")}</small> : null}
      </th>
      <td data-label="changes">
        <Counts counts={countsOf(environment.stacks)} />
      </td>
      <td data-label="data destroyed or replaced">
        {lost.length === 0 ? (
          none
        ) : (
          <ul>
            {lost.slice(0, NAMES).map((loss) => (
              <li>
                <a class={loss.isExcepted ? "alert excepted" : "alert"} href={`#${context.anchorOf(loss) ?? "changes"}`}>
                  <span aria-hidden="true">{SYMBOLS[loss.action]}</span> <Path text={loss.construct} /> {DONE[loss.action]}
                </a>
                {loss.held === undefined ? "" : `: ${loss.held}`}
                {loss.isExcepted ? " (excepted)" : ""}
              </li>
            ))}
            {lost.length > NAMES ? <li class="quiet">and {many(lost.length - NAMES, "more", "more")}</li> : null}
          </ul>
        )}
      </td>
      <td data-label="opens to a network">
        {opened.length === 0 ? (
          none
        ) : (
          <ul>
            {opened.slice(0, NAMES).map((finding) => (
              <li>
                <Subject finding={finding} context={context} className="alert" />
              </li>
            ))}
            {opened.length > NAMES ? <li class="quiet">and {many(opened.length - NAMES, "more", "more")}</li> : null}
          </ul>
        )}
      </td>
      <td data-label="cost per month" class="number">
        <span>
          {money(cost.after)} <b class={costDifference(environment) > 0 ? "dearer" : "quiet"}>{difference(costDifference(environment))}</b>
        </span>
        {isOver ? <small class="alert">over the budget of {money(cost.budget!)}</small> : null}
      </td>
    </tr>
  );
}

/** The construct, as a link where the page shows what happens to it. */
function Subject({
  finding,
  context,
  className,
}: {
  readonly finding: Finding;
  readonly context: PageContext;
  readonly className?: string;
}) {
  const anchor = context.anchorOf(finding);
  return anchor === undefined ? (
    <span class={className}>
      <Path text={finding.construct} />
    </span>
  ) : (
    <a class={className} href={`#${anchor}`}>
      <Path text={finding.construct} />
    </a>
  );
}

/** Refusals that stand open; the rest folds away. */
const FIRST = 20;

/** Refusals in full, then what else is found; what an exception lets pass folds away. */
export function Findings({ report, context }: { readonly report: Report; readonly context: PageContext }) {
  const found = worstFindings(allFindings(report));
  const excepted = found.filter((finding) => finding.excepted);
  const refused = found.filter(({ severity, excepted: exception }) => severity === "refusal" && !exception);
  const notices = found.filter(({ severity, excepted: exception }) => severity === "notice" && !exception);
  const failed = stacksOf(report).filter(({ state }) => state === "failed");
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">Findings</h2>
      {found.length + failed.length + report.exceptionErrors.length === 0 ? <p class="quiet">Nothing was found.</p> : null}
      {failed.length + report.exceptionErrors.length > 0 ? (
        <ul class="errors">
          {failed.map(({ stack, why }) => (
            <li>
              <b>Failed:</b> <code>{stack}</code>. <span class="pre">{why}</span>
            </li>
          ))}
          {report.exceptionErrors.map((message) => (
            <li>
              <b>review/exceptions.yaml:</b>{" "}
              <span class="pre">
                <Sentence phrase={phraseOf(message)} />
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      {refused.length > 0 ? (
        <>
          <h3>{many(refused.length, "refusal")}</h3>
          <FindingList findings={refused.slice(0, FIRST)} context={context} />
        </>
      ) : null}
      {refused.length > FIRST ? (
        <details>
          <summary>
            <b>and {many(refused.length - FIRST, "more refusal")}</b>
          </summary>
          <FindingList findings={refused.slice(FIRST)} context={context} />
        </details>
      ) : null}
      <WhatRuns report={report} context={context} />
      {notices.length > 0 ? (
        <details open={notices.length <= 10}>
          <summary>
            <h3>{many(notices.length, "notice")}</h3>
          </summary>
          <FindingList findings={notices} context={context} />
        </details>
      ) : null}
      {excepted.length > 0 ? (
        <details>
          <summary>
            <h3>{excepted.length} excepted by review/exceptions.yaml</h3>
          </summary>
          <FindingList findings={excepted} context={context} />
        </details>
      ) : null}
    </section>
  );
}

/** The code of what runs at a deploy and on hosts. */
function WhatRuns({ report, context }: { readonly report: Report; readonly context: PageContext }) {
  const found = report.environments.flatMap(whatRuns);
  if (found.length === 0) return null;
  return (
    <section class="runs" aria-labelledby="runs">
      <h3 id="runs">What runs</h3>
      {found.map((finding) => (
        <details open={!finding.excepted && found.length <= FIRST}>
          <summary>
            <Subject finding={finding} context={context} /> · <Rule rule={finding.rule} />
            {finding.excepted ? " (excepted)" : ""}
          </summary>
          <Lines lines={finding.code} />
        </details>
      ))}
    </section>
  );
}

const FindingList = ({ findings, context }: { readonly findings: readonly Finding[]; readonly context: PageContext }) => (
  <ul class="findings">
    {findings.map((finding) => (
      <li class={finding.excepted ? "finding excepted" : `finding ${finding.severity}`}>
        <RiskTag risk={finding.riskClass} />
        <div>
          <p>
            <Sentence phrase={phraseOf(finding.message)} />
          </p>
          <p class="where">
            <Subject finding={finding} context={context} />
            {finding.source === undefined ? null : (
              <>
                {" "}
                · <code>{finding.source}</code>
              </>
            )}{" "}
            · <Rule rule={finding.rule} />
          </p>
          {finding.excepted ? (
            <p class="where">
              Excepted until <b>{finding.excepted.expires}</b>
              {finding.excepted.approvedBy === undefined ? "" : ` by ${finding.excepted.approvedBy}`} as{" "}
              <code>{finding.excepted.construct}</code>: {finding.excepted.reason}
            </p>
          ) : null}
        </div>
      </li>
    ))}
  </ul>
);
