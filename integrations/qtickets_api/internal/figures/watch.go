package figures

import (
	"context"
	"strconv"
	"time"
)

// Watch is what the organiser's alerts are decided from.
type Watch struct {
	AsOf  time.Time
	Shows []ShowLine // those that are over too; with the outlook of those to come
	Moves []Move     // by time
}

// Move is how many orders of a show were paid and refunded in a minute. An order for two shows is one of each.
type Move struct {
	Show           uint64
	At             time.Time
	Sales, Refunds int64
	Tickets        int64 // of the sales
}

// Watch reads all shows, and the moves of the last days.
func (s *Store) Watch(ctx context.Context, v Version, days int) (Watch, error) {
	f := Filter{Version: v}
	w := Watch{AsOf: v.AsOf}
	p := f.parameters()
	p["days"] = strconv.Itoa(days)
	err := s.read(ctx, "recent", p, func(scan func(...any) error) error {
		var m Move
		var sales, refunds uint64
		err := scan(&m.Show, &m.At, &sales, &refunds, &m.Tickets)
		m.Sales, m.Refunds = int64(sales), int64(refunds)
		w.Moves = append(w.Moves, m)
		return err
	})
	if err != nil {
		return w, err
	}
	w.Shows, err = s.judged(ctx, f, false)
	return w, err
}
