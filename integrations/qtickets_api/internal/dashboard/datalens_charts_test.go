package dashboard

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// chartCSV says for each published chart, by its name in English, which lines of which CSV it equals. A chart's row has
// its fields in the order rows, columns, x, y, colours, measures.
var chartCSV = map[string]func(l *lens, query string, chart [][]any) (csv, shown said){
	"Tickets by day": func(l *lens, query string, chart [][]any) (csv, shown said) {
		for _, r := range l.csv("weeks", query).rows {
			if !nothing(r["Tickets"], r["Refunded"]) {
				csv.add(r["Day"], r["Tickets"], r["Refunded"])
			}
		}
		for _, r := range chart {
			if !nothing(num(r[1], 0), num(r[2], 0)) {
				shown.add(fmt.Sprint(r[0]), num(r[1], 0), num(r[2], 0))
			}
		}
		return csv, shown
	},
	"Gross and refunds by day": func(l *lens, query string, chart [][]any) (csv, shown said) {
		csv = l.money("weeks", query, "Day", nil)
		for _, r := range chart {
			shown.add(fmt.Sprint(r[0]), fmt.Sprint(r[3]), num(r[1], 2), num(r[2], 2))
		}
		return csv, shown
	},
	"Cards of the day": func(l *lens, query string, chart [][]any) (csv, shown said) {
		of := map[string]map[string]string{}
		for _, r := range l.csv("cards", query).rows {
			if of[r["Currency"]] == nil {
				of[r["Currency"]] = map[string]string{}
			}
			of[r["Currency"]][r["Figure"]] = r["Today"]
		}
		for currency, card := range of {
			if currency != "" && !nothing(card["Paid"], card["Refunds"]) {
				csv.add(currency, card["Paid"], card["Refunds"], card["Average ticket price"])
			}
		}
		for _, r := range chart {
			shown.add(fmt.Sprint(r[0]), num(r[1], 2), num(r[2], 2), num(r[3], 2))
		}
		return csv, shown
	},
	"Tickets today": func(l *lens, query string, chart [][]any) (csv, shown said) {
		csv.add(l.csv("cards", query).rows[0]["Today"])
		shown.add(num(chart[0][0], 1))
		return csv, shown
	},
	"Today by hour": func(l *lens, query string, chart [][]any) (csv, shown said) {
		last := "0.0"
		for _, r := range l.csv("hours", query).rows {
			hour, minute, _ := strings.Cut(r["Hour"], ":")
			at, _ := strconv.Atoi(hour)
			if minute == "00" {
				at-- // what was sold by the end of an hour
			}
			if r["Tickets"] != "" && r["Tickets"] != last {
				csv.add(strconv.Itoa(at), r["Tickets"])
				last = r["Tickets"]
			}
		}
		for _, r := range chart {
			shown.add(num(r[0], 0), num(r[1], 1))
		}
		return csv, shown
	},
	"Shows to come": func(l *lens, query string, chart [][]any) (csv, shown said) {
		for _, r := range l.csv("shows", query).rows {
			name, _, _ := strings.Cut(r["Show"], " — ")
			csv.add(name, r["City"], r["Sold"], r["On sale"], r["Fill, %"])
		}
		for _, r := range chart {
			shown.add(fmt.Sprint(r[1]), fmt.Sprint(r[2]), num(r[5], 0), num(r[6], 0), per(r[7]))
		}
		return csv, shown
	},
	"Cities": func(l *lens, query string, chart [][]any) (csv, shown said) {
		for _, r := range l.csv("cities", query).rows {
			if !nothing(r["Tickets"], r["Refunded"]) {
				csv.add(r["City"], r["Tickets"], r["Refunded"])
			}
		}
		for _, r := range chart {
			if !nothing(num(r[0], 0), num(r[1], 0)) {
				shown.add(fmt.Sprint(r[2]), num(r[0], 0), num(r[1], 0))
			}
		}
		return csv, shown
	},
	"Sources": func(l *lens, query string, chart [][]any) (csv, shown said) {
		for _, r := range l.csv("channels", query).rows {
			if r["Campaign"] != "" {
				csv.add(r["Source"], r["Medium"], r["Campaign"], r["Tickets"], r["Orders"])
			}
		}
		for _, r := range chart {
			shown.add(str(r[0]), str(r[1]), str(r[2]), num(r[3], 0), num(r[4], 0))
		}
		return csv, shown
	},
	"Gross by source": func(l *lens, query string, chart [][]any) (csv, shown said) {
		csv = l.money("channels", query, "Source", func(r map[string]string) bool { return r["Medium"] == "" })
		for _, r := range chart {
			shown.add(str(r[2]), fmt.Sprint(r[3]), num(r[0], 2), num(r[1], 2))
		}
		return csv, shown
	},
	"Promo codes": func(l *lens, query string, chart [][]any) (csv, shown said) {
		for _, r := range l.csv("promo", query).rows {
			csv.add(strings.TrimPrefix(r["Promo code"], "without a code"), r["Tickets"], r["Orders"])
		}
		for _, r := range chart {
			shown.add(fmt.Sprint(r[0]), num(r[1], 0), num(r[2], 0))
		}
		return csv, shown
	},
	"Sales by site": func(l *lens, query string, chart [][]any) (csv, shown said) {
		for _, r := range l.csv("sites", query).rows {
			csv.add(r["Site"], r["Tickets"])
		}
		for _, r := range chart {
			name := fmt.Sprint(r[0])
			if number, only := strings.CutPrefix(name, "#"); only {
				name = "site no. " + number
			}
			if name == "" {
				name = "not known"
			}
			shown.add(name, num(r[1], 0))
		}
		return csv, shown
	},
	"Discounts and free tickets": func(l *lens, query string, chart [][]any) (csv, shown said) {
		steps := map[string]map[string]string{}
		for _, r := range l.csv("discounts", query).rows {
			if steps[r["Currency"]] == nil {
				steps[r["Currency"]] = map[string]string{}
			}
			steps[r["Currency"]][r["From list price to revenue"]] = strings.TrimPrefix(r["Amount"], "-")
		}
		for currency, step := range steps {
			csv.add(currency, step["At list price"], step["Free tickets"], step["Paid"], step["Refunds"])
		}
		for _, r := range chart {
			shown.add(fmt.Sprint(r[0]), num(r[1], 2), num(r[3], 2), num(r[4], 2), num(r[5], 2))
		}
		return csv, shown
	},
	"Payment methods": func(l *lens, query string, chart [][]any) (csv, shown said) {
		for _, r := range l.csv("payments", query).rows { // known ways have names there
			csv.add(r["Tickets"], r["Orders"])
		}
		for _, r := range chart {
			shown.add(num(r[1], 0), num(r[2], 0))
		}
		return csv, shown
	},
	"When tickets are bought": func(l *lens, query string, chart [][]any) (csv, shown said) {
		for _, r := range l.csv("heat", query).rows {
			hour, _ := strconv.Atoi(r["Hour, MSK"])
			for i, day := range []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"} {
				if !nothing(r[day]) {
					csv.add(strconv.Itoa(i+1), strconv.Itoa(hour), r[day])
				}
			}
		}
		for _, r := range chart {
			shown.add(num(r[0], 0), num(r[1], 0), num(r[2], 1))
		}
		return csv, shown
	},
	"How long before the show tickets are bought": func(l *lens, query string, chart [][]any) (csv, shown said) {
		for i, r := range l.csv("lead", query).rows {
			if !nothing(r["Tickets"]) {
				csv.add([]string{"0", "1", "4", "8", "31"}[i], r["Tickets"])
			}
		}
		for _, r := range chart {
			shown.add(num(r[0], 0), num(r[1], 0))
		}
		return csv, shown
	},
	"Tickets in an order": func(l *lens, query string, chart [][]any) (csv, shown said) {
		for _, r := range l.csv("sizes", query).rows {
			if size, _, _ := strings.Cut(r["Tickets in an order"], " "); !nothing(r["Orders"]) {
				csv.add(size, r["Orders"])
			}
		}
		for _, r := range chart {
			shown.add(num(r[0], 0), num(r[1], 0))
		}
		return csv, shown
	},
	"Sales pace": func(l *lens, query string, chart [][]any) (csv, shown said) {
		sold := map[string]string{} // by show and day
		for _, r := range chart {
			sold[showOf(r[2])+" | "+num(r[0], 0)] = num(r[1], 0)
		}
		for id, t := range l.ofShows("pacing", query) {
			last := "" // the CSV has a line for a day without sales too; a chart draws its line through it
			for _, r := range t.rows {
				day := id + " | " + r["Days left"]
				if r["Sold"] == "" {
					continue
				}
				csv.add(day, r["Sold"])
				if at, is := sold[day]; is {
					last = at
				}
				shown.add(day, last)
				delete(sold, day)
			}
		}
		for day, n := range sold {
			shown.add(day, n)
		}
		return csv, shown
	},
	"Hall zones": func(l *lens, query string, chart [][]any) (csv, shown said) {
		for id, t := range l.ofShows("zones", query) {
			for _, r := range t.rows {
				csv.add(id, r["Zone"], r["Sold"], r["On sale"], r["Fill, %"], r["Price from"], r["Price to"])
			}
		}
		for _, r := range chart {
			shown.add(showOf(r[0]), fmt.Sprint(r[1]), num(r[2], 0), num(r[3], 0), per(r[4]), num(r[5], 2), num(r[6], 2))
		}
		return csv, shown
	},
	"Who came": func(l *lens, query string, chart [][]any) (csv, shown said) {
		for id, t := range l.ofShows("no-shows", query) {
			sold, came := 0, 0
			for _, r := range t.rows {
				if r["Cut"] == "Source" {
					s, _ := strconv.Atoi(r["Sold"])
					c, _ := strconv.Atoi(r["Came"])
					sold, came = sold+s, came+c
				}
			}
			if came > 0 {
				csv.add(id, strconv.Itoa(sold), strconv.Itoa(came))
			}
		}
		for _, r := range chart {
			if !nothing(num(r[2], 0)) { // where nobody was scanned the page has no table
				shown.add(showOf(r[0]), num(r[1], 0), num(r[2], 0))
			}
		}
		return csv, shown
	},
	"Data as of": func(l *lens, query string, chart [][]any) (csv, shown said) {
		csv.add(l.csv("feeds", query).rows[0]["Complete as of"])
		second, _, _ := strings.Cut(fmt.Sprint(chart[0][0]), ".")
		shown.add(second)
		return csv, shown
	},
	"Loads of 24 hours": func(l *lens, query string, chart [][]any) (csv, shown said) {
		feed := l.csv("feeds", query).rows[0]
		csv.add(feed["Loads in a day"], feed["Rows in a day"])
		loads, rows := 0, 0
		for _, r := range chart {
			n, _ := strconv.Atoi(num(r[1], 0))
			o, _ := strconv.Atoi(num(r[2], 0))
			loads, rows = loads+n, rows+o
		}
		shown.add(strconv.Itoa(loads), strconv.Itoa(rows))
		return csv, shown
	},
	"Plan and forecast": func(l *lens, query string, chart [][]any) (csv, shown said) {
		for id, t := range l.ofShows("plan", query) {
			for _, r := range t.rows {
				if r["Figure"] == "Tickets" {
					csv.add(id, r["Plan"], r["So far"])
				}
			}
		}
		plan, sold := map[string]string{}, map[string]int{} // a row per currency; the plan is in one
		for _, r := range chart {
			id := num(r[0], 0)
			if r[5] != nil {
				plan[id] = num(r[5], 0)
			}
			n, _ := strconv.Atoi(num(r[6], 0))
			sold[id] += n
		}
		for id, tickets := range plan {
			shown.add(id, tickets, strconv.Itoa(sold[id]))
		}
		return csv, shown
	},
}

// money are the paid and refunded sums of a block, a line per currency that has any.
func (l *lens) money(block, query, of string, wanted func(row map[string]string) bool) (csv said) {
	l.Helper()
	t := l.csv(block, query)
	for _, r := range t.rows {
		for _, c := range t.currencies() {
			if (wanted == nil || wanted(r)) && !nothing(r["Paid, "+c], r["Refunds, "+c]) {
				csv.add(r[of], c, r["Paid, "+c], r["Refunds, "+c])
			}
		}
	}
	return csv
}

// showOf is the number of a show, which its label ends with.
func showOf(label any) string {
	text := fmt.Sprint(label)
	return text[strings.LastIndexByte(text, ' ')+1:]
}

// ofShows are the tables of a block by show, of the city and the event that the page is asked for.
func (l *lens) ofShows(block, query string) map[string]table {
	l.Helper()
	q, err := url.ParseQuery(strings.TrimPrefix(query, "&"))
	if err != nil {
		l.Fatal(err)
	}
	tables := map[string]table{}
	for _, show := range l.shows {
		event, id := fmt.Sprint(show[0]), fmt.Sprint(show[1])
		if (!q.Has("city") || q.Get("city") == show[2]) && (!q.Has("event") || q.Get("event") == event) {
			tables[id] = l.csv(block, "&event="+event+"&show="+id)
		}
	}
	return tables
}
