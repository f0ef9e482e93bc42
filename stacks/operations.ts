import type { Construct } from "constructs";
import { alarmsIn, type Alarm } from "../constructs/alarms/alarm";
import { CompositeAlarm } from "../constructs/alarms/composite-alarm";
import { QuietHours, type QuietHoursProps } from "../constructs/alarms/quiet-hours";
import { BackupPlan } from "../constructs/backup/backup-plan";
import { BackupRole } from "../constructs/backup/backup-role";
import { BackupVault } from "../constructs/backup/backup-vault";
import { RestoreTesting, testingSchedule } from "../constructs/backup/restore-testing";
import { Budget } from "../constructs/money/budget";
import { Dashboard } from "../constructs/dashboards/dashboard";
import type { Section } from "../constructs/dashboards/widget";
import { EncryptionKey } from "../constructs/identity/encryption-key";
import { Patching } from "../constructs/hosts/patching";
import type { Patched } from "../constructs/hosts/patch-groups";
import { inRegionOf } from "../constructs/storage/other-region";
import { GRACE_MINUTES, StopSchedule, type StopScheduleProps } from "../constructs/schedules/stop-schedule";
import { automations, COMMANDS } from "../constructs/runbooks/catalogue";
import { RECOVERY_TEST } from "../constructs/runbooks/catalogue/recovery-test";
import { calls } from "../constructs/runbooks/rights";
import type { RunnableRunbook } from "../constructs/runbooks/description";
import { Runbook } from "../constructs/runbooks/runbook";
import { ScheduledRun } from "../constructs/runbooks/scheduled-run";
import type { Environment } from "../environments/schema";
import type { Rest } from "../environments/facts/rests";
import { servicesRest } from "../environments/schema/schedule";
import type { AccountStack } from "./account";
import { EnvironmentStack, type EnvironmentStackProps } from "./base";
import type { DataStack } from "./data";
import type { EventsStack } from "./events";
import type { NetworkStack } from "./network";
import type { ResearchStack } from "./research";
import { runbookParts } from "./runbook-parts";
import type { ServicesStack } from "./services";
import type { TradingStack } from "./trading";
import type { WebStack } from "./web";

export interface OperationsStackProps extends EnvironmentStackProps {
  readonly network: NetworkStack;
  readonly events: EventsStack;
  readonly data: DataStack;
  readonly trading: TradingStack;
  /** At most one. */
  readonly services: readonly ServicesStack[];
  /** At most one. */
  readonly research: readonly ResearchStack[];
  /** At most one: where the account's own things stand in this environment. */
  readonly account: readonly AccountStack[];
  /** At most one. */
  readonly web: readonly WebStack[];
}

type Backup = NonNullable<Environment["backup"]>;

/** What looks at the environment as a whole: its dashboard, made of what every other stack offers, an alarm on each part (OBS-036), its runbooks and its backups. */
export class OperationsStack extends EnvironmentStack {
  private vault?: BackupVault;

  constructor(scope: Construct, props: OperationsStackProps) {
    super(scope, "operations", props);
    const { account, nameSuffix, region } = this.environment;
    const { data, events, research, services, trading } = props;
    // Alarms are known here by their names, which are plain values: what must be there first is said once.
    const watched = [trading, events, data, ...services, ...research, ...props.account, ...props.web];
    for (const stack of watched) this.addDependency(stack);

    const composites = [
      this.impaired("Trading", [...trading.vitalAlarms, events.unplacedOrders], events, () => this.hostStopped(data)),
      this.impaired(
        "Services",
        services.flatMap(({ vitalAlarms }) => vitalAlarms),
        events,
        () => this.servicesRest(data),
      ),
    ].flatMap((alarm) => alarm ?? []);
    this.addSchedules(props);
    this.addPatching(props);
    this.addBudget(events);
    if (this.environment.backup) this.backUp(this.environment.backup, props);
    const shown = [...watched, this];
    const dashboard = new Dashboard(this, "dashboard", {
      name: `Trading-System${nameSuffix}`,
      account,
      region,
      sections: shown.flatMap((stack) => stack.sections()),
      alarms: shown.flatMap(alarmsIn),
      composites: composites.map(({ name }) => name),
    });
    this.output("dashboard_name", dashboard.name, "CloudWatch dashboard of the environment");
    this.addRunbooks(props);
  }

  /** What is done at night, as documents that Systems Manager runs. */
  private addRunbooks({ data, events, trading }: OperationsStackProps): void {
    const { account, name: environment, nameSuffix, region } = this.environment;
    const made = new Map<string, Runbook>();
    const make = (description: RunnableRunbook) => {
      const runbook = new Runbook(this, description.name, { account, environment, nameSuffix, region, description });
      made.set(description.name, runbook);
      return runbook;
    };
    COMMANDS.forEach(make);
    const parts = runbookParts(this.environment, { data, events, trading });
    for (const description of automations({ ...parts, sent: ({ name }) => made.get(name)! })) {
      const { role } = make(description);
      if (calls(description, "ec2:StartInstances", "ec2:CreateImage", "ec2:RunInstances")) trading.grantVolumes(role!);
      if (calls(description, "dynamodb:RestoreTableToPointInTime")) data.orderState.grantCopies(role!);
      if (calls(description, "s3:GetObjectVersion")) data.key?.grantEncryptDecrypt(role!);
    }
    const test = made.get(RECOVERY_TEST);
    if (test) this.scheduleRecoveryTest(test, events);
  }

  private scheduleRecoveryTest(runbook: Runbook, { alerts }: EventsStack): void {
    const { account, backup, nameSuffix, region } = this.environment;
    const { frequency, hour } = backup!.recoveryTest!;
    new ScheduledRun(this, "recovery-test-schedule", {
      name: `tss-recovery-test${nameSuffix}`,
      account,
      region,
      runbook,
      schedule: testingSchedule(frequency, hour),
      target: alerts,
      responsibility: { severity: "warning", owner: "SRE", runbook: "backup-failures" },
    });
  }

  /** What stops and starts (OPS-034, CST-025): here, because it takes parts of every stack. Services on ECS do so by themselves, as groups do. */
  private addSchedules({ data, network, services, trading, web }: OperationsStackProps): void {
    const { account, nameSuffix, region, schedule } = this.environment;
    if (!schedule) return;
    const silenced = (stacks: readonly EnvironmentStack[]) => stacks.flatMap(alarmsIn).filter(({ props }) => props.silencedBySchedule);
    const add = (id: string, props: Pick<StopScheduleProps, "rest" | "first" | "machines" | "databases" | "groups" | "alarms">) =>
      new StopSchedule(this, id, { ...props, name: `tss-${id}${nameSuffix}`, account, region });
    const { role } = add("schedule", {
      rest: schedule,
      first: network.nat && [network.nat],
      machines: [...trading.machines, ...web.flatMap(({ backend }) => backend?.machine ?? [])],
      databases: [data, ...web].flatMap(({ database }) => database ?? []),
      groups: trading.groups,
      alarms: silenced([trading, ...web]),
    });
    for (const stack of web) stack.grantVolumes(role);
    if (network.nat) network.grantVolumes(role);
    trading.grantVolumes(role);
    const ofServices = { rest: servicesRest(schedule)!, groups: services.flatMap(({ groups }) => groups), alarms: silenced(services) };
    if (ofServices.groups.length > 0) add("services-schedule", ofServices);
  }

  /** Security updates (OPS-032). */
  private addPatching({ events, network }: OperationsStackProps): void {
    const { account, linuxEngine, nameSuffix, patching, region, web } = this.environment;
    if (!patching) return;
    const systems: readonly Patched[] = linuxEngine || network.nat || web?.backend ? ["windows", "linux"] : ["windows"];
    new Patching(this, "patching", { ...patching, account, region, nameSuffix, systems }).alertOnFailures(events.alerts);
  }

  /** What the environment may cost (CST-030). */
  private addBudget({ alerts: target }: EventsStack): void {
    const { cost, name } = this.environment;
    if (cost.budget)
      new Budget(this, "budget", { ...cost.budget, dollars: cost.budgetDollars, tag: { key: "Environment", value: name }, target });
  }

  override sections(): readonly Section[] {
    return this.vault ? [{ title: "Backups", widgets: this.vault.widgets() }] : [];
  }

  /** Beside what table, buckets and database keep by themselves: the hosts' volumes, and what must stand in a second region too (docs/recovery.md). */
  private backUp(backup: Backup, { data, events, trading }: OperationsStackProps): void {
    const { account, deletionProtection: protect, nameSuffix } = this.environment;
    const { copies, lock, table, vaultName: name, volumes } = backup;
    const vault = new BackupVault(this, "vault", { name, lock, protect, key: this.encryptionKey({ description: "Backups" }) });
    this.vault = vault;
    vault.tell(events.alerts);
    vault.alarmOnFailures(events.alerts, { nameSuffix });
    // A day lies between two, and the later one has all of its windows.
    const windows = [volumes, ...(table ? [table] : [])].map((of) => of.startWindowMinutes + of.completionWindowMinutes);
    const hours = 24 + Math.ceil(Math.max(...windows) / 60);
    vault.alarmOnSilence(events.alerts, { nameSuffix, hours });

    const role = new BackupRole(this, "backup-role", { name: `tss-backup${nameSuffix}`, account });
    const copy = copies && { vault: this.vaultOfCopies(copies, lock), retentionDays: copies.retentionDays };
    const common = { vault, role, copy, testing: this.restoreTesting(backup, vault) };
    const ofVolumes = new BackupPlan(this, "volumes", { ...common, ...volumes, name: `tss-volumes${nameSuffix}` });
    for (const host of trading.hosts) host.backUp(ofVolumes);
    if (table) data.orderState.backUp(new BackupPlan(this, "table", { ...common, ...table, name: `tss-table${nameSuffix}` }));
    this.output("backup_vault_name", vault.name, "Backups of volumes and table");
  }

  /** In the second region (RMP-005). It tells nobody: its topic would have to stand there too, and what could not be copied the other vault tells. */
  private vaultOfCopies({ vaultName: name }: NonNullable<Backup["copies"]>, lock: Backup["lock"]): BackupVault {
    const { account, customerManagedKeys, data, deletionProtection: protect, nameSuffix } = this.environment;
    const place = inRegionOf(this.providerFor(data.replication!.region), this, "copies");
    const key = customerManagedKeys
      ? new EncryptionKey(place, "key", { account, protect, alias: `tss-backup-copies${nameSuffix}`, description: "Copies of backups" })
      : undefined;
    return new BackupVault(place, "vault", { name, key, lock, protect });
  }

  private restoreTesting({ restoreTesting, volumes }: Backup, vault: BackupVault): RestoreTesting | undefined {
    if (!restoreTesting) return undefined;
    const { account, nameSuffix, region } = this.environment;
    return new RestoreTesting(this, "restore-testing", {
      ...restoreTesting,
      // AWS takes no hyphen in it (design 22).
      name: `tss_restore_testing${nameSuffix.replaceAll("-", "_")}`,
      roleName: `tss-restore-testing${nameSuffix}`,
      account,
      region,
      vault,
      days: volumes.retentionDays,
    });
  }

  /** @returns undefined where nothing of that part has an alarm, such as of services in a cluster, whose own monitoring watches them */
  private impaired(
    part: string,
    members: readonly Alarm[],
    { alerts }: EventsStack,
    quiet: () => QuietHours | undefined,
  ): CompositeAlarm | undefined {
    if (members.length === 0) return undefined;
    return new CompositeAlarm(this, `${part.toLowerCase()}-impaired`, {
      name: `${part}-Impaired${this.environment.nameSuffix}`,
      description: `${part} as a whole: at least one of its vital alarms is on`,
      severity: "critical",
      owner: "SRE",
      runbook: "impaired",
      members,
      target: alerts,
      quiet: quiet(),
    });
  }

  /** While the schedule has the host stopped (OPS-034). */
  private hostStopped(data: DataStack): QuietHours | undefined {
    return this.quietHours("quiet-hours", data, this.environment.schedule, {
      name: "Quiet-Hours",
      description: "On while the schedule has the trading host stopped; tells nobody, and keeps Trading-Impaired quiet",
    });
  }

  /** While the schedule has the services without a task: the load balancer answers every request with an error of its own. */
  private servicesRest(data: DataStack): QuietHours | undefined {
    return this.quietHours("quiet-hours-services", data, servicesRest(this.environment.schedule), {
      name: "Quiet-Hours-Services",
      description: "On while the schedule has the services without a task; tells nobody, and keeps Services-Impaired quiet",
    });
  }

  private quietHours(
    id: string,
    { cache }: DataStack,
    rest: Rest | undefined,
    { name, description }: Pick<QuietHoursProps, "name" | "description">,
  ): QuietHours | undefined {
    if (!rest) return undefined;
    return new QuietHours(this, id, {
      name: `${name}${this.environment.nameSuffix}`,
      description,
      rest,
      graceMinutes: GRACE_MINUTES,
      clock: cache.clock,
    });
  }
}
