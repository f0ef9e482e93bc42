/** Every environment's stacks and what changes in them. */
import { SYMBOLS } from "../../actions";
import type { EnvironmentReview, OutputChange, ResourceChange, StackReview } from "../../model";
import { difference, many, money } from "../../numbers";
import { rowsOf, valueText, type DiffLine, type Row } from "../diff-rows";
import { riskOf, worstChanges } from "../order";
import { countsOf, countWords, phraseOf, STATES } from "../phrases";
import { isToldWhole } from "../told";
import { costDifference } from "../verdict";
import { slug, stackId, type PageContext } from "./context";
import { Rule } from "./rules";
import { ActionMark, Path, RiskTag, Scroll, Sentence } from "./elements";

interface StackProps {
  readonly environment: EnvironmentReview;
  readonly stack: StackReview;
  readonly context: PageContext;
}

export const EnvironmentChanges = ({
  environment,
  context,
}: {
  readonly environment: EnvironmentReview;
  readonly context: PageContext;
}) => (
  <section class="environment" data-environment={environment.environment} aria-labelledby={`environment-${slug(environment.environment)}`}>
    <h3 id={`environment-${slug(environment.environment)}`}>
      {environment.environment}{" "}
      <small>
        {countWords(countsOf(environment.stacks))} · {money(environment.cost.after)} a month ({difference(costDifference(environment))})
      </small>
    </h3>
    <StackTable environment={environment} context={context} />
    {environment.stacks.filter(hasSomething).map((stack) => (
      <Stack key={stack.stack} environment={environment} stack={stack} context={context} />
    ))}
  </section>
);

const hasSomething = ({ plan, why, state }: StackReview) =>
  plan.changes.length + plan.drift.length + plan.outputs.length > 0 || why !== undefined || (state !== "planned" && state !== "unchanged");

function StackTable({ environment, context }: { readonly environment: EnvironmentReview; readonly context: PageContext }) {
  const quiet = environment.stacks.filter((stack) => !hasSomething(stack));
  const shown = environment.stacks.filter(hasSomething);
  return (
    <>
      {shown.length > 0 ? (
        <Scroll label={`Stacks of ${environment.environment}`}>
          <table class="stacks">
            <thead>
              <tr>
                <th scope="col">stack</th>
                {(["create", "update", "replace", "destroy"] as const).map((action) => (
                  <th scope="col" class="number">
                    <abbr title={action}>{SYMBOLS[action]}</abbr>
                  </th>
                ))}
                <th scope="col">state</th>
                <th scope="col">risk</th>
                <th scope="col" class="number">
                  per month
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((stack) => (
                <StackRow key={stack.stack} environment={environment} stack={stack} context={context} />
              ))}
            </tbody>
          </table>
        </Scroll>
      ) : null}
      {quiet.length > 0 ? (
        <p class="quiet">
          No change in{" "}
          {quiet.map(({ stack }, index) => (
            <>
              {index > 0 ? ", " : ""}
              <code>{stack}</code>
            </>
          ))}
          .
        </p>
      ) : null}
    </>
  );
}

function StackRow({ environment, stack, context }: StackProps) {
  const counts = countsOf([stack]);
  const isUnknown = stack.state === "failed" || stack.state === "deferred";
  const risk = riskOf(stack, context.classOf);
  const sum = (lines: EnvironmentReview["cost"]["lines"]) =>
    lines.filter((line) => line.stack === stack.stack).reduce((dollars, { monthly }) => dollars + (monthly ?? 0), 0);
  const [after, before] = [sum(environment.cost.lines), sum(environment.cost.linesBefore)];
  return (
    <tr>
      <th scope="row">
        <a href={`#${stackId(environment.environment, stack.stack)}`}>{stack.stack}</a>
      </th>
      {(["create", "update", "replace", "destroy"] as const).map((action) => {
        const text = isUnknown || (action === "replace" && stack.state === "compared") ? "?" : String(counts[action]);
        return <td class={`number count ${text === "0" ? "zero" : action}`}>{text}</td>;
      })}
      <td>{stack.state}</td>
      <td>{risk === undefined ? "" : <RiskTag risk={risk} />}</td>
      <td class="number">{after === 0 && before === 0 ? "–" : `${money(after)} ${difference(after - before)}`}</td>
    </tr>
  );
}

function Stack({ environment, stack, context }: StackProps) {
  const { plan, state, why } = stack;
  return (
    <section class="stack" data-stack={stack.stack} aria-labelledby={stackId(environment.environment, stack.stack)}>
      <h4 id={stackId(environment.environment, stack.stack)}>
        {stack.stack} <small>{countWords(countsOf([stack]))}</small>
      </h4>
      {state === "planned" || state === "unchanged" ? null : (
        <p class="state">
          <b>{state}</b>: {STATES[state]}. <span class="pre">{why}</span>
        </p>
      )}
      {plan.isComplete ? null : <p class="state">Terraform says that another plan must follow.</p>}
      {worstChanges(plan.changes, context.classOf).map((change) => (
        <Change key={context.idOf(change)} stack={stack} change={change} context={context} />
      ))}
      {plan.drift.length > 0 ? (
        <div class="group">
          <h5>Drift: what differs in the account from what Terraform last wrote</h5>
          {plan.drift.map((change) => (
            <Change key={context.idOf(change)} stack={stack} change={change} context={context} isDrift />
          ))}
        </div>
      ) : null}
      {plan.outputs.length > 0 ? <Outputs outputs={plan.outputs} /> : null}
    </section>
  );
}

function Change({
  stack,
  change,
  context,
  isDrift = false,
}: {
  readonly stack: StackReview;
  readonly change: ResourceChange;
  readonly context: PageContext;
  readonly isDrift?: boolean;
}) {
  const risk = context.classOf(change);
  const findings = isDrift ? [] : context.findingsOf(stack, change);
  const refused = findings.filter(({ severity, excepted }) => severity === "refusal" && !excepted);
  return (
    <details
      class="change"
      id={context.idOf(change)}
      data-action={change.action}
      data-risk={slug(risk)}
      open={refused.length > 0 && context.isSmall}
    >
      <summary>
        <ActionMark action={change.action} /> <Path text={change.construct} /> <span class="type">{change.type}</span>
        {refused.length > 0 ? <span class="alert">{many(refused.length, "refusal")}</span> : null}
        <RiskTag risk={risk} />
        {isToldWhole(change) ? <Values change={change} /> : null}
      </summary>
      <div class="body">
        {findings.map((finding) => (
          <p class={finding.excepted ? "note excepted" : `note ${finding.severity}`}>
            {finding.excepted ? `Excepted until ${finding.excepted.expires}: ` : ""}
            <Sentence phrase={phraseOf(finding.message)} /> <Rule rule={finding.rule} />
          </p>
        ))}
        <p class="where">
          <Path text={change.address} />
          {notesOf(change).map((note) => (
            <> · {note}</>
          ))}
        </p>
        <Diff rows={rowsOf(change)} />
      </div>
    </details>
  );
}

/** Old → new in a line, for who need not open it. */
const Values = ({ change }: { readonly change: ResourceChange }) => (
  <span class="values">
    {change.attributes.map(({ path, before, after }) => (
      <span>
        <code>{path}</code> <del>{valueText(before)}</del> → <ins>{valueText(after)}</ins>
      </span>
    ))}
  </span>
);

const notesOf = ({ previousAddress, importId, deposed, action, createBeforeDestroy, reason }: ResourceChange): string[] => [
  ...(previousAddress === undefined ? [] : [`moved from ${previousAddress}`]),
  ...(importId === undefined ? [] : [`imported by the id ${importId}`]),
  ...(deposed === undefined ? [] : [`left over from a replacement that did not end (${deposed})`]),
  ...(action === "forget" ? ["Terraform lets go of it; it stays as it is"] : []),
  ...(action === "replace" ? [createBeforeDestroy ? "the new one is made first" : "destroyed before the new one is made"] : []),
  ...(reason === undefined ? [] : [reason.replaceAll("_", " ")]),
];

/** Characters of one value; a longer one is cut, and says so. */
const MOST_CHARACTERS = 4_000;
const cut = (text: string) =>
  text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}… (${many(text.length - MOST_CHARACTERS, "more character")})`;
/** Lines of one text. */
const MOST_LINES = 400;

function Diff({ rows }: { readonly rows: readonly Row[] }) {
  if (rows.length === 0) return null;
  const hasBoth = rows.some((row) => row.kind === "values" && row.before !== undefined && row.after !== undefined);
  return (
    <table class={hasBoth ? "diff" : "diff whole"}>
      <thead class={hasBoth ? undefined : "hidden"}>
        <tr>
          <th scope="col">attribute</th>
          <th scope="col" colSpan={hasBoth ? 1 : 2}>
            {hasBoth ? "before" : "value"}
          </th>
          {hasBoth ? <th scope="col">after</th> : null}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr class={row.forcesReplacement ? "forces" : undefined}>
            <th scope="row">
              <code>{row.path}</code>
              {row.forcesReplacement ? <span class="forced">forces replacement</span> : null}
            </th>
            {row.kind === "lines" ? (
              <td colSpan={2}>
                <Lines lines={row.lines} />
              </td>
            ) : hasBoth ? (
              <>
                <td class="del">{cut(row.before ?? "")}</td>
                <td class="ins">{cut(row.after ?? "")}</td>
              </>
            ) : (
              <td colSpan={2} class={row.before === undefined ? "ins" : "del"}>
                {cut(row.before ?? row.after ?? "")}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const SIGN_CLASS = { " ": "same", "-": "del", "+": "ins", "@": "at" } as const;

export const Lines = ({ lines }: { readonly lines: readonly DiffLine[] }) => (
  <div class="lines">
    {lines.slice(0, MOST_LINES).map(({ sign, text }) => (
      <div class={SIGN_CLASS[sign]}>
        <span class="sign">{sign === "-" ? "−" : sign === "@" ? "⋯" : sign}</span>
        {cut(text)}
      </div>
    ))}
    {lines.length > MOST_LINES ? <div class="at">{many(lines.length - MOST_LINES, "more line")}</div> : null}
  </div>
);

const Outputs = ({ outputs }: { readonly outputs: readonly OutputChange[] }) => (
  <div class="group outputs">
    <h5>Outputs</h5>
    <table class="diff">
      <thead>
        <tr>
          <th scope="col">output</th>
          <th scope="col">before</th>
          <th scope="col">after</th>
        </tr>
      </thead>
      <tbody>
        {outputs.map(({ name, action, before, after }) => (
          <tr>
            <th scope="row">
              <span aria-hidden="true">{SYMBOLS[action]}</span> <Path text={name} />
            </th>
            <td class="del">{action === "create" ? "" : cut(valueText(before))}</td>
            <td class="ins">{action === "destroy" ? "" : cut(valueText(after))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
