-- A checksum of the rows of a mart as readers see them, in whatever order they come.
SELECT cityHash64(count(), sum(cityHash64(toString(tuple(*))))) FROM ({rows})
