package simulator_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// facts the query table needs about the world it asks.
type facts struct {
	rows  []map[string]any
	total int
	event int // an event with orders
	stamp string
}

func learn(t *testing.T, s *simulator.Server) facts {
	t.Helper()
	rows := everything(t, s, "/orders")
	middle := rows[len(rows)/2]
	return facts{rows, len(rows), int(middle["event_id"].(float64)), middle["updated_at"].(string)}
}

func (f facts) count(keep func(map[string]any) bool) int {
	n := 0
	for _, row := range f.rows {
		if keep(row) {
			n++
		}
	}
	return n
}

// TestWhere: the query language of section 3. Stamps of one offset compare as text.
func TestWhere(t *testing.T) {
	t.Parallel()
	s := start(t, newWorld(400), simulator.ServerOptions{})
	f := learn(t, s)
	event, all := f.count(func(r map[string]any) bool { return int(r["event_id"].(float64)) == f.event }), f.total
	payed := f.count(func(r map[string]any) bool { return r["payed"] == true })
	alive := f.count(func(r map[string]any) bool { return r["deleted_at"] == nil })
	since := f.count(func(r map[string]any) bool { return r["updated_at"].(string) >= f.stamp })
	after := f.count(func(r map[string]any) bool { return r["updated_at"].(string) > f.stamp })
	if event == 0 || event == all || payed == all || alive == all || since == after || since == all {
		t.Fatalf("the world shows nothing: %d of event, %d payed, %d alive, %d since, %d after of %d", event, payed, alive,
			since, after, all)
	}
	naive := strings.Replace(strings.TrimSuffix(f.stamp, "+03:00"), "T", " ", 1)
	where := func(conditions ...string) string { return `{"where":[` + strings.Join(conditions, ",") + `]}` }
	one := func(column, operator, value string) string {
		return fmt.Sprintf(`{"column":%q,"operator":%q,"value":%s}`, column, operator, value)
	}
	for name, c := range map[string]struct {
		url, body string
		status    int
		total     int
	}{
		"nothing": {total: all},
		"equal by default": {body: fmt.Sprintf(`{"where":[{"column":"event_id","value":%d}]}`, f.event),
			total: event},
		"number as a string": {body: fmt.Sprintf(`{"where":[{"column":"event_id","value":"%d"}]}`, f.event),
			total: event},
		"bool as 1":    {body: where(one("payed", "=", "1")), total: payed},
		"bool as true": {body: where(one("payed", "=", "true")), total: payed},
		"null":         {body: where(`{"column":"deleted_at","operator":"null"}`), total: alive},
		"not null":     {body: where(`{"column":"deleted_at","operator":"not null"}`), total: all - alive},
		"and": {body: where(`{"column":"deleted_at","operator":"null"}`, one("payed", "=", "0"),
			one("event_id", "=", "1")), total: 0},
		"at or after":             {body: where(one("updated_at", ">=", `"`+f.stamp+`"`)), total: since},
		"after":                   {body: where(one("updated_at", ">", `"`+f.stamp+`"`)), total: after},
		"before":                  {body: where(one("updated_at", "<", `"`+f.stamp+`"`)), total: all - since},
		"at or before":            {body: where(one("updated_at", "<=", `"`+f.stamp+`"`)), total: all - after},
		"the same instant in UTC": {body: where(one("updated_at", ">=", `"`+utc(f.stamp)+`"`)), total: since},
		"date with a space":       {body: where(one("updated_at", ">=", `"`+naive+`"`)), total: since},
		"not equal":               {body: where(one("event_id", "!=", itoa(f.event))), total: all - event},
		"in":                      {body: where(one("event_id", "in", "["+itoa(f.event)+",1]")), total: event},
		"not in":                  {body: where(one("event_id", "not in", "["+itoa(f.event)+"]")), total: all - event},
		"comparison with null":    {body: where(`{"column":"event_id","value":null}`), total: 0},
		"relation":                {body: where(one("client.details.vk_id", "=", `""`)), total: all},
		"unknown keys": {body: `{"per_page":7,"order_by":{"id":"desc"},"whereNot":[1],"status":"paid"}`,
			total: all},
		"unknown column":            {body: where(one("total_sum", "=", "1")), status: 503},
		"unknown operator":          {body: where(one("id", "between", "1")), status: 503},
		"unreadable date":           {body: where(one("updated_at", ">=", `"yesterday"`)), status: 503},
		"in without a list":         {body: where(one("id", "in", "1")), status: 503},
		"where of the wrong shape":  {body: `{"where":"event_id=1"}`, status: 503},
		"condition without column":  {body: `{"where":[{"event_id":1}]}`, status: 503},
		"orderBy of a wrong shape":  {body: `{"orderBy":"id"}`, status: 503},
		"orderBy unknown column":    {body: `{"orderBy":{"total":"asc"}}`, status: 503},
		"orderBy unknown direction": {body: `{"orderBy":{"id":"up"}}`, status: 503},
		"body that is no JSON":      {body: `{"where":[`, total: all},
		"body that is a list":       {body: `[{"column":"event_id","value":1}]`, total: all},
		"brackets in the URL": {url: fmt.Sprintf("?where[0][column]=event_id&where[0][value]=%d", f.event),
			total: event},
		"escaped brackets": {url: fmt.Sprintf("?where%%5B0%%5D%%5Bcolumn%%5D=event_id&where%%5B0%%5D%%5Bvalue%%5D=%d",
			f.event), total: event},
		"brackets with a date": {url: "?where[0][column]=updated_at&where[0][operator]=%3E%3D&where[0][value]=" +
			url.QueryEscape(f.stamp), total: since},
		"raw plus in the URL": {url: "?where[0][column]=updated_at&where[0][operator]=%3E%3D&where[0][value]=" +
			f.stamp, status: 503},
		"JSON string in the URL":    {url: "?where=" + url.QueryEscape(`[{"column":"event_id","value":1}]`), total: all},
		"orderBy string in the URL": {url: "?orderBy=" + url.QueryEscape(`{"payed_at":"desc"}`), total: all},
		"flat parameters": {
			url: "?payed=1&status=paid&since=2029-01-01&organization=x&limit=3&date_from=2030-01-01", total: all,
		},
		"the body wins": {url: "?where[0][column]=event_id&where[0][value]=1",
			body: fmt.Sprintf(`{"where":[{"column":"event_id","value":%d}]}`, f.event), total: event},
		"cache buster": {url: "?_=12345", total: all},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := get(t, s, "/orders"+c.url, c.body)
			if c.status != 0 {
				if r.status != c.status {
					t.Fatalf("status %d, want %d", r.status, c.status)
				}
				return
			}
			if p := r.page(t); p.Paging.Total != c.total {
				t.Fatalf("total %d, want %d", p.Paging.Total, c.total)
			}
		})
	}
}

// TestBodyNeedsItsContentType: a body of another type is not seen.
// TestChangedSince: conditions on updated_at find the orders that have such stamps, whatever happened to them, and none
// that is gone.
func TestChangedSince(t *testing.T) {
	t.Parallel()
	const all = 6000
	w := newWorld(4300) // more than one block of stamps
	s := start(t, w, simulator.ServerOptions{MaxPerPage: all})
	rng := rand.New(rand.NewPCG(1, 2))
	for round := range 3 {
		listed := get(t, s, "/orders", fmt.Sprintf(`{"perPage":%d,"select":["id","updated_at"]}`, all)).page(t).Data
		stamp := listed[rng.IntN(len(listed))]["updated_at"].(string)
		for operator, accepts := range map[string]func(int) bool{
			">=": func(c int) bool { return c >= 0 }, ">": func(c int) bool { return c > 0 },
			"<": func(c int) bool { return c < 0 }, "<=": func(c int) bool { return c <= 0 },
			"=": func(c int) bool { return c == 0 }, "!=": func(c int) bool { return c != 0 },
		} {
			var want []int64
			for _, row := range listed {
				if accepts(strings.Compare(row["updated_at"].(string), stamp)) {
					want = append(want, int64(row["id"].(float64)))
				}
			}
			from := rng.IntN(len(want)/20+1) * 20
			found := get(t, s, "/orders", fmt.Sprintf(`{"perPage":20,"page":%d,"where":[{"column":"updated_at","operator":%q,"value":%q}]}`,
				from/20+1, operator, stamp)).page(t)
			if part := want[from:min(from+20, len(want))]; found.Paging.Total != len(want) || !slices.Equal(found.ids(), part) {
				t.Errorf("round %d: %d orders with updated_at %s %s, want %d, among them %d and not %d", round,
					found.Paging.Total, operator, stamp, len(want), part, found.ids())
			}
		}
		for range 60 {
			w.Step(rng)
		}
		for range 3 {
			_ = w.Vanish(int64(listed[rng.IntN(len(listed))]["id"].(float64))) // one that replaces another stays
		}
	}
}

func TestBodyNeedsItsContentType(t *testing.T) {
	t.Parallel()
	s := start(t, newWorld(50), simulator.ServerOptions{})
	r := send(t, s, request{path: "/orders", body: `{"perPage":5}`,
		header: map[string]string{"Content-Type": "text/plain"}})
	if n := r.page(t).Paging.PerPage; n != 50 {
		t.Errorf("perPage %d, want the default 50", n)
	}
}

func TestOrderBy(t *testing.T) {
	t.Parallel()
	s := start(t, newWorld(120), simulator.ServerOptions{})
	for _, column := range []string{"id", "updated_at", "payed_at", "price"} {
		for _, direction := range []string{"asc", "desc"} {
			p := get(t, s, "/orders", fmt.Sprintf(`{"perPage":120,"orderBy":{%q:%q}}`, column, direction)).page(t)
			if len(p.Data) != 120 {
				t.Fatalf("%d rows, want 120", len(p.Data))
			}
			sorted := slices.IsSortedFunc(p.Data, func(a, b map[string]any) int {
				c := compareJSON(a[column], b[column])
				if direction == "desc" {
					c = -c
				}
				return c
			})
			if !sorted {
				t.Errorf("not in order of %s %s", column, direction)
			}
			for n := 1; n <= 18; n++ { // the last one is empty
				few := get(t, s, "/orders", fmt.Sprintf(`{"perPage":7,"page":%d,"orderBy":{%q:%q}}`, n, column, direction)).page(t)
				want := p.Data[min(7*(n-1), 120):min(7*n, 120)]
				if few.Paging.Total != 120 || !slices.EqualFunc(few.Data, want,
					func(a, b map[string]any) bool { return a["id"] == b["id"] }) {
					t.Errorf("page %d of %s %s is not that part of the whole list", n, column, direction)
				}
			}
		}
	}
}

func compareJSON(a, b any) int {
	if x, ok := a.(float64); ok {
		return int(x*100) - int(b.(float64)*100)
	}
	x, _ := a.(string)
	y, _ := b.(string)
	return strings.Compare(x, y)
}

func TestPaging(t *testing.T) {
	t.Parallel()
	s := start(t, newWorld(620), simulator.ServerOptions{MaxPerPage: 200})
	for list, perPage := range map[string]int{"orders": 50, "events": 10, "clients": 100, "discounts": 100,
		"promo-codes": 500, "baskets": 100} {
		p := get(t, s, "/"+list, "").page(t)
		if p.Paging.PerPage != perPage || p.Paging.CurrentPage != 1 || len(p.Data) != min(perPage, p.Paging.Total) {
			t.Errorf("%s: %+v with %d rows, want %d a page", list, p.Paging, len(p.Data), perPage)
		}
	}
	var seen []int64
	for n := 1; n <= 7; n++ {
		p := get(t, s, "/orders", fmt.Sprintf(`{"page":%d,"perPage":100}`, n)).page(t)
		seen = append(seen, p.ids()...)
	}
	if len(seen) != 620 || !slices.IsSorted(seen) || len(slices.Compact(seen)) != 620 {
		t.Errorf("seven pages gave %d rows", len(seen))
	}
	for name, c := range map[string]struct {
		path, body       string
		page, size, rows int
	}{
		"cap":               {"/orders", `{"perPage":1000}`, 1, 200, 200},
		"past the end":      {"/orders", `{"page":9,"perPage":100}`, 9, 100, 0},
		"page as a string":  {"/orders", `{"page":"2","perPage":"30"}`, 2, 30, 30},
		"page zero":         {"/orders", `{"page":0}`, 1, 50, 50},
		"negative":          {"/orders", `{"page":-3,"perPage":-1}`, 1, 50, 50},
		"in the URL":        {"/orders?page=2&perPage=20", "", 2, 20, 20},
		"underscore":        {"/orders?per_page=20", "", 1, 50, 50},
		"far past the end":  {"/orders", `{"page":99999999}`, 99999999, 50, 0},
		"last page partial": {"/orders", `{"page":7,"perPage":100}`, 7, 100, 20},
	} {
		p := get(t, s, c.path, c.body).page(t)
		if p.Paging.CurrentPage != c.page || p.Paging.PerPage != c.size || len(p.Data) != c.rows || p.Paging.Total != 620 {
			t.Errorf("%s: %+v with %d rows", name, p.Paging, len(p.Data))
		}
	}
	if text := get(t, s, "/orders", `{"page":9,"perPage":100}`).text; !strings.HasPrefix(text,
		`{"data":[],"paging":{"perPage":100,"currentPage":9,"total":620}}`) {
		t.Errorf("past the end: %s", text)
	}
}

func TestSelect(t *testing.T) {
	t.Parallel()
	s := start(t, newWorld(50), simulator.ServerOptions{})
	for _, form := range []struct{ path, body string }{
		{"/events", `{"select":["id","city.timezone","shows.id","shows.start_date","nonsense"],"perPage":1}`},
		{"/events?perPage=1&select[0]=id&select[1]=city.timezone&select[]=shows.id&select[]=shows.start_date", ""},
	} {
		text := get(t, s, form.path, form.body).text
		if !strings.HasPrefix(text, `{"data":[{"id":`) || !strings.Contains(text, `"shows":[{"id":`) ||
			!strings.Contains(text, `"city":{"timezone":"Asia\/Novosibirsk"}`) {
			t.Errorf("%+v gave %s", form, text)
		}
		for _, dropped := range []string{"scheme_properties", "place_name", "finish_date", "nonsense"} {
			if strings.Contains(text, dropped) {
				t.Errorf("%s was not dropped by %+v", dropped, form)
			}
		}
	}
	if text := get(t, s, "/events", `{"select":["id","shows"],"perPage":1}`).text; !strings.Contains(text,
		"scheme_properties") {
		t.Error("select of a whole relation lost a part of it")
	}
	if text := get(t, s, "/orders", `{"select":["id","client.details.phone"],"perPage":1}`).text; !strings.Contains(text,
		`"client":{"details":{"phone":`) {
		t.Errorf("select on orders: %s", text)
	}
}

func TestPromoCodesAreGroupedByDiscount(t *testing.T) {
	t.Parallel()
	s := start(t, newWorld(10), simulator.ServerOptions{})
	p := get(t, s, "/promo-codes", "").page(t)
	discounts := slices.IsSortedFunc(p.Data,
		func(a, b map[string]any) int { return compareJSON(a["discount_id"], b["discount_id"]) })
	if ids := p.ids(); !discounts || slices.IsSorted(ids) {
		t.Errorf("grouped by discount: %v; in order of id: %v", discounts, slices.IsSorted(ids))
	}
	p = get(t, s, "/promo-codes", `{"orderBy":{"id":"asc"},"where":[{"column":"deleted_at","operator":"null"}]}`).page(t)
	if ids := p.ids(); !slices.IsSorted(ids) || p.Paging.Total >= 72 {
		t.Errorf("%d codes alive, sorted %v", p.Paging.Total, slices.IsSorted(ids))
	}
	barcode := ""
	for _, row := range get(t, s, "/baskets", `{"where":[{"column":"barcode","operator":"not null"}]}`).page(t).Data {
		barcode = row["barcode"].(string)
	}
	if n := get(t, s, "/baskets", fmt.Sprintf(`{"where":[{"column":"barcode","value":%q}]}`,
		barcode)).page(t).Paging.Total; n != 1 {
		t.Errorf("%d baskets with one barcode", n)
	}
}
