"""A database's URL on standard input as PostgreSQL's own programs take it: variables, a line each, for Docker's --env-file."""
import sys
from urllib.parse import unquote, urlsplit


def environment(url):
    """Whatever the application's driver is called (postgresql+asyncpg), the parts are the same. TLS, as the database demands it."""
    parts = urlsplit(url)
    values = {
        "PGHOST": parts.hostname, "PGPORT": str(parts.port or 5432), "PGUSER": parts.username,
        "PGPASSWORD": parts.password, "PGDATABASE": parts.path.lstrip("/"), "PGSSLMODE": "require",
    }
    missing = [name for name, value in values.items() if not value]
    if missing:
        sys.exit(f"the database's address has no {', '.join(missing)}")
    plain = {name: unquote(value) for name, value in values.items()}
    if any("\n" in value or "\r" in value for value in plain.values()):
        sys.exit("the database's address has a line break")
    return plain


if __name__ == "__main__":
    for name, value in environment(sys.stdin.read().strip()).items():
        print(f"{name}={value}")
