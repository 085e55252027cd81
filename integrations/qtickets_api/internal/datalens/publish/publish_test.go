package publish_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/datalens"
	"dashboard-mvp/integrations/qtickets_api/internal/datalens/publish"
	"dashboard-mvp/integrations/qtickets_api/internal/datalens/standin"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const (
	org    = "org-of-the-test"
	person = "t1.token-of-a-person"
)

// lab is a DataLens that reads an empty database of the real engine.
type lab struct {
	*testing.T
	server *standin.Server
	job    publish.Job
	steps  []publish.Step
	slept  []time.Duration
}

func newLab(t *testing.T, change ...func(*standin.Options)) *lab {
	t.Helper()
	o := standin.Options{Org: org, Token: person}
	for _, c := range change {
		c(&o)
	}
	reader := testkit.As(t, testkit.Database(t), embedded.Reader)
	return labOf(t, o, datalens.ClickHouse{Host: "127.0.0.1", Port: testkit.Engine(t).HTTPPort(), User: reader.User,
		Password: reader.Password, Database: reader.Database})
}

func labOf(t *testing.T, o standin.Options, c datalens.ClickHouse) *lab {
	t.Helper()
	l := &lab{T: t, server: standin.New(o)}
	t.Cleanup(l.server.Close)
	l.job = publish.Job{
		Wording:    datalens.Wording{Lang: "ru", Comments: warehouse.Comments()},
		ClickHouse: c,
		Workbook:   publish.NewWorkbook,
		Say:        func(s publish.Step) { l.steps = append(l.steps, s) },
	}
	l.job.Client = l.client(publish.FixedToken(person))
	return l
}

func (l *lab) client(tokens publish.Tokens) *publish.Client {
	l.Helper()
	c, err := publish.New(publish.Options{API: l.server.URL, Org: org, Tokens: tokens,
		Secrets: []string{l.job.ClickHouse.Password},
		Sleep: func(ctx context.Context, d time.Duration) error {
			l.slept = append(l.slept, d)
			return ctx.Err()
		}})
	if err != nil {
		l.Fatal(err)
	}
	l.Cleanup(c.Close)
	return c
}

// publish runs the job and returns its steps.
func (l *lab) publish() ([]publish.Step, error) {
	l.Helper()
	l.steps = nil
	_, err := publish.Publish(l.Context(), l.job)
	return l.steps, err
}

// must is publish for a run that succeeds and breaks nothing of the interface.
func (l *lab) must() []publish.Step {
	l.Helper()
	steps, err := l.publish()
	if err != nil {
		l.Fatalf("%v\n%v", err, l.server.Refused())
	}
	if refused := l.server.Refused(); refused != nil {
		l.Fatalf("the interface was broken: %q", refused)
	}
	return steps
}

// names are those of the steps with an outcome.
func names(steps []publish.Step, what publish.What) []string {
	var all []string
	for _, s := range steps {
		if s.What == what {
			all = append(all, s.Kind+" "+s.Name)
		}
	}
	slices.Sort(all)
	return all
}

// things are what a publication makes: a workbook, a connection, datasets, charts, a dashboard.
var things = 3 + len(datalens.Datasets) + len(datalens.Charts)

// TestPublishFromNothing: everything is made, a second run changes nothing, and both fit into five minutes of an API
// that takes 300 ms for an answer.
func TestPublishFromNothing(t *testing.T) {
	t.Parallel()
	shared := newLab(t).job.ClickHouse
	delay, _ := time.ParseDuration(os.Getenv("QTICKETS_DATALENS_DELAY"))
	for _, lang := range []string{"ru", "en"} {
		l := labOf(t, standin.Options{Org: org, Token: person, Delay: delay}, shared)
		l.job.Wording.Lang = lang
		began := time.Now()
		if made := names(l.must(), publish.Created); len(made) != things {
			t.Errorf("%s: %d things were made, want %d: %q", lang, len(made), things, made)
		}
		t.Logf("%s: from nothing, %s an answer: %s", lang, delay, time.Since(began).Round(time.Second/10))
		first := l.server.Calls()
		state := l.server.State()
		steps := l.must()
		if same := names(steps, publish.Same); len(same) != things || len(steps) != things || l.server.State() != state {
			t.Errorf("%s: the second run: %v", lang, steps)
		}
		for run, calls := range []map[string]int{first, l.server.Calls()} {
			total := 0
			for method, n := range calls {
				total += n
				if run == 1 && !strings.HasPrefix(method, "get") && method != "createWorkbook" {
					t.Errorf("%s: the second run asked %s", lang, method)
				}
			}
			t.Logf("%s: run %d: %d requests", lang, run+1, total)
			if at := time.Duration(total) * 300 * time.Millisecond; at > 5*time.Minute {
				t.Errorf("%s: run %d takes %s of a slow API: %v", lang, run+1, at, calls)
			}
		}
	}
}

// TestPublishGoesOn: a run that ends at any request, carried out or not, leaves what the next one completes: the same
// as without an end. Every third request is tried, each method many times, carried out and not.
func TestPublishGoesOn(t *testing.T) {
	t.Parallel()
	whole := newLab(t)
	whole.must()
	total := 0
	for _, n := range whole.server.Calls() {
		total += n
	}
	for at := 0; at < total; at += 3 {
		l := labOf(t, standin.Options{Org: org, Token: person}, whole.job.ClickHouse)
		ctx, kill := context.WithCancel(t.Context())
		l.server.Fail(standin.Fault{After: at, Works: at%2 == 0, Status: 500, Times: 1})
		job := l.job
		job.Client = killed(l, kill)
		if _, err := publish.Publish(ctx, job); !errors.Is(err, context.Canceled) {
			t.Fatalf("killed at request %d: %v", at, err)
		}
		l.must()
		for _, scope := range []string{"connection", "dataset", "widget", "dash"} {
			if got, want := l.server.Names(scope), whole.server.Names(scope); !slices.Equal(got, want) {
				t.Fatalf("killed at request %d: %s %q, want %q", at, scope, got, want)
			}
		}
		l.server.Workbook() // one only
		if at%12 == 0 {
			if steps := l.must(); len(names(steps, publish.Same)) != things {
				t.Fatalf("killed at request %d: the run after the next: %v", at, steps)
			}
		}
		l.server.Close()
	}
}

// killed is a client whose process ends in its first pause.
func killed(l *lab, kill func()) *publish.Client {
	l.Helper()
	c, err := publish.New(publish.Options{API: l.server.URL, Org: org, Tokens: publish.FixedToken(person),
		Sleep: func(ctx context.Context, _ time.Duration) error {
			kill()
			return ctx.Err()
		}})
	if err != nil {
		l.Fatal(err)
	}
	l.Cleanup(c.Close)
	return c
}

// TestLostAnswers: a request that was carried out and whose answer was lost is not carried out twice.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	shared := newLab(t).job.ClickHouse
	for _, status := range []int{0, 500, 502, 429} {
		l := labOf(t, standin.Options{Org: org, Token: person}, shared)
		for _, method := range []string{"createWorkbook", "createConnection", "createDataset", "createWizardChart",
			"createDashboard", "validateDataset", "getWorkbookEntries"} {
			l.server.Fail(standin.Fault{Method: method, Works: true, Status: status})
		}
		l.must()
		if l.server.Workbook(); len(l.server.Names("dataset")) != len(datalens.Datasets) ||
			len(l.server.Names("widget")) != len(datalens.Charts) || len(l.slept) < 5 {
			t.Errorf("status %d: %q %q, pauses %v", status, l.server.Names("dataset"), l.server.Names("widget"), l.slept)
		}
		if steps := l.must(); len(names(steps, publish.Same)) != things {
			t.Errorf("status %d: the next run: %v", status, steps)
		}
	}
}

// TestTakenNames: what somebody made between the list and the creation is taken for what it is, whichever way DataLens
// says so; a name that is taken by what cannot be found ends the run with advice.
func TestTakenNames(t *testing.T) {
	t.Parallel()
	shared := newLab(t).job.ClickHouse
	for _, taken := range []standin.Fault{
		{Method: "createDataset", Status: 400, Body: `{"code":"ERR.US.UNIQUE_VIOLATION","message":"exists"}`},
		{Method: "createWizardChart", Status: 409, Body: `{"message":"exists"}`},
	} {
		l := labOf(t, standin.Options{Org: org, Token: person}, shared)
		taken.Works = true
		l.server.Fail(taken)
		if made := names(l.must(), publish.Created); len(made) != things-1 {
			t.Errorf("%s: %d things were made, want all but one", taken.Method, len(made))
		}
		l = labOf(t, standin.Options{Org: org, Token: person}, shared)
		taken.Works = false
		l.server.Fail(taken)
		if _, err := l.publish(); err == nil || !strings.Contains(err.Error(), "rename it in DataLens") {
			t.Errorf("%s: %v", taken.Method, err)
		}
	}
}

// TestAPersonsOwnStays: charts, tabs, widgets, fields and settings of a person are not touched, and what they changed
// of ours comes back.
func TestAPersonsOwnStays(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.must()
	workbook := l.server.Workbook()
	l.job.Workbook = workbook
	own := l.server.Add(workbook, "widget", "graph_wizard_node", "Мой график", map[string]any{"data": map[string]any{},
		"annotation": nil})
	l.server.Add(workbook, "widget", "graph_ql_node", "Мой QL", map[string]any{})
	l.server.Change("dash", "Продажи QTickets", func(b map[string]any) {
		data := b["data"].(map[string]any)
		data["settings"].(map[string]any)["autoupdateInterval"] = 300.0
		tabs := data["tabs"].([]any)
		first := tabs[0].(map[string]any)
		first["items"] = append(first["items"].([]any), map[string]any{"id": "mine", "namespace": "default", "type": "widget",
			"data": map[string]any{"hideTitle": true, "tabs": []any{map[string]any{"id": "minetab", "title": "Мой",
				"chartId": own, "isDefault": true, "params": map[string]any{}}}}})
		first["layout"] = append(first["layout"].([]any),
			map[string]any{"i": "mine", "x": 0.0, "y": 90.0, "w": 9.0, "h": 9.0})
		first["layout"].([]any)[1].(map[string]any)["x"] = 1.0 // one of ours was moved
		data["tabs"] = append(tabs, map[string]any{"id": "own", "title": "Своё", "items": []any{}, "layout": []any{},
			"connections": []any{}, "aliases": map[string]any{}})
	})
	l.server.Change("dataset", "Движения", func(b map[string]any) {
		fields := b["result_schema"].([]any)
		b["result_schema"] = append(fields, map[string]any{"guid": "theirs", "title": "Моё", "calc_mode": "formula",
			"formula": "[Билеты] * 2", "aggregation": "none", "description": "", "hidden": false, "source": ""})
	})
	state := l.server.State()
	if steps := l.must(); len(names(steps, publish.Same)) != things-1 || l.server.State() != state {
		t.Fatalf("a person's own was touched: %v", steps)
	}
	// ours, changed by hand
	l.server.Change("widget", "Города", func(b map[string]any) {
		b["data"].(map[string]any)["sources"].(map[string]any)["filters"] = []any{}
	})
	l.server.Change("dataset", "Движения", func(b map[string]any) {
		for _, f := range b["result_schema"].([]any) {
			if f := f.(map[string]any); f["title"] == "Билеты" {
				f["aggregation"] = "max"
			}
		}
	})
	l.server.Change("dash", "Продажи QTickets", func(b map[string]any) {
		b["data"].(map[string]any)["tabs"].([]any)[0].(map[string]any)["title"] = "Вчера"
	})
	want := []string{"dash Продажи QTickets", "dataset Движения", "widget Города"}
	if updated := names(l.must(), publish.Updated); !slices.Equal(updated, want) {
		t.Errorf("updated %q, want %q", updated, want)
	}
	for _, kept := range []string{`"id":"mine"`, `"id":"own"`, `"theirs"`, `"autoupdateInterval":300`, "Мой график", "Мой QL",
		`"x":1,"y":2`} {
		if !strings.Contains(l.server.State(), kept) {
			t.Errorf("%s is gone", kept)
		}
	}
}

// TestForeignNames: what has our name and was made by a person stops the run, which says so and changes nothing of it.
func TestForeignNames(t *testing.T) {
	t.Parallel()
	shared := newLab(t).job.ClickHouse
	for scope, name := range map[string]string{"connection": "QTickets", "dataset": "Движения", "widget": "Города",
		"dash": "Продажи QTickets"} {
		l := labOf(t, standin.Options{Org: org, Token: person}, shared)
		l.must()
		l.server.Change(scope, name, func(b map[string]any) {
			b["description"], b["annotation"] = "моё", map[string]any{"description": "моё"}
		})
		state := l.server.State()
		if _, err := l.publish(); err == nil || !strings.Contains(err.Error(), "made by a person") ||
			l.server.State() != state {
			t.Errorf("%s %s of a person: %v", scope, name, err)
		}
	}
}

// TestDescriptionChanges: a field whose title changed is renamed with the formulas that name it, a column that the view
// has got is added, and what the description has no more is named and stays.
func TestDescriptionChanges(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.must()
	l.job.Workbook = l.server.Workbook()
	l.server.Change("dataset", "Движения", func(b map[string]any) {
		fields := b["result_schema"].([]any)
		for i, f := range fields {
			f := f.(map[string]any)
			if f["source"] == "gross_revenue" {
				f["title"] = "Сумма"
			}
			if f["source"] == "promo_code" {
				fields[i] = map[string]any{"guid": "old", "title": "Старое", "calc_mode": "direct", "source": "gone",
					"aggregation": "none", "formula": "", "description": "", "hidden": false, "initial_data_type": "string"}
			}
			if formula, is := f["formula"].(string); is {
				f["formula"] = strings.ReplaceAll(formula, "[Оплачено]", "[Сумма]")
			}
		}
		b["result_schema"] = append(fields, map[string]any{"guid": "qt_old", "title": "Прежнее", "calc_mode": "formula",
			"formula": "[Билеты]", "aggregation": "none", "description": "", "hidden": false, "source": ""})
	})
	l.server.Rename("widget", "Города", "Прежние города")
	steps := l.must()
	if left := names(steps, publish.Left); !slices.Equal(left, []string{"field Движения: Прежнее",
		"field Движения: Старое", "widget Прежние города"}) {
		t.Errorf("left: %q", left)
	}
	if updated := names(steps, publish.Updated); !slices.Contains(updated, "dataset Движения") {
		t.Errorf("updated: %q", updated)
	}
	state := l.server.State()
	if strings.Contains(state, "Сумма") || !strings.Contains(state, `"guid":"qt_old"`) ||
		!strings.Contains(state, `"source":"promo_code"`) {
		t.Error("the field was not renamed, not added, or the old one is gone")
	}
}

// TestAnotherServer: a connection that changed is updated, and with it the datasets' database.
func TestAnotherServer(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.must()
	l.job.ClickHouse.Database = testkit.Database(t).Database
	steps := l.must()
	if updated := names(steps, publish.Updated); len(updated) != 1+len(datalens.Datasets) {
		t.Errorf("updated: %q", updated)
	}
	l.job.SetPassword = true
	if updated := names(l.must(), publish.Updated); !slices.Equal(updated, []string{"connection QTickets"}) {
		t.Errorf("the password: %q", updated)
	}
}

// TestDryRun: it writes nothing, and says what a run would do.
func TestDryRun(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.job.DryRun = true
	if steps := l.must(); len(names(steps, publish.Created)) != things || l.server.State() != "" {
		t.Errorf("from nothing: %v", steps)
	}
	l.job.DryRun = false
	l.must()
	l.server.Change("widget", "Города", func(b map[string]any) { b["data"] = map[string]any{} })
	l.server.Change("dataset", "Движения", func(b map[string]any) {
		b["result_schema"].([]any)[0].(map[string]any)["title"] = "x"
	})
	l.job.DryRun = true
	state := l.server.State()
	updated := names(l.must(), publish.Updated)
	if !slices.Equal(updated, []string{"dataset Движения", "widget Города"}) || l.server.State() != state {
		t.Errorf("would update %q", updated)
	}
}

// TestRefusals: each says what the server said, in bounds and without secrets, and what to do.
func TestRefusals(t *testing.T) {
	t.Parallel()
	shared := newLab(t)
	for _, c := range []struct {
		name     string
		fault    standin.Fault
		says     []string
		attempts int
	}{
		{"forbidden", standin.Fault{Status: 403, Body: `{"code":"FORBIDDEN","message":"No licence"}`},
			[]string{"status 403", "FORBIDDEN No licence", "datalens.workbooks.editor"}, 1},
		{"locked", standin.Fault{Method: "createDataset", Status: 423, Body: `{"message":"locked by ivan"}`},
			[]string{"locked by ivan", "close the editor"}, 1},
		{"unknown", standin.Fault{Method: "createWizardChart", Status: 400, Body: `{"message":"unrecognized key"}`},
			[]string{"chart", "unrecognized key", "docs/datalens.md"}, 1},
		{"dataset", standin.Fault{Method: "validateDataset", Status: 400, Body: `{"code":"ERR.DS_API.VALIDATION.ERROR",
			"message":"Validation finished with errors","details":{"data":{"dataset":{"sources":["` +
			strings.Repeat("long ", 200) + `"],"component_errors":{"items":[{"id":"qt_price","type":"field",
			"errors":[{"message":"Unknown field [Price]"}]}]}}}}}`},
			[]string{"VALIDATION.ERROR", "field qt_price: Unknown field [Price]"}, 1},
		{"limit", standin.Fault{Status: 429, Times: 99, RetryAfter: "7"}, []string{"too many requests", "later"}, 6},
		{"failure", standin.Fault{Status: 500, Times: 99, Body: "<html>oops"}, []string{"<html>oops", "when tried again"}, 6},
		{"silence", standin.Fault{Times: 99}, []string{"no answer", "--api"}, 6},
		{"elsewhere", standin.Fault{Status: 302}, []string{"points elsewhere"}, 1},
		{"expired", standin.Fault{Status: 401, Body: `{"message":"expired"}`}, []string{"yc iam create-token"}, 1},
		{"long", standin.Fault{Status: 400, Body: strings.Repeat("я", 2000)}, []string{strings.Repeat("я", 500) + "…"}, 1},
		{"secrets", standin.Fault{Method: "createConnection", Status: 400, Body: "PASSWORD " + person},
			[]string{"*** ***"}, 1},
	} {
		l := labOf(t, standin.Options{Org: org, Token: person}, shared.job.ClickHouse)
		c.fault.Body = strings.ReplaceAll(c.fault.Body, "PASSWORD", l.job.ClickHouse.Password)
		l.server.Fail(c.fault)
		_, err := l.publish()
		if err == nil {
			t.Fatalf("%s: nothing was refused", c.name)
		}
		for _, part := range c.says {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: no %q in: %v", c.name, part, err)
			}
		}
		if strings.Contains(err.Error(), person) || strings.Contains(err.Error(), l.job.ClickHouse.Password) {
			t.Errorf("%s: a secret is in: %v", c.name, err)
		}
		if len(l.slept) != c.attempts-1 {
			t.Errorf("%s: %d pauses, want %d", c.name, len(l.slept), c.attempts-1)
		}
		if c.fault.RetryAfter != "" && l.slept[0] != 7*time.Second {
			t.Errorf("%s: the first pause is %s", c.name, l.slept[0])
		}
	}
	l := shared
	l.must()
	l.server.Lock("widget", "Города")
	l.server.Change("widget", "Города", func(b map[string]any) { b["data"] = map[string]any{} })
	if _, err := l.publish(); err == nil || !strings.Contains(err.Error(), "ivan@example.test") {
		t.Errorf("locked: %v", err)
	}
	l.server.Lock("", "")
	l.must()
}

// TestServiceAccount: tokens are made with the key of a service account, and made anew when they expire in the middle.
func TestServiceAccount(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	l := newLab(t, func(o *standin.Options) { o.Token, o.Key, o.KeyID, o.TokenLife = "", &key.PublicKey, "key-1", 9 })
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	private := "PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <key-1>\n" +
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	file := func(id string) string {
		text, _ := json.Marshal(map[string]string{"id": id, "service_account_id": "account-1", "private_key": private})
		return string(text)
	}
	tokens, err := publish.NewAccountKey(file("key-1"), l.server.IAM())
	if err != nil {
		t.Fatal(err)
	}
	l.job.Client = l.client(tokens)
	l.server.Fail(standin.Fault{Method: "/iam/v1/tokens", Status: 503})
	l.must()
	if n := l.server.Calls()["/iam/v1/tokens"]; n < 5 {
		t.Errorf("tokens were made %d times", n)
	}
	other, err := publish.NewAccountKey(file("key-2"), l.server.IAM())
	if err != nil {
		t.Fatal(err)
	}
	l.job.Client = l.client(other)
	if _, err := l.publish(); err == nil || !strings.Contains(err.Error(), "unknown key") ||
		!strings.Contains(err.Error(), "key-2") {
		t.Errorf("a key that is gone: %v", err)
	}
	for _, bad := range []string{"", "{}", private, strings.ReplaceAll(file("k"), "PRIVATE", "PUBLIC"),
		`{"id":"a","service_account_id":"b","private_key":"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"}`} {
		if _, err := publish.NewAccountKey(bad, "x"); !errors.Is(err, publish.ErrOptions) ||
			strings.Contains(err.Error(), "AAAA") {
			t.Errorf("a bad key: %v", err)
		}
	}
}

// TestOptions: what cannot work is refused before anybody is asked.
func TestOptions(t *testing.T) {
	t.Parallel()
	for _, o := range []publish.Options{{API: "api.datalens.tech", Org: "o"}, {API: "http://api.datalens.tech", Org: "o"},
		{API: "https://u:p@api.datalens.tech", Org: "o"}, {API: "https://api.datalens.tech"}} {
		if _, err := publish.New(o); !errors.Is(err, publish.ErrOptions) || strings.Contains(err.Error(), "u:p") {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// TestNumbers: both sides are asked until they agree, three times at most.
func TestNumbers(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	done, err := publish.Publish(t.Context(), l.job)
	if err != nil {
		t.Fatal(err)
	}
	db := testkit.Open(t, warehouse.Config{Host: "127.0.0.1", Port: l.job.ClickHouse.Port, User: l.job.ClickHouse.User,
		Password: l.job.ClickHouse.Password, Database: l.job.ClickHouse.Database})
	numbers, err := publish.Numbers(t.Context(), l.job.Client, done.Made, db.DataLensNumbers)
	if err != nil || len(numbers) != len(datalens.Datasets) || len(l.slept) != 0 {
		t.Fatal(numbers, err, l.slept)
	}
	asked := 0
	lagging := func(ctx context.Context) (map[string]float64, error) {
		stored, err := db.DataLensNumbers(ctx)
		stored[datalens.Datasets[0].View] = float64(asked - 1)
		asked++
		return stored, err
	}
	numbers, err = publish.Numbers(t.Context(), l.job.Client, done.Made, lagging)
	if err != nil || asked != 2 || !numbers[0].Equal() || len(l.slept) != 1 {
		t.Errorf("a number that lags: asked %d times, %v, %v", asked, numbers, err)
	}
	other := func(ctx context.Context) (map[string]float64, error) {
		stored, err := db.DataLensNumbers(ctx)
		stored[datalens.Datasets[0].View] = 5
		return stored, err
	}
	numbers, err = publish.Numbers(t.Context(), l.job.Client, done.Made, other)
	if err != nil || numbers[0].Equal() || len(l.slept) != 3 {
		t.Errorf("a number that differs: %v, %v, %v", numbers, err, l.slept)
	}
	l.server.Fail(standin.Fault{Method: "getDatasetData", Status: http.StatusBadRequest, Body: `{"message":"no column"}`})
	if _, err := publish.Numbers(t.Context(), l.job.Client, done.Made, db.DataLensNumbers); err == nil ||
		!strings.Contains(err.Error(), "no column") {
		t.Errorf("a refused number: %v", err)
	}
}
