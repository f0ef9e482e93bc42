/** Small arbitraries that others are made of. */
import fc from "fast-check";

/** What an arbitrary makes. */
export type Drawn<A> = A extends fc.Arbitrary<infer T> ? T : never;

const ALPHANUMERIC = [..."abcdefghijklmnopqrstuvwxyz0123456789"];
export const word = (minLength: number, maxLength: number) => fc.string({ unit: fc.constantFrom(...ALPHANUMERIC), minLength, maxLength });
export const letter = fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz");
/** Numbers of a range, its limits more often than chance would have them. */
export const between = (min: number, max: number) => fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max));
/** A key that may be left out. */
export const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
/** A few different ones, in any order. */
export const some = <T>(values: readonly T[], minLength = 0, maxLength = values.length) =>
  fc.shuffledSubarray([...values], { minLength, maxLength });

const dotted = (address: number): string => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
export const networkOf = (address: number, prefix: number): string =>
  `${dotted(prefix === 0 ? 0 : (address & (-1 << (32 - prefix))) >>> 0)}/${prefix}`;
/** Networks of clients, none wider than so many bits. */
export const clients = (widest: number) =>
  fc.uniqueArray(
    fc
      .record({ address: fc.nat({ max: 0x7fffffff }), prefix: between(widest, 32) })
      .map(({ address, prefix }) => networkOf(address * 2, prefix)),
    { maxLength: 4 },
  );

export const architecture = fc.constantFrom("x86_64" as const, "arm64" as const);
/** Instance types by architecture. */
export const typesOf = {
  x86_64: ["t3.small", "t3a.medium", "m7i-flex.large", "c5.18xlarge", "g4dn.xlarge"],
  arm64: ["t4g.nano", "t4g.small", "c7gn.medium", "m7gd.2xlarge", "a1.large"],
};
