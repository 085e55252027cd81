package alert

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// factNames are the names of facts a rule's question gives.
func factNames(t *testing.T, rule string) []string {
	t.Helper()
	if rule == RuleCannotCheck {
		return []string{"problems"}
	}
	if slices.Contains(ShowRules, rule) || rule == willMissUsual {
		return slices.Collect(maps.Keys(firingShow(t, rule).Facts))
	}
	sql, err := os.ReadFile("../warehouse/sql/alert_" + rule + ".sql")
	if err != nil {
		t.Fatal(err)
	}
	_, facts, _ := strings.Cut(string(sql), "map(")
	facts, _, _ = strings.Cut(facts, "AS facts")
	var names []string
	for _, m := range regexp.MustCompile(`'([a-z_]+)',`).FindAllStringSubmatch(facts, -1) {
		names = append(names, m[1])
	}
	return names
}

// TestEveryRuleHasItsTexts: in both languages, with facts that its question gives.
func TestEveryRuleHasItsTexts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../warehouse/sql/alert_*.sql")
	if err != nil || len(files) < 7 {
		t.Fatal("the questions were not found: ", err)
	}
	names := []string{RuleCannotCheck}
	for _, f := range files {
		names = append(names, strings.TrimSuffix(strings.TrimPrefix(filepath.Base(f), "alert_"), ".sql"))
	}
	names = append(append(names, willMissUsual), ShowRules...)
	for lang := range frames {
		for _, name := range names {
			text, ok := rules[lang][name]
			if !ok || text.title == "" || text.fine == "" || text.found == "" || text.todo == "" {
				t.Errorf("%s: rule %s lacks a text", lang, name)
			}
			for _, used := range regexp.MustCompile(`\{([a-z_]+)\}`).FindAllStringSubmatch(text.title+text.fine+text.found+text.todo, -1) {
				if !slices.Contains(factNames(t, name), used[1]) {
					t.Errorf("%s: rule %s gives no fact %s, only %v", lang, name, used[1], factNames(t, name))
				}
			}
		}
		if len(rules[lang]) != len(names) {
			t.Errorf("%s: texts of %d rules, there are %d", lang, len(rules[lang]), len(names))
		}
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	var s Incidents
	since := noon.Add(-150 * 60e9)
	s.Apply([]Finding{{Rule: "no_data", Verdict: Firing, Since: &since, Facts: map[string]string{
		"as_of": "10.05 09:30", "age": "2:30", "limit": "2:00",
	}}}, noon)
	i := s.List[0]
	for _, c := range []struct {
		n         notice
		lang, org string
		title     string
		lines     []string
	}{
		{opened, "ru", "Театр", "QTickets Театр: нет свежих данных", []string{
			"Последние данные — на 10.05 09:30, это 2:30 (ч:мм) назад. Допустимо не больше 2:00.",
			"Началось 10.05.2030 09:30 (МСК).", "Что делать: systemctl list-timers",
		}},
		{opened, "fr", "", "QTickets: no fresh data",
			[]string{"The data is complete as of 10.05 09:30, 2:30 (h:mm) ago; the limit is 2:00."}},
		{grown, "ru", "", "QTickets: стало хуже: нет свежих данных", nil},
		{ended, "ru", "", "QTickets: устранено: нет свежих данных",
			[]string{"Было с 10.05.2030 09:30 до 10.05.2030 12:05 (МСК), длилось 2:35 (ч:мм)."}},
	} {
		if c.n == ended {
			s.Apply([]Finding{clearFinding("no_data")}, noon.Add(5*60e9))
		}
		m := i.message(c.n, c.lang, c.org)
		if m.Title != c.title {
			t.Errorf("title %q, want %q", m.Title, c.title)
		}
		for _, line := range append(c.lines, i.ID) {
			if !strings.Contains(m.Body, line) {
				t.Errorf("no %q in:\n%s", line, m.Body)
			}
		}
		if c.n == ended && strings.Contains(m.Body, "Что делать") {
			t.Errorf("something is to be done after the end:\n%s", m.Body)
		}
	}
}

// TestPlanOrUsual: what a show is measured by is named by its own word.
func TestPlanOrUsual(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, lang, title, found string }{
		{RuleWillMiss, "ru", "не дотянет до плана — Гамлет", "ниже плана — 8 из 10. План — 90, прогноз — 50–70"},
		{willMissUsual, "ru", "не дотянет до обычного — Гамлет",
			"ниже обычного — 8 из 10. Обычный итог похожих показов — 90, прогноз — 50–70"},
		{RuleWillMiss, "en", "will miss its plan: Гамлет", "below the plan: 8 of 10. The plan: 90; forecast 50–70"},
		{willMissUsual, "en", "will end below usual: Гамлет",
			"below usual: 8 of 10. What the likest shows usually sold in the end: 90; forecast 50–70"},
	} {
		m := newIncident(firingShow(t, c.name), noon).message(opened, c.lang, "")
		if !strings.Contains(m.Title, c.title) || !strings.Contains(m.Body, c.found) {
			t.Errorf("%s in %s: %q\n%s", c.name, c.lang, m.Title, m.Body)
		}
	}
}

// TestLongFacts: a line stays below what mail allows, and one fact does not bring lines of its own.
func TestLongFacts(t *testing.T) {
	t.Parallel()
	i := newIncident(Finding{Rule: "failed_runs", Facts: map[string]string{"last": strings.Repeat("ошибка\n", 300)}}, noon)
	for line := range strings.Lines(i.message(opened, "ru", "").Body) {
		if len(line) > 990 {
			t.Errorf("a line of %d bytes", len(line))
		}
	}
	if n := strings.Count(i.message(opened, "ru", "").Body, "\n"); n != 3 {
		t.Errorf("%d line feeds, want 3", n)
	}
	unknown := newIncident(Finding{Rule: "of_another_version"}, noon)
	if m := unknown.message(opened, "ru", ""); m.Title != "QTickets: of_another_version" {
		t.Errorf("%+v", m)
	}
}
