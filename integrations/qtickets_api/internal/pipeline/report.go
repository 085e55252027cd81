package pipeline

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// Report is what a run did.
type Report struct {
	RunID       string        `json:"run_id"`
	Status      ledger.Status `json:"status"`
	Message     string        `json:"message"`
	ErrorClass  string        `json:"error_class,omitempty"`
	Mode        Mode          `json:"mode"`
	StartedAt   time.Time     `json:"started_at"`
	WindowSince *time.Time    `json:"window_since,omitempty"`
	Resumed     bool          `json:"resumed,omitempty"` // an interrupted backfill was resumed
	Duration    time.Duration `json:"duration_ns"`

	Events          int   `json:"events"`
	Shows           int   `json:"shows"`
	Orders          int   `json:"orders"`
	SalesRows       int   `json:"sales_rows"` // tickets
	InventoryShows  int   `json:"inventory_shows_processed"`
	InventoryFailed int   `json:"inventory_shows_failed"`
	Quarantined     int   `json:"quarantined"`
	Anomalies       int   `json:"anomalies"`     // orders that break a rule of the API without making the money uncertain
	RowsInserted    int   `json:"rows_inserted"` // new versions of state rows
	APIRequests     int64 `json:"api_requests"`

	OrdersComplete  bool   `json:"orders_complete"`
	OrdersThroughID uint64 `json:"orders_through_id"`
	OrdersTotal     int64  `json:"orders_total"`  // paging.total of QTickets
	OrdersStored    int64  `json:"orders_stored"` // in ClickHouse, quarantine included
	// OrdersMissing are counted by QTickets and on no list: a person accepted the difference
	OrdersMissing int64 `json:"orders_missing,omitempty"`
	// ShowsVanished are events and shows that QTickets does not list any more
	ShowsVanished int `json:"shows_vanished,omitempty"`

	Feeds       map[string]*Feed      `json:"feeds"`
	Scans       []Scan                `json:"layers,omitempty"` // how changes were looked for and found
	Probe       *Probe                `json:"probe,omitempty"`
	ProbeChange string                `json:"probe_change,omitempty"` // how the API behaves differently from before
	Batch       uint64                `json:"batch"`                  // 0: nothing was published
	PublishTook time.Duration         `json:"publish_ns,omitempty"`
	Webhooks    []warehouse.Webhook   `json:"-"` // whose orders this run read
	Checks      []warehouse.Check     `json:"checks,omitempty"`
	Problems    []string              `json:"problems,omitempty"` // what makes the run partial
	Changes     []warehouse.DayChange `json:"changes,omitempty"`  // of a dry run
	// of a rebuild: rows that differ from what was published, by mart
	Differences map[string]uint64 `json:"differences,omitempty"`
}

// Feed is what came of one list of the API.
type Feed struct {
	Rows     int `json:"rows"`
	Inserted int `json:"inserted"`
}

func newReport(id string, mode Mode) *Report {
	return &Report{RunID: id, Mode: mode, StartedAt: time.Now(), Feeds: map[string]*Feed{}}
}

func (r *Report) feed(name string) *Feed {
	if r.Feeds[name] == nil {
		r.Feeds[name] = &Feed{}
	}
	return r.Feeds[name]
}

// scan is the entry of a way of finding changes.
func (r *Report) scan(name string) *Scan {
	at := slices.IndexFunc(r.Scans, func(s Scan) bool { return s.Name == name })
	if at < 0 {
		at = len(r.Scans)
		r.Scans = append(r.Scans, Scan{Name: name})
	}
	return &r.Scans[at]
}

func (r *Report) problem(format string, arguments ...any) {
	r.Problems = append(r.Problems, fmt.Sprintf(format, arguments...))
}

// reportOrders puts into the report what was read.
func (r *run) reportOrders() {
	report := r.report
	report.Orders, report.SalesRows = r.orders.orders, r.orders.tickets
	report.OrdersThroughID = r.orders.lastID
	if report.Anomalies = r.orders.anomalies; report.Anomalies > 0 {
		r.Logger.Warn("Orders break a rule of the source", "orders", report.Anomalies, "see",
			"stg_qtickets_api_orders_raw.anomalies")
	}
	// Any other status than 200 on any page is an error before this line.
	r.Logger.Info("Fetched orders from QTickets API via GET", "path", "/orders", "status", http.StatusOK, "orders",
		report.Orders, "mode", report.Mode)
	r.Logger.Info(fmt.Sprintf("Transformed %d sales rows", report.SalesRows),
		"orders", report.Orders, "changed", report.feed(warehouse.FeedOrders).Inserted, "quarantined", report.Quarantined)
}

// conclude sets what became of the run: failed with its error, partial with what was not read, or ok.
func (r *Report) conclude(err error) {
	r.Status, r.Message, r.ErrorClass = ledger.OK, r.done(), errorClass(err)
	switch {
	case err != nil:
		r.Status, r.Message = ledger.Failed, err.Error()
	case len(r.Problems) > 0:
		r.Status = ledger.Partial
		r.Message += "; " + strings.Join(r.Problems, "; ")
	}
}

func (r *Report) done() string {
	text := fmt.Sprintf("%d orders, %d tickets, %d events, seats of %d shows read; %d rows written",
		r.Orders, r.SalesRows, r.Events, r.InventoryShows, r.RowsInserted)
	for _, l := range r.Scans {
		if l.New+l.Changed+l.Vanished > 0 {
			text += fmt.Sprintf("; %s: %d new, %d changed, %d vanished orders", l.Name, l.New, l.Changed, l.Vanished)
		}
	}
	if r.ShowsVanished > 0 {
		text += fmt.Sprintf("; %d events and shows are gone from QTickets", r.ShowsVanished)
	}
	if r.OrdersMissing > 0 {
		text += fmt.Sprintf("; %d orders that QTickets counts are on no list, as accepted", r.OrdersMissing)
	}
	if r.ProbeChange != "" {
		text += "; API behaviour changed: " + r.ProbeChange
	}
	return text
}
