package simulator_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// seatShow makes an event with one hall of a kind and sells n tickets of it.
func seatShow(g stage, hall string, n int) int64 {
	g.Helper()
	event, err := g.NewEvent(simulator.EventSpec{Zone: "Asia/Vladivostok", Shows: []simulator.ShowSpec{{Hall: hall}}})
	g.do(err)
	if n > 0 {
		g.do(g.Pay(g.order(simulator.NewOrder{EventID: event, Tickets: n})))
	}
	return g.Shows(event)[0]
}

func TestNestedSeats(t *testing.T) {
	t.Parallel()
	g := newStage(t)
	path := fmt.Sprintf("/shows/%d/seats", seatShow(g, "mixed", 3))
	plain := get(t, g.s, path, "").text
	if !strings.HasPrefix(plain,
		`{"data":{"DANCEFLOOR":{"zone_id":"DANCEFLOOR","name":"\u0422\u0430\u043d\u0446\u043f\u043e\u043b \/ `) ||
		!strings.Contains(plain, `"description":"","seats":{"1;1":{"seat_id":"DANCEFLOOR-1;1","admission":true}}}`) {
		t.Errorf("the default form is %.400s", plain)
	}
	body := `{"select":["seat_id","name","free_quantity","price","disabled","row","place","admission"]}`
	wantText(t, get(t, g.s, path, body),
		`"1;1":{"seat_id":"VIP-1;1","name":"VIP-\u043b\u043e\u0436\u0430, \u0440\u044f\u0434 1, \u043c\u0435\u0441\u0442\u043e 1",`+
			`"admission":false,"disabled":false,"free_quantity":1,"row":"1","place":"1","price":5000.75}`)
	if url := get(t, g.s, path+"?select[0]=price&select[1]=name", "").text; strings.Contains(url, "seat_id") ||
		!strings.Contains(url, `"price":1500`) {
		t.Errorf("select in the URL: %.200s", url)
	}
}

func TestFlatSeats(t *testing.T) {
	t.Parallel()
	g := newStage(t)
	show := seatShow(g, "tariffs", 4)
	var response struct{ Data map[string]map[string]any }
	text := get(t, g.s, fmt.Sprintf("/shows/%d/seats", show), `{"flat":true}`)
	text.decode(t, &response)
	if len(response.Data) != 240 {
		t.Fatalf("%d rows, want 120 seats in two tariffs", len(response.Data))
	}
	seat := response.Data["child_PARTERRE-2;3"]
	for k, want := range map[string]any{
		"id": "child_PARTERRE-2;3", "root_id": "PARTERRE-2;3", "zone_id": "child_PARTERRE", "zone_root_id": "PARTERRE",
		"short_seat_id": "2;3", "row": "2", "place": "3", "price": 600.0, "currency_id": "RUB", "max_quantity": 1.0,
		"multiprice_code": "child",
	} {
		if seat[k] != want {
			t.Errorf("%s is %v, want %v", k, seat[k], want)
		}
	}
	if _, ok := seat["spread"]; ok {
		t.Error("quotas came without being asked for")
	}
	payed, taken := 0.0, 0
	for _, row := range response.Data {
		payed += row["payed_quantity"].(float64)
		if row["free_quantity"] == 0.0 {
			taken++
		}
	}
	if payed != 4 || taken != 8 {
		t.Errorf("%v payed, %d rows taken; want 4 and 8", payed, taken)
	}
}

func TestSeatFilters(t *testing.T) {
	t.Parallel()
	g := newStage(t)
	show := seatShow(g, "mixed", 0)
	closed, err := g.CloseSeats(show, 5)
	g.do(err)
	count := func(where string) int {
		var response struct{ Data json.RawMessage }
		get(t, g.s, fmt.Sprintf("/shows/%d/seats", show), `{"flat":true,"where":[`+where+`]}`).decode(t, &response)
		if string(response.Data) == "[]" {
			return 0
		}
		var seats map[string]any
		if err := json.Unmarshal(response.Data, &seats); err != nil {
			t.Fatal(err)
		}
		return len(seats)
	}
	if n := count(`{"column":"disabled","value":true}`); n != closed || closed != 5 {
		t.Errorf("%d disabled, %d closed", n, closed)
	}
	if n := count(`{"column":"disabled","value":1}`); n != 5 {
		t.Errorf("%d disabled = 1", n)
	}
	if n := count(`{"column":"multiprice_code","operator":"null"}`); n != 33 {
		t.Errorf("%d without a tariff, want all 33", n)
	}
	if n := count(`{"column":"zone_id","value":"nowhere"}`); n != 0 {
		t.Errorf("%d in no zone", n)
	}
	wantStatus(t, get(t, g.s, fmt.Sprintf("/shows/%d/seats", show), `{"where":[{"column":"root_zone_id","value":"VIP"}]}`),
		503)
	wantText(t, get(t, g.s, fmt.Sprintf("/shows/%d/seats", show), `{"flat":true,"select":["spread.client_emails"]}`),
		`{"spread":{"client_emails":[]}}`)
}

func TestCartsHoldSeats(t *testing.T) {
	t.Parallel()
	g := newStage(t)
	show := seatShow(g, "small", 3)
	g.do(g.AddToCart(show))
	if k := g.Oracle().Inventory[show]; k != (simulator.Stock{Capacity: 24, Free: 20, Sold: 3, Held: 1}) {
		t.Errorf("stock %+v", k)
	}
	g.Advance(20 * time.Minute)
	if k := g.Oracle().Inventory[show]; k.Held != 0 || k.Free != 21 {
		t.Errorf("stock after the cart is gone %+v", k)
	}
}

func TestBarcodes(t *testing.T) {
	t.Parallel()
	g := newStage(t)
	event, err := g.NewEvent(simulator.EventSpec{Shows: []simulator.ShowSpec{{}}})
	g.do(err)
	show := g.Shows(event)[0]
	id := g.order(simulator.NewOrder{EventID: event, Tickets: 5, FullPrice: true})
	path := fmt.Sprintf("/shows/%d/barcode", show)
	if text := get(t, g.s, path+"s", "").text; text != "[]" {
		t.Errorf("before the payment: %s", text)
	}
	g.do(g.Pay(id))
	g.do(g.Refund(id, []int64{g.Tickets(id)[0].ID}, simulator.FullAmount))
	g.do(g.DeleteTicket(id, g.Tickets(id)[1].ID))
	g.do(g.Scan(g.Tickets(id)[2].ID))
	var valid []map[string]any
	get(t, g.s, path+"s", "").decode(t, &valid)
	if len(valid) != 3 || valid[0]["row"] == nil || valid[0]["price"] == nil {
		t.Fatalf("valid tickets %v", valid)
	}
	var one struct {
		Barcode   string
		CheckedAt *string `json:"checked_at"`
	}
	get(t, g.s, path+"/"+valid[0]["barcode"].(string), "").decode(t, &one)
	if one.CheckedAt == nil || one.Barcode != valid[0]["barcode"] {
		t.Errorf("the scanned one is %+v", one)
	}
	get(t, g.s, path+"/"+valid[1]["barcode"].(string), "").decode(t, &one)
	if one.CheckedAt != nil {
		t.Error("the unscanned one is scanned")
	}
	wantStatus(t, get(t, g.s, path+"/000", ""), 404)
	var selected []map[string]any
	get(t, g.s, path+"s", `{"select":["barcode"]}`).decode(t, &selected)
	if len(selected) != 3 || len(selected[0]) != 1 {
		t.Errorf("select left %v", selected)
	}
}

func TestColorThemes(t *testing.T) {
	t.Parallel()
	s := start(t, newWorld(1), simulator.ServerOptions{})
	r := get(t, s, "/color-themes", "")
	p := r.page(t)
	if len(p.Data) != 15 || strings.Contains(r.text, "paging") || slices.IsSorted(p.ids()) {
		t.Errorf("%d colours: %s", len(p.Data), r.text)
	}
}
