package doctor

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestLasted(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration][2]string{
		0:                             {"0s", "0\u00a0с"},
		6200 * time.Millisecond:       {"6.2s", "6,2\u00a0с"},
		time.Minute:                   {"1m0s", "1\u00a0мин"},
		5*time.Minute + 3*time.Second: {"5m3s", "5\u00a0мин\u00a03\u00a0с"},
		time.Hour + 5*time.Minute:     {"1h5m0s", "1\u00a0ч\u00a05\u00a0мин"},
		47*time.Hour + 59*time.Minute: {"47h59m0s", "47\u00a0ч\u00a059\u00a0мин"},
		51 * time.Hour:                {"51h0m0s", "2\u00a0дн.\u00a03\u00a0ч"},
		48*time.Hour + 59*time.Second: {"48h0m59s", "2\u00a0дн."},
	} {
		en, ru := &report{}, &report{russian: true}
		if got := [2]string{en.lasted(d), ru.lasted(d)}; got != want {
			t.Errorf("%s: %q, want %q", d, got, want)
		}
	}
}

func TestDaysAgo(t *testing.T) {
	t.Parallel()
	for n, want := range map[int][2]string{
		0: {"0 days ago", "0\u00a0дней назад"}, 1: {"1 day ago", "1\u00a0день назад"}, 2: {"2 days ago", "2\u00a0дня назад"},
		5: {"5 days ago", "5\u00a0дней назад"}, 11: {"11 days ago", "11\u00a0дней назад"},
		21:  {"21 days ago", "21\u00a0день назад"},
		112: {"112 days ago", "112\u00a0дней назад"}, 123: {"123 days ago", "123\u00a0дня назад"},
	} {
		en, ru := &report{}, &report{russian: true}
		if got := [2]string{en.daysAgo(n), ru.daysAgo(n)}; got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func TestGibibytes(t *testing.T) {
	t.Parallel()
	en, ru := &report{}, &report{russian: true}
	if got := [2]string{en.gibibytes(3650722202), ru.gibibytes(3650722202)}; got != [2]string{"3.4 GiB", "3,4\u00a0ГиБ"} {
		t.Errorf("%q", got)
	}
}

// TestRussianFindings: a sentence in Russian has no English duration in it.
func TestRussianFindings(t *testing.T) {
	t.Parallel()
	root := installation(t)
	now := time.Now()
	at := now.Add(-65 * time.Minute)
	if err := os.Chtimes(filepath.Join(root, timerStamps, "stamp-qtickets_api.timer"), at, at); err != nil {
		t.Fatal(err)
	}
	c := &report{russian: true}
	host{report: c, root: root}.schedule(now)
	clock(c, 3, "часы", 6200*time.Millisecond)
	clock(c, 3, "часы", -6200*time.Millisecond)
	found := map[string]bool{}
	for _, f := range c.findings {
		found[f.Found] = true
	}
	for _, want := range []string{
		"последний раз срабатывал 1\u00a0ч\u00a05\u00a0мин назад",
		"спешат на 6,2\u00a0с относительно этого сервера",
		"отстают на 6,2\u00a0с от этого сервера",
	} {
		if !found[want] {
			t.Errorf("no %q: %v", want, c.findings)
		}
	}
}
