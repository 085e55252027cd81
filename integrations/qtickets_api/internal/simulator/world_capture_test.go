package simulator_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// TestLoadCapture serves answers this package wrote itself, so that it needs no recorded ones.
func TestLoadCapture(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	source := start(t, newWorld(80), simulator.ServerOptions{})
	for _, list := range []string{"orders", "events"} {
		text := get(t, source, "/"+list, `{"perPage":60}`).text
		if err := os.WriteFile(filepath.Join(dir, list+"_page.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	serveCapture(t, dir, 60, 10)
	if _, err := simulator.LoadCapture(t.TempDir()); err == nil {
		t.Error("an empty folder is no capture")
	}
	if err := os.WriteFile(filepath.Join(dir, "orders_page.json"), []byte(`{"data":[`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := simulator.LoadCapture(dir); err == nil {
		t.Error("half a page was loaded")
	}
}

// TestProductionCapture does the same with recorded production answers.
func TestProductionCapture(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("QTICKETS_CAPTURES")
	if dir == "" {
		t.Skip("QTICKETS_CAPTURES names no folder with captures")
	}
	w := serveCapture(t, dir, 50, 5)
	if o := w.Oracle(); len(o.TicketIDs) != 139 || len(o.ShowIDs) != 11 {
		t.Errorf("%d tickets, %d shows", len(o.TicketIDs), len(o.ShowIDs))
	}
}

func serveCapture(t *testing.T, dir string, orders, events int) *simulator.World {
	t.Helper()
	w, err := simulator.LoadCapture(dir)
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, w, simulator.ServerOptions{})
	for list, n := range map[string]int{"orders": orders, "events": events} {
		recorded, err := os.ReadFile(filepath.Join(dir, list+"_page.json"))
		if err != nil {
			t.Fatal(err)
		}
		r := get(t, s, "/"+list, `{"perPage":100}`)
		if p := r.page(t); p.Paging.Total != n || len(p.Data) != n {
			t.Errorf("%s: %d rows of %d, want %d", list, len(p.Data), p.Paging.Total, n)
		}
		for i, row := range rawRows(t, r.text) {
			if string(row) != string(rawRows(t, string(recorded))[i]) {
				t.Errorf("row %d of %s differs from the recorded one", i, list)
			}
		}
	}
	captureQueries(t, s, w)
	return w
}

func captureQueries(t *testing.T, s *simulator.Server, w *simulator.World) {
	t.Helper()
	ids := w.Oracle().OrderIDs
	down := get(t, s, "/orders", `{"orderBy":{"id":"desc"},"perPage":7,"page":2}`).page(t)
	want := slices.Clone(ids[len(ids)-14 : len(ids)-7])
	slices.Reverse(want)
	if !slices.Equal(down.ids(), want) {
		t.Errorf("page 2 from the end is %v, want %v", down.ids(), want)
	}
	rows := everything(t, s, "/orders")
	alive, stamps := 0, 0
	stamp := rows[len(rows)/2]["updated_at"].(string)
	for _, row := range rows {
		if row["deleted_at"] == nil {
			alive++
		}
		if row["updated_at"].(string) >= stamp {
			stamps++
		}
	}
	wantTotal(t, get(t, s, "/orders", `{"where":[{"column":"deleted_at","operator":"null"}]}`), alive)
	wantTotal(t, get(t, s, "/orders", `{"where":[{"column":"updated_at","operator":">=","value":"`+stamp+`"}]}`), stamps)
	wantTotal(t, get(t, s, "/orders", `{"where":[{"column":"payed","value":1},{"column":"event_id","value":0}]}`), 0)
	if d := detail(t, s, ids[0]); d["id"] != float64(ids[0]) {
		t.Errorf("detail %v", d["id"])
	}
	wantStatus(t, get(t, s, "/orders/1", ""), 404)
	for _, list := range []string{"/discounts", "/promo-codes", "/clients", "/baskets"} {
		wantTotal(t, get(t, s, list, ""), 0)
	}
	for _, path := range []string{"/discounts/1", "/clients/1", "/shows/1/barcodes"} {
		wantStatus(t, get(t, s, path, ""), 404)
	}
	if text := get(t, s, "/shows/1/seats", "").text; text != `{"data":[]}` {
		t.Errorf("seats %s", text)
	}
	text := get(t, s, "/events", `{"select":["id","city"],"perPage":1}`).text
	if !strings.Contains(text, `"city":{"id":`) || strings.Contains(text, "scheme_properties") {
		t.Errorf("select: %.200s", text)
	}
	if _, err := w.CreateOrder(simulator.NewOrder{}); err == nil {
		t.Error("a captured world sold a ticket")
	}
	w.Advance(time.Hour)
	if _, err := json.Marshal(w.Oracle().Totals); err != nil {
		t.Error(err)
	}
}
