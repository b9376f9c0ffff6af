#!/usr/bin/env bash
# Runs once, on an empty volume: the same roles as the embedded server has. None but postgres is a superuser.
set -euo pipefail

psql --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" --dbname=postgres \
    --set=service_password="$LEDGER_DATABASE_PASSWORD" --set=readonly_password="$LEDGER_READONLY_PASSWORD" <<'SQL'
CREATE ROLE ledger_service LOGIN PASSWORD :'service_password';
CREATE ROLE ledger_readonly LOGIN PASSWORD :'readonly_password';
ALTER ROLE ledger_readonly SET default_transaction_read_only = on;
CREATE DATABASE ledger OWNER ledger_service;
REVOKE ALL ON DATABASE ledger FROM PUBLIC;
GRANT CONNECT ON DATABASE ledger TO ledger_readonly;
SQL
