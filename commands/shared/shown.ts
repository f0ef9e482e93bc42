import { Listr } from "listr2";

/** Runs one piece of work with what it says of its progress beside its title. */
export async function shown(title: string, work: (onProgress: (words: string) => void) => Promise<void>): Promise<void> {
  await new Listr(
    [
      {
        title,
        task: (_, task) =>
          work((words) => {
            task.output = words;
          }),
      },
    ],
    { registerSignalListeners: false, fallbackRenderer: "simple" },
  ).run();
}
