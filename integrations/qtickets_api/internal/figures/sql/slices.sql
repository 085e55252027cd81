-- From which batch the rows of each slice of a publication are.
SELECT toString(arraySort(groupArray((built, slice)))) AS slices FROM batch_parts WHERE batch = {batch:UInt64}
