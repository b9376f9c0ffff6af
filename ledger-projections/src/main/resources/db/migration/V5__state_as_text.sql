-- Only the service reads it, and never a part of it. To take it apart and put it together as jsonb, for every event, cost
-- as much as the rest of the row's update.
ALTER TABLE reporting.organization_usage ALTER COLUMN state TYPE text USING state::text;
