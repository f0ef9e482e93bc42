/** The picture of an environment, so that it fits the page: its colours, ids of its own, a name for who cannot see it. */
import { doing } from "../../actions";
import { ACTIONS, type EnvironmentReview } from "../../model";
import { gravestByPart } from "../../pictures/change-marks";
import { by } from "../order";
import { slug, stackId } from "./context";
import { Path, Scroll } from "./elements";

/** With a name that the page can point to; every id begins with the prefix. */
export function embedded(svg: string, prefix: string): string {
  if (!svg.startsWith("<svg ")) throw new Error("the picture is no SVG");
  return svg
    .replace(/ (id="|href="#)/g, (_, start: string) => ` ${start}${prefix}-`)
    .replace(/^<svg /, `<svg aria-labelledby="${prefix}-name" aria-describedby="${prefix}-parts" focusable="false" `)
    .replace("<title>", `<title id="${prefix}-name">`);
}

export function Picture({ environment: { environment, stacks, diagram } }: { readonly environment: EnvironmentReview }) {
  if (diagram === undefined) return null;
  const prefix = `picture-${slug(environment)}`;
  const parts = [...gravestByPart(stacks.map(({ plan }) => plan))].sort(
    by(
      ([, action]) => ACTIONS.indexOf(action),
      ([part]) => part,
    ),
  );
  return (
    <details class="picture" open={parts.length > 0}>
      <summary>
        <h3>{environment}</h3>
      </summary>
      <figure>
        <Scroll label={`Picture of ${environment}`}>
          <div dangerouslySetInnerHTML={{ __html: embedded(diagram, prefix) }} />
        </Scroll>
        <figcaption id={`${prefix}-parts`}>
          {parts.length === 0 ? (
            "Nothing changes."
          ) : (
            <ul class="marks">
              {parts.map(([part, action]) => (
                <li class={`mark ${action}`}>
                  <b>{doing(action)}</b>{" "}
                  <a href={`#${stackId(environment, part.split("/")[0]!)}`}>
                    <Path text={part} />
                  </a>
                </li>
              ))}
            </ul>
          )}
        </figcaption>
      </figure>
    </details>
  );
}
