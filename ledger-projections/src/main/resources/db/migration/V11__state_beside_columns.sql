-- Minutes and times that most events change are columns of the row already. With them in the state, it was written anew
-- for every event.
COMMENT ON COLUMN reporting.organization_usage.state IS
    'All of the organization''s state that other columns do not tell, for the service itself; its form may change from version to version.';
