-- A plan is kept until the table is analyzed or vacuumed again. One from when it held few events, and PostgreSQL knew it,
-- reads all of them, also when there are many a minute later; one from before it knew anything goes by the indexes.
ALTER TABLE ledger.events SET (autovacuum_analyze_threshold = 10000, autovacuum_vacuum_insert_threshold = 10000);
