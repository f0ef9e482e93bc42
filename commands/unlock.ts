import { Command } from "commander";
import { join } from "node:path";
import { loadEnvironment } from "../environments";
import { isAlive, processesIn, processTree } from "../terraform/processes";
import type { Project } from "./project";
import { refusePlaceholderAccount } from "../delivery/examples";
import { confirmByName } from "./shared/confirm";
import { forgetJournal, readJournal, whoIsHere, type Journal } from "../delivery/journal";
import { isOwn, lockOf, type Lock } from "../delivery/locks";
import { traitsOf } from "../stacks/catalogue";
import { stacksInOrder, type Stack } from "../terraform/assembly";
import { Terraform } from "../delivery/terraform";
import { targetOf } from "./shared/target";
import { environmentArgument } from "./shared/environment-argument";
import { synthesise } from "../terraform/synthesis";
import { table } from "./shared/table";
import { terraformSettings } from "../terraform/settings";
import { pendingIn } from "../delivery/cluster-says";

interface Options {
  readonly own: boolean;
  readonly confirm?: string;
}

/** A cancelled job gives its later steps five minutes. */
const STOP_MILLISECONDS = 200_000;

/**
 * Ends the deploy of this checkout when it runs still: a cancelled job kills the shell around it and leaves it to itself.
 * Better that Terraform ends what it does and releases its lock than that we take the lock away from it.
 */
async function stopDeploy(root: string, { pid, forwards }: Journal): Promise<void> {
  if (!isAlive(pid) || !processesIn(root).includes(pid)) return;
  console.log(`The deploy runs still (process ${pid}): it is asked to stop, and waited for.`);
  for (const one of forwards ? [pid] : processTree(pid)) {
    try {
      process.kill(one, "SIGINT");
    } catch {
      // ended by itself
    }
  }
  for (const deadline = Date.now() + STOP_MILLISECONDS; isAlive(pid) && Date.now() < deadline;)
    await new Promise((resolve) => {
      setTimeout(resolve, 200);
    });
}

export function unlockCommand({ root }: Project): Command {
  return new Command("unlock")
    .description("Release the locks of an environment's states that a killed deploy left, after showing whose they are.")
    .addArgument(environmentArgument())
    .option(
      "--own",
      "only those that the last deploy or destroy from this checkout left, without asking: for a cancelled workflow run",
      false,
    )
    .option("--confirm <name>", "the environment's name, where it would be asked for")
    .action(async (name: string, { own, confirm }: Options) => {
      const environment = loadEnvironment(name);
      const { output, isEmulated } = targetOf(root);
      if (!isEmulated) refusePlaceholderAccount(environment);
      let journal = readJournal(root, name);
      if (own && !journal) {
        console.log(`The last deploy of ${name} from this checkout ended well, or there was none: no lock is its own.`);
        return;
      }
      if (own) await stopDeploy(root, journal!);
      journal = readJournal(root, name) ?? journal; // it may have said when it ended
      await synthesise({ source: root, environments: [name] });
      const held: { stack: Stack; lock: Lock }[] = [];
      for (const stack of stacksInOrder(output)) {
        const lock = await lockOf(stack);
        if (lock) held.push({ stack, lock });
      }
      if (held.length === 0) {
        console.log(`No state of ${name} is locked.`);
        forgetJournal(root, name);
        return;
      }
      console.log(
        table(
          ["stack", "held by", "since", "operation", "id"],
          held.map(({ stack, lock }) => [stack.name, lock.Who, lock.Created, lock.Operation, lock.ID]),
        ),
      );
      const wanted = own
        ? held.filter(({ lock, stack }) => isOwn(lock, journal, whoIsHere(), isAlive) && processesIn(stack.folder).length === 0)
        : held;
      for (const { stack } of held.filter((entry) => !wanted.includes(entry))) console.log(`${stack.name}: not ours, left alone.`);
      if (!own) await confirmByName(name, "release these locks, though somebody may be deploying", confirm);

      const terraform = new Terraform(terraformSettings(join(root, ".rehearsal")));
      try {
        for (const { stack, lock } of wanted) {
          await terraform.init(stack);
          await terraform.forceUnlock(stack, lock.ID);
          console.log(`${stack.name}: released.`);
        }
      } finally {
        terraform.dispose();
      }
      if (wanted.length === held.length) forgetJournal(root, name);
      // Beside its lock, a killed deploy of workloads leaves its release in the middle.
      if (wanted.some(({ stack }) => traitsOf(stack.name).needsCluster)) for (const line of pendingIn(environment)) console.log(line);
    });
}
