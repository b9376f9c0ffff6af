CREATE SCHEMA scheduler;

COMMENT ON SCHEMA scheduler IS 'What runs by itself, on one node at a time.';

-- As db-scheduler expects it.
CREATE TABLE scheduler.tasks (
    task_name            text        NOT NULL,
    task_instance        text        NOT NULL,
    task_data            bytea,
    execution_time       timestamptz NOT NULL,
    picked               boolean     NOT NULL,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures int,
    last_heartbeat       timestamptz,
    version              bigint      NOT NULL,
    priority             smallint,
    PRIMARY KEY (task_name, task_instance)
);

CREATE INDEX tasks_by_execution_time ON scheduler.tasks (execution_time);
CREATE INDEX tasks_by_last_heartbeat ON scheduler.tasks (last_heartbeat);
