package format

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// TestFormats shows figures as people read them; "_" is a space that keeps a figure and its unit together.
func TestFormats(t *testing.T) {
	t.Parallel()
	ru, en := Russian, English
	d := decimal.RequireFromString
	day := time.Date(2026, 5, 23, 0, 0, 0, 0, time.UTC)
	show := time.Date(2026, 11, 28, 12, 0, 0, 0, sales.Moscow)
	now := time.Date(2026, 11, 23, 14, 5, 0, 0, sales.Moscow)
	for _, c := range []struct{ name, ru, en, wantRU, wantEN string }{
		{"int", ru.Int(1234567), en.Int(1234567), "1_234_567", "1,234,567"},
		{"int small", ru.Int(123), en.Int(123), "123", "123"},
		{"minus", ru.Int(-54), en.Int(-54), "−54", "−54"},
		{"money", ru.Money(d("12345.6"), "RUB"), en.Money(d("12345.6"), "RUB"), "12_345,60_₽", "₽12,345.60"},
		{"money below zero", ru.Money(d("-0.5"), "RUB"), en.Money(d("-0.5"), "RUB"), "−0,50_₽", "−₽0.50"},
		{"no minus zero", ru.Money(d("-0.001"), "RUB"), en.Money(d("-0.001"), "RUB"), "0,00_₽", "₽0.00"},
		{"unknown currency", ru.Money(d("1"), "XTS"), en.Money(d("1"), "XTS"), "1,00_XTS", "XTS_1.00"},
		{"no currency", ru.Money(d("1"), ""), en.Money(d("1"), ""), "1,00", "1.00"},
		{"tenge", ru.MoneyRounded(d("163881.4"), "KZT"), en.MoneyRounded(d("163881.5"), "KZT"), "163_881_₸", "₸163,882"},
		{"huge money", ru.Money(d("9999999999999999.99"), "RUB"), en.Money(d("9999999999999999.99"), "RUB"),
			"9_999_999_999_999_999,99_₽", "₽9,999,999,999,999,999.99"},
		{"million", ru.Short(d("1234567")), en.Short(d("1234567")), "1,2_млн", "1.2m"},
		{"thousand", ru.Short(d("54321")), en.Short(d("54321")), "54,3_тыс.", "54.3k"},
		{"many thousand", ru.Short(d("250000")), en.Short(d("250000")), "250_тыс.", "250k"},
		{"below", ru.Short(d("9999")), en.Short(d("9999")), "9_999", "9,999"},
		{"percent", ru.Percent(d("0.642")), en.Percent(d("0.642")), "64,2_%", "64.2%"},
		{"change up", ru.Change(d("0.227")), en.Change(d("0.227")), "+23_%", "+23%"},
		{"change down", ru.Change(d("-0.33")), en.Change(d("-0.33")), "−33_%", "−33%"},
		{"no change", ru.Change(d("-0.001")), en.Change(d("0.001")), "0_%", "0%"},
		{"number", ru.Number(d("5.70"), 1), en.Number(d("5.00"), 1), "5,7", "5"},
		{"date", ru.Date(now), en.Date(now), "23_ноя_2026", "23_Nov_2026"},
		{"day", ru.Day(day), en.Day(day), "23_мая", "23_May"},
		{"day of week", ru.DayOfWeek(day), en.DayOfWeek(day), "сб_23_мая", "Sat_23_May"},
		{"today", ru.Moment(now, now), en.Moment(now, now), "14:05", "14:05"},
		{"another day", ru.Moment(now.AddDate(0, 0, -1), now), en.Moment(now.AddDate(0, 0, -1), now), "22_ноя, 14:05",
			"22_Nov, 14:05"},
		{"another year", ru.Moment(now.AddDate(-1, 0, 0), now), en.Moment(now.AddDate(-1, 0, 0), now), "23_ноя_2025, 14:05",
			"23_Nov_2025, 14:05"},
		{"show", ru.ShowTime(show, "Asia/Vladivostok", "Владивосток"), en.ShowTime(show, "Asia/Vladivostok", "Vladivostok"),
			"сб, 28_ноя_2026, 19:00 (Владивосток, МСК+7)", "Sat, 28_Nov_2026, 19:00 (Vladivostok, MSK+7)"},
		{"show in Moscow", ru.ShowTime(show, "Europe/Moscow", "Москва"), en.ShowTime(show, "Europe/Kaliningrad", ""),
			"сб, 28_ноя_2026, 12:00 (Москва, МСК)", "Sat, 28_Nov_2026, 11:00 (MSK−1)"},
		{"show nowhere", ru.ShowTime(show, "", "Луна"), en.ShowTime(show, "Moon/Crater", ""), "сб, 28_ноя_2026, 12:00 (Луна)",
			"Sat, 28_Nov_2026, 12:00"},
		{"days of a month", ru.DayRange(now.AddDate(0, 0, -9), now.AddDate(0, 0, -3), now), en.DayRange(now, now, now),
			"14–20_ноя", "23_Nov"},
		{"days of two", ru.DayRange(now.AddDate(0, -1, 0), now, now), en.DayRange(now.AddDate(-1, 0, 0), now, now),
			"23_окт_— 23_ноя", "23_Nov_2025 – 23_Nov_2026"},
		{"show soon", ru.ShowTimeShort(show, now, "Asia/Vladivostok", "Владивосток"), en.ShowTimeShort(show, now, "", "Moon"),
			"сб_28_ноя, 19:00 · Владивосток МСК+7", "Sat_28_Nov, 12:00 · Moon"},
		{"show in a year", ru.ShowTimeShort(show, now.AddDate(-1, 0, 0), "Europe/Moscow", "Москва"),
			en.ShowTimeShort(show, now.AddDate(1, 0, 0), "Europe/Kaliningrad", ""), "сб_28_ноя_2026, 12:00 · Москва",
			"Sat_28_Nov_2026, 11:00 · MSK−1"},
		{"half an hour", ru.ShowTime(show, "Asia/Kolkata", ""), en.ShowTime(show, "Asia/Kolkata", ""),
			"сб, 28_ноя_2026, 14:30 (МСК+2:30)", "Sat, 28_Nov_2026, 14:30 (MSK+2:30)"},
		{"took ms", ru.Duration(815 * time.Millisecond), en.Duration(815 * time.Millisecond), "815_мс", "815_ms"},
		{"took s", ru.Duration(2100 * time.Millisecond), en.Duration(2 * time.Second), "2,1_с", "2_s"},
		{"took min", ru.Duration(185 * time.Second), en.Duration(3 * time.Minute), "3_мин_5_с", "3_min"},
		{"took h", ru.Duration(125 * time.Minute), en.Duration(25 * time.Hour), "2_ч_5_мин", "25_h"},
		{"took d", ru.Duration(50 * time.Hour), en.Duration(96 * time.Hour), "2_дн._2_ч", "4_d"},
	} {
		c.ru, c.en = strings.ReplaceAll(c.ru, nbsp, "_"), strings.ReplaceAll(c.en, nbsp, "_")
		if c.ru != c.wantRU || c.en != c.wantEN {
			t.Errorf("%s: %q and %q, want %q and %q", c.name, c.ru, c.en, c.wantRU, c.wantEN)
		}
	}
}

func TestPlurals(t *testing.T) {
	t.Parallel()
	forms := []string{"билет", "билета", "билетов"}
	for n, want := range map[int64]string{
		0: "билетов", 1: "билет", 2: "билета", 4: "билета", 5: "билетов", 11: "билетов", 12: "билетов", 14: "билетов",
		21: "билет", 22: "билета",
		25: "билетов", 101: "билет", 111: "билетов", 1002: "билета", -1: "билет", -3: "билета",
	} {
		if got := Russian.plural(n, forms); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
	for n, want := range map[int64]string{0: "tickets", 1: "ticket", 2: "tickets", 21: "tickets"} {
		if got := English.plural(n, []string{"ticket", "tickets"}); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

// TestUnknownIsADash: of every kind of value, on the page; in a CSV there is nothing.
func TestUnknownIsADash(t *testing.T) {
	t.Parallel()
	for _, c := range []Cell{Text(""), Name(""), MaybeCount(nil), Number(nil), MaybeMoney(nil, "RUB"), Percent(nil),
		Date(time.Time{}), Moment(nil), {}} {
		for _, l := range Locales() {
			if page, csv := l.Cell(c), l.csvCell(c); page != "—" || csv != "" {
				t.Errorf("kind %d is %q on the page and %q in the CSV", c.kind, page, csv)
			}
		}
	}
}
