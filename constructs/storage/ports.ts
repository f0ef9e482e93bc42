/** On which the stores are spoken to: Redis (DAT-063) and PostgreSQL (C-16). */
export const STORE_PORTS = { cache: 6379, database: 5432 } as const;
