/** What a task definition says of its one container. */
import type { Service } from "../../environments/schema/services";

export interface ContainerProps extends Pick<Service, "port" | "ports" | "healthPath" | "healthCommand" | "startSeconds" | "stopSeconds"> {
  readonly name: string;
  /** As a registry names it. */
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  /** References to keys of secrets, by variable: values never pass through here (design 11). */
  readonly secrets: Readonly<Record<string, string>>;
  readonly logGroup: string;
  readonly region: string;
  /** ECS Exec is on. */
  readonly executeCommand: boolean;
}

/** Not root; nobody on the image need have this id. */
const USER = "10001:10001";
/** Where a program may write: a volume of the task, because Fargate has no tmpfs. */
const SCRATCH = { volume: "scratch", path: "/tmp" };
/**
 * What the agent of ECS Exec writes to. AWS calls a read-only root file system unsupported with it; with these it works:
 * https://github.com/aws/containers-roadmap/issues/1359
 */
const AGENT = [
  { volume: "agent-programs", path: "/managed-agents" },
  { volume: "agent-state", path: "/var/lib/amazon/ssm" },
  { volume: "agent-log", path: "/var/log/amazon/ssm" },
];

/** The task's volumes, all of them empty when it starts. */
export const taskVolumes = (executeCommand: boolean): { readonly volume: string; readonly path: string }[] => [
  SCRATCH,
  ...(executeCommand ? AGENT : []),
];

/** Logs to CloudWatch; a full buffer drops lines rather than stop the program. */
export const logConfiguration = ({
  logGroup,
  region,
  prefix,
}: {
  readonly logGroup: string;
  readonly region: string;
  readonly prefix: string;
}) => ({
  logDriver: "awslogs",
  options: {
    "awslogs-group": logGroup,
    "awslogs-region": region,
    "awslogs-stream-prefix": prefix,
    mode: "non-blocking",
    "max-buffer-size": "25m",
  },
});

/** Whatever the order in which a literal names them. */
export const byName = <T>(values: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));

/** Named ports, HTTP first. */
export const portsOf = ({ port, ports }: Pick<Service, "port" | "ports">): { readonly name: string; readonly port: number }[] => [
  { name: "http", port },
  ...byName(ports).map(([name, number]) => ({ name, port: number })),
];

/** As JSON, in the order and with the values in which ECS gives it back. */
export function containerDefinition(props: ContainerProps): Readonly<Record<string, unknown>> {
  const { name, image, environment, secrets, logGroup, region, executeCommand, healthPath, port, startSeconds, stopSeconds } = props;
  const check = `import sys, urllib.request; sys.exit(urllib.request.urlopen("http://127.0.0.1:${port}${healthPath}", timeout=4).status != 200)`;
  return {
    name,
    image,
    essential: true,
    user: USER,
    privileged: false,
    readonlyRootFilesystem: true,
    linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["ALL"] } },
    mountPoints: taskVolumes(executeCommand).map(({ volume, path }) => ({ sourceVolume: volume, containerPath: path, readOnly: false })),
    portMappings: portsOf(props).map((entry) => ({
      name: entry.name,
      containerPort: entry.port,
      hostPort: entry.port,
      protocol: "tcp",
      ...(entry.name === "http" && { appProtocol: "http" }),
    })),
    environment: byName(environment).map(([variable, value]) => ({ name: variable, value })),
    secrets: byName(secrets).map(([variable, valueFrom]) => ({ name: variable, valueFrom })),
    healthCheck: {
      command: ["CMD", ...(props.healthCommand ?? ["python", "-c", check])],
      interval: 30,
      timeout: 5,
      retries: 3,
      startPeriod: startSeconds,
    },
    stopTimeout: stopSeconds,
    logConfiguration: logConfiguration({ logGroup, region, prefix: name }),
  };
}
