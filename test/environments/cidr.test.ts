import { contains, isCidr, overlaps, prefixLength } from "../../environments/facts/cidr";

it.each([
  ["10.0.0.0/16", true],
  ["0.0.0.0/0", true],
  ["255.255.255.255/32", true],
  ["10.0.0.0/0", false],
  ["10.0.0.1/31", false],
  ["10.0.0.0/33", false],
  ["010.0.0.0/16", false],
  ["10.0.0.0/016", false],
  ["0x0a.0.0.0/8", false],
  ["10.0/16", false],
  ["", false],
  ["::/0", false],
  ["10.0.0.0/16\n", false],
])("isCidr(%j) is %s", (text, expected) => expect(isCidr(text)).toBe(expected));

it.each([
  ["10.0.0.0/16", "10.0.255.0/24", true],
  ["10.0.0.0/16", "10.0.0.0/16", true],
  ["10.0.0.0/16", "10.1.0.0/24", false],
  ["10.0.1.0/24", "10.0.0.0/16", false],
  ["0.0.0.0/0", "10.0.0.0/8", true],
])("contains(%j, %j) is %s", (outer, inner, expected) => expect(contains(outer, inner)).toBe(expected));

it.each([
  ["10.0.1.0/24", "10.0.0.0/16", true],
  ["10.0.0.0/16", "10.0.1.0/24", true],
  ["10.0.1.0/24", "10.0.2.0/24", false],
  ["10.0.0.0/25", "10.0.0.128/25", false],
])("overlaps(%j, %j) is %s", (a, b, expected) => expect(overlaps(a, b)).toBe(expected));

it("prefixLength reads the mask", () => expect(prefixLength("10.0.0.0/8")).toBe(8));
