import { Command } from "commander";
import { workspaces } from "../rehearsal/workspace";
import type { Project } from "./project";

export function stopCommand({ root }: Project): Command {
  return new Command("stop").description("Stop the emulators of kept rehearsals and remove their folders.").action(async () => {
    const kept = workspaces(root).filter(({ isBusy }) => !isBusy);
    for (const workspace of kept) {
      const { environment = "a rehearsal", endpoint } = workspace.status ?? {};
      await workspace.clear();
      console.log(`Stopped ${environment}${endpoint ? ` at ${endpoint}` : ""}.`);
    }
    if (kept.length === 0) console.log("Nothing to stop.");
  });
}
