package pipeline

import (
	"context"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// vanishedShows marks stored events and shows as gone that QTickets lists no more: their seats are unknown from now on.
// listed are the ids of all events on the list. An empty list proves nothing and is never taken for the truth.
func (r *run) vanishedShows(
	ctx context.Context, stored []warehouse.ListedShow, shows []eventShow, listed map[int64]bool, at time.Time,
) error {
	if len(listed) == 0 {
		r.report.problem("QTickets lists no events: check that QTICKETS_TOKEN is still right; what is stored stays")
		return nil
	}
	met := map[uint64]bool{}
	for _, s := range shows {
		met[s.show.ShowID] = true
	}
	invalid := r.quarantine.met
	var gone []warehouse.ListedShow
	var seats []warehouse.Observed[sales.Inventory]
	for _, s := range stored {
		unread := invalid[invalidRow{warehouse.FeedEvents, s.EventID}] // its shows are on the list, perhaps
		if s.ShowID == 0 && listed[int64(s.EventID)] || s.ShowID != 0 && (met[s.ShowID] || unread) {
			continue
		}
		gone = append(gone, s)
		if _, known := r.before.SeatsRead[s.ShowID]; known {
			unknown := sales.InventoryOf(sales.Show{ShowID: s.ShowID, EventID: s.EventID}, nil)
			seats = append(seats, warehouse.Observed[sales.Inventory]{Row: unknown, At: at})
		}
	}
	if len(gone) == 0 {
		return nil
	}
	if err := r.store.MarkShowsVanished(ctx, gone, at); err != nil {
		return err
	}
	r.report.ShowsVanished = len(gone)
	r.Logger.Warn("Events and shows are gone from QTickets", "events_and_shows", len(gone), "first", gone[0])
	_, err := r.insert(ctx, warehouse.Rows{Inventory: seats})
	return err
}
