"""The database of a practice inside its own Postgres: one role owns the tables, another one works with them."""

from runner import postgres
from runner.practice import Practice

_ROLES = """
CREATE ROLE practice_owner LOGIN;
CREATE ROLE practice_web LOGIN;
CREATE DATABASE practice OWNER practice_owner;
"""
_GRANTS = """
ALTER ROLE practice_web SET statement_timeout = '120s';
ALTER ROLE practice_web SET idle_in_transaction_session_timeout = '60s';
GRANT CONNECT ON DATABASE practice TO practice_web;
GRANT USAGE ON SCHEMA public TO practice_web;
ALTER SCHEMA public OWNER TO practice_owner;
ALTER DEFAULT PRIVILEGES FOR ROLE practice_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO practice_web;
ALTER DEFAULT PRIVILEGES FOR ROLE practice_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO practice_web;
"""


def ensure_database(practice: Practice) -> None:
    """Roles, database and grants, once; passwords follow the secrets file."""
    cluster = practice.cluster
    if cluster is None:
        return
    if postgres.query(cluster, "SELECT 1 FROM pg_database WHERE datname = 'practice'") != "1":
        postgres.query(cluster, _ROLES)
        postgres.query(cluster, _GRANTS, "practice")
        for role, name in (("practice_owner", "OWNER_PASSWORD"), ("practice_web", "WEB_PASSWORD")):
            postgres.query(cluster, f"ALTER ROLE {role} PASSWORD '{practice.secrets[name]}'")
