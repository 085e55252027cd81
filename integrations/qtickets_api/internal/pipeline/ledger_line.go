package pipeline

import (
	"encoding/json"
	"errors"

	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// fill puts the report into the run's line in the ledger.
func (r *Report) fill(line *ledger.Run) {
	line.Status = r.Status
	line.Message = r.Message
	line.ErrorClass = r.ErrorClass
	line.Mode = string(r.Mode)
	line.WindowSince = r.WindowSince
	line.OrdersComplete = r.OrdersComplete
	line.OrdersThroughID = r.OrdersThroughID
	line.OrdersTotal = uint64(max(r.OrdersTotal, 0))
	line.OrdersMissing = uint64(r.OrdersMissing)
	line.OrdersRead = uint64(r.Orders)
	line.TicketsRead = uint64(r.SalesRows)
	line.EventsRead = uint64(r.Events)
	line.ShowsRead = uint64(r.Shows)
	line.InventoryRead = uint64(r.InventoryShows)
	line.InventoryFailed = uint64(r.InventoryFailed)
	line.Quarantined = uint64(r.Quarantined)
	line.RowsInserted = uint64(r.RowsInserted)
	line.APIRequests = uint64(r.APIRequests)
	line.Batch = r.Batch
	line.Probe = asJSON(r.Probe)
	line.Checks = asJSON(r.Checks)
	line.ProbeChange = r.ProbeChange
	line.Layers = asJSON(r.Scans)
}

func asJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil || string(text) == "null" {
		return ""
	}
	return string(text)
}

// errorClass is the kind of an error for the ledger and alerts: one of the warehouse's, or of the API's
// (qtickets.Class).
func errorClass(err error) string {
	for _, class := range []struct {
		kind error
		name string
	}{
		{ErrLosses, "losses"},
		{ErrAccount, "account"},
		{ErrUnreadable, "quarantine"},
		{warehouse.ErrUnavailable, "clickhouse_away"},
		{warehouse.ErrAuth, "clickhouse_login"},
		{warehouse.ErrSchema, "schema"},
		{warehouse.ErrPermission, "rights"},
		{warehouse.ErrDisk, "clickhouse_disk"},
		{ledger.ErrLeaseHeld, "busy"},
		{warehouse.ErrAudit, "audit"},
	} {
		if errors.Is(err, class.kind) {
			return class.name
		}
	}
	return qtickets.Class(err)
}
