import type { Construct } from "constructs";
import type { Alarm } from "../constructs/alarms/alarm";
import { errorLog, type Line, type Section, type Widget } from "../constructs/dashboards/widget";
import { logGroupName } from "../constructs/functions/function";
import { type EncryptionKey } from "../constructs/identity/encryption-key";
import type { Grantee } from "../constructs/identity/role";
import { linuxBoot, windowsBoot } from "../constructs/hosts/boot";
import { Host } from "../constructs/hosts/host";
import { LogonRotation } from "../constructs/hosts/logon-rotation";
import { HostBundle } from "../constructs/hosts/host-bundle";
import { hostNames } from "../constructs/hosts/host-names";
import { LOGON_ROTATION, type HostAction } from "../constructs/identity/github-names";
import { KillSwitchDocuments } from "../constructs/hosts/kill-switch-documents";
import { KillSwitchRoles } from "../constructs/hosts/kill-switch-roles";
import { engineFiles, windowsFiles } from "../constructs/hosts/bundle-files";
import { Machine } from "../constructs/hosts/machine";
import { patchGroup } from "../constructs/hosts/patch-groups";
import { RecoveryMachine } from "../constructs/hosts/recovery-machine";
import type { Stoppable } from "../constructs/schedules/stop-schedule";
import { UI_PORT } from "../constructs/hosts/windows-tasks";
import { LoadBalancer } from "../constructs/load-balancing/load-balancer";
import { WebAcl, webAclLogGroup } from "../constructs/load-balancing/web-acl";
import { LogGroup } from "../constructs/logs/log-group";
import { alarmOnSilentNat } from "../constructs/network/nat-instance";
import { cidrId, SecurityGroup } from "../constructs/network/security-group";
import type { Network } from "../constructs/network/network";
import type { Environment } from "../environments/schema";
import { EnvironmentStack, type EnvironmentStackProps } from "./base";
import type { DataStack } from "./data";
import type { EventsStack } from "./events";

export interface TradingStackProps extends EnvironmentStackProps {
  readonly network: Network;
  readonly events: Pick<EventsStack, "alerts" | "orders" | "systemEvents">;
  readonly data: Pick<
    DataStack,
    | "accessLogs"
    | "backtestResults"
    | "cache"
    | "database"
    | "mt5"
    | "orderState"
    | "processedMarketData"
    | "rawMarketData"
    | "software"
    | "windowsLogon"
  >;
}

type LinuxEngine = NonNullable<Environment["linuxEngine"]>;
const RDP_PORT = 3389;
/** Physical name of what stands before the Streamlit UI. */
const userInterfaceName = (nameSuffix: string): string => `axia-ui${nameSuffix}`;
/** Where the trading engine takes calls of its worker (SEC-015). */
const ENGINE_PORT = 8080;
/** The user of the database as which the engine connects, with a token of IAM; docs/services.md says how it is made. */
const ENGINE_DATABASE_USER = "tss_engine";

/** The machines that trade: the Windows host, and the Linux engine with its worker beside it. They keep nothing that is not elsewhere too. */
export class TradingStack extends EnvironmentStack {
  /** MetaTrader 5, order manager, data collector, Streamlit UI. */
  readonly windows: Host;
  /** What changes the password of its logon, where the environment has that done. */
  readonly rotation?: LogonRotation;
  /** What tests of recovery make a Windows host of, where the environment has them. */
  readonly recovery?: RecoveryMachine;
  /** Of engine and worker, where there are such: the documented `sg-ec2-trading-engine`. */
  readonly engineSecurityGroup?: SecurityGroup;
  /** One of them on: trading as a whole is impaired. */
  readonly vitalAlarms: readonly Alarm[];
  private readonly props: TradingStackProps;
  private readonly key?: EncryptionKey;
  private killSwitch?: KillSwitchDocuments;
  private readonly linuxHosts: Host[] = [];
  private readonly heartbeats: Line[] = [];
  private readonly logNames: string[] = [];

  constructor(scope: Construct, props: TradingStackProps) {
    super(scope, "trading", props);
    this.props = props;
    const { linuxEngine, metricNamespace, name, nameSuffix, network, windows } = this.environment;
    const ofWebAcl = windows.uiLoadBalancer ? [webAclLogGroup(userInterfaceName(nameSuffix))] : [];
    const ofRotation = windows.logonRotation ? [logGroupName(`${LOGON_ROTATION}${nameSuffix}`)] : [];
    this.key = this.encryptionKey({
      description: "Volumes and logs of the trading hosts",
      logGroups: [...Object.values(this.logGroupNames), ...ofWebAcl, ...ofRotation],
      volumesOfScalingGroups: windows.scaling !== undefined,
    });

    if (network.kind === "dedicated" && network.nat.kind === "instance")
      this.heartbeats.push({
        figure: alarmOnSilentNat(this, props.events.alerts, { environment: name, metricNamespace, nameSuffix, scheduled: this.rests }),
        label: "NAT instance",
      });
    this.addKillSwitch();
    this.windows = this.addWindowsHost();
    this.rotation = this.addLogonRotation();
    this.recovery = this.addRecoveryMachine();
    this.vitalAlarms = this.addWindowsAlarms();
    this.addUserInterface();
    if (linuxEngine) {
      const log = this.logGroup("engine-log", this.logGroupNames.engine, linuxEngine.logRetentionDays);
      this.engineSecurityGroup = this.addEngineSecurityGroup(linuxEngine);
      const shared = { log, securityGroup: this.engineSecurityGroup, files: engineFiles(linuxEngine) };
      this.addLinuxHost("engine", linuxEngine, shared);
      if (linuxEngine.worker) this.addLinuxHost("worker", linuxEngine, shared);
    }
  }

  /** What its command tells the hosts (OPS-001 … OPS-004), and who may from GitHub, where the literal knows the repository. */
  private addKillSwitch(): void {
    const { account, bootstrap, name: environment, nameSuffix, region } = this.environment;
    this.killSwitch = new KillSwitchDocuments(this, "kill-switch", { environment });
    if (!bootstrap) return;
    new KillSwitchRoles(this, "kill-switch-roles", {
      ...{ environment, nameSuffix, account, region, documents: this.killSwitch },
      repository: bootstrap.githubRepository,
      table: this.props.data.orderState,
      hosts: Object.values(hostNames(this.environment)),
    });
  }

  private addWindowsHost(): Host {
    const { collector, nameSuffix, windows } = this.environment;
    const { application, system } = this.logGroupNames;
    const logs = [
      this.logGroup("application-log", application, windows.logRetentionDays.application),
      this.logGroup("system-log", system, windows.logRetentionDays.system),
    ];
    const host = this.addHost("windows", {
      ...windows,
      name: hostNames(this.environment).windows,
      roleName: `EC2InstanceRole${nameSuffix}`, // SEC-030
      description: "Windows host: MetaTrader 5, order manager, data collector, UI",
      securityGroup: this.addWindowsSecurityGroup(),
      boot: windowsBoot,
      files: windowsFiles({ collector, windows }),
      logs,
      settings: {
        logGroups: { application, system },
        secrets: { mt5: this.props.data.mt5.name, windowsLogon: this.props.data.windowsLogon.name },
        watchdog: { intervalSeconds: windows.watchdogIntervalSeconds },
        ui: { port: UI_PORT },
        ...(windows.leaderGuard && { leaderGuard: windows.leaderGuard }),
      },
      scaling: windows.scaling && {
        size: windows.scaling,
        rest: this.environment.schedule,
        cpuPercent: { add: windows.scaling.addAboveCpuPercent, remove: windows.scaling.removeBelowCpuPercent },
      },
    });
    this.heartbeats.push(host.line("Heartbeat", "windows"));
    this.props.data.mt5.grantRead(host.role);
    this.props.data.windowsLogon.grantRead(host.role);
    // The order manager runs here and nowhere else: an order that another host took off the queue would never be placed.
    this.props.events.orders.grantConsume(host.role);
    this.props.events.orders.grantSetAside(host.role);
    this.props.data.cache.allowFrom("windows", host.securityGroup, "Redis access from EC2 only"); // SEC-007, SEC-013
    return host;
  }

  /** SEC-056. */
  private addLogonRotation(): LogonRotation | undefined {
    const { account, events, name: environment, nameSuffix, region, windows } = this.environment;
    if (!windows.logonRotation) return undefined;
    const { logRetentionDays, reservedConcurrency } = events.functions;
    return new LogonRotation(this, "logon-rotation", {
      ...{ account, environment, logRetentionDays, region },
      name: `${LOGON_ROTATION}${nameSuffix}`,
      host: hostNames(this.environment).windows,
      secret: this.props.data.windowsLogon,
      schedule: windows.logonRotation,
      // One rotation at a time.
      reservedConcurrency: reservedConcurrency === null ? null : 1,
      key: this.key,
      network: this.placeOfFunctions(this.props.network),
      alerts: this.props.events.alerts,
    });
  }

  /** It looks whether table, buckets and queue answer, reads no order and writes nothing. */
  private addRecoveryMachine(): RecoveryMachine | undefined {
    const { backup, nameSuffix } = this.environment;
    if (!backup?.recoveryTest) return undefined;
    const { data, events } = this.props;
    const machine = new RecoveryMachine(this, "recovery", { ...this.windows.recovered, name: `tss-recovery-test-host${nameSuffix}` });
    data.orderState.grantRead(machine.role);
    machine.role.grant({
      actions: ["s3:ListBucket"],
      resources: [data.rawMarketData, data.processedMarketData, data.backtestResults].map(({ arn }) => arn),
    });
    machine.role.grant({ actions: ["sqs:GetQueueAttributes"], resources: [events.orders.arn] });
    return machine;
  }

  /** SEC-001 … SEC-006 in the default VPC, SEC-009 … SEC-012 in a dedicated one; its ports are 3389 and 8501 (NET-033, C-12, C-70), never 22 (SEC-023). */
  private addWindowsSecurityGroup(): SecurityGroup {
    const { mt5, network, windows } = this.environment;
    const group = this.securityGroup("windows-security-group", windows.securityGroup, "AXIA Trading System EC2 Instance");
    const clients = {
      "remote-desktop": [windows.adminCidrs, RDP_PORT, "Administrator Remote Access"],
      ui: [windows.uiLoadBalancer ? [] : windows.uiCidrs, UI_PORT, "Streamlit Web UI Access"],
    } as const;
    for (const [id, [cidrs, ports, description]] of Object.entries(clients)) {
      for (const cidr of cidrs) group.allowFrom(`${id}-${cidrId(cidr)}`, { peer: { cidr }, ports, description });
    }
    if (network.kind === "default")
      group.allowTo("internet", { peer: { cidr: "0.0.0.0/0" }, protocol: "all", description: "Unrestricted outbound access" });
    else group.allowTo("internet", { peer: { cidr: "0.0.0.0/0" }, ports: mt5.egressPorts, description: "HTTP, HTTPS and MT5 broker" });
    return group;
  }

  private addWindowsAlarms(): readonly Alarm[] {
    const { alarms: figures, nameSuffix } = this.environment;
    const alarms = this.windows.alarms(this.props.events.alerts, { nameSuffix, scheduled: this.rests });
    const cpu = alarms.onCpu("EC2-High-CPU", figures.cpu);
    alarms.onMemory("EC2-High-Memory", figures.memoryPercent);
    alarms.onDisk("EC2-Full-Disk", figures.diskPercent, "DiskFreePercent");
    alarms.onMissingHeartbeat("Heartbeat-Missing");
    alarms.onLostMt5("MT5-Connection-Lost");
    return [cpu, ...alarms.silenced];
  }

  /** By which a host stands still, and starts nothing. */
  get stopDocument(): KillSwitchDocuments["sent"]["stop"] {
    return this.killSwitch!.sent.stop;
  }

  /** Tells its hosts by the kill switch's documents, and hears what became of it. */
  grantTell(grantee: Grantee, action: HostAction): void {
    const { account, region } = this.environment;
    this.killSwitch!.grantTell(grantee, [action], { account, region, names: Object.values(hostNames(this.environment)) });
  }

  /** Starts its machines: whoever does must be able to use the key of their volumes. */
  grantVolumes(grantee: Grantee): void {
    this.key?.grantVolumes(grantee);
  }

  /** Machines that a schedule stops and starts; a group does so by itself. */
  get machines(): readonly Stoppable[] {
    return this.hosts.flatMap(({ runs }) => (runs instanceof Machine ? [runs] : []));
  }

  /** Names of the groups that scale. */
  get groups(): readonly string[] {
    return this.hosts.flatMap(({ runs }) => (runs instanceof Machine ? [] : [runs.name]));
  }

  private get rests(): boolean {
    return this.environment.schedule !== undefined;
  }

  /** All machines that trade. */
  get hosts(): readonly Host[] {
    return [this.windows, ...this.linuxHosts];
  }

  /** Trading itself first: profit and positions, connection and heartbeat; then the machines and their errors. */
  override sections(): readonly Section[] {
    const { windows } = this;
    const linux = this.linuxHosts.flatMap((host) => host.loadWidgets("DiskUsedPercent"));
    const trading: readonly Widget[] = [
      { kind: "graph", title: "Profit or loss of open positions", lines: [windows.line("CurrentProfitLoss")] },
      { kind: "graph", title: "Open positions", lines: [windows.line("ActivePositions")] },
      { kind: "graph", title: "Data source (1 is well)", lines: [windows.line("DataSourceHealth")] },
      { kind: "graph", title: "Connection to the broker (1 is connected)", period: 60, lines: [windows.line("MT5ConnectionStatus")] },
      { kind: "graph", title: "Heartbeats", lines: this.heartbeats },
    ];
    return [
      { title: "Trading", widgets: trading },
      { title: "Hosts", widgets: [...windows.loadWidgets("DiskFreePercent"), ...linux, errorLog("Errors of the hosts", this.logNames)] },
      ...(this.rotation ? [{ title: "Rotation", widgets: this.rotation.function.widgets("Password of the Windows logon") }] : []),
    ];
  }

  /** TLS and a web ACL in front of the Streamlit UI, where the environment has them (C-14, NET-021, SEC-011, SEC-012, SEC-079, RMP-004). */
  private addUserInterface(): void {
    const {
      deletionProtection: protect,
      nameSuffix,
      windows: { uiCidrs, uiLoadBalancer },
    } = this.environment;
    if (!uiLoadBalancer) return;
    const { certificateArn, logRetentionDays: retentionDays, requestsPerFiveMinutes } = uiLoadBalancer;
    const name = userInterfaceName(nameSuffix);
    const loadBalancer = new LoadBalancer(this, "ui", {
      name,
      entrance: { kind: "internet", certificateArn, clientCidrs: uiCidrs },
      protect,
      securityGroup: { name: `alb${nameSuffix}`, documentedName: "sg-alb" },
      network: this.props.network,
      accessLogs: this.props.data.accessLogs,
      webAcl: new WebAcl(this, "ui-acl", {
        name,
        description: "In front of the Streamlit UI",
        requestsPerFiveMinutes,
        log: { retentionDays, key: this.key },
      }),
    });
    // Streamlit keeps a session in the process that began it.
    const { arn } = loadBalancer.addTargetGroup("streamlit", {
      name,
      port: UI_PORT,
      healthPath: "/_stcore/health",
      securityGroup: this.windows.securityGroup,
      priority: 100,
      paths: ["/*"],
      sticky: true,
    });
    this.windows.joinTargetGroup("ui", { arn, port: UI_PORT });
    this.output("ui_load_balancer_dns_name", loadBalancer.dnsName, "User interface: the name that its DNS record points at");
  }

  /**
   * Whatever it asks for inside the VPC, and the way out (SEC-019); in only what the documents name: the worker, on 8080 (NET-022, SEC-015). 22 stays
   * closed, there is no key pair. No load balancer leads here (SEC-014): what users open is the Windows host's UI, which has one (NET-021), and
   * no document says which pages the engine would answer there, nor how it would be asked whether it lives.
   */
  private addEngineSecurityGroup({ securityGroup, worker }: LinuxEngine): SecurityGroup {
    const group = this.securityGroup("engine-security-group", securityGroup, "Linux trading engine and worker");
    group.allowTo("vpc", { peer: { cidr: this.props.network.cidr }, protocol: "all", description: "All traffic inside the VPC" });
    group.allowTo("internet", {
      peer: { cidr: "0.0.0.0/0" },
      ports: this.environment.mt5.egressPorts,
      description: "HTTP, HTTPS and MT5 ports",
    });
    // Both are members of the one documented group (SEC-018).
    if (worker) group.allowFrom("worker", { peer: group, ports: ENGINE_PORT, description: "Trading worker to trading engine" });
    this.props.data.cache.allowFrom("engine", group, "Redis access from the trading engine"); // SEC-022
    this.props.data.database?.allowFrom("engine", group, "PostgreSQL access from the trading engine"); // SEC-016
    return group;
  }

  /** The engine has no account at the broker: its orders go through the queue to the Windows host (LNX-001; linux-engine.md, open points). */
  private addLinuxHost(
    kind: "engine" | "worker",
    linuxEngine: LinuxEngine,
    { log, ...shared }: Pick<HostParts, "securityGroup" | "files"> & { readonly log: LogGroup },
  ): void {
    const { alarms: figures, nameSuffix } = this.environment;
    const { database } = this.props.data;
    const { privateAddresses, worker } = linuxEngine;
    const host = this.addHost(kind, {
      ...linuxEngine,
      name: hostNames(this.environment)[kind]!,
      roleName: `Trading${kind === "engine" ? "Engine" : "Worker"}Role${nameSuffix}`,
      description: `Linux trading ${kind}`,
      ...shared,
      boot: linuxBoot,
      logs: [log],
      privateAddress: privateAddresses?.[kind],
      settings: {
        logGroups: { application: log.name },
        worker,
        ...(kind === "worker" && privateAddresses && { engine: { host: privateAddresses.engine, port: ENGINE_PORT } }),
        ...(kind === "engine" &&
          database && {
            database: { host: database.endpoint, port: database.port, name: database.databaseName, user: ENGINE_DATABASE_USER },
          }),
      },
    });
    if (kind === "engine") database?.grantConnect(host.role, ENGINE_DATABASE_USER);
    const alarms = host.alarms(this.props.events.alerts, { nameSuffix: `-${kind}${nameSuffix}`, scheduled: this.rests });
    alarms.onCpu("EC2-High-CPU", figures.cpu);
    alarms.onMemory("EC2-High-Memory", figures.memoryPercent);
    alarms.onDisk("EC2-Full-Disk", figures.diskPercent, "DiskUsedPercent");
    this.linuxHosts.push(host);
    if (kind === "engine") {
      alarms.onMissingHeartbeat("Heartbeat-Missing");
      this.heartbeats.push(host.line("Heartbeat", kind));
    }
  }

  /** What every host has: its bundle, its settings, the rights of the documents (SEC-033 … SEC-040, SEC-042, C-39). */
  private addHost(kind: string, { boot, files, settings, ...own }: HostParts): Host {
    const {
      account,
      deletionProtection: protect,
      metricNamespace,
      name: environment,
      nameSuffix,
      network,
      patching,
      region,
    } = this.environment;
    const { data, events } = this.props;
    const parameterName = `/tss/${environment}/${kind}`;
    const bundle = new HostBundle(this, `${kind}-bundle`, {
      kind,
      files,
      parameterName,
      bucket: data.software,
      settings: { ...this.commonSettings(kind), ...settings },
    });
    const host = new Host(this, kind, {
      ...own,
      kind,
      environment,
      region,
      account,
      bundle,
      metricNamespace,
      patchGroup: patching && patchGroup(kind === "windows" ? "windows" : "linux", nameSuffix),
      protect,
      network: this.props.network,
      tier: network.kind === "default" ? "public" : "private",
      publicAddress: network.kind === "default", // WIN-005
      boot: boot({ parameterName, region }),
      key: this.key,
    });
    data.orderState.grantReadWrite(host.role);
    for (const bucket of [data.rawMarketData, data.processedMarketData, data.backtestResults]) bucket.grantReadWrite(host.role);
    events.orders.grantSend(host.role); // MSG-017
    events.systemEvents.grantPublish(host.role);
    if (host.runs instanceof Machine) this.output(`${kind}_instance_id`, host.runs.id, own.description);
    else this.output(`${kind}_group_name`, host.runs.name, `${own.description}: the Auto Scaling group`);
    return host;
  }

  /** What programs on a host need to know of the stacks (windows-baseline.md, open points). */
  private commonSettings(kind: string) {
    const { application, metricNamespace, name: environment, region } = this.environment;
    const { data, events } = this.props;
    return {
      environment,
      host: kind,
      region,
      application,
      metricNamespace,
      table: data.orderState.name,
      orderQueueUrl: events.orders.url,
      buckets: {
        rawMarketData: data.rawMarketData.name,
        processedMarketData: data.processedMarketData.name,
        backtestResults: data.backtestResults.name,
      },
      softwareBucket: data.software.name,
      cache: { host: data.cache.endpoint, port: data.cache.port, tls: data.cache.tls, clusterMode: data.cache.clusterMode },
      systemEventsTopicArn: events.systemEvents.arn,
    };
  }

  private logGroup(id: string, name: string, retentionDays: number): LogGroup {
    const group = new LogGroup(this, id, { name, retentionDays, key: this.key });
    this.logNames.push(group.name);
    this.output(`${id}_group_name`, group.name, `Log of the hosts: ${id.replace("-log", "")}`);
    return group;
  }

  /** OBS-001 … OBS-003, C-45. */
  private get logGroupNames() {
    const { nameSuffix } = this.environment;
    return {
      application: `/aws/ec2/axia-tss${nameSuffix}/application`,
      system: `/aws/ec2/axia-tss${nameSuffix}/system`,
      engine: `/aws/ec2/trading-system${nameSuffix}`,
    };
  }

  /** The documented name is the physical one with `sg-` and without the environment (C-11). */
  private securityGroup(id: string, name: string, description: string): SecurityGroup {
    const { nameSuffix } = this.environment;
    return new SecurityGroup(this, id, {
      name,
      documentedName: `sg-${nameSuffix === "" ? name : name.slice(0, -nameSuffix.length)}`,
      description,
      network: this.props.network,
    });
  }
}

type HostParts = Pick<
  ConstructorParameters<typeof Host>[2],
  | "name"
  | "roleName"
  | "description"
  | "securityGroup"
  | "instanceType"
  | "image"
  | "rootVolumeGigabytes"
  | "logs"
  | "privateAddress"
  | "scaling"
> & {
  readonly boot: typeof windowsBoot;
  readonly files: ConstructorParameters<typeof HostBundle>[2]["files"];
  /** Beside those that every host has. */
  readonly settings: Readonly<Record<string, unknown>>;
};
