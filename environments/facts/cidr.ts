/** IPv4 networks in CIDR notation, as far as the environment's rules need them. */
import ipaddr from "ipaddr.js";

/** The default VPC of every account. https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html */
export const DEFAULT_VPC = "172.31.0.0/16";

/** Whether a text is an IPv4 network in its one shortest form, with no host bits set: `10.0.1.0/24`; not `10.0.1.1/24`, `010.0.1.0/24` or `10.0.1.0/024`. */
export function isCidr(text: string): boolean {
  if (!/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/.test(text) || !ipaddr.IPv4.isValidCIDR(text)) return false;
  return `${ipaddr.IPv4.networkAddressFromCIDR(text).toString()}/${ipaddr.IPv4.parseCIDR(text)[1]}` === text;
}

/** Whether `outer` holds every address of `inner`. */
export function contains(outer: string, inner: string): boolean {
  const [, outerBits] = ipaddr.IPv4.parseCIDR(outer);
  const [innerAddress, innerBits] = ipaddr.IPv4.parseCIDR(inner);
  return outerBits <= innerBits && innerAddress.match(ipaddr.IPv4.parseCIDR(outer));
}

/** Two networks overlap exactly when one contains the other. */
export function overlaps(a: string, b: string): boolean {
  return contains(a, b) || contains(b, a);
}

/**
 * Whether a machine in a subnet may have an address: AWS keeps the first four and the last.
 * https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
 */
export function isFreeInSubnet(subnet: string, address: string): boolean {
  const number = (text: string) =>
    ipaddr.IPv4.parse(text)
      .toByteArray()
      .reduce((sum, byte) => sum * 256 + byte, 0);
  const offset = number(address) - number(subnet.split("/")[0]!);
  return contains(subnet, `${address}/32`) && offset >= 4 && offset < 2 ** (32 - prefixLength(subnet)) - 1;
}

/** Length of the prefix in bits, 0 to 32. */
export function prefixLength(cidr: string): number {
  return ipaddr.IPv4.parseCIDR(cidr)[1];
}
