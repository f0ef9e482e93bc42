/** What `npm run cost -- <environment> --account` says. */
import { ENVIRONMENT_TAG, type Billed, type Month } from "../../delivery/cost-explorer";
import { missedBy, type Compared } from "../../review/cost/billed";
import { difference, isNothing, money } from "../../review/numbers";
import { amounts } from "../shared/table";

export interface Bill {
  readonly environment: string;
  /** Where it was asked: `in account 111122223333 (ap-northeast-1)`. */
  readonly where: string;
  readonly month: Month;
  readonly compared: readonly Compared[];
  /** What carries no tag of an environment, in the whole account. */
  readonly untagged: readonly Billed[];
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
/** As many usage types as anybody reads. */
const SHOWN = 3;
const usageWords = ({ usage }: Compared): string =>
  usage
    .slice(0, SHOWN)
    .map(({ usageType, dollars }) => `${usageType} ${money(dollars)}`)
    .join(", ") + (usage.length > SHOWN ? `, and ${usage.length - SHOWN} more` : "");

export const totalsOf = ({ compared, untagged }: Bill) => ({
  estimated: sum(compared.map(({ estimated }) => estimated)),
  billed: sum(compared.map(({ billed }) => billed)),
  untagged: sum(untagged.map(({ dollars }) => dollars)),
});

export function billText(bill: Bill): string {
  const { environment, where, month, compared, untagged } = bill;
  const total = totalsOf(bill);
  const tagged = `${ENVIRONMENT_TAG}=${environment}`;
  const days = (Date.parse(month.end) - Date.parse(month.start)) / 86_400_000;
  if (isNothing(total.billed))
    return [
      `Cost Explorer has nothing of the tag ${tagged} ${where} from ${month.start} to ${month.end}, the last day not counted.`,
      `Either nothing of ${environment} stood then, or the tag ${ENVIRONMENT_TAG} is not yet active for cost allocation: what was used before it is, never carries it (docs/money.md).`,
      ...(isNothing(total.untagged) ? [] : [`What carries no such tag in the whole account came to ${money(total.untagged)}.`]),
    ].join("\n");
  const missed = missedBy(compared);
  const unpriced = compared.filter(({ unpriced: items }) => items.length > 0);
  const byService = [...new Set(untagged.map(({ service }) => service))]
    .map((service) => [service, sum(untagged.filter((line) => line.service === service).map(({ dollars }) => dollars))] as const)
    .filter(([, dollars]) => !isNothing(dollars))
    .sort(([, a], [, b]) => b - a);
  return [
    `${environment} ${where} was billed ${money(total.billed)} for the ${days} days from ${month.start} (tag ${tagged}, without taxes that carry none); as it is written now it is estimated at ${money(total.estimated)} for 730 hours: ${difference(total.billed - total.estimated)}.`,
    "",
    amounts(
      ["service", "estimated", "billed", "difference", "billed for"],
      compared.map((row) => [
        row.service,
        money(row.estimated),
        money(row.billed),
        difference(row.billed - row.estimated),
        usageWords(row),
      ]),
      (column) => column > 0 && column < 4,
    ),
    "",
    ...(missed.length > 0
      ? ["The estimate missed:", ...missed.map((row) => `  ${row.service} ${money(row.billed)}: ${usageWords(row)}`)]
      : ["The estimate missed no service that was billed."]),
    ...(unpriced.length > 0
      ? ["Built, but without a known price:", ...unpriced.map(({ service, unpriced: items }) => `  ${service}: ${items.join(", ")}`)]
      : []),
    ...(byService.length > 0
      ? [
          `Without any tag ${ENVIRONMENT_TAG} in the whole account, so in nobody's estimate: ${money(total.untagged)}`,
          ...byService.map(([service, dollars]) => `  ${service} ${money(dollars)}`),
        ]
      : []),
    "",
    "Assumptions of use that the bill shows to be wrong are put right in the literal (cost.usage); prices in environments/facts/prices.ts.",
  ].join("\n");
}

export function billJson(bill: Bill): object {
  const { environment, month, compared, untagged } = bill;
  return {
    version: 1,
    environment,
    month,
    dollars: totalsOf(bill),
    services: compared,
    missed: missedBy(compared).map(({ service }) => service),
    untagged,
  };
}
