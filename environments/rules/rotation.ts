/** Rules of the hours at which the password of the Windows hosts' logon is changed (SEC-056). */
import { touchesRest } from "../facts/rests";
import type { LogonRotation } from "../schema/hosts";
import type { Finding, Rule } from "./finding";
import { openDuring, windowsOf, type Window } from "./patching";

const PATH = "windows.logonRotation";
const windowOf = ({ hour, hours, weekday }: LogonRotation): readonly Window[] => windowsOf({ start: `0 ${hour} * * ${weekday}`, hours });
const at = ({ hour, hours, weekday }: LogonRotation) => `${hours} hours from ${hour}:00 on ${weekday}`;

export const ROTATION_RULES: readonly Rule[] = [
  {
    name: "the password of the logon is rotated",
    reads: ["windows.logonRotation", "stage"],
    check: ({ stage, windows: { logonRotation } }) =>
      logonRotation || stage === "development"
        ? []
        : [{ path: PATH, value: undefined, allowed: `{ weekday, hour, hours }, because stage is ${stage}` }],
  },
  {
    // https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
    name: "a rotation's window ends within its day",
    reads: ["windows.logonRotation"],
    check: ({ windows: { logonRotation } }) =>
      logonRotation && logonRotation.hour + logonRotation.hours > 24
        ? [
            {
              path: `${PATH}.hours`,
              value: logonRotation.hours,
              allowed: `at most ${24 - logonRotation.hour}, because AWS ends a window with its day`,
            },
          ]
        : [],
  },
  {
    // Nothing that runs is ended by it; but a host that restarts between a failed step and the next converge would have nobody logged on.
    name: "the password of the logon is rotated while no market is open",
    reads: ["windows.logonRotation", "stage"],
    check: ({ stage, windows: { logonRotation } }) =>
      logonRotation
        ? openDuring(stage, windowOf(logonRotation)).map((market): Finding => ({
            path: PATH,
            value: logonRotation,
            allowed: `hours beside those of ${market}, which ${at(logonRotation)} are not`,
          }))
        : [],
  },
  {
    name: "the password of the logon is rotated while the host runs",
    reads: ["windows.logonRotation", "schedule"],
    check: ({ schedule, windows: { logonRotation } }) =>
      logonRotation && schedule && windowOf(logonRotation).some(([begin, minutes]) => touchesRest(schedule, begin, minutes))
        ? [
            {
              path: PATH,
              value: logonRotation,
              allowed: `hours at which the host runs, which ${at(logonRotation)} are not: it rests from ${schedule.stop} to ${schedule.start}`,
            },
          ]
        : [],
  },
];
