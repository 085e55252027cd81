package simulator_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// recount is the oracle a second time, from nothing but the JSON rows and the design's rules for the
// state of a ticket.
type recount struct {
	sales     map[simulator.DailyKey]simulator.Sales
	tagged    map[simulator.UTMKey]simulator.Sales
	refunds   map[simulator.DailyKey]simulator.Refunds
	soldIn    map[int64]int // by show
	heldIn    map[int64]int
	sold      int
	refunded  int
	cancelled int
	held      int
}

func newRecount() *recount {
	return &recount{
		sales: map[simulator.DailyKey]simulator.Sales{}, tagged: map[simulator.UTMKey]simulator.Sales{},
		refunds: map[simulator.DailyKey]simulator.Refunds{}, soldIn: map[int64]int{}, heldIn: map[int64]int{},
	}
}

type orderRow struct {
	PayedAt   *time.Time `json:"payed_at"`
	DeletedAt *time.Time `json:"deleted_at"`
	EventID   int64      `json:"event_id"`
	Currency  string     `json:"currency_id"`
	UTM       json.RawMessage
	Baskets   []basketRow
}

type basketRow struct {
	ShowID     int64       `json:"show_id"`
	Price      json.Number `json:"price"`
	DeletedAt  *time.Time  `json:"deleted_at"`
	RefundedAt *time.Time  `json:"refunded_at"`
	Refunded   json.Number `json:"refunded_amount"`
	Related    []any       `json:"related_baskets"`
}

var moscowTime = time.FixedZone("", 3*60*60)

func moscowDate(at time.Time) string { return at.In(moscowTime).Format(time.DateOnly) }

func kopecks(t rapid.TB, n json.Number) int64 {
	t.Helper()
	if n == "" {
		return 0
	}
	integer, rest, _ := strings.Cut(string(n), ".")
	v, err := strconv.ParseInt(integer+(rest + "00")[:2], 10, 64)
	if err != nil || len(rest) > 2 {
		t.Fatalf("amount %s", n)
	}
	return v
}

func (c *recount) add(t rapid.TB, o orderRow) {
	t.Helper()
	var utm struct{ Source, Medium, Campaign string }
	if o.UTM[0] == '{' {
		var tags map[string]string
		if err := json.Unmarshal(o.UTM, &tags); err != nil {
			t.Fatal(err)
		}
		norm := func(k string) string { return strings.ToLower(strings.TrimSpace(tags[k])) }
		utm.Source, utm.Medium, utm.Campaign = norm("utm_source"), norm("utm_medium"), norm("utm_campaign")
	}
	for _, b := range o.Baskets {
		if len(b.Related) > 0 {
			continue
		}
		key := simulator.DailyKey{EventID: o.EventID, ShowID: b.ShowID, Currency: o.Currency}
		price := kopecks(t, b.Price)
		var one simulator.Sales
		switch {
		case b.RefundedAt != nil:
			back := kopecks(t, b.Refunded)
			one = simulator.Sales{GrossTickets: 1, RefundedTickets: 1, Gross: price, Refunded: back, Revenue: price - back}
			c.refunded++
			key.Day = moscowDate(*b.RefundedAt)
			r := c.refunds[key]
			c.refunds[key] = simulator.Refunds{Tickets: r.Tickets + 1, Refunded: r.Refunded + back, Kept: r.Kept + price - back}
		case b.DeletedAt != nil || o.DeletedAt != nil:
			c.cancelled++
			continue
		case o.PayedAt == nil:
			c.held++
			c.heldIn[b.ShowID]++
			continue
		default:
			one = simulator.Sales{TicketsSold: 1, GrossTickets: 1, Gross: price, Revenue: price}
			if price == 0 {
				one.TicketsFree = 1
			}
			c.sold++
			c.soldIn[b.ShowID]++
		}
		key.Day = moscowDate(*o.PayedAt)
		c.sales[key] = sum(c.sales[key], one)
		tagged := simulator.UTMKey{DailyKey: key, Source: utm.Source, Medium: utm.Medium, Campaign: utm.Campaign}
		c.tagged[tagged] = sum(c.tagged[tagged], one)
	}
}

func sum(a, b simulator.Sales) simulator.Sales {
	return simulator.Sales{
		TicketsSold: a.TicketsSold + b.TicketsSold, TicketsFree: a.TicketsFree + b.TicketsFree,
		GrossTickets: a.GrossTickets + b.GrossTickets, RefundedTickets: a.RefundedTickets + b.RefundedTickets,
		Gross: a.Gross + b.Gross, Refunded: a.Refunded + b.Refunded, Revenue: a.Revenue + b.Revenue,
	}
}

// seatRow is a seat of the flat form.
type seatRow struct {
	RootID   string `json:"root_id"`
	Disabled bool
	Max      int `json:"max_quantity"`
	Free     int `json:"free_quantity"`
	Ordered  int `json:"ordered_quantity"`
	Payed    int `json:"payed_quantity"`
	InBasket int `json:"in_basket_quantity"`
}

// stockOf counts a hall from its seats: quantities of the place once per root_id, sales of all tariffs.
func stockOf(seats map[string]seatRow) simulator.Stock {
	roots := map[string]seatRow{}
	for _, row := range seats {
		r := roots[row.RootID]
		r.Max, r.Free, r.Disabled = row.Max, row.Free, row.Disabled
		r.Ordered += row.Ordered
		r.Payed += row.Payed
		r.InBasket += row.InBasket
		roots[row.RootID] = r
	}
	var k simulator.Stock
	for _, r := range roots {
		k.Capacity += r.Max
		k.Sold += r.Payed
		k.Held += r.Ordered - r.Payed + r.InBasket
		if r.Disabled {
			k.Closed += r.Max - r.Ordered - r.InBasket
		} else {
			k.Free += r.Free
		}
	}
	return k
}

// compare reads the whole world over HTTP and holds it against the oracle.
func compare(t rapid.TB, get func(path, body string, into any), want simulator.Oracle) {
	t.Helper()
	c := newRecount()
	for n := 1; ; n++ {
		var p struct {
			Data   []orderRow
			Paging struct{ PerPage, CurrentPage, Total int }
		}
		get("/orders", `{"orderBy":{"id":"desc"},"perPage":100,"page":`+strconv.Itoa(n)+`}`, &p)
		for _, o := range p.Data {
			c.add(t, o)
		}
		if p.Paging.CurrentPage*p.Paging.PerPage >= p.Paging.Total {
			break
		}
	}
	same(t, "sales by day", c.sales, want.SalesDaily)
	same(t, "sales by tag", c.tagged, want.SalesUTMDaily)
	same(t, "refunds by day", c.refunds, want.RefundsDaily)
	totals := want.Totals
	same(t, "states", [4]int{c.sold, c.refunded, c.cancelled, c.held},
		[4]int{totals.Sold, totals.Refunded, totals.Cancelled, totals.Held})
	same(t, "tickets", totals.Sold+totals.Refunded+totals.Cancelled+totals.Held, totals.Tickets)
	same(t, "baskets", totals.Tickets+len(want.MainTicketIDs), len(want.TicketIDs))
	compareHalls(t, c, get, want.Inventory)
}

func compareHalls(t rapid.TB, c *recount, get func(path, body string, into any), halls map[int64]simulator.Stock) {
	t.Helper()
	const body = `{"flat":true,"select":["root_id","disabled","max_quantity","free_quantity","ordered_quantity","payed_quantity","in_basket_quantity"]}`
	for show, stock := range halls {
		var response struct{ Data map[string]seatRow }
		get("/shows/"+strconv.FormatInt(show, 10)+"/seats", body, &response)
		same(t, "stock of the hall", stockOf(response.Data), stock)
		same(t, "sold seats", c.soldIn[show], stock.Sold)
		if c.heldIn[show] > stock.Held {
			t.Fatalf("show %d: %d tickets held, the hall says %d", show, c.heldIn[show], stock.Held)
		}
		same(t, "capacity", stock.Free+stock.Sold+stock.Held+stock.Closed, stock.Capacity)
	}
}

func same(t rapid.TB, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s\n got %+v\nwant %+v", what, got, want)
	}
}

// TestOracle: random worlds, random events, random refund rules; what the rows add up to is what the
// oracle says, to the kopeck.
func TestOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := simulator.NewWorld(simulator.WorldOptions{
			Seed: rapid.Int64().Draw(t, "seed"), Orders: rapid.IntRange(0, 80).Draw(t, "orders"),
			Events: rapid.IntRange(1, 11).Draw(t, "events"), Now: origin, HistoryDays: rapid.IntRange(1, 60).Draw(t, "days"),
			SingleCurrency: rapid.Bool().Draw(t, "single"),
			Refunds: simulator.RefundRules{
				MovesUpdatedAt: rapid.Bool().Draw(t, "moves"), SetsDeletedAt: rapid.Bool().Draw(t, "deletes"),
				RecomputesPrice: rapid.Bool().Draw(t, "recomputes"), DropsPayed: rapid.Bool().Draw(t, "drops"),
			},
		})
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "steps"), 1))
		for range rapid.IntRange(0, 100).Draw(t, "length") {
			w.Step(rng)
			w.Advance(time.Duration(rng.IntN(7200)) * time.Second)
		}
		want := w.Oracle()
		// A fifth of the halls, for speed; TestOracleOfABigWorld looks at all.
		part := rapid.Int64Range(0, 4).Draw(t, "halls")
		maps.DeleteFunc(want.Inventory, func(show int64, _ simulator.Stock) bool { return show%5 != part })
		compare(t, direct(t, w), want)
	})
}

func TestOracleOfABigWorld(t *testing.T) {
	t.Parallel()
	w := newWorld(1500)
	o := w.Oracle()
	if o.Totals.Orders != 1500 || o.Totals.Refunded == 0 || o.Totals.Held == 0 || len(o.MainTicketIDs) == 0 ||
		len(o.Totals.Revenue) != 2 {
		t.Errorf("totals %+v", o.Totals)
	}
	soldOut, closed := 0, 0
	for _, k := range o.Inventory {
		if k.Free == 0 {
			soldOut++
		}
		if k.Closed > 0 {
			closed++
		}
	}
	if soldOut == 0 || closed == 0 || len(o.Inventory) != 25 {
		t.Errorf("%d shows, %d sold out, %d with closed seats", len(o.Inventory), soldOut, closed)
	}
	compare(t, direct(t, w), o)
	if without := w.OracleWithout(o.OrderIDs[0]); without.Totals.Orders != 1499 || len(without.Inventory) != 25 {
		t.Errorf("without one: %+v", without.Totals)
	}
}

// TestShares: section 16, loosely.
func TestShares(t *testing.T) {
	t.Parallel()
	o := newWorld(5000).Oracle()
	percent := func(n int) int { return 100 * n / o.Totals.Tickets }
	if p := percent(o.Totals.Cancelled); p < 14 || p > 26 {
		t.Errorf("%d %% of tickets cancelled", p)
	}
	if p := percent(o.Totals.SoldFree); p < 40 || p > 56 {
		t.Errorf("%d %% of tickets free", p)
	}
}

// TestVanished: what is gone for good is in no row and no count.
func TestVanished(t *testing.T) {
	t.Parallel()
	w := newWorld(200)
	ids := w.Oracle().OrderIDs
	for _, id := range ids[:40] {
		tickets := w.Tickets(id)
		if last := tickets[len(tickets)-1]; len(tickets) > 1 && w.VanishTicket(id, last.ID) == nil {
			continue
		}
		if err := w.Vanish(id); err != nil {
			t.Fatal(err)
		}
	}
	w.Advance(40 * 24 * time.Hour)
	o := w.Oracle()
	if o.Totals.Orders >= 200 || o.Totals.Orders < 160 {
		t.Errorf("%d orders left", o.Totals.Orders)
	}
	compare(t, direct(t, w), o)
}

// TestVanishedOrdersHaveNoAfterlife: what was planned for an order is dropped when it is gone.
func TestVanishedOrdersHaveNoAfterlife(t *testing.T) {
	t.Parallel()
	w := newWorld(2000)
	for _, id := range w.Oracle().OrderIDs {
		if err := w.Vanish(id); err != nil {
			t.Fatal(err)
		}
	}
	w.Advance(21 * 24 * time.Hour)
}
