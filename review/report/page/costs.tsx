/** What each environment costs, beside the documents' own tables. */
import type { DocumentedCost, EnvironmentReview } from "../../model";
import { costRows } from "../costs";
import { difference, many, money } from "../words";
import { slug } from "./context";
import { Path, Scroll } from "./parts";

export function Costs({ environment: { environment, cost } }: { readonly environment: EnvironmentReview }) {
  const rows = costRows(cost);
  return (
    <section class="cost" aria-labelledby={`cost-${slug(environment)}`}>
      <h3 id={`cost-${slug(environment)}`}>{environment} <small>{money(cost.before)} → {money(cost.after)} a month, {difference(cost.after - cost.before)}{cost.budget === undefined ? "" : `; budget ${money(cost.budget)}`}</small></h3>
      {rows.length > 0 ? (
        <details open={rows.length <= 15}>
          <summary>{many(rows.length, "priced resource")}</summary>
          <Scroll label={`Costs of ${environment}`}>
            <table>
              <thead><tr><th scope="col">construct</th><th scope="col" class="number">before</th><th scope="col" class="number">after</th><th scope="col" class="number">difference</th><th scope="col">how</th></tr></thead>
              <tbody>{rows.map((row) => <tr><th scope="row"><Path text={row.construct} /></th><td class="number">{row.before === undefined ? "–" : money(row.before)}</td><td class="number">{row.after === undefined ? "–" : money(row.after)}</td><td class={Math.abs(row.difference) < 0.005 ? "number zero" : "number"}>{difference(row.difference)}</td><td class="how">{row.formula}</td></tr>)}</tbody>
              <tfoot><tr><th scope="row">all</th><td class="number">{money(cost.before)}</td><td class="number">{money(cost.after)}</td><td class="number">{difference(cost.after - cost.before)}</td><td>prices of {cost.pricesOf}, US dollars a month of 730 hours</td></tr></tfoot>
            </table>
          </Scroll>
        </details>
      ) : null}
      {cost.unknownTypes.length > 0 ? <p>No price is known for {cost.unknownTypes.map((type, index) => <>{index > 0 ? ", " : ""}<code>{type}</code></>)}: what they cost is not in the sum.</p> : null}
      {cost.documented.map((documented) => <Documented key={documented.id} documented={documented} environment={environment} />)}
    </section>
  );
}

const Documented = ({ documented: { id, title, documented, estimated, reasons, lines }, environment }: { readonly documented: DocumentedCost; readonly environment: string }) => (
  <details>
    <summary><b>{id}</b> {title}: documented {money(documented)}, {estimated === undefined ? "not built here" : `estimated ${money(estimated)} (${difference(estimated - documented)})`}</summary>
    {lines.length > 0 ? (
      <Scroll label={`${id} of ${environment}`}>
        <table>
          <thead><tr><th scope="col">what</th><th scope="col" class="number">documented</th><th scope="col" class="number">estimated</th><th scope="col">reason</th></tr></thead>
          <tbody>{lines.map((line) => <tr><th scope="row">{line.what}</th><td class="number">{line.documented === undefined ? "–" : money(line.documented)}</td><td class="number">{line.estimated === undefined ? "–" : money(line.estimated)}</td><td class="how">{line.reason}</td></tr>)}</tbody>
        </table>
      </Scroll>
    ) : null}
    {reasons.length > 0 ? <ul>{reasons.map((reason) => <li>{reason}</li>)}</ul> : null}
  </details>
);
