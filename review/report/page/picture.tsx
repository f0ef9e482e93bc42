/** The picture of an environment, so that it fits the page: its colours, ids of its own, a name for who cannot see it. */
import { gravestByPart, MARKS } from "../../marks";
import { ACTIONS, type EnvironmentReview } from "../../model";
import { by } from "../words";
import { slug, stackId } from "./context";
import { Path, Scroll } from "./parts";

/** From the `<svg>` on, without Graphviz's sizes and comments; every id begins with the prefix. */
export function embedded(svg: string, prefix: string): string {
  const start = svg.indexOf("<svg");
  if (start < 0) throw new Error("the picture is no SVG");
  const width = /<svg[^>]*\swidth="(\d+)(?:pt)?"/.exec(svg)?.[1] ?? "800";
  return svg.slice(start)
    .replace(/<!--[\s\S]*?-->\n?/g, "")
    .replace(/^<svg[^>]*?(viewBox="[^"]*")[^>]*>/, (_, box: string) => `<svg ${box} width="${width}" role="img" aria-labelledby="${prefix}-name" aria-describedby="${prefix}-parts" focusable="false">`)
    // The graph's own title is the whole picture's name.
    .replace(/<title>[^<]*<\/title>/, `<title id="${prefix}-name">Stacks and their parts, what changes marked</title>`)
    .replace(/ id="(?!\S*-name")([^"]*)"/g, (_, id: string) => ` id="${prefix}-${id}"`);
}

export function Picture({ environment: { environment, stacks, diagram } }: { readonly environment: EnvironmentReview }) {
  if (diagram === undefined) return null;
  const prefix = `picture-${slug(environment)}`;
  const parts = [...gravestByPart(stacks.map(({ plan }) => plan))].sort(by(([, action]) => ACTIONS.indexOf(action), ([part]) => part));
  return (
    <details class="picture" open={parts.length > 0}>
      <summary><h3>{environment}</h3></summary>
      <figure>
        <Scroll label={`Picture of ${environment}`}><div dangerouslySetInnerHTML={{ __html: embedded(diagram, prefix) }} /></Scroll>
        <figcaption id={`${prefix}-parts`}>
          {parts.length === 0 ? "Nothing changes." : <ul class="marks">{parts.map(([part, action]) => <li class={`mark ${action}`}><b>{MARKS[action].text}</b> <a href={`#${stackId(environment, part.split("/")[0]!)}`}><Path text={part} /></a></li>)}</ul>}
        </figcaption>
      </figure>
    </details>
  );
}
