/** What each environment costs, beside the documents' own totals; docs/cost.md has their tables. */
import type { EnvironmentReview } from "../../model";
import { difference, isNothing, many, money } from "../../numbers";
import { builtTables, costRows } from "../cost-rows";
import { slug } from "./context";
import { Path, Scroll } from "./elements";

export function Costs({ environment: { environment, cost } }: { readonly environment: EnvironmentReview }) {
  const rows = costRows(cost);
  return (
    <section class="cost" aria-labelledby={`cost-${slug(environment)}`}>
      <h3 id={`cost-${slug(environment)}`}>
        {environment}{" "}
        <small>
          {money(cost.before)} → {money(cost.after)} a month, {difference(cost.after - cost.before)}
          {cost.budget === undefined ? "" : `; budget ${money(cost.budget)}`}
        </small>
      </h3>
      {rows.length > 0 ? (
        <details open={rows.length <= 15}>
          <summary>{many(rows.length, "priced resource")}</summary>
          <Scroll label={`Costs of ${environment}`}>
            <table>
              <thead>
                <tr>
                  <th scope="col">construct</th>
                  <th scope="col" class="number">
                    before
                  </th>
                  <th scope="col" class="number">
                    after
                  </th>
                  <th scope="col" class="number">
                    difference
                  </th>
                  <th scope="col">how</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr>
                    <th scope="row">
                      <Path text={row.construct} />
                    </th>
                    <td class="number">{row.before === undefined ? "–" : money(row.before)}</td>
                    <td class="number">{row.after === undefined ? "–" : money(row.after)}</td>
                    <td class={isNothing(row.difference) ? "number zero" : "number"}>{difference(row.difference)}</td>
                    <td class="how">{row.formula}</td>
                  </tr>
                ))}
              </tbody>
              <tfoot>
                <tr>
                  <th scope="row">all</th>
                  <td class="number">{money(cost.before)}</td>
                  <td class="number">{money(cost.after)}</td>
                  <td class="number">{difference(cost.after - cost.before)}</td>
                  <td>prices of {cost.pricesOf}, US dollars a month of 730 hours</td>
                </tr>
              </tfoot>
            </table>
          </Scroll>
        </details>
      ) : null}
      {cost.unknownTypes.length > 0 ? (
        <p>
          No price is known for{" "}
          {cost.unknownTypes.map((type, index) => (
            <>
              {index > 0 ? ", " : ""}
              <code>{type}</code>
            </>
          ))}
          : what they cost is not in the sum.
        </p>
      ) : null}
      {builtTables(cost).length > 0 ? (
        <ul>
          {builtTables(cost).map(({ id, title, documented, estimated }) => (
            <li>
              <b>{id}</b> {title}: documented {money(documented)}, estimated {money(estimated)} ({difference(estimated - documented)})
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}
