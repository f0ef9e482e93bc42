/** What must be on the machine that deploys: programs and files that providers call for. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { isRecord } from "../../terraform/resolve";
import { isLiteral, type Need, type Subject } from "./need";

/** Where a program is looked for that is no path. */
const isOnPath = (program: string): boolean =>
  (process.env.PATH ?? "").split(delimiter).some((folder) => [program, `${program}.exe`].some((file) => existsSync(join(folder, file))));

/** Of providers that reach a cluster: the command that fetches a token, or the kubeconfig. */
export function programs({ stacks }: Subject): Need[] {
  const found = new Map<string, { readonly need: Omit<Need, "stacks">; readonly stacks: string[] }>();
  const add = (stack: string, need: Omit<Need, "stacks">) => {
    const known = found.get(need.name) ?? { need, stacks: [] };
    if (!known.stacks.includes(stack)) known.stacks.push(stack);
    found.set(need.name, known);
  };
  for (const { name: stack, json } of stacks)
    for (const block of recordsIn(json.provider)) {
      const { command, config_path: kubeconfig } = block;
      if (isLiteral(command) && "api_version" in block)
        add(stack, {
          kind: "program",
          name: command,
          ask: () =>
            Promise.resolve(
              isOnPath(command)
                ? { state: "there" }
                : {
                    state: "missing",
                    why: "it is not on the path; Terraform calls it to log in to the cluster",
                    make:
                      command === "aws"
                        ? "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"
                        : `install ${command}`,
                  },
            ),
        });
      if (isLiteral(kubeconfig))
        add(stack, {
          kind: "kubeconfig",
          name: kubeconfig,
          ask: () =>
            Promise.resolve(
              existsSync(kubeconfig.replace(/^~(?=\/)/, process.env.HOME ?? "~"))
                ? { state: "there" }
                : { state: "missing", why: "there is no such file", make: "write it there, or name another in the literal" },
            ),
        });
    }
  return [...found.values()].map(({ need, stacks: using }) => ({ ...need, stacks: using }));
}

function* recordsIn(value: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (Array.isArray(value)) for (const one of value as readonly unknown[]) yield* recordsIn(one);
  if (!isRecord(value)) return;
  yield value;
  for (const inner of Object.values(value)) yield* recordsIn(inner);
}
