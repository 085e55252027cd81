-- When something moved for the first time: the rows are in the order of time, so the first that fits ends the reading.
SELECT at
FROM batch_movements
WHERE (batch, slice) IN {slices:Array(Tuple(UInt64, UInt64))}
    AND ({city:String} = '' OR city = {city:String})
    AND ({event:UInt64} = 0 OR event_id = {event:UInt64})
    AND ({show:UInt64} = 0 OR show_id = {show:UInt64})
ORDER BY at
LIMIT 1
