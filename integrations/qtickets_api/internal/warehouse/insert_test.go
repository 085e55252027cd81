package warehouse_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// overBoth runs a test over HTTP and over the native protocol, each with a database of its own.
func overBoth(t *testing.T, test func(*testing.T, warehouse.Config, *warehouse.DB)) {
	t.Parallel()
	for _, protocol := range []string{"HTTP", "native"} {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			c := testkit.Database(t)
			connected := c
			if protocol == "native" {
				connected.Port = testkit.Engine(t).TCPPort()
			}
			test(t, c, testkit.Open(t, connected))
		})
	}
}

// TestInsertedValues: every kind of value is stored as it was given, whatever the protocol, present or not.
func TestInsertedValues(t *testing.T) {
	overBoth(t, func(t *testing.T, c warehouse.Config, db *warehouse.DB) {
		at := time.Date(2026, 3, 1, 20, 59, 59, 987_654_321, time.UTC)
		last := time.Date(2106, 2, 7, 6, 28, 15, 0, time.UTC)
		day := time.Date(2149, 6, 6, 0, 0, 0, 0, time.UTC)
		number, seats, free := uint64(math.MaxUint64), int64(-3), int64(math.MaxInt64)
		price := qtickets.Money(-999_999_999_999_999_999)
		zones := []sales.Zone{{ID: "a", Free: &free}, {MinPrice: &price}}
		full := sales.Order{
			OrderID: number, EventID: 2, SiteID: 3, SiteHost: "x.ru", BuyerHash: "b", CurrencyID: "RUB", PaymentTypeID: "card",
			DiscountID: &number, PromoCodeID: &number, Price: price,
			UTM:       sales.UTM{Source: "вк", Medium: "m", Campaign: "c", Content: "\x00'\t\\", Term: strings.Repeat("t", 300)},
			CreatedAt: at, UpdatedAt: &at, SaleTS: &last, ReservedTo: &at, DeletedAt: &at,
			PrimaryOrders: []uint64{7, 8}, Anomalies: []string{"one", "", "one"},
			Tickets: []sales.Ticket{
				{TicketID: 1, ShowID: 2, State: sales.Sold, Counted: 1, Quantity: math.MaxUint32, SeatID: "s", Price: 100,
					Discount: 1, Amounts: sales.Amounts{Gross: 99, Refunded: 9, Revenue: 90}, CheckedAt: &at, DeletedAt: &last},
				{TicketID: 3, State: sales.Refunded, RefundedAt: &at},
			},
			PayloadJSON: []byte(strings.Repeat("x", 3<<20)), ContentHash: 1,
		}
		rows := warehouse.Rows{
			Orders: []warehouse.Observed[sales.Order]{
				{Row: sales.Order{OrderID: 1, CreatedAt: at}, At: at}, {Row: sales.Order{OrderID: 2, CreatedAt: at}, At: at},
				{Row: full, At: at}, // the last value of all fills a frame
			},
			Shows: []warehouse.Observed[sales.Show]{
				{Row: sales.Show{ShowID: 1}, At: at},
				{Row: sales.Show{ShowID: 2, ShowDate: &day, MinPrice: &price, IsActive: 1, StartAt: &at}, At: at},
			},
			Inventory: []warehouse.Observed[sales.Inventory]{
				{Row: sales.Inventory{ShowID: 1, Sold: &seats, Zones: zones}, At: at},
				{Row: sales.Inventory{ShowID: 2}, At: at},
			},
			Quarantined: []warehouse.Quarantined{{Feed: "orders", ID: 9, Reason: "why", ReadAt: at}},
		}
		if _, err := db.Insert(t.Context(), rows, "run"); err != nil {
			t.Fatal(err)
		}
		if err := db.Write(t.Context(), "publish", 2, func(i int) []warehouse.Column {
			seats := []map[uint64]time.Time{{3: at, 1: last, 2: at}, nil}
			return []warehouse.Column{{Name: "seq", Value: uint64(i)}, {Name: "seats_read", Value: seats[i]}}
		}); err != nil {
			t.Fatal(err)
		}
		for sql, want := range map[string][]string{
			`SELECT toString(tuple(seq, seats_read)) FROM publish ORDER BY seq`: {
				"(0,{1:'2106-02-07 09:28:15.000',2:'2026-03-01 23:59:59.987',3:'2026-03-01 23:59:59.987'})", "(1,{})",
			},
			`SELECT toString(tuple(* EXCEPT (payload_json, utm_term), length(utm_term), length(payload_json)))
				FROM state_orders ORDER BY order_id`: {
				"(1,1772398799987654321,0,0,'run',0,0,'','','',NULL,NULL,0,'','','','','2026-03-01 23:59:59',NULL,NULL,NULL,NULL," +
					"[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],'',0,0)",
				"(2,1772398799987654321,0,0,'run',0,0,'','','',NULL,NULL,0,'','','','','2026-03-01 23:59:59',NULL,NULL,NULL,NULL," +
					"[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],'',0,0)",
				`(18446744073709551615,1772398799987654321,0,1,'run',2,3,'b','RUB','card',18446744073709551615,` +
					`18446744073709551615,-9999999999999999.99,'вк','m','c','\0\'\t\\','2026-03-01 23:59:59',` +
					`'2026-03-01 23:59:59','2106-02-07 09:28:15','2026-03-01 23:59:59','2026-03-01 23:59:59',['one','','one'],` +
					`[1,3],[2,0],['sold','refunded'],[1,0],[4294967295,0],['s',''],[1,0],[0.01,0],[0.99,0],[0.09,0],[0.9,0],` +
					`['2026-03-01 23:59:59',NULL],['2106-02-07 09:28:15',NULL],[NULL,'2026-03-01 23:59:59'],[7,8],'x.ru',300,3145728)`,
			},
			`SELECT toString(tuple(show_date, min_price, max_price, is_active, start_at)) FROM state_shows ORDER BY show_id`: {
				"(NULL,NULL,NULL,0,NULL)", "('2149-06-06',-9999999999999999.99,NULL,1,'2026-03-01 23:59:59')",
			},
			`SELECT toString(tuple(sold, free, zones.id, zones.free, zones.min_price)) FROM state_inventory ORDER BY show_id`: {
				"(-3,NULL,['a',''],[9223372036854775807,NULL],[NULL,-9999999999999999.99])", "(NULL,NULL,[],[],[])",
			},
			`SELECT toString(tuple(feed, id, is_deleted, run_id, reason, observed_at)) FROM state_quarantine`: {
				"('orders',9,0,'run','why','2026-03-01 23:59:59.987')",
			},
		} {
			if diff := cmp.Diff(want, texts(t, raw(t, c), sql)); diff != "" {
				t.Errorf("%s (-given +stored):\n%s", sql, diff)
			}
		}
	})
}

// TestRefusedValues: a value that its column cannot hold is an error that names column and row, and nothing is stored.
func TestRefusedValues(t *testing.T) {
	overBoth(t, func(t *testing.T, c warehouse.Config, db *warehouse.DB) {
		now := time.Now()
		early, late := time.Date(1969, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(2106, 3, 1, 0, 0, 0, 0, time.UTC)
		for want, change := range map[string]func(*sales.Order){
			"created_at: row 1: ": func(o *sales.Order) { o.CreatedAt = early },
			"sale_ts: row 1: ":    func(o *sales.Order) { o.SaleTS = &late },
			"price: row 1: ":      func(o *sales.Order) { o.Price = math.MaxInt64 },
			"tickets.checked_at: row 1: ": func(o *sales.Order) {
				o.Tickets = []sales.Ticket{{}, {CheckedAt: &late}}
			},
		} {
			orders := []warehouse.Observed[sales.Order]{
				{Row: sales.Order{OrderID: 1, CreatedAt: now}, At: now}, {Row: sales.Order{OrderID: 2, CreatedAt: now}, At: now},
			}
			change(&orders[1].Row)
			_, err := db.Insert(t.Context(), warehouse.Rows{Orders: orders}, "run")
			if err == nil || !strings.Contains(err.Error(), "insert into state_orders: "+want) {
				t.Errorf("%s%v", want, err)
			}
		}
		for want, value := range map[string]any{
			"event_id: a float64 cannot be written":     1.5,
			"event_id: row 1: a string is not a uint64": "2",
		} {
			err := db.Write(t.Context(), "state_sweeps", 2, func(i int) []warehouse.Column {
				if i == 0 && want != "event_id: a float64 cannot be written" {
					return []warehouse.Column{{Name: "event_id", Value: uint64(1)}}
				}
				return []warehouse.Column{{Name: "event_id", Value: value}}
			})
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v", want, err)
			}
		}
		err := db.Write(t.Context(), "no_such_table", 1, func(int) []warehouse.Column {
			return []warehouse.Column{{Name: "event_id", Value: uint64(1)}}
		})
		if !errors.Is(err, warehouse.ErrSchema) {
			t.Errorf("a table that is missing: %v", err)
		}
		count := "SELECT toString((SELECT count() FROM state_orders) + (SELECT count() FROM state_sweeps))"
		if got := texts(t, raw(t, c), count); got[0] != "0" {
			t.Errorf("%s rows stored", got[0])
		}
	})
}

// TestInsertOpensAConnection: an insert may be the first statement of a connection, when others are busy.
func TestInsertOpensAConnection(t *testing.T) {
	overBoth(t, func(t *testing.T, c warehouse.Config, db *warehouse.DB) {
		var saved error
		first := true
		err := db.Read(t.Context(), "SELECT number FROM numbers(100) SETTINGS max_block_size = 1", nil,
			func(scan func(...any) error) error {
				if first {
					saved = db.MarkSwept(t.Context(), []uint64{1, 2}, time.Now())
				}
				first = false
				return nil
			})
		if got := texts(t, raw(t, c), "SELECT toString(count()) FROM state_sweeps"); err != nil || got[0] != "2" {
			t.Errorf("%s rows: %v, %v", got[0], saved, err)
		}
	})
}

// TestInsertsAtOnce: inserts under way together do not share what they encode into.
func TestInsertsAtOnce(t *testing.T) {
	overBoth(t, func(t *testing.T, c warehouse.Config, db *warehouse.DB) {
		done := make(chan error)
		const writers, events = 4, 500
		for w := range writers {
			go func() {
				var err error
				for n := range events / 50 {
					ids := make([]uint64, 50)
					for i := range ids {
						ids[i] = uint64(w*events + n*50 + i)
					}
					err = errors.Join(err, db.MarkSwept(t.Context(), ids, time.Now()))
				}
				done <- err
			}()
		}
		for range writers {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		got := texts(t, raw(t, c), "SELECT toString(tuple(uniqExact(event_id), max(event_id))) FROM state_sweeps")
		if want := fmt.Sprintf("(%d,%d)", writers*events, writers*events-1); got[0] != want {
			t.Errorf("%s, want %s", got[0], want)
		}
	})
}
