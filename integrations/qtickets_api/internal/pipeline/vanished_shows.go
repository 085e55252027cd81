package pipeline

import (
	"context"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// vanishedShows marks stored events and shows as gone that QTickets lists no more: their seats are unknown from now on.
// An empty list proves nothing and is never taken for the truth.
func (r *run) vanishedShows(ctx context.Context, stored []warehouse.ListedShow, list eventList) error {
	if len(list.ids) == 0 {
		r.report.problem("QTickets lists no events: check that QTICKETS_TOKEN is still right; what is stored stays")
		return nil
	}
	met := map[uint64]bool{}
	for _, s := range list.shows {
		met[s.show.ShowID] = true
	}
	for row := range r.quarantine.met { // valid for the client, not for the rules
		if row.feed == warehouse.FeedEvents {
			list.untold[row.id] = true
		}
	}
	var gone []warehouse.ListedShow
	var seats []warehouse.Observed[sales.Inventory]
	for _, s := range stored {
		if s.ShowID == 0 && list.ids[s.EventID] || s.ShowID != 0 && (met[s.ShowID] || list.untold[s.EventID]) {
			continue
		}
		gone = append(gone, s)
		if _, known := r.before.SeatsRead[s.ShowID]; known {
			unknown := sales.InventoryOf(sales.Show{ShowID: s.ShowID, EventID: s.EventID}, nil)
			seats = append(seats, warehouse.Observed[sales.Inventory]{Row: unknown, At: list.asked})
		}
	}
	if len(gone) == 0 {
		return nil
	}
	if err := r.store.MarkShowsVanished(ctx, gone, list.asked); err != nil {
		return err
	}
	r.report.ShowsVanished = len(gone)
	r.Logger.Warn("Events and shows are gone from QTickets", "events_and_shows", len(gone), "first", gone[0])
	_, err := r.insert(ctx, warehouse.Rows{Inventory: seats})
	return err
}
