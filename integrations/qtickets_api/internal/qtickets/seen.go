package qtickets

import "slices"

// seen counts different ids. In a list ordered by id the ids read so far are an interval, which keeps
// the memory flat however long the history is; any other order needs every id.
type seen struct {
	count   int64
	byID    bool
	lo, hi  int64 // the interval, when byID and count > 0
	started bool
	ids     map[int64]struct{}
}

func newSeen(q Query) *seen {
	if len(q.OrderBy) > 0 && q.OrderBy[0].Column == "id" {
		return &seen{byID: true}
	}
	return &seen{ids: map[int64]struct{}{}}
}

// add takes the ids of one page and reorders them.
func (s *seen) add(ids []int64) {
	if len(ids) == 0 {
		return
	}
	if !s.byID {
		for _, id := range ids {
			if _, known := s.ids[id]; !known {
				s.ids[id] = struct{}{}
				s.count++
			}
		}
		return
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	for _, id := range ids {
		if !s.started || id < s.lo || id > s.hi {
			s.count++
		}
	}
	first, last := ids[0], ids[len(ids)-1]
	if s.started {
		first, last = min(first, s.lo), max(last, s.hi)
	}
	s.lo, s.hi, s.started = first, last, true
}
