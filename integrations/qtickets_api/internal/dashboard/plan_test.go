package dashboard

import (
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
)

// fromPage are the headers of a form that a page of this server sends.
var fromPage = http.Header{"Sec-Fetch-Site": {"same-origin"}}

// sendPlan sends the form of a plan.
func sendPlan(t *testing.T, address, show string, form url.Values, headers ...http.Header) reply {
	t.Helper()
	return sendForm(t, address+"/plan?lang=ru&event=1&show="+show, form, headers...)
}

// sendForm sends a form. The host of an Origin may be HOST: that of the server.
func sendForm(t *testing.T, address string, form url.Values, headers ...http.Header) reply {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, header := range headers {
		for name, values := range header {
			request.Header.Set(name, strings.ReplaceAll(values[0], "HOST", request.Host))
		}
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, string(body)}
}

func plainText(page string) string {
	return strings.ReplaceAll(html.UnescapeString(page), "\u00a0", " ")
}

func typedForm(tickets, revenue string) url.Values {
	return url.Values{"currency": {"RUB"}, "tickets": {tickets}, "revenue": {revenue}}
}

// TestPlanIsTyped: a plan that is sent leads to the page of the show, which has it at once, with who changed it; so has
// the CSV. Two empty fields take it back.
func TestPlanIsTyped(t *testing.T) {
	t.Parallel()
	w := newInvented()
	_, address := site(t, w)
	page := address + "/events/1?lang=ru&show=100"
	if _, body := get(t, page, nil); !strings.Contains(plainText(body), "План изменён 20 ноя 2026, Анна.") {
		t.Error("the page does not say who changed the plan")
	}
	for _, c := range []struct {
		tickets, revenue, title, csv string
	}{
		{"1 250", "900000,50", "План — 1 250 билетов: продано 200 (16,0 %)", "Билеты;1250;200;16,0;\r\nВыручка;900000,50;"},
		{"", "500", "План по выручке — 500 ₽: получено 246 900 ₽", "Выручка;500,00;"},
		{"300", "", "План — 300 билетов: продано 200 (66,7 %)", "Билеты;300;200;66,7;"},
		{"", "", "Плана у показа нет", ""},
	} {
		answer := sendPlan(t, address, "100", typedForm(c.tickets, c.revenue), fromPage)
		if to := answer.Header.Get("Location"); answer.StatusCode != http.StatusSeeOther ||
			to != "/events/1?lang=ru&show=100#h-plan" {
			t.Fatalf("%q, %q: %d to %q", c.tickets, c.revenue, answer.StatusCode, to)
		}
		_, body := get(t, page, nil)
		if body = plainText(body); !strings.Contains(body, c.title) || !strings.Contains(body, `action="/plan?`) {
			t.Errorf("%q, %q: the page does not say %q but %q", c.tickets, c.revenue, c.title,
				regexp.MustCompile(`<h2 id="h-plan">.*`).FindString(body))
		}
		status, table := get(t, address+"/csv/plan?lang=ru&event=1&show=100", nil)
		if (status == http.StatusOK) != (c.csv != "") || !strings.Contains(table, c.csv) {
			t.Errorf("%q, %q: the CSV is %q", c.tickets, c.revenue, table)
		}
	}
}

// TestPlanOfAnEventIsTyped: for all of its sales and for a month, with a form for each that there is and one for
// another; what was refused stands in the form that it was typed into.
func TestPlanOfAnEventIsTyped(t *testing.T) {
	t.Parallel()
	w := newInvented()
	w.periods = nil
	_, address := site(t, w)
	send := func(month, tickets, revenue string) reply {
		form := typedForm(tickets, revenue)
		form.Set("month", month)
		return sendForm(t, address+"/plan?lang=ru&event=1", form, fromPage)
	}
	if _, body := get(t, address+"/events/1?lang=ru", nil); !strings.Contains(body, "Плана у мероприятия нет") ||
		strings.Count(body, `name="month"`) != 1 {
		t.Error("no form for a first plan")
	}
	for _, c := range []struct{ month, tickets, revenue, title, csv string }{
		{"2026-12", "400", "", "Планов мероприятия на месяцы: 1", "декабрь 2026;Билеты;400;150;37,5;"},
		{"", "1 000", "2000000", "План мероприятия — 1 000 билетов: продано 150 (15,0 %)",
			"все продажи;Билеты;1000;150;15,0;\r\nвсе продажи;Выручка;2000000,00;1200400,00;60,0;RUB"},
		{"2026-12", "", "", "План мероприятия — 1 000 билетов", "все продажи;Билеты;1000"},
		{"", "", "", "Плана у мероприятия нет", ""},
	} {
		answer := send(c.month, c.tickets, c.revenue)
		to := answer.Header.Get("Location")
		if answer.StatusCode != http.StatusSeeOther || to != "/events/1?lang=ru#h-event-plan" {
			t.Fatalf("%+v: %d to %q", c, answer.StatusCode, to)
		}
		_, body := get(t, address+"/events/1?lang=ru", nil)
		if body = plainText(body); !strings.Contains(body, c.title) {
			t.Errorf("%+v: the page says %q", c, regexp.MustCompile(`<h2 id="h-event-plan">.*`).FindString(body))
		}
		if _, table := get(t, address+"/csv/event-plan?lang=ru&event=1", nil); !strings.Contains(plainText(table), c.csv) {
			t.Errorf("%+v: the CSV is %q", c, table)
		}
	}
	send("2026-12", "5", "")
	for _, c := range []struct{ month, form string }{
		{"2026-12", "d-plan-formRUB2026-12"}, {"2027-01", "d-plan-form-new"},
	} {
		answer := send(c.month, "много", "")
		if answer.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(answer.Body, `id="`+c.form+`" open`) ||
			strings.Count(plainText(answer.Body), "«много» — не число") != 1 || c.month == "2027-01" &&
			!strings.Contains(answer.Body, `<option value="2027-01" selected>`) {
			t.Errorf("%s: %d", c.month, answer.StatusCode)
		}
	}
	before := w.version.Plans
	if answer := send("2026-13", "5", ""); answer.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("no month: %d", answer.StatusCode)
	}
	twice := typedForm("5", "")
	twice["month"] = []string{"", "2026-12"}
	if answer := sendForm(t, address+"/plan?event=1", twice, fromPage); answer.StatusCode != http.StatusBadRequest ||
		w.version.Plans != before {
		t.Errorf("two months: %d", answer.StatusCode)
	}
	w.change(func(w *invented) { w.viewer = access.Viewer{Role: access.View} })
	if _, body := get(t, address+"/events/1?lang=ru", nil); strings.Contains(body, `name="month"`) ||
		!strings.Contains(plainText(body), "Планов мероприятия на месяцы: 1") {
		t.Error("who may only look sees a form, or no plan")
	}
}

// TestWrongPlanIsTypedAgain: the form comes back with what was typed and why it was not taken; nothing is saved.
func TestWrongPlanIsTypedAgain(t *testing.T) {
	t.Parallel()
	w := newInvented()
	_, address := site(t, w)
	for _, c := range []struct {
		tickets, revenue string
		says             []string
	}{
		{"4OO", "1 00", []string{"«4OO» — не число", "«1 00» — не число"}},
		{"-4", "500", []string{"«-4» — меньше нуля", `value="500"`}},
		{"1,5", "", []string{"«1,5» — не целое число", `value="1,5"`}},
		{"99999999", "", []string{"слишком много: не больше 10 000 000"}},
		{`"><script>`, "", []string{`«"><script>» — не число`}},
	} {
		answer := sendPlan(t, address, "100", typedForm(c.tickets, c.revenue), fromPage)
		if answer.StatusCode != http.StatusUnprocessableEntity || answer.Header.Get("Cache-Control") != "no-store" ||
			answer.Header.Get("ETag") != "" || !strings.Contains(answer.Body, `data-state="problem"`) {
			t.Errorf("%q: %d %v", c.tickets, answer.StatusCode, answer.Header)
		}
		for _, says := range c.says {
			if !strings.Contains(plainText(answer.Body), says) || strings.Contains(answer.Body, "<script>") {
				t.Errorf("%q, %q: the form does not say %q", c.tickets, c.revenue, says)
			}
		}
	}
	w.change(func(w *invented) { w.noPlans = errors.New("code: 497, not enough privileges") })
	answer := sendPlan(t, address, "100", typedForm("777", ""), fromPage)
	if answer.StatusCode != http.StatusServiceUnavailable || !strings.Contains(answer.Body, "Не сохранено") ||
		!strings.Contains(answer.Body, `value="777"`) || strings.Contains(answer.Body, "privileges") {
		t.Errorf("ClickHouse refuses: %d", answer.StatusCode)
	}
	if w.version.Plans != 0 {
		t.Error("something was saved")
	}
	_, body := get(t, address+"/events/1?lang=ru&show=100", nil)
	if strings.Contains(body, "777") || !strings.Contains(plainText(body), "План — 400 билетов") {
		t.Error("another reader sees what was typed")
	}
}

// senders are who may send a form, as its headers say, and whether it is taken.
var senders = map[string]struct {
	headers http.Header
	taken   bool
}{
	"another site":                   {http.Header{"Sec-Fetch-Site": {"cross-site"}}, false},
	"another port or name":           {http.Header{"Sec-Fetch-Site": {"same-site"}}, false},
	"typed into the address":         {http.Header{"Sec-Fetch-Site": {"none"}}, false},
	"an unknown value":               {http.Header{"Sec-Fetch-Site": {"new"}}, false},
	"another site with our origin":   {http.Header{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"http://HOST"}}, false},
	"no such header, another origin": {http.Header{"Origin": {"http://evil.example.test"}}, false},
	"another port as origin":         {http.Header{"Origin": {"http://127.0.0.1:1"}}, false},
	"our name inside another":        {http.Header{"Origin": {"http://HOST.evil.example.test"}}, false},
	"our name before an at":          {http.Header{"Origin": {"http://HOST@evil.example.test"}}, false},
	"a hidden origin":                {http.Header{"Origin": {"null"}}, false},
	"an origin without a host":       {http.Header{"Origin": {"http://"}}, false},
	"neither header":                 {http.Header{}, false},
	"a navigation from another site": {http.Header{"Sec-Fetch-Site": {"cross-site"}, "Sec-Fetch-Mode": {"navigate"},
		"Sec-Fetch-Dest": {"document"}}, false},
	"a referrer of ours alone":         {http.Header{"Referer": {"http://HOST/events/1"}}, false},
	"this page":                        {http.Header{"Sec-Fetch-Site": {"same-origin"}}, true},
	"this page over plain HTTP":        {http.Header{"Origin": {"http://HOST"}}, true},
	"this page behind a proxy's HTTPS": {http.Header{"Origin": {"https://HOST"}}, true},
}

// TestFault3_11_OthersChangeNoPlan: a form of another site, of no browser, of one who may only look, or of another kind
// changes nothing, whatever else it says.
func TestFault3_11_OthersChangeNoPlan(t *testing.T) {
	t.Parallel()
	w := newInvented()
	s, address := site(t, w)
	admin := w.viewer
	form := typedForm("1", "")
	for name, c := range senders {
		before := w.version.Plans
		answer := sendPlan(t, address, "100", form, c.headers)
		if (answer.StatusCode == http.StatusSeeOther) != c.taken || (w.version.Plans != before) != c.taken ||
			!c.taken && answer.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d", name, answer.StatusCode)
		}
	}
	for _, viewer := range []access.Viewer{{}, {Name: "a", Role: access.View}, {Name: "b", Role: access.ViewNoMoney},
		{Name: "c", Role: access.Event, Event: 1}, {Role: access.Shared, Event: 1}} {
		w.change(func(w *invented) { w.viewer = viewer })
		before := w.version.Plans
		answer := sendPlan(t, address, "100", form, fromPage)
		_, page := get(t, address+"/events/1?lang=ru&show=100", nil)
		if answer.StatusCode != http.StatusForbidden || !strings.Contains(answer.Body, "администратор") ||
			w.version.Plans != before || strings.Contains(page, `action="/plan`) {
			t.Errorf("%+v: %d, or a form", viewer, answer.StatusCode)
		}
	}
	w.change(func(w *invented) { w.viewer = admin })
	for name, send := range map[string]func() reply{
		"a part of the form":   func() reply { return sendPlan(t, address, "100", url.Values{"tickets": {"5"}}, fromPage) },
		"an empty form":        func() reply { return sendPlan(t, address, "100", nil, fromPage) },
		"a field twice":        func() reply { return sendPlan(t, address, "100", twice(form), fromPage) },
		"a form in JSON":       func() reply { return sendPlan(t, address, "100", form, fromPage, kind("application/json")) },
		"a form of plain text": func() reply { return sendPlan(t, address, "100", form, fromPage, kind("text/plain")) },
		"no show":              func() reply { return sendPlan(t, address, "", form, fromPage) },
		"a show that is none":  func() reply { return sendPlan(t, address, "x", form, fromPage) },
		"a huge form": func() reply {
			return sendPlan(t, address, "100", typedForm(strings.Repeat("1", access.LongestForm), ""), fromPage)
		},
	} {
		before := w.version.Plans
		if answer := send(); answer.StatusCode != http.StatusBadRequest || w.version.Plans != before {
			t.Errorf("%s: %d", name, answer.StatusCode)
		}
	}
	s.options.SavePlan = nil
	if answer := sendPlan(t, address, "100", form, fromPage); answer.StatusCode != http.StatusForbidden {
		t.Errorf("where no plans are taken: %d", answer.StatusCode)
	}
}

func kind(of string) http.Header { return http.Header{"Content-Type": {of}} }

func twice(form url.Values) url.Values {
	form = url.Values{"currency": form["currency"], "revenue": form["revenue"], "tickets": {"5", "6"}}
	return form
}

// TestPlanByHand: the form is found and sent by keyboard alone, with scripts and without; what is typed stays when a
// publication comes.
func TestPlanByHand(t *testing.T) {
	w := newInvented()
	s, address := site(t, w)
	for i, scripts := range []bool{true, false} {
		b := open(t, address+"/events/1?lang=ru&show=100", tabOptions{noScripts: !scripts})
		tickets := chromedp.CSS(`.write input[name=tickets]`)
		if scripts {
			b.wait(`document.querySelectorAll(".uplot").length > 0`)
			waitFor(t, func() bool { return s.Watching() == 1 })
			b.steps(chromedp.Focus(chromedp.CSS(".write summary")), chromedp.KeyEvent("\r"))
			b.wait(`document.querySelector(".write").open`)
			b.steps(chromedp.SetValue(tickets, "99"))
			eval[bool](b, `(window.old = document.querySelector("main"), document.activeElement.blur(), true)`)
			w.change(func(w *invented) { w.now = w.now.Add(time.Minute) })
			w.publish()
			s.Published()
			eval[bool](b, `new Promise(done => setTimeout(() => done(true), 300))`)
			if !eval[bool](b, `document.querySelector("main") === window.old`) {
				t.Error("the publication took away what was typed")
			}
		}
		want := fmt.Sprint(501 + i)
		b.steps(chromedp.SetValue(tickets, want), chromedp.Focus(tickets), chromedp.KeyEvent("\r"))
		b.wait(`document.readyState === "complete" && location.pathname === "/events/1" && !!document.querySelector("#h-plan") &&
			document.querySelector("#h-plan").textContent.includes("` + want + `")`)
		if scripts {
			eval[bool](b, `document.querySelector(".write").open = true`)
		}
		b.steps(chromedp.SetValue(tickets, "много"), chromedp.Focus(tickets), chromedp.KeyEvent("\r"))
		b.wait(`document.readyState === "complete" && location.pathname === "/plan" &&
			document.activeElement.getAttribute("aria-invalid") === "true" && document.activeElement.value === "много"`)
		if scripts {
			if found := b.axeRun(); len(found) != 0 {
				t.Errorf("axe: %s", strings.Join(found, "\n  "))
			}
			for _, width := range []int64{320, 1280} {
				b.width(width)
				b.fits(fmt.Sprintf("the refused form at %d", width))
			}
		}
		b.keep(fmt.Sprintf("plan_refused_%t", scripts))
		b.close()
	}
}

// TestFault3_11_FormOfAnotherSite is sent by a real browser, which has the page open beside it: from another port, and
// from another name of this machine.
func TestFault3_11_FormOfAnotherSite(t *testing.T) {
	w := newInvented()
	_, address := site(t, w)
	evil := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(rw, `<main></main><form method="post" action="%s/plan?event=1&amp;show=100"><input name="currency" value="RUB">
			<input name="tickets" value="1"><input name="revenue" value=""></form><script>document.forms[0].submit()</script>`, address)
	}))
	defer evil.Close()
	b := open(t, evil.URL, tabOptions{})
	b.wait(`document.readyState === "complete" && location.pathname === "/plan"`)
	if text := eval[string](b, "document.body.innerText"); w.version.Plans != 0 || !strings.Contains(text,
		"только с самой панели") && !strings.Contains(text, "this page alone") {
		t.Errorf("another port: %d plans, %.300s", w.version.Plans, text)
	}
}
