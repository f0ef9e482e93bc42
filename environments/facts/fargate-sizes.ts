/** The sizes that Fargate offers for Linux tasks. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html */

interface Memory {
  /** MiB. */
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** CPU units (1024 are one vCPU) → the memory that goes with them. */
const MEMORY: Readonly<Record<number, Memory>> = {
  256: { from: 512, to: 2048, step: 512 }, // and not 1536, see below
  512: { from: 1024, to: 4096, step: 1024 },
  1024: { from: 2048, to: 8192, step: 1024 },
  2048: { from: 4096, to: 16_384, step: 1024 },
  4096: { from: 8192, to: 30_720, step: 1024 },
  8192: { from: 16_384, to: 61_440, step: 4096 },
  16_384: { from: 32_768, to: 122_880, step: 8192 },
};
/** The one hole in an otherwise even row. */
const NOT_OFFERED = { cpu: 256, memory: 1536 };

export const FARGATE_CPU = [256, 512, 1024, 2048, 4096, 8192, 16_384] as const;
export const FARGATE_MEMORY = { minimum: 512, maximum: 122_880 };

/** The memory in MiB that goes with so many CPU units, from small to large. */
export function fargateMemory(cpu: (typeof FARGATE_CPU)[number]): readonly number[] {
  const { from, to, step } = MEMORY[cpu]!;
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step).filter(
    (memory) => cpu !== NOT_OFFERED.cpu || memory !== NOT_OFFERED.memory,
  );
}
