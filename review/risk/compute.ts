import type { Values } from "../model";
import { pathOf, typeOf, type Attribute, type ResourceType } from "../provider-names";
import { ifRenamed } from "./related-resources";
import { forcesReplacement } from "./replacement";
import type { Look, Verdict } from "./rules";
import { atPath, first, isOff, isOn, isRecord, isUnknown, numberAt, shown, textAt } from "./reading";
import { isEqual } from "../json-values";

const HOSTS: ReadonlySet<string> = new Set<ResourceType>([
  "aws_instance",
  "aws_spot_instance_request",
  "azurerm_linux_virtual_machine",
  "azurerm_linux_virtual_machine_scale_set",
  "azurerm_orchestrated_virtual_machine_scale_set",
  "azurerm_virtual_machine",
  "azurerm_windows_virtual_machine",
  "azurerm_windows_virtual_machine_scale_set",
]);
/** What starts and stops something by the clock. */
const SCHEDULES: ReadonlySet<string> = new Set<ResourceType>([
  "aws_scheduler_schedule",
  "aws_appautoscaling_scheduled_action",
  "aws_autoscaling_schedule",
]);
/** How many of it run, by the type of what runs. */
const COUNTS: readonly Attribute[] = ["aws_ecs_service.desired_count", "aws_autoscaling_group.desired_capacity"];

export const hosts: Look = (change, context) => {
  const { type, action, attributes, deposed } = change;
  // A plan that was compared without the provider calls it an update.
  const anew = action === "update" && HOSTS.has(type) ? attributes.filter(({ path }) => forcesReplacement(type, path)) : [];
  if (anew.length > 0)
    return [
      {
        rule: "compute/host-replaced",
        message: `The provider cannot change ${anew.map(({ path, before, after }) => `\`${path}\` (from ${shown(before)} to ${shown(after)})`).join(", ")} in place: the host would be destroyed and made anew`,
      },
    ];
  if (!HOSTS.has(type) || deposed || (action !== "destroy" && action !== "replace" && action !== "forget")) return [];
  const forced = attributes
    .filter(({ forcesReplacement }) => forcesReplacement)
    .map(({ path, before, after }) => `\`${path}\` changes from ${shown(before)} to ${shown(after)}`);
  const why = forced.length > 0 ? `, because ${forced.join(", ")}` : "";
  if (action === "forget")
    return [{ rule: "compute/host-replaced", message: "Terraform forgets the host: it runs on, and nobody manages it" }];
  return [
    {
      rule: "compute/host-replaced",
      message:
        action === "destroy"
          ? `The host is destroyed, with its disks and what runs on it${ifRenamed(change, context)}`
          : `The host is destroyed and made anew${why}: what runs on it is away until it is set up again, its disks are new`,
    },
  ];
};

export const services: Look = ({ type, action, before, after }) => {
  if (type === "aws_eks_node_group" && (action === "destroy" || action === "replace"))
    return [{ rule: "compute/service-scaled-down", message: "The nodes go, with the pods on them" }];
  if (SCHEDULES.has(type) && action === "destroy")
    return [{ rule: "compute/schedule-changed", message: "What was started or stopped by the clock is not any more" }];
  const count = COUNTS.find((attribute) => typeOf(attribute) === type);
  if (count === undefined) return [];
  if (action === "destroy") return [{ rule: "compute/service-scaled-down", message: "The service is removed" }];
  const path = pathOf(count);
  const [was, will] = [numberAt(before, count), numberAt(after, count)];
  if (action === "create" || will === undefined) return [];
  if (will === 0 && was !== 0)
    return [{ rule: "compute/service-scaled-down", message: `The service stops: \`${path}\` was ${was ?? "not set"}, and will be 0` }];
  return was !== undefined && will < was
    ? [{ rule: "compute/service-scaled-down", severity: "notice", message: `Fewer run: \`${path}\` was ${was}, and will be ${will}` }]
    : [];
};

function containersOf(values: Values | undefined): Map<string, Values> {
  const text = textAt(values, "aws_ecs_task_definition.container_definitions");
  if (text === undefined) return new Map();
  try {
    const parsed: unknown = JSON.parse(text);
    return new Map(
      (Array.isArray(parsed) ? (parsed as unknown[]) : []).filter(isRecord).map((container) => [String(container.name), container]),
    );
  } catch {
    return new Map();
  }
}

const isRoot = (container: Values) => /^(0|root)?(:|$)/.test(String(container.user ?? ""));
const namesOf = (container: Values, path: string) => atPath(container, path).map(String);

/** What must not become worse in a container; a new one is held against the same. */
const CONTAINER: readonly {
  readonly rule: Verdict["rule"];
  readonly severity?: "notice";
  readonly isBad: (container: Values) => boolean;
  readonly message: string;
  readonly onCreate?: boolean;
}[] = [
  {
    rule: "compute/privileges-raised",
    isBad: ({ privileged }) => isOn(privileged),
    message: "is privileged: it has its machine's rights",
    onCreate: true,
  },
  {
    rule: "compute/privileges-raised",
    isBad: ({ readonlyRootFilesystem }) => isOff(readonlyRootFilesystem),
    message: "may write everywhere in its file system",
  },
  { rule: "compute/privileges-raised", isBad: isRoot, message: "runs as root" },
  {
    rule: "compute/privileges-raised",
    isBad: (container) => !namesOf(container, "linuxParameters.capabilities.drop").includes("ALL"),
    message: "keeps capabilities of its machine's kernel",
  },
  {
    rule: "compute/rollback-off",
    isBad: ({ healthCheck }) => healthCheck === undefined || healthCheck === null,
    message: "has no health check",
  },
  {
    rule: "data/availability-lowered",
    severity: "notice",
    isBad: (container) => atPath(container, "logConfiguration.options.mode")[0] !== "non-blocking",
    message: "waits for its log",
  },
  {
    rule: "data/audit-log-off",
    isBad: ({ logConfiguration }) => logConfiguration === undefined || logConfiguration === null,
    message: "writes no log",
  },
  {
    rule: "compute/version-unpinned",
    isBad: ({ image }) => /(^|\/)[^/:@]+$|:latest$/.test(String(image ?? "").replace(/\$\{[^}]*\}/g, "x")),
    message: "runs whatever image is newest",
    onCreate: true,
  },
];

export const containers: Look = ({ type, action, before, after, attributes }) => {
  if (type !== "aws_ecs_task_definition" || (action !== "update" && action !== "replace" && action !== "create")) return [];
  const was = containersOf(before);
  if (before && isUnknown(first(after, "aws_ecs_task_definition.container_definitions")) && was.size > 0)
    return [{ rule: "compute/image-changed", message: "The containers change, and to what is only known after it is applied" }];
  return [...containersOf(after)].flatMap(([name, container]): Verdict[] => {
    const old = was.get(name);
    const worse = CONTAINER.filter(({ isBad, onCreate }) => (old ? !isBad(old) && isBad(container) : onCreate && isBad(container))).map(
      ({ rule, severity, message }): Verdict => ({ rule, message: `The container ${name} ${message}`, ...(severity && { severity }) }),
    );
    if (!old) return worse;
    const image = isEqual(old.image, container.image)
      ? []
      : [
          {
            rule: "compute/image-changed",
            message: `The container ${name} runs ${shown(container.image)} in place of ${shown(old.image)}`,
          } as const,
        ];
    const health =
      old.healthCheck && container.healthCheck && !isEqual(old.healthCheck, container.healthCheck)
        ? [{ rule: "compute/rollback-off", message: `The container ${name} is judged healthy by something else` } as const]
        : [];
    const secrets = namesOf(old, "secrets.name");
    const plain = namesOf(container, "environment.name").filter(
      (variable) => secrets.includes(variable) && !namesOf(old, "environment.name").includes(variable),
    );
    const bare = plain.map((variable): Verdict => ({
      rule: "identity/secret-in-state",
      message: `The variable ${variable} of the container ${name} was a secret, and is a plain setting that everybody can read`,
    }));
    const mentions = attributes.some(({ path }) => path.startsWith(pathOf("aws_ecs_task_definition.container_definitions")));
    const role =
      mentions && worse.length + image.length + health.length + bare.length === 0
        ? [{ rule: "compute/image-changed", message: `The container ${name} is set up otherwise` } as const]
        : [];
    return [...worse, ...image, ...health, ...bare, ...(isEqual(old, container) ? [] : role)];
  });
};

export const COMPUTE_LOOKS: readonly Look[] = [hosts, services, containers];
