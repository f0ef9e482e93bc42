/** The picture of what changes in an environment, so that it fits the page: its colours, ids of its own, a name for who cannot see it. */
import { doing } from "../../actions";
import { ACTIONS, type EnvironmentReview } from "../../model";
import { many } from "../../numbers";
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

/** Where nothing changes there is nothing to show. */
export const hasPicture = ({ diagram, stacks }: EnvironmentReview): boolean =>
  diagram !== undefined && gravestByPart(stacks.map(({ plan }) => plan)).size > 0;

export function Picture({ environment }: { readonly environment: EnvironmentReview }) {
  const { diagram, stacks, environment: name } = environment;
  if (diagram === undefined || !hasPicture(environment)) return null;
  const prefix = `picture-${slug(name)}`;
  const parts = [...gravestByPart(stacks.map(({ plan }) => plan))].sort(
    by(
      ([, action]) => ACTIONS.indexOf(action),
      ([part]) => part,
    ),
  );
  return (
    <details class="picture">
      <summary>
        <h3>{name}</h3> <small>{many(parts.length, "part")}, and what refers to them</small>
      </summary>
      <figure>
        <Scroll label={`Picture of ${name}`}>
          <div dangerouslySetInnerHTML={{ __html: embedded(diagram, prefix) }} />
        </Scroll>
        <figcaption id={`${prefix}-parts`}>
          <ul class="marks">
            {parts.map(([part, action]) => (
              <li class={`mark ${action}`}>
                <b>{doing(action)}</b>{" "}
                <a href={`#${stackId(name, part.split("/")[0]!)}`}>
                  <Path text={part} />
                </a>
              </li>
            ))}
          </ul>
        </figcaption>
      </figure>
    </details>
  );
}
