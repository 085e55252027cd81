package qtickets

import (
	"net/url"
	"testing"
	"time"
)

var when = time.Date(2030, 1, 31, 7, 0, 0, 0, time.UTC)

func TestQueryForms(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name           string
		query          Query
		body, brackets string
	}{
		{"nothing", Query{}, ``, ``},
		{"documented sample", Query{
			Select:  []string{"id", "shows.id"},
			Where:   []Condition{{Column: "event_id", Value: 70001}, {Column: "deleted_at", Operator: "null"}},
			OrderBy: []Sort{Asc("id")}, Page: 1, PerPage: 100,
		},
			`{"select":["id","shows.id"],"where":[{"column":"event_id","value":70001},{"column":"deleted_at","operator":"null"}],"orderBy":{"id":"asc"},"page":1,"perPage":100}`,
			`orderBy[id]=asc&page=1&perPage=100&select[0]=id&select[1]=shows.id&where[0][column]=event_id&where[0][value]=70001&where[1][column]=deleted_at&where[1][operator]=null`},
		{"time with offset", Query{Where: []Condition{{Column: "updated_at", Operator: ">=", Value: when}}},
			`{"where":[{"column":"updated_at","operator":">=","value":"2030-01-31T10:00:00+03:00"}]}`,
			`where[0][column]=updated_at&where[0][operator]=>=&where[0][value]=2030-01-31T10:00:00+03:00`},
		{"time of Moscow", Query{Dates: DateMoscow, Where: []Condition{{Column: "updated_at", Operator: ">=", Value: when}}},
			`{"where":[{"column":"updated_at","operator":">=","value":"2030-01-31 10:00:00"}]}`,
			`where[0][column]=updated_at&where[0][operator]=>=&where[0][value]=2030-01-31 10:00:00`},
		{"every kind of value", Query{OrderBy: []Sort{Desc("updated_at"), Asc("id")}, Where: []Condition{
			{Column: "payed", Value: true}, {Column: "id", Operator: "in", Value: []int64{1, 2}},
			{Column: "code", Value: "a\"b&c"}, {Column: "id", Value: int64(5)}}},
			`{"where":[{"column":"payed","value":true},{"column":"id","operator":"in","value":[1,2]},{"column":"code","value":"a\"b&c"},{"column":"id","value":5}],"orderBy":{"updated_at":"desc","id":"asc"}}`,
			`orderBy[id]=asc&orderBy[updated_at]=desc&where[0][column]=payed&where[0][value]=1&where[1][column]=id&where[1][operator]=in&where[1][value][0]=1&where[1][value][1]=2&where[2][column]=code&where[2][value]=a"b%26c&where[3][column]=id&where[3][value]=5`},
	}
	for _, c := range cases {
		body, err := c.query.jsonBody()
		if err != nil || string(body) != c.body {
			t.Errorf("%s: body %s, %v; want %s", c.name, body, err, c.body)
		}
		values, err := c.query.bracketParams()
		want, bad := url.ParseQuery(escapePlus(c.brackets))
		if err != nil || bad != nil || values.Encode() != want.Encode() {
			t.Errorf("%s: brackets %s, %v, %v; want %s", c.name, values.Encode(), err, bad, want.Encode())
		}
	}
	wrong := Query{Where: []Condition{{Column: "price", Value: 1.5}}}
	if _, err := wrong.jsonBody(); err == nil {
		t.Error("a float was sent")
	}
	if _, err := wrong.bracketParams(); err == nil {
		t.Error("a float was sent in brackets")
	}
}

// escapePlus keeps the table readable: in an address a raw plus would be a space.
func escapePlus(s string) string {
	out := ""
	for _, c := range s {
		if c == '+' {
			out += "%2B"
		} else {
			out += string(c)
		}
	}
	return out
}

func TestConditionsAgainstRows(t *testing.T) {
	t.Parallel()
	row := Order{ID: 7, EventID: Some[int64](70001), Payed: Some(false), UpdatedAt: Some(when)}
	cases := []struct {
		c     Condition
		holds bool
	}{
		{Condition{"event_id", "", 70001}, true}, {Condition{"event_id", "=", int64(70002)}, false},
		{Condition{"event_id", "", "70001"}, true}, {Condition{"event_id", "in", []int64{1, 70001}}, true},
		{Condition{"event_id", "in", []int64{1}}, false}, {Condition{"event_id", "not in", []int64{70001}}, false},
		{Condition{"event_id", "!=", 70001}, false}, {Condition{"payed", "", 1}, false},
		{Condition{"payed", "", false}, true},
		{Condition{"deleted_at", "null", nil}, true}, {Condition{"deleted_at", "not null", nil}, false},
		{Condition{"updated_at", "null", nil}, false}, {Condition{"payed_at", ">=", when}, false},
		{Condition{"updated_at", ">=", when}, true}, {Condition{"updated_at", ">", when}, false},
		{Condition{"updated_at", "<", when.Add(time.Second)}, true}, {Condition{"updated_at", "<=", when.Add(-time.Second)},
			false},
		{Condition{"updated_at", ">=", when.Add(500 * time.Millisecond)}, true}, // sent without the fraction
		{Condition{"updated_at", "=", "2030-01-31 10:00:00"}, true}, {Condition{"updated_at", "=", "2030-01-31T07:00:00Z"},
			true},
		{Condition{"updated_at", ">=", "2030-01-31T10:00:01+03:00"}, false},
		{Condition{"client.details.vk_id", "", 5}, true}, // not decoded, hence taken on trust
		{Condition{"event_id", "like", 5}, true}, {Condition{"event_id", "", "text"}, true},
	}
	for _, c := range cases {
		ignored := checkRows(Query{Where: []Condition{c.c}}, []Order{row})
		if (ignored == nil) != c.holds {
			t.Errorf("%+v: %v, want holds = %v", c.c, ignored, c.holds)
		}
		if ignored != nil && (ignored.What != "where" || ignored.Column != c.c.Column || ignored.RowID != 7) {
			t.Errorf("%+v: reported as %+v", c.c, ignored)
		}
	}
	unselected := Query{Select: []string{"id", "name"}, Where: []Condition{{Column: "is_active", Value: 1}},
		OrderBy: []Sort{Asc("updated_at")}}
	if ignored := checkRows(unselected, []Event{{ID: 1}}); ignored != nil {
		t.Errorf("a column that was not selected: %v", ignored)
	}
}

func TestOrderOfRows(t *testing.T) {
	t.Parallel()
	at := func(hours ...int) (rows []Order) {
		for i, h := range hours {
			o := Order{ID: int64(100 + i)}
			if h >= 0 {
				o.UpdatedAt = Some(when.Add(time.Duration(h) * time.Hour))
			}
			rows = append(rows, o)
		}
		return rows
	}
	cases := []struct {
		sort Sort
		rows []Order
		bad  int64
	}{
		{Asc("updated_at"), at(1, 1, -1, 2), 0}, {Asc("updated_at"), at(1, 2, 1), 102}, {Desc("updated_at"), at(3, 3, 1), 0},
		{Desc("updated_at"), at(3, -1, 4), 102}, {Asc("id"), at(5, 4, 3), 0}, {Desc("id"), at(5, 4), 101},
		{Asc("price"), at(2, 1), 0},
	}
	for _, c := range cases {
		ignored := checkRows(Query{OrderBy: []Sort{c.sort}}, c.rows)
		if (ignored == nil) != (c.bad == 0) || ignored != nil && (ignored.RowID != c.bad || ignored.What != "orderBy" ||
			ignored.Column != c.sort.Column) {
			t.Errorf("%+v %v: %+v, want row %d", c.sort, c.rows, ignored, c.bad)
		}
	}
}

func TestCellsOfReferenceRows(t *testing.T) {
	t.Parallel()
	rows := []row{
		&Event{ID: 5, IsActive: Some(true), UpdatedAt: Some(when)},
		&Discount{ID: 5, IsActive: Some(true), UpdatedAt: Some(when)},
		&PromoCode{ID: 5, IsActive: Some(true), UpdatedAt: Some(when), DiscountID: Some[int64](9)},
	}
	for _, r := range rows {
		for column, want := range map[string]Opt[int64]{"id": Some[int64](5), "is_active": Some[int64](1),
			"updated_at": Some(when.UnixMicro()), "deleted_at": {}} {
			if got, known := r.cell(column); !known || got.Valid != want.Valid || want.Valid && got != want {
				t.Errorf("%T %s: %v %v", r, column, got, known)
			}
		}
		if _, known := r.cell("name"); known || r.rowID() != 5 {
			t.Errorf("%T knows the name or not its id", r)
		}
	}
	if got, _ := rows[2].cell("discount_id"); got != Some[int64](9) {
		t.Errorf("discount of a promo code: %v", got)
	}
	o := &Order{DiscountID: Some[int64](8), PromoCodeID: Some[int64](9), CreatedAt: Some(when)}
	for column, want := range map[string]int64{"discount_id": 8, "promo_code_id": 9, "created_at": when.UnixMicro()} {
		if got, known := o.cell(column); !known || got != Some(want) {
			t.Errorf("order %s: %v %v", column, got, known)
		}
	}
}
