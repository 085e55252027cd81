package contract

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// TestEveryQuestionIsHere: the list is that of the API notes, row by row, and every question has its words.
func TestEveryQuestionIsHere(t *testing.T) {
	t.Parallel()
	notes, err := os.ReadFile("../../../../docs/qtickets-api.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(notes), "\n## 18. ")
	rows := regexp.MustCompile(`(?m)^\| (\d+) \|`).FindAllStringSubmatch(section, -1)
	if len(rows) != 22 {
		t.Fatalf("section 18 has %d rows", len(rows))
	}
	codes := map[string]bool{}
	for i, q := range questions {
		if int(q.ID) != i+1 || codes[q.Code] || q.Code == "" {
			t.Errorf("question %d stands at %d as %q", q.ID, i+1, q.Code)
		}
		codes[q.Code] = true
		if i < len(rows) && rows[i][1] != fmt.Sprint(q.ID) {
			t.Errorf("row %s of section 18 is not question %d", rows[i][1], q.ID)
		}
		seen := q.For != Words{} && q.Against != Words{} && q.Unseen == Words{}
		unseen := q.For == Words{} && q.Against == Words{} && q.Unseen != Words{}
		if seen == unseen {
			t.Errorf("%s has counts and a reason why there are none, or neither", q.Code)
		}
		for _, w := range []Words{q.Assumes, q.Affects, q.For, q.Against, q.Unseen} {
			if (w.RU == "") != (w.EN == "") {
				t.Errorf("%s lacks a language: %+v", q.Code, w)
			}
		}
	}
	if len(questions) != int(ZeroFilter) || (&Observer{}).Counts(ZeroFilter) != (Counts{}) {
		t.Errorf("%d questions", len(questions))
	}
}

// TestDocumented: docs/guarantees.md ends with the list, and both READMEs say how long it is. After a change run the
// tests with QTICKETS_UPDATE_DOCS=1.
func TestDocumented(t *testing.T) {
	t.Parallel()
	var rows strings.Builder
	for i := range questions {
		q := &questions[i]
		seen := q.For.EN + " / " + q.Against.EN
		if !q.Visible() {
			seen = "cannot be seen by reading: " + q.Unseen.EN
		}
		fmt.Fprintf(&rows, "| %d | %s | %s | %s |\n", q.ID, q.Assumes.EN, q.Affects.EN, seen)
	}
	const document, head = "../../../../docs/guarantees.md", "\n| no. | assumed |"
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	before, table, found := strings.Cut(string(text), head)
	lines := strings.SplitAfterN(table, "\n", 3)
	if !found || len(lines) < 3 {
		t.Fatalf("%s has no table of assumptions", document)
	}
	want := before + head + lines[0] + lines[1] + rows.String()
	if want != string(text) {
		if os.Getenv("QTICKETS_UPDATE_DOCS") == "" {
			t.Errorf("%s does not list the assumptions: run this test with QTICKETS_UPDATE_DOCS=1", document)
		} else if err := os.WriteFile(document, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for file, says := range map[string]string{
		"README.md": "%d assumptions about the API", "README.ru.md": "%d предположений об API",
	} {
		text, err := os.ReadFile("../../../../" + file)
		if err != nil || !strings.Contains(string(text), fmt.Sprintf(says, len(questions))) {
			t.Errorf("%s does not say how many assumptions there are: %v", file, err)
		}
	}
}

// TestState: one observation settles what a counterexample settles; the other side needs as many as its question asks.
func TestState(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		id    ID
		seen  Counts
		state State
	}{
		{RefundMoves, Counts{}, NotSeen},
		{RefundMoves, Counts{For: 2}, NotSeen},
		{RefundMoves, Counts{For: 3}, Confirmed},
		{RefundMoves, Counts{For: 300, Against: 1}, Refuted},
		{ScanStill, Counts{Against: 2}, NotSeen},
		{ScanStill, Counts{Against: 3}, Refuted},
		{ScanStill, Counts{For: 1, Against: 300}, Confirmed},
		{Where, Counts{For: 1}, Confirmed},
		{PersonalData, Counts{}, NotSeen},
	} {
		if got := Of(c.id).State(c.seen); got != c.state {
			t.Errorf("%s with %+v is %s, want %s", Of(c.id).Code, c.seen, got, c.state)
		}
	}
}

// TestStand: what the API can do today is what the newest load saw; elsewhere observations add up, and a
// counterexample is forgotten when it does not come back.
func TestStand(t *testing.T) {
	t.Parallel()
	type load struct {
		days  int // since the first
		seen  Counts
		state State
	}
	start := time.Date(2030, 5, 1, 0, 0, 0, 0, time.UTC)
	for id, loads := range map[ID][]load{
		Where: {{0, Counts{For: 1}, Confirmed}, {1, Counts{Against: 1}, Refuted}, {2, Counts{}, Refuted},
			{3, Counts{For: 1}, Confirmed}},
		RefundMoves: {{0, Counts{For: 3}, Confirmed}, {1, Counts{Against: 1}, Refuted}, {7, Counts{For: 1}, Refuted},
			{9, Counts{}, Confirmed}, {10, Counts{Against: 1}, Refuted}},
		NoLimit: {{0, Counts{For: 60, Against: 1}, Refuted}, {1, Counts{For: 60}, Refuted},
			{3, Counts{For: 60}, Confirmed}},
		ScanStill: {{0, Counts{Against: 3}, Refuted}, {1, Counts{For: 1}, Confirmed}, {59, Counts{}, Confirmed},
			{70, Counts{}, Refuted}},
		PersonalData: {{0, Counts{}, NotSeen}},
	} {
		s := Standing{ID: id, State: NotSeen}
		for _, l := range loads {
			now := start.AddDate(0, 0, l.days)
			before := s
			s = s.Stand(l.seen, now, fmt.Sprint("run ", l.days))
			if s.State != l.state {
				t.Errorf("%s on day %d: %s by %+v, want %s", Of(id).Code, l.days, s.State, s.Counts, l.state)
			}
			if changed := before.State != s.State; changed != s.Since.Equal(now) && l.days > 0 {
				t.Errorf("%s on day %d: since %s", Of(id).Code, l.days, s.Since)
			}
			if seen := l.seen != (Counts{}); seen != (s.Run == fmt.Sprint("run ", l.days)) {
				t.Errorf("%s on day %d: run %q", Of(id).Code, l.days, s.Run)
			}
		}
		if back := FromRow(s.Row()); back != s {
			t.Errorf("%+v is stored as %+v", s, back)
		}
	}
}

// TestForget: what came from a cache proves nothing but that there is one.
func TestForget(t *testing.T) {
	t.Parallel()
	var o Observer
	for _, q := range questions {
		o.Saw(q.ID, false)
	}
	o.Forget()
	for _, q := range questions {
		stays := slices.Contains([]ID{Fresh, NoLimit, Outage, Forbidden}, q.ID)
		if got := o.Counts(q.ID); (got == Counts{Against: 1}) != stays || !stays && got != (Counts{}) {
			t.Errorf("%s: %+v", q.Code, got)
		}
	}
}

// TestOrder: what a single order says, in all the ways it may say it.
func TestOrder(t *testing.T) {
	t.Parallel()
	const base = `{"id":5000001,"payed":true,"payed_at":"2030-05-01T12:02:10+03:00","event_id":70001,"price":PRICE,
		"currency_id":"RUB","baskets":[{"id":60000001,"show_id":80001,"price":900,"ticket_amount":AMOUNT,"quantity":1,
		"checked_at":SCANNED,"deleted_at":DELETED,"refunded_at":REFUNDED,"refunded_amount":BACK,
		"refunded_deduction_amount":null}],
		"refunds":REFUNDS,"created_at":"2030-05-01T12:00:00+03:00","updated_at":"2030-05-01T12:02:15+03:00","deleted_at":null}`
	order := func(pairs ...string) string {
		return strings.NewReplacer(append(pairs, "PRICE", "900", "AMOUNT", "900", "SCANNED", "null", "DELETED", "null",
			"REFUNDED", "null", "BACK", "null", "REFUNDS", "[]")...).Replace(base)
	}
	const soon, late = `"2030-05-01T12:02:00+03:00"`, `"2030-06-01T19:00:00+03:00"`
	for name, c := range map[string]struct {
		order string
		want  map[ID]bool // what was seen, and whether it holds
	}{
		"sold": {order(), map[ID]bool{Roubles: true, Amounts: true, PaidHasTickets: true}},
		"fee":  {order("AMOUNT", "800"), map[ID]bool{Roubles: true, Amounts: false, PaidHasTickets: true}},
		"scanned later": {order("SCANNED", late),
			map[ID]bool{Roubles: true, Amounts: true, PaidHasTickets: true, ScanStill: true}},
		"scanned together": {order("SCANNED", soon),
			map[ID]bool{Roubles: true, Amounts: true, PaidHasTickets: true, ScanStill: false}},
		"refunded in silence": {order("REFUNDED", late, "BACK", "900", "REFUNDS", `[{"amount":900}]`),
			map[ID]bool{Roubles: true, PaidHasTickets: true, RefundMoves: false, RefundKeeps: true, Shapes: true,
				RefundTold: true, RefundSum: true, RefundWithin: true}},
		"refunded and deleted": {order("REFUNDED", soon, "DELETED", soon, "BACK", "900", "REFUNDS", `[{"sum":900}]`),
			map[ID]bool{Roubles: true, PaidHasTickets: true, RefundMoves: true, RefundKeeps: false, Shapes: false,
				RefundTold: true, RefundWithin: true}},
		"refunded and recomputed": {order("REFUNDED", soon, "BACK", "1000", "PRICE", "0"),
			map[ID]bool{Roubles: true, PaidHasTickets: true, RefundMoves: true, RefundKeeps: false, RefundWithin: false}},
		"refund that no ticket tells": {order("REFUNDS", `[{"amount":900}]`),
			map[ID]bool{Roubles: true, Amounts: true, PaidHasTickets: true, Shapes: true, RefundTold: false}},
	} {
		src, err := qtickets.DecodeOrder([]byte(c.order))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		row, err := sales.FromOrder(src, nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var o Observer
		o.Order(&src, &row)
		for _, q := range questions {
			holds, seen := c.want[q.ID]
			want := Counts{}
			if seen && holds {
				want.For = 1
			} else if seen {
				want.Against = 1
			}
			if got := o.Counts(q.ID); got != want {
				t.Errorf("%s: %s is %+v, want %+v", name, q.Code, got, want)
			}
		}
	}
}
