/** Networks of both families, as far as rules compare them. */
import ipaddr from "ipaddr.js";

export const WORLD: readonly string[] = ["0.0.0.0/0", "::/0"];

function parsed(cidr: string): readonly [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined {
  try {
    return ipaddr.parseCIDR(cidr.includes("/") ? cidr : `${cidr}/${cidr.includes(":") ? 128 : 32}`);
  } catch {
    return undefined;
  }
}

export const isNetwork = (text: string): boolean => parsed(text) !== undefined;

/** Whether `outer` holds every address of `inner`; what is no network holds only itself. */
export function holds(outer: string, inner: string): boolean {
  const [a, b] = [parsed(outer), parsed(inner)];
  if (!a || !b) return outer === inner;
  return a[0].kind() === b[0].kind() && a[1] <= b[1] && b[0].match(a[0] as ipaddr.IPv4, a[1]);
}

/** A private network of an organisation is never larger than 10.0.0.0/8; IPv6 gives a provider a /32 and a site a /48. */
export function isPublicRange(cidr: string): boolean {
  const network = parsed(cidr);
  if (!network) return false;
  const [address, bits] = network;
  if (address.kind() === "ipv6") return bits < 32;
  return bits < 8 || (bits === 8 && address.toString() !== "10.0.0.0");
}

/** Networks that no packet of the Internet comes from: RFC 1918, 6598 and 4193, loopback, link-local. */
const OWN: readonly string[] = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "fc00::/7",
  "fe80::/10",
  "::1/128",
];

/** Whether a network lies on the Internet, however small it is; with another, whether what lies between them does. */
export const isOutside = (cidr: string, last = cidr): boolean =>
  parsed(cidr) !== undefined && !OWN.some((own) => holds(own, cidr) && holds(own, last));

/** An address of IPv4 as a number that tells which comes first; NaN of what is none. */
export const addressNumber = (address: string): number =>
  ipaddr.IPv4.isValidFourPartDecimal(address)
    ? ipaddr.IPv4.parse(address).octets.reduce((number, octet) => number * 256 + octet, 0)
    : Number.NaN;
