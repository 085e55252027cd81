-- The newest version of a plan.
SELECT max(version) FROM plan_targets
