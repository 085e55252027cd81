package russian

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// TestEveryErrorIsInRussian: the text of each error of the program has its translation, and no more. Frames without
// words need none.
func TestEveryErrorIsInRussian(t *testing.T) {
	known := map[string]bool{}
	for _, tmpl := range templates() {
		known[tmpl.english] = true
	}
	said := errorTexts(t)
	for text := range known {
		if strings.Contains(text, "%w") && said[text] == "" {
			t.Errorf("no error says %q any more", text)
		}
	}
	for text, at := range said {
		if !known[text] && strings.ContainsFunc(verb.ReplaceAllString(text, ""), latin) && !slices.Contains(names, text) {
			t.Errorf("%s: no Russian for %q: add it to texts.txt", at, text)
		}
	}
}

// names are texts that are the same in Russian: names of variables, flags and files, and what comes after them.
var names = []string{
	"%w: --clickhouse: %s", "%w: --curves: %w", "%w: --envfile %s: %w", "%w: --envfile: %s",
	"%w: --fault: %w", "%w: --shape %s: %w", "%w: --yes: %s",
	"%w: ALERT_QUIET_HOURS: %w", "%w: ALERT_URLS: %w", "%w: DATALENS_IAM_URL: %w",
	"%w: DIGEST_URLS: %w",
	"%s.lock", "%w: QTICKETS_PAGE_USERS_FILE: %w", "--envfile %s: %w", "DataLens", "HTTP %d", "baskets[%d].%w", "form",
	"orders[%d].%w",
	"ping: %w", "refusal", "serve: %w", "texts.json: %w",
}

// TestSmokeChecksAreInRussian: what a check is called and demands, in a database of any name.
func TestSmokeChecksAreInRussian(t *testing.T) {
	sql, err := os.ReadFile("../warehouse/sql/smoke_checks.sql")
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile("'([^']*)'\\s+AS `?(?:check|limit)`?\\b").FindAllStringSubmatch(string(sql), -1)
	for _, m := range said {
		text := strings.ReplaceAll(m[1], "zakaz.", "another_one.")
		if strings.ContainsFunc(text, latin) && In("ru", text) == text {
			t.Errorf("no Russian for %q: add it to texts.txt", text)
		}
	}
	if len(said) < 20 {
		t.Errorf("only %d texts were found", len(said))
	}
}

// TestRussianIsRussian: values stand in both texts, each translation has Russian words, and the other ones it has are
// names that the English has too.
func TestRussianIsRussian(t *testing.T) {
	word := regexp.MustCompile(`[A-Za-z][A-Za-z_]+`)
	for _, tmpl := range templates() {
		var places []string
		for _, p := range place.FindAllStringSubmatch(tmpl.russian, -1) {
			places = append(places, p[1])
		}
		slices.Sort(places)
		places = slices.Compact(places)
		var values []string
		for _, n := range tmpl.values {
			values = append(values, strconv.Itoa(n))
		}
		slices.Sort(values)
		if values = slices.Compact(values); !slices.Equal(places, values) {
			t.Errorf("%q has the values %v, its translation has %v: %q", tmpl.english, values, places, tmpl.russian)
		}
		if !strings.ContainsFunc(tmpl.russian, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
			t.Errorf("%q: not Russian: %q", tmpl.english, tmpl.russian)
		}
		for _, w := range word.FindAllString(place.ReplaceAllString(tmpl.russian, ""), -1) {
			if !strings.Contains(strings.ToLower(tmpl.english), strings.ToLower(w)) {
				t.Errorf("%q: %s is not in the English text: %q", tmpl.english, w, tmpl.russian)
			}
		}
	}
}

// TestIn: nested errors, messages of runs with several parts, and what only looks alike.
func TestIn(t *testing.T) {
	for english, want := range map[string]string{
		"another run is in progress: run #7 on host since 2026-11-27 10:00:00: wait for it, or stop it": "уже идёт другая " +
			"загрузка: загрузка #7 на host с 2026-11-27 10:00:00: дождитесь её или остановите",
		"configuration: QTICKETS_TOKN is not a variable of this program: did you mean QTICKETS_TOKEN?": "настройки: " +
			"переменной QTICKETS_TOKN в программе нет; возможно, вы имели в виду QTICKETS_TOKEN?",
		"100 orders, 286 tickets, 0 events, seats of 0 shows read; 7 rows written; webhook: 5 new, 2 changed, 0 vanished " +
			"orders; API behaviour changed: where: false, was true": "прочитано: заказов 100, билетов 286, мероприятий 0, " +
			"показов с местами 0; записано строк: 7; по уведомлениям: новых заказов 5, изменённых 2, исчезнувших 0; " +
			"API отвечает не так, как раньше: фильтры: не работает, раньше работает",
		"3 rows of orders in quarantine, the first: price: missing": "в карантине строк: 3 (заказы); первая: price: нет",
		"Вишнёвый сад":                                              "Вишнёвый сад",
		"GET orders: QTickets refused the token: set QTICKETS_TOKEN to the organiser's token from Settings - General " +
			"(HTTP 403)": "GET orders: QTickets не принял токен: возьмите токен организатора в «Настройки – Основное» и " +
			"впишите в QTICKETS_TOKEN (HTTP 403)",
		"ClickHouse does not answer at ch:8123: check that it runs, and CLICKHOUSE_HOST and CLICKHOUSE_PORT (dial tcp: " +
			"connection refused)": "ClickHouse не отвечает на ch:8123: проверьте, что он запущен, и CLICKHOUSE_HOST, " +
			"CLICKHOUSE_PORT (dial tcp: соединение отклонено)",
	} {
		if got := In("ru", english); got != want {
			t.Errorf("%q\n got %q\nwant %q", english, got, want)
		}
		if got := In("en", english); got != english {
			t.Errorf("English became %q", got)
		}
	}
}

// errorTexts are the formats of all errors of the program, and where one stands.
func errorTexts(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	files := token.NewFileSet()
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{"simulator", "testkit", "bench", "crash", "corpus",
			"standin"}, entry.Name()) {
			return fs.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			function, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !slices.Contains([]string{"Errorf", "New", "problem", "fail", "say"}, function.Sel.Name) ||
				(function.Sel.Name == "say" || function.Sel.Name == "fail") && len(call.Args) > 1 { // in both languages
				return true
			}
			if text, ok := constant(call.Args[0]); ok {
				found[text] = files.Position(call.Pos()).String()
			}
			return true
		})
		return nil
	})
	if err != nil || len(found) < 300 {
		t.Fatalf("%d texts: %v", len(found), err)
	}
	return found
}

// constant is the text of literals, added up, with %s for what is no literal, or what fmt.Sprintf makes of one.
func constant(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		left, ok := constant(e.X)
		right, ok2 := constant(e.Y)
		return cmp.Or(left, "%s") + cmp.Or(right, "%s"), (ok || ok2) && e.Op == token.ADD
	case *ast.CallExpr:
		if s, ok := e.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "Sprintf" {
			return constant(e.Args[0])
		}
	}
	return "", false
}
