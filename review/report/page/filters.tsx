/** What narrows the list of changes. Native controls; without a script they are not shown, and nothing is hidden. */
import { DONE, SYMBOLS, TOLD } from "../../actions";
import { counts, RISK_CLASSES, stacksOf, type Report } from "../../model";
import { many } from "../../numbers";
import { slug, type PageContext } from "./context";

export function Filters({ report, context }: { readonly report: Report; readonly context: PageContext }) {
  const stacks = stacksOf(report);
  // What drifted is in the list as well.
  const changes = stacks.flatMap(({ plan }) => [...plan.changes, ...plan.drift]);
  const found = counts({ changes });
  const classes = new Map<string, number>();
  for (const change of changes) classes.set(context.classOf(change), (classes.get(context.classOf(change)) ?? 0) + 1);
  return (
    <form class="filters" id="filters" role="search" aria-label="Changes" hidden>
      <label class="search">
        <span class="hidden">Search the changes</span>
        <input
          type="search"
          id="search"
          placeholder="Search: construct, type, attribute, value ( / )"
          autocomplete="off"
          spellcheck={false}
        />
      </label>
      <span>
        <label for="environment">environment</label>{" "}
        <select id="environment">
          <option value="">all</option>
          {report.environments.map(({ environment }) => (
            <option value={environment}>{environment}</option>
          ))}
        </select>
      </span>
      <span>
        <label for="stack">stack</label>{" "}
        <select id="stack">
          <option value="">all</option>
          {report.environments.map((environment) => (
            <optgroup label={environment.environment}>
              {environment.stacks.map(({ stack }) => (
                <option value={stack}>{stack}</option>
              ))}
            </optgroup>
          ))}
        </select>
      </span>
      <fieldset>
        <legend class="hidden">Action</legend>
        {TOLD.filter((action) => found[action] > 0).map((action) => (
          <label class={`chip ${action}`}>
            <input type="checkbox" name="action" value={action} />
            <b aria-hidden="true">{SYMBOLS[action]}</b> {DONE[action]} <small>{found[action]}</small>
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend class="hidden">Risk</legend>
        {RISK_CLASSES.filter((risk) => classes.has(risk)).map((risk) => (
          <label class="chip">
            <input type="checkbox" name="risk" value={slug(risk)} />
            {risk} <small>{classes.get(risk)}</small>
          </label>
        ))}
      </fieldset>
      <div class="result">
        <output id="result" role="status">
          {many(changes.length, "change")}
        </output>{" "}
        <button type="button" id="open">
          Open all shown
        </button>{" "}
        <button type="reset">Clear</button>
      </div>
    </form>
  );
}
