/** What each environment costs, beside the documents' own totals; docs/cost.md has their tables. */
import type { EnvironmentCost, EnvironmentReview } from "../../model";
import { difference, isNothing, many, money } from "../../numbers";
import { builtTables, costByConstruct, costRows, isChanged, type ConstructCost } from "../cost-rows";
import { slug } from "./context";
import { Path, Scroll } from "./elements";

export function Costs({ environment }: { readonly environment: EnvironmentReview }) {
  const { environment: name, cost } = environment;
  const rows = costRows(cost);
  const changed = costByConstruct(rows.filter(isChanged));
  const all = costByConstruct(rows);
  return (
    <section class="cost" aria-labelledby={`cost-${slug(name)}`}>
      <h3 id={`cost-${slug(name)}`}>
        {name}{" "}
        <small>
          {isNothing(cost.after - cost.before)
            ? `${money(cost.after)} a month, as before`
            : `${money(cost.before)} → ${money(cost.after)} a month, ${difference(cost.after - cost.before)}`}
          {cost.budget === undefined ? "" : `; budget ${money(cost.budget)}`}
        </small>
      </h3>
      {changed.length > 0 ? <CostTable label={`What costs otherwise in ${name}`} parts={changed} cost={cost} /> : null}
      {all.length > 0 ? (
        <details>
          <summary>
            All {many(all.length, "construct")} with a price, made of {many(rows.length, "resource")}
          </summary>
          <CostTable label={`Costs of ${name}`} parts={all} cost={cost} />
        </details>
      ) : null}
      <Beside environment={environment} />
    </section>
  );
}

/** What says nothing of the change: types without a price, and the documents' own totals. */
function Beside({ environment: { cost } }: { readonly environment: EnvironmentReview }) {
  if (cost.unknownTypes.length + builtTables(cost).length === 0) return null;
  return (
    <details>
      <summary>What has no known price, and what the documents say</summary>
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
    </details>
  );
}

/** By construct, with what it is made of below. */
function CostTable({
  label,
  parts,
  cost,
}: {
  readonly label: string;
  readonly parts: readonly ConstructCost[];
  readonly cost: EnvironmentCost;
}) {
  return (
    <Scroll label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col">construct</th>
            {["before", "after", "difference"].map((title) => (
              <th scope="col" class="number">
                {title}
              </th>
            ))}
            <th scope="col">how</th>
          </tr>
        </thead>
        <tbody>
          {parts.flatMap((part) => [
            <CostLine row={part} how={part.rows.length === 1 ? part.rows[0]!.formula : many(part.rows.length, "resource")} />,
            ...(part.rows.length === 1 ? [] : part.rows.map((row) => <CostLine row={row} how={row.formula} isWithin />)),
          ])}
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
  );
}

function CostLine({
  row: { construct, before, after, difference: more },
  how,
  isWithin = false,
}: {
  readonly row: Pick<ConstructCost, "construct" | "before" | "after" | "difference">;
  readonly how: string;
  readonly isWithin?: boolean;
}) {
  return (
    <tr class={isWithin ? "within" : undefined}>
      <th scope="row">
        <Path text={construct} />
      </th>
      <td class="number">{before === undefined ? "–" : money(before)}</td>
      <td class="number">{after === undefined ? "–" : money(after)}</td>
      <td class={isNothing(more) ? "number zero" : "number"}>{difference(more)}</td>
      <td class="how">{how}</td>
    </tr>
  );
}
