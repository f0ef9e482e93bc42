/** Which of Azure's places and ports lie in others: networks, its words for them, and ranges. */
import { holds, isNetwork, isOutside } from "../cidr";

/** First and last. */
export type Span = readonly [from: number, to: number];

/** `22`, `8000-8999` or `*`; what is no port is taken for all of them. */
export function spanOf(text: string): Span {
  const [from = NaN, to = from] = text.split("-").map(Number);
  return text === "*" || Number.isNaN(from) || Number.isNaN(to) ? [0, 65_535] : [from, to];
}

/** Whether a range lies in several together. */
export function isSpanIn([from, to]: Span, spans: readonly Span[]): boolean {
  const next = spans.reduce((reached, [start, end]) => (start <= from && end >= from ? Math.max(reached, end) : reached), from - 1);
  return next >= to || (next >= from && isSpanIn([next + 1, to], spans));
}

/** Azure's words for everybody. */
export const EVERYBODY = /^(\*|any|0\.0\.0\.0(\/0)?|::(\/0)?)$/i;
/** What everybody is made of. https://learn.microsoft.com/azure/virtual-network/service-tags-overview */
export const INTERNET = { everybody: ["Internet", "VirtualNetwork", "AzureLoadBalancer"] } as const;

/** Whether all of one place lies in another. What is a service of Azure's, or is not known, lies on the Internet or in itself. */
export function isPlaceIn(inner: string, outer: string): boolean {
  const [one, other] = [inner.toLowerCase(), outer.toLowerCase()];
  if (one === other) return true;
  if (isNetwork(inner) && isNetwork(outer)) return holds(outer, inner);
  if (other === "internet") return isNetwork(inner) ? isOutside(inner) : /^[a-z]+(\.[a-z\d]+)?$/.test(one) && !INSIDE.includes(one);
  return other === "virtualnetwork" && isNetwork(inner) && !isOutside(inner);
}
const INSIDE: readonly string[] = ["virtualnetwork", "azureloadbalancer"];
