-- Whether forecasts were written since a batch was computed, on the Moscow day it shows.
SELECT toUInt64(count() > 0)
FROM state_forecasts
WHERE version > {batch:UInt64} AND toDate(as_of) = toDate({as_of:DateTime64(3, 'Europe/Moscow')})
