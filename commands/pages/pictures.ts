/** The pictures of the architecture and the page that shows them, written by `npm run docs`: one overview for each environment, one picture for each stack. */
import type { Environment } from "../../environments/schema";
import { azureOverview } from "../../review/pictures/azure";
import { shapesIn, type Picture } from "../../review/pictures/graph";
import { layout } from "../../review/pictures/layout";
import { overview } from "../../review/pictures/overview";
import { stackPicture } from "../../review/pictures/stack";
import { svg } from "../../review/pictures/svg";
import type { StackJson } from "../../terraform/assembly";

/** An environment with its synthesised stacks, by name. */
export interface Pictured {
  readonly environment: Pick<Environment, "name" | "stage">;
  readonly stacks: Readonly<Record<string, StackJson>>;
}

export const PICTURES = "docs/pictures";
export const ARCHITECTURE = "docs/architecture.md";

/** Production first: what others have in another form is drawn beside it. */
const STAGES: readonly Environment["stage"][] = ["production", "staging", "development"];

interface DrawnStack {
  readonly environment: string;
  readonly stack: string;
  readonly picture: Picture;
}

/** @param root the project's folder; @returns path in the repository → content; the same stacks give the same bytes */
export async function pictures(environments: readonly Pictured[], root: string): Promise<ReadonlyMap<string, string>> {
  const ordered = [...environments].sort((a, b) => STAGES.indexOf(a.environment.stage) - STAGES.indexOf(b.environment.stage));
  const files = new Map<string, string>();
  for (const {
    environment: { name },
    stacks,
  } of ordered)
    files.set(`${PICTURES}/${name}.svg`, svg(await layout(overview(name, stacks)), { root }));

  const drawn = new Map<string, DrawnStack>();
  const links = new Map<string, DrawnStack>();
  for (const {
    environment: { name },
    stacks,
  } of ordered) {
    for (const full of Object.keys(stacks)) {
      const one: DrawnStack = { environment: name, stack: full.slice(name.length + 1), picture: stackPicture(full, stacks) };
      const shape = shapeOf(one);
      const known = drawn.get(shape);
      links.set(`${name} ${one.stack}`, known ?? one);
      if (!known) drawn.set(shape, one);
    }
  }
  for (const one of drawn.values()) files.set(`${PICTURES}/${fileOf(one)}`, svg(await layout(one.picture), { root }));
  files.set(
    ARCHITECTURE,
    page(
      ordered.map(({ environment: { name } }) => name),
      links,
    ),
  );
  return files;
}

/** The overview of an environment on Azure, which docs/azure.md shows. @param name such as `azure-prod`; @param stacks its own, by name */
export const azurePicture = async (
  name: string,
  stacks: Readonly<Record<string, StackJson>>,
  root: string,
): Promise<readonly [path: string, text: string]> => [`${PICTURES}/${name}.svg`, svg(await layout(azureOverview(name, stacks)), { root })];

const fileOf = ({ environment, stack }: DrawnStack): string => `${environment}-${stack}.svg`;

/** What a picture shows but for names and sizes: pictures of the same shape are drawn once. */
function shapeOf({ environment, stack, picture: { shapes, edges } }: DrawnStack): string {
  const plain = (id: string) => id.replaceAll(new RegExp(`\\b${environment}-|-${environment}\\b`, "g"), "");
  const shown = [...shapesIn(shapes)].map((shape) => [
    plain(shape.id),
    shape.kind === "box" ? shape.lines[0]?.replace(/ \+ \d+$/, "") : "",
  ]);
  return JSON.stringify([stack, shown, edges.map(({ from, to, kind, label }) => [plain(from), plain(to), kind, label])]);
}

function page(environments: readonly string[], links: ReadonlyMap<string, DrawnStack>): string {
  const stacks = [...new Set([...links.keys()].map((key) => key.split(" ")[1]!))].sort();
  const cell = (environment: string, stack: string) => {
    const shown = links.get(`${environment} ${stack}`);
    return shown ? `[${shown.environment === environment ? "picture" : `as in ${shown.environment}`}](pictures/${fileOf(shown)})` : "–";
  };
  return [
    "# Architecture",
    "",
    "Generated from the synthesised stacks by `npm run docs`; nothing is drawn by hand. Icons: AWS Architecture Icons.",
    "",
    "How to read: people and the Internet are above, services beside the VPC below. Frames are the account, the VPC, its tiers of subnets (green: open to the Internet; blue: out through NAT; yellow: no way out) and zones.",
    "An orange line is traffic that security groups let through, with its port; lines in other colours are calls to AWS that a policy allows, a colour for each caller. What everything uses (logs, metrics, keys) has no lines.",
    "[Rights](rights.md) has every right in words, [environments](environments.md) every value.",
    "",
    ...environments.flatMap((name) => [`## ${name}`, "", `![Overview of ${name}](pictures/${name}.svg)`, ""]),
    "## The stacks",
    "",
    "Parts of each stack, what they refer to, and who uses them. A picture that is the same but for names and sizes is drawn once.",
    "",
    `| stack | ${environments.join(" | ")} |`,
    `|---|${environments.map(() => "---").join("|")}|`,
    ...stacks.map((stack) => `| \`${stack}\` | ${environments.map((environment) => cell(environment, stack)).join(" | ")} |`),
    "",
  ].join("\n");
}
