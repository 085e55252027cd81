package qtickets

import (
	"encoding/json"
	"time"
)

// MarshalJSON writes null for an absent value and times in UTC.
func (o Opt[T]) MarshalJSON() ([]byte, error) {
	if !o.Valid {
		return []byte("null"), nil
	}
	if t, ok := any(o.Value).(time.Time); ok {
		return json.Marshal(t.UTC())
	}
	return json.Marshal(o.Value)
}
