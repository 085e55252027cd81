-- The newest version of the forecasts.
SELECT max(version) FROM state_forecasts
