-- When something moved for the first time. 1970: never.
SELECT min(at)
FROM batch_movements
WHERE batch = {batch:UInt64}
    AND ({city:String} = '' OR city = {city:String})
    AND ({event:UInt64} = 0 OR event_id = {event:UInt64})
    AND ({show:UInt64} = 0 OR show_id = {show:UInt64})
