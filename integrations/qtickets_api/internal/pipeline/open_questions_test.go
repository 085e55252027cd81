package pipeline_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestOpenQuestions has a part for every row of section 18 of the API notes, "what a client must defend
// against", named after it. Each plays every answer the API may give and demands right facts, or a run that
// says what is wrong and publishes nothing. Other tests look closer at most of them.
func TestOpenQuestions(t *testing.T) {
	testkit.Long(t)
	t.Parallel()
	for name, check := range map[string]func(*lab){
		"01 does the server honour where": func(l *lab) {
			report := l.afterFault(simulator.Fault{Kind: simulator.FilterIgnored})
			l.demand(!report.Probe.Where && !report.Probe.UpdatedAt && report.Probe.Why != "", "probe %+v", report.Probe)
		},
		// never asked for: lists are ordered by id, and that is checked
		"02 does it honour orderBy on updated_at": func(l *lab) {
			report := l.afterFault(simulator.Fault{Kind: simulator.OrderIgnored})
			l.demand(!report.Probe.OrderBy, "probe %+v", report.Probe)
		},
		"03 do range operators work on lists": func(l *lab) {
			for _, kind := range []simulator.FaultKind{simulator.RangeRefused, simulator.RangeIgnored} {
				report := l.afterFault(simulator.Fault{Kind: kind})
				l.demand(report.Probe.Where && !report.Probe.UpdatedAt, "probe %+v", report.Probe)
			}
		},
		"04 date format and zone in filters": func(l *lab) {
			l.demand(pipeline.Overlap >= 3*time.Hour, "an overlap of %s does not cover Moscow taken for UTC", pipeline.Overlap)
			for form, proven := range map[string]string{"iso": "offset", "space": "moscow", "naive": ""} {
				report := l.afterFault(simulator.Fault{Kind: simulator.DateFormat, Text: form})
				l.demand(proven == "" || report.Probe.TimeFormat == proven, "%s: probe %+v", form, report.Probe)
			}
		},
		"05 does a refund move updated_at": func(l *lab) {
			for _, moves := range []bool{true, false} {
				l.world.SetRefundRules(simulator.RefundRules{MovesUpdatedAt: moves})
				l.refundOne()
				l.mustSync(reconcile)
				checkFacts(l)
			}
		},
		"06 scans": func(l *lab) {
			scanned := l.scanOne()
			l.mustSync(reconcile)
			l.demand(len(l.rows("SELECT 1 FROM stg_qtickets_api_tickets_raw WHERE isNotNull(checked_at) AND ticket_id = "+
				text(scanned))) == 1, "scan of ticket %d is not known", scanned)
		},
		"07 is a refunded order still payed, deleted, recomputed": func(l *lab) {
			for bits := range 8 {
				l.world.SetRefundRules(simulator.RefundRules{MovesUpdatedAt: true, SetsDeletedAt: bits&1 > 0,
					RecomputesPrice: bits&2 > 0, DropsPayed: bits&4 > 0})
				for range 6 {
					l.world.Step(newRand(uint64(bits)))
				}
				l.refundOne()
				l.mustSync()
				checkFacts(l)
			}
		},
		"08 collections of unknown shape": func(l *lab) {
			l.afterFault(simulator.Fault{Kind: simulator.UnknownFields})
			l.afterFault(simulator.Fault{Kind: simulator.CustomObject})
		},
		"09 order price and its tickets": func(l *lab) {
			l.world.SetRefundRules(simulator.RefundRules{MovesUpdatedAt: true, RecomputesPrice: true})
			l.refundOne()
			report := l.mustSync(reconcile)
			l.demand(report.Anomalies > 0, "no anomaly although an order's price is not the sum of its tickets")
			l.demand(len(l.rows("SELECT 1 FROM stg_qtickets_api_orders_raw WHERE has(anomalies, 'price_sum')")) > 0,
				"no order is named")
			checkFacts(l)
		},
		"10 maximum perPage and the last page": func(l *lab) {
			report := l.afterFault(simulator.Fault{Kind: simulator.PerPageCapped, N: 7})
			l.demand(report.Probe.PerPage == 7, "probe %+v", report.Probe)
			l.server.SetFault(simulator.Fault{Kind: simulator.PerPageCapped, N: 7})
			l.mustSync(reconcile)
			l.refused(simulator.Fault{Kind: simulator.PageIgnored}, qtickets.ErrIgnored)
		},
		"11 duplicates and gaps while paging": func(l *lab) {
			l.server.SetFault(simulator.Fault{Kind: simulator.PerPageCapped, N: 9})
			l.afterFault(simulator.Fault{Kind: simulator.DuplicateRow})
			l.afterFault(simulator.Fault{Kind: simulator.Growing})
			l.server.SetFault(simulator.Fault{Kind: simulator.PerPageCapped, N: 9})
			l.refused(simulator.Fault{Kind: simulator.SkippedRow}, qtickets.ErrIncomplete)
			l.refused(simulator.Fault{Kind: simulator.TotalLies}, qtickets.ErrIncomplete)
		},
		"12 is the body of a GET stripped on the way": func(l *lab) {
			report := l.afterFault(simulator.Fault{Kind: simulator.BodyStripped})
			l.demand(report.Probe.Transport == "brackets" && report.Probe.UpdatedAt, "probe %+v", report.Probe)
		},
		"13 cached answers": func(l *lab) {
			l.afterFault(simulator.Fault{Kind: simulator.StaleCache}) // every address is new
			l.refused(simulator.Fault{Kind: simulator.StaleCache, Text: "any-url", Path: "orders"}, qtickets.ErrIgnored)
		},
		"14 rate limits and back-pressure": func(l *lab) {
			l.afterFault(simulator.Fault{Kind: simulator.TooManyRequests, N: 2})
			l.afterFault(simulator.Fault{Kind: simulator.RetryAfter, N: 2})
			l.refused(simulator.Fault{Kind: simulator.TooManyRequests}, qtickets.ErrRateLimited)
		},
		"15 is 503 an outage or my request": func(l *lab) {
			report := l.afterFault(simulator.Fault{Kind: simulator.RangeRefused})
			l.demand(strings.Contains(report.Probe.Why, "although it answers others"), "probe %+v", report.Probe)
			l.afterFault(simulator.Fault{Kind: simulator.Unavailable, N: 2})
			l.refused(simulator.Fault{Kind: simulator.Unavailable}, qtickets.ErrUnavailable)
		},
		"16 401 or 403, a rotated token": func(l *lab) {
			for _, kind := range []simulator.FaultKind{simulator.TokenRotated, simulator.Unauthorized} {
				l.refused(simulator.Fault{Kind: kind}, qtickets.ErrUnauthorized)
				l.server.SetFault(simulator.Fault{Kind: kind})
				before := l.server.Counters().Total
				_, err := l.sync()
				l.demand(errors.Is(err, qtickets.ErrUnauthorized) && l.server.Counters().Total-before == 1,
					"%d requests with a wrong token: %v", l.server.Counters().Total-before, err)
				l.server.ClearFaults(kind)
			}
		},
		"17 types that drift": func(l *lab) {
			for _, kind := range []simulator.FaultKind{simulator.IntsAsStrings, simulator.NullDetails, simulator.NameMaps} {
				l.afterFault(simulator.Fault{Kind: kind})
			}
			l.quarantined(simulator.BadPrice)
		},
		"18 rows that vanish": func(l *lab) {
			ids := l.world.Oracle().OrderIDs
			l.demand(l.world.Vanish(ids[3]) == nil, "order %d does not vanish", ids[3])
			for _, id := range ids[4:] {
				if l.world.VanishTicket(id, l.world.Tickets(id)[0].ID) == nil {
					break
				}
			}
			l.mustSync(reconcile)
			checkFacts(l)
		},
		"19 other offsets and times without one": func(l *lab) {
			l.afterFault(simulator.Fault{Kind: simulator.AccountOffset, Text: "-07:00"})
			l.quarantined(simulator.NaiveTime)
		},
		"20 other currencies": func(l *lab) {
			event, err := l.world.NewEvent(simulator.EventSpec{Currency: "KZT", Shows: []simulator.ShowSpec{{}}})
			l.demand(err == nil, "no event in another currency: %v", err)
			order, err := l.world.CreateOrder(simulator.NewOrder{EventID: event, FullPrice: true})
			l.demand(err == nil && l.world.Pay(order) == nil, "no sale in another currency: %v", err)
			l.mustSync()
			checkFacts(l)
			l.demand(len(l.rows("SELECT DISTINCT currency_id FROM fact_qtickets_sales_daily")) > 1,
				"the world sells in one currency only")
		},
		// Signatures and replays are the receiver's, which comes with "serve". What it will do with an event,
		// whatever that says, is to read the order again: late, twice, or for an order that is gone.
		"21 webhooks": func(l *lab) {
			l.refundOne()
			ids := l.world.Oracle().OrderIDs
			var all []uint64
			for _, id := range append(ids, ids...) {
				all = append(all, uint64(id))
			}
			l.demand(l.world.Vanish(ids[0]) == nil, "order %d does not vanish", ids[0])
			l.mustSync(func(o *pipeline.Options) { o.Mode, o.IDs = pipeline.ModeReread, all })
			checkFacts(l)
		},
		"22 personal data in every payload": func(l *lab) { // the whole database and all output: TestNoPersonalData
			l.mustSync(reconcile)
			payloads := strings.Builder{}
			for _, r := range l.rows("SELECT concat(payload_json, buyer_hash, utm_campaign, utm_content, utm_term) FROM " +
				"stg_qtickets_api_orders_raw") {
				payloads.WriteString(r[0].(string))
			}
			for _, canary := range l.world.Canaries() {
				l.demand(!strings.Contains(payloads.String(), canary), "a stored order holds %q", canary)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 12, Orders: 90, Events: 4,
				Refunds: simulator.RefundRules{MovesUpdatedAt: true}}))
			l.mustSync()
			check(l)
		})
	}
}

func (l *lab) demand(holds bool, format string, arguments ...any) {
	l.Helper()
	if !holds {
		l.Errorf(format, arguments...)
	}
}

// afterFault lets the world go on, syncs through a fault, and demands right facts.
func (l *lab) afterFault(fault simulator.Fault) *pipeline.Report {
	l.Helper()
	for range 5 {
		l.world.Step(newRand(uint64(len(fault.String()))))
	}
	l.refundOne()
	l.world.Advance(time.Minute)
	l.server.SetFault(fault)
	report := l.mustSync()
	l.server.ClearFaults(fault.Kind)
	checkFacts(l)
	return report
}

// refused syncs through a fault that must end the run, with nothing published and the kind of error named.
func (l *lab) refused(fault simulator.Fault, kind error) {
	l.Helper()
	before := testkit.Published(l, l.config)
	l.refundOne()
	l.server.SetFault(fault)
	report, err := l.sync(reconcile)
	l.server.ClearFaults(fault.Kind)
	if !errors.Is(err, kind) || report.Batch != 0 || report.Status != ledger.Failed {
		l.Errorf("%s: batch %d, status %s, error %v, want %v", fault, report.Batch, report.Status, err, kind)
	}
	if diff := cmp.Diff(before, testkit.Published(l, l.config)); diff != "" {
		l.Errorf("%s: what is published changed: %s", fault, diff)
	}
	l.mustSync(reconcile)
	checkFacts(l)
}

// quarantined makes one order unreadable: it is set aside, and comes back.
func (l *lab) quarantined(kind simulator.FaultKind) {
	l.Helper()
	id := l.world.Oracle().OrderIDs[0]
	l.server.SetFault(simulator.Fault{Kind: kind, N: id})
	report := l.mustSync(reconcile)
	l.demand(report.Status == ledger.Partial && report.Quarantined > 0, "%s: status %s, %d in quarantine", kind,
		report.Status, report.Quarantined)
	l.server.ClearFaults(kind)
	report = l.mustSync()
	l.demand(report.Status == ledger.OK, "%s: status %s: %s", kind, report.Status, report.Message)
	checkFacts(l)
}

// refundOne refunds some order that can be.
func (l *lab) refundOne() {
	l.Helper()
	for _, id := range l.world.Oracle().OrderIDs {
		if l.world.Refund(id, nil, simulator.FullAmount) == nil {
			return
		}
	}
	l.Fatal("no order can be refunded")
}

// scanOne scans some ticket that can be and returns it.
func (l *lab) scanOne() int64 {
	l.Helper()
	for _, id := range l.world.Oracle().TicketIDs {
		if l.world.Scan(id) == nil {
			return id
		}
	}
	l.Fatal("no ticket can be scanned")
	return 0
}
