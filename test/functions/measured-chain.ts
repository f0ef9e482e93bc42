/**
 * Prints as JSON how many seconds lie between an alarm and its message in Slack, on the emulator: of the first, by a metric, for which the function is
 * loaded, and of later ones. `npm run bench` starts it.
 */
import { Deployed } from "./deployed";
import { Slack } from "./slack";

const LATER = 6;

async function measure(): Promise<{ readonly first: number; readonly later: readonly number[] }> {
  const slack = await Slack.start();
  const deployed = await Deployed.start(slack.address);
  const untilTold = async (cause: () => Promise<unknown>): Promise<number> => {
    const [told, started] = [slack.taken.length, performance.now()];
    await cause();
    while (slack.taken.length === told) {
      if (performance.now() - started > 60_000) throw new Error(`Slack was told nothing:\n${(await deployed.lines()).join("\n")}`);
      await new Promise((done) => setTimeout(done, 5));
    }
    return (performance.now() - started) / 1000;
  };
  try {
    const {
      name: AlarmName,
      namespace: Namespace,
      metric: MetricName,
      dimensions: Dimensions,
    } = await deployed.alarm("orders_dead-letter-alarm");
    const put = () => deployed.call("cloudwatch", "put_metric_data", { Namespace, MetricData: [{ MetricName, Dimensions, Value: 3 }] });
    const set = (StateValue: string) => () =>
      deployed.call("cloudwatch", "set_alarm_state", { AlarmName, StateValue, StateReason: "measured" });
    const first = await untilTold(put);
    const later: number[] = [];
    for (let time = 0; time < LATER; time += 1) later.push(await untilTold(set(time % 2 === 0 ? "OK" : "ALARM")));
    return { first, later };
  } finally {
    await deployed.stop();
    await slack.stop();
  }
}

void measure().then(
  (measured) => console.log(JSON.stringify(measured)),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
