package simulator_test

import (
	"errors"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// stage is a world with a server and short words for one order's story.
type stage struct {
	*testing.T
	*simulator.World
	s *simulator.Server
}

func newStage(t *testing.T) stage {
	t.Helper()
	w := newWorld(60)
	return stage{t, w, start(t, w, simulator.ServerOptions{})}
}

func (g stage) order(n simulator.NewOrder) int64 {
	g.Helper()
	id, err := g.CreateOrder(n)
	if err != nil {
		g.Fatal(err)
	}
	return id
}

func (g stage) do(err error) {
	g.Helper()
	if err != nil {
		g.Fatal(err)
	}
}

func (g stage) refused(err error) {
	g.Helper()
	if !errors.Is(err, simulator.ErrNotPossible) {
		g.Errorf("got %v, want ErrNotPossible", err)
	}
}

func (g stage) row(id int64) map[string]any { g.Helper(); return detail(g.T, g.s, id) }

func (g stage) baskets(row map[string]any) []map[string]any {
	var list []map[string]any
	for _, b := range row["baskets"].([]any) {
		list = append(list, b.(map[string]any))
	}
	return list
}

// moment reads a timestamp; zero for null.
func (g stage) moment(v any) time.Time {
	g.Helper()
	if v == nil {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, v.(string))
	if err != nil {
		g.Fatal(err)
	}
	return at
}

func (g stage) equal(what string, got, want any) {
	g.Helper()
	if a, ok := got.(time.Time); ok {
		if !a.Equal(want.(time.Time)) {
			g.Errorf("%s is %v, want %v", what, got, want)
		}
		return
	}
	if got != want {
		g.Errorf("%s is %v, want %v", what, got, want)
	}
}

// within asks for low <= late-early <= high seconds.
func (g stage) within(what string, early, late time.Time, low, high int) {
	g.Helper()
	if d := int(late.Sub(early).Seconds()); d < low || d > high {
		g.Errorf("%s after %d s, want %d to %d", what, d, low, high)
	}
}

func TestCreated(t *testing.T) {
	t.Parallel()
	g := newStage(t)
	row := g.row(g.order(simulator.NewOrder{Tickets: 3, UTM: [][2]string{}}))
	created := g.moment(row["created_at"])
	g.equal("created_at", created, g.Now())
	g.equal("reserved_to", g.moment(row["reserved_to"]), created.Add(24*time.Hour))
	g.equal("payed", row["payed"], false)
	if row["payed_at"] != nil || row["deleted_at"] != nil || len(row["utm"].([]any)) != 0 || len(g.baskets(row)) != 3 {
		t.Errorf("a new order is %v", row)
	}
	for _, b := range g.baskets(row) {
		g.within("the order", g.moment(b["created_at"]), created, 11, 411)
		if b["barcode"] != nil || b["refunded_amount"] != nil {
			t.Errorf("an unpaid ticket is %v", b)
		}
	}
}

func TestPaid(t *testing.T) {
	t.Parallel()
	g := newStage(t)
	id := g.order(simulator.NewOrder{Tickets: 2})
	g.Advance(100 * time.Second)
	g.do(g.Pay(id))
	g.refused(g.Pay(id))
	g.refused(g.Extend(id))
	g.Advance(time.Minute)
	row := g.row(id)
	paidAt := g.moment(row["payed_at"])
	g.within("payed_at", g.moment(row["created_at"]), paidAt, 100, 100)
	g.within("order.updated_at", paidAt, g.moment(row["updated_at"]), 4, 28)
	for _, b := range g.baskets(row) {
		g.equal("basket.updated_at", g.moment(b["updated_at"]), paidAt)
		g.equal("ticket_amount", b["ticket_amount"], b["price"])
		if b["barcode"] == nil || b["pdf_url"] == nil {
			t.Error("a paid ticket has no barcode")
		}
	}
	g.Advance(48 * time.Hour)
	g.equal("deleted_at after the reservation", g.row(id)["deleted_at"], nil)
}

func TestFree(t *testing.T) {
	t.Parallel()
	g := newStage(t)
	id := g.order(simulator.NewOrder{Free: true})
	g.do(g.Pay(id))
	row := g.row(id)
	g.equal("price", row["price"], 0.0)
	g.equal("payed_at", g.moment(row["payed_at"]), g.moment(row["created_at"]))
	if row["payment_card_number"] != nil || row["discount_id"] == nil || row["promo_code_id"] == nil {
		t.Errorf("a free order is %v", row)
	}
	if b := g.baskets(row)[0]; b["discount_value"] != b["original_price"] {
		t.Errorf("discount %v of %v", b["discount_value"], b["original_price"])
	}
}

// TestExpired: the job cancels 903 to 953 s after reserved_to, and section 8's effects follow.
func TestExpired(t *testing.T) {
	t.Parallel()
	g := newStage(t)
	id := g.order(simulator.NewOrder{Tickets: 2, FullPrice: true})
	before := g.row(id)
	g.Advance(24*time.Hour + 902*time.Second)
	g.equal("deleted_at before the job", g.row(id)["deleted_at"], nil)
	g.Advance(time.Minute)
	row := g.row(id)
	gone := g.moment(row["deleted_at"])
	g.within("expiry", g.moment(row["reserved_to"]), gone, 903, 953)
	g.cancelled(row, before)
}

func (g stage) cancelled(row, before map[string]any) {
	g.Helper()
	gone := g.moment(row["deleted_at"])
	g.equal("updated_at", g.moment(row["updated_at"]), gone)
	g.equal("price", row["price"], before["price"])
	g.equal("reserved_to", row["reserved_to"], before["reserved_to"])
	for i, b := range g.baskets(row) {
		g.equal("basket.deleted_at", g.moment(b["deleted_at"]), gone)
		g.equal("basket.updated_at", g.moment(b["updated_at"]), gone)
		g.equal("ticket_amount", b["ticket_amount"], 0.0)
		g.equal("refunded_amount", b["refunded_amount"], 0.0)
		g.equal("refunded_deduction_amount", b["refunded_deduction_amount"], 0.0)
		g.equal("basket.price", b["price"], g.baskets(before)[i]["price"])
		for _, k := range []string{"barcode", "pdf_url", "passbook_url", "refunded_at"} {
			g.equal(k, b[k], nil)
		}
	}
}

func TestCancelledAndRestored(t *testing.T) {
	t.Parallel()
	g := newStage(t)
	id := g.order(simulator.NewOrder{Tickets: 2, FullPrice: true})
	g.do(g.Pay(id))
	g.Advance(time.Hour)
	before, sold := g.row(id), g.Oracle()
	g.do(g.Cancel(id))
	g.refused(g.Cancel(id))
	g.cancelled(g.row(id), before)
	if g.Oracle().Totals.Sold != sold.Totals.Sold-2 {
		t.Error("cancelled tickets count as sold")
	}
	g.Advance(time.Hour)
	g.do(g.Restore(id))
	g.refused(g.Restore(id))
	row := g.row(id)
	g.equal("deleted_at", row["deleted_at"], nil)
	g.equal("updated_at", g.moment(row["updated_at"]), g.Now())
	g.equal("payed_at", row["payed_at"], before["payed_at"])
	if b := g.baskets(row)[0]; b["barcode"] == nil || b["deleted_at"] != nil || b["refunded_amount"] != nil {
		t.Errorf("a restored ticket is %v", b)
	}
	if got := g.Oracle(); got.Totals.Sold != sold.Totals.Sold {
		t.Errorf("%d sold after the restore, want %d", got.Totals.Sold, sold.Totals.Sold)
	}
}

// TestRestoreLeavesDeletedTickets: a ticket deleted before the order was cancelled stays deleted.
func TestRestoreLeavesDeletedTickets(t *testing.T) {
	t.Parallel()
	g := newStage(t)
	id := g.order(simulator.NewOrder{Tickets: 3})
	g.do(g.Pay(id))
	g.do(g.DeleteTicket(id, g.Tickets(id)[1].ID))
	g.Advance(time.Hour)
	g.do(g.Cancel(id))
	g.do(g.Restore(id))
	for i, want := range []string{"sold", "cancelled", "sold"} {
		g.equal("state", g.Tickets(id)[i].State, want)
	}
	g.equal("deleted_at", g.baskets(g.row(id))[0]["deleted_at"], nil)
	if g.baskets(g.row(id))[1]["deleted_at"] == nil {
		t.Error("the deleted ticket came back")
	}
}

// TestRestoreNeedsItsSeat: somebody else has bought the last place meanwhile.
func TestRestoreNeedsItsSeat(t *testing.T) {
	t.Parallel()
	g := newStage(t)
	event, err := g.NewEvent(simulator.EventSpec{Shows: []simulator.ShowSpec{{Hall: "small"}}})
	g.do(err)
	first := g.order(simulator.NewOrder{EventID: event, Tickets: 24})
	g.refused(errOf(g.CreateOrder(simulator.NewOrder{EventID: event})))
	g.do(g.Cancel(first))
	g.order(simulator.NewOrder{EventID: event, Tickets: 1})
	g.refused(g.Restore(first))
}

func errOf[T any](_ T, err error) error { return err }

func TestExtendedAndEndless(t *testing.T) {
	t.Parallel()
	g := newStage(t)
	extended, endless := g.order(simulator.NewOrder{}), g.order(simulator.NewOrder{})
	g.do(g.Extend(extended))
	g.refused(g.Extend(extended))
	g.do(g.ReserveForever(endless))
	row := g.row(extended)
	g.equal("reserve_extended", row["reserve_extended"], true)
	g.equal("reserved_to", g.moment(row["reserved_to"]), g.Now().Add(48*time.Hour))
	g.Advance(47 * time.Hour)
	g.equal("deleted_at of the extended", g.row(extended)["deleted_at"], nil)
	g.Advance(48 * time.Hour)
	if g.row(extended)["deleted_at"] == nil {
		t.Error("an extended reservation never expires")
	}
	g.equal("reserved", g.row(endless)["reserved"], true)
	g.equal("deleted_at of the endless", g.row(endless)["deleted_at"], nil)
}

// TestScanLeavesTheOrder: section 8, 39 of 39.
func TestScanLeavesTheOrder(t *testing.T) {
	t.Parallel()
	g := newStage(t)
	id := g.order(simulator.NewOrder{Tickets: 2})
	ticket := g.Tickets(id)[0].ID
	g.refused(g.Scan(ticket))
	g.do(g.Pay(id))
	g.Advance(time.Hour)
	before := g.row(id)["updated_at"]
	g.do(g.Scan(ticket))
	g.refused(g.Scan(ticket))
	scanned := g.Now()
	g.Advance(time.Minute)
	row := g.row(id)
	b := g.baskets(row)[0]
	g.equal("order.updated_at", row["updated_at"], before)
	g.equal("checked_at", g.moment(b["checked_at"]), scanned)
	g.within("basket.updated_at", scanned, g.moment(b["updated_at"]), 0, 47)
	g.Advance(time.Hour)
	g.do(g.ScanOut(ticket))
	b = g.baskets(g.row(id))[0]
	g.equal("checked_at after leaving", g.moment(b["checked_at"]), scanned)
	g.equal("basket.updated_at after leaving", g.moment(b["updated_at"]), g.Now())
}

func TestSilentTouch(t *testing.T) {
	t.Parallel()
	g := newStage(t)
	for range 5 {
		g.do(g.Pay(g.order(simulator.NewOrder{Free: true})))
	}
	g.Advance(10 * time.Hour)
	before := g.Oracle()
	ids := g.SilentUpdate()
	if len(ids) == 0 || len(ids) > 6 {
		t.Fatalf("touched %v", ids)
	}
	for _, id := range ids {
		row := g.row(id)
		g.equal("updated_at", g.moment(row["updated_at"]), g.Now())
		if b := g.baskets(row)[0]; !g.moment(b["updated_at"]).Before(g.Now()) {
			t.Error("a basket was touched too")
		}
	}
	same(t, "the oracle after a touch", g.Oracle(), before)
}

func TestEdits(t *testing.T) {
	t.Parallel()
	g := newStage(t)
	id := g.order(simulator.NewOrder{FullPrice: true})
	ticket := g.Tickets(id)[0]
	g.Advance(time.Minute)
	g.do(g.Reprice(ticket.ID, 12345))
	row := g.row(id)
	g.equal("discount_value", g.baskets(row)[0]["discount_value"], 123.45)
	g.equal("price", row["price"], g.baskets(row)[0]["price"])
	g.equal("updated_at", g.moment(row["updated_at"]), g.Now())
	g.refused(g.Reprice(ticket.ID, ticket.Price+1))
	g.do(g.Pay(id))
	g.refused(g.Reprice(ticket.ID, 0))
	g.Advance(time.Hour)
	g.do(g.EditGuest(ticket.ID))
	g.equal("updated_at after the edit", g.moment(g.row(id)["updated_at"]), g.Now())
}

// TestUnknownIds: every operation on nothing is ErrNotPossible.
func TestUnknownIds(t *testing.T) {
	t.Parallel()
	g := newStage(t)
	for _, err := range []error{
		g.Pay(1), g.Extend(1), g.ReserveForever(1), g.Cancel(1), g.DeleteTicket(1, 1), g.Refund(1, nil, 0), g.Restore(1),
		errOf(g.Replace(1)),
		g.Scan(1), g.ScanOut(1), g.EditGuest(1), g.Reprice(1, 0), g.AddToCart(1), g.Vanish(1), g.VanishTicket(1, 1),
		g.DeleteEvent(1),
		errOf(g.NewShow(1, simulator.ShowSpec{})), errOf(g.CloseSeats(1, 1)),
		errOf(g.CreateOrder(simulator.NewOrder{EventID: 1})),
		errOf(g.CreateOrder(simulator.NewOrder{ShowID: 1})),
	} {
		g.refused(err)
	}
	if g.Tickets(1) != nil || g.Shows(1) != nil {
		t.Error("unknown ids have parts")
	}
}
